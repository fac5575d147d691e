"""The only conversions between the units people quote and the decimals, years and currency units used inside."""

from __future__ import annotations

from math import sqrt
from typing import Any

TRADING_DAYS_PER_YEAR = 252
CALENDAR_DAYS_PER_YEAR = 365


def from_basis_points(basis_points: float) -> float:
    """Return a decimal from basis points: 25 becomes 0.0025.

    Examples
    --------
    >>> from_basis_points(25)
    0.0025
    """
    return basis_points / 10_000


def from_percent(percent: float) -> float:
    """Return a decimal from per cent: 95 becomes 0.95.

    Examples
    --------
    >>> from_percent(95)
    0.95
    """
    return percent / 100


def to_percent(decimal: float) -> float:
    """Return per cent from a decimal: 0.875 becomes 87.5.

    Examples
    --------
    >>> to_percent(0.875)
    87.5
    """
    return decimal * 100


def annual_volatility(period_volatility: float, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> float:
    """Return the annual volatility of independent changes whose standard deviation per period is given.

    ``sigma_year = sigma_period * sqrt(periods_per_year)``; 252 trading days a year unless said otherwise.

    Examples
    --------
    >>> round(annual_volatility(0.01), 6)
    0.158745
    """
    return period_volatility * sqrt(periods_per_year)


def per_calendar_day(per_year: Any) -> Any:
    """Return a figure per calendar day from one per year: theta, charm or color divided by 365.

    Examples
    --------
    >>> per_calendar_day(-7.3)
    -0.02
    """
    return per_year / CALENDAR_DAYS_PER_YEAR


def per_trading_day(per_year: Any) -> Any:
    """Return a figure per trading day from one per year: theta, charm or color divided by 252.

    Examples
    --------
    >>> per_trading_day(-5.04)
    -0.02
    """
    return per_year / TRADING_DAYS_PER_YEAR


def per_point(per_unit: Any) -> Any:
    """Return a figure per point (0.01) from one per 1.00: vega per volatility point, rho per per cent of rate.

    Examples
    --------
    >>> per_point(39.5)
    0.395
    """
    return per_unit / 100
