"""Bounds on ratios, and a smooth convex function's least point within them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError

Bounds = Any
"""None, one pair ``(low, high)`` for every hedge, or a pair per hedge; None within a pair is no bound."""

MOST_STEPS = 200
SHORTEST_STEP = 1e-14
REST = 1e-13
"""Projected gradient, as a share of the terms that it is the sum of, at which a search rests."""

VANISHED = 1e-24
"""Share of the first value below which one is nothing but rounding: where the function is never below 0."""

NEAR_REST = 1e-8
"""The same where steps no longer make it smaller."""

Expansion = Callable[[FloatArray], tuple[float, FloatArray, FloatArray, FloatArray]]
"""A ratio's value, gradient (k,), size of the gradient's terms (k,) and Hessian (k, k)."""


def bounds_of(bounds: Bounds, n_hedges: int) -> tuple[FloatArray, FloatArray]:
    """Return lower and upper bounds (n_hedges,) of the ratios, infinite where there are none.

    Raises
    ------
    InputError
        Where there are neither two numbers nor two per hedge, or a lower bound is above its upper one.

    Examples
    --------
    >>> bounds_of((0, None), 2)
    (array([0., 0.]), array([inf, inf]))
    """
    if bounds is None:
        return np.full(n_hedges, -np.inf), np.full(n_hedges, np.inf)
    try:
        pairs = np.array(bounds, dtype=object)
        pairs = np.tile(pairs, (n_hedges, 1)) if pairs.shape == (2,) else pairs
        if pairs.shape != (n_hedges, 2):
            raise ValueError
        low = np.array([-np.inf if value is None else float(value) for value in pairs[:, 0]])
        high = np.array([np.inf if value is None else float(value) for value in pairs[:, 1]])
    except (TypeError, ValueError):
        raise InputError(
            f"bounds must be one pair (low, high) or one pair per hedge ({n_hedges}), not {bounds!r}"
        ) from None
    if not np.all(low <= high):
        raise InputError(f"each lower bound must not be above its upper bound: {bounds!r}; no ratio would be allowed")
    return low, high


@dataclass(frozen=True)
class BoxMinimum:
    """Where a search within bounds ended.

    Attributes
    ----------
    point
        (k,) the best point.
    steps
        Newton steps taken.
    gradient
        Largest element of the gradient there, as a share of its terms, leaving out what a bound holds.
    rested
        Whether the search came to rest rather than to the end of its steps.
    """

    point: FloatArray
    steps: int
    gradient: float
    rested: bool


def minimise_in_box(expand: Expansion, start: FloatArray, low: FloatArray, high: FloatArray) -> BoxMinimum:
    """Return the least point of a smooth convex function within bounds, by projected Newton steps.

    References
    ----------
    Bertsekas, D. P. (1982), SIAM Journal on Control and Optimization 20, 221-246.
    """
    point = np.clip(start, low, high)
    value, gradient, size, hessian = expand(point)
    before, share, nothing = point, np.inf, VANISHED * value
    for steps in range(MOST_STEPS):
        free = _free(point, gradient, low, high)
        last, share = share, _share(gradient, size, free)
        if share <= REST or 0.0 <= value <= nothing:
            return BoxMinimum(point, steps, share, True)
        if last <= NEAR_REST and share > 0.5 * last:  # Newton's steps square a small gradient: this is rounding
            return BoxMinimum(point, steps, share, True) if share < last else BoxMinimum(before, steps, last, True)
        direction = np.zeros_like(point)
        direction[free] = -np.linalg.lstsq(hessian[np.ix_(free, free)], gradient[free], rcond=None)[0]
        if not gradient @ direction < 0.0:
            direction = np.where(free, -gradient, 0.0)
        length = 1.0
        while length > SHORTEST_STEP:
            trial = np.clip(point + length * direction, low, high)
            expanded = expand(trial)
            if expanded[0] <= value + 1e-4 * gradient @ (trial - point):
                break
            length *= 0.5
        else:  # no step falls by more than rounding: this is as low as numbers tell
            return BoxMinimum(point, steps, share, share <= NEAR_REST)
        before = point
        point, (value, gradient, size, hessian) = trial, expanded
    share = _share(gradient, size, _free(point, gradient, low, high))
    return BoxMinimum(point, MOST_STEPS, share, share <= NEAR_REST)


def at_bounds(ratio: FloatArray, low: FloatArray, high: FloatArray) -> bool:
    """Return whether a bound holds any of the ratios."""
    return bool(np.any((ratio <= low) | (ratio >= high)))


def _free(point: FloatArray, gradient: FloatArray, low: FloatArray, high: FloatArray) -> BoolArray:
    return ~(((point <= low) & (gradient > 0.0)) | ((point >= high) & (gradient < 0.0)))


def _share(gradient: FloatArray, size: FloatArray, free: BoolArray) -> float:
    shares = np.divide(np.abs(gradient), size, out=np.zeros_like(gradient), where=size > 0.0)
    return float(np.max(shares[free], initial=0.0))
