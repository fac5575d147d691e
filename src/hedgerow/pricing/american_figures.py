"""From derivatives to log spot, volatility, rate and yield of one unit of strike to the Greeks of an option.

A dictionary of figures holds derivatives of F(k) = V / K with k = ln(S / K), named by their variables as in
``american_premium.FIGURES``, and ``t``, ``kt``, ``kkt`` for those to the years to expiry.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.pricing.american_boundary import Boundary, Puts, Slopes, grid_of
from hedgerow.pricing.american_premium import FIGURES

Figures = dict[str, FloatArray]

BOUNDARY_MOVES = frozenset({"vega", "vanna", "volga", "zomma", "rho", "dividend_rho"})
"""Greeks that need the derivatives of the boundary."""


def with_time(puts: Puts, values: FloatArray) -> Figures:
    """Return figures by name, with those to time from the Black-Scholes equation and its derivatives to log spot."""
    found: Figures = dict(zip(FIGURES[: len(values)], values, strict=True))
    half = 0.5 * puts.vol**2
    drift = puts.rate - puts.dividend_yield - half
    orders = [found[name] for name in ("value", "k", "kk", "kkk", "kkkk")]
    for order, name in enumerate(("t", "kt", "kkt")):
        found[name] = half * orders[order + 2] + drift * orders[order + 1] - puts.rate * orders[order]
    return found


def near_boundary(puts: Puts, k: FloatArray, boundary: Boundary, slopes: Slopes | None) -> FloatArray:
    """Return the figures of the whole option near its exercise boundary, by Taylor's series from there.

    Value and slope fit there (smooth pasting); the equation and its derivatives along the boundary give the rest.
    """
    vol, rate, carry = puts.vol, puts.rate, puts.dividend_yield
    now = puts.start - boundary.gap[-1]
    c, scale = k - now, 2.0 / vol**2
    drift = rate - carry - 0.5 * vol**2
    move = -(grid_of(boundary.gap).edge @ boundary.gap) / (4.0 * puts.years)
    stock = carry * np.exp(now)
    earned = rate - stock
    second = scale * earned
    third = scale * (-second * move - drift * second - stock)
    third_move = -scale * stock * move - third * move
    fourth = scale * (third_move - drift * third + rate * second - stock)
    excess = (
        c * c * (second / 2.0 + c * (third / 6.0 + c * fourth / 24.0)),
        c * (second + c * (third / 2.0 + c * fourth / 6.0)),
        second + c * (third + c * fourth / 2.0),
        third + c * fourth,
        fourth,
    )
    level = np.exp(k)
    found = [excess[0] + 1.0 - level, *(part - level for part in excess[1:])]
    if slopes is not None:

        def moved(by: FloatArray, explicit: FloatArray) -> tuple[FloatArray, FloatArray]:
            return -second * by, explicit - scale * stock * by - third * by

        by_vol = -slopes.vol[-1]
        first, twice = moved(by_vol, -2.0 * second / vol)
        bend = -2.0 * twice * by_vol - third * by_vol**2 + second * slopes.vol_twice[-1]
        found += [c * (first + c * twice / 2.0), first + c * twice, twice, second * by_vol**2 + c * bend]
        first, twice = moved(slopes.start_by_rate - slopes.rate[-1], scale)
        found.append(c * (first + c * twice / 2.0))
        first, twice = moved(slopes.start_by_yield - slopes.dividend_yield[-1], -scale * np.exp(now))
        found.append(c * (first + c * twice / 2.0))
    return np.stack(np.broadcast_arrays(*found))


def mirrored(figures: Figures, k: FloatArray) -> Figures:
    """Return the figures of e^k p(-k) from those of p at -k, whose rate and yield have changed places.

    A call is such a put on the strike, paid in units of the spot (R. McDonald and M. Schroder, J. Computational
    Finance 1 (1998) 5).
    """
    level = np.exp(k)
    found: Figures = {}
    for extra in ("", "t", "v"):
        names = [name + extra for name in ("", "k", "kk", "kkk")]
        p, first, second, third = (figures.get(name or "value") for name in names)
        if p is None or first is None or second is None:
            continue
        found[names[0] or "value"] = level * p
        found[names[1]] = level * (p - first)
        found[names[2]] = level * (p - 2.0 * first + second)
        if third is not None:
            found[names[3]] = level * (p - 3.0 * first + 3.0 * second - third)
    if "vv" in figures:
        found |= {"vv": level * figures["vv"], "r": level * figures["q"], "q": level * figures["r"]}
    return found


def to_greeks(figures: Figures, spot: FloatArray, strike: FloatArray, names: Iterable[str]) -> Figures:
    """Return the named price and Greeks of options on ``strike`` units."""
    makers = {
        "price": lambda f: f["value"] * strike,
        "delta": lambda f: f["k"] * strike / spot,
        "gamma": lambda f: (f["kk"] - f["k"]) * strike / spot**2,
        "vega": lambda f: f["v"] * strike,
        "theta": lambda f: -f["t"] * strike,
        "rho": lambda f: f["r"] * strike,
        "dividend_rho": lambda f: f["q"] * strike,
        "vanna": lambda f: f["kv"] * strike / spot,
        "volga": lambda f: f["vv"] * strike,
        "charm": lambda f: -f["kt"] * strike / spot,
        "speed": lambda f: (f["kkk"] - 3.0 * f["kk"] + 2.0 * f["k"]) * strike / spot**3,
        "color": lambda f: -(f["kkt"] - f["kt"]) * strike / spot**2,
        "zomma": lambda f: (f["kkv"] - f["kv"]) * strike / spot**2,
    }
    return {name: makers[name](figures) for name in names}


def intrinsic(sign: FloatArray, spot: FloatArray, strike: FloatArray, names: Iterable[str]) -> Figures:
    """Return the figures of an option that is worth exercising now."""
    zero = np.zeros_like(spot)
    return {name: sign * (spot - strike) if name == "price" else sign if name == "delta" else zero for name in names}


def forward(
    spot: FloatArray, strike: FloatArray, rate: FloatArray, carry: FloatArray, years: FloatArray, names: Iterable[str]
) -> Figures:
    """Return the figures of K exp(-r T) - S exp(-q T)."""
    bank, stock, zero = strike * np.exp(-rate * years), np.exp(-carry * years), np.zeros_like(spot)
    known = {
        "price": bank - spot * stock,
        "delta": -stock,
        "theta": rate * bank - carry * spot * stock,
        "rho": -years * bank,
        "dividend_rho": years * spot * stock,
        "charm": -carry * stock,
    }
    return {name: known.get(name, zero) for name in names}
