"""A year of a daily series: arithmetic and compound return, volatility.

>>> round(annual_return([0.01, -0.02, 0.03, -0.01]), 3), round(annual_compound_return([0.01, -0.02, 0.03, -0.01]), 3)
(0.63, 0.792)
"""

from __future__ import annotations

from math import inf

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.effectiveness.measures import variance
from hedgerow.errors import DataError, InputError
from hedgerow.units import TRADING_DAYS_PER_YEAR, annual_volatility


def annual_return(returns: ArrayLike, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> float:
    """Return the arithmetic return of a year, ``mean * periods_per_year``.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Simple returns, or changes in money, per row; finite.
    periods_per_year : float
        Rows a year, above 0.

    Returns
    -------
    float
        In the unit of the rows; NaN without rows.

    Examples
    --------
    >>> round(annual_return([0.01, -0.02, 0.03, -0.01]), 10)
    0.63
    """
    values = checked_changes(returns, "returns")
    checked_periods(periods_per_year)
    return float(values.mean()) * periods_per_year if len(values) else float("nan")


def annual_compound_return(returns: ArrayLike, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> float:
    """Return the yearly growth of wealth, ``(prod(1 + r))^(periods_per_year / n) - 1``.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Simple returns per row, -1 or more.
    periods_per_year : float
        Rows a year, above 0.

    Returns
    -------
    float
        A decimal, -1 where everything was lost; NaN without rows.

    Raises
    ------
    DataError
        A return below -1, which is money and no return, or a missing value.

    Examples
    --------
    >>> round(annual_compound_return([0.1, 0.1], periods_per_year=2), 10)
    0.21
    """
    values = checked_returns(returns)
    checked_periods(periods_per_year)
    if not len(values):
        return float("nan")
    return float(np.expm1(log_growth(values).mean() * periods_per_year))


def annualised_volatility(returns: ArrayLike, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> float:
    """Return the sample standard deviation (divisor n - 1) of a row times ``sqrt(periods_per_year)``.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Returns, or changes in money, per row; finite.
    periods_per_year : float
        Rows a year, above 0.

    Returns
    -------
    float
        In the unit of the rows, by the square root of time, so right for rows that do not depend on each other;
        NaN below two rows.

    Examples
    --------
    >>> round(annualised_volatility([0.01, -0.01]), 4)
    0.2245
    """
    return annual_volatility(float(np.sqrt(variance(returns))), checked_periods(periods_per_year))


def checked_periods(periods_per_year: float) -> float:
    """Return a finite number of rows a year above 0; an :class:`InputError` otherwise."""
    if not 0.0 < periods_per_year < inf:
        raise InputError(
            f"periods_per_year must be above 0 and finite, got {periods_per_year}; daily rows have 252, months 12."
        )
    return float(periods_per_year)


def checked_yearly(value: float, name: str) -> float:
    """Return a finite yearly rate; an :class:`InputError` otherwise."""
    if not -inf < value < inf:
        raise InputError(f"{name} must be a finite number per year, got {value}; 4 % is written 0.04.")
    return float(value)


def checked_returns(returns: ArrayLike) -> FloatArray:
    """Return finite simple returns of -1 or more, shape (n,); a :class:`DataError` otherwise."""
    values = checked_changes(returns, "returns")
    below = np.flatnonzero(values < -1.0)
    if len(below):
        raise DataError(
            f"returns must not be below -1, row {below[0]} holds {values[below[0]]:g}; a loss above all wealth is a "
            f"change in money, for which kind='money' is there."
        )
    return values


def log_growth(returns: FloatArray) -> FloatArray:
    """Return ``log(1 + r)``, minus infinity at the row that loses everything."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log1p(returns))
