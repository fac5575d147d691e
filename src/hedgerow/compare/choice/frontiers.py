"""Cost against risk for families of policies on the same paths: the efficient ones, the best one, and the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.attribution.gamma_theta import break_even_volatility
from hedgerow.compare.choice.answer import answer_of
from hedgerow.compare.choice.edge import Edge, edge_of
from hedgerow.compare.choice.objective import Objective
from hedgerow.compare.grid.cells import CellFigures
from hedgerow.compare.grid.run import GridOptions, GridProgress, run_grid
from hedgerow.compare.path_statistics import Figure as PathFigure
from hedgerow.costs import CostModel, no_costs
from hedgerow.engine.parts import as_code, checked_book, checked_scenario
from hedgerow.errors import InputError, did_you_mean
from hedgerow.hedgers import BookHedger, DeltaHedger
from hedgerow.instruments import Book
from hedgerow.policies import Policy
from hedgerow.scenarios import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from plotly.graph_objects import Figure

Families = Mapping[str, Sequence[Policy] | Mapping[str, Policy]]
"""Name of each family to its policies, which may have labels of their own."""

FIGURES = ("frontier", "policy_violin")
"""Names of the figures of a frontier."""

VIOLINS = 8
"""Policies whose distributions are drawn: the best, and the best of each family first."""


@dataclass(frozen=True)
class FrontierOptions:
    """How policies are compared.

    Attributes
    ----------
    grid : GridOptions
        Horizon, lag, and how simulations are cut; the profit of every path is kept.
    store : path, optional
        Folder in which finished simulations are kept, to go on from after an interruption.
    workers : int, optional
        Processes of this machine; None takes joblib's active configuration.
    progress : callable, optional
        Called with the name of each finished policy and the share that is done.
    """

    grid: GridOptions | None = None
    store: str | Path | None = None
    workers: int | None = None
    progress: GridProgress | None = None


@dataclass(frozen=True, eq=False)
class Frontier:
    """Policies compared on the same paths.

    Attributes
    ----------
    objective : Objective
    families : mapping of str to str
        Family of each policy.
    figures : mapping of str to CellFigures
        By policy.
    scenario : Scenario
    notes : tuple of str
        What went otherwise than asked.
    assumed : str
        What the answer takes for granted of the objective, in a sentence; empty where all was given.
    """

    objective: Objective
    families: Mapping[str, str]
    figures: Mapping[str, CellFigures]
    scenario: Scenario
    notes: tuple[str, ...] = ()
    assumed: str = ""

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per policy, money: ``family``; ``cost``, ``risk`` (standard deviation of the profit), ``mean``,
        ``cvar``, ``trades``, ``turnover`` (units), ``objective``, ``behind`` (how much worse than the best, 0 or more),
        each with its standard error (``cost_error``); ``break_even`` (realised volatility at which the mean is 0, NaN
        where none is); ``efficient`` (no other is as cheap and as safe, or better). For scalping "cheap" means a high
        mean.
        """  # noqa: D205
        rows = {name: self._row(name) for name in self.figures}
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("policy")
        first = table["cost"] if self.objective.aim == "risk" else -table["mean"]
        marked = efficient(first.to_numpy(dtype=float), table["risk"].to_numpy(dtype=float))
        return table.assign(efficient=marked)

    @cached_property
    def best(self) -> str:
        """The policy with the best objective."""
        return min(self.losses, key=lambda name: self.losses[name].value)

    @cached_property
    def losses(self) -> dict[str, PathFigure]:
        """By policy what is to be small: the objective, with its sign turned for scalping."""
        return {name: self.objective.loss(each.by_path(), each.cost()) for name, each in self.figures.items()}

    @cached_property
    def edge(self) -> Edge:
        """Which dynamics carry the mean."""
        return edge_of(self.figures, self.scenario)

    @property
    def answer(self) -> str:
        """Which policy to use and why, in one sentence; a second one for a risk aversion that was not given."""
        said = answer_of(self.objective, self.losses, self.families)
        return f"{said} {self.assumed}" if self.assumed else said

    def behind(self, name: str) -> PathFigure:
        """Return how much worse a policy's objective is than the best's on the same paths."""
        return self.losses[name].less(self.losses[self.best])

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain values."""
        return {
            "objective": self.objective.formula,
            "aim": self.objective.aim,
            "risk_aversion": self.objective.aversion,
            "policies": rows_of(self.table),
            "best": self.best,
            "answer": self.answer,
            "edge": self.edge.sentence,
            "notes": list(self.notes),
        }

    def figure(self, name: str, unit: str = "") -> Figure:
        """Return one figure by name, ``frontier`` or ``policy_violin``; ``unit`` is that of the money.

        Raises
        ------
        InputError
            Where there is no such figure.
        """
        from hedgerow.report import frontier_figure, policy_violin_figure

        if name == "frontier":
            return frontier_figure(self.table, unit=unit)
        if name == "policy_violin":
            profits = {label.replace("_", " "): values for label, values in self._profits().items()}
            return policy_violin_figure(profits, unit=unit)
        hint = did_you_mean(name, FIGURES)
        raise InputError(f"there is no figure {name!r}{hint} (a frontier offers {', '.join(FIGURES)})")

    def _profits(self) -> dict[str, FloatArray]:
        """Return the profit of every path of the best policies, the best of each family first."""
        ranked = sorted(self.losses, key=lambda name: self.losses[name].value)
        firsts = {self.families[name]: name for name in reversed(ranked)}
        shown = list(dict.fromkeys([*sorted(firsts.values(), key=ranked.index), *ranked]))[:VIOLINS]
        return {name: self.figures[name].by_path() for name in sorted(shown, key=ranked.index)}

    def _row(self, name: str) -> dict[str, Any]:
        known = self.figures[name].summary
        loss, behind = self.losses[name], self.behind(name)
        figures = {
            "cost": known["costs"],
            "risk": known["standard deviation"],
            **{column: known[column] for column in ("mean", "cvar", "trades", "turnover")},
            "objective": (self.objective.signed(loss.value), loss.standard_error),
            "behind": (behind.value, behind.standard_error),
        }
        pairs = {key: x for name, pair in figures.items() for key, x in zip((name, f"{name}_error"), pair, strict=True)}
        return {"family": self.families[name], **pairs, "break_even": _break_even(known)}


def _break_even(known: Mapping[str, tuple[float, float]]) -> float:
    """Return the realised volatility at which a policy's mean is 0; NaN where the runs did not follow it."""
    if not {"gamma", "realised volatility"} <= set(known):
        return float("nan")
    return break_even_volatility(known["realised volatility"][0], known["mean"][0], known["gamma"][0])


def frontier(
    book: Book,
    *,
    scenario: Scenario,
    policies: Families,
    hedger: BookHedger | None = None,
    costs: CostModel | None = None,
    objective: Objective | None = None,
    n_paths: int = 10_000,
    n_steps: int | None = None,
    seed: int = 0,
    options: FrontierOptions | None = None,
) -> Frontier:
    """Compare families of policies by cost and risk on the same paths.

    Parameters
    ----------
    book : Book
    scenario : Scenario
    policies : mapping of str to sequence or mapping of Policy
        Families: ``{"band": [Band(0.05), Band(0.1)], "interval": [EveryPeriods(1)]}``.
    hedger : BookHedger, optional
        As for ``simulate``: the book's delta unless said.
    costs : CostModel, optional
        None cost nothing.
    objective : Objective, optional
        What is weighed; costs and half the variance unless said, with a risk aversion that suits the book.
    n_paths, n_steps, seed
        As for ``simulate``.
    options : FrontierOptions, optional

    Returns
    -------
    Frontier

    Raises
    ------
    InputError
        For no policy, two of one name, and whatever ``simulate`` refuses.

    Examples
    --------
    >>> from hedgerow.costs import HalfSpread
    >>> from hedgerow.instruments import EuropeanOption, MarketState, Underlying
    >>> from hedgerow.policies import Band, EveryPeriods
    >>> from hedgerow.scenarios import GBM
    >>> market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2)})
    >>> book = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19"), -1.0)])
    >>> families = {"band": [Band(0.04), Band(0.3)], "interval": [EveryPeriods(1)]}
    >>> found = frontier(book, scenario=GBM(market), policies=families, costs=HalfSpread(20), n_steps=20, n_paths=1000)
    >>> found.best
    "Band(width=0.04, to='edge')"
    """
    families, named = _named(policies)
    book, scenario = checked_book(book), checked_scenario(scenario)
    figures, notes = figures_of(
        (book, scenario, hedger, named, costs), (n_paths, n_steps, seed), options or FrontierOptions()
    )
    if hedger is not None and hedger.uses_options(book):
        figures = {name: _without_gamma(each) for name, each in figures.items()}
    aim, said = (objective or Objective()).of_book(book, scenario.market)
    return Frontier(aim, families, figures, scenario, notes, said)


def _without_gamma(figures: CellFigures) -> CellFigures:
    """Return figures without what gamma made: where options hedge, the book's gamma is not all of it."""
    return replace(figures, summary={name: each for name, each in figures.summary.items() if name != "gamma"})


def figures_of(
    parts: tuple[Book, Scenario, BookHedger | None, Mapping[str, Policy], CostModel | None],
    draws: tuple[int, int | None, int],
    how: FrontierOptions,
) -> tuple[dict[str, CellFigures], tuple[str, ...]]:
    """Return the figures of each policy on the same paths, and notes.

    Parameters
    ----------
    parts : tuple
        Book, scenario, hedger, policies by name, costs.
    draws : tuple
        Paths, steps, seed.
    how : FrontierOptions
    """
    book, scenario, hedger, named, costs = parts
    hedgers = {"hedger": hedger if hedger is not None else DeltaHedger()}
    n_paths, n_steps, seed = draws
    labels = {" | ".join(("book", "scenario", "hedger", name, "costs")): name for name in named}
    result = run_grid(
        {"book": book},
        {"scenario": scenario},
        hedgers,
        named,
        {"costs": costs if costs is not None else no_costs()},
        n_paths=n_paths,
        n_steps=n_steps,
        seed=seed,
        store=how.store,
        workers=how.workers,
        progress=_by_policy(how.progress, labels),
        options=how.grid,
    )
    return {labels[3]: each for labels, each in result.figures.items()}, result.notes


def _by_policy(progress: GridProgress | None, labels: Mapping[str, str]) -> GridProgress | None:
    """Return what tells the policy in place of the whole cell."""
    return None if progress is None else lambda name, share: progress(labels[name], share)


def efficient(cost: FloatArray, risk: FloatArray) -> BoolArray:
    """Return which points no other beats: none is as good on both axes and better on one.

    Parameters
    ----------
    cost, risk : ndarray, shape (n,)
        Both to be small.

    Examples
    --------
    >>> efficient(np.array([1.0, 2.0, 2.0]), np.array([3.0, 1.0, 2.0]))
    array([ True,  True, False])
    """
    as_good = (cost[:, None] <= cost) & (risk[:, None] <= risk)
    better = (cost[:, None] < cost) | (risk[:, None] < risk)
    return np.asarray(~(as_good & better).any(axis=0))


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values with its index, None for what is not known."""
    plain = table.reset_index().astype(object)
    return [
        {str(key): value for key, value in row.items()} for row in plain.where(plain.notna(), None).to_dict("records")
    ]


def _named(policies: Families) -> tuple[dict[str, str], dict[str, Policy]]:
    """Return family and policy by name.

    Raises
    ------
    InputError
        Where there is none, or two have one name.
    """
    if not isinstance(policies, Mapping):
        raise InputError(
            'policies of a frontier come by family, as a mapping; write {"band": [Band(0.05), Band(0.1)], ...}'
        )
    families: dict[str, str] = {}
    named: dict[str, Policy] = {}
    for family, given in policies.items():
        members = [given] if isinstance(given, Policy) else given
        labelled = (
            [(f"{family} {label}", each) for label, each in members.items()]
            if isinstance(members, Mapping)
            else [(as_code(each), each) for each in members]
        )
        for name, policy in labelled:
            if name in named:
                raise InputError(f"the policy {name} stands in the frontier twice; give it once, or labels of its own")
            families[name], named[name] = family, policy
    if not named:
        raise InputError("a frontier needs at least one policy; received none")
    return families, named
