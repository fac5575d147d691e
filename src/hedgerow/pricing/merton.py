"""Merton's jump diffusion: lognormal jumps arrive by a Poisson clock on top of a lognormal diffusion.

The price is the mean of Black's price over the number n of jumps, with intensity L, log jumps of mean m and
standard deviation d, and kappa = exp(m + d^2/2) - 1::

    sum over n of exp(-L T) (L T)^n / n! * Black(F_n, K, sqrt(vol^2 T + n d^2)),
    F_n = S exp((r - q - L kappa) T + n (m + d^2/2))

The series runs until what is left of either Poisson law is below 1e-18.

>>> from hedgerow.pricing import merton
>>> round(merton.price("call", 100.0, 100.0, 0.5, 0.2, 0.05, jump_intensity=1.0, jump_mean=-0.1, jump_vol=0.15), 5)
8.44859

References
----------
R. C. Merton, *Option pricing when underlying stock returns are discontinuous*, Journal of Financial Economics 3 (1976)
125-144.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, lgamma, sqrt
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.pricing import by_jets, jets
from hedgerow.pricing.arguments import numbers, refuse_below, refuse_where
from hedgerow.pricing.by_jets import TINY_DEVIATION, Model, Option, black
from hedgerow.pricing.jets import Jet
from hedgerow.pricing.record import Greeks

_LOG_TAIL = 42.0
"""-log of what the series leaves out."""
_MOST_JUMPS = 1e4
"""Expected jumps to expiry, under the measure of the price or of the asset, beyond which the series is refused."""
_RARE = 1e-8
"""Below this mean number of jumps the weights are powers, which stay exact where no time is left."""


def price(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    jump_intensity: Any,
    jump_mean: Any,
    jump_vol: Any,
) -> Any:
    """Return the price of a European option under Merton's jump diffusion.

    Parameters
    ----------
    kind : str, int or array
        ``"call"`` or ``"put"``, or +1 and -1.
    spot, strike : scalar or array
        Spot > 0 and strike >= 0, money per unit.
    years : scalar or array
        Years to expiry, >= 0.
    vol : scalar or array
        Annual volatility of the diffusion alone, >= 0.
    rate, dividend_yield : scalar or array
        Continuously compounded decimals.
    jump_intensity : scalar or array
        Jumps per year under the pricing measure, >= 0; at most 10,000 to expiry, each weighed by ``exp`` of its
        mean where that is above 1.
    jump_mean, jump_vol : scalar or array
        Mean and standard deviation (>= 0) of the logarithm of a jump.

    Returns
    -------
    float or array
        Money per unit of underlying.

    Raises
    ------
    InputError
        For impossible arguments, with field and position.
    """
    contract = by_jets.contract(kind, spot, strike, years, vol, rate, dividend_yield)
    return by_jets.price(_MODEL, contract, _parameters(jump_intensity, jump_mean, jump_vol))


def greeks(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    jump_intensity: Any,
    jump_mean: Any,
    jump_vol: Any,
    names: Iterable[str] | str | None = None,
) -> Greeks:
    """Return exact derivatives of :func:`price`; vega is to the volatility of the diffusion.

    ``limit`` is set where the diffusion has no volatility or no time left, although jumps may remain: theta at
    expiry still holds what a jump in the next instant is worth.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield, jump_intensity, jump_mean, jump_vol
        As in :func:`price`.
    names : iterable of str, optional
        Figures wanted; all twelve Greeks when None.
    """
    contract = by_jets.contract(kind, spot, strike, years, vol, rate, dividend_yield)
    return by_jets.greeks(_MODEL, contract, _parameters(jump_intensity, jump_mean, jump_vol), names)


def _parameters(jump_intensity: Any, jump_mean: Any, jump_vol: Any) -> dict[str, Any]:
    read = numbers({"jump_intensity": jump_intensity, "jump_mean": jump_mean, "jump_vol": jump_vol})
    for name in ("jump_intensity", "jump_vol"):
        refuse_below(name, read[name], allow_equal=True)
    return dict(read)


def _formula(option: Option) -> Jet:
    jumps = option.years * option.parameters["jump_intensity"]
    growth = option.parameters["jump_mean"] + 0.5 * option.parameters["jump_vol"] ** 2
    lost = jumps * np.expm1(growth)
    _refuse_swarm(option.parameters["jump_intensity"], jumps.value * np.maximum(np.exp(growth), 1.0))
    first, last = _range_of_jumps(jumps.value, jumps.value * np.exp(growth))
    power = jets.exp(-jumps)
    total = power * 0.0
    for count in range(first, last + 1):
        if count > 0:
            power = power * jumps / count
        weight = _weight(count, jumps, power)
        total = total + weight * _given_jumps(option, count * growth - lost, count)
    return total


def _refuse_swarm(intensity: FloatArray, expected: FloatArray) -> None:
    """Refuse more jumps than can be counted through one by one."""
    rule = f"times years times the mean size of a jump must be at most {_MOST_JUMPS:g}"
    remedy = "so many jumps are a diffusion: raise vol instead"
    refuse_where(~(expected <= _MOST_JUMPS), "jump_intensity", intensity, rule, remedy)


def _range_of_jumps(mean: Any, mean_of_asset: Any) -> tuple[int, int]:
    """Return the least and greatest number of jumps that matter, by Chernoff's bound on both Poisson laws."""
    least = float(np.minimum(mean, mean_of_asset).min())
    most = float(np.maximum(mean, mean_of_asset).max())
    spread = _LOG_TAIL / 3.0 + sqrt(_LOG_TAIL**2 / 9.0 + 2.0 * _LOG_TAIL * most)
    return max(0, floor(least - sqrt(2.0 * _LOG_TAIL * least))), ceil(most + spread)


def _weight(count: int, jumps: Jet, power: Jet) -> Jet:
    """Return the Poisson probability: by its logarithm, or by the power given where jumps are too rare for one."""
    rare = np.asarray(jumps.value < _RARE)
    if rare.all():
        return power
    safe = jets.where(rare, jumps * 0.0 + 1.0, jumps)
    return jets.where(rare, power, jets.exp(jets.log(safe) * float(count) - safe - lgamma(count + 1.0)))


def _given_jumps(option: Option, shift: Jet, count: int) -> Jet:
    """Return Black's price given the number of jumps, whose log forward is ``shift`` above the forward."""
    forward = option.discounted_forward * jets.exp(shift)
    strike = option.discount * option.strike
    variance = option.vol * option.vol * option.years + count * option.parameters["jump_vol"] ** 2
    alive = variance.value > TINY_DEVIATION**2
    deviation = jets.sqrt(jets.where(alive, variance, variance * 0.0 + 1.0))
    living = black(option.sign, forward, strike, option.log_moneyness + shift, deviation)
    gain = (forward - strike) * option.sign
    return jets.where(alive, living, jets.where(gain.value > 0.0, gain, gain * 0.0))


def _kink(option: Option) -> BoolArray:
    """Return where the forward without a jump equals the strike and only jumps are uncertain."""
    growth = option.parameters["jump_mean"] + 0.5 * option.parameters["jump_vol"] ** 2
    lost = option.years.value * option.parameters["jump_intensity"] * np.expm1(growth)
    return np.asarray(np.abs(option.log_moneyness.value - lost) <= 1e-15)


_MODEL = Model(_formula, _formula, _kink)
