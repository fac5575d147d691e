"""Prices and Greeks of what is linear in the spot, and of the variance swap, in closed form."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.instruments.columns import Columns
from hedgerow.instruments.inputs import Inputs


def spot_figures(columns: Columns, inputs: Inputs) -> dict[str, FloatArray]:
    """Return price and delta of the underlying itself; every other figure is 0."""
    return {"price": inputs.spot, "delta": np.ones(len(columns))}


def future_figures(columns: Columns, inputs: Inputs) -> dict[str, FloatArray]:
    """Return the futures price F = (S - D) exp((r - q) T) and its derivatives, q the carry and D the dividends."""
    growth = inputs.rate - inputs.carry
    delta = np.exp(growth * inputs.years)
    price = (inputs.spot - inputs.dividends) * delta
    return {
        "price": price,
        "delta": delta,
        "theta": -growth * price,
        "rho": inputs.years * price,
        "dividend_rho": -inputs.years * price,
        "charm": -growth * delta,
    }


def forward_figures(columns: Columns, inputs: Inputs) -> dict[str, FloatArray]:
    """Return the value (S - D) exp(-q T) - K exp(-r T) and its derivatives."""
    delta = np.exp(-inputs.carry * inputs.years)
    asset = (inputs.spot - inputs.dividends) * delta
    owed = columns.strike * np.exp(-inputs.rate * inputs.years)
    return {
        "price": asset - owed,
        "delta": delta,
        "theta": inputs.carry * asset - inputs.rate * owed,
        "rho": inputs.years * owed,
        "dividend_rho": -inputs.years * asset,
        "charm": inputs.carry * delta,
    }


def index_future_figures(columns: Columns, inputs: Inputs) -> dict[str, FloatArray]:
    """Return the price of a future on a volatility index and its delta of 1 against itself."""
    return {"price": inputs.spot, "delta": np.ones(len(columns))}


def variance_swap_figures(columns: Columns, inputs: Inputs) -> dict[str, FloatArray]:
    """Return the value of variance swaps per unit of variance notional, and its derivatives.

    ``exp(-r T) (s^2 T / life + accrued + ln(S / S0)^2 / life - K^2)``, S0 the last spot in the realised variance and
    so the spot of the valuation. A sudden move adds its squared logarithm: gamma is ``2 exp(-r T) / (life S^2)`` and
    delta 0 before it. Theta lets time pass without a move: r V - exp(-r T) s^2 / life, which the gamma earns back
    where the spot moves by s sqrt(dt).

    References
    ----------
    K. Demeterfi, E. Derman, M. Kamal, J. Zou, A guide to volatility and variance swaps, Journal of Derivatives 6
    (1999).
    """
    discount = np.exp(-inputs.rate * inputs.years)
    per_year, vol, spot = discount * inputs.weight_left, inputs.vol, inputs.spot
    left = per_year * inputs.years
    move = np.log(spot / inputs.fixing)
    price = left * vol**2 + discount * (inputs.accrued - columns.strike**2) + per_year * move**2
    gamma = 2.0 * per_year * (1.0 - move) / spot**2
    return {
        "price": price,
        "delta": 2.0 * per_year * move / spot,
        "gamma": gamma,
        "vega": 2.0 * left * vol,
        "theta": inputs.rate * price - per_year * vol**2,
        "rho": -inputs.years * price,
        "volga": 2.0 * left,
        "charm": inputs.rate * 2.0 * per_year * move / spot,
        "speed": per_year * (4.0 * move - 6.0) / spot**3,
        "color": inputs.rate * gamma,
    }
