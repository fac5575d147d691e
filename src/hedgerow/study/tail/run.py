"""Run a tail study: every hedge held throughout, judged on the same days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.errors import InputError, did_you_mean
from hedgerow.study.hedging.claims import claim_table
from hedgerow.study.overlays.market import StudyMarket, read_market
from hedgerow.study.overlays.registries import crises_of, hedge_of, on_index
from hedgerow.study.overlays.run import bootstrap_of, portfolio_of
from hedgerow.study.tail.words import TailHedgeWords, TailShockWords, TailStudy

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare.overlays.tail import TailComparison, TailHedge
    from hedgerow.compare.overlays.tail_shocks import TailShock
    from hedgerow.programmes import OverlayMarket

Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class TailOutcome:
    """Tail hedges beside each other.

    Attributes
    ----------
    study : TailStudy
    source : StudyMarket
        The market and what reading it left out.
    tail : TailComparison
    warnings : tuple of str
    """

    study: TailStudy
    source: StudyMarket
    tail: TailComparison
    warnings: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """One plain sentence: which hedge pays most in a sudden fall for what it bleeds, and which cuts CVaR most."""
        from hedgerow.study.tail.sentences import verdict

        return verdict(self)

    @cached_property
    def figures(self) -> dict[str, float]:
        """Every figure of the study by name: what a claim may be measured against."""
        from hedgerow.study.tail.figures_by_name import figures_of

        return figures_of(self)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Each claim of the study beside what was measured."""
        return claim_table(self.study.claims, self.figures)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name, each with the sample that it was judged on."""
        from hedgerow.study.tail.tables import written_tables

        return written_tables(self)

    @property
    def figure_names(self) -> tuple[str, ...]:
        """Names of the pictures that this outcome has."""
        from hedgerow.study.tail.report import CAPTIONS

        payoffs = self.tail.payoffs()
        lacks = set() if payoffs["years_of_bleed"].notna().any() else {"payoff_fan"}
        if len(self.tail.comparison.period.dates) <= self.study.judging.beta_days:
            lacks.add("rolling_beta")
        if not self.study.judging.equal_cost or not self.tail.comparison.equal_cost()["cvar"].notna().any():
            lacks.add("equal_cost")
        return tuple(name for name in CAPTIONS if name not in lacks)

    def figure(self, name: str) -> Figure:
        """Return one of the pictures by name; InputError for a name that it has not."""
        if name not in self.figure_names:
            known = ", ".join(self.figure_names)
            raise InputError(f"there is no picture {name!r}{did_you_mean(name, self.figure_names)} (there are {known})")
        return self.tail.figure(name)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is undefined is None."""
        from hedgerow.study.tail.json import outcome_to_dict

        return outcome_to_dict(self)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.report import write_html
        from hedgerow.study.tail.report import build_report

        return write_html(build_report(self), path)

    def write_markdown(self, path: str | Path) -> Path:
        """Write the report without its pictures as Markdown and return its path."""
        from hedgerow.report import write_markdown
        from hedgerow.study.tail.report import build_report

        return write_markdown(build_report(self), path)


def run_tail_study(study: TailStudy, folder: str | Path = ".", *, progress: Progress | None = None) -> TailOutcome:
    """Compare tail hedges by bleed, convexity, crises and sudden falls.

    Parameters
    ----------
    study : TailStudy
    folder : path
        Where relative file names start.
    progress : callable, optional
        Called with the name of a piece of work and the share done, 0 to 1.

    Returns
    -------
    TailOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    from hedgerow.compare.overlays.plan import OverlayJudging
    from hedgerow.compare.overlays.tail import compare_tail_hedges
    from hedgerow.compare.overlays.tail_shocks import STRESSES
    from hedgerow.engine.overlay import OverlayOptions
    from hedgerow.study.tail.sentences import warnings_of

    source = read_market(study, Path(folder))
    words = study.judging
    tail = compare_tail_hedges(
        {each.name: tail_hedge_of(each, source.indices) for each in study.hedges},
        source.market,
        budget_per_year=study.budget_per_year,
        portfolio=portfolio_of(study.portfolio),
        options=OverlayOptions(study.lag, study.no_new_risk, study.whole_contracts),
        judging=OverlayJudging(bootstrap_of(words), crises_of(words.crises), beta_days=words.beta_days),
        shocks=(*STRESSES, *map(shock_of, study.shocks)),
    )
    if progress is not None:
        progress("hedges", 0.8)
    outcome = TailOutcome(study, source, tail, warnings_of(source, tail))
    outcome.claims  # noqa: B018 - a claim of a figure that there is not is refused before anything is written
    if progress is not None:
        progress("hedges", 1.0)
    return outcome


def tail_hedge_of(words: TailHedgeWords, indices: Mapping[str, OverlayMarket]) -> TailHedge:
    """Return the hedge that words describe, or several that are held together."""
    if not isinstance(words.hedge, tuple):
        return on_index(hedge_of(words.hedge), words.index, indices)
    hedges = tuple(on_index(hedge_of(each), words.index, indices) for each in words.hedge)
    return tuple(zip(hedges, words.shares, strict=True)) if words.shares else hedges


def shock_of(words: TailShockWords) -> TailShock:
    """Return the sudden move that words describe."""
    from hedgerow.compare.overlays.tail_shocks import POINTS_PER_PERCENT, TailShock

    points = -POINTS_PER_PERCENT * 100.0 * words.spot if words.vix is None else words.vix
    return TailShock(words.name, words.spot, points)
