"""The ratio of least value at risk: the loss exceeded in a small share of rows."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.compile import dense
from hedgerow.kernels.tails import least_value_at_risk, value_at_risk_at
from hedgerow.ratios.bounds import Bounds
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.minimum_cvar import quantile_place, tail_rows
from hedgerow.ratios.objective import ObjectiveEstimator, Scaled, Side, Solution, check_level
from hedgerow.ratios.tail_program import NO_LEAST, TailProgram

TOLERANCE = 1e-11
"""Gap in standard deviations of the exposure below which a ratio of one hedge is called best."""

COARSE = 1e-8
LARGEST_GAP = 1e-8
REACH = 2.0
MOST_SWEEPS = 12


class MinimumVaR(ObjectiveEstimator):
    """Ratio at which the value at risk of ``y - X @ ratio`` is least.

    The value at risk is the one of :func:`hedgerow.effectiveness.value_at_risk`: minus the quantile, linear between
    order statistics. It is not convex in the ratio. For one hedge the best ratio of all is found, proven by bounds on
    intervals of ratios to 1e-11 standard deviations of the exposure. For several hedges nothing is proven: from the
    minimum-variance and the minimum-CVaR ratio, exact searches along each hedge and along the path so far go on until
    none improves, and the better end is taken (``gap_`` is then None). There is no standard error
    (``ratio_uncertainty`` draws one by the bootstrap).

    Parameters
    ----------
    level : float, default=0.95
        Probability; the loss is exceeded in ``1 - level`` of rows.
    bounds : tuple or sequence of tuples, default=None
        ``(low, high)`` for all hedges or a pair for each, None within a pair being no bound.
    window : int, default=None
        Use the last ``window`` rows only; None uses all.
    side : {"long", "short"}, default="long"
        Whether ``y - X @ ratio`` is the gain, or minus it: a rise of the exposure is a gain, or a loss.

    Attributes
    ----------
    objective_, unhedged_objective_ : float
        VaR per unit of exposure in its own unit, positive = loss, at ``hedge_ratio_`` and unhedged.

    Notes
    -----
    VaR looks at one or two rows: its ratio jumps about more than that of CVaR, which is why the latter is preferred.

    References
    ----------
    Harris, R. D. F. and Shen, J. (2006), Journal of Futures Markets 26, 369-390.

    Examples
    --------
    >>> X, y = [[1.0], [-2.0], [0.5], [3.0], [-1.0]], [0.8, -1.7, 0.3, 2.5, -0.7]
    >>> fitted = MinimumVaR(level=0.75).fit(X, y)
    >>> round(fitted.objective_, 4), round(fitted.unhedged_objective_, 4)
    (0.0333, 0.7)
    """

    advised_rows = 500
    _visits_per_cell = 1000.0

    def __init__(
        self, level: float = 0.95, bounds: Bounds = None, window: int | None = None, side: Side = "long"
    ) -> None:
        self.level = level
        self.bounds = bounds
        self.window = window
        self.side = side

    def _solve(self, X: FloatArray, y: FloatArray, low: FloatArray, high: FloatArray) -> Solution:
        scaled = Scaled.of(X, y, low, high)
        return self._proven(scaled) if X.shape[1] == 1 else self._searched(scaled)

    def _proven(self, scaled: Scaled) -> Solution:
        x, y = dense(scaled.X[:, 0]), dense(scaled.y)
        rank, weight = quantile_place(len(y), self.level)
        start = scaled.least_variance()
        low, high = _bracket(scaled, rank, weight, float(start[0]))
        if not (np.isfinite(low) and np.isfinite(high)):
            return Solution(start * scaled.per_ratio, Convergence(False, NO_LEAST, starts=1))
        ratio, gap, looked = least_value_at_risk(x, y, rank, weight, low, high, float(start[0]), TOLERANCE)
        reason = "" if gap <= LARGEST_GAP else f"{looked} intervals of ratios did not suffice to prove the best one"
        convergence = Convergence(not reason, reason, looked, starts=1)
        return Solution(ratio * scaled.per_ratio, convergence, gap * scaled.unit)

    def _searched(self, scaled: Scaled) -> Solution:
        count = tail_rows(len(scaled.y), self.level)
        by_tail = TailProgram(scaled, count, count).solve()
        if not by_tail.convergence.converged:
            return Solution(scaled.least_variance() * scaled.per_ratio, by_tail.convergence)
        starts = [scaled.least_variance(), by_tail.ratio / scaled.per_ratio]
        ends = [_descended(scaled, start, *quantile_place(len(scaled.y), self.level)) for start in starts]
        ratio, _, sweeps = min(ends, key=lambda end: end[1])
        return Solution(ratio * scaled.per_ratio, Convergence(True, "", sweeps, starts=len(starts)))

    def _figure(self, X: FloatArray, y: FloatArray, ratio: FloatArray) -> float:
        rank, weight = quantile_place(len(y), self.level)
        hedged = y - X @ ratio
        ordered = np.sort(hedged)
        return -float(ordered[rank] + weight * (ordered[min(rank + 1, len(hedged) - 1)] - ordered[rank]))

    def _check_options(self, n_hedges: int) -> None:
        check_level(self.level)
        super()._check_options(n_hedges)


def _bracket(scaled: Scaled, rank: int, weight: float, start: float) -> tuple[float, float]:
    """Return ratios outside of which the value at risk is above its value at ``start``; infinite where there are none.

    A rank is monotone: the one of ``x r - y`` is at least r times that of x, less the largest y.
    """
    x, y = dense(scaled.X[:, 0]), dense(scaled.y)
    scratch = np.empty(len(y))
    room = max(value_at_risk_at(x, y, start, rank, weight, scratch) + float(y.max()), 0.0)
    nothing = dense(np.zeros(len(y)))
    growth = [value_at_risk_at(x, nothing, sign, rank, weight, scratch) for sign in (-1.0, 1.0)]
    reach = [room / one if one > 0.0 else np.inf for one in growth]
    low = max(float(scaled.low[0]), min(-reach[0], start))
    return low, min(float(scaled.high[0]), max(reach[1], start))


def _descended(scaled: Scaled, start: FloatArray, rank: int, weight: float) -> tuple[FloatArray, float, int]:
    """Return where exact searches along each hedge and along the last sweep end, the value there, and the sweeps."""
    ratio, scratch = start.copy(), np.empty(len(scaled.y))
    none = dense(np.zeros(len(scaled.y)))
    value = value_at_risk_at(none, dense(scaled.y - scaled.X @ ratio), 0.0, rank, weight, scratch)
    for sweep in range(MOST_SWEEPS):
        before, before_value = ratio.copy(), value
        for direction in [*np.eye(len(ratio)), None]:
            along = ratio - before if direction is None else direction
            if not np.any(along):
                continue
            step, value = _best_step(scaled, ratio, along, rank, weight)
            ratio = np.clip(ratio + step * along, scaled.low, scaled.high)
        if value > before_value - COARSE:
            return ratio, value, sweep + 1
    return ratio, value, MOST_SWEEPS


def _best_step(scaled: Scaled, ratio: FloatArray, along: FloatArray, rank: int, weight: float) -> tuple[float, float]:
    """Return the best step from ``ratio`` along a direction, within reach and bounds, and the value after it."""
    moves = along != 0.0
    ends = np.sort([(scaled.low - ratio)[moves] / along[moves], (scaled.high - ratio)[moves] / along[moves]], axis=0)
    reach = REACH / float(np.abs(along).max())
    low, high = min(max(-reach, float(ends[0].max())), 0.0), max(min(reach, float(ends[1].min())), 0.0)
    x, y = dense(scaled.X @ along), dense(scaled.y - scaled.X @ ratio)
    step, _, _ = least_value_at_risk(x, y, rank, weight, low, high, 0.0, COARSE)
    return float(step), float(value_at_risk_at(x, y, step, rank, weight, np.empty(len(y))))
