"""Run an overlay study: every rule on the same hedge and market, judged beside each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.study.hedging.claims import claim_table
from hedgerow.study.overlays.choosing import family_of
from hedgerow.study.overlays.figures_by_name import figures_of
from hedgerow.study.overlays.market import StudyMarket, read_market
from hedgerow.study.overlays.market_signals import columns_in_data, signals_of
from hedgerow.study.overlays.registries import (
    bootstrap_of,
    crises_of,
    plan_of,
    portfolio_of,
    rule_of,
    together_of,
)
from hedgerow.study.overlays.words import OverlayStudy

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare.overlays.choice import OverlayChoice
    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.compare.overlays.diversified import Plan
    from hedgerow.engine.overlay import OverlayOptions, OverlayResult
    from hedgerow.overlays import Signals
    from hedgerow.programmes import Portfolio
    from hedgerow.study.kinds import Progress


@dataclass(frozen=True, eq=False)
class OverlayStudyOutcome:
    """Rules that size a hedge, judged on the same days.

    Attributes
    ----------
    study : OverlayStudy
    source : StudyMarket
        The market and what reading it left out.
    comparison : OverlayComparison
        Every rule beside no hedge and the static hedge.
    at_once : OverlayComparison or None
        The same filled at the close of the decision, where the study has a lag: what the lag costs.
    choice : OverlayChoice or None
        The rule whose keys were chosen walk-forward.
    usual_claims : DataFrame or None
        What is often claimed of such rules beside what this data gave.
    warnings : tuple of str
    """

    study: OverlayStudy
    source: StudyMarket
    comparison: OverlayComparison
    at_once: OverlayComparison | None
    choice: OverlayChoice | None
    usual_claims: pd.DataFrame | None
    warnings: tuple[str, ...]

    @property
    def together(self) -> dict[str, OverlayResult]:
        """Accounts of several hedges under one budget by name, where the study has them; rows of ``comparison`` too."""
        return {each.name: self.comparison.results[each.name] for each in self.study.together}

    @property
    def verdict(self) -> str:
        """One plain sentence: which rules beat the static hedge of their own mean size, and holding less."""
        from hedgerow.study.overlays.sentences import verdict

        return verdict(self)

    @cached_property
    def figures(self) -> dict[str, float]:
        """Every figure of the study by name: what a claim may be measured against."""
        return figures_of(self)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Each claim of the study beside what was measured."""
        return claim_table(self.study.claims, self.figures)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name, each with the sample that it was judged on."""
        from hedgerow.study.overlays.written_tables import written_tables

        return written_tables(self)

    @cached_property
    def figure_names(self) -> tuple[str, ...]:
        """Names of the pictures that this outcome has."""
        from hedgerow.study.overlays.pictures import names

        return names(self)

    def figure(self, name: str, rule: str | None = None) -> Figure:
        """Return one of the pictures by name; InputError for a name that it has not.

        Parameters
        ----------
        name : str
        rule : str, optional
            Whose multiplier is drawn; the first by default.
        """
        from hedgerow.study.overlays.pictures import picture

        return picture(self, name, rule)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is undefined is None."""
        from hedgerow.study.overlays.json import outcome_to_dict

        return outcome_to_dict(self)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.overlays.report import write_overlay_study_report

        return write_overlay_study_report(self, Path(path))

    def write_markdown(self, path: str | Path) -> Path:
        """Write the report without its pictures as Markdown and return its path."""
        from hedgerow.study.overlays.report import write_overlay_study_markdown

        return write_overlay_study_markdown(self, Path(path))


def run_overlay_study(
    study: OverlayStudy, folder: str | Path = ".", *, progress: Progress | None = None
) -> OverlayStudyOutcome:
    """Judge volatility overlays beside no hedge, the static hedge and one another.

    Parameters
    ----------
    study : OverlayStudy
    folder : path
        Where relative file names start.
    progress : callable, optional
        Called with the name of a piece of work and the share done, 0 to 1.

    Returns
    -------
    OverlayStudyOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    from hedgerow.compare.overlays.claims import measure_claims
    from hedgerow.compare.overlays.comparison import compare_overlays
    from hedgerow.study.overlays.sentences import warnings_of

    said = progress or _silent
    source = read_market(study, Path(folder), columns_in_data(study))
    setting = _Setting.of(study, source, Path(folder))
    comparison = compare_overlays(
        setting.plans(), source.market, options=setting.options, judging=setting.judging(), **setting.shared
    )
    said("rules", 0.5)
    outcome = OverlayStudyOutcome(
        study,
        source,
        comparison,
        setting.at_once(),
        setting.chosen(),
        measure_claims(comparison) if study.usual_claims else None,
        (),
    )
    said("judging", 0.9)
    outcome.claims  # noqa: B018 - a claim of a figure that there is not is refused before anything is written
    found = replace(outcome, warnings=warnings_of(outcome, setting.signals))
    said("judging", 1.0)
    return found


def _silent(_name: str, _share: float) -> None:
    return None


@dataclass(frozen=True, eq=False)
class _Setting:
    """What all runs of a study share."""

    study: OverlayStudy
    source: StudyMarket
    signals: Signals | None
    portfolio: Portfolio
    options: OverlayOptions

    @classmethod
    def of(cls, study: OverlayStudy, source: StudyMarket, folder: Path) -> _Setting:
        from hedgerow.engine.overlay import OverlayOptions

        rules = [rule_of(each.rule, tuple(study.signals)) for each in study.all_rules]
        needs = {name for rule in rules for name in rule.needs}
        signals = signals_of(study, source, folder, needs)
        options = OverlayOptions(study.lag, study.no_new_risk, study.whole_contracts)
        return cls(study, source, signals, portfolio_of(study.portfolio), options)

    @property
    def shared(self) -> dict[str, Any]:
        return {"signals": self.signals, "portfolio": self.portfolio}

    def plans(self) -> dict[str, Plan]:
        """Return a plan per rule, and one for several at once."""
        study, signals = self.study, tuple(self.study.signals)
        indices = self.source.indices
        found = {each.name: plan_of(each, study.hedge, signals, indices) for each in study.rules}
        return found | {each.name: together_of(each, study.hedge, signals, indices) for each in study.together}

    def judging(self, *, intervals: bool = True) -> Any:
        """Return how the rules are judged."""
        from hedgerow.compare.overlays.plan import OverlayJudging

        words = self.study.judging
        bootstrap = bootstrap_of(words) if intervals else None
        return OverlayJudging(
            bootstrap, crises_of(words.crises), train_share=words.train_share, beta_days=words.beta_days
        )

    def at_once(self) -> OverlayComparison | None:
        """Return the comparison at lag 0, without intervals; None where that is the study's own lag."""
        from hedgerow.compare.overlays.comparison import compare_overlays

        if self.study.lag == 0:
            return None
        options, judging = replace(self.options, lag=0), self.judging(intervals=False)
        return compare_overlays(self.plans(), self.source.market, options=options, judging=judging, **self.shared)

    def chosen(self) -> OverlayChoice | None:
        """Return the rule whose keys are chosen walk-forward, where the study has one."""
        from hedgerow.compare.overlays.choose import OverlayChoosing, choose_overlay

        words = self.study.walk_forward
        if words is None:
            return None
        judging = self.judging()
        choosing = OverlayChoosing(
            words.objective,
            words.refit,
            words.train_share,
            options=self.options,
            bootstrap=judging.bootstrap,
            crises=judging.crises,
        )
        make = family_of(self.study, self.source.indices)
        return choose_overlay(make, words.grid, self.source.market, choosing=choosing, **self.shared)
