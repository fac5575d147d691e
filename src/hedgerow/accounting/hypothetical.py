"""The hypothetical derivative: an instrument of perfect terms that stands for the hedged item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp

from hedgerow.accounting.amounts import Amount, money
from hedgerow.errors import DataError, InputError

DAYS_PER_YEAR = 365


@dataclass(frozen=True)
class HypotheticalForward:
    """A forward on exactly the hedged quantity, price and date, worth nothing at inception.

    Its value at t is ``-quantity * (price_t - price_0) * exp(-rate * years to settlement)``; the hedged item's change
    is minus that. Settled values stay at their last figure.

    Parameters
    ----------
    quantity : Decimal
        Units of the item, positive for something owned or to be sold, negative for something to be bought.
    price : Decimal
        Price of the item for its date, at inception.
    settles : date
        When the item falls due.
    rate : float
        Continuously compounded discount rate a year, decimal; the same curve as the instrument's. 0 for instruments
        that settle daily, such as futures.
    digits : int
        Decimal places of money.

    Examples
    --------
    >>> forward = HypotheticalForward(-1000, "2.10", dt.date(2026, 6, 30))
    >>> forward.item_values([dt.date(2026, 3, 31)], ["2.25"])
    (Decimal('-150.00'),)
    """

    quantity: Amount
    price: Amount
    settles: dt.date
    rate: float = 0.0
    digits: int = 2

    def __post_init__(self) -> None:
        if money(self.quantity) == 0:
            raise InputError("quantity of a hypothetical derivative must not be 0; there would be nothing to hedge")

    def item_values(self, dates: Sequence[dt.date], prices: Sequence[Amount]) -> tuple[Decimal, ...]:
        """Return the cumulative change in the item's present value at each date.

        Parameters
        ----------
        dates : sequence of date
        prices : sequence of numbers, (n_dates,)
            Price of the item for its date, as seen on each date.

        Returns
        -------
        tuple of Decimal
            Rounded to ``digits``; the hypothetical derivative's own values are their negatives.

        Raises
        ------
        DataError
            Where dates and prices differ in number.
        """
        if len(dates) != len(prices):
            raise DataError(f"there are {len(dates)} dates and {len(prices)} prices; give one price for each date")
        start, quantity = money(self.price), money(self.quantity)
        return tuple(
            money(quantity * (money(price) - start) * self.discount(date), self.digits)
            for date, price in zip(dates, prices, strict=True)
        )

    def discount(self, date: dt.date) -> Decimal:
        """Return the value on ``date`` of 1 at settlement, ACT/365; 1 from settlement on."""
        years = max((self.settles - date).days, 0) / DAYS_PER_YEAR
        return money(exp(-self.rate * years))
