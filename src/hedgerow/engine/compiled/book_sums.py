"""The Greeks of many options on one underlying: a sum over legs in a loop of its own, compiled like any stage."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.cumulative_normal import normal_cdf_absolute
from hedgerow.kernels.elementary import exp, maximum, normal_cdf_from_exp
from hedgerow.kernels.rules import BlockRule
from hedgerow.rows import NAMES

_WIDTH = 128
_LOG_SPOT = NAMES.index("log_spot") * _WIDTH
_SPOT = NAMES.index("spot") * _WIDTH
_IMPLIED = NAMES.index("implied") * _WIDTH
_TARGET = NAMES.index("target") * _WIDTH
_VALUE = NAMES.index("value") * _WIDTH
_DELTA = NAMES.index("delta") * _WIDTH
_GAMMA = NAMES.index("gamma") * _WIDTH
_THETA = NAMES.index("theta") * _WIDTH
_VEGA = NAMES.index("vega") * _WIDTH

HEAD = 3
"""Numbers before the legs: how many there are, units of the underlying in the book, floor of volatility."""
LEG = 10
"""Numbers of a leg: log strike, strike, volatility or its distance from ``implied``, years, root of years, discounted
weights of share and cash, weight if put, rate, drift (rate - carry)."""
_ROOT_TWO_PI_INVERSE = 0.3989422804014327


def _sum_target(numbers: Any, block: Any) -> None:
    """Add up minus the deltas."""
    for i in range(_WIDTH):
        block[_TARGET + i] = -numbers[1]
    for number in range(int(numbers[0])):
        at = 3 + 10 * number
        log_strike, vol, root = numbers[at], numbers[at + 2], numbers[at + 4]
        inverse = 1.0 / (vol * root)
        shift = (numbers[at + 9] * numbers[at + 3] - log_strike) * inverse + 0.5 * vol * root
        weight, put = numbers[at + 5], numbers[at + 7]
        for i in range(_WIDTH):
            d1 = block[_LOG_SPOT + i] * inverse + shift
            block[_TARGET + i] -= weight * (normal_cdf_absolute(d1) - put)


def _sum_target_gamma(numbers: Any, block: Any) -> None:
    """Add up minus the deltas, and the gammas."""
    for i in range(_WIDTH):
        block[_TARGET + i] = -numbers[1]
        block[_GAMMA + i] = 0.0
    for number in range(int(numbers[0])):
        at = 3 + 10 * number
        log_strike, vol, root = numbers[at], numbers[at + 2], numbers[at + 4]
        inverse = 1.0 / (vol * root)
        shift = (numbers[at + 9] * numbers[at + 3] - log_strike) * inverse + 0.5 * vol * root
        weight, put = numbers[at + 5], numbers[at + 7]
        density = weight * inverse * _ROOT_TWO_PI_INVERSE
        for i in range(_WIDTH):
            d1 = block[_LOG_SPOT + i] * inverse + shift
            exponential = exp(-0.5 * d1 * d1)
            block[_TARGET + i] -= weight * (normal_cdf_from_exp(d1, exponential) - put)
            block[_GAMMA + i] += density * exponential
    for i in range(_WIDTH):
        block[_GAMMA + i] /= block[_SPOT + i]


def _sum_figures(numbers: Any, block: Any) -> None:
    """Add up value, delta, gamma, theta and vega; volatilities are those of the legs plus the row ``implied``."""
    for i in range(_WIDTH):
        block[_VALUE + i] = numbers[1] * block[_SPOT + i]
        block[_DELTA + i] = numbers[1]
        block[_GAMMA + i] = 0.0
        block[_THETA + i] = 0.0
        block[_VEGA + i] = 0.0
    for number in range(int(numbers[0])):
        at = 3 + 10 * number
        log_strike, vol, years, root = numbers[at], numbers[at + 2], numbers[at + 3], numbers[at + 4]
        weight, cash, put = numbers[at + 5], numbers[at + 6], numbers[at + 7]
        rate, drift = numbers[at + 8], numbers[at + 9]
        for i in range(_WIDTH):
            spot = block[_SPOT + i]
            own = maximum(vol + block[_IMPLIED + i], numbers[2])
            deviation = own * root
            d1 = (block[_LOG_SPOT + i] - log_strike + drift * years) / deviation + 0.5 * deviation
            exponential = exp(-0.5 * d1 * d1)
            density = weight * exponential * _ROOT_TWO_PI_INVERSE
            delta = weight * (normal_cdf_from_exp(d1, exponential) - put)
            value = spot * delta - cash * (normal_cdf_absolute(d1 - deviation) - put)
            gamma = density / (spot * deviation)
            block[_VALUE + i] += value
            block[_DELTA + i] += delta
            block[_GAMMA + i] += gamma
            block[_THETA + i] += rate * value - drift * spot * delta - 0.5 * own * own * spot * spot * gamma
            block[_VEGA + i] += density * spot * root


def _payoffs(numbers: Any, block: Any) -> None:
    """Add up what expiring options pay: ``numbers`` is the count, then sign, strike and weight of each."""
    for i in range(_WIDTH):
        block[_VALUE + i] = 0.0
    for number in range(int(numbers[0])):
        sign, strike, weight = numbers[1 + 3 * number], numbers[2 + 3 * number], numbers[3 + 3 * number]
        for i in range(_WIDTH):
            block[_VALUE + i] += weight * maximum(sign * (block[_SPOT + i] - strike), 0.0)


def _each(numbers: FloatArray) -> list[FloatArray]:
    """Return the ten numbers of the legs as columns, each (legs, 1)."""
    legs = numbers[HEAD : HEAD + LEG * int(numbers[0])].reshape(-1, LEG)
    return [legs[:, k : k + 1] for k in range(LEG)]


def _plain_figures(numbers: FloatArray, log_spot: FloatArray, spot: FloatArray, implied: FloatArray) -> Any:
    log_strike, _, vol, years, root, weight, cash, put, rate, drift = _each(numbers)
    own = np.maximum(vol + implied, numbers[2])
    deviation = own * root
    d1 = (log_spot - log_strike + drift * years) / deviation + 0.5 * deviation
    density = weight * np.exp(-0.5 * d1 * d1) * _ROOT_TWO_PI_INVERSE
    delta = weight * (normal_cdf_absolute.definition(d1) - put)
    value = spot * delta - cash * (normal_cdf_absolute.definition(d1 - deviation) - put)
    gamma = density / (spot * deviation)
    theta = rate * value - drift * spot * delta - 0.5 * own * own * spot * spot * gamma
    units = numbers[1]
    sums = (each.sum(axis=0) for each in (gamma, theta, density * spot * root))
    return (units * spot + value.sum(axis=0), units + delta.sum(axis=0), *sums)


def _plain_target_gamma(numbers: FloatArray, log_spot: FloatArray, spot: FloatArray) -> Any:
    _, delta, gamma, _, _ = _plain_figures(numbers, log_spot, spot, np.zeros_like(spot))
    return -delta, gamma


def _plain_target(numbers: FloatArray, log_spot: FloatArray) -> Any:
    return _plain_target_gamma(numbers, log_spot, np.exp(log_spot))[0]


def _plain_payoffs(numbers: FloatArray, spot: FloatArray) -> FloatArray:
    total = np.zeros_like(spot)
    for sign, strike, weight in numbers[1 : 1 + 3 * int(numbers[0])].reshape(-1, 3):
        total += weight * np.maximum(sign * (spot - strike), 0.0)
    return total


sum_target = BlockRule(_sum_target, _plain_target, ("log_spot",), ("target",))
sum_target_gamma = BlockRule(_sum_target_gamma, _plain_target_gamma, ("log_spot", "spot"), ("target", "gamma"))
sum_figures = BlockRule(
    _sum_figures, _plain_figures, ("log_spot", "spot", "implied"), ("value", "delta", "gamma", "theta", "vega")
)
payoffs = BlockRule(_payoffs, _plain_payoffs, ("spot",), ("value",))
