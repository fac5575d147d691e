"""What every instrument says about itself: whose price it follows, how much of it one contract is, in what money."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from math import isfinite
from typing import Any, ClassVar

from hedgerow.errors import InputError
from hedgerow.instruments.moments import settled


@dataclass(frozen=True)
class Instrument:
    """Base of all instruments; not held itself.

    Attributes
    ----------
    underlying : str
        Name of the underlying in :class:`~hedgerow.instruments.MarketState`.
    multiplier : float
        Units of the underlying per contract, above 0.
    currency : str
        Currency of its price.
    """

    type_name: ClassVar[str] = ""

    underlying: str
    multiplier: float = field(default=1.0, kw_only=True)
    currency: str = field(default="USD", kw_only=True)

    def __post_init__(self) -> None:
        """Refuse a nameless underlying or a multiplier that is no positive number."""
        if not isinstance(self.underlying, str) or not self.underlying:
            raise InputError(f"underlying must be a name, not {self.underlying!r}")
        require_number("multiplier", self.multiplier)
        if self.multiplier <= 0.0:
            raise InputError(
                f"multiplier must be above 0, not {self.multiplier!r}; a short position has a quantity < 0"
            )

    def row(self) -> dict[str, Any]:
        """Return the fields by name, as a row of a book's table."""
        return {"instrument": self.type_name} | {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True)
class Expiring(Instrument):
    """Base of instruments that end on a day.

    Attributes
    ----------
    calendar : str
        Name of an exchange calendar (``"NYSE"``), empty for none; an expiry on a closed day is settled on the session
        before.
    settlement_time : str
        Time of day of settlement, ``"09:30"``; empty for the close (16:00, or that of the calendar's session).
    """

    calendar: str = field(default="", kw_only=True)
    settlement_time: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        """Refuse an expiry that cannot be read."""
        super().__post_init__()
        settled(getattr(self, "expiry", None), self.settlement_time, self.calendar)


def require_number(name: str, value: Any) -> None:
    """Refuse what is not a finite number.

    Raises
    ------
    InputError
        ``"strike must be a finite number, not nan"``.
    """
    try:
        wrong = isinstance(value, bool | str) or value is None or not isfinite(value)
    except (TypeError, ValueError, OverflowError):
        wrong = True
    if wrong:
        raise InputError(f"{name} must be a finite number, not {value!r}")


def require_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    """Refuse what is none of the choices.

    Raises
    ------
    InputError
        With the nearest choices.
    """
    if value not in choices:
        raise InputError(f"{name} must be one of {', '.join(choices)}, not {value!r}")
