"""One cell of a grid: what is simulated, what came of it, and how its pieces are put together in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.compare.grid.later_paths import from_path
from hedgerow.compare.path_statistics import CVAR_LEVEL, Figure, cvar_of, mean_of, standard_deviation_of
from hedgerow.compare.workers import one_thread, process_number
from hedgerow.costs import CostModel
from hedgerow.engine import SimulateOptions, simulate
from hedgerow.engine.outcomes import Gathered, gather
from hedgerow.errors import InputError
from hedgerow.hedgers import BookHedger
from hedgerow.instruments import Book
from hedgerow.policies import Policy
from hedgerow.scenarios import Scenario

AXES = ("book", "scenario", "hedger", "policy", "costs")
"""The axes of a grid, slowest first."""

COLUMNS = ("mean", "standard deviation", "cvar", "costs", "trades", "turnover")
"""Figures of a cell; each has its standard error beside it."""

FOLLOWED = ("gamma", "realised volatility")
"""Figures that a cell has beside them where its runs follow them."""


@dataclass(frozen=True, eq=False)
class Cell:
    """One simulation of a grid.

    Attributes
    ----------
    labels : tuple of str
        Name on each of ``AXES``.
    book, scenario, hedger, policy, costs
        What ``simulate`` is given.
    """

    labels: tuple[str, ...]
    book: Book
    scenario: Scenario
    hedger: BookHedger
    policy: Policy
    costs: CostModel

    @property
    def name(self) -> str:
        """The labels in one line."""
        return " | ".join(self.labels)


@dataclass(frozen=True)
class Runs:
    """How every cell of a grid is simulated.

    Attributes
    ----------
    n_paths : int
    n_steps : int, optional
        As ``simulate`` chooses where None.
    seed : int
        The same for all cells: common random numbers.
    options : SimulateOptions
    piece_paths : int
        Paths that one call simulates; a cell of more is cut, and put together in the order of its paths.
    """

    n_paths: int
    n_steps: int | None
    seed: int
    options: SimulateOptions
    piece_paths: int

    def ranges(self) -> list[tuple[int, int]]:
        """Return the first path and the number of paths of each piece, in order."""
        size = self.piece_paths
        return [(first, min(size, self.n_paths - first)) for first in range(0, self.n_paths, size)]


@dataclass(frozen=True, eq=False)
class PieceFigures:
    """What came of one piece of a cell.

    Attributes
    ----------
    gathered : Gathered
        Moments of every figure, and the profit of every path or a sketch of its distribution; they merge.
    mirrored : bool
        Whether paths come in antithetic pairs.
    process : int
        Number of the process that did it.
    """

    gathered: Gathered
    mirrored: bool
    process: int

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        return self.gathered.moments["pnl"].count


@dataclass(frozen=True, eq=False)
class CellFigures:
    """What came of a cell.

    Attributes
    ----------
    n_paths : int
    summary : mapping of str to (float, float)
        Each of ``COLUMNS`` with its standard error, and what of ``FOLLOWED`` there is.
    pnl : ndarray, shape (n_paths,), or None
        Profit and loss of every path net of costs, money; None where only statistics are kept.
    mirrored : bool
        Whether paths come in antithetic pairs.
    """

    n_paths: int
    summary: Mapping[str, tuple[float, float]]
    pnl: FloatArray | None = None
    mirrored: bool = False

    def by_path(self) -> FloatArray:
        """Return the profit of every path.

        Raises
        ------
        InputError
            Where only statistics were kept.
        """
        if self.pnl is None:
            raise InputError("differences need the profit of every path; simulate with keep='pnl'")
        return self.pnl

    def estimates(self) -> dict[str, Figure]:
        """Return mean, standard deviation and CVaR of the profit and the mean of costs, as figures over paths."""
        pnl = self.by_path()
        kinds = {"mean": mean_of, "standard deviation": standard_deviation_of, "cvar": cvar_of}
        return {name: kind(pnl, self.mirrored) for name, kind in kinds.items()} | {"costs": self.cost()}

    def cost(self) -> Figure:
        """Return the mean of costs, known as an average only."""
        value, error = self.summary["costs"]
        return Figure(value, np.zeros(self.n_paths), self.mirrored, error)


def simulate_piece(cell: Cell, runs: Runs, first: int, n_paths: int, threads: int | None = None) -> PieceFigures:
    """Simulate so many paths of one cell from path number ``first`` on; no figure depends on the threads."""
    result = simulate(
        cell.book,
        scenario=from_path(cell.scenario, first),
        hedger=cell.hedger,
        policy=cell.policy,
        costs=cell.costs,
        n_paths=n_paths,
        n_steps=runs.n_steps,
        seed=runs.seed,
        options=replace(runs.options, threads=threads),
    )
    return PieceFigures(result.gathered, bool(getattr(cell.scenario, "antithetic", False)), process_number())


def simulate_pieces(cells: Sequence[Cell], runs: Runs, pieces: Sequence[tuple[int, int, int]]) -> list[PieceFigures]:
    """Simulate pieces that travel together, in one thread: number of the cell, first path, number of paths."""
    with one_thread():
        return [simulate_piece(cells[number], runs, first, n_paths, 1) for number, first, n_paths in pieces]


def merged(pieces: Sequence[PieceFigures]) -> PieceFigures:
    """Return pieces in the order of their paths as one; merging as they come gives the bits of merging at the end."""
    return replace(pieces[0], gathered=gather([piece.gathered for piece in pieces]))


def put_together(pieces: Sequence[PieceFigures]) -> CellFigures:
    """Return the figures of a whole cell from its pieces in the order of their paths.

    Moments and sketches merge; what is known path by path is computed from all paths at once.
    """
    whole, mirrored = merged(pieces).gathered, pieces[0].mirrored
    widening = sqrt(2.0) if mirrored else 1.0  # of pairs that may be alike, as if they always were
    pnl, (cvar, tail_error) = whole.moments["pnl"], whole.tail(CVAR_LEVEL)["cvar"]
    means = [*COLUMNS[3:], *(name for name in FOLLOWED if name in whole.moments)]
    summary = {
        "mean": (pnl.mean, whole.error_of_mean("pnl")),
        "standard deviation": (pnl.standard_deviation, widening * pnl.error_of_deviation),
        "cvar": (cvar, widening * tail_error),
        **{name: (whole.moments[name].mean, whole.error_of_mean(name)) for name in means},
    }
    found = CellFigures(pnl.count, summary, whole.pnl, mirrored)
    if found.pnl is None:
        return found
    known = {name: (each.value, each.standard_error) for name, each in found.estimates().items()}
    return replace(found, summary=summary | known)
