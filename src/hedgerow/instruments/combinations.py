"""Named combinations of options: each a tuple of legs, (instrument, quantity), ready for a book.

>>> from hedgerow.instruments import Book, collar
>>> book = Book(collar("SPX", 3800.0, 4200.0, "2027-01-15"))
>>> len(book)
3
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments.base import Instrument, require_choice, require_number
from hedgerow.instruments.moments import DateLike, settled
from hedgerow.instruments.option import AmericanOption, EuropeanOption
from hedgerow.instruments.spot import Spot

Legs: TypeAlias = tuple[tuple[Instrument, float], ...]
_STYLES: dict[str, type[EuropeanOption | AmericanOption]] = {"european": EuropeanOption, "american": AmericanOption}


@dataclass(frozen=True)
class ContractTerms:
    """What the options of a combination have in common.

    Attributes
    ----------
    style : {"european", "american"}
    multiplier : float
        Units of the underlying per contract.
    currency : str
    calendar, settlement_time : str
        As for every instrument that expires.

    Examples
    --------
    >>> ContractTerms(multiplier=100).option("SPX", "put", 4000.0, "2027-01-15").multiplier
    100
    """

    style: str = "european"
    multiplier: float = 1.0
    currency: str = "USD"
    calendar: str = ""
    settlement_time: str = ""

    def __post_init__(self) -> None:
        """Refuse an unknown style."""
        require_choice("style", self.style, tuple(_STYLES))

    def option(self, underlying: str, kind: str, strike: float, expiry: DateLike) -> EuropeanOption | AmericanOption:
        """Return an option on these terms."""
        return _STYLES[self.style](
            underlying,
            kind,
            strike,
            expiry,
            multiplier=self.multiplier,
            currency=self.currency,
            calendar=self.calendar,
            settlement_time=self.settlement_time,
        )

    def shares(self, underlying: str, contracts: float) -> tuple[Instrument, float]:
        """Return the leg of the underlying that so many contracts cover."""
        return Spot(underlying, currency=self.currency), contracts * self.multiplier


STANDARD = ContractTerms()


def straddle(
    underlying: str, strike: float, expiry: DateLike, quantity: float = 1.0, terms: ContractTerms = STANDARD
) -> Legs:
    """Return a call and a put of one strike; negative quantity sells them.

    Parameters
    ----------
    underlying, strike, expiry
        As for an option.
    quantity : float
        Contracts of each.
    terms : ContractTerms

    Returns
    -------
    tuple of (Instrument, float)
    """
    return strangle(underlying, strike, strike, expiry, quantity, terms)


def strangle(
    underlying: str,
    put_strike: float,
    call_strike: float,
    expiry: DateLike,
    quantity: float = 1.0,
    terms: ContractTerms = STANDARD,
) -> Legs:
    """Return a put and a call, the put's strike not above the call's.

    Parameters
    ----------
    underlying, put_strike, call_strike, expiry
        As for an option.
    quantity : float
        Contracts of each.
    terms : ContractTerms

    Returns
    -------
    tuple of (Instrument, float)
    """
    _require_order("put_strike", put_strike, "call_strike", call_strike, allow_equal=True)
    return (
        (terms.option(underlying, "call", call_strike, expiry), quantity),
        (terms.option(underlying, "put", put_strike, expiry), quantity),
    )


def vertical(
    underlying: str,
    kind: str,
    strikes: tuple[float, float],
    expiry: DateLike,
    quantity: float = 1.0,
    terms: ContractTerms = STANDARD,
) -> Legs:
    """Return one option bought and one sold of the same kind and expiry.

    Parameters
    ----------
    underlying, kind, expiry
        As for an option.
    strikes : tuple of two float
        Bought, sold.
    quantity : float
        Contracts of each.
    terms : ContractTerms

    Returns
    -------
    tuple of (Instrument, float)
    """
    bought, sold = strikes
    if bought == sold:
        raise InputError(f"strikes of a vertical must differ; both are {bought!r}")
    return (
        (terms.option(underlying, kind, bought, expiry), quantity),
        (terms.option(underlying, kind, sold, expiry), -quantity),
    )


def call_spread(
    underlying: str,
    bought: float,
    sold: float,
    expiry: DateLike,
    quantity: float = 1.0,
    terms: ContractTerms = STANDARD,
) -> Legs:
    """Return a call bought and a call of a higher strike sold.

    Parameters
    ----------
    underlying, bought, sold, expiry
        As for an option; ``bought`` below ``sold``.
    quantity : float
    terms : ContractTerms

    Returns
    -------
    tuple of (Instrument, float)
    """
    _require_order("bought", bought, "sold", sold)
    return vertical(underlying, "call", (bought, sold), expiry, quantity, terms)


def put_spread(
    underlying: str,
    bought: float,
    sold: float,
    expiry: DateLike,
    quantity: float = 1.0,
    terms: ContractTerms = STANDARD,
) -> Legs:
    """Return a put bought and a put of a lower strike sold.

    Parameters
    ----------
    underlying, bought, sold, expiry
        As for an option; ``bought`` above ``sold``.
    quantity : float
    terms : ContractTerms

    Returns
    -------
    tuple of (Instrument, float)
    """
    _require_order("sold", sold, "bought", bought)
    return vertical(underlying, "put", (bought, sold), expiry, quantity, terms)


def butterfly(
    underlying: str,
    strikes: tuple[float, float, float],
    expiry: DateLike,
    quantity: float = 1.0,
    kind: str = "call",
    terms: ContractTerms = STANDARD,
) -> Legs:
    """Return one option at each outer strike bought and two at the middle sold: it never pays less than 0.

    Parameters
    ----------
    underlying, expiry, kind
        As for an option.
    strikes : tuple of three float
        Rising and equally spaced; with unequal wings put two verticals together instead.
    quantity : float
        Contracts at each outer strike.
    terms : ContractTerms

    Returns
    -------
    tuple of (Instrument, float)
    """
    low, middle, high = strikes
    _require_order("the first strike", low, "the second", middle)
    _require_order("the second strike", middle, "the third", high)
    if abs((high - middle) - (middle - low)) > 1e-9 * (high - low):
        raise InputError(
            f"strikes of a butterfly must be equally spaced, not {low:g}, {middle:g}, {high:g}; with unequal wings put "
            "two verticals together"
        )
    amounts = (quantity, -2.0 * quantity, quantity)
    return tuple(
        (terms.option(underlying, kind, strike, expiry), amount)
        for strike, amount in zip(strikes, amounts, strict=True)
    )


def calendar_spread(
    underlying: str,
    kind: str,
    strike: float,
    expiries: tuple[DateLike, DateLike],
    quantity: float = 1.0,
    terms: ContractTerms = STANDARD,
) -> Legs:
    """Return the near option sold and the far one bought, of one strike.

    Parameters
    ----------
    underlying, kind, strike
        As for an option.
    expiries : tuple of two date
        Near, far.
    quantity : float
        Contracts of each.
    terms : ContractTerms

    Returns
    -------
    tuple of (Instrument, float)
    """
    near, far = expiries
    if settled(near, terms.settlement_time, terms.calendar) >= settled(far, terms.settlement_time, terms.calendar):
        raise InputError(f"the near expiry {near} must be before the far one {far}; exchange them")
    return (
        (terms.option(underlying, kind, strike, far), quantity),
        (terms.option(underlying, kind, strike, near), -quantity),
    )


def protective_put(
    underlying: str,
    strike: float,
    expiry: DateLike,
    quantity: float = 1.0,
    terms: ContractTerms = STANDARD,
) -> Legs:
    """Return the underlying held and a put on it bought.

    Parameters
    ----------
    underlying, strike, expiry
        As for an option.
    quantity : float
        Contracts; the underlying is held ``quantity * terms.multiplier`` times.
    terms : ContractTerms

    Returns
    -------
    tuple of (Instrument, float)
    """
    return (terms.shares(underlying, quantity), (terms.option(underlying, "put", strike, expiry), quantity))


def collar(
    underlying: str,
    put_strike: float,
    call_strike: float,
    expiry: DateLike,
    quantity: float = 1.0,
    terms: ContractTerms = STANDARD,
) -> Legs:
    """Return the underlying held, a put bought and a call sold: worth between the strikes at expiry.

    Parameters
    ----------
    underlying, put_strike, call_strike, expiry
        As for an option; the put's strike not above the call's.
    quantity : float
        Contracts; the underlying is held ``quantity * terms.multiplier`` times.
    terms : ContractTerms

    Returns
    -------
    tuple of (Instrument, float)
    """
    _require_order("put_strike", put_strike, "call_strike", call_strike, allow_equal=True)
    sold = (terms.option(underlying, "call", call_strike, expiry), -quantity)
    return (*protective_put(underlying, put_strike, expiry, quantity, terms), sold)


def payoff(legs: Iterable[tuple[Instrument, float]], spots: Any) -> FloatArray:
    """Return what legs of one expiry are worth when it comes, by spot.

    Parameters
    ----------
    legs : iterable of (Instrument, float)
        Spot, forwards, European, American and digital options; the others have no payoff in the last spot alone.
    spots : array_like, (n,)

    Returns
    -------
    float array, (n,)
        Money.

    Raises
    ------
    InputError
        For an instrument whose payoff is not a function of the last spot.

    Examples
    --------
    >>> payoff(put_spread("SPX", 100.0, 90.0, "2027-01-15"), [80.0, 95.0, 120.0])
    array([10.,  5.,  0.])
    """
    prices = np.asarray(spots, dtype=np.float64)
    total = np.zeros(prices.shape)
    for instrument, quantity in legs:
        pays = getattr(instrument, "payoff", None)
        if pays is None:
            raise InputError(f"{type(instrument).__name__} has no payoff in the spot at expiry alone; leave it out")
        total += quantity * instrument.multiplier * np.vectorize(pays, otypes=[np.float64])(prices)
    return total


def _require_order(lower: str, low: float, upper: str, high: float, *, allow_equal: bool = False) -> None:
    require_number(lower, low)
    require_number(upper, high)
    if low > high or (low == high and not allow_equal):
        relation = "not be above" if allow_equal else "be below"
        raise InputError(f"{lower} must {relation} {upper}: {low:g} and {high:g}; exchange them")
