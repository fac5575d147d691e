"""American options on a lognormal spot: continuous dividend yield by spectral collocation, cash dividends on a lattice.

Continuous yield: the exercise boundary is found by collocation (L. Andersen, M. Lake, D. Offengenden, J. Computational
Finance 20 (2016) 39; with two boundaries at negative rates Andersen and Lake, Wilmott (2021)), the premium and every
Greek by differentiating its integral, the boundary's own movement included. On a strike of 100, within 1e-6 of the
converged price over volatility 5 to 80 %, rates and yields of -5 to 20 % and expiry up to ten years, 1e-9 typically;
within 1e-5 where a put's yield is 1 to 1.6 times a rate of 8 % and more, for years and at volatility above 40 %. Far
beyond (volatility 0.5 % at a rate of 50 % for 40 years), where no boundary can be found, an option takes the price
of half its years, or its European value where that is more: within 1e-3 on a strike of 100. Greeks of
first order are about 1e-7 exact relative to their size, those of third order 1e-4. They jump at the exercise boundary,
beyond which the option is worth its payoff.

Examples
--------
>>> from hedgerow.pricing import american
>>> round(american.price("put", 100.0, 100.0, 1.0, 0.2, rate=0.05), 6)
6.090371
>>> round(american.exercise_boundary("put", 100.0, 1.0, 0.2, rate=0.05), 4)
80.8751
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.pricing import american_limits as limits
from hedgerow.pricing.american_lattice import Dividends
from hedgerow.pricing.american_regions import Options, evaluate
from hedgerow.pricing.arguments import as_given, broadcast, numbers, refuse_below, signs
from hedgerow.pricing.record import Greeks, checked_names

NO_DEVIATION = 1e-12
"""A smaller ``vol * sqrt(years)`` counts as none: the time value is lost in rounding."""

__all__ = ["Dividends", "exercise_boundary", "greeks", "implied_volatility", "price"]


def price(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    dividends: Dividends | None = None,
) -> Any:
    """Return the price of American options.

    Parameters
    ----------
    kind : str, int or array of either
        ``"call"`` or ``"put"`` (any case, or the first letter), or +1 and -1.
    spot : scalar or array
        Price of the underlying, above 0.
    strike : scalar or array
        Not negative, in the unit of the spot.
    years : scalar or array
        Time to expiry, not negative.
    vol : scalar or array
        Annual lognormal volatility as a decimal, not negative.
    rate, dividend_yield : scalar or array
        Continuously compounded, per year; of any sign.
    dividends : Dividends, optional
        Cash paid at known times, the same for all options; then the price is taken from a lattice.

    Returns
    -------
    float or array
        Money per unit, of the broadcast shape; a float where all arguments are scalars.

    Raises
    ------
    InputError
        For NaN, infinities and what breaks a rule above: field, value, position, how many.

    Examples
    --------
    >>> price("call", 100.0, [0.0, 90.0], 0.0, 0.2).tolist()
    [100.0, 10.0]
    """
    found, _ = _evaluate(kind, spot, strike, years, vol, rate, dividend_yield, dividends=dividends, names=("price",))
    return as_given(found["price"])


def greeks(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    dividends: Dividends | None = None,
    names: Iterable[str] | None = None,
) -> Greeks:
    """Return Greeks of American options, and their price where asked for.

    Where exercise now is best they are those of the payoff: delta +1 or -1, the others 0. At rate 0 (of a put; yield 0
    of a call), where exercise starts to pay, those to the rates are of the side on which it does not.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield, dividends
        As in :func:`price`.
    names : iterable of str, optional
        Fields of :class:`~hedgerow.pricing.record.Greeks`, ``"price"`` among them; all twelve Greeks unless given.

    Returns
    -------
    Greeks
        Raw derivatives with units as stated there. ``limit`` is set where ``vol * sqrt(years)`` is 0.

    Raises
    ------
    InputError
        As in :func:`price`, and for a name that is no Greek.

    Examples
    --------
    >>> deep = greeks("put", 50.0, 100.0, 1.0, 0.2, rate=0.05)
    >>> deep.delta, deep.gamma, deep.theta
    (-1.0, 0.0, 0.0)
    """
    wanted = checked_names(names)
    found, limit = _evaluate(kind, spot, strike, years, vol, rate, dividend_yield, dividends=dividends, names=wanted)
    return Greeks(**{name: as_given(found[name]) for name in wanted}, limit=as_given(limit))


def exercise_boundary(kind: Any, strike: Any, years: Any, vol: Any, rate: Any = 0.0, dividend_yield: Any = 0.0) -> Any:
    """Return the spot at which exercise now starts to be best: from there on away from the strike.

    Parameters
    ----------
    kind, strike, years, vol, rate, dividend_yield
        As in :func:`price`; years, vol and strike above 0.

    Returns
    -------
    float or array
        In the unit of the strike: at or below it for puts, at or above it for calls; 0 for puts and infinite for calls
        that are never exercised now. Where exercise pays between two spots (a put at yield < rate < 0) it is that
        nearer to the strike.

    Raises
    ------
    InputError
        As in :func:`price`.

    Examples
    --------
    >>> exercise_boundary("call", 100.0, 1.0, 0.2, rate=0.05)
    inf
    """
    options, shape = _read(kind, strike, strike, years, vol, rate, dividend_yield)
    for name in ("strike", "years", "vol"):
        refuse_below(name, getattr(options, name).reshape(shape), allow_equal=False)
    from hedgerow.pricing.american_regions import boundary_now

    with np.errstate(all="ignore"):
        ratio = boundary_now(options)
        spots = options.strike * np.where(options.is_call, 1.0 / ratio, ratio)
    return as_given(spots.reshape(shape))


def implied_volatility(
    price: Any, kind: Any, spot: Any, strike: Any, years: Any, rate: Any = 0.0, dividend_yield: Any = 0.0
) -> Any:
    """Return the volatility at which American options have the given prices.

    Parameters
    ----------
    price : scalar or array
        Money per unit.
    kind, spot, strike, years, rate, dividend_yield
        As in :func:`price`.

    Returns
    -------
    ImpliedVolatility
        Volatility, NaN exactly where the code is not ``CONVERGED``, and the code. The volatility is 0 where the price
        is what the option is worth without any (the payoff, where exercise now is best), to within rounding.

    Raises
    ------
    InputError
        As in :func:`price`, except for prices, which get a code.

    Examples
    --------
    >>> quoted = price("put", 100.0, 90.0, 0.5, 0.3, rate=0.05)
    >>> found = implied_volatility(quoted, "put", 100.0, 90.0, 0.5, rate=0.05)
    >>> round(found.volatility, 9), found.reasons()
    (0.3, 'converged')
    """
    from hedgerow.pricing.american_implied import implied
    from hedgerow.pricing.implied import ImpliedCode, ImpliedVolatility

    given = np.asarray(price, dtype=np.float64)
    _, given_shape = _read(kind, spot, strike, years, 0.0, rate, dividend_yield)
    shape = np.broadcast_shapes(given.shape, given_shape)
    options, _ = _read(kind, spot, strike, years, np.zeros(shape), rate, dividend_yield)
    volatility, code = implied(np.broadcast_to(given, shape).ravel(), options)
    codes = ImpliedCode(int(code[0])) if not shape else code.astype(np.int8).reshape(shape)
    return ImpliedVolatility(as_given(volatility.reshape(shape)), codes)


def _read(
    kind: Any, spot: Any, strike: Any, years: Any, vol: Any, rate: Any, dividend_yield: Any
) -> tuple[Options, tuple[int, ...]]:
    sign = signs(kind)
    read = numbers(
        {"spot": spot, "strike": strike, "years": years, "vol": vol, "rate": rate, "dividend_yield": dividend_yield}
    )
    refuse_below("spot", read["spot"], allow_equal=False)
    for name in ("strike", "years", "vol"):
        refuse_below(name, read[name], allow_equal=True)
    arrays = broadcast(sign, *read.values())
    return Options(*(np.ascontiguousarray(array).ravel() for array in arrays)), arrays[0].shape


def _evaluate(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any,
    dividend_yield: Any,
    *,
    dividends: Dividends | None,
    names: tuple[str, ...],
) -> tuple[dict[str, FloatArray], Any]:
    if dividends is not None and not isinstance(dividends, Dividends):
        raise InputError(f"dividends must be Dividends(times, amounts), not {dividends!r}")
    options, shape = _read(kind, spot, strike, years, vol, rate, dividend_yield)
    found = {name: np.empty(options.sign.shape) for name in names}
    limit = options.vol * np.sqrt(options.years) < NO_DEVIATION
    strikeless = ~limit & (options.strike == 0.0)
    cases: list[tuple[Any, Any]] = [(limit, limits.certain), (strikeless, limits.strikeless)]
    if dividends is not None and options.years.size and dividends.any_within(options.years):
        from hedgerow.pricing.american_lattice import on_lattice

        cases = [(np.ones_like(limit), lambda part, wanted: on_lattice(part, dividends, wanted))]
    else:
        cases.append((~limit & ~strikeless, evaluate))
    for which, make in cases:
        if which.any():
            for name, values in make(options.take(which), names).items():
                found[name][which] = values
    return {name: values.reshape(shape) for name, values in found.items()}, limit.reshape(shape)
