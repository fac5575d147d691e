"""The hedge accounting document: file of the relationship, tests, criteria by framework, measurement and journals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.accounting import autocorrelation, characteristics_table, criteria_table, rolling_regression
from hedgerow.errors import InputError, did_you_mean
from hedgerow.report import (
    Picture,
    Report,
    Table,
    autocorrelation_figure,
    cumulative_offset_figure,
    offset_fan_figure,
    rolling_regression_figure,
)
from hedgerow.study.accounting import tables
from hedgerow.study.provenance import versions

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.study.accounting.run import AccountingOutcome, FrameworkResult

Block = Table | Picture
OFFSET_FORMATS = {"offset": ".1%", "cumulative offset": ".1%"}
TEST_FORMATS = {
    "n": ",.0f", "slope": ".4f", "slope, sign turned": ".4f", "intercept": ",.0f", "R²": ".4f", "t": ".2f",
    "t (HAC)": ".2f", "p": ".2g", "F": ",.1f", "variance reduction": ".1%", "offset": ".1%", "cumulative offset": ".1%",
}  # fmt: skip
TEST_NAMES = {
    "n_obs": "n", "turned": "slope, sign turned", "r_squared": "R²", "t_statistic": "t", "p_value": "p",
    "hac_t_statistic": "t (HAC)", "f_statistic": "F", "variance_reduction": "variance reduction",
    "cumulative_offset": "cumulative offset",
}  # fmt: skip
FIGURES: dict[str, Callable[[AccountingOutcome], Figure]] = {}
"""Figures of the document by name; filled below, where each is made."""


def document(outcome: AccountingOutcome) -> Report:
    """Return the whole document; HTML and Markdown are written from it."""
    study, file = outcome.study, outcome.relationship
    return Report(
        title=study.title or f"Hedge relationship {file.identification}",
        subtitle=f"{file.identification}, version {file.version}, {file.hedge_type} hedge, as of {outcome.data.as_of}",
        verdict=outcome.verdict,
        facts=_facts(outcome),
        notes=outcome.warnings,
        blocks=(
            *_conclusions(outcome),
            *_file(outcome),
            *_tests(outcome),
            *_pictures(outcome),
            *_accounts(outcome),
            _sign_off(outcome),
        ),
    )


def figure_of(outcome: AccountingOutcome, name: str) -> Figure:
    """Return one of the document's figures.

    Raises
    ------
    InputError
        For an unknown name, with the names there are.
    """
    if name not in FIGURES:
        raise InputError(f"there is no figure {name!r}{did_you_mean(name, FIGURES)} (figures: {', '.join(FIGURES)})")
    return FIGURES[name](outcome)


def _facts(outcome: AccountingOutcome) -> dict[str, str]:
    data, file = outcome.data, outcome.relationship
    times = data.prepared.history.times
    ended = "" if file.dedesignated is None else f", ended {file.dedesignated}"
    return {
        "As of": str(data.as_of),
        "Designated": f"{data.designated}{ended}",
        "Prices": f"{len(times):,} rows, {times[0].date()} to {times[-1].date()}, every {outcome.study.data.every}",
        "Left out": f"{data.prepared.dropped} rows with a missing value, {data.prepared.unmatched} unmatched dates",
        "Reporting periods": f"{len(data.periods.ends)} since designation",
        "Hash of the file (for its lock)": outcome.relationship_hash,
        "Hash of all inputs": outcome.document_hash,
        "Versions": versions("numpy", "pandas", "statsmodels"),
    }


def _conclusions(outcome: AccountingOutcome) -> list[Block]:
    found: list[Block] = []
    for result in outcome.results:
        note = f"{result.conclusion} A figure that passes is evidence, not a conclusion of law."
        found.append(Table(f"{result.framework.title}: criterion by criterion", criteria_table(result.criteria), note,
                           sample="in sample"))  # fmt: skip
    return found


def _file(outcome: AccountingOutcome) -> list[Block]:
    found: list[Block] = [
        Table("File of the relationship", tables.relationship_table(outcome), "NOT STATED: to be completed."),
        Table("Thresholds", tables.threshold_table(outcome), "Inputs of this document, not truths: they were chosen."),
    ]
    terms, scenarios = tables.terms_table(outcome), tables.scenario_table(outcome)
    if terms is not None:
        note = "Dates match within 31 days or one calendar month. Where any term differs, a quantitative test is made."
        found.append(Table("Critical terms", terms, note))
    if scenarios is not None:
        note = "Moves the preparer named; information for the prospective assessment."
        found.append(Table("Scenarios", scenarios, note, {"offset": ".1%"}))
    found.append(Table("Rebalancing log", tables.log_table(outcome)))
    return found


def _tests(outcome: AccountingOutcome) -> list[Block]:
    corridor = str(tables.threshold_table(outcome)["chosen"].iloc[0])
    offset_note = (
        f"offset = -(change of instrument) / (change of item). Corridor: {corridor} "
        f"({tables.corridor_words(outcome)}). Small-numbers rule: {tables.thresholds_of(outcome).small_numbers_rule}."
    )
    regression = tables.regression_table(outcome)
    found: list[Block] = []
    if len(regression):
        note = "Money; changes, never levels; spans do not overlap."
        found.append(Table("Regression", regression, note, sample="in sample"))
    note = "Regression on changes known on that day, item on hedge held; variance reduction of the ratio really held."
    title = "Tests at inception and at each period's end"
    found.append(Table(title, _test_table(outcome), note, TEST_FORMATS, sample="in sample"))
    if len(outcome.offsets):
        found.append(Table("Dollar offset", tables.offset_table(outcome), offset_note, OFFSET_FORMATS))
    if tables.offsets_failed(outcome):
        note = (
            "How often a hedge passes that is as good as its R² allows (40,000 simulated histories of independent "
            "normal changes, 80-125 %, slope 0.80 to 1.25, R² 0.80). A failed offset says little by itself."
        )
        shown = characteristics_table()
        found.append(Table("What a failed offset means", shown, note, dict.fromkeys(map(str, shown.columns), ".1%")))
    return found


def _test_table(outcome: AccountingOutcome) -> pd.DataFrame:
    table = outcome.tests
    shown = table.assign(turned=-table["slope"]).rename(columns=TEST_NAMES)
    return shown[list(TEST_FORMATS)]


def _accounts(outcome: AccountingOutcome) -> list[Block]:
    found: list[Block] = []
    for result in outcome.results:
        title = result.framework.title
        if result.periods:
            shown = tables.period_table(outcome, result)
            found.append(Table(f"{title}: ineffectiveness per period", shown, _measurement_note(result)))
            if outcome.relationship.hedge_type != "fair value":
                rolled = tables.reserve_table(outcome, result)
                found.append(
                    Table(
                        f"{title}: roll-forward of the reserve", rolled, "Opening + effective + reclassified = closing."
                    )
                )
            note = "Debits equal credits in every period; what else is booked for the item is not shown."
            found.append(Table(f"{title}: journal", tables.lines_table(outcome, result), note))
        found.append(Table(f"{title}: what it says", tables.rules_table(result), "In our words; read the text itself."))
    return found


def _sign_off(outcome: AccountingOutcome) -> Block:
    file = outcome.relationship
    note = f"For {file.identification}, version {file.version}, as of {outcome.data.as_of}."
    return Table("Sign-off", tables.sign_off_table(outcome), note)


def _measurement_note(result: FrameworkResult) -> str:
    words = "Gains +, losses -, in money. "
    if result.framework.lower_of:
        return words + (
            "The reserve is the lower of both cumulative amounts, never of opposite sign to the instrument's gain; "
            "0 where nothing is offset."
        )
    return words + "The whole change of the included components stays in OCI while highly effective."


def _pictures(outcome: AccountingOutcome) -> list[Block]:
    captions = {
        "regression": ("Item against hedge held", "Green: slopes that the thresholds accept."),
        "offset": ("Offset and corridor", "Hover shows the figure where an offset lies beyond the axis."),
        "rolling": ("Rolling slope and R²", f"Last {_window(outcome)} changes; dotted: least R²; green: slopes."),
        "residuals": ("Autocorrelation of residuals", "Grey: what 95 % of white noise stays within."),
    }
    drawn = [name for name in FIGURES if _can_draw(outcome, name)]
    return [Picture(captions[name][0], FIGURES[name](outcome), captions[name][1], "in sample") for name in drawn]


def _can_draw(outcome: AccountingOutcome, name: str) -> bool:
    enough = {
        "offset": bool(len(outcome.offsets)),
        "rolling": len(outcome.data.changes) >= _window(outcome),
        "residuals": outcome.latest is not None,
    }
    return enough.get(name, True)


def _window(outcome: AccountingOutcome) -> int:
    return outcome.study.rolling or outcome.study.window or 30


def _regression_figure(outcome: AccountingOutcome) -> Figure:
    limits, fit = outcome.study.thresholds, outcome.latest
    rows = outcome.data.changes if outcome.study.window is None else outcome.data.changes.iloc[-outcome.study.window :]
    line = (float("nan"), 0.0) if fit is None else (fit.slope, fit.intercept)
    return offset_fan_figure(rows, slope=line[0], intercept=line[1], fan=(limits.slope_low, limits.slope_high))


def _offset_figure(outcome: AccountingOutcome) -> Figure:
    limits = outcome.study.thresholds
    return cumulative_offset_figure(outcome.offsets, corridor=(limits.corridor_low, limits.corridor_high))


def _rolling_figure(outcome: AccountingOutcome) -> Figure:
    limits, changes = outcome.study.thresholds, outcome.data.changes
    paths = rolling_regression(changes["item"], changes["hedge"], _window(outcome))
    return rolling_regression_figure(paths, slopes=(limits.slope_low, limits.slope_high), r_squared=limits.r_squared)


def _residual_figure(outcome: AccountingOutcome) -> Figure:
    if outcome.latest is None:
        raise InputError("there are no residuals: too few changes for a regression; use more data")
    return autocorrelation_figure(autocorrelation(outcome.latest.residuals), outcome.latest.n_obs)


FIGURES.update(
    regression=_regression_figure, offset=_offset_figure, rolling=_rolling_figure, residuals=_residual_figure
)
