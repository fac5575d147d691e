"""Volatility implied by prices of American options: Newton's method, kept inside a shrinking bracket."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.pricing.american_limits import certain
from hedgerow.pricing.american_regions import Options, evaluate

CONVERGED, BELOW_INTRINSIC, ABOVE_BOUND, EXPIRED, NOT_FINITE = range(5)

_LEAST, _MOST = 1e-6, 16.0
"""Standard deviations over the option's life between which it is sought; below, time value cannot be told from 0."""

_TOLERANCE = 1e-11
_STEPS = 60


def implied(price: FloatArray, options: Options) -> tuple[FloatArray, IntArray]:
    """Return volatilities and codes; ``options.vol`` is not read."""
    code = np.full(price.shape, CONVERGED, dtype=np.int64)
    still = replace(options, vol=np.zeros_like(options.years))
    floor = certain(still, ("price",))["price"]
    stake = np.where(options.is_call, options.spot, options.strike)
    carry = np.where(options.is_call, options.dividend_yield, options.rate)
    bound = stake * np.maximum(1.0, np.exp(-carry * options.years))
    with np.errstate(invalid="ignore"):
        code[price >= bound] = ABOVE_BOUND
        at_floor = np.abs(price - floor) <= 1e-13 * options.spot
        code[(price < floor) & ~at_floor] = BELOW_INTRINSIC
    code[options.years == 0.0] = EXPIRED
    code[~np.isfinite(price)] = NOT_FINITE
    volatility = np.full(price.shape, np.nan)
    volatility[at_floor & (code == CONVERGED)] = 0.0
    sought = (code == CONVERGED) & ~at_floor
    if sought.any():
        volatility[sought], code[sought] = _search(price[sought], options.take(sought), floor[sought])
    return volatility, code


def _search(price: FloatArray, options: Options, floor: FloatArray) -> tuple[FloatArray, IntArray]:
    root = np.sqrt(options.years)
    low, high = _LEAST / root, _MOST / root
    least, most = low * 1.01, high * 0.99
    guess = np.sqrt(2.0 * np.abs(np.log(options.spot / options.strike))) + 2.5 * (price - floor) / options.spot
    vol = np.clip(np.maximum(guess, 0.05) / root, low, high)
    open_ = np.arange(price.size)
    for _ in range(_STEPS):
        if not open_.size:
            break
        now = vol[open_]
        found = evaluate(replace(options.take(open_), vol=now), ("price", "vega"))
        miss = found["price"] - price[open_]
        low[open_] = np.where(miss < 0.0, now, low[open_])
        high[open_] = np.where(miss > 0.0, now, high[open_])
        with np.errstate(all="ignore"):
            step = now - miss / found["vega"]
        inside = (step > low[open_]) & (step < high[open_])
        done = (np.abs(step - now) <= _TOLERANCE * now) | (np.abs(miss) <= 4e-16 * options.spot[open_])
        vol[open_] = np.where(done, now, np.where(inside, step, np.sqrt(low[open_] * high[open_])))
        moving = ~done
        open_ = open_[moving & (high[open_] > low[open_] * (1.0 + _TOLERANCE))]
    code = np.where(vol < least, CONVERGED, np.where(vol > most, ABOVE_BOUND, CONVERGED))
    return np.where(code == CONVERGED, np.where(vol < least, 0.0, vol), np.nan), code
