"""Risk measures of a series of changes; losses are positive.

Each takes changes (n,) in money (or in the unit of the exposure) and returns one number in the same unit, or in its
square for the variances.
"""

from __future__ import annotations

from math import floor

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.changes import checked_changes, checked_share

_WHOLE = 1e-9


def variance(changes: ArrayLike) -> float:
    """Return the sample variance, divisor n - 1; exactly 0 for a constant series, NaN below two rows.

    Examples
    --------
    >>> variance([1.0, 2.0, 3.0])
    1.0
    """
    values = checked_changes(changes, "changes")
    if len(values) < 2:
        return float("nan")
    if np.ptp(values) == 0.0:  # the mean of equal numbers may be off by a rounding, which would leave a tiny variance
        return 0.0
    return float(values.var(ddof=1))


def semivariance(changes: ArrayLike) -> float:
    """Return ``mean(min(change, 0)^2)``: the target is zero, all rows are in the divisor; NaN without rows.

    Examples
    --------
    >>> semivariance([-2.0, 1.0])
    2.0
    """
    values = checked_changes(changes, "changes")
    return float(np.mean(np.minimum(values, 0.0) ** 2)) if len(values) else float("nan")


def quantile_place(n: int, level: float) -> tuple[int, float]:
    """Return the rank (from 0) below the ``1 - level`` quantile of n ordered values, and the weight of the next one.

    A place that is whole but for rounding is made whole: otherwise the tail of CVaR would lose a row for some
    levels and not for others.
    """
    place = (n - 1) * (1.0 - level)
    if abs(place - round(place)) < _WHOLE:
        return round(place), 0.0
    return floor(place), place - floor(place)


def value_at_risk(changes: ArrayLike, level: float = 0.95) -> float:
    """Return the loss exceeded in ``1 - level`` of the rows: minus the quantile, linear between order statistics.

    Positive means a loss; NaN without rows.

    Examples
    --------
    >>> value_at_risk([-3.0, -1.0, 0.0, 1.0, 2.0], level=0.75)
    1.0
    """
    values, rank, weight = _ordered(changes, level)
    if not len(values):
        return float("nan")
    below, above = values[rank], values[min(rank + 1, len(values) - 1)]
    return float(-(below + weight * (above - below)))


def cvar(changes: ArrayLike, level: float = 0.95) -> float:
    """Return the mean loss in the tail: minus the mean of the changes at or below the ``1 - level`` quantile.

    Positive means a loss; ties with the quantile belong to the tail; NaN without rows.

    Examples
    --------
    >>> cvar([-3.0, -1.0, 0.0, 1.0, 2.0], level=0.75)
    2.0
    """
    values, rank, _ = _ordered(changes, level)
    return float(-values[values <= values[rank]].mean()) if len(values) else float("nan")


def max_drawdown(changes: ArrayLike) -> float:
    """Return the largest fall of the cumulative change from its peak, in money; the start, 0, counts as a peak.

    Never negative; NaN without rows.

    Examples
    --------
    >>> max_drawdown([1.0, -3.0, 2.0])
    3.0
    """
    values = checked_changes(changes, "changes")
    if not len(values):
        return float("nan")
    wealth = np.cumsum(values)
    peak = np.maximum(np.maximum.accumulate(wealth), 0.0)
    return float(np.max(peak - wealth))


def _ordered(changes: ArrayLike, level: float) -> tuple[FloatArray, int, float]:
    values = np.sort(checked_changes(changes, "changes"))
    rank, weight = quantile_place(max(len(values), 1), checked_share(level, "level"))
    return values, rank, weight
