"""A grid of simulations on common random numbers, shared out among workers, kept as it goes, the same bits always."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from hedgerow.compare.grid.cells import (
    AXES,
    Cell,
    CellFigures,
    PieceFigures,
    Runs,
    merged,
    put_together,
    simulate_piece,
    simulate_pieces,
)
from hedgerow.compare.grid.result import GridResult
from hedgerow.compare.grid.store import CellStore, cell_key
from hedgerow.compare.workers import PIECE_S, WORTH_STARTING_S, jobs_of, one_thread, require_count, share_out
from hedgerow.costs import CostModel
from hedgerow.engine import SimulateOptions
from hedgerow.errors import FileError, InputError, did_you_mean
from hedgerow.hedgers import BookHedger
from hedgerow.instruments import Book
from hedgerow.policies import Policy
from hedgerow.scenarios import Scenario

GridProgress = Callable[[str, float], None]
"""Called with the name of a finished cell and the share of all cells that are done, 0 to 1."""

Part = TypeVar("Part")
Piece = tuple[int, int, int]
"""Number of the cell, first path, number of paths."""


ACCOUNTS_ONLY = SimulateOptions(attribution=False, drawdown=False, variance=False)
"""Follow the accounts and nothing beside them: all that a grid shows."""


@dataclass(frozen=True)
class GridOptions:
    """How a grid is run.

    Attributes
    ----------
    simulate : SimulateOptions
        Horizon, lag and what is kept, as for ``simulate``; nothing is followed beside the accounts unless said, and
        progress and control variate are not used. Workers that share a grid take one thread each. With
        ``keep="statistics"`` memory does not grow with the paths, and there are no differences.
    reference : mapping of str to str
        Axis and name that cells are compared with; the first policy unless said.
    piece_paths : int
        Paths simulated at once; cells of more are cut. Part of what is computed: another number may change the
        last bit of averages.
    per_task : int, optional
        Pieces that travel together; chosen by their time unless said, in which case small grids stay in one process.
        Changes no bit.
    """

    simulate: SimulateOptions = ACCOUNTS_ONLY
    reference: Mapping[str, str] = field(default_factory=dict)
    piece_paths: int = 65_536
    per_task: int | None = None

    def __post_init__(self) -> None:
        """Refuse counts below 1, and pieces that would cut a mirrored pair."""
        require_count("per_task", self.per_task)
        if self.piece_paths < 2 or self.piece_paths % 2:
            raise InputError(
                f"piece_paths must be an even number from 2 on, so that mirrored paths stay together, "
                f"not {self.piece_paths}"
            )


def run_grid(
    books: Mapping[str, Book] | Book,
    scenarios: Mapping[str, Scenario] | Scenario,
    hedgers: Mapping[str, BookHedger] | BookHedger,
    policies: Mapping[str, Policy] | Policy,
    costs: Mapping[str, CostModel] | CostModel,
    *,
    n_paths: int = 10_000,
    n_steps: int | None = None,
    seed: int = 0,
    store: str | Path | None = None,
    workers: int | None = None,
    progress: GridProgress | None = None,
    options: GridOptions | None = None,
) -> GridResult:
    """Simulate every book x scenario x hedger x policy x costs on the same random numbers.

    Parameters
    ----------
    books, scenarios, hedgers, policies, costs : mapping of str to its kind, or one
        By the names under which they appear; one alone is named by how it prints.
    n_paths, n_steps, seed
        As for ``simulate``; the same for every cell.
    store : path, optional
        Folder in which each finished cell is kept; an interrupted grid that is run again goes on from there.
    workers : int, optional
        Processes of this machine; None takes joblib's active configuration (Dask, Ray, threads), one process where
        nothing is set. The results are the same to the bit.
    progress : callable, optional
        Called with the name of each finished cell and the share of cells that are done.
    options : GridOptions, optional

    Returns
    -------
    GridResult

    Raises
    ------
    InputError
        For an empty axis, counts below 1, an unknown reference, and whatever ``simulate`` refuses.
    FileError
        Where the store cannot be written.

    Examples
    --------
    >>> from hedgerow.costs import HalfSpread
    >>> from hedgerow.hedgers import DeltaHedger
    >>> from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
    >>> from hedgerow.policies import Band
    >>> from hedgerow.scenarios import GBM
    >>> market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2)})
    >>> book = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19"), -1.0)])
    >>> bands = {"narrow": Band(0.02), "wide": Band(0.2)}
    >>> found = run_grid(book, GBM(market), DeltaHedger(), bands, HalfSpread(10), n_paths=1000, n_steps=20)
    >>> costs = found.table["costs"].droplevel(["book", "scenario", "hedger", "costs"])
    >>> bool(costs["wide"] < costs["narrow"])
    True
    """
    how = options or GridOptions()
    require_count("workers", workers)
    require_count("n_paths", n_paths)
    named = (
        _named("book", books),
        _named("scenario", scenarios),
        _named("hedger", hedgers),
        _named("policy", policies),
        _named("costs", costs),
    )
    cells = [
        Cell((b, s, h, p, c), book, scenario, hedger, policy, cost)
        for (b, book), (s, scenario), (h, hedger), (p, policy), (c, cost) in product(
            named[0].items(), named[1].items(), named[2].items(), named[3].items(), named[4].items()
        )
    ]
    reference = _reference(how.reference, named)
    plain = replace(how.simulate, progress=None, control_variate=False)
    work = _Work(cells, Runs(n_paths, n_steps, seed, plain, how.piece_paths), store, progress)
    with one_thread():
        work.resume()
        work.run(workers, how.per_task)
    return work.result(reference)


class _Work:
    """The cells of a grid, done and to be done; finished ones are kept and told in the order in which they finish."""

    def __init__(
        self, cells: Sequence[Cell], runs: Runs, store: str | Path | None, progress: GridProgress | None
    ) -> None:
        self.cells, self.runs = cells, runs
        self.store = None if store is None else CellStore(Path(store))
        self.keys = [] if store is None else [cell_key(cell, runs) for cell in cells]
        self.tell = progress or (lambda name, share: None)
        self.done: dict[int, CellFigures] = {}
        self.pieces: dict[int, list[PieceFigures]] = {}
        self.notes: list[str] = []
        self.resumed = 0
        self.processes: set[int] = set()

    def resume(self) -> None:
        """Take what the store has of this grid."""
        if self.store is None:
            return
        for number, key in enumerate(self.keys):
            try:
                found = self.store.read(key)
            except FileError as error:
                self.notes.append(str(error))
                continue
            if found is not None:
                self.done[number] = found
        self.resumed = len(self.done)

    def run(self, workers: int | None, per_task: int | None) -> None:
        """Do what is left: the first piece here, to see how long it takes, the others wherever it is worth it."""
        ranges = self.runs.ranges()
        left = [(number, *each) for number in range(len(self.cells)) if number not in self.done for each in ranges]
        is_shared = jobs_of(workers) > 1
        if per_task is None:
            left, seconds = self._begin(left)
            per_task = max(1, min(round(PIECE_S / max(seconds, 1e-6)), len(left)))
            is_shared = is_shared and seconds * len(left) > WORTH_STARTING_S
        batches = [left[start : start + per_task] for start in range(0, len(left), per_task)]
        if is_shared and batches:
            tasks = [self._task(batch) for batch in batches]
            done = share_out(simulate_pieces, tasks, workers, lambda n, found: self._take(batches[n], found))
            batches = batches[done:]
        for piece in (piece for batch in batches for piece in batch):
            self._take([piece], [self._alone(piece)])

    def result(self, reference: Mapping[str, str]) -> GridResult:
        """Return all cells in the order of the grid."""
        figures = {cell.labels: self.done[number] for number, cell in enumerate(self.cells)}
        computed = len(self.cells) - self.resumed
        return GridResult(
            figures, reference, self.runs.seed, computed, self.resumed, len(self.processes), tuple(self.notes)
        )

    def _begin(self, left: list[Piece]) -> tuple[list[Piece], float]:
        """Do one or two pieces and return the others with the seconds of the last: the first may have compiled."""
        done, seconds = 0, 0.0
        while left[done:] and done < 2:
            start = perf_counter()
            found = self._alone(left[done])
            seconds = perf_counter() - start
            self._take([left[done]], [found])
            done += 1
            if seconds * len(left) < 0.01 * WORTH_STARTING_S:
                break
        return left[done:], seconds

    def _alone(self, piece: Piece) -> PieceFigures:
        number, first, n_paths = piece
        return simulate_piece(self.cells[number], self.runs, first, n_paths, self.runs.options.threads)

    def _task(self, batch: Sequence[Piece]) -> tuple[Any, ...]:
        """Return the arguments of a batch with only the cells that it needs."""
        needed = list(dict.fromkeys(number for number, _, _ in batch))
        renumbered = [(needed.index(number), first, n_paths) for number, first, n_paths in batch]
        return [self.cells[number] for number in needed], self.runs, renumbered

    def _take(self, batch: Sequence[Piece], found: Sequence[PieceFigures]) -> None:
        """Add pieces in the order of their paths; a cell that is whole is kept, then told."""
        for (number, _, _), figures in zip(batch, found, strict=True):
            self.processes.add(figures.process)
            held = [*self.pieces.get(number, ()), figures]
            self.pieces[number] = held if figures.gathered.pnl is not None else [merged(held)]
            if sum(piece.n_paths for piece in self.pieces[number]) < self.runs.n_paths:
                continue
            self.done[number] = put_together(self.pieces.pop(number))
            if self.store is not None:
                self.store.write(self.keys[number], self.cells[number], self.done[number])
            self.tell(self.cells[number].name, len(self.done) / len(self.cells))


def _named(axis: str, given: Mapping[str, Part] | Part) -> dict[str, Part]:
    """Return an axis as parts by name."""
    named = dict(given) if isinstance(given, Mapping) else {repr(given): given}
    if not named:
        raise InputError(f"a grid needs at least one {axis}; received none")
    return named


def _reference(asked: Mapping[str, str], axes: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Return axis and name of the reference; the first policy unless said otherwise.

    Raises
    ------
    InputError
        For an axis or a name that is not there.
    """
    names = dict(zip(AXES, axes, strict=True))
    for axis, name in asked.items():
        known = names.get(axis, AXES)
        sought = name if axis in names else axis
        if sought not in known:
            what = axis if axis in names else "axis"
            raise InputError(
                f"the grid has no {what} {sought!r}{did_you_mean(sought, known)} (it has {', '.join(known)})"
            )
    return dict(asked) or {"policy": next(iter(names["policy"]))}
