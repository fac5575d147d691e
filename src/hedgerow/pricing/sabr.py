"""SABR smiles: Hagan's lognormal expansion, prices and Greeks in which the smile moves as the model says.

dF = a F^beta dW, da = nu a dZ, dW dZ = rho dt. The expansion gives an implied volatility for every strike, and the
price is Black's at it. The expansion is good for small nu^2 T. For long expiries, low strikes and beta below 1 it
overstates the left wing until the density it implies turns negative: :func:`density` shows where, and
:func:`negative_density_below` finds the strike.

>>> from hedgerow.pricing import sabr
>>> smile = {"beta": 0.5, "correlation": -0.3, "vol_of_vol": 0.4}
>>> round(sabr.volatility(100.0, 90.0, 1.0, 2.0, **smile), 6)
0.21467
>>> [round(sabr.negative_density_below(100.0, years, 2.0, **smile)) for years in (1.0, 5.0, 20.0)]
[0, 7, 50]

References
----------
P. S. Hagan, D. Kumar, A. S. Lesniewski and D. E. Woodward, *Managing smile risk*, Wilmott Magazine (September 2002)
84-108, equation 2.17; J. Obloj, *Fine-tune your smile* (2008) on where it breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.pricing import by_jets, jets
from hedgerow.pricing.arguments import as_given, broadcast, numbers, refuse_below, refuse_where
from hedgerow.pricing.by_jets import TINY_STRIKE, Model, Option, black, forward_at_strike, intrinsic
from hedgerow.pricing.jets import Jet
from hedgerow.pricing.record import Greeks

_SERIES_BELOW = 0.25
"""abs(z) below which x(z)/z is summed: Legendre polynomials of rho fall like z^n, 1e-19 after 32 terms."""
_TERMS = 32


def volatility(forward: Any, strike: Any, years: Any, vol: Any, *, beta: Any, correlation: Any, vol_of_vol: Any) -> Any:
    """Return Black's implied volatility by Hagan's expansion, annual; smooth through the money.

    Parameters
    ----------
    forward, strike : scalar or array
        Both > 0, money per unit.
    years : scalar or array
        Years to expiry, >= 0.
    vol : scalar or array
        a, initial level > 0: near the money volatility is about a F^(beta - 1).
    beta : scalar or array
        From 0 (normal) to 1 (lognormal).
    correlation : scalar or array
        rho, above -1 and below 1.
    vol_of_vol : scalar or array
        nu >= 0, annual volatility of a.

    Raises
    ------
    InputError
        For impossible arguments, and where the expansion itself falls to zero or below.
    """
    given = {"forward": forward, "strike": strike, "years": years, "vol": vol}
    names, arrays = _read(given, _parameters(beta, correlation, vol_of_vol))
    read = dict(zip(names, arrays, strict=True))
    for name in ("strike", "vol"):
        refuse_below(name, read[name], allow_equal=False)
    with np.errstate(all="ignore"):
        found = _hagan(*_plain(read), read).value
    _refuse_failed(found)
    return as_given(np.asarray(found))


def density(strike: Any, forward: Any, years: Any, vol: Any, *, beta: Any, correlation: Any, vol_of_vol: Any) -> Any:
    """Return the risk-neutral density of the underlying at expiry that the expansion implies, d2C/dK2.

    A negative value is an arbitrage by a butterfly there: the expansion has left its domain.

    Parameters
    ----------
    strike, forward, years, vol, beta, correlation, vol_of_vol
        As in :func:`volatility`; years > 0.

    Returns
    -------
    float or array
        Probability per unit of money.
    """
    given = {"forward": forward, "strike": strike, "years": years, "vol": vol}
    names, arrays = _read(given, _parameters(beta, correlation, vol_of_vol))
    read = dict(zip(names, arrays, strict=True))
    for name in ("strike", "years", "vol"):
        refuse_below(name, read[name], allow_equal=False)
    # The strike takes the place of the spot among the variables.
    moving, vol, years, _, _ = jets.variables(read["strike"], read["vol"], read["years"], 0.0, 0.0, ["gamma"])
    zero = moving * 0.0
    log_forward, log_strike = zero + np.log(read["forward"]), jets.log(moving)
    smile = _hagan(log_forward, log_strike, years, vol, read)
    deviation = smile * np.sqrt(read["years"])
    value = black(1.0, zero + read["forward"], moving, log_forward - log_strike, deviation)
    return as_given(np.asarray(jets.figures(value, ["gamma"])["gamma"]))


def negative_density_below(
    forward: float, years: float, vol: float, *, beta: float, correlation: float, vol_of_vol: float
) -> float:
    """Return the highest strike below the forward at which the density is negative; 0.0 where none is found.

    Looks at 2000 strikes from a ten-thousandth of the forward up to it.
    """
    strikes = forward * np.logspace(-4.0, 0.0, 2000)
    smile = {"beta": beta, "correlation": correlation, "vol_of_vol": vol_of_vol}
    negative = np.flatnonzero(density(strikes, forward, years, vol, **smile) < 0.0)
    return float(strikes[negative[-1]]) if negative.size else 0.0


def price(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    beta: Any,
    correlation: Any,
    vol_of_vol: Any,
) -> Any:
    """Return Black's price at the expansion's volatility, the forward being S exp((r - q) T).

    Parameters
    ----------
    kind : str, int or array
        ``"call"`` or ``"put"``, or +1 and -1.
    spot, strike : scalar or array
        Spot > 0 and strike >= 0, money per unit.
    years, vol : scalar or array
        Years to expiry and initial level a, >= 0; where either is 0 the price is intrinsic.
    rate, dividend_yield : scalar or array
        Continuously compounded decimals.
    beta, correlation, vol_of_vol : scalar or array
        As in :func:`volatility`.

    Raises
    ------
    InputError
        For impossible arguments, and where the expansion itself falls to zero or below.
    """
    contract = by_jets.contract(kind, spot, strike, years, vol, rate, dividend_yield)
    return by_jets.price(_MODEL, contract, _parameters(beta, correlation, vol_of_vol))


def greeks(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    beta: Any,
    correlation: Any,
    vol_of_vol: Any,
    names: Iterable[str] | str | None = None,
) -> Greeks:
    """Return total derivatives of :func:`price`: delta holds a fixed while the smile moves, vega is dV/da.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield, beta, correlation, vol_of_vol
        As in :func:`price`.
    names : iterable of str, optional
        Figures wanted; all twelve Greeks when None.
    """
    contract = by_jets.contract(kind, spot, strike, years, vol, rate, dividend_yield)
    return by_jets.greeks(_MODEL, contract, _parameters(beta, correlation, vol_of_vol), names)


def _parameters(beta: Any, correlation: Any, vol_of_vol: Any) -> dict[str, Any]:
    read = numbers({"beta": beta, "correlation": correlation, "vol_of_vol": vol_of_vol})
    outside = (read["beta"] < 0.0) | (read["beta"] > 1.0)
    refuse_where(outside, "beta", read["beta"], "must be from 0 to 1", "")
    refuse_where(np.abs(read["correlation"]) >= 1.0, "correlation", read["correlation"], "must be inside -1 to 1", "")
    refuse_below("vol_of_vol", read["vol_of_vol"], allow_equal=True)
    return dict(read)


def _read(given: Mapping[str, Any], parameters: Mapping[str, Any]) -> tuple[list[str], tuple[FloatArray, ...]]:
    read = numbers({**given, **parameters})
    refuse_below("forward", read["forward"], allow_equal=False)
    refuse_below("years", read["years"], allow_equal=True)
    return list(read), broadcast(*read.values())


def _plain(read: Mapping[str, FloatArray]) -> tuple[Jet, Jet, Jet, Jet]:
    """Return log forward, log strike, years and vol as jets that carry values alone."""
    _, vol, years, _, _ = jets.variables(read["forward"], read["vol"], read["years"], 0.0, 0.0, [])
    return vol * 0.0 + np.log(read["forward"]), vol * 0.0 + np.log(read["strike"]), years, vol


def _refuse_failed(found: Any) -> None:
    remedy = "the expansion has left its domain: shorten the expiry or lower vol_of_vol"
    failed = ~(np.asarray(found) > 0.0)
    refuse_where(failed, "volatility of the SABR expansion", np.asarray(found), "must be above 0", remedy)


def _hagan(log_forward: Jet, log_strike: Jet, years: Jet, vol: Jet, parameters: Mapping[str, FloatArray]) -> Jet:
    """Return the implied volatility, equation 2.17 of the paper."""
    beta, rho, nu = (parameters[name] for name in ("beta", "correlation", "vol_of_vol"))
    gap, power = log_forward - log_strike, 1.0 - np.asarray(beta)
    scale = jets.exp((log_forward + log_strike) * (power / 2.0))
    local = vol / scale
    square = gap * gap * power**2
    spread = 1.0 + square / 24.0 + square * square / 1920.0
    correction = (
        local * local * (power**2 / 24.0) + local * (rho * nu * beta / 4.0) + (2.0 - 3.0 * rho**2) / 24.0 * nu**2
    )
    return local / spread * _skew(gap / local * nu, rho) * (correction * years + 1.0)


def _skew(z: Jet, rho: FloatArray) -> Jet:
    """Return z / x(z), x = log((sqrt(1 - 2 rho z + z^2) + z - rho) / (1 - rho)); 1 at z = 0."""
    value = np.asarray(z.value, dtype=np.float64)
    near = np.abs(value) < _SERIES_BELOW
    far = jets.where(near, z * 0.0 + 1.0, z)
    return jets.where(near, jets.reciprocal(_series(z, near, rho)), far / _logarithm(far, rho))


def _logarithm(z: Jet, rho: FloatArray) -> Jet:
    lag = z.value - rho
    root = np.sqrt(1.0 - rho**2 + lag**2)
    # Either form is the other's inverse; each loses digits on one side.
    right = np.log((root + np.maximum(lag, 0.0)) / (1.0 - rho))
    left = np.log((1.0 + rho) / (root - np.minimum(lag, 0.0)))
    slope = 1.0 / root
    return z.composed(
        np.where(lag > 0.0, right, left), slope, -lag * slope**3, (3.0 * (lag * slope) ** 2 - 1.0) * slope**3
    )


def _series(z: Jet, near: Any, rho: FloatArray) -> Jet:
    """Return x(z)/z, whose coefficients are P_n(rho)/(n + 1): dx/dz is what generates the Legendre polynomials."""
    x = np.where(near, z.value, 0.0)
    last, legendre = np.zeros_like(np.asarray(rho)), np.ones_like(np.asarray(rho))
    total = [np.zeros(np.broadcast_shapes(x.shape, legendre.shape)) for _ in range(4)]
    for n in range(_TERMS):
        factor = legendre / (n + 1.0)
        for order in range(min(n, 3) + 1):
            total[order] = total[order] + factor * x ** (n - order)
            factor = factor * (n - order)
        last, legendre = legendre, ((2 * n + 1) * rho * legendre - n * last) / (n + 1)
    return z.composed(*total)


def _formula(option: Option) -> Jet:
    log_forward = jets.log(option.spot) + (option.rate - option.dividend_yield) * option.years
    nothing = option.strike <= TINY_STRIKE
    strike = np.where(nothing, option.spot.value, option.strike)
    zero = option.spot * 0.0
    smile = _hagan(log_forward, zero + np.log(strike), option.years, option.vol, option.parameters)
    _refuse_failed(smile.value)
    deviation = smile * jets.sqrt(option.years)
    asset, cash = option.discounted_forward, option.discount * strike
    priced = black(option.sign, asset, cash, log_forward - np.log(strike), deviation)
    # A strike of zero has no volatility, and needs none.
    return jets.where(nothing, jets.where(option.sign > 0.0, asset, zero), priced)


_MODEL = Model(_formula, intrinsic, forward_at_strike)
