"""Huber's regression: least squares for ordinary rows, a bounded pull for outlying ones."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.kernels.robust import huber_regressions
from hedgerow.ratios.base import MOST_WORK, Estimate, RatioEstimator
from hedgerow.ratios.refits import RefitLog

STEPS_PER_REFIT = 5.0


class Huber(RatioEstimator):
    """Slopes that minimise Huber's loss, with intercept and with the scale found along the way.

    A residual beyond ``threshold`` scales pulls no harder than one at the threshold. The scale is the median absolute
    residual (about zero) over 0.6745; coefficients and scale are iterated together until both rest.

    Parameters
    ----------
    threshold : float, default=1.345
        In scales; 1.345 keeps 95 % of least squares' efficiency under normal errors.

    Attributes
    ----------
    converged_ : bool
        Whether the iteration came to rest.
    scale_ : float
        Scale of the residuals, in the exposure's unit.

    References
    ----------
    Huber, P. J. (1973), Annals of Statistics 1, 799-821.
    """

    def __init__(self, threshold: float = 1.345) -> None:
        self.threshold = threshold

    def work(self, n_obs: int, first: int, every: int = 1, n_hedges: int = 1) -> float:
        """Return a rough count of row visits: all rows before each refit, several times over."""
        refits = len(range(first, n_obs, every))
        return STEPS_PER_REFIT * refits * 0.5 * (first + n_obs) * 0.5 * (n_hedges + 1)

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        slopes, intercepts, scales, converged = huber_regressions(X, y, np.array([len(y)]), self.threshold)
        self.converged_ = bool(converged[0])
        self.scale_ = float(scales[0])
        residuals = y - intercepts[0] - X @ slopes[0]
        errors = robust_errors(X, residuals, self.scale_, self.threshold)
        return Estimate(slopes[0], errors, float(intercepts[0]))

    def _check_options(self, n_hedges: int) -> None:
        if not self.threshold > 0.0:
            raise InputError(f"threshold must be a positive number of scales, not {self.threshold}")

    def _check_work(self, n_obs: int, first: int, every: int, n_hedges: int) -> None:
        if self.work(n_obs, first, every, n_hedges) > MOST_WORK:
            raise InputError(
                f"refitting Huber's regression every {every} rows on {n_obs} rows would take minutes; refit less often "
                "(every, --refit) or give fewer rows"
            )

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        ratios, _, _, converged = huber_regressions(X, y, rows, self.threshold)
        return self._settled(X, y, rows, ratios, ~converged | ~np.isfinite(ratios).all(axis=1), None)


def robust_errors(X: FloatArray, residuals: FloatArray, scale: float, threshold: float) -> FloatArray:
    """Return standard errors (k,) of the slopes of an M-estimate, Huber's first form.

    Zero where the scale is zero: at least half the rows are then fitted exactly.

    References
    ----------
    Huber, P. J. (1981), Robust Statistics, section 7.6.
    """
    n_obs, k = X.shape
    if not scale > 0.0:
        return np.zeros(k)
    standardised = residuals / scale
    pull = np.clip(standardised, -threshold, threshold)
    curvature = (np.abs(standardised) <= threshold).astype(np.float64)
    correction = 1.0 + (k + 1) / n_obs * curvature.var() / curvature.mean() ** 2
    variance = float(pull @ pull) * scale**2 / (n_obs - k - 1) / curvature.mean() ** 2
    centred = X - X.mean(axis=0)
    inverse = np.linalg.pinv(centred.T @ centred)
    return np.asarray(correction * np.sqrt(variance * np.diag(inverse)), dtype=np.float64)
