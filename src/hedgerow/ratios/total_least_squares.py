"""Total least squares: both the exposure and the hedges are observed with error."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.kernels.comoments import WEAKEST_PIVOT, growing_comoments, slopes_of_comoments
from hedgerow.ratios.base import Estimate, RatioEstimator
from hedgerow.ratios.refits import RefitLog

ROWS_AT_A_TIME = 4096


class TotalLeastSquares(RatioEstimator):
    """Slopes of the plane nearest to the rows of (X, y), distances taken in the errors' own units (Deming).

    Least squares puts all error into y and so draws the ratio towards zero when prices of the hedge are noisy (stale or
    rounded closes); this method divides it between y and X.

    Parameters
    ----------
    error_variance_ratio : float, default=1.0
        delta = Var(error of y) / Var(error of each hedge). With y in other units, a·y, and X as b·X, the same model has
        delta·(a/b)². A very large delta gives least squares.

    Notes
    -----
    Standard errors are the jackknife's: each row left out once.

    References
    ----------
    Golub, G. H. and Van Loan, C. F. (1980), SIAM Journal on Numerical Analysis 17, 883-893.
    """

    def __init__(self, error_variance_ratio: float = 1.0) -> None:
        self.error_variance_ratio = error_variance_ratio

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        columns = np.column_stack([X, y])
        centred = columns - columns.mean(axis=0)
        moments = centred.T @ centred
        ratio = nearest_planes(moments[None], self.error_variance_ratio)[0]
        if not np.all(np.isfinite(ratio)):
            raise DataError(
                "total least squares finds no ratio: exposure and hedges do not move together; use another hedge"
            )
        errors = self._jackknife(centred, moments)
        return Estimate(ratio, errors, float(y.mean() - X.mean(axis=0) @ ratio))

    def _jackknife(self, centred: FloatArray, moments: FloatArray) -> FloatArray:
        """Return standard errors (k,) from the ratios with each of the n rows left out."""
        n_obs = len(centred)
        left_out = []
        for start in range(0, n_obs, ROWS_AT_A_TIME):
            block = centred[start : start + ROWS_AT_A_TIME]
            without = moments - n_obs / (n_obs - 1.0) * block[:, :, None] * block[:, None, :]
            left_out.append(nearest_planes(without, self.error_variance_ratio))
        ratios = np.concatenate(left_out)
        return np.sqrt((n_obs - 1.0) / n_obs * np.sum((ratios - ratios.mean(axis=0)) ** 2, axis=0))

    def _check_options(self, n_hedges: int) -> None:
        if not 0.0 < self.error_variance_ratio < np.inf:
            raise InputError(f"error_variance_ratio must be positive and finite, not {self.error_variance_ratio}")

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        _, moments = growing_comoments(np.column_stack([X, y]), rows)
        ratios = nearest_planes(moments, self.error_variance_ratio)
        _, pivots = slopes_of_comoments(moments)
        return self._settled(X, y, rows, ratios, ~(pivots > WEAKEST_PIVOT), None)


def nearest_planes(moments: FloatArray, error_variance_ratio: float) -> FloatArray:
    """Return total-least-squares slopes (r, k) from co-moments (r, k + 1, k + 1), the exposure last.

    NaN where the nearest plane is upright: no slope describes it.
    """
    k = moments.shape[1] - 1
    if k == 1:
        return _nearest_lines(moments, error_variance_ratio)[:, None]
    root = np.sqrt(error_variance_ratio)
    scale = np.append(np.ones(k), 1.0 / root)
    _, directions = np.linalg.eigh(moments * (scale[:, None] * scale))
    normal = directions[:, :, 0]
    upright = np.abs(normal[:, k]) <= 1e-12
    last = np.where(upright, np.nan, normal[:, k])
    slopes: FloatArray = -root * normal[:, :k] / last[:, None]
    return slopes


def _nearest_lines(moments: FloatArray, delta: float) -> FloatArray:
    """Return Deming's slope (r,) from co-moments (r, 2, 2), by whichever root formula does not cancel."""
    s_xx, s_xy, s_yy = moments[:, 0, 0], moments[:, 0, 1], moments[:, 1, 1]
    excess = s_yy - delta * s_xx
    root = np.sqrt(excess**2 + 4.0 * delta * s_xy**2)
    steep = excess >= 0.0
    numerator = np.where(steep, excess + root, 2.0 * delta * s_xy)
    denominator = np.where(steep, 2.0 * s_xy, root - excess)
    return np.divide(numerator, denominator, out=np.full(len(s_xx), np.nan), where=denominator != 0.0)
