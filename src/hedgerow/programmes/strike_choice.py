"""Which strike is bought: by delta, by a share of the price, or at the price that another option costs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.market.dates import written
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.option_quotes import OptionQuotes, Quoted, option_figures

FARTHEST = 12.0
"""Strikes are sought within so many standard deviations of the forward."""

HALVINGS = 60


def require_strike(what: str, delta: float | None, moneyness: float | None) -> None:
    """Refuse a strike stated twice, or a delta or a share of the price that no option has."""
    if (delta is None) == (moneyness is None):
        raise InputError(f"{what} takes a delta or a moneyness, one of the two, not {delta!r} and {moneyness!r}")
    if delta is not None and not 0.0 < delta < 1.0:
        raise InputError(f"the delta of {what} is given without its sign, between 0 and 1, not {delta!r}")
    if moneyness is not None and not (np.isfinite(moneyness) and moneyness > 0.0):
        raise InputError(f"the moneyness of {what} is strike / price, above 0 (0.9 for 10 % below), not {moneyness!r}")


def chosen_strike(
    quotes: OptionQuotes, at: Quoted, sign: float, delta: float | None, moneyness: float | None
) -> FloatArray:
    """Return strikes by delta, or as a share of the spot (of the future, for options on one)."""
    if delta is not None:
        return strike_of_delta(quotes, at, sign, delta)
    return np.asarray(at.spot * (moneyness or 0.0))


def strike_of_delta(quotes: OptionQuotes, at: Quoted, sign: float, delta: float) -> FloatArray:
    """Return the strikes whose delta to the spot (or future), at their own volatility, has the size asked for.

    Delta is ``w exp(-q T) N(w d1)``: d1 is known, and falls with the strike.
    """
    from scipy.special import ndtri

    share = delta * np.exp(at.dividend_yield * at.years)
    if not (share < 1.0).all():
        raise InputError(f"no option has a delta of {delta:g} at its dividend yield and tenor; ask for less")
    target = sign * ndtri(share)

    def excess(strike: FloatArray) -> FloatArray:
        deviation = quotes.volatility(at, strike) * np.sqrt(at.years)
        return np.asarray(np.log(at.forward / strike) / deviation + 0.5 * deviation - target)

    return falling_root(excess, quotes, at)


def strike_of_price(quotes: OptionQuotes, at: Quoted, sign: float, price: FloatArray) -> FloatArray:
    """Return the strikes of calls (sign 1) or puts (-1) that cost a price in points."""

    def excess(strike: FloatArray) -> FloatArray:
        return np.asarray(sign * (option_figures(quotes, at, sign, strike)[0] - price))

    return falling_root(excess, quotes, at)


def falling_root(excess: Callable[[FloatArray], FloatArray], quotes: OptionQuotes, at: Quoted) -> FloatArray:
    """Return where a function that falls with the strike is 0, by halving, each place on its own."""
    unit = quotes.volatility(at, at.forward) * np.sqrt(at.years)
    low, high = np.full(unit.shape, -FARTHEST), np.full(unit.shape, FARTHEST)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        is_above = excess(at.forward * np.exp(middle * unit)) > 0.0
        low, high = np.where(is_above, middle, low), np.where(is_above, high, middle)
    return np.asarray(at.forward * np.exp(0.5 * (low + high) * unit))


def listed_strikes(strikes: FloatArray, step: float | None, market: OverlayMarket, at: Quoted) -> FloatArray:
    """Return strikes rounded to a listing step; InputError where one is not above 0."""
    if step is None:
        return strikes
    listed = np.round(strikes / step) * step
    low = (listed <= 0.0).reshape(len(listed), -1).any(axis=1)
    if low.any():
        place = int(np.argmax(low))
        raise InputError(
            f"a strike of {strikes.reshape(len(listed), -1)[place].min():.4g} on "
            f"{written(market.dates[at.rows[place]])} is not listable in steps of {step:g}; take a smaller strike_step"
        )
    return np.asarray(listed)


def require_step(step: float | None) -> None:
    """Refuse a distance of strikes that is none."""
    if step is not None and not (np.isfinite(step) and step > 0.0):
        raise InputError(f"strike_step must be points between listed strikes, above 0, or None, not {step!r}")
