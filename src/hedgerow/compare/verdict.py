"""The sentence at the top: whether any method beats the simplest one after costs, and whether hedging helps."""

from __future__ import annotations

from math import isfinite

import pandas as pd

from hedgerow.effectiveness import ReductionDraws
from hedgerow.units import to_percent

REFERENCES = ("ols", "expanding", "fixed", "naive")
"""Methods that a cleverer one must beat, the first that was run."""

PLAIN_NAMES = {
    "ols": "a constant OLS ratio",
    "expanding": "an OLS ratio on all past rows",
    "fixed": "the fixed ratio",
    "naive": "the naive ratio of one",
}


def figure_at(table: pd.DataFrame, row: str, column: str) -> float:
    """Return one figure of a table by its labels."""
    return float(table[column].to_numpy(dtype=float)[list(table.index).index(row)])


def verdict_on(table: pd.DataFrame, draws: ReductionDraws) -> str:
    """Return the verdict on a race of methods.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: method, in the order of ``draws``; columns ``variance_reduction``, ``low``, ``high``, ``n_obs``.
    draws : ReductionDraws
        The same methods under the same resamples, from which differences get their intervals.
    """
    best = str(table["variance_reduction"].idxmax())
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
    return _against(reference, best, table, draws)


def _against(reference: str, best: str, table: pd.DataFrame, draws: ReductionDraws) -> str:
    """Return the verdict where the best method meets the reference."""
    plain = PLAIN_NAMES[reference]
    keeps = f"it removes {_figure(table, reference)} of the variance out of sample after costs"
    if best == reference:
        return f"Nothing beats {plain} here: {keeps}."
    methods = list(table.index)
    gap, number = draws.differences(methods.index(reference)), methods.index(best)
    reached = figure_at(table, best, "variance_reduction")
    if not gap.low[number] > 0.0:
        return (
            f"Nothing beats {plain} here: {keeps}; {best} reaches {to_percent(reached):.1f} %, "
            "a difference that chance explains."
        )
    low, high = to_percent(float(gap.low[number])), to_percent(float(gap.high[number]))
    more = to_percent(reached - figure_at(table, reference, "variance_reduction"))
    return (
        f"{best} beats {plain} here: it removes {_figure(table, best)} of the variance out of sample after costs, "
        f"{more:.1f} points more ({low:.{1 if low >= 0.05 else 2}f} to {high:.1f}){_as_good(best, table, draws)}."
    )


def _as_good(best: str, table: pd.DataFrame, draws: ReductionDraws) -> str:
    """Return a clause naming a plain ratio that chance does not tell from the best method, where there is one."""
    methods = list(table.index)
    gap = draws.differences(methods.index(best))
    for name in ("naive", "fixed"):
        if name in methods and name != best and not gap.high[methods.index(name)] < 0.0:
            reached = to_percent(figure_at(table, name, "variance_reduction"))
            return f"; but {PLAIN_NAMES[name]} ({reached:.1f} %) may do as well"
    return ""


def _figure(table: pd.DataFrame, method: str) -> str:
    """Return ``84.2 % (80.1 to 87.9)`` for a method's variance reduction."""
    value, low, high = (to_percent(figure_at(table, method, name)) for name in ("variance_reduction", "low", "high"))
    return f"{value:.1f} % ({low:.1f} to {high:.1f})"
