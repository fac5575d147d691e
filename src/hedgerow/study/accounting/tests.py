"""The tests of an accounting study at inception and at every reporting date, and what each framework makes of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.accounting import (
    AccountingThresholds,
    EffectivenessRegression,
    Evidence,
    Framework,
    HedgeRelationship,
    assess,
    conclusion,
    default_accounts,
    dollar_offset,
    journal_lines,
    measure_hedge,
    money,
    offset_failures,
    regress_item,
    retrospective_method,
    retrospective_pass,
)
from hedgerow.effectiveness import variance_reduction
from hedgerow.errors import DataError
from hedgerow.market.numbers import counted
from hedgerow.study.accounting.data import AccountingData, day
from hedgerow.study.accounting.run import FrameworkResult
from hedgerow.study.accounting.words import AccountingStudy

if TYPE_CHECKING:
    from hedgerow.accounting.frameworks import RetrospectiveMethod


@dataclass(frozen=True, eq=False)
class Tested:
    """Everything that was tested.

    Attributes
    ----------
    thresholds : AccountingThresholds
    offsets : DataFrame
    at_ends : tuple of EffectivenessRegression or None
        At the end of each reporting period.
    inception, latest : EffectivenessRegression or None
    reduction : float
        Variance reduction of the hedge held over the latest window.
    table : DataFrame
        One row per date.
    """

    thresholds: AccountingThresholds
    offsets: pd.DataFrame = field(repr=False)
    at_ends: tuple[EffectivenessRegression | None, ...]
    inception: EffectivenessRegression | None
    latest: EffectivenessRegression | None
    reduction: float
    table: pd.DataFrame = field(repr=False)


def run_tests(study: AccountingStudy, data: AccountingData) -> Tested:
    """Test the relationship at designation, at the end of every period, and at the date of the document."""
    limits = AccountingThresholds(**study.thresholds.model_dump())
    offsets = dollar_offset(data.periods, limits)
    dates = [data.designated, *data.periods.ends]
    fits = [_regression(_rows(study, data, date)) for date in dates]
    now = _rows(study, data, data.as_of)
    rows = [_test_row(study, data, date, fit) for date, fit in zip(dates, fits, strict=True)]
    labels = [f"{data.designated} (inception)", *(end.isoformat() for end in data.periods.ends)]
    table = pd.DataFrame(rows, index=pd.Index(labels, name="tested on"))
    for name in ("offset", "cumulative_offset"):
        table[name] = [float("nan"), *offsets[name]]
    reduction = _reduction(now)
    return Tested(limits, offsets, tuple(fits[1:]), fits[0], _regression(now), reduction, table)


def apply_framework(
    framework: Framework, study: AccountingStudy, data: AccountingData, relationship: HedgeRelationship, tested: Tested
) -> FrameworkResult:
    """Return criteria, conclusion, measurement and journal of one framework."""
    evidence = _evidence(study, data, relationship, tested)
    passed = []
    for place, fit in enumerate(tested.at_ends):
        single, whole = _judged_offsets(tested.offsets, place)
        passed.append(
            retrospective_pass(framework, replace(evidence, prospective=fit, offset=single, cumulative_offset=whole))
        )
    ended = next((end for end, each in zip(data.periods.ends, passed, strict=True) if each is False), None)
    criteria = assess(framework, replace(evidence, ended=ended))
    leaving = {day(each.end, "reclassified"): money(each.amount, study.digits) for each in study.reclassified}
    kind = study.relationship.type
    rows = measure_hedge(
        data.periods, framework, kind, qualifies=[each is not False for each in passed], reclassified=leaving
    )
    lines = journal_lines(rows, kind, default_accounts(framework, kind))
    said = conclusion(framework, criteria, data.as_of)
    return FrameworkResult(framework, criteria, said, tuple(passed), rows, lines)


def remarks(results: Sequence[FrameworkResult], tested: Tested, study: AccountingStudy) -> tuple[str, ...]:
    """Return what a reader has to know of these tests, one sentence each."""
    found = [result.conclusion for result in results] if len(results) > 1 else []
    for result in results:
        ended = [row.end for row in result.periods if not row.hedged]
        if ended:
            method = retrospective_method(result.framework, study.retrospective)
            found.append(
                f"{result.framework.title}: the retrospective test ({method}) fails for the period that ends on "
                f"{ended[0]}; hedge accounting is taken to end before that period, and its gains and losses go to "
                "profit or loss"
            )
    failed = offset_failures(tested.offsets), offset_failures(tested.offsets, cumulative=True)
    if any(failed):
        found.append(
            f"outside the corridor lie {counted(len(failed[0]), 'period offset')} and "
            f"{counted(len(failed[1]), 'cumulative offset')}; the operating characteristics say how often a hedge as "
            "good as it can be does that"
        )
    flagged = int((tested.offsets["note"] != "judged").sum())
    if flagged:
        found.append(
            f"flagged and not judged: {counted(flagged, 'period offset')} ({tested.thresholds.small_numbers_rule})"
        )
    return tuple(found)


def method_of(framework: Framework, study: AccountingStudy) -> RetrospectiveMethod | None:
    """Return the retrospective method that counts for a framework."""
    return retrospective_method(framework, study.retrospective)


def _rows(study: AccountingStudy, data: AccountingData, date: dt.date) -> pd.DataFrame:
    """Return the latest window of changes known on a date."""
    known = data.changes[data.changes.index < pd.Timestamp(date) + pd.Timedelta(days=1)]
    return known if study.window is None else known.iloc[-study.window :]


def _regression(rows: pd.DataFrame) -> EffectivenessRegression | None:
    try:
        return regress_item(rows["item"], rows["hedge"])
    except DataError:  # too few rows, or a side that stands still: the criteria say that nothing could be assessed
        return None


def _reduction(rows: pd.DataFrame) -> float:
    return variance_reduction(rows["item"].to_numpy(), (rows["item"] + rows["hedge"]).to_numpy())


def _test_row(
    study: AccountingStudy, data: AccountingData, date: dt.date, fit: EffectivenessRegression | None
) -> dict[str, float]:
    names = ("n_obs", "slope", "intercept", "r_squared", "t_statistic", "p_value", "f_statistic", "hac_t_statistic")
    nothing = float("nan")
    found = {name: nothing if fit is None else float(getattr(fit, name)) for name in names}
    return found | {"variance_reduction": _reduction(_rows(study, data, date))}


def _judged_offsets(offsets: pd.DataFrame, place: int) -> tuple[float | None, float | None]:
    """Return period and cumulative offset of a period, None where the small-numbers rule does not judge."""
    row = offsets.iloc[place]
    pairs = (("offset", "inside"), ("cumulative_offset", "cumulative_inside"))
    single, whole = (None if row[inside] is None else float(row[name]) for name, inside in pairs)
    return single, whole


def _evidence(
    study: AccountingStudy, data: AccountingData, relationship: HedgeRelationship, tested: Tested
) -> Evidence:
    single, whole = _judged_offsets(tested.offsets, -1) if len(tested.offsets) else (None, None)
    return Evidence(
        tested.latest, single, whole, tested.reduction, relationship.missing, study.relationship.credit_risk,
        relationship.designated_ratio, data.position.fits, tested.thresholds, study.retrospective,
    )  # fmt: skip
