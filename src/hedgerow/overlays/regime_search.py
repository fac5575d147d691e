"""The search for two normal regimes: EM from fixed starts, a quicker ending with exact slopes, and the information.

Nothing but the rows is read, no earlier fit either: the same rows give the same regimes, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.overlays.regime_kernels import SIZE, expect
from hedgerow.overlays.regime_steps import MOST_UNLIKELY, SMALLEST_VARIANCE, ascend, climb, slopes_at

FEWEST_SHARE = 0.05
"""Share of the rows below which a state counts as emptied."""

FLATTEST = 1e-6
"""Largest slope of the mean log-likelihood at which the search counts as ended."""

SMALLEST_INFORMATION = 1e-9
"""Least eigenvalue of the scaled information, relative to its largest, of a likelihood that is not flat."""


@dataclass(frozen=True, eq=False)
class TwoRegimes:
    """What the search found.

    Attributes
    ----------
    point : ndarray (6,)
        Means, log variances, log odds of leaving, of the first and the second state; labels are arbitrary.
    covariance : ndarray (6, 6)
        Inverse of the observed information; NaN where it is flat, zero in directions held by a bound.
    log_likelihood : float
    reason : str
        Why the numbers may not feed a decision; empty where they may.
    """

    point: FloatArray
    covariance: FloatArray
    log_likelihood: float
    reason: str


@dataclass(frozen=True, eq=False)
class _Found:
    """A point with the log-likelihood, its slopes (6,) and the expected share of rows in the second state."""

    point: FloatArray
    value: float
    slopes: FloatArray
    high: float


class _Rows:
    """Rows (n,) with room for the recursions over them, written anew by each call."""

    def __init__(self, y: FloatArray) -> None:
        self.y = y
        self.total = self.squares = 0.0
        self.work = np.zeros(len(y) + 1), np.zeros(len(y)), np.zeros(8)

    def climbed(self) -> FloatArray:
        """Return the likeliest point (6,) after EM."""
        point = np.zeros(SIZE)
        self.total, self.squares = climb(self.y, _starts(self.y), point, *self.work)
        return point

    def at(self, point: FloatArray) -> _Found:
        """Return a point with what the rows say of it."""
        n, sums, slopes = len(self.y), self.work[2], np.zeros(SIZE)
        value = expect(self.y, self.total, self.squares, point, *self.work)
        slopes_at(n, self.total, self.squares, sums, point, slopes)
        return _Found(point, float(value), slopes, float(sums[0]) / n)


def find_two_regimes(y: FloatArray) -> TwoRegimes:
    """Return the regimes under which rows (n,) of mean 0 and variance 1 are most likely, the best of four starts."""
    rows = _Rows(y)
    point = rows.climbed()
    second = ascend(y, rows.total, rows.squares, point, *rows.work)
    held = _held(point)
    found = _polished(rows, rows.at(point), second, held)
    covariance, flat = _inverse(-second, held)
    slope = float(np.abs(found.slopes).max()) / len(y)
    return TwoRegimes(found.point, covariance, found.value, _reason(found.point, found.high, slope, flat))


def _starts(y: FloatArray) -> BoolArray:
    """Return which rows (4, n) count as high in four guesses: where y moves much, where it stands high, later rows."""
    n = len(y)
    wild, wilder = (_running_mean(y * y, window) > 1.0 for window in (20, 5))
    return np.array([wild, _running_mean(y, 40) > 0.0, np.arange(n) >= (n + 1) // 2, wilder])


def _running_mean(values: FloatArray, window: int) -> FloatArray:
    """Return means (n,) over about ``window`` rows around each row: a look at all rows, as any fit takes."""
    n, half = len(values), window // 2
    sums = np.zeros(n + window + 1)
    np.cumsum(values, out=sums[half + 1 : half + 1 + n])
    sums[half + 1 + n :] = sums[half + n]
    counts = np.minimum(np.arange(n) + half, n) - np.maximum(np.arange(n) - half, 0)
    return np.asarray((sums[window : window + n] - sums[:n]) / counts)


def _held(point: FloatArray) -> BoolArray:
    """Return which parameters (6,) lie on a bound of the search."""
    held = np.zeros(SIZE, dtype=bool)
    held[2:4] = point[2:4] <= np.log(SMALLEST_VARIANCE)
    held[4:] = np.abs(point[4:]) >= MOST_UNLIKELY
    return held


def _polished(rows: _Rows, found: _Found, second: FloatArray, held: BoolArray) -> _Found:
    """Return the point after one more of Newton's steps, if that leaves the likelihood flatter and no lower."""
    free = np.flatnonzero(~held)
    try:
        step = np.linalg.solve(second[np.ix_(free, free)], found.slopes[free])
    except np.linalg.LinAlgError:
        return found
    if not np.all(np.abs(step) < 0.1):
        return found
    point = found.point.copy()
    point[free] -= step
    moved = rows.at(point)
    flatter = np.abs(moved.slopes).max() < np.abs(found.slopes).max()
    return moved if flatter and moved.value >= found.value - 1e-12 * abs(found.value) else found


def _inverse(information: FloatArray, held: BoolArray) -> tuple[FloatArray, bool]:
    """Return the inverse over the free parameters, zero elsewhere, and whether the likelihood is flat there."""
    free = np.flatnonzero(~held)
    covariance, inner = np.zeros_like(information), information[np.ix_(free, free)]
    size = np.sqrt(np.abs(np.diag(inner)))
    if np.isfinite(inner).all() and (size > 0.0).all():
        roots = np.linalg.eigvalsh(inner / np.outer(size, size))
        if roots[0] > SMALLEST_INFORMATION * roots[-1]:
            covariance[np.ix_(free, free)] = np.linalg.inv(inner)
            return covariance, False
    return np.full_like(information, np.nan), True


def _reason(point: FloatArray, high: float, slope: float, flat: bool) -> str:
    """Return why the regimes may not feed a decision, empty where they may."""
    fewest = min(high, 1.0 - high)
    if fewest < FEWEST_SHARE:
        return f"a regime emptied: it holds {fewest:.1%} of the rows"
    if np.exp(point[2:4].min()) <= 1.01 * SMALLEST_VARIANCE:
        return "the variance of a regime collapsed, so that the likelihood has no maximum"
    if flat:
        return "the likelihood is flat: the rows do not tell the regimes apart"
    if not slope <= FLATTEST:
        return "the search for the regimes stopped before it found a maximum"
    return ""
