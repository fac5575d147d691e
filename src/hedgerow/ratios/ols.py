"""Ordinary least squares: one ratio for all rows, or one that grows with the history."""

from __future__ import annotations

from typing import Literal

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.kernels.comoments import WEAKEST_PIVOT, growing_comoments, slopes_of_comoments
from hedgerow.kernels.sliding import windowed_comoments
from hedgerow.ratios.base import Estimate, RatioEstimator
from hedgerow.ratios.least_squares import check_error_options, check_window, least_squares, slope_errors
from hedgerow.ratios.refits import RefitLog


class OLS(RatioEstimator):
    """The minimum-variance ratio: slopes of the exposure's change on the hedges' changes.

    Parameters
    ----------
    errors : {"hac", "classical"}, default="hac"
        Standard errors that allow for autocorrelation and unequal variances (Newey and West), or neither.
    hac_lags : int, default=None
        Lags of the former; None is ``floor(4 (n/100)^(2/9))``.
    intercept : bool, default=True
        Whether a constant change per period is allowed for.
    window : int, default=None
        Use the last ``window`` rows only; None uses all.

    Examples
    --------
    >>> OLS().fit([[0.0], [1.0], [2.0], [3.0]], [0.0, 0.8, 1.6, 2.4]).hedge_ratio_.round(6)
    array([0.8])
    """

    def __init__(
        self,
        errors: Literal["hac", "classical"] = "hac",
        hac_lags: int | None = None,
        intercept: bool = True,
        window: int | None = None,
    ) -> None:
        self.errors = errors
        self.hac_lags = hac_lags
        self.intercept = intercept
        self.window = window

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        first = 0 if self.window is None else len(y) - self.window
        used_x, used_y = X[first:], y[first:]
        slopes, constant, residuals = least_squares(used_x, used_y, self.intercept)
        errors = slope_errors(used_x, residuals, errors=self.errors, lags=self.hac_lags, intercept=self.intercept)
        return Estimate(slopes, errors, constant, first_row=first)

    def _check_options(self, n_hedges: int) -> None:
        check_error_options(self.errors, self.hac_lags)
        check_window(self.window, n_hedges + 3)

    def _fewest_rows(self, n_hedges: int) -> int:
        return n_hedges + 3 if self.window is None else self.window

    def _check_rows(self, X: FloatArray, y: FloatArray) -> None:
        super()._check_rows(X, y)
        if self.window is not None:
            super()._check_rows(X[-self.window :], y[-self.window :])

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        columns = np.column_stack([X, y])
        if self.window is not None and not self.intercept:
            return super()._ratios_at(X, y, rows, log)
        if self.window is not None:
            moments = windowed_comoments(columns, rows, self.window)
        else:
            _, moments = growing_comoments(columns, rows, centred=self.intercept)
        ratios, pivots = slopes_of_comoments(moments)
        return self._settled(X, y, rows, ratios, ~(pivots > WEAKEST_PIVOT), self.window)


class ExpandingOLS(RatioEstimator):
    """Least squares, with intercept, on all rows before each row: ``ratio_path`` learns as it goes.

    Parameters
    ----------
    errors : {"hac", "classical"}, default="hac"
        As in :class:`OLS`.
    hac_lags : int, default=None
        As in :class:`OLS`.
    """

    _follows_rows = True

    def __init__(self, errors: Literal["hac", "classical"] = "hac", hac_lags: int | None = None) -> None:
        self.errors = errors
        self.hac_lags = hac_lags

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        slopes, constant, residuals = least_squares(X, y)
        return Estimate(slopes, slope_errors(X, residuals, errors=self.errors, lags=self.hac_lags), constant)

    def _check_options(self, n_hedges: int) -> None:
        check_error_options(self.errors, self.hac_lags)

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        _, moments = growing_comoments(np.column_stack([X, y]), rows)
        ratios, pivots = slopes_of_comoments(moments)
        return self._settled(X, y, rows, ratios, ~(pivots > WEAKEST_PIVOT), None)
