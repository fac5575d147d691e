"""When to leave a hedged position: near expiry, with a profit, off its track, before an event; to scale or roll it.

Rules are asked at every moment what of the book to close; ``|`` joins them, and the first that fires is named with its
date in the result. A rule of your own is one class with ``fires`` and ``reason``.

>>> import numpy as np
>>> import pandas as pd
>>> rule = ExitBeforeExpiry(7) | ExitOnProfit(2.0)
>>> rule
ExitBeforeExpiry(days=7.0) | ExitOnProfit(times_costs=2.0)
>>> now = ExitMoment(
...     pd.Timestamp("2026-12-01 16:00"), days_left=np.array([17.0, 45.0]), profit=np.array([250.0, 150.0]),
...     costs=np.array([100.0, 100.0]), tracking_error=np.array([40.0, 40.0]), notional=np.array([1e4, 1e4]))
>>> rule.fires(now).tolist()
[[True, True], [False, False]]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError
from hedgerow.limits.exits import ExitMoment, ExitRule
from hedgerow.market.events import Event, EventCalendar


@dataclass(frozen=True)
class ExitBeforeExpiry(ExitRule):
    """Close each position with no more than so many calendar days to its expiry.

    Parameters
    ----------
    days : float
        Above 0.
    """

    type_name: ClassVar[str] = "before_expiry"
    days: float = 7.0

    def __post_init__(self) -> None:
        """Refuse days that are not above 0."""
        _above_zero(self, "days")

    def fires(self, now: ExitMoment) -> BoolArray:
        """Return which positions are that near to their expiry."""
        near = now.days_left <= self.days + 1e-9
        return np.array(np.broadcast_to(near, (len(now.profit), len(near))))

    @property
    def reason(self) -> str:
        """Such as ``7 days to expiry``."""
        return f"{self.days:g} days to expiry"


@dataclass(frozen=True)
class ExitOnProfit(ExitRule):
    """Close everything once the profit of options plus hedge is more than so many times its costs.

    Without costs nothing is a multiple of them, and it never fires.

    Parameters
    ----------
    times_costs : float
        Above 0.
    """

    type_name: ClassVar[str] = "profit"
    times_costs: float = 2.0

    def __post_init__(self) -> None:
        """Refuse a multiple that is not above 0."""
        _above_zero(self, "times_costs")

    def fires(self, now: ExitMoment) -> BoolArray:
        """Return the paths that have made that much."""
        return _of_paths(now, (now.costs > 0.0) & (now.profit > self.times_costs * now.costs))

    @property
    def reason(self) -> str:
        """Such as ``profit over 2 x costs``."""
        return f"profit over {self.times_costs:g} x costs"


@dataclass(frozen=True)
class ExitOnTrackingError(ExitRule):
    """Close everything once the tracking error of options plus hedge is more than a share of notional.

    The tracking error is the root of the sum of squared steps of their profit: a hedge that does not follow its options
    shows it in losses and in gains.

    Parameters
    ----------
    share : float
        Decimal, above 0.
    """

    type_name: ClassVar[str] = "tracking_error"
    share: float = 0.05

    def __post_init__(self) -> None:
        """Refuse a share that is not above 0."""
        _above_zero(self, "share")

    def fires(self, now: ExitMoment) -> BoolArray:
        """Return the paths whose hedge is that far off."""
        return _of_paths(now, now.tracking_error > self.share * now.notional)

    @property
    def reason(self) -> str:
        """Such as ``tracking error over 5 % of notional``."""
        return f"tracking error over {100.0 * self.share:g} % of notional"


@dataclass(frozen=True)
class ExitBeforeEvents(ExitRule):
    """Close everything before dated events that move volatility.

    It fires at the closes that an event's window covers: from ``days_before`` weekdays before it on, once it has been
    announced. What is decided at a close trades ``lag`` steps later, so give one weekday more for each. The events'
    factors do not matter.

    Parameters
    ----------
    calendar : EventCalendar

    Examples
    --------
    >>> rule = ExitBeforeEvents.on("2026-12-09", "2027-01-27", weekdays=2)
    >>> [event.days_before for event in rule.calendar.events]
    [2, 2]
    """

    type_name: ClassVar[str] = "before_events"
    calendar: EventCalendar

    @classmethod
    def on(cls, *dates: str | pd.Timestamp, weekdays: int = 2, name: str = "an event") -> ExitBeforeEvents:
        """Return the rule for events on some dates.

        Parameters
        ----------
        dates : str or Timestamp
        weekdays : int
            Closes before the event at which it fires, 1 or more.
        name : str
            Of these events.
        """
        if not dates:
            raise InputError("an exit before events needs a date; give one or more")
        return cls(EventCalendar(tuple(Event(each, name, 0.0, weekdays) for each in dates)))

    def fires(self, now: ExitMoment) -> BoolArray:
        """Return everything where an event is near."""
        times = pd.DatetimeIndex([now.moment])
        near = any(bool(event.covers(times)[0]) for event in self.calendar.events)
        return _of_paths(now, np.full(len(now.profit), near))

    @property
    def reason(self) -> str:
        """``before an event``, or its name where all events have one."""
        names = {event.name for event in self.calendar.events}
        return f"before {names.pop() if len(names) == 1 else 'an event'}"


@dataclass(frozen=True)
class ScaleDown(ExitRule):
    """Hold less of each position as its expiry comes near.

    Parameters
    ----------
    table : tuple of (float, float)
        Calendar days to expiry, falling, and the share held with no more of them left; all of it before the first.

    Examples
    --------
    >>> ScaleDown().table
    ((21.0, 0.75), (14.0, 0.5), (7.0, 0.0))
    """

    type_name: ClassVar[str] = "scale_down"
    table: tuple[tuple[float, float], ...] = ((21.0, 0.75), (14.0, 0.5), (7.0, 0.0))

    def __post_init__(self) -> None:
        """Refuse no rows, days that do not fall, and shares that do not fall from below 1 to 0 or more."""
        rows = np.asarray(self.table, dtype=float)
        falls = rows.ndim == 2 and rows.shape[1] == 2 and bool((np.diff(rows, axis=0) < 0.0).all())
        if not falls or not 0.0 <= rows[-1, 1] <= rows[0, 1] < 1.0 or not rows[-1, 0] >= 0.0:
            raise InputError(
                f"the table of a scale must be rows of days to expiry and share held, both falling, such as "
                f"((21, 0.75), (7, 0)), not {self.table!r}"
            )
        object.__setattr__(self, "table", tuple((float(days), float(share)) for days, share in rows))

    def leaves(self, now: ExitMoment) -> FloatArray:
        """Return the share of the last row that has been reached."""
        held = np.ones(len(now.days_left))
        for days, share in self.table:
            held = np.where(now.days_left <= days + 1e-9, share, held)
        return np.repeat(held[None, :], len(now.profit), axis=0)

    def fires(self, now: ExitMoment) -> BoolArray:
        """Return which positions are not held whole any more."""
        return np.asarray(self.leaves(now) < 1.0)

    @property
    def reason(self) -> str:
        """``scaled down``."""
        return "scaled down"


@dataclass(frozen=True)
class RollToNextExpiry(ExitRule):
    """Close what a rule closes, and open the same contracts at the next monthly expiry at that moment.

    The strike stays; the new expiry is the next third Friday after the old one. A programme has roll dates of its own
    and is not rolled by rules.

    Parameters
    ----------
    rule : ExitRule
    months : int
        Third Fridays ahead; 1 is the next.
    """

    type_name: ClassVar[str] = "roll"
    rule: ExitRule
    months: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no rule, and months that are no whole number from 1 to 24."""
        if not isinstance(self.rule, ExitRule):
            raise InputError(f"rule must be an ExitRule, not {self.rule!r}; write ExitBeforeExpiry(7)")
        if isinstance(self.months, bool) or int(self.months) != self.months or not 1 <= self.months <= 24:
            raise InputError(f"months must be a whole number from 1 to 24, not {self.months!r}; 1 is the next expiry")

    def fires(self, now: ExitMoment) -> BoolArray:
        """Return what its rule closes."""
        return self.rule.fires(now)

    @property
    def reason(self) -> str:
        """The reason of its rule, and that it rolls."""
        return f"{self.rule.reason}, rolled"

    @property
    def rolls_months(self) -> int:
        """Monthly expiries ahead."""
        return self.months


def _of_paths(now: ExitMoment, fires: BoolArray) -> BoolArray:
    """Return an answer by path for every position."""
    return np.repeat(fires[:, None], len(now.days_left), axis=1)


def _above_zero(rule: Any, name: str) -> None:
    """Refuse a limit that is no number above 0, and keep it as a number."""
    value = getattr(rule, name)
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not 0.0 < float(value) < np.inf:
        raise InputError(f"{name} of {type(rule).__name__} must be a number above 0, not {value!r}")
    object.__setattr__(rule, name, float(value))


def exit_before_events(dates: tuple[str, ...], weekdays: int = 2, name: str = "an event") -> ExitBeforeEvents:
    """Return the rule for events on some dates, as a study names it.

    Examples
    --------
    >>> exit_before_events(("2026-12-09",)).reason
    'before an event'
    """
    return ExitBeforeEvents.on(*dates, weekdays=weekdays, name=name)


EXITS: dict[str, Callable[..., ExitRule]] = {
    "before_expiry": ExitBeforeExpiry,
    "profit": ExitOnProfit,
    "tracking_error": ExitOnTrackingError,
    "before_events": exit_before_events,
    "scale_down": ScaleDown,
    "roll": RollToNextExpiry,
}
"""Name in a study to the rule."""
