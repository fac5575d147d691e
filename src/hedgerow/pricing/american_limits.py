"""American options without uncertainty: no time, no volatility, or no strike."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.pricing import american_figures as figures
from hedgerow.pricing.american_regions import Options, european


def best_time(options: Options) -> FloatArray:
    """Return when it is best to exercise on a spot that is certain: 0, the years to expiry, or between them.

    The discounted payoff ``w (S exp(-q t) - K exp(-r t))`` has one turning point, where ``q S exp(-q t)`` equals
    ``r K exp(-r t)``.
    """
    rate, carry = options.rate, options.dividend_yield
    with np.errstate(all="ignore"):
        turn = np.log(rate * options.strike / (carry * options.spot)) / (rate - carry)
    turn = np.where(np.isfinite(turn), np.clip(turn, 0.0, options.years), 0.0)
    times = np.stack([np.zeros_like(turn), options.years, turn])
    worth = options.sign * (options.spot * np.exp(-carry * times) - options.strike * np.exp(-rate * times))
    return np.asarray(np.take_along_axis(times, worth.argmax(axis=0)[None], axis=0)[0])


def certain(options: Options, names: tuple[str, ...]) -> dict[str, FloatArray]:
    """Return the figures of options with no time or no volatility: limits, as time or volatility goes to 0.

    Exercise at the best time is worth the discounted payoff; where that time is expiry, the option is European.
    Where it lies between, the second derivative to volatility is that of a certain payoff, 0.
    """
    found = european(options, names)
    when = best_time(options)
    payoff = options.sign * (
        options.spot * np.exp(-options.dividend_yield * when) - options.strike * np.exp(-options.rate * when)
    )
    early = (when < options.years) & (payoff > 0.0)
    now = early & (when == 0.0)
    exercised = figures.intrinsic(options.sign, options.spot, options.strike, names)
    between = _between(options, when, names)
    return {name: np.where(now, exercised[name], np.where(early, between[name], found[name])) for name in names}


def _between(options: Options, when: FloatArray, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the figures of exercise at a turning point: it moves with the spot, but not with the years to expiry."""
    carry, sign = options.dividend_yield, options.sign
    part = (options.spot, options.strike, options.rate, carry, when)
    found = {name: -sign * value for name, value in figures.forward(*part, names).items()}
    stock = sign * np.exp(-carry * when)
    difference = np.where(options.rate == carry, 1.0, options.rate - carry)
    curve = carry / difference
    known = {
        "theta": 0.0,
        "charm": 0.0,
        "gamma": stock * curve / options.spot,
        "speed": stock * curve * (curve - 1.0) / options.spot**2,
    }
    return {name: known.get(name, found[name]) for name in names}


def strikeless(options: Options, names: tuple[str, ...]) -> dict[str, FloatArray]:
    """Return the figures at strike 0: a put is worth nothing, a call the spot, now or at expiry."""
    found = european(options, names)
    now = options.is_call & (options.dividend_yield > 0.0)
    exercised = figures.intrinsic(options.sign, options.spot, options.strike, names)
    return {name: np.where(now, exercised[name], found[name]) for name in names}
