"""The sentence at the top: whether any method beats the simplest one after costs, and whether hedging helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, nan

import pandas as pd

from hedgerow.compare.judging.failures import failure_sentences, unusable
from hedgerow.effectiveness import ReductionDraws
from hedgerow.ratios.refits import Failure
from hedgerow.units import to_percent

REFERENCES = ("ols", "expanding", "fixed", "naive")
"""Methods that a cleverer one must beat, the first that was run."""

PLAIN_NAMES = {
    "ols": "a constant OLS ratio",
    "expanding": "an OLS ratio on all past rows",
    "fixed": "the fixed ratio",
    "naive": "the naive ratio of one",
}
MOST_NAMES = 6
"""Methods of a confidence set that are named one by one."""


@dataclass(frozen=True)
class Evidence:
    """What a verdict weighs beyond the table and its draws; the default weighs nothing more.

    Attributes
    ----------
    members : tuple of str
        Methods in the model confidence set; empty where it was not tested.
    level : float
        Level of that set.
    superior_p_value : float
        Of the test of superior predictive ability with the reference as benchmark; NaN where not tested.
    significance : float
        Size at which that test counts.
    failures : mapping of str to tuple of Failure
        Judged refits that gave a method no ratio.
    refits : mapping of str to int
        How often each method was fitted.
    worth : mapping of str to float
        Risk saved less extra costs against the reference, a year, as a share of the exposure's value; NaN or missing
        where unknown or nothing was charged.
    taste : str
        The risk aversion behind ``worth``, in words.
    """

    members: tuple[str, ...] = ()
    level: float = nan
    superior_p_value: float = nan
    significance: float = nan
    failures: Mapping[str, tuple[Failure, ...]] = field(default_factory=dict)
    refits: Mapping[str, int] = field(default_factory=dict)
    worth: Mapping[str, float] = field(default_factory=dict)
    taste: str = ""


def figure_at(table: pd.DataFrame, row: str, column: str) -> float:
    """Return one figure of a table by its labels."""
    return float(table[column].to_numpy(dtype=float)[list(table.index).index(row)])


def reference_of(methods: tuple[str, ...]) -> str:
    """Return the method that the others are held against: the first of ``REFERENCES`` that was run, else the first."""
    return next((name for name in REFERENCES if name in methods), methods[0])


def verdict_on(table: pd.DataFrame, draws: ReductionDraws, evidence: Evidence | None = None) -> str:
    """Return the verdict on a race of methods.

    A method that failed at more than half of its refits is never the best. With three methods or more, the best beats
    the reference only where the test of superior predictive ability agrees and the model confidence set leaves the
    reference out: both count how many were tried.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: method, in the order of ``draws``; columns ``variance_reduction``, ``low``, ``high``, ``n_obs``.
    draws : ReductionDraws
        The same methods under the same resamples, from which differences get their intervals.
    evidence : Evidence, optional
        Tests that count all methods, failed refits, and what the methods are worth.
    """
    weighed = evidence or Evidence()
    out = unusable(weighed.failures, weighed.refits)
    ranked = table["variance_reduction"].drop([name for name in table.index if name in out])
    failed = failure_sentences(weighed.failures, weighed.refits)
    if not len(ranked):
        return " ".join(["No method can be called best: each failed at more than half of its refits.", *failed])
    said = _judged(table, draws, str(ranked.idxmax()), weighed)
    return " ".join([said, *_set_sentence(table, weighed, out), *failed])


def _judged(table: pd.DataFrame, draws: ReductionDraws, best: str, evidence: Evidence) -> str:
    reduction = to_percent(figure_at(table, best, "variance_reduction"))
    if not isfinite(figure_at(table, best, "low")):
        return (
            f"Too few rows were judged ({figure_at(table, best, 'n_obs'):.0f}) to say whether any hedge helps; "
            f"the best so far, {best}, removed {reduction:.1f} % of the variance."
        )
    if not figure_at(table, best, "low") > 0.0:
        return (
            f"No hedge is shown to help here: the best, {best}, removes {_figure(table, best)} of the variance out of "
            f"sample after costs, and its {to_percent(draws.confidence):.0f} % interval does not exclude zero."
        )
    rivals = [name for name in table.index if name not in REFERENCES]
    reference = next((name for name in REFERENCES if name in table.index), None)
    if reference is None or (best == reference and not rivals):
        return f"{best} removes {_figure(table, best)} of the variance out of sample after costs."
    return _against(reference, best, table, draws, evidence)


def _against(reference: str, best: str, table: pd.DataFrame, draws: ReductionDraws, evidence: Evidence) -> str:
    """Return the verdict where the best method meets the reference."""
    plain = PLAIN_NAMES[reference]
    keeps = f"it removes {_figure(table, reference)} of the variance out of sample after costs"
    finding = _constant_finding(table)
    if best == reference:
        return f"Nothing beats {plain} here: {keeps}.{finding}"
    methods = list(table.index)
    gap, number = draws.differences(methods.index(reference)), methods.index(best)
    reached = to_percent(figure_at(table, best, "variance_reduction"))
    reaches = _reaches(best, reached, to_percent(figure_at(table, reference, "variance_reduction")))
    if not gap.low[number] > 0.0:
        return f"Nothing beats {plain} here: {keeps}; {reaches}, a difference that chance explains.{finding}"
    if not _counts(reference, len(methods), evidence):
        return (
            f"Nothing beats {plain} here once the {len(methods)} methods tried are counted: {keeps}; {reaches} "
            f"and looks better taken alone, but the best of so many gets as far ahead by luck "
            f"(superior predictive ability: p = {evidence.superior_p_value:.2f}).{finding}"
        )
    low, high = to_percent(float(gap.low[number])), to_percent(float(gap.high[number]))
    more = reached - to_percent(figure_at(table, reference, "variance_reduction"))
    return (
        f"{best} beats {plain} here: it removes {_figure(table, best)} of the variance out of sample after costs, "
        f"{more:.1f} points more ({low:.{1 if low >= 0.05 else 2}f} to {high:.1f}){_as_good(best, table, draws)}"
        f"{_worth(best, evidence)}."
    )


def _reaches(best: str, reached: float, reference: float) -> str:
    """Return how far the best gets, told so that two figures that read the same do not stand for a difference."""
    if f"{reached:.1f}" != f"{reference:.1f}":
        return f"{best} reaches {reached:.1f} %"
    return f"{best} is ahead by less than 0.1 points"


def _counts(reference: str, tried: int, evidence: Evidence) -> bool:
    """Return whether a lead stands when all methods tried are counted; two methods, or no test, leave it standing."""
    if tried < 3 or not isfinite(evidence.superior_p_value):
        return True
    return evidence.superior_p_value <= evidence.significance and reference not in evidence.members


def _as_good(best: str, table: pd.DataFrame, draws: ReductionDraws) -> str:
    """Return a clause naming a plain ratio that chance does not tell from the best method, where there is one."""
    methods = list(table.index)
    gap = draws.differences(methods.index(best))
    for name in ("naive", "fixed"):
        if name in methods and name != best and not gap.high[methods.index(name)] < 0.0:
            reached = to_percent(figure_at(table, name, "variance_reduction"))
            return f"; but {PLAIN_NAMES[name]} ({reached:.1f} %) may do as well"
    return ""


def _worth(best: str, evidence: Evidence) -> str:
    """Return whether the risk that the winner saves pays for its extra trading, where costs were charged."""
    worth = evidence.worth.get(best, nan)
    if not isfinite(worth):
        return ""
    by = f"by {to_percent(abs(worth)):.2g} % of the exposure's value a year at {evidence.taste}"
    if worth > 0.0:
        return f"; the risk it saves is worth more than its trading costs, {by}"
    return f"; but its trading costs more than the risk it saves is worth, {by}"


def _constant_finding(table: pd.DataFrame) -> str:
    cleverer = [name for name in table.index if name not in REFERENCES]
    if len(cleverer) < 2:
        return ""
    return (
        f" That a plain ratio holds against {len(cleverer)} cleverer methods is a finding, not a failure of the race."
    )


def _set_sentence(table: pd.DataFrame, evidence: Evidence, out: frozenset[str]) -> list[str]:
    """Return which methods cannot be told from the best, where three or more were tried and tested.

    Methods that are not ranked are not named, not even where the set holds them.
    """
    members = tuple(name for name in evidence.members if name not in out)
    if len(table) < 3 or not members:
        return []
    level, tried = f"{to_percent(evidence.level):.0f} % confidence", len(table)
    if len(members) == tried:
        return [f"At {level} none of the {tried} methods can be told from the best."]
    if len(evidence.members) == 1:
        return [f"At {level} {members[0]} is the best of the {tried} methods."]
    return [f"At {level} {listed(members)} cannot be told from the best of the {tried} methods."]


def listed(names: tuple[str, ...]) -> str:
    """Return names as a list in words, cut where it is long."""
    if len(names) > MOST_NAMES:
        return f"{', '.join(names[:MOST_NAMES])} and {len(names) - MOST_NAMES} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _figure(table: pd.DataFrame, method: str) -> str:
    """Return ``84.2 % (80.1 to 87.9)`` for a method's variance reduction."""
    value, low, high = (to_percent(figure_at(table, method, name)) for name in ("variance_reduction", "low", "high"))
    return f"{value:.1f} % ({low:.1f} to {high:.1f})"
