"""European options on a displaced lognormal forward: a skew with one parameter, and negative prices where it allows.

Examples
--------
>>> from hedgerow.pricing import displaced
>>> round(displaced.price("call", 0.01, 0.01, 1.0, 0.2, displacement=0.03), 6)
0.003186
>>> round(displaced.price("put", -0.01, 0.0, 0.0, 0.2, displacement=0.03), 12)
0.01
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from hedgerow.pricing import black_formula
from hedgerow.pricing.arguments import as_given, numbers
from hedgerow.pricing.record import Greeks, checked_names


def price(
    kind: Any,
    spot: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    dividend_yield: Any = 0.0,
    *,
    displacement: Any,
) -> Any:
    """Return the price of European options whose forward plus a constant is lognormal.

    ``V = exp(-r T) w ((F + a) N(w d1) - (K + a) N(w d2))`` with ``F = S exp((r - q) T)``, displacement a and
    ``d1, d2 = log((F + a) / (K + a)) / (s sqrt(T)) +- s sqrt(T) / 2``: Black-Scholes on the spot
    ``S + a exp(-(r - q) T)`` at the strike ``K + a``.

    Parameters
    ----------
    kind : str, int or array of either
        ``"call"`` or ``"put"`` (any case, or the first letter), or +1 and -1.
    spot, strike : scalar or array
        In one unit; the shifted spot must be above 0 and ``strike + displacement`` not below.
    years : scalar or array
        Time to expiry, not negative.
    vol : scalar or array
        Annual volatility of the displaced forward as a decimal, not negative.
    rate, dividend_yield : scalar or array
        Continuously compounded, per year.
    displacement : scalar or array
        Added to forward and strike, in their unit; 0 gives Black-Scholes, a large one Bachelier.

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
    M. Rubinstein, J. Finance 38 (1983) 213.

    Examples
    --------
    >>> round(price("call", 100.0, 100.0, 1.0, 0.2, rate=0.05, displacement=0.0), 4)
    10.4506
    """
    found, _ = _evaluate(kind, (spot, strike, years, vol, rate, dividend_yield), displacement, ("price",))
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
    displacement: Any,
    names: Iterable[str] | None = None,
) -> Greeks:
    """Return Greeks of European options on a displaced lognormal forward, and their price where asked for.

    Derivatives to the spot at a fixed displacement; vega and the mixed Greeks to the displaced volatility.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield, displacement
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
    >>> round(greeks("call", 100.0, 100.0, 1.0, 0.2, displacement=0.0, names=["delta"]).delta, 4)
    0.5398
    """
    wanted = checked_names(names)
    arguments = (spot, strike, years, vol, rate, dividend_yield)
    found, limit = _evaluate(kind, arguments, displacement, wanted)
    return Greeks(**{name: as_given(found[name]) for name in wanted}, limit=as_given(limit))


_NAMES = ("spot", "strike", "years", "vol", "rate", "dividend_yield")


def _evaluate(
    kind: Any, values: tuple[Any, ...], displacement: Any, names: tuple[str, ...]
) -> tuple[dict[str, Any], Any]:
    """Return figures of the shifted options; rates move the shifted spot too, through the growth of the shift."""
    shift = numbers({"displacement": displacement})["displacement"]
    options = black_formula.read(kind, *values)
    if options is not None:
        with np.errstate(all="ignore"):
            carried = shift * np.exp((options.dividend_yield - options.rate) * options.years)
            shifted = options.spot + carried
            decay = (options.dividend_yield * options.spot + options.rate * carried) / shifted
        options = replace(options, spot=shifted, strike=options.strike + shift, decay=decay)

    def refuse() -> None:
        given = dict(zip(_NAMES, values, strict=True))
        black_formula.refuse_unfit(kind, given | {"displacement": displacement}, (), ("vol",))
        if options is not None:
            moved = {"spot plus displacement": options.spot, "strike plus displacement": options.strike}
            rest = {name: given[name] for name in _NAMES[2:]}
            black_formula.refuse_unfit(kind, moved | rest, ("spot plus displacement",), ("strike plus displacement",))

    by_rates = {"rho", "dividend_rho"} & set(names)
    found, limit = black_formula.evaluate(options, {*names, "delta"} if by_rates else names, refuse)
    if options is not None and by_rates:
        through_shift = options.years * carried * found["delta"]
        if "rho" in by_rates:
            found["rho"] = found["rho"] - through_shift
        if "dividend_rho" in by_rates:
            found["dividend_rho"] = found["dividend_rho"] + through_shift
    return found, limit
