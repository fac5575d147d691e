"""Reiner and Rubinstein's terms A to F of single-barrier options, on jets.

The terms, with phi = +1 for calls, eta = +1 for barriers below, b = r - q, mu = b/vol^2 - 1/2, and
lambda^2 = mu^2 + 2 r / vol^2, are those of E. G. Haug, *The Complete Guide to Option Pricing Formulas*, 2nd ed. (2007),
section 4.17.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.pricing import jets
from hedgerow.pricing.by_jets import Model, Option, black, forward_at_strike, intrinsic
from hedgerow.pricing.jets import Jet

DISCRETE_SHIFT = 0.5825971579390107
"""-zeta(1/2) / sqrt(2 pi): how many standard deviations of one step a walk overshoots a barrier by, on average."""
_CIRCLE = np.exp(2j * np.pi * (np.arange(6) + 0.5) / 12)
"""Upper half of twelve points on a circle: an entire function's mean over them is its centre, to rounding."""


@dataclass(frozen=True)
class _Terms:
    """What the six terms share: jets of the barrier's place and of the powers that reflect the path in it."""

    option: Option
    log_barrier: Jet
    deviation: Jet
    drift: Jet

    @property
    def to_barrier(self) -> Jet:
        """Return log H/S."""
        return self.log_barrier - jets.log(self.option.spot)

    def unreflected(self, log_level: Jet | FloatArray) -> Jet:
        """Return phi (S N(phi x) - K N(phi x - phi deviation)), x measured to the level: terms A and B."""
        option, deviation = self.option, self.deviation
        x = (jets.log(option.spot) - log_level + self.drift) / deviation + deviation * 0.5
        asset = option.discounted_forward * jets.normal_cdf(x * option.sign)
        cash = option.discount * option.strike * jets.normal_cdf((x - deviation) * option.sign)
        return (asset - cash) * option.sign

    def reflected(self, log_level: Jet | FloatArray) -> Jet:
        """Return the same after reflection in the barrier: terms C and D."""
        option, deviation, side = self.option, self.deviation, self.option.parameters["side"]
        y = (self.to_barrier + self.log_barrier - log_level + self.drift) / deviation + deviation * 0.5
        power = self.power
        asset = option.discounted_forward * _scaled_cdf(power + self.to_barrier * 2.0, y * side)
        cash = option.discount * option.strike * _scaled_cdf(power, (y - deviation) * side)
        return (asset - cash) * option.sign

    @property
    def power(self) -> Jet:
        """Return log of (H/S)^(2 mu)."""
        return self.to_barrier * (self.drift * 2.0 / (self.deviation * self.deviation) - 1.0)

    def never_touched(self) -> Jet:
        """Return the value of 1 at expiry if the barrier was not touched: term E."""
        option, deviation, side = self.option, self.deviation, self.option.parameters["side"]
        x = (self.drift - self.to_barrier) / deviation - deviation * 0.5
        y = (self.drift + self.to_barrier) / deviation - deviation * 0.5
        return option.discount * (jets.normal_cdf(x * side) - _scaled_cdf(self.power, y * side))

    def when_touched(self) -> Jet:
        """Return the value of 1 at the moment the barrier is touched: term F.

        It is an even function of lambda and entire in lambda^2, which negative rates can make negative. Close to
        zero, where the square root is not smooth, the mean over a circle around lambda^2 takes its place.
        """
        deviation, distance = self.deviation, self.to_barrier / self.deviation
        mean = self.drift / deviation - deviation * 0.5
        square = mean * mean + self.option.rate * self.option.years * 2.0
        radius = 1.0 / (1.0 + np.square(distance.value))
        near = np.abs(square.value) < 0.25 * radius
        total = self._touched_given(jets.where(near, square * 0.0 + 1.0, square), mean, distance)
        if not near.any():
            return total
        circle = [self._touched_given(square + radius * point, mean, distance) for point in _CIRCLE]
        return jets.where(near, sum(circle[1:], circle[0]) / float(len(circle)), total)

    def _touched_given(self, square: Jet, mean: Jet, distance: Jet) -> Jet:
        """Return term F for (lambda deviation)^2: (H/S)^(mu +- lambda) N(eta (z or z - 2 lambda deviation))."""
        side = self.option.parameters["side"]
        if np.isrealobj(square.value) and not (square.value > 0.0).all():
            square = square.map(lambda value: value + 0j)
        root = jets.sqrt(square)
        first = _scaled_cdf((mean + root) * distance, (distance + root) * side)
        second = _scaled_cdf((mean - root) * distance, (distance - root) * side)
        return (first + second).map(np.real)


def _scaled_cdf(power: Jet, x: Jet) -> Jet:
    """Return exp(power) N(x) where power may be large and N(x) as small: real or complex."""
    return jets.exp(power + _log_cdf(x))


def _log_cdf(jet: Jet) -> Jet:
    """Return log N(x); its derivatives come from the inverse Mills ratio, exact far out."""
    from scipy.special import erfcx, ndtr

    x = jet.value
    left = np.real(x) < 0.0
    ratio = erfcx(-x * 0.7071067811865476)
    hazard = 0.7978845608028654 / ratio
    below = np.log(0.5 * np.where(left, ratio, 1.0)) - 0.5 * np.square(np.where(left, x, 0.0))
    value = np.where(left, below, np.log(ndtr(np.where(left, 1.0, x))))
    second = -hazard * (x + hazard)
    third = -second * (x + hazard) - hazard * (1.0 + second)
    return jet.composed(value, hazard, np.where(hazard == 0.0, 0.0, second), np.where(hazard == 0.0, 0.0, third))


def _terms(option: Option) -> _Terms:
    carry = (option.rate - option.dividend_yield) * option.years
    step = DISCRETE_SHIFT * np.sqrt(option.parameters["monitored_every"]) * option.parameters["side"]
    log_barrier = option.vol * -step + np.log(option.parameters["barrier"])
    return _Terms(option, log_barrier, option.deviation, carry)


def _touched(option: Option, log_spot: Any) -> BoolArray:
    """Return where a spot is at or beyond the barrier, or beyond the shifted one where dates are discrete."""
    side, barrier = option.parameters["side"], np.log(option.parameters["barrier"])
    shift = -side * DISCRETE_SHIFT * option.vol.value * np.sqrt(option.parameters["monitored_every"])
    return np.asarray(side * (log_spot - barrier - shift) <= 0.0)


def _formula(option: Option) -> Jet:
    """Return the price where time and volatility are left, by Haug's table of terms."""
    terms = _terms(option)
    strike_beyond = (np.log(option.strike) - terms.log_barrier.value) * terms.option.parameters["side"] > 0.0
    same_side = option.sign * option.parameters["side"] > 0.0
    out = option.parameters["knocks_out"] > 0.0
    # What an -in option adds up from, before its rebate; the -out option is A less these.
    weights = {
        "B": np.where(same_side & ~strike_beyond, -1.0, np.where(~same_side & strike_beyond, 1.0, 0.0)),
        "C": np.where(same_side & strike_beyond, 1.0, np.where(~same_side & strike_beyond, -1.0, 0.0)),
        "D": np.where(strike_beyond & same_side, 0.0, np.where(~strike_beyond & ~same_side, 0.0, 1.0)),
        "A": np.where(strike_beyond, 0.0, 1.0),
    }
    log_strike = np.log(option.strike)
    values = {
        "A": black(
            option.sign,
            option.discounted_forward,
            option.discount * option.strike,
            option.log_moneyness,
            option.deviation,
        ),
        "B": terms.unreflected(terms.log_barrier),
        "C": terms.reflected(log_strike),
        "D": terms.reflected(terms.log_barrier),
    }
    nothing = option.spot * 0.0
    total = nothing
    for name, value in values.items():
        weight = np.where(out, (1.0 if name == "A" else 0.0) - weights[name], weights[name])
        total = total + jets.where(weight != 0.0, value * weight, nothing)
    living = total + _rebate(terms, out)
    european = values["A"]
    ended = jets.where(out, nothing + option.parameters["rebate"], european)
    return jets.where(_touched(option, np.log(option.spot.value)), ended, living)


def _rebate(terms: _Terms, out: BoolArray) -> Jet:
    amount = terms.option.parameters["rebate"]
    nothing = terms.option.spot * 0.0
    if not (amount > 0.0).any():
        return nothing
    kept = terms.never_touched()
    paid = jets.where(out, terms.when_touched(), kept) if out.any() else kept
    return jets.where(amount > 0.0, paid * amount, nothing)


def _settled(option: Option) -> Jet:
    """Return the price where the spot goes to its forward for certain."""
    log_spot = np.log(option.spot.value)
    carry = option.rate - option.dividend_yield
    now = _touched(option, log_spot)
    later = _touched(option, log_spot + carry.value * option.years.value) & ~now
    out, rebate = option.parameters["knocks_out"] > 0.0, option.parameters["rebate"]
    alive = intrinsic(option)
    distance = -(jets.log(option.spot) - np.log(option.parameters["barrier"]))
    wait = distance / jets.where(later, carry, carry * 0.0 + 1.0)
    knocked = jets.where(later, jets.exp(-(option.rate * wait)), wait * 0.0 + 1.0) * rebate
    unborn = option.discount * rebate
    touched = now | later
    return jets.where(touched, jets.where(out, knocked, alive), jets.where(out, alive, unborn))


def _kink(option: Option) -> BoolArray:
    """Return where the forward ends at the strike of an option that is then alive, or at the barrier."""
    log_spot = np.log(option.spot.value)
    forward = log_spot + (option.rate.value - option.dividend_yield.value) * option.years.value
    now, end = _touched(option, log_spot), _touched(option, forward)
    alive = (now | end) != (option.parameters["knocks_out"] > 0.0)
    at_barrier = ~now & (np.abs(forward - np.log(option.parameters["barrier"])) <= 1e-15)
    return np.asarray((forward_at_strike(option) & alive) | at_barrier)


MODEL = Model(_formula, _settled, _kink)
