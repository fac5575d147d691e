"""Exponentially weighted moments: the newest row counts most."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.kernels.comoments import WEAKEST_PIVOT, growing_comoments, slopes_of_comoments
from hedgerow.ratios.base import Estimate, RatioEstimator
from hedgerow.ratios.least_squares import half_life_decay
from hedgerow.ratios.refits import RefitLog


class EWMA(RatioEstimator):
    """Ratio of weighted covariances, weights ``decay^k`` on the row k rows ago, all rows used and none as a seed.

    Moments are taken about zero, the usual practice for daily changes; ``demean=True`` takes off the weighted mean.
    Standard errors allow for unequal variances, not for autocorrelation.

    Parameters
    ----------
    decay : float, default=0.94
        Weight of a row relative to the next newer one, above 0 and at most 1.
    halflife : float, default=None
        Rows over which weights halve; given, it replaces ``decay``.
    demean : bool, default=False
        Whether moments are taken about the weighted means.
    """

    _follows_rows = True

    def __init__(self, decay: float = 0.94, halflife: float | None = None, demean: bool = False) -> None:
        self.decay = decay
        self.halflife = halflife
        self.demean = demean

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        weights = self._weight_per_row() ** np.arange(len(y) - 1, -1, -1.0)
        mean_x = np.average(X, axis=0, weights=weights) if self.demean else np.zeros(X.shape[1])
        mean_y = float(np.average(y, weights=weights)) if self.demean else 0.0
        root = np.sqrt(weights)
        design = root[:, None] * (X - mean_x)
        ratio: FloatArray = np.asarray(np.linalg.lstsq(design, root * (y - mean_y), rcond=None)[0], dtype=np.float64)
        residuals = (y - mean_y) - (X - mean_x) @ ratio
        scores = weights[:, None] * (X - mean_x) * residuals[:, None]
        bread = np.linalg.pinv(design.T @ design)
        errors = np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))
        return Estimate(ratio, errors, mean_y - float(mean_x @ ratio), weights=weights, centred=self.demean)

    def _weight_per_row(self) -> float:
        return self.decay if self.halflife is None else half_life_decay(self.halflife)

    def _check_options(self, n_hedges: int) -> None:
        if self.halflife is not None and not self.halflife > 0.0:
            raise InputError(f"halflife must be a positive number of rows, not {self.halflife}")
        if not 0.0 < self._weight_per_row() <= 1.0:
            raise InputError(f"decay must be above 0 and at most 1, not {self.decay}")

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        columns = np.column_stack([X, y])
        _, moments = growing_comoments(columns, rows, decay=self._weight_per_row(), centred=self.demean)
        ratios, pivots = slopes_of_comoments(moments)
        return self._settled(X, y, rows, ratios, ~(pivots > WEAKEST_PIVOT), None)
