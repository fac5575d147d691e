"""The ratio of greatest quadratic utility: expected change of the hedged position against its variance."""

from __future__ import annotations

from typing import Literal

import numpy as np

from hedgerow._types import ArrayLike, FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.kernels.comoments import WEAKEST_PIVOT, growing_comoments, slopes_of_comoments
from hedgerow.ratios.bounds import Bounds, minimise_in_box
from hedgerow.ratios.convergence import CLOSED_FORM, Convergence
from hedgerow.ratios.least_squares import default_lags, long_run_products
from hedgerow.ratios.objective import ObjectiveEstimator, Side, Solution
from hedgerow.ratios.refits import RefitLog


class QuadraticUtility(ObjectiveEstimator):
    """Ratio that maximises ``mean(y - X @ ratio) - risk_aversion / 2 * variance(y - X @ ratio)``.

    Without bounds it is the minimum-variance ratio less a bet on the hedge's own expected change,
    ``inverse(Cov(x, x)) (Cov(x, y) - expected_carry / risk_aversion)``: a hedge that is expected to rise is sold less
    (and for a short exposure, with a plus, bought more).

    Parameters
    ----------
    risk_aversion : float, default=1.0
        Absolute, per unit of the exposure's money *for one unit of exposure*: the aversion of the whole position times
        its quantity.
    expected_carry : None, "sample", float or array-like (n_hedges,), default=None
        Expected change of each hedge per row, in its own unit: what holding it long earns by roll and carry. None
        expects nothing, which leaves the minimum-variance ratio; ``"sample"`` takes the mean of the rows used, a noisy
        figure that is rarely worth acting on.
    bounds : tuple or sequence of tuples, default=None
        ``(low, high)`` for all hedges or a pair for each, None within a pair being no bound.
    window : int, default=None
        Use the last ``window`` rows only; None uses all.
    side : {"long", "short"}, default="long"
        Whether ``y - X @ ratio`` is the gain, or minus it: a rise of the exposure is a gain, or a loss.

    Attributes
    ----------
    objective_, unhedged_objective_ : float
        Utility (the more the better) per row at ``hedge_ratio_`` and unhedged, in the exposure's unit; the exposure's
        own mean is the sample's, the hedges' is ``expected_carry``.
    expected_carry_ : ndarray (n_hedges,)
        The expected change of each hedge that was used.

    Notes
    -----
    Variances have the divisor n - 1. ``standard_error_`` is the sandwich form with Newey and West's weights, which
    counts the noise of a sample mean and not that of a number given; None where a bound holds a ratio.

    References
    ----------
    Anderson, R. W. and Danthine, J.-P. (1981), Journal of Political Economy 89, 1182-1196.

    Examples
    --------
    >>> X, y = [[1.0], [-2.0], [0.5], [3.0], [-1.0]], [0.8, -1.7, 0.3, 2.5, -0.7]
    >>> QuadraticUtility(risk_aversion=2.0, expected_carry=0.1).fit(X, y).hedge_ratio_.round(4)
    array([0.8101])
    """

    _visits_per_cell = 20.0

    def __init__(
        self,
        risk_aversion: float = 1.0,
        expected_carry: Literal["sample"] | ArrayLike | None = None,
        bounds: Bounds = None,
        window: int | None = None,
        side: Side = "long",
    ) -> None:
        self.risk_aversion = risk_aversion
        self.expected_carry = expected_carry
        self.bounds = bounds
        self.window = window
        self.side = side

    def _solve(self, X: FloatArray, y: FloatArray, low: FloatArray, high: FloatArray) -> Solution:
        carry = self._carry(X)
        self.expected_carry_ = self._sign * carry
        centred, own = X - X.mean(axis=0), y - y.mean()
        size = np.sqrt(np.sum(centred**2, axis=0) / (len(y) - 1))
        scaled = centred / size
        covariance = scaled.T @ scaled / (len(y) - 1)
        pull = scaled.T @ own / (len(y) - 1) - carry / size / self.risk_aversion
        ratio = np.linalg.solve(covariance, pull)
        if np.all(ratio / size > low) and np.all(ratio / size < high):
            errors = self._errors(scaled, own - scaled @ ratio, X / size) / size
            return Solution(ratio / size, CLOSED_FORM, 0.0, errors)

        def expand(point: FloatArray) -> tuple[float, FloatArray, FloatArray, FloatArray]:
            product = covariance @ point
            terms = np.abs(covariance) @ np.abs(point) + np.abs(pull)
            return float(point @ (0.5 * product - pull)), product - pull, terms, covariance

        minimum = minimise_in_box(expand, ratio, low * size, high * size)
        reason = "" if minimum.rested else f"the search within bounds did not come to rest in {minimum.steps} steps"
        bounded = np.clip(minimum.point / size, low, high)
        return Solution(bounded, Convergence(not reason, reason, minimum.steps, starts=1))

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        if self.bounds is not None or self.window is not None:
            return super()._ratios_at(X, y, rows, log)
        means, moments = growing_comoments(np.column_stack([X, y]), rows)
        carry = self._sign * means[:, :-1] if isinstance(self.expected_carry, str) else self._carry(X)
        moments[:, :-1, -1] -= (rows[:, None] - 1) * carry / self.risk_aversion
        moments[:, -1, :-1] = moments[:, :-1, -1]
        ratios, pivots = slopes_of_comoments(moments)
        return self._settled(X, y, rows, ratios, ~(pivots > WEAKEST_PIVOT), self.window)

    def _errors(self, centred: FloatArray, residuals: FloatArray, X: FloatArray) -> FloatArray:
        """Return standard errors (k,) of the ratio; ``X`` are the changes whose mean is the carry."""
        scores = centred * residuals[:, None]
        if self.expected_carry is not None and isinstance(self.expected_carry, str):
            scores = scores - X / self.risk_aversion
        scores = scores - scores.mean(axis=0)
        inverse = np.linalg.pinv(centred.T @ centred)
        meat = long_run_products(scores, default_lags(len(X)))
        return np.sqrt(np.maximum(np.diag(inverse @ meat @ inverse), 0.0))

    def _carry(self, X: FloatArray) -> FloatArray:
        """Return what each hedge is expected to add to the gain per row where it is held as the exposure is."""
        if self.expected_carry is None:
            return np.zeros(X.shape[1])
        if isinstance(self.expected_carry, str):
            return np.asarray(X.mean(axis=0), dtype=np.float64)
        given = self._sign * np.asarray(self.expected_carry, dtype=np.float64).ravel()
        return np.broadcast_to(given, (X.shape[1],)).copy()

    def _figure(self, X: FloatArray, y: FloatArray, ratio: FloatArray) -> float:
        expected = float(y.mean() - self._carry(X) @ ratio)
        return expected - 0.5 * self.risk_aversion * float((y - X @ ratio).var(ddof=1))

    def _check_options(self, n_hedges: int) -> None:
        if not (np.isfinite(self.risk_aversion) and self.risk_aversion > 0.0):
            raise InputError(f"risk_aversion must be a positive number per unit of money, not {self.risk_aversion}")
        if isinstance(self.expected_carry, str):
            if self.expected_carry != "sample":
                raise InputError(f"expected_carry must be None, 'sample' or numbers, not {self.expected_carry!r}")
        elif self.expected_carry is not None:
            carry = np.asarray(self.expected_carry, dtype=np.float64).ravel()
            if len(carry) not in (1, n_hedges) or not np.all(np.isfinite(carry)):
                raise InputError(
                    f"expected_carry must be one finite number or one per hedge ({n_hedges}), "
                    f"not {self.expected_carry!r}"
                )
        super()._check_options(n_hedges)
