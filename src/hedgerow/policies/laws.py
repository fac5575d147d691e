"""Laws of hedging in steps and at a cost: widths of bands, best intervals, volatilities and errors, as formulas.

Every function takes numbers or arrays that broadcast, and returns the same. Rates of cost are one way, fractions of
traded value; risk aversion is absolute, of ``-exp(-risk_aversion x wealth)``, per unit of money; gamma is that of the
whole position, in units of underlying per unit of price (its sign does not matter unless said); volatility is annual
and time is in years.

>>> round(float(whalley_wilmott_half_width(spot=100.0, gamma=0.02, cost=0.001, risk_aversion=1.0)), 4)
0.0391
>>> round(float(optimal_interval_fixed_cost(spot=100.0, gamma=0.02, volatility=0.2, cost=0.01, risk_aversion=1.0)), 4)
0.025
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow.costs import leland_number, leland_volatility
from hedgerow.errors import InputError
from hedgerow.units import TRADING_DAYS_PER_YEAR

__all__ = [
    "break_even_move",
    "derman_kamal_standard_deviation",
    "leland_number",
    "leland_volatility",
    "optimal_interval_fixed_cost",
    "optimal_interval_proportional",
    "step_standard_deviation",
    "whalley_wilmott_half_width",
    "zakamouline_half_width",
    "zakamouline_volatility",
]


def whalley_wilmott_half_width(
    spot: Any, gamma: Any, cost: Any, risk_aversion: Any, rate: Any = 0.0, years: Any = 0.0
) -> Any:
    """Return the asymptotic half-width of the no-trade band, units of underlying.

    ``(3/2 exp(-rate years) cost spot gamma^2 / risk_aversion)^(1/3)``; N times the position has N^(2/3) the width.

    Parameters
    ----------
    spot, gamma, cost, risk_aversion : float or ndarray
    rate, years : float or ndarray
        Continuous rate per year, and years to expiry.

    Raises
    ------
    InputError
        For a negative cost or a risk aversion that is not positive.

    References
    ----------
    Whalley and Wilmott (1997), Mathematical Finance 7, 307-324.
    """
    _check(cost=cost, above=risk_aversion, named="risk_aversion")
    return np.cbrt(1.5 * np.exp(-np.multiply(rate, years)) * cost * spot * np.square(gamma) / risk_aversion)


def zakamouline_half_width(
    spot: Any, gamma: Any, volatility: Any, years: Any, cost: Any, risk_aversion: Any, rate: Any = 0.0
) -> Any:
    """Return the half-width of Zakamouline's fit to the exact band, ``H0 + H1``, units of underlying.

    ``H0 = cost / (a S s^2 tau)`` and ``H1 = 1.12 cost^0.31 tau^0.05 (exp(-r tau) / s)^0.25 (|gamma| / a)^0.5``.

    Parameters
    ----------
    spot, gamma, volatility, years, cost, risk_aversion, rate : float or ndarray
        ``years`` to expiry, more than 0.

    Raises
    ------
    InputError
        For a negative cost, or a risk aversion or time that is not positive.

    References
    ----------
    Zakamouline (2006), Quantitative Finance 6, 435-445; Sinclair (2013), "Volatility Trading", chapter 6.
    """
    _check(cost=cost, above=risk_aversion, named="risk_aversion")
    _check(cost=cost, above=years, named="years")
    alone = cost / (risk_aversion * spot * np.square(volatility) * years)
    scale = 1.12 * np.power(cost, 0.31) * np.power(years, 0.05)
    discount = np.exp(-np.multiply(rate, years))
    return alone + scale * np.power(discount / volatility, 0.25) * np.sqrt(np.abs(gamma) / risk_aversion)


def zakamouline_volatility(
    spot: Any, gamma: Any, volatility: Any, years: Any, cost: Any, risk_aversion: Any, rate: Any = 0.0
) -> Any:
    """Return the volatility at which Zakamouline takes the delta; above the true one for a short position.

    ``s_m^2 = s^2 (1 - sign(gamma) K)``, ``K = 4.76 cost^0.78 tau^-0.02 (exp(-r tau) / s)^0.25 (a S^2 |gamma|)^0.15``.

    Parameters
    ----------
    spot, gamma, volatility, years, cost, risk_aversion, rate : float or ndarray
        ``gamma`` is negative for a short position.

    Raises
    ------
    InputError
        For a negative cost, a risk aversion or time that is not positive, or costs beyond the reach of the fit
        (``K >= 1`` for a long position).

    References
    ----------
    Zakamouline (2006), Quantitative Finance 6, 435-445; Sinclair (2013), "Volatility Trading", chapter 6.
    """
    _check(cost=cost, above=risk_aversion, named="risk_aversion")
    _check(cost=cost, above=years, named="years")
    discount = np.exp(-np.multiply(rate, years))
    moved = 4.76 * np.power(cost, 0.78) * np.power(years, -0.02) * np.power(discount / volatility, 0.25)
    moved = moved * np.power(risk_aversion * np.square(spot) * np.abs(gamma), 0.15)
    left = 1.0 - np.sign(gamma) * moved
    if np.any(left <= 0.0):
        raise InputError(
            f"a long position with costs of {np.max(cost)} lies beyond the fit of Zakamouline's volatility; "
            "take a band about the delta itself"
        )
    return volatility * np.sqrt(left)


def optimal_interval_fixed_cost(spot: Any, gamma: Any, volatility: Any, cost: Any, risk_aversion: Any) -> Any:
    """Return the interval between trades that is best where each trade costs a fixed sum, in years.

    ``2 sqrt(cost / risk_aversion) / (|gamma| S^2 s^2)``: the cost per year ``cost / dt`` and the risk per year
    ``risk_aversion / 2 x gamma^2 S^4 s^4 dt / 2`` add up to least there, where both are equal.

    Parameters
    ----------
    spot, gamma, volatility, risk_aversion : float or ndarray
    cost : float or ndarray
        Money per trade.

    Raises
    ------
    InputError
        For a negative cost or a risk aversion that is not positive.
    """
    _check(cost=cost, above=risk_aversion, named="risk_aversion")
    return 2.0 * np.sqrt(np.divide(cost, risk_aversion)) / _variance_gamma(spot, gamma, volatility)


def optimal_interval_proportional(spot: Any, gamma: Any, volatility: Any, cost: Any, risk_aversion: Any) -> Any:
    """Return the interval between trades that is best at a proportional cost, in years.

    ``[2 sqrt(2/pi) cost / (risk_aversion |gamma| S^2 s^3)]^(2/3)``: the cost per year
    ``cost sqrt(2/pi) |gamma| S^2 s / sqrt(dt)`` and the risk per year of :func:`optimal_interval_fixed_cost` add up to
    least there.

    Parameters
    ----------
    spot, gamma, volatility, cost, risk_aversion : float or ndarray

    Raises
    ------
    InputError
        For a negative cost or a risk aversion that is not positive.
    """
    _check(cost=cost, above=risk_aversion, named="risk_aversion")
    pull = np.multiply(risk_aversion, volatility) * _variance_gamma(spot, gamma, volatility)
    return np.power(2.0 * np.sqrt(2.0 / np.pi) * cost / pull, 2.0 / 3.0)


def derman_kamal_standard_deviation(vega: Any, volatility: Any, n_trades: Any) -> Any:
    """Return the standard deviation of the final gain of a position hedged ``n_trades`` times, money.

    ``sqrt(pi / 4) vega volatility / sqrt(n)``, for an option at the money at the start.

    Parameters
    ----------
    vega : float or ndarray
        Of the whole position at the start, per 1.00 of volatility.
    volatility : float or ndarray
    n_trades : int or ndarray
        Times that it is hedged until expiry, evenly.

    References
    ----------
    Derman and Kamal (1999), "When you cannot hedge continuously", Goldman Sachs.
    """
    return np.sqrt(np.pi / 4.0) * np.abs(vega) * volatility / np.sqrt(n_trades)


def step_standard_deviation(spot: Any, gamma: Any, volatility: Any, interval: Any) -> Any:
    """Return the standard deviation of the gain over one step of a hedged position, ``|gamma| S^2 s^2 dt / sqrt(2)``.

    Parameters
    ----------
    spot, gamma, volatility : float or ndarray
    interval : float or ndarray
        Length of the step in years.

    References
    ----------
    Boyle and Emanuel (1980), "Discretely adjusted option hedges", Journal of Financial Economics 8, 259-282.
    """
    return _variance_gamma(spot, gamma, volatility) * interval / np.sqrt(2.0)


def break_even_move(spot: Any, volatility: Any) -> Any:
    """Return the move of the price per trading day at which gamma pays for theta, ``volatility S / sqrt(252)``.

    Parameters
    ----------
    spot : float or ndarray
    volatility : float or ndarray
        Implied volatility.
    """
    return np.multiply(volatility, spot) / np.sqrt(TRADING_DAYS_PER_YEAR)


def _variance_gamma(spot: Any, gamma: Any, volatility: Any) -> Any:
    """Return ``|gamma| S^2 s^2``, money per year."""
    return np.abs(gamma) * np.square(spot) * np.square(volatility)


def _check(*, cost: Any, above: Any, named: str) -> None:
    """Refuse a negative cost, and a number that must be positive and is not."""
    if not np.all(np.greater_equal(cost, 0.0)):
        raise InputError(f"the cost must be 0 or more, not {cost}")
    if not np.all(np.greater(above, 0.0)):
        raise InputError(f"{named} must be more than 0, not {above}")
