"""Least squares over a window that moves with time, for one exposure or for many at once."""

from __future__ import annotations

from typing import Literal

import numpy as np

from hedgerow._types import ArrayLike, FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.kernels.comoments import WEAKEST_PIVOT, slopes_of_comoments
from hedgerow.kernels.sliding import rolling_slope, windowed_comoments
from hedgerow.ratios.base import Estimate, RatioEstimator
from hedgerow.ratios.least_squares import check_error_options, check_window, least_squares, slope_errors
from hedgerow.ratios.refits import RefitLog


class RollingOLS(RatioEstimator):
    """Least squares, with intercept, on the last ``window`` rows.

    Parameters
    ----------
    window : int, default=60
        Rows used; with fewer there is no ratio.
    errors : {"hac", "classical"}, default="hac"
        As in :class:`~hedgerow.ratios.OLS`.
    hac_lags : int, default=None
        As in :class:`~hedgerow.ratios.OLS`, the rule of thumb taken on ``window`` rows.
    """

    _follows_rows = True

    def __init__(
        self, window: int = 60, errors: Literal["hac", "classical"] = "hac", hac_lags: int | None = None
    ) -> None:
        self.window = window
        self.errors = errors
        self.hac_lags = hac_lags

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        first = len(y) - self.window
        slopes, constant, residuals = least_squares(X[first:], y[first:])
        errors = slope_errors(X[first:], residuals, errors=self.errors, lags=self.hac_lags)
        return Estimate(slopes, errors, constant, first_row=first)

    def _check_options(self, n_hedges: int) -> None:
        check_error_options(self.errors, self.hac_lags)
        check_window(self.window, n_hedges + 3)

    def _fewest_rows(self, n_hedges: int) -> int:
        return self.window

    def _check_rows(self, X: FloatArray, y: FloatArray) -> None:
        super()._check_rows(X, y)
        super()._check_rows(X[-self.window :], y[-self.window :])

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        if X.shape[1] == 1:
            every_row = rolling_hedge_ratios(y[:, None], X[:, 0], self.window)
            ratios, doubtful = every_row[rows - 1], np.zeros(len(rows), dtype=np.bool_)
        else:
            ratios, pivots = slopes_of_comoments(windowed_comoments(np.column_stack([X, y]), rows, self.window))
            doubtful = ~(pivots > WEAKEST_PIVOT)
        return self._settled(X, y, rows, ratios, doubtful, self.window)


def rolling_hedge_ratios(Y: ArrayLike, x: ArrayLike, window: int, out: FloatArray | None = None) -> FloatArray:
    """Return the rolling least-squares ratio of many exposures to one hedge, over the window that ENDS AT each row.

    Row t is the slope, with intercept, of each column of ``Y`` on ``x`` over rows ``t - window + 1`` to ``t``, row t
    included. It is the ratio to hold after row t: to judge it, apply it to row t + 1.

    Parameters
    ----------
    Y
        (n, m) changes of m exposures.
    x
        (n,) changes of the hedge.
    window
        Rows in each window, at least 2.
    out
        (n, m) C-contiguous float64 array that receives the ratios; None makes one. Giving the same array again spares
        the system finding fresh memory, which for hundreds of series takes longer than the arithmetic.

    Returns
    -------
    ndarray (n, m)
        NaN for the first ``window - 1`` rows and where the hedge does not move within the window.

    Raises
    ------
    DataError
        A value is missing or infinite, or lengths differ.
    InputError
        ``window`` or ``out`` breaks its rule.

    Examples
    --------
    >>> rolling_hedge_ratios([[0.0], [2.0], [4.0], [9.0]], [0.0, 1.0, 2.0, 3.0], window=3).round(6).ravel()
    array([nan, nan, 2. , 3.5])
    """
    series = np.ascontiguousarray(Y, dtype=np.float64)
    hedge = np.ascontiguousarray(x, dtype=np.float64)
    if series.ndim != 2 or hedge.ndim != 1 or len(series) != len(hedge):
        raise DataError(f"Y must be (n, m) and x (n,) with the same n, not {series.shape} and {hedge.shape}")
    if window < 2:
        raise InputError(f"window must hold at least 2 rows, not {window}")
    if out is None:
        out = np.empty_like(series)
    elif out.shape != series.shape or out.dtype != np.float64 or not out.flags.c_contiguous or not out.flags.writeable:
        raise InputError(f"out must be a writeable C-contiguous float64 array of shape {series.shape}, not {out.shape}")
    if not rolling_slope(series, hedge, int(window), out):
        row = int(np.argmin(np.isfinite(series).all(axis=1) & np.isfinite(hedge)))
        raise DataError(f"changes are missing or infinite at row {row}; drop such rows before rolling over them")
    return out
