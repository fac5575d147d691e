"""Formulas of Asian options on jets: the geometric average, the arithmetic one by recursion, and paths without chance.

Write n for the fixings to come, m for those done, t_1 and dt for years to the next and between fixings. An average
without a break has 0 fixings; it runs from ``years_done`` ago to expiry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hedgerow._types import BoolArray
from hedgerow.pricing import jets
from hedgerow.pricing.asian_recursion import Walk, expected_sum, extrapolated, put
from hedgerow.pricing.by_jets import Model, Option, black
from hedgerow.pricing.jets import Jet

_STEPS = (8, 16, 32, 64)
"""Steps of the trapezoidal sums whose limit is the average without a break."""

_NEARLY_CERTAIN = 1e-8
"""Volatility times square root of years below which differences of logarithms lose the digits of a deviation."""


def _formula(option: Option) -> Jet:
    geometric = option.parameters["is_geometric"] > 0.0
    closed = _geometric(option)
    if geometric.all():
        return closed
    rows = np.flatnonzero(~geometric)
    found = [_arithmetic(_row(option, int(row))) for row in rows]
    stacked = _stacked(found)
    coefficients: dict[Any, Any] = {}
    for power in closed.coefficients.keys() | stacked.coefficients.keys():
        column = np.array(np.broadcast_to(closed.coefficients.get(power, 0.0), geometric.shape), dtype=np.float64)
        column[rows] = stacked.coefficients.get(power, 0.0)
        coefficients[power] = column
    return Jet(coefficients, closed.basis)


def _row(option: Option, row: int) -> Option:
    """Return one option out of many, its jets scalar."""

    def one(jet: Jet) -> Jet:
        # Not Python's floats: their powers raise where NumPy's overflow to infinity.
        return jet.map(lambda value: np.float64(value[row] if np.ndim(value) else value))

    five = (option.spot, option.vol, option.years, option.rate, option.dividend_yield)
    own: Mapping[str, Any] = {name: float(values[row]) for name, values in option.parameters.items()}
    spot, vol, years, rate, dividend_yield = (one(jet) for jet in five)
    return Option(option.sign[row], option.strike[row], spot, vol, years, rate, dividend_yield, own)


def _stacked(scalars: list[Jet]) -> Jet:
    powers = {power for jet in scalars for power in jet.coefficients}
    columns = {power: np.array([float(jet.coefficients.get(power, 0.0)) for jet in scalars]) for power in powers}
    return Jet(columns, scalars[0].basis)


def _schedule(option: Option) -> tuple[Jet, Any]:
    """Return years to the first fixing, and between fixings: as time passes only the first changes."""
    count, years = option.parameters["fixings"], option.years.value
    step = years * (1.0 - option.parameters["first_fraction"]) / np.maximum(count - 1.0, 1.0)
    return option.years - step * np.maximum(count - 1.0, 0.0), step


def _elapsed(option: Option) -> tuple[Jet, Jet]:
    """Return years that have run since now, zero but for its derivative, and the whole length of the average."""
    passed = -(option.years - option.years.value)
    return passed, (option.years + passed) + option.parameters["done"]


def _arithmetic(option: Option) -> Jet:
    if option.vol.value * np.sqrt(option.years.value) < _NEARLY_CERTAIN:
        return _narrow(option)
    if option.parameters["fixings"] > 0:
        return _fixed(option)
    return extrapolated([_trapezoidal(option, steps) for steps in _STEPS])


def _narrow(option: Option) -> Jet:
    """Return Black's price on the forward average: so little volatility makes every average lognormal."""
    average, (share, _, variance) = _certain_average(option), _geometric_law(option)
    weight = share.value * option.spot.value / average.value
    asset, cash = option.discount * average, option.discount * option.strike
    deviation = option.vol * jets.sqrt(variance) * weight
    return black(option.sign, asset, cash, jets.log(average) - float(np.log(option.strike)), deviation)


def _fixed(option: Option) -> Jet:
    """Return the price on fixings."""
    first, step = _schedule(option)
    count, done = int(option.parameters["fixings"]), option.parameters["done"]
    known = option.spot * 0.0 + done * option.parameters["average_so_far"]
    total = count + done
    walk = Walk(option.vol, option.rate, option.dividend_yield, first, option.rate * 0.0 + step, count)
    return _priced(option, walk, known / total, option.spot / total)


def _trapezoidal(option: Option, steps: int) -> Jet:
    """Return the price on the trapezoidal sum in place of the integral."""
    passed, length = _elapsed(option)
    step = option.years / float(steps)
    unit = option.spot * step / length
    known = (option.parameters["done"] * option.parameters["average_so_far"] + option.spot * passed) / length
    walk = Walk(option.vol, option.rate, option.dividend_yield, step, step, steps, 0.5)
    return _priced(option, walk, known + unit * 0.5, unit)


def _priced(option: Option, walk: Walk, known: Jet, unit: Jet) -> Jet:
    """Return the price where the average is ``known`` plus ``unit`` times the sum of growths to come."""
    value = put(walk, (option.strike - known) / unit) * unit
    if option.sign > 0.0:
        value = value + option.discount * (known + unit * expected_sum(walk) - option.strike)
    return value


def _geometric(option: Option) -> Jet:
    """Return Black's price on the lognormal average, log-mean and variance of what is to come weighed by its share."""
    share, mean, variance = _geometric_law(option)
    known = (1.0 - share.value) * np.log(option.parameters["average_so_far"])
    passed, length = _elapsed(option)
    # The calendar moves what an unbroken average has taken in: log spot times the years passed.
    running = jets.where(option.parameters["fixings"] > 0.0, passed * 0.0, passed / length * jets.log(option.spot))
    drift = option.rate - option.dividend_yield - option.vol * option.vol * 0.5
    log_mean = known + running + share * jets.log(option.spot) + share * drift * mean
    deviation = option.vol * share * jets.sqrt(variance)
    log_forward = log_mean + deviation * deviation * 0.5
    asset, cash = option.discount * jets.exp(log_forward), option.discount * option.strike
    return black(option.sign, asset, cash, log_forward - np.log(option.strike), deviation)


def _geometric_law(option: Option) -> tuple[Jet, Jet, Jet]:
    """Return the share of the average to come, its mean time, and its variance per squared volatility."""
    count, done = np.asarray(option.parameters["fixings"]), option.parameters["done"]
    fixed = count > 0.0
    first, step = _schedule(option)
    number = np.maximum(count, 1.0)
    zero = option.years * 0.0
    _, length = _elapsed(option)
    # done stands for years without fixings: known / length is its share.
    share = jets.where(fixed, zero + number / (number + done), option.years / length)
    mean = jets.where(fixed, first + step * (number - 1.0) / 2.0, option.years * 0.5)
    spread = step * (number - 1.0) * (2.0 * number - 1.0) / (6.0 * number)
    return share, mean, jets.where(fixed, first + spread, option.years / 3.0)


def _certain_average(option: Option) -> Jet:
    """Return the average along the forward path."""
    count = np.asarray(option.parameters["fixings"])
    so_far = option.parameters["average_so_far"]
    carry = option.rate - option.dividend_yield
    first, step = _schedule(option)
    passed, length = _elapsed(option)
    geometric = option.parameters["is_geometric"] > 0.0
    share, mean, _ = _geometric_law(option)
    # With neither time nor history the average is the spot.
    empty = (count == 0.0) & (length.value <= 0.0)
    share = jets.where(empty, option.years * 0.0 + 1.0, share)
    running = jets.where((count > 0.0) | empty, passed * 0.0, passed / length)
    log_average = share * jets.log(option.spot) + share * carry * mean + running * jets.log(option.spot)
    known = (1.0 - share.value) * np.log(so_far)
    sums = [_sum_of_growths(carry, first, step, count), _mean_growth(carry * option.years)]
    whole = jets.where(count > 0.0, sums[0] / np.maximum(count, 1.0), sums[1])
    arithmetic = option.spot * (whole * share + running) + (1.0 - share.value) * so_far
    return jets.where(geometric, jets.exp(log_average + known), arithmetic)


def _sum_of_growths(carry: Jet, first: Jet, step: Any, count: Any) -> Jet:
    """Return the sum of exp(carry t) over the fixings."""
    total = carry * 0.0
    for number in range(int(np.max(count, initial=0.0))):
        term = jets.exp(carry * (first + step * number))
        total = total + term * np.where(number < count, 1.0, 0.0)
    return total


def _mean_growth(z: Jet) -> Jet:
    """Return (exp(z) - 1) / z, with the derivatives that first orders in years and rates need."""
    x = np.asarray(z.value, dtype=np.float64)
    near = np.abs(x) < 1e-3
    safe = np.where(near, 1.0, x)
    value = np.where(near, 1.0 + x / 2.0 + x * x / 6.0 + x**3 / 24.0, np.expm1(safe) / safe)
    slope = np.where(near, 0.5 + x / 3.0 + x * x / 8.0 + x**3 / 30.0, (np.exp(safe) - value) / safe)
    return z.composed(value, slope)


def _settled(option: Option) -> Jet:
    gain = (_certain_average(option) - option.strike) * option.discount * option.sign
    return jets.where(gain.value > 0.0, gain, gain * 0.0)


def _kink(option: Option) -> BoolArray:
    average = _certain_average(option).value
    return np.asarray(np.abs(average - option.strike) <= 1e-15 * np.maximum(average, option.strike))


MODEL = Model(_formula, _settled, _kink)
