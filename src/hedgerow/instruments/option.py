"""Options on one underlying: European, American, digital, barrier, Asian."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hedgerow.errors import InputError
from hedgerow.instruments.base import Expiring, require_choice, require_number
from hedgerow.instruments.moments import DateLike
from hedgerow.pricing.arguments import signs

BARRIER_KINDS = ("down-and-out", "down-and-in", "up-and-out", "up-and-in")
DIGITAL_PAYS = ("cash", "asset")
AVERAGES = ("arithmetic", "geometric")


@dataclass(frozen=True)
class Option(Expiring):
    """Base of the options; not held itself.

    Attributes
    ----------
    underlying : str
    kind : str
        ``"call"`` or ``"put"``, in any case, or ``"c"`` and ``"p"``.
    strike : float
        Price per unit of the underlying.
    expiry : date
        Day or moment of expiry.
    multiplier, currency, calendar, settlement_time
        See :class:`~hedgerow.instruments.base.Expiring`.
    """

    kind: str
    strike: float
    expiry: DateLike

    def __post_init__(self) -> None:
        """Refuse an unknown kind or a strike that is no number."""
        super().__post_init__()
        if not isinstance(self.kind, str):
            raise InputError(f"kind must be call or put, not {self.kind!r}")
        signs(self.kind)
        require_number("strike", self.strike)

    def _intrinsic(self, spot: float) -> float:
        return max(float(signs(self.kind)) * (spot - self.strike), 0.0)


@dataclass(frozen=True)
class EuropeanOption(Option):
    """An option exercised at expiry only.

    Attributes
    ----------
    underlying, kind, strike, expiry, multiplier, currency, calendar, settlement_time
        See :class:`Option`.

    Examples
    --------
    >>> EuropeanOption("SPX", "put", 4000.0, "2027-01-15", multiplier=100).payoff(3900.0)
    100.0
    """

    type_name: ClassVar[str] = "european"

    def payoff(self, spot: float) -> float:
        """Return what one unit pays at expiry."""
        return self._intrinsic(spot)


@dataclass(frozen=True)
class AmericanOption(Option):
    """An option exercised on any day; with discrete dividends of its underlying it is priced on a lattice.

    Attributes
    ----------
    underlying, kind, strike, expiry, multiplier, currency, calendar, settlement_time
        See :class:`Option`.

    Examples
    --------
    >>> AmericanOption("XYZ", "put", 50.0, "2027-01-15").payoff(45.0)
    5.0
    """

    type_name: ClassVar[str] = "american"

    def payoff(self, spot: float) -> float:
        """Return what one unit pays at exercise."""
        return self._intrinsic(spot)


@dataclass(frozen=True)
class DigitalOption(Option):
    """An option that pays 1 unit of money, or the underlying, where it ends in the money.

    Attributes
    ----------
    underlying, kind, strike, expiry, multiplier, currency, calendar, settlement_time
        See :class:`Option`.
    pays : {"cash", "asset"}
        One unit of money, or one unit of the underlying.
    """

    type_name: ClassVar[str] = "digital"

    pays: str = field(default="cash", kw_only=True)

    def __post_init__(self) -> None:
        """Refuse an unknown payment."""
        super().__post_init__()
        require_choice("pays", self.pays, DIGITAL_PAYS)

    def payoff(self, spot: float) -> float:
        """Return what one unit pays at expiry; exactly at the strike half of it, so that call and put add up."""
        distance = float(signs(self.kind)) * (spot - self.strike)
        share = 0.5 if distance == 0.0 else float(distance > 0.0)
        return share * (1.0 if self.pays == "cash" else spot)


@dataclass(frozen=True)
class BarrierOption(Option):
    """A European option that begins or ends where the spot touches a barrier.

    A spot at or beyond the barrier counts as having touched it. One that was touched before the valuation is no
    longer this instrument: hold the European option or the rebate that it has become.

    Attributes
    ----------
    underlying, kind, strike, expiry, multiplier, currency, calendar, settlement_time
        See :class:`Option`.
    barrier : float
        Price that begins or ends it.
    barrier_kind : {"down-and-out", "down-and-in", "up-and-out", "up-and-in"}
    rebate : float
        Money per unit, paid at the hit where the option ends, at expiry where it never began.
    monitored_every : float
        Years between the dates on which the barrier is looked at; 0 for at all times.
    """

    type_name: ClassVar[str] = "barrier"

    barrier: float
    barrier_kind: str
    rebate: float = field(default=0.0, kw_only=True)
    monitored_every: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse an unknown kind of barrier, or figures that no barrier has."""
        super().__post_init__()
        for name in ("barrier", "rebate", "monitored_every"):
            require_number(name, getattr(self, name))
            if getattr(self, name) < 0.0:
                raise InputError(f"{name} must not be negative, not {getattr(self, name)!r}")
        require_choice("barrier_kind", self.barrier_kind, BARRIER_KINDS)


@dataclass(frozen=True)
class AsianOption(Option):
    """An option on the average of the price up to expiry.

    Attributes
    ----------
    underlying, kind, strike, expiry, multiplier, currency, calendar, settlement_time
        See :class:`Option`.
    average : {"arithmetic", "geometric"}
    fixings : int
        Fixings still to come, equally spaced from now and the last at expiry; 0 for an average without a break.
    fixings_done : int
        Fixings that are known already.
    start : date, optional
        Day on which an average without a break began, where that has passed.
    average_so_far : float, optional
        Average over what is done; needed where anything is.
    """

    type_name: ClassVar[str] = "asian"

    average: str = field(default="arithmetic", kw_only=True)
    fixings: int = field(default=0, kw_only=True)
    fixings_done: int = field(default=0, kw_only=True)
    start: DateLike | None = field(default=None, kw_only=True)
    average_so_far: float | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse an unknown average, counts below 0, or something done without its average."""
        super().__post_init__()
        require_choice("average", self.average, AVERAGES)
        for name in ("fixings", "fixings_done"):
            count = getattr(self, name)
            require_number(name, count)
            if count < 0 or count != int(count):
                raise InputError(f"{name} must be a whole number from 0, not {count!r}")
        begun = self.fixings_done > 0 or self.start is not None
        if begun and self.average_so_far is None:
            raise InputError(
                "average_so_far is missing and fixings_done or start says that the average has begun; give it"
            )
        if self.average_so_far is not None:
            require_number("average_so_far", self.average_so_far)
