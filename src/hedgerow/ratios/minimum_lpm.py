"""The ratio of least lower partial moment: shortfall below a target, raised to a power."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.compile import dense
from hedgerow.kernels.tails import least_shortfall
from hedgerow.ratios.bounds import NEAR_REST, VANISHED, Bounds, BoxMinimum, at_bounds, minimise_in_box
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.least_squares import default_lags, long_run_products
from hedgerow.ratios.objective import ObjectiveEstimator, Scaled, Side, Solution
from hedgerow.ratios.tail_program import TailProgram

LARGEST_CONDITION = 1e12


class MinimumLPM(ObjectiveEstimator):
    """Ratio at which ``mean(max(target - (y - X @ ratio), 0) ** order)`` is least.

    Order 1 is the mean shortfall (a linear program: searched exactly for one hedge, HiGHS for several); order 2 the
    semivariance about the target; higher orders weigh the worst rows more. Orders above 1 are smooth and convex and are
    solved by Newton steps within the bounds.

    Parameters
    ----------
    order : float, default=2.0
        1 or more.
    target : float, default=0.0
        Change per period, in the exposure's unit, below which a row falls short.
    bounds : tuple or sequence of tuples, default=None
        ``(low, high)`` for all hedges or a pair for each, None within a pair being no bound.
    window : int, default=None
        Use the last ``window`` rows only; None uses all.
    side : {"long", "short"}, default="long"
        Whether ``y - X @ ratio`` is the gain, or minus it: a rise of the exposure is a gain, or a loss.

    Attributes
    ----------
    objective_, unhedged_objective_ : float
        Lower partial moment per unit of exposure, in its unit to the power of ``order``.

    Notes
    -----
    ``standard_error_`` is the sandwich form with Newey and West's weights for orders from 2 on; None below, and where a
    bound holds a ratio. Where no row, or too few of them, fall short at the best ratio, many ratios are equally good:
    ``convergence_`` says so.

    References
    ----------
    Bawa, V. S. (1975), Journal of Financial Economics 2, 95-121; Lien, D. and Tse, Y. K. (2000), Journal of Futures
    Markets 20, 163-170.

    Examples
    --------
    >>> X, y = [[1.0], [-2.0], [0.5], [3.0], [-1.0]], [0.8, -1.7, 0.3, 2.5, -0.7]
    >>> fitted = MinimumLPM().fit(X, y)
    >>> fitted.hedge_ratio_.round(4), round(fitted.objective_, 6)
    (array([0.8286]), 0.003143)
    """

    def __init__(
        self,
        order: float = 2.0,
        target: float = 0.0,
        bounds: Bounds = None,
        window: int | None = None,
        side: Side = "long",
    ) -> None:
        self.order = order
        self.target = target
        self.bounds = bounds
        self.window = window
        self.side = side

    def _solve(self, X: FloatArray, y: FloatArray, low: FloatArray, high: FloatArray) -> Solution:
        scaled = Scaled.of(X, y, low, high)
        shifted = Scaled(
            scaled.X, scaled.y - self.target / scaled.unit, scaled.low, scaled.high, scaled.unit, scaled.per_ratio
        )
        return TailProgram(shifted, 0, len(y)).solve() if self.order == 1 else self._smooth(shifted)

    def _smooth(self, scaled: Scaled) -> Solution:
        """Return the solution for an order above 1; the exposure is measured from the target."""
        minimum = self._least(scaled)
        short = np.maximum(scaled.X @ minimum.point - scaled.y, 0.0)
        curved = scaled.X[short > 0.0] * (short[short > 0.0] ** (0.5 * self.order - 1.0))[:, None]
        falls_short = np.mean(short**self.order) > VANISHED * np.mean(np.abs(scaled.y) ** self.order)
        identified = falls_short and len(curved) >= curved.shape[1] and _spans(curved)
        held = at_bounds(minimum.point, scaled.low, scaled.high)
        errors = None
        reason = "" if minimum.rested else f"the search did not come to rest in {minimum.steps} steps"
        if not identified and not held:
            reason = "too few rows fall short of the target: many ratios are equally good"
        elif self.order >= 2 and not held:
            errors = shortfall_errors(scaled.X, short, self.order) * scaled.per_ratio
        convergence = Convergence(not reason, reason, minimum.steps, starts=1)
        return Solution(minimum.point * scaled.per_ratio, convergence, None, errors)

    def _least(self, scaled: Scaled) -> BoxMinimum:
        start = scaled.least_variance()
        if len(start) > 1:
            return minimise_in_box(self._expansion(scaled), start, scaled.low, scaled.high)
        x, y, low, high = dense(scaled.X[:, 0]), dense(scaled.y), float(scaled.low[0]), float(scaled.high[0])
        ratio, steps, share = least_shortfall(x, y, float(self.order), low, high, float(start[0]))
        return BoxMinimum(np.array([ratio]), steps, share, share <= NEAR_REST)

    def _expansion(self, scaled: Scaled):  # type: ignore[no-untyped-def]
        X, y, order, n_obs = scaled.X, scaled.y, self.order, len(scaled.y)

        def expand(ratio: FloatArray) -> tuple[float, FloatArray, FloatArray, FloatArray]:
            losses = X @ ratio - y
            rows = losses > 0.0
            short, inside = losses[rows], X[rows]
            push = short ** (order - 1.0)
            weighted = inside * short[:, None] ** (order - 2.0)
            terms = inside * push[:, None]
            value = float(push @ short) / n_obs
            scale = order / n_obs
            hessian = (order - 1.0) * scale * (weighted.T @ inside)
            return value, scale * terms.sum(axis=0), scale * np.abs(terms).sum(axis=0), hessian

        return expand

    def _figure(self, X: FloatArray, y: FloatArray, ratio: FloatArray) -> float:
        return float(np.mean(np.maximum(self.target - (y - X @ ratio), 0.0) ** self.order))

    def _check_options(self, n_hedges: int) -> None:
        if not (np.isfinite(self.order) and self.order >= 1.0):
            raise InputError(f"order must be at least 1, not {self.order}; below that a shortfall is no longer convex")
        if not np.isfinite(self.target):
            raise InputError(f"target must be a finite change per period, not {self.target}")
        super()._check_options(n_hedges)


def _spans(curved: FloatArray) -> bool:
    """Return whether weighted rows (m, k) curve the objective in every direction."""
    if curved.shape[1] == 1:
        return bool(np.any(curved))
    return bool(np.linalg.cond(curved) ** 2 < LARGEST_CONDITION)


def shortfall_errors(X: FloatArray, short: FloatArray, order: float) -> FloatArray:
    """Return standard errors (k,) of the ratio of least lower partial moment, by the sandwich of an M-estimate.

    Parameters
    ----------
    X
        (n, k) changes of the hedges.
    short
        (n,) shortfall of each row at the ratio, 0 where there is none.
    order
        2 or more.
    """
    rows = short > 0.0
    bread = (order - 1.0) * (X[rows] * short[rows, None] ** (order - 2.0)).T @ X[rows]
    meat = long_run_products(X * short[:, None] ** (order - 1.0), default_lags(len(X)))
    inverse = np.linalg.pinv(bread)
    return np.sqrt(np.maximum(np.diag(inverse @ meat @ inverse), 0.0))
