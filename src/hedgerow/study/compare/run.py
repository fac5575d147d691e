"""The comparison: a ratio study's race with tests that count all methods, worth, stability, and what fits failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.compare import Comparison, break_check, robust_check
from hedgerow.compare.judging.options import Judging
from hedgerow.errors import InputError
from hedgerow.study.compare.tables import (
    break_even_table,
    failure_table,
    tests_table,
    worth_table,
)
from hedgerow.study.compare.words import CompareStudy
from hedgerow.study.execution import walk_forward_of
from hedgerow.study.ratio.run import RatioOutcome, run_ratio_study
from hedgerow.study.ratio_uncertainty import uncertainty_table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class CompareOutcome:
    """What a comparison found.

    Attributes
    ----------
    study : CompareStudy
    race : RatioOutcome
        The race itself: methods fitted on all rows, contracts, and the walk-forward comparison.
    notes : tuple of str
        Sentences beyond the race's warnings: outliers, breaks, methods short of rows, failed fits.
    look_ahead : pandas.DataFrame or None
        By method: what asking it again with other futures found; None where the study does not ask.
    """

    study: CompareStudy
    race: RatioOutcome
    notes: tuple[str, ...]
    look_ahead: pd.DataFrame | None = None

    @property
    def comparison(self) -> Comparison | None:
        """The walk-forward race, or None where too few rows remain."""
        return self.race.comparison

    @property
    def verdict(self) -> str:
        """Which method is worth its costs, in plain sentences."""
        return self.race.verdict

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to beware of, one sentence each."""
        return (*self.race.warnings, *self.notes)

    @property
    def advice(self) -> tuple[str, ...]:
        """Sentences by the thresholds users know; advice, not a test."""
        return self.race.advice

    @cached_property
    def evidence(self) -> dict[str, pd.DataFrame]:
        """Tables beyond the ranking, by name: tests, worth, break-even, periods, failures, uncertainty, look-ahead."""
        found: dict[str, pd.DataFrame] = {}
        race = self.comparison
        if race is not None:
            found["tests"] = tests_table(race)
            for name, make in (("worth", worth_table), ("break-even", break_even_table)):
                table = make(race)
                if table is not None:
                    found[name] = table
            found["periods"] = race.periods(self.study.evidence.periods).table
            failed = failure_table(race)
            if len(failed):
                found["failures"] = failed
        found["uncertainty"] = uncertainty_table(self.race)
        if self.look_ahead is not None:
            found["look-ahead"] = self.look_ahead
        return found

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables to write beside the report, by name."""
        return self.race.tables() | self.evidence

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is undefined is None."""
        from hedgerow.study.compare.json import compare_to_dict

        return compare_to_dict(self)

    def figure(self, name: str) -> Figure:
        """Return one of the study's figures by name; an unknown name is refused with the list of names."""
        from hedgerow.study.compare.report import figure_of

        return figure_of(self, name)

    def write_html(self, path: str | Path) -> Path:
        """Write the self-contained report and return its path; nothing is left half-written."""
        from hedgerow.study.compare.report import write_compare_report

        return write_compare_report(self, Path(path))


def run_compare_study(
    study: CompareStudy, folder: str | Path = ".", *, progress: Progress | None = None, lenient: bool = False
) -> CompareOutcome:
    """Run a comparison.

    Parameters
    ----------
    study : CompareStudy
    folder : path
        Relative file names start here.
    progress : callable, optional
        Called with a method's name and the share of its work that is done.
    lenient : bool
        Leave a method that cannot run on these data out with a sentence instead of refusing the study.

    Returns
    -------
    CompareOutcome

    Raises
    ------
    HedgerowError
        One sentence where the study cannot be run.
    """
    words = study.evidence
    race = run_ratio_study(study, folder, progress=progress, lenient=lenient, workers=words.workers)
    if race.comparison is not None:
        judged = replace(race.comparison, judging=judging_of(study))
        race = replace(race, comparison=judged)
    looked = _look_ahead(study, race) if words.look_ahead else None
    return CompareOutcome(study, race, _notes(race), looked)


def judging_of(study: CompareStudy) -> Judging:
    """Return what a difference must show and what risk is worth, as the study says."""
    words = study.evidence
    return Judging(
        words.risk_aversion,
        words.relative_risk_aversion,
        set_level=words.set_level,
        significance=words.significance,
    )


def _notes(race: RatioOutcome) -> tuple[str, ...]:
    """Return what the data and the fits say beyond the race: outliers, breaks, few rows, fits that failed."""
    changes = race.data.changes
    X = changes.values[list(race.data.hedges)].to_numpy(dtype=float)
    y = changes.values[race.data.exposure].to_numpy(dtype=float)
    rows = len(y)
    notes: list[str] = []
    checks = (
        robust_check(X, y, hedges=race.data.hedges, times=changes.times[1:]),
        break_check(X, y, times=changes.times[1:]),
    )
    notes.extend(check.sentence for check in checks if check.amber)
    for method in race.methods:
        fitted = method.estimator
        if rows < fitted.advised_rows:
            notes.append(
                f"{method.name}: {rows} changes leave its parameters uncertain; it wants {fitted.advised_rows}"
            )
        if not fitted.convergence_.converged:
            notes.append(f"{method.name} on all rows: {fitted.convergence_.reason}; do not act on its ratio")
    return tuple(notes)


def _look_ahead(study: CompareStudy, race: RatioOutcome) -> pd.DataFrame:
    """Ask every method again with its future cut off and poisoned, at a few dates."""
    from hedgerow.compare import check_look_ahead, decisions_of

    data = race.data
    if study.changes == "log":
        raise InputError("look_ahead asks methods on price differences or per cent changes; take changes: percent")
    prices = data.history.prices[[data.exposure, *data.hedges]]
    split = walk_forward_of(study)
    first = split.first_judged_row(data.changes.times[1:])
    rows = {}
    for method in race.methods:
        rule = decisions_of(
            method.estimator, data.exposure, list(data.hedges), first=first, walk_forward=split, changes=study.changes
        )
        found = check_look_ahead(rule, prices, cuts=LOOK_AHEAD_CUTS, methods=("truncate", "poison"))
        asked = int(found.coverage["asked"].sum())
        rows[method.name] = {"found": found.label, "asked": asked, "verdict": found.verdict}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")


LOOK_AHEAD_CUTS = 5
"""Dates at which each method's future is altered: each costs a walk-forward."""
