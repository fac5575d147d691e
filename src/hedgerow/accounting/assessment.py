"""From tests to criteria, one by one, and a conclusion per framework: never a bare pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from hedgerow.accounting.frameworks import Framework, RetrospectiveMethod, Status
from hedgerow.accounting.regression import EffectivenessRegression
from hedgerow.accounting.thresholds import AccountingThresholds

Outcome = Literal["met", "not met", "not assessable", "to be judged", "information"]


@dataclass(frozen=True)
class Criterion:
    """One thing a framework, or its practice, asks; and what was found.

    Attributes
    ----------
    name, requirement, found : str
    outcome : str
        ``met``, ``not met``, ``not assessable``, ``to be judged`` (by preparer and auditor) or ``information``.
    status : str
        ``rule``, ``practice`` or ``information``.
    reference : str
        Where the framework says so.
    """

    name: str
    requirement: str
    found: str
    outcome: Outcome
    status: Status
    reference: str


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the criteria of a framework are judged on, at one date.

    Parameters
    ----------
    prospective : EffectivenessRegression or None
        On the rows of the documented window up to the date; None where there were too few.
    offset, cumulative_offset : float or None
        Of the last period and since designation; None where the small-numbers rule said not to judge, or no period
        has ended.
    variance_reduction : float
        1 - Var(item + hedge) / Var(item) with the ratio really held; NaN where unknown.
    missing : tuple of str
        Contents of the file that nobody stated.
    credit_risk : str
        The preparer's assessment.
    ratio : str
        Designated ratio, quantities and rounding, in words.
    ratio_fits : bool or None
        Whether the quantities held are those of the designated ratio, but for rounding to whole contracts; None where
        no ratio was designated.
    thresholds : AccountingThresholds
    method : str or None
        Documented retrospective method; the framework's own where None.
    ended : date or None
        End of the first period whose retrospective test failed; None where none did.
    """

    prospective: EffectivenessRegression | None
    offset: float | None = None
    cumulative_offset: float | None = None
    variance_reduction: float = float("nan")
    missing: tuple[str, ...] = ()
    credit_risk: str = ""
    ratio: str = ""
    ratio_fits: bool | None = None
    thresholds: AccountingThresholds = field(default_factory=AccountingThresholds)
    method: RetrospectiveMethod | None = None
    ended: dt.date | None = None


def assess(framework: Framework, evidence: Evidence) -> tuple[Criterion, ...]:
    """Return every criterion of a framework with what was found.

    Parameters
    ----------
    framework : Framework
    evidence : Evidence

    Returns
    -------
    tuple of Criterion

    Examples
    --------
    >>> from hedgerow.accounting import FRAMEWORKS
    >>> [row.outcome for row in assess(FRAMEWORKS["ifrs9"], Evidence(None, credit_risk="rated A"))][:3]
    ['met', 'not assessable', 'to be judged']
    """
    shared = [_documentation(framework, evidence)]
    if framework.economic_relationship:
        first = (_relationship(framework, evidence), _credit(framework, evidence), _ratio(framework, evidence))
        return (*shared, *first, *_figures(framework, evidence, deciding=False))
    last = (_past(framework, evidence), _credit(framework, evidence), _ratio(framework, evidence))
    return (*shared, *_figures(framework, evidence, deciding=True), *last)


def retrospective_pass(framework: Framework, evidence: Evidence) -> bool | None:
    """Return whether the period that has passed was highly effective by the documented method.

    Parameters
    ----------
    framework : Framework
    evidence : Evidence
        As of the period's end.

    Returns
    -------
    bool or None
        None where the framework asks no retrospective test, or nothing could be judged; hedge accounting then goes on.
    """
    method, limits = retrospective_method(framework, evidence.method), evidence.thresholds
    if method is None:
        return None
    if method == "regression":
        return None if evidence.prospective is None else evidence.prospective.passes(limits)
    offset = evidence.offset if method == "period offset" else evidence.cumulative_offset
    return None if offset is None else limits.inside(offset)


def conclusion(framework: Framework, criteria: Sequence[Criterion], as_of: dt.date) -> str:
    """Return one sentence that says what is met, what is not, and what a person has to judge.

    Parameters
    ----------
    framework : Framework
    criteria : sequence of Criterion
    as_of : date
        Date of the document.

    Returns
    -------
    str

    Examples
    --------
    >>> from hedgerow.accounting import FRAMEWORKS
    >>> row = Criterion("R²", "0.80 or more", "0.71", "not met", "practice", "")
    >>> conclusion(FRAMEWORKS["asc815"], [row], dt.date(2026, 3, 31))
    'US GAAP ASC 815 on 2026-03-31: 0 of 1 criteria that figures decide are met; not met: R² (practice).'
    """
    deciding = [row for row in criteria if row.outcome in ("met", "not met", "not assessable")]
    parts = [f"{sum(row.outcome == 'met' for row in deciding)} of {len(deciding)} criteria that figures decide are met"]
    for outcome, words in (
        ("not met", "not met"),
        ("not assessable", "not assessable on these data"),
        ("to be judged", "for preparer and auditor to judge"),
    ):
        names = [f"{row.name} ({row.status})" for row in criteria if row.outcome == outcome]
        if names:
            parts.append(f"{words}: {', '.join(names)}")
    return f"{framework.title} on {as_of}: {'; '.join(parts)}."


def criteria_table(criteria: Sequence[Criterion]) -> pd.DataFrame:
    """Return criteria as a table by name.

    Parameters
    ----------
    criteria : sequence of Criterion

    Returns
    -------
    pandas.DataFrame, (n_criteria, 5)
        ``asked``, ``found``, ``outcome``, ``rule or practice``, ``reference``.
    """
    rows = [(row.requirement, row.found, row.outcome, row.status, row.reference) for row in criteria]
    columns = ["asked", "found", "outcome", "rule or practice", "reference"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index([row.name for row in criteria], name="criterion"))


def _documentation(framework: Framework, evidence: Evidence) -> Criterion:
    missing = evidence.missing
    found = "every content is stated" if not missing else f"not stated: {', '.join(missing).replace('_', ' ')}"
    outcome: Outcome = "not met" if missing else "met"
    asked = "the file states its fifteen contents"
    return Criterion("documentation", asked, found, outcome, "rule", framework.reference("documentation"))


def _credit(framework: Framework, evidence: Evidence) -> Criterion:
    stated = evidence.credit_risk.strip()
    outcome: Outcome = "to be judged" if stated else "not met"
    asked = "credit risk does not dominate the value changes"
    reference = framework.reference("credit risk")
    return Criterion("credit risk", asked, stated or "no assessment is stated", outcome, "rule", reference)


def _ratio(framework: Framework, evidence: Evidence) -> Criterion:
    known = {True: "met", False: "not met", None: "to be judged"}
    outcome: Outcome = known[evidence.ratio_fits]  # type: ignore[assignment]
    status: Status = "rule" if framework.economic_relationship else "practice"
    asked = "the quantities held are those designated, but for rounding"
    found = evidence.ratio or "quantities only; no ratio is designated"
    return Criterion("hedge ratio", asked, found, outcome, status, framework.reference("hedge ratio"))


def _past(framework: Framework, evidence: Evidence) -> Criterion:
    method = retrospective_method(framework, evidence.method) or "none asked"
    asked = f"no period since designation failed its retrospective test ({method})"
    reference = framework.reference("assessment")
    if evidence.ended is None:
        return Criterion("every period so far", asked, "none failed", "met", "rule", reference)
    found = f"failed for the period that ends on {evidence.ended}: hedge accounting has ended"
    return Criterion("every period so far", asked, found, "not met", "rule", reference)


def _relationship(framework: Framework, evidence: Evidence) -> Criterion:
    """Return the criterion that no figure settles alone: only a wrong direction, seen beyond chance, refutes it."""
    fit, level = evidence.prospective, evidence.thresholds.significance
    asked = "both sides move in opposite directions because of the same risk, and the file says why"
    name, reference = "economic relationship", framework.reference("economic relationship")
    if fit is None:
        return Criterion(name, asked, "too few changes for a regression", "not assessable", "rule", reference)
    found = f"slope {fit.slope:.3f}, p {fit.p_value:.2g}, R² {fit.r_squared:.3f}, n {fit.n_obs}"
    stated = "economic_relationship" not in evidence.missing
    if fit.p_value > level:
        found += "; chance alone may make such a slope"
    elif not stated:
        found += "; the file does not say why, and a correlation alone proves nothing"
    outcome: Outcome = "to be judged" if fit.p_value > level or not stated else "met"
    return Criterion(name, asked, found, "not met" if fit.slope >= 0.0 else outcome, "rule", reference)


def retrospective_method(framework: Framework, documented: RetrospectiveMethod | None) -> RetrospectiveMethod | None:
    """Return how the past is tested: as documented, else as the framework does; None where it asks no such test.

    Parameters
    ----------
    framework : Framework
    documented : str or None
        The method the file names.

    Returns
    -------
    str or None
    """
    return None if framework.retrospective is None else documented or framework.retrospective


def _figures(framework: Framework, evidence: Evidence, *, deciding: bool) -> list[Criterion]:
    """Return the criteria that are figures; without ``deciding`` they only inform."""
    status: Status = "practice" if deciding else "information"
    rows = [
        _figure(name, asked if deciding else _house(framework, asked), *found, status, decides=deciding)
        for name, (asked, found) in _regression_figures(evidence.prospective, evidence.thresholds).items()
    ]
    rows += [_offset(framework, evidence, name) for name in ("period offset", "cumulative offset")]
    reduction = evidence.variance_reduction
    found = "unknown" if reduction != reduction else f"{reduction:.1%}"
    asked = "none: shown for the hedge held, with the ratio really used"
    return [*rows, Criterion("variance reduction", asked, found, "information", "information", "")]


def _house(framework: Framework, line: str) -> str:
    """Return what is asked where the framework draws no line: nothing, and where the house looks."""
    return f"no line in {framework.title}; the house looks for {line}"


def _regression_figures(
    fit: EffectivenessRegression | None, limits: AccountingThresholds
) -> dict[str, tuple[str, tuple[bool | None, str]]]:
    """Return by criterion what is asked, whether it holds (None where there is no regression) and what was found."""
    asked = {
        "slope": f"{limits.slope_low:g} to {limits.slope_high:g} with the sign of a hedge",
        "R²": f"{limits.r_squared:g} or more",
        "significance of slope (t)": f"p at most {limits.significance:g}",
        "significance of fit (F)": f"p at most {limits.significance:g}",
        "observations": f"{limits.fewest} or more",
    }
    if fit is None:
        return {name: (text, (None, "too few changes for a regression")) for name, text in asked.items()}
    found = {
        "slope": (fit.slope_inside(limits), f"{-fit.slope:.3f} (item on hedge held: {fit.slope:.3f})"),
        "R²": (fit.r_squared >= limits.r_squared, f"{fit.r_squared:.3f}"),
        "significance of slope (t)": (
            fit.p_value <= limits.significance,
            f"t {fit.t_statistic:.4g}, p {fit.p_value:.2g}",
        ),
        "significance of fit (F)": (
            fit.f_p_value <= limits.significance,
            f"F {fit.f_statistic:.4g}, p {fit.f_p_value:.2g}",
        ),
        "observations": (fit.n_obs >= limits.fewest, f"{fit.n_obs}"),
    }
    return {name: (text, found[name]) for name, text in asked.items()}


def _offset(framework: Framework, evidence: Evidence, name: str) -> Criterion:
    """Return the criterion of a dollar offset; it decides where it is the documented method."""
    limits = evidence.thresholds
    decides = retrospective_method(framework, evidence.method) == name
    offset = evidence.offset if name == "period offset" else evidence.cumulative_offset
    asked = f"{limits.corridor_low:.0%} to {limits.corridor_high:.0%}"
    asked = asked if framework.retrospective is not None else _house(framework, asked)
    if offset is None:
        holds, found = None, "not judged: small numbers, or no period has ended"
    else:
        holds, found = limits.inside(offset), f"{offset:.1%}"
    status: Status = framework.corridor if decides else "information"
    criterion = _figure(name, asked, holds, found, status, decides=decides)
    return replace(criterion, reference=framework.reference("corridor")) if decides else criterion


def _figure(name: str, asked: str, holds: bool | None, found: str, status: Status, *, decides: bool) -> Criterion:
    known: dict[bool | None, Outcome] = {True: "met", False: "not met", None: "not assessable"}
    if decides:
        return Criterion(name, asked, found, known[holds], status, "")
    side = {True: " (inside)", False: " (outside)", None: ""}[holds]
    return Criterion(name, asked, found + side, "information", status, "")
