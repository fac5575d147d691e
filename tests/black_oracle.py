"""Prices of the Black family in 50 digits, and their derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath

ORDERS = {
    "price": (0, 0, 0, 0, 0),
    "delta": (1, 0, 0, 0, 0),
    "gamma": (2, 0, 0, 0, 0),
    "vega": (0, 1, 0, 0, 0),
    "theta": (0, 0, 1, 0, 0),
    "rho": (0, 0, 0, 1, 0),
    "dividend_rho": (0, 0, 0, 0, 1),
    "vanna": (1, 1, 0, 0, 0),
    "volga": (0, 2, 0, 0, 0),
    "charm": (1, 0, 1, 0, 0),
    "speed": (3, 0, 0, 0, 0),
    "color": (2, 0, 1, 0, 0),
    "zomma": (2, 1, 0, 0, 0),
}
"""Figure to its orders in spot, volatility, years, rate and dividend yield."""


def lognormal(sign: int, strike: Any, shift: Any = 0) -> Callable[..., Any]:
    """Return the price as a function of spot, volatility, years, rate, dividend yield."""

    def price(spot: Any, vol: Any, years: Any, rate: Any, carry: Any) -> Any:
        forward = spot * mpmath.exp((rate - carry) * years) + shift
        deviation = vol * mpmath.sqrt(years)
        d1 = mpmath.log(forward / (strike + shift)) / deviation + deviation / 2
        terms = forward * mpmath.ncdf(sign * d1) - (strike + shift) * mpmath.ncdf(sign * (d1 - deviation))
        return sign * mpmath.exp(-rate * years) * terms

    return price


def normal(sign: int, strike: Any) -> Callable[..., Any]:
    """Return Bachelier's price as a function of spot, volatility, years, rate, dividend yield."""

    def price(spot: Any, vol: Any, years: Any, rate: Any, carry: Any) -> Any:
        above = spot * mpmath.exp((rate - carry) * years) - strike
        deviation = vol * mpmath.sqrt(years)
        d = above / deviation
        return mpmath.exp(-rate * years) * (sign * above * mpmath.ncdf(sign * d) + deviation * mpmath.npdf(d))

    return price


def figure(price: Callable[..., Any], name: str, point: tuple[float, ...]) -> float:
    """Return a figure at (spot, vol, years, rate, dividend yield); time runs against the years."""
    with mpmath.workdps(50):
        exact = tuple(map(mpmath.mpf, point))
        order = ORDERS[name][: len(point)]
        value = mpmath.diff(price, exact, order) if any(order) else price(*exact)
        return float(-value if order[2] else value)


def scale(name: str, spot: float, vol: float, years: float) -> float:
    """Return the natural size of a figure: spot over the moves of each variable that it is taken to."""
    by_spot, by_vol, by_years, *_ = ORDERS[name]
    return spot / ((spot * vol * years**0.5) ** by_spot * vol**by_vol * years**by_years)
