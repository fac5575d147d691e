"""Futures and options on a volatility index, which cannot be carried: each expiry has a price of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hedgerow.instruments.base import Expiring
from hedgerow.instruments.moments import DateLike
from hedgerow.instruments.option import Option


@dataclass(frozen=True)
class VixFuture(Expiring):
    """A future on a volatility index: priced at what ``Underlying.forwards`` quotes for its expiry, value 0.

    Delta is 1 against its own price; the other Greeks are 0.

    Attributes
    ----------
    underlying : str
        Name of the index in the market state, as ``"VIX"``.
    expiry : date
    multiplier, currency, calendar, settlement_time
        See :class:`~hedgerow.instruments.base.Expiring`; the listed future's multiplier is 1000.

    Examples
    --------
    >>> VixFuture("VIX", "2027-01-20", multiplier=1000).currency
    'USD'
    """

    type_name: ClassVar[str] = "vix_future"

    expiry: DateLike


@dataclass(frozen=True)
class VixOption(Option):
    """A European option on the future of a volatility index of the same expiry, priced by Black's formula of 1976.

    Delta, gamma and the other Greeks in price are against that future's price, not the index.

    Attributes
    ----------
    underlying, kind, strike, expiry, multiplier, currency, calendar, settlement_time
        See :class:`~hedgerow.instruments.option.Option`; the listed option's multiplier is 100.

    Examples
    --------
    >>> VixOption("VIX", "call", 25.0, "2027-01-20", multiplier=100).payoff(32.5)
    7.5
    """

    type_name: ClassVar[str] = "vix_option"

    def payoff(self, spot: float) -> float:
        """Return what one unit pays where the index settles at ``spot``."""
        return self._intrinsic(spot)
