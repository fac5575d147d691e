"""Run a tail study: every hedge held throughout, judged on the same days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.study.hedging.claims import claim_table
from hedgerow.study.overlays.market import StudyMarket, read_market
from hedgerow.study.overlays.registries import bootstrap_of, crises_of, hedge_of, on_index, portfolio_of
from hedgerow.study.tail.words import TailHedgeWords, TailShockWords, TailStudy

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare.overlays.tail import TailComparison, TailHedge
    from hedgerow.compare.overlays.tail_shocks import TailShock
    from hedgerow.programmes import OverlayMarket
    from hedgerow.study.kinds import Progress


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

    @cached_property
    def by_bleed(self) -> pd.DataFrame | None:
        """What each hedge protects at the sizes that bleed so much a year; None where no bleed was asked for."""
        bleeds = self.study.judging.bleeds
        return self.tail.by_bleed(bleeds) if bleeds else None

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name, each with the sample that it was judged on."""
        from hedgerow.study.tail.tables import written_tables

        return written_tables(self)

    @cached_property
    def figure_names(self) -> tuple[str, ...]:
        """Names of the pictures that this outcome has."""
        from hedgerow.study.tail.pictures import names

        return names(self)

    def figure(self, name: str, hedge: str | None = None) -> Figure:
        """Return one of the pictures by name; InputError for a name that it has not.

        Parameters
        ----------
        name : str
        hedge : str, optional
            Whose convexity map; the first that has one by default.
        """
        from hedgerow.study.tail.pictures import picture

        return picture(self, name, hedge)

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
    outcome = TailOutcome(study, source, tail, (*warnings_of(source, tail), *_rises(study.shocks)))
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


def _rises(shocks: Iterable[TailShockWords]) -> Iterator[str]:
    """Yield a sentence for each shock of the study's own that is no fall."""
    for each in shocks:
        if each.spot >= 0.0:
            yield f"The shock {each.name} moves the index by {each.spot:+.1%}: that is no fall"


def shock_of(words: TailShockWords) -> TailShock:
    """Return the sudden move that words describe."""
    from hedgerow.compare.overlays.tail_shocks import POINTS_PER_PERCENT, TailShock

    points = -POINTS_PER_PERCENT * 100.0 * words.spot if words.vix is None else words.vix
    return TailShock(words.name, words.spot, points)
