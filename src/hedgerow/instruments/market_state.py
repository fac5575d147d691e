"""What the market says at one moment: spots, volatilities, rates, dividends, borrow, quoted forwards, currencies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from hedgerow.errors import InputError, did_you_mean
from hedgerow.instruments.base import require_number
from hedgerow.instruments.moments import EX_DIVIDEND, DateLike, moment_of


@dataclass(frozen=True)
class Underlying:
    """The market of one underlying.

    Attributes
    ----------
    spot : float
        Price.
    vol : float, object with ``volatility(strike, years)``, callable or None
        Annual volatility as a decimal, one for all; or a surface: an object with ``volatility(strike, years)`` or a
        callable of (strike, years, forward), arrays in and an array out. None where no option is held.
    rate : float
        Continuously compounded, per year.
    dividend_yield : float
        Continuous yield, per year (for a currency: the foreign rate).
    borrow : float
        Fee for borrowing the underlying, per year. Whoever holds it can lend it out, so it lowers the carry exactly as
        a yield does: options see ``dividend_yield + borrow``.
    dividends : tuple of (date, float), or mapping of date to float
        Ex-dates and amounts per unit; a holder at the close before gets them. European options and futures see the
        spot less the present value of those up to expiry.
    forwards : mapping of date to float, or callable
        Quoted forward prices by expiry day, or a function of years (array in, array out), as a surface's ``forward``.
        Where one is given it decides the carry to that expiry, in place of yield,
        borrow and dividends; futures of volatility indices have no other price.

    Examples
    --------
    >>> Underlying(100.0, 0.2, rate=0.05, dividend_yield=0.01).borrow
    0.0
    """

    spot: float
    vol: Any = None
    rate: float = 0.0
    dividend_yield: float = 0.0
    borrow: float = 0.0
    dividends: tuple[tuple[DateLike, float], ...] | Mapping[DateLike, float] = ()
    forwards: Mapping[DateLike, float] | Callable[[Any], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse figures that are no numbers."""
        for name in ("spot", "rate", "dividend_yield", "borrow"):
            require_number(name, getattr(self, name))
        if not (self.vol is None or callable(self.vol) or hasattr(self.vol, "volatility")):
            require_number("vol", self.vol)
            if self.vol < 0.0:
                raise InputError(f"vol must not be negative: {self.vol!r}; give the annual volatility as a decimal")
        for _, amount in self._dated():
            require_number("dividend", amount)
            if amount < 0.0:
                raise InputError(f"dividend must not be negative, not {amount!r}")
        self.ex_dates()
        self.forward_days()

    def ex_dates(self) -> list[tuple[pd.Timestamp, float]]:
        """Return the moments at which dividends leave the price, and their amounts."""
        return [(moment_of(day, "ex-date", EX_DIVIDEND), float(amount)) for day, amount in self._dated()]

    def _dated(self) -> list[tuple[DateLike, float]]:
        pairs = self.dividends.items() if isinstance(self.dividends, Mapping) else self.dividends
        try:
            return [(day, amount) for day, amount in pairs]
        except (TypeError, ValueError):
            raise InputError(f"dividends must be pairs of ex-date and amount, not {self.dividends!r}") from None

    def forward_days(self) -> dict[pd.Timestamp, float]:
        """Return quoted forwards by the midnight of their expiry day; none where they are a function."""
        if callable(self.forwards):
            return {}
        for price in self.forwards.values():
            require_number("forward", price)
            if price <= 0.0:
                raise InputError(f"forward must be above 0, not {price!r}")
        return {moment_of(day, "expiry of a forward").normalize(): float(price) for day, price in self.forwards.items()}


@dataclass(frozen=True)
class MarketState:
    """All that values a book at one moment.

    Attributes
    ----------
    at : date or moment
        The moment of valuation; a day stands for its close, 16:00.
    underlyings : mapping of str to Underlying
    currency : str
        The currency in which different currencies are added up.
    fx : mapping of str to float
        Units of ``currency`` per unit of another currency.

    Examples
    --------
    >>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
    >>> market.moment
    Timestamp('2026-11-20 16:00:00')
    """

    at: DateLike
    underlyings: Mapping[str, Underlying]
    currency: str = "USD"
    fx: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is no date or no rate of exchange."""
        _ = self.moment
        for name, each in self.underlyings.items():
            if not isinstance(each, Underlying):
                raise InputError(f"underlying {name!r} must be an Underlying, not {each!r}")
        for currency, rate in self.fx.items():
            require_number(f"fx rate of {currency}", rate)
            if rate <= 0.0:
                raise InputError(f"fx rate of {currency} must be above 0, not {rate!r}")

    @property
    def moment(self) -> pd.Timestamp:
        """The moment of valuation."""
        return moment_of(self.at, "at")

    def underlying(self, name: str) -> Underlying:
        """Return the market of one underlying.

        Raises
        ------
        InputError
            Where there is none of that name, with the nearest names.
        """
        if name not in self.underlyings:
            known = ", ".join(self.underlyings) or "none"
            hint = did_you_mean(name, self.underlyings)
            raise InputError(
                f"the market has no underlying {name!r}{hint or ';'} (it has {known})".replace("; (", " (")
            )
        return self.underlyings[name]

    def rate_of_exchange(self, currency: str) -> float:
        """Return the units of the market's currency per unit of another.

        Raises
        ------
        InputError
            Where no rate is given.
        """
        if currency == self.currency:
            return 1.0
        if currency not in self.fx:
            raise InputError(
                f"figures in {currency} and {self.currency} cannot be added without a rate; give MarketState"
                f"(fx={{{currency!r}: ...}}), {self.currency} per {currency}, or look at each currency alone"
            )
        return float(self.fx[currency])

    def later(self, days: float) -> MarketState:
        """Return the same market ``days`` calendar days on."""
        return replace(self, at=self.moment + pd.Timedelta(days=days))
