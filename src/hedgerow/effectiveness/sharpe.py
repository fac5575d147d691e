"""Sharpe ratio, and how far to trust it: standard errors with and without dependence between rows.

>>> found = sharpe_estimate([0.01, -0.02, 0.03, -0.01], lags=0)
>>> round(found.ratio, 3), round(found.standard_error, 2)
(1.79, 7.96)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, sqrt

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.annual import checked_periods, checked_yearly
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.effectiveness.long_run import long_run_covariance
from hedgerow.errors import InputError
from hedgerow.units import TRADING_DAYS_PER_YEAR

_CONSTANT = 1e-12


@dataclass(frozen=True)
class SharpeEstimate:
    """A yearly Sharpe ratio with its standard errors.

    Attributes
    ----------
    ratio : float
        Mean excess over standard deviation (divisor n - 1), times the square root of the rows a year.
    standard_error : float
        For independent normal rows, Lo (2002) equation 9, times the same root.
    robust_error : float
        For dependent rows of any shape: the delta method on mean and variance with Newey and West's covariance.
    adjusted_ratio : float
        The ratio of a year when rows are autocorrelated, Lo (2002) equation 20; NaN where the autocorrelations leave
        a year no variance.
    adjusted_error : float
        The robust error on the adjusted scale; the autocorrelations are held fixed.
    lags : int
        Last lag of the covariance and of the autocorrelations; those after it count as 0.
    n_rows : int
    """

    ratio: float
    standard_error: float
    robust_error: float
    adjusted_ratio: float
    adjusted_error: float
    lags: int
    n_rows: int


def sharpe_ratio(returns: ArrayLike, rate: float = 0.0, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> float:
    """Return the yearly Sharpe ratio ``(mean - rate / periods) / std * sqrt(periods)``, divisor n - 1.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Per row; changes in money too, with a rate of 0 (or of money per year).
    rate : float
        Taken off, per year, spread evenly: 0.04 takes 0.04 / 252 off each day. A rate that moves is taken off the
        rows before.
    periods_per_year : float
        Rows a year.

    Returns
    -------
    float
        NaN below two rows and where rows do not vary.

    Raises
    ------
    InputError
        A rate or number of rows a year that is not finite, or no rows a year.
    DataError
        Missing values.

    References
    ----------
    Sharpe, W. F. (1994), Journal of Portfolio Management 21(1), 49-58.

    Examples
    --------
    >>> round(sharpe_ratio([0.01, -0.02, 0.03, -0.01]), 4)
    1.7898
    """
    return float(sharpe_ratios(checked_changes(returns, "returns")[:, None], rate, periods_per_year)[0])


def sharpe_ratios(returns: ArrayLike, rate: float = 0.0, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> FloatArray:
    """Return the yearly Sharpe ratio of every column, as :func:`sharpe_ratio` does.

    Parameters
    ----------
    returns : array_like of shape (n, m)
        One series per column.
    rate : float
        Taken off, per year.
    periods_per_year : float
        Rows a year.

    Returns
    -------
    ndarray of shape (m,)
        NaN below two rows and for a column that does not vary.

    Examples
    --------
    >>> sharpe_ratios([[0.01, 0.0], [0.03, 0.0]], periods_per_year=2).round(6).tolist()
    [2.0, nan]
    """
    values = checked_changes(returns, "returns", 2)
    root = sqrt(checked_periods(periods_per_year))
    shift = checked_yearly(rate, "rate") / periods_per_year
    if len(values) < 2:
        return np.full(values.shape[1], np.nan)
    # in units of the largest row: the square of a tiny unit of money would be nothing
    largest = np.abs(values).max(axis=0)
    scaled = values / np.where(largest > 0.0, largest, 1.0)
    spread = np.where(np.ptp(scaled, axis=0) > _CONSTANT, scaled.std(axis=0, ddof=1) * largest, np.nan)
    return np.asarray((values.mean(axis=0) - shift) / spread * root)


def sharpe_estimate(
    returns: ArrayLike,
    rate: float = 0.0,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
    *,
    lags: int | None = None,
) -> SharpeEstimate:
    """Return the yearly Sharpe ratio with standard errors, for independent and for dependent rows.

    With the ratio s of one row and q rows a year: standard error ``sqrt(q (1 + s^2 / 2) / n)``; robust error
    ``sqrt(q g' V g / n)`` with ``g = (1 / sd, -s / (2 sd^2))`` and V the long-run covariance of ``(r - mean, (r -
    mean)^2)``; adjusted ratio ``s q / sqrt(q + 2 sum over k of (q - k) rho_k)``.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Per row, in order of time.
    rate : float
        Taken off, per year.
    periods_per_year : float
        Rows a year.
    lags : int, optional
        Last lag, 0 to n - 1; ``floor(4 (n / 100)^(2/9))`` when left out (Newey and West 1994).

    Returns
    -------
    SharpeEstimate
        NaN throughout where :func:`sharpe_ratio` is.

    Raises
    ------
    InputError
        Lags outside 0 to n - 1, or what :func:`sharpe_ratio` refuses.
    DataError
        Missing values.

    Notes
    -----
    Premise: rows are stationary with four finite moments.

    References
    ----------
    Lo, A. W. (2002), The statistics of Sharpe ratios, Financial Analysts Journal 58(4), 36-52.

    Examples
    --------
    >>> import numpy as np
    >>> calm = sharpe_estimate(np.random.default_rng(0).normal(0.0005, 0.01, 2520))
    >>> abs(calm.robust_error / calm.standard_error - 1.0) < 0.1  # independent and normal: both errors say the same
    True
    """
    values = checked_changes(returns, "returns")
    ratio = sharpe_ratio(values, rate, periods_per_year)
    last = _lags(len(values), lags)
    if np.isnan(ratio):
        return SharpeEstimate(ratio, ratio, ratio, ratio, ratio, last, len(values))
    scale = _year_scale(values, last, periods_per_year)
    root, per_row = sqrt(periods_per_year), ratio / sqrt(periods_per_year)
    independent = sqrt((1.0 + 0.5 * per_row**2) / len(values))
    robust = _robust_error(values, values.mean() - rate / periods_per_year, last)
    return SharpeEstimate(ratio, root * independent, root * robust, scale * per_row, scale * robust, last, len(values))


def _lags(n: int, lags: int | None) -> int:
    if lags is None:
        return min(floor(4.0 * float(np.power(n / 100.0, 2.0 / 9.0))), max(n - 1, 0))
    if not 0 <= lags <= max(n - 1, 0):
        raise InputError(f"lags must be from 0 to {max(n - 1, 0)} on {n} rows, got {lags}.")
    return int(lags)


def _robust_error(values: FloatArray, excess: float, lags: int) -> float:
    largest = float(np.abs(values).max())
    deviations = (values - values.mean()) / largest
    deviation = sqrt(float(np.mean(deviations**2)))
    z = deviations / deviation
    covariance = long_run_covariance(np.column_stack([z, z**2]), lags, "bartlett")
    slope = np.array([1.0, -0.5 * excess / largest / deviation])
    return sqrt(max(float(slope @ covariance @ slope), 0.0) / len(values))


def _year_scale(values: FloatArray, lags: int, periods: float) -> float:
    """Return Lo's scale from one row to a year; the square root of the rows a year without autocorrelation."""
    deviations = (values - values.mean()) / np.abs(values).max()
    total = periods
    for lag in range(1, min(lags, floor(periods)) + 1):
        correlation = float(np.sum(deviations[lag:] * deviations[:-lag]) / np.sum(deviations**2))
        total += 2.0 * (periods - lag) * correlation
    return periods / sqrt(total) if total > 0.0 else float("nan")
