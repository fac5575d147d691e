"""European options on a forward or a future: Black (1976).

Examples
--------
>>> from hedgerow.pricing import black76
>>> round(black76.price("call", 19.0, 19.0, 0.75, 0.28, rate=0.10), 4)
1.7011
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from hedgerow.pricing import black_formula, implied
from hedgerow.pricing.arguments import as_given
from hedgerow.pricing.implied import ImpliedVolatility
from hedgerow.pricing.record import Greeks, checked_names


def price(kind: Any, forward: Any, strike: Any, years: Any, vol: Any, rate: Any = 0.0) -> Any:
    """Return the price of European options on a lognormal forward.

    ``V = w exp(-r T) (F N(w d1) - K N(w d2))``, exact for no time, no volatility and no strike.

    Parameters
    ----------
    kind : str, int or array of either
        ``"call"`` or ``"put"`` (any case, or the first letter), or +1 and -1.
    forward : scalar or array
        Forward or futures price for the option's expiry, above 0.
    strike : scalar or array
        Not negative, in the unit of the forward.
    years : scalar or array
        Time to expiry, not negative.
    vol : scalar or array
        Annual volatility of the forward as a decimal, not negative.
    rate : scalar or array
        For discounting, continuously compounded, per year.

    Returns
    -------
    float or array
        Money per unit today, of the broadcast shape; a float where all arguments are scalars.

    Raises
    ------
    InputError
        For NaN, infinities and what breaks a rule above: field, value, position, how many.

    References
    ----------
    F. Black, J. Financial Economics 3 (1976) 167.

    Examples
    --------
    >>> price("put", 100.0, 90.0, 0.5, 0.0)
    0.0
    """
    found, _ = _evaluate(kind, forward, strike, years, vol, rate, names=("price",))
    return as_given(found["price"])


def greeks(
    kind: Any,
    forward: Any,
    strike: Any,
    years: Any,
    vol: Any,
    rate: Any = 0.0,
    *,
    names: Iterable[str] | None = None,
) -> Greeks:
    """Return Greeks of European options on a lognormal forward, and their price where asked for.

    Derivatives to the spot (delta, gamma, speed and the mixed ones) are to the forward; theta, charm, color and rho are
    taken at a fixed forward, and dividend_rho is 0.

    Parameters
    ----------
    kind, forward, strike, years, vol, rate
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
    >>> round(greeks("call", 100.0, 100.0, 1.0, 0.2, rate=0.05, names=["rho"]).rho, 4)
    -7.5771
    """
    wanted = checked_names(names)
    needed = (*wanted, "price") if "rho" in wanted and "price" not in wanted else wanted
    found, limit = _evaluate(kind, forward, strike, years, vol, rate, names=needed)
    if "rho" in wanted:
        found["rho"] = -np.asarray(years, dtype=np.float64) * found["price"]
    if "dividend_rho" in wanted:
        found["dividend_rho"] = np.zeros_like(found["dividend_rho"])
    return Greeks(**{name: as_given(found[name]) for name in wanted}, limit=as_given(limit))


def _evaluate(
    kind: Any, forward: Any, strike: Any, years: Any, vol: Any, rate: Any, *, names: tuple[str, ...]
) -> tuple[dict[str, Any], Any]:
    def refuse() -> None:
        values = {"forward": forward, "strike": strike, "years": years, "vol": vol, "rate": rate}
        black_formula.refuse_unfit(kind, values, ("forward",), ("strike", "vol"))

    options = black_formula.read(kind, forward, strike, years, vol, rate, rate)
    return black_formula.evaluate(options, names, refuse)


def implied_volatility(
    price: Any, kind: Any, forward: Any, strike: Any, years: Any, rate: Any = 0.0
) -> ImpliedVolatility:
    """Return the volatility at which :func:`price` gives each price, to machine precision.

    Parameters
    ----------
    price : scalar or array
        Money per unit; NaN is a price too, with a code of its own.
    kind, forward, strike, years, rate
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
        For an unknown kind, a forward that is not above 0, a negative strike, and shapes that do not broadcast. A
        strike of 0 is allowed and has no volatility: its price is at the bound.

    References
    ----------
    P. Jaeckel, Let's be rational, Wilmott 2015(75) 40: regions and logarithmic objectives.

    Examples
    --------
    >>> implied_volatility([0.0, 4.0, 10.0], "put", 100.0, 95.0, 1.0).volatility.round(4).tolist()
    [0.0, 0.1591, 0.3186]
    """
    values = {"price": price, "forward": forward, "strike": strike, "years": years, "rate": rate}
    return implied.lognormal(kind, values | {"dividend_yield": rate})
