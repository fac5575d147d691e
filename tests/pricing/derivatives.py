"""Derivatives that Greeks are, for oracles in many digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath

ORDERS: dict[str, tuple[int, int, int, int, int]] = {
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
"""Orders in spot, volatility, years, rate and dividend yield."""


def in_many_digits(formula: Callable[..., Any], point: tuple[float, ...], name: str, digits: int = 40) -> float:
    """Return one figure of a formula of (spot, vol, years, rate, dividend yield); time runs against the years."""
    order = ORDERS[name]
    with mpmath.workdps(digits):
        exact = tuple(mpmath.mpf(value) for value in point)
        value = mpmath.diff(formula, exact, order) if any(order) else formula(*exact)
        return float(-value if order[2] else value)
