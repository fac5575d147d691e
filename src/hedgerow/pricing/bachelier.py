"""European options on a normally distributed forward: Bachelier. Spot and strike may be negative.

Examples
--------
>>> from hedgerow.pricing import bachelier
>>> round(bachelier.price("call", 100.0, 100.0, 1.0, 20.0), 4)
7.9788
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.pricing import black_formula, implied
from hedgerow.pricing.arguments import as_given, broadcast, numbers, refuse_lost, signs
from hedgerow.pricing.black_kernels import FARTHEST, INVERSE_ROOT_OF_TWO_PI, NO_DEVIATION
from hedgerow.pricing.black_limits import Kinked, is_limit
from hedgerow.pricing.implied import ImpliedVolatility
from hedgerow.pricing.record import Greeks, checked_names


def price(kind: Any, spot: Any, strike: Any, years: Any, vol: Any, rate: Any = 0.0, dividend_yield: Any = 0.0) -> Any:
    """Return the price of European options whose forward moves by a normal amount.

    ``V = exp(-r T) (w (F - K) N(w d) + s sqrt(T) n(d))`` with ``F = S exp((r - q) T)`` and
    ``d = (F - K) / (s sqrt(T))``, exact for no time and no volatility.

    Parameters
    ----------
    kind : str, int or array of either
        ``"call"`` or ``"put"`` (any case, or the first letter), or +1 and -1.
    spot, strike : scalar or array
        Any finite numbers, in one unit.
    years : scalar or array
        Time to expiry, not negative.
    vol : scalar or array
        Normal volatility of the forward, not negative: price units per square root of a year.
    rate, dividend_yield : scalar or array
        Continuously compounded, per year.

    Returns
    -------
    float or array
        Money per unit, of the broadcast shape; a float where all arguments are scalars.

    Raises
    ------
    InputError
        For NaN, infinities and what breaks a rule above: field, value, position, how many.

    References
    ----------
    L. Bachelier, Annales scientifiques de l'E.N.S. 17 (1900) 21.

    Examples
    --------
    >>> price("put", -0.5, 0.25, 0.0, 0.8)
    0.75
    """
    options = _options(kind, spot, strike, years, vol, rate, dividend_yield)
    return as_given(_figures(options, ("price",))["price"])


def greeks(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    names: Iterable[str] | None = None,
) -> Greeks:
    """Return Greeks of European options on a normal forward, and their price where asked for.

    Vega and the mixed Greeks are derivatives to the normal volatility.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield
        As in :func:`price`.
    names : iterable of str, optional
        Fields of :class:`~hedgerow.pricing.record.Greeks`, ``"price"`` among them; all twelve Greeks unless given.

    Returns
    -------
    Greeks
        Raw derivatives with units as stated there; ``limit`` is set where ``vol * sqrt(years)`` is 0.

    Raises
    ------
    InputError
        As in :func:`price`, and for a name that is no Greek.

    Examples
    --------
    >>> round(greeks("call", 100.0, 100.0, 1.0, 20.0, names=["delta"]).delta, 4)
    0.5
    """
    wanted = checked_names(names)
    options = _options(kind, spot, strike, years, vol, rate, dividend_yield)
    found = _figures(options, wanted)
    limit = is_limit(options.vol, options.years)
    return Greeks(**{name: as_given(found[name]) for name in wanted}, limit=as_given(limit))


@dataclass(frozen=True)
class _Normal:
    """Arguments of :func:`price` as arrays of one shape, checked."""

    sign: FloatArray
    spot: FloatArray
    strike: FloatArray
    years: FloatArray
    vol: FloatArray
    rate: FloatArray
    dividend_yield: FloatArray


def _options(kind: Any, spot: Any, strike: Any, years: Any, vol: Any, rate: Any, dividend_yield: Any) -> _Normal:
    values = {"spot": spot, "strike": strike, "years": years, "vol": vol, "rate": rate}
    values["dividend_yield"] = dividend_yield
    black_formula.refuse_unfit(kind, values, (), ("vol",), bounded=False)
    return _Normal(*broadcast(signs(kind), *numbers(values).values()))


def _figures(o: _Normal, names: Iterable[str]) -> dict[str, FloatArray]:
    wanted = set(names)
    with np.errstate(all="ignore"):
        deviation = o.vol * np.sqrt(o.years)
        gone = deviation < NO_DEVIATION
        found = _regular(o, np.where(gone, 1.0, deviation))
        if gone.any():
            limits = _limits(o)
            found = {name: np.where(gone, limits[name], found[name]) for name in wanted}
    kept = {name: found[name] for name in wanted}
    refuse_lost(kept)
    return kept


def _regular(o: _Normal, deviation: FloatArray) -> dict[str, FloatArray]:
    from scipy.special import ndtr

    carry = o.rate - o.dividend_yield
    growth, discount, root = np.exp(carry * o.years), np.exp(-o.rate * o.years), np.sqrt(o.years)
    forward = o.spot * growth
    d = np.clip((forward - o.strike) / deviation, -FARTHEST, FARTHEST)
    share = discount * o.sign * ndtr(o.sign * d)
    density = discount * INVERSE_ROOT_OF_TWO_PI * np.exp(-0.5 * d * d)
    value = (forward - o.strike) * share + deviation * density
    years = np.where(o.years > 0.0, o.years, 1.0)  # replaced by a limit
    vol = np.where(o.vol > 0.0, o.vol, 1.0)
    gamma = growth * growth * density / deviation
    d_by_years = carry * forward / deviation - 0.5 * d / years
    return {
        "price": value,
        "delta": growth * share,
        "gamma": gamma,
        "vega": root * density,
        "theta": o.rate * value - carry * forward * share - 0.5 * root * density * vol / years,
        "rho": o.years * (forward * share - value),
        "dividend_rho": -o.years * forward * share,
        "vanna": -growth * density * d / vol,
        "volga": root * density * d * d / vol,
        "charm": o.dividend_yield * growth * share - growth * density * d_by_years,
        "speed": -growth * gamma * (d / deviation),
        "color": gamma * (o.rate - 2.0 * carry + d * d_by_years + 0.5 / years),
        "zomma": gamma * ((d * d - 1.0) / vol),
    }


def _limits(o: _Normal) -> dict[str, FloatArray]:
    """Return the figures for ``vol * sqrt(years) -> 0``, by the rules of :mod:`hedgerow.pricing.black_limits`.

    At the kink d is 0 without volatility and ``carry F sqrt(T) / s`` without time.
    """
    carry = o.rate - o.dividend_yield
    kink = Kinked.of(o.sign, o.spot, o.strike, o.years, carry)
    no_time = np.sqrt(o.years) < o.vol
    growth, discount = np.exp(carry * o.years), np.exp(-o.rate * o.years)
    forward = o.spot * growth
    share = discount * o.sign * kink.share
    value = np.where(kink.at, 0.0, (forward - o.strike) * share)
    drift, one = carry * forward, np.ones_like(growth)
    return {
        "price": value,
        "delta": growth * share,
        "gamma": kink.infinite(one),
        "vega": np.where(kink.at, discount * INVERSE_ROOT_OF_TWO_PI * np.sqrt(o.years), 0.0),
        "theta": o.rate * value - drift * share - np.where(no_time, kink.infinite(o.vol), 0.0),
        "rho": o.years * (forward * share - value),
        "dividend_rho": -o.years * forward * share,
        "vanna": np.zeros_like(growth),
        "volga": np.zeros_like(growth),
        "charm": o.dividend_yield * growth * share - kink.infinite(drift),
        "speed": 0.0 - np.where(no_time, kink.infinite(drift), 0.0),
        "color": kink.infinite(np.where(no_time, 1.0, 0.5 + o.years * (o.rate - 2.0 * carry))),
        "zomma": 0.0 - kink.infinite(one),
    }


def implied_volatility(
    price: Any, kind: Any, spot: Any, strike: Any, years: Any, rate: Any = 0.0, dividend_yield: Any = 0.0
) -> ImpliedVolatility:
    """Return the volatility at which :func:`price` gives each price, to machine precision.

    Parameters
    ----------
    price : scalar or array
        Money per unit; NaN is a price too, with a code of its own.
    kind, spot, strike, years, rate, dividend_yield
        As in :func:`price`.

    Returns
    -------
    ImpliedVolatility
        ``volatility`` and ``code``: NaN exactly where the code is not ``CONVERGED``. A price at the intrinsic value has
        volatility 0. Figures are right to a few units in the last place of price or volatility, whichever
        moves the result more; a price within rounding of its bounds says little about it.

    Raises
    ------
    InputError
        For an unknown kind and shapes that do not broadcast.

    References
    ----------
    P. Jaeckel, Let's be rational, Wilmott 2015(75) 40: regions and logarithmic objectives. The normal model is
    the limit of Black's for small moves.

    Examples
    --------
    >>> round(implied_volatility(7.978845608028654, "call", 100.0, 100.0, 1.0).volatility, 12)
    20.0
    """
    values = {"price": price, "spot": spot, "strike": strike, "years": years, "rate": rate}
    return implied.normal(kind, values | {"dividend_yield": dividend_yield})
