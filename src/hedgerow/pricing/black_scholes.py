"""European options on a spot with a dividend yield: Black-Scholes-Merton, and Garman-Kohlhagen for currencies.

Examples
--------
>>> from hedgerow.pricing import black_scholes
>>> round(black_scholes.price("call", 100.0, 100.0, 1.0, 0.2, rate=0.05), 4)
10.4506
>>> greeks = black_scholes.greeks("put", 100.0, 100.0, 1.0, 0.2, rate=0.05, names=("delta", "vega"))
>>> round(greeks.delta, 4), round(greeks.vega, 4)
(-0.3632, 37.524)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hedgerow.pricing import black_formula, implied
from hedgerow.pricing.arguments import as_given
from hedgerow.pricing.implied import ImpliedVolatility
from hedgerow.pricing.record import Greeks, checked_names


def price(kind: Any, spot: Any, strike: Any, years: Any, vol: Any, rate: Any = 0.0, dividend_yield: Any = 0.0) -> Any:
    """Return the price of European options on a lognormal spot.

    ``V = w (S exp(-q T) N(w d1) - K exp(-r T) N(w d2))``, exact for no time, no volatility and no strike. For a
    currency, ``rate`` is that of the currency of the price and ``dividend_yield`` that of the other.

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
        Annual volatility as a decimal, not negative.
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
    F. Black and M. Scholes, J. Political Economy 81 (1973) 637; R. Merton, Bell J. Economics 4 (1973) 141; M. Garman
    and S. Kohlhagen, J. International Money and Finance 2 (1983) 231.

    Examples
    --------
    >>> price("put", 100.0, [90.0, 110.0], 0.0, 0.2).tolist()
    [0.0, 10.0]
    """
    found, _ = _evaluate(kind, spot, strike, years, vol, rate, dividend_yield, names=("price",))
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
    names: Iterable[str] | None = None,
) -> Greeks:
    """Return Greeks of European options on a lognormal spot, and their price where asked for.

    Parameters
    ----------
    kind, spot, strike, years, vol, rate, dividend_yield
        As in :func:`price`.
    names : iterable of str, optional
        Fields of :class:`~hedgerow.pricing.record.Greeks`, ``"price"`` among them; all twelve Greeks unless given.

    Returns
    -------
    Greeks
        Raw derivatives with units as stated there. ``limit`` is set where ``vol * sqrt(years)`` is 0: away from the
        kink (forward = strike) the figures are those of a certain payoff; at the kink delta is half of its jump and
        gamma is infinite.

    Raises
    ------
    InputError
        As in :func:`price`, and for a name that is no Greek.

    Examples
    --------
    >>> at_expiry = greeks("call", 100.0, 100.0, 0.0, 0.2)
    >>> at_expiry.delta, at_expiry.gamma, at_expiry.limit
    (0.5, inf, True)
    """
    wanted = checked_names(names)
    found, limit = _evaluate(kind, spot, strike, years, vol, rate, dividend_yield, names=wanted)
    return Greeks(**{name: as_given(found[name]) for name in wanted}, limit=as_given(limit))


def _evaluate(
    kind: Any, spot: Any, strike: Any, years: Any, vol: Any, rate: Any, dividend_yield: Any, *, names: tuple[str, ...]
) -> tuple[dict[str, Any], Any]:
    def refuse() -> None:
        values = {"spot": spot, "strike": strike, "years": years, "vol": vol, "rate": rate}
        black_formula.refuse_unfit(kind, values | {"dividend_yield": dividend_yield}, ("spot",), ("strike", "vol"))

    options = black_formula.read(kind, spot, strike, years, vol, rate, dividend_yield)
    return black_formula.evaluate(options, names, refuse)


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
        For an unknown kind, a spot that is not above 0, a negative strike, and shapes that do not broadcast. A
        strike of 0 is allowed and has no volatility: its price is at the bound.

    References
    ----------
    P. Jaeckel, Let's be rational, Wilmott 2015(75) 40: regions and logarithmic objectives.

    Examples
    --------
    >>> found = implied_volatility(10.450583572185565, "call", 100.0, 100.0, 1.0, rate=0.05)
    >>> round(found.volatility, 14), found.reasons()
    (0.2, 'converged')
    """
    values = {"price": price, "spot": spot, "strike": strike, "years": years, "rate": rate}
    return implied.lognormal(kind, values | {"dividend_yield": dividend_yield})
