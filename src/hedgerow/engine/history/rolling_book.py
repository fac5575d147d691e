"""Programmes that trade the same options again and again: a straddle a month, overlapping where they live longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow.engine.loop.programme import Programme, ProgrammeView
from hedgerow.engine.loop.rolls import on_calendar, third_friday
from hedgerow.errors import InputError
from hedgerow.instruments import AmericanOption, EuropeanOption, Instrument
from hedgerow.instruments.base import require_choice, require_number
from hedgerow.instruments.moments import moment_of


@dataclass(frozen=True)
class Leg:
    """One option of a programme.

    Attributes
    ----------
    kind : {"call", "put"}
    moneyness : float
        Strike over spot at the moment of trading.
    ratio : float
        Contracts per contract of the programme; negative for the opposite side.

    Examples
    --------
    >>> Leg("put", 0.95)
    Leg(kind='put', moneyness=0.95, ratio=1.0)
    """

    kind: str
    moneyness: float = 1.0
    ratio: float = 1.0

    def __post_init__(self) -> None:
        """Refuse an unknown kind, a strike that is not above 0 and a ratio of 0."""
        require_choice("kind", self.kind, ("call", "put"))
        for name in ("moneyness", "ratio"):
            require_number(name, getattr(self, name))
        if self.moneyness <= 0.0 or self.ratio == 0.0:
            raise InputError(f"moneyness must be above 0 and ratio not 0, not {self.moneyness!r} and {self.ratio!r}")


@dataclass(frozen=True)
class RollingBook(Programme):
    """On every roll date, trade new options that expire at a later one; the old ones settle at their payoff.

    Roll dates are the start and the third Friday of each month, or the last moment of the market before it where that
    is closed. Strikes come from the spot of that close and nothing later. With ``months`` above 1, options of several
    months live side by side.

    Parameters
    ----------
    underlying : str
    legs : tuple of Leg
    quantity : float
        Contracts of each leg (times its ratio) traded on each roll date; negative = sold.
    months : int
        Monthly expiries ahead: 1 is the next one.
    strike_step : float
        Strikes are rounded to multiples of it; 0 for none.
    multiplier : float
    style : {"european", "american"}
    close_days_before_expiry : int
        Options are closed at the first moment with no more than these calendar days to expiry, at their model value and
        the cost of an option trade; nothing is held from there to the next roll date. 0 holds them to expiry.
    roll : bool
        With days to close before expiry: roll dates are those closes, at which the next expiry is opened, in place of
        the third Fridays.

    Examples
    --------
    >>> RollingBook.straddle("SPY", -1.0).legs
    (Leg(kind='call', moneyness=1.0, ratio=1.0), Leg(kind='put', moneyness=1.0, ratio=1.0))
    """

    underlying: str
    legs: tuple[Leg, ...]
    quantity: float = -1.0
    months: int = 1
    strike_step: float = 0.0
    multiplier: float = 1.0
    style: str = "european"
    close_days_before_expiry: int = 0
    roll: bool = False

    def __post_init__(self) -> None:
        """Refuse no legs, a quantity of 0, months below 1 and a strike step below 0."""
        if not self.legs:
            raise InputError("a rolling book needs at least one leg; received none")
        require_number("quantity", self.quantity)
        require_choice("style", self.style, ("european", "american"))
        if self.quantity == 0.0:
            raise InputError("the quantity of a rolling book must not be 0; give contracts, negative where sold")
        if self.months < 1 or int(self.months) != self.months:
            raise InputError(f"months must be a whole number, 1 or more, not {self.months!r}; 1 is the next expiry")
        if not 0.0 <= self.strike_step < np.inf:
            raise InputError(f"strike_step must be 0 or more, not {self.strike_step!r}")
        days, most = self.close_days_before_expiry, 27 * self.months
        if days < 0 or int(days) != days or days > most:
            raise InputError(
                f"close_days_before_expiry must be whole calendar days from 0 to {most}, not {days!r}: options "
                "closed on the day they are opened hedge nothing"
            )
        if self.roll and not days:
            raise InputError("roll needs days before expiry to roll on; give close_days_before_expiry=7, for example")

    @classmethod
    def straddle(
        cls, underlying: str, quantity: float = -1.0, *, months: int = 1, multiplier: float = 1.0
    ) -> RollingBook:
        """Return the programme of at-the-money straddles."""
        return cls(underlying, (Leg("call"), Leg("put")), quantity, months, multiplier=multiplier)

    @classmethod
    def strangle(
        cls, underlying: str, quantity: float = -1.0, *, width: float = 0.05, months: int = 1, multiplier: float = 1.0
    ) -> RollingBook:
        """Return the programme of strangles: a put ``width`` below the spot and a call as far above it."""
        legs = (Leg("call", 1.0 + width), Leg("put", 1.0 - width))
        return cls(underlying, legs, quantity, months, multiplier=multiplier)

    def orders(self, view: ProgrammeView) -> Sequence[tuple[Instrument, float]]:
        """Return the options traded now: none but on roll dates, nor so late that they would be closed at once."""
        if not self._rolls(view):
            return ()
        expiry = self._expiry(view)
        if expiry - view.moment <= pd.Timedelta(days=self.close_days_before_expiry):
            return ()
        kind = EuropeanOption if self.style == "european" else AmericanOption
        return [
            (
                kind(self.underlying, leg.kind, self._strike(view, leg), expiry, multiplier=self.multiplier),
                self.quantity * leg.ratio,
            )
            for leg in self.legs
        ]

    def closes(self, instrument: Instrument) -> pd.Timestamp | None:
        """Return when an option is closed before its expiry, where it is."""
        expiry = getattr(instrument, "expiry", None)
        if not self.close_days_before_expiry or expiry is None:
            return None
        return moment_of(expiry, "expiry") - pd.Timedelta(days=self.close_days_before_expiry)

    def _rolls(self, view: ProgrammeView) -> bool:
        now = view.moment
        if view.step == 0:
            return True
        if self.roll:
            left, before = pd.Timedelta(days=self.close_days_before_expiry), view.grid.times[view.step - 1]
            return any(before < each - left <= now for each in self._expiries(view))
        friday = third_friday(now.year, now.month)
        return bool(now <= friday < view.grid.times[view.step + 1])

    @staticmethod
    def _expiries(view: ProgrammeView) -> list[pd.Timestamp]:
        """Return the expiries of this month and the next two, on the calendar."""
        month = view.moment.to_period("M")
        return [on_calendar(third_friday(each.year, each.month), view.grid) for each in (month, month + 1, month + 2)]

    def _expiry(self, view: ProgrammeView) -> pd.Timestamp:
        """Return the expiry ``months`` ahead, on the last moment of the calendar at or before its third Friday."""
        now = view.moment
        after = now + pd.Timedelta(days=self.close_days_before_expiry) if self.roll else now
        month, left = now.to_period("M"), self.months
        while True:
            expiry = on_calendar(third_friday(month.year, month.month), view.grid)
            left -= int(expiry > after)
            if left == 0:
                return expiry
            month += 1

    def _strike(self, view: ProgrammeView, leg: Leg) -> float:
        strike = leg.moneyness * view.spot(self.underlying)
        if not self.strike_step:
            return strike
        return max(round(strike / self.strike_step), 1) * self.strike_step
