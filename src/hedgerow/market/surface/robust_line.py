"""A straight line through points of which some are wrong.

>>> import numpy as np
>>> from hedgerow.market.surface.robust_line import robust_line
>>> x = np.arange(8.0)
>>> y = 1.0 - 2.0 * x
>>> y[3] += 500.0
>>> line = robust_line(x, y, np.full(8, 0.1))
>>> round(line.intercept, 9), round(line.slope, 9), int(line.used.sum())
(1.0, -2.0, 7)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray

_ALL_PAIRS = 400
_NORMAL_SCALE = 1.4826
"""Median absolute deviation times this estimates the standard deviation of normal errors."""


@dataclass(frozen=True)
class Line:
    """y = intercept + slope x, with its covariance and the points it leans on.

    Attributes
    ----------
    intercept, slope : float
        Of the line.
    covariance : array of shape (2, 2)
        Of intercept and slope, from the residuals of the points used.
    used : bool array
        Points that the last least squares used.
    """

    intercept: float
    slope: float
    covariance: FloatArray
    used: BoolArray


def weighted_median(values: FloatArray, weights: FloatArray) -> float:
    """Return the value below which half of the weight lies; the middle of two where weight divides evenly."""
    order = np.argsort(values, kind="stable")
    cumulated = np.cumsum(weights[order])
    half = 0.5 * cumulated[-1]
    place = int(np.searchsorted(cumulated, half * (1.0 - 1e-12)))
    after = min(place + 1, len(values) - 1) if cumulated[place] <= half * (1.0 + 1e-12) else place
    return float(0.5 * (values[order[place]] + values[order[after]]))


def least_squares_line(x: FloatArray, y: FloatArray, widths: FloatArray, used: BoolArray | None = None) -> Line:
    """Return the line that minimises the sum of ((y - line) / width)^2 over the points used.

    Parameters
    ----------
    x, y, widths : array of shape (points,)
        Places, values and the width (half a spread) of each value.
    used : bool array, optional
        Points to use; all when None.
    """
    chosen = np.ones(len(x), dtype=bool) if used is None else used
    centre = x[chosen].mean()
    design = np.column_stack((np.ones(chosen.sum()), x[chosen] - centre)) / widths[chosen, None]
    found = np.linalg.lstsq(design, y[chosen] / widths[chosen], rcond=None)[0]
    residuals = y[chosen] / widths[chosen] - design @ found
    freedom = max(int(chosen.sum()) - 2, 1)
    spread = np.linalg.inv(design.T @ design) * (residuals @ residuals) / freedom
    turn = np.array([[1.0, -centre], [0.0, 1.0]])
    return Line(float(found[0] - centre * found[1]), float(found[1]), turn @ spread @ turn.T, chosen)


def _pairs(x: FloatArray) -> tuple[IntArray, IntArray]:
    """Return all pairs of points, or each of the lower half with its partner in the upper half where they are many."""
    if len(x) <= _ALL_PAIRS:
        first, second = np.triu_indices(len(x), k=1)
        return first, second
    order, half = np.argsort(x, kind="stable"), len(x) // 2
    return order[:half], order[len(x) - half :]


def robust_line(x: FloatArray, y: FloatArray, widths: FloatArray) -> Line:
    """Return a line that wrong points, up to more than a quarter of all, cannot move by more than the others' noise.

    The median of the slopes between all pairs of points (weighted by the distance of the two), then the median
    intercept; points farther off than their width and three robust standard deviations leave; least squares through
    the rest.

    Parameters
    ----------
    x, y, widths : array of shape (points,)
        Places, values and the width (half a spread) of each value; two or more different places.

    References
    ----------
    P. K. Sen, *Estimates of the regression coefficient based on Kendall's tau*, JASA 63 (1968) 1379-1389.
    """
    first, second = _pairs(x)
    apart = x[second] - x[first]
    first, second, apart = first[apart != 0.0], second[apart != 0.0], apart[apart != 0.0]
    slope = weighted_median((y[second] - y[first]) / apart, np.abs(apart))
    # The width of a quote is its own claim, which a wrong quote makes as boldly as a right one: no weights here.
    rest = y - slope * x
    residuals = rest - np.median(rest)
    scale = _NORMAL_SCALE * float(np.median(np.abs(residuals)))
    near = np.abs(residuals) <= np.maximum(np.minimum(widths, 3.0 * np.median(widths)), 3.0 * scale)
    if near.sum() < 3 or np.ptp(x[near]) == 0.0:
        near = np.ones(len(x), dtype=bool)
    return least_squares_line(x, y, widths, near)
