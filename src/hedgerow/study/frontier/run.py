"""Run a frontier study: families of policies on the same paths, the efficient ones, and the one to use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.errors import InputError, did_you_mean
from hedgerow.study.frontier.families import families_of, policy_words
from hedgerow.study.frontier.words import OF_ONE_PATH, FrontierStudy
from hedgerow.study.hedging.book import book_of, check_book, horizon_of, market_of, steps_of, trading_days
from hedgerow.study.hedging.registries import costs_of, hedger_of, scenario_of
from hedgerow.study.hedging.sentences import market_warnings
from hedgerow.study.simulate.run import run_simulate_study
from hedgerow.study.simulate.words import SimulateStudy

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare.choice.frontiers import Frontier
    from hedgerow.instruments import Book, MarketState
    from hedgerow.study.hedging.outcome import HedgeOutcome

Progress = Callable[[str, float], None]
FEW_PATHS = 1000
PICTURES = {"frontier": "frontier", "violin": "policy_violin"}
"""Name of a picture here to its name in the comparison."""
COLUMNS = ("cost", "cost_error", "risk", "risk_error", "mean", "cvar", "turnover", "trades", "break_even", "efficient")


@dataclass(frozen=True, eq=False)
class FrontierOutcome:
    """Policies compared by cost and risk.

    Attributes
    ----------
    study : FrontierStudy
    frontier : Frontier
    book : Book
    market : MarketState
    warnings : tuple of str
    folder : path
        Where relative file names of the study start.
    """

    study: FrontierStudy
    frontier: Frontier
    book: Book
    market: MarketState
    warnings: tuple[str, ...] = ()
    folder: Path = Path()

    @property
    def verdict(self) -> str:
        """One plain sentence: which policy to use, and why."""
        return _words(self.frontier.answer)

    @property
    def shown(self) -> pd.DataFrame:
        """The columns that a reader sees first, policies by risk.

        Money; ``turnover`` in units, ``trades per day`` of trading, ``break even`` a volatility per year.
        """
        table = self.frontier.table
        names = [name for name in COLUMNS if name in table.columns]
        shown = table[names].sort_values("risk", kind="stable")
        days = trading_days(self.market.moment, horizon_of(self.book, self.study.until))
        shown = shown.assign(trades=shown["trades"] / days).rename(columns={"trades": "trades per day"})
        return shown.rename(columns=_words, index=_words)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        return {"frontier": self.frontier.table}

    @property
    def figure_names(self) -> tuple[str, ...]:
        """Names of the pictures: of the comparison, and of the best policy on the first path."""
        return (*PICTURES, *(name for name in OF_ONE_PATH if name in self.example.figure_names))

    @cached_property
    def example(self) -> HedgeOutcome:
        """The best policy on the first path alone."""
        own = set(FrontierStudy.model_fields) - set(SimulateStudy.model_fields)
        words = self.study.model_dump(exclude={"kind", "claims", "account", *own})
        policy = policy_words(self.study.families)[self.frontier.best]
        return run_simulate_study(SimulateStudy.model_validate(words | {"policy": policy, "paths": 1}), self.folder)

    def figure(self, name: str) -> Figure:
        """Return one of the pictures by name; an unknown name is refused with those that there are."""
        known = self.figure_names
        if name not in known:
            raise InputError(f"there is no picture {name!r}{did_you_mean(name, known)} (there are {', '.join(known)})")
        if name in OF_ONE_PATH:
            return self.example.figure(name)
        return self.frontier.figure(PICTURES[name], unit=self.market.currency)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is undefined is None."""
        from hedgerow.study.frontier.report import frontier_to_dict

        return frontier_to_dict(self)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.frontier.report import write_frontier_report

        return write_frontier_report(self, Path(path))


def run_frontier_study(
    study: FrontierStudy, folder: str | Path = ".", *, progress: Progress | None = None
) -> FrontierOutcome:
    """Compare policies on the same paths.

    Parameters
    ----------
    study : FrontierStudy
    folder : path
        Where relative file names start.
    progress : callable, optional
        Called with a policy's name and the share of all that is done, 0 to 1.

    Returns
    -------
    FrontierOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    from hedgerow.compare.choice.frontiers import FrontierOptions, frontier
    from hedgerow.compare.choice.objective import Objective
    from hedgerow.compare.grid.run import GridOptions
    from hedgerow.engine import SimulateOptions

    market = market_of(study.market)
    book = book_of(study.book, Path(folder))
    check_book(book, market, study.until)
    simulated = SimulateOptions(horizon=horizon_of(book, study.until), lag=study.lag, threads=study.workers)
    found = frontier(
        book,
        scenario=scenario_of(study.scenario, market, Path(folder)),
        policies=families_of(study.families),
        hedger=hedger_of(study.hedger),
        costs=costs_of(study.costs),
        objective=Objective(study.objective, study.risk_aversion),
        n_paths=study.paths,
        n_steps=steps_of(study, book, market),
        seed=study.seed,
        options=FrontierOptions(
            grid=GridOptions(simulate=simulated),
            progress=None if progress is None else lambda _, share: progress("policies", share),
        ),
    )
    few = (f"{study.paths} paths are few: take 10,000 or more before a policy is chosen",)
    warnings = (*market_warnings(market), *found.notes, *(few if study.paths < FEW_PATHS else ()))
    return FrontierOutcome(study, found, book, market, warnings, Path(folder))


def _words(name: object) -> str:
    return str(name).replace("_", " ")
