"""The moments of a simulation or replay, and the years between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.market.calendars import trading_days
from hedgerow.market.dates import moment
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

CLOSE = pd.Timedelta(hours=16)
"""Time of day of a close."""


@dataclass(frozen=True)
class TimeGrid:
    """Moments at which something may be decided; time 0 is the start, the last one only settles.

    Attributes
    ----------
    times : pandas.DatetimeIndex, shape (n_steps + 1,)
        Ascending; without time zone.

    Examples
    --------
    >>> TimeGrid.even("2026-11-20 16:00", "2027-11-20 16:00", 4).n_steps
    4
    """

    times: pd.DatetimeIndex

    def __post_init__(self) -> None:
        """Refuse fewer than two moments, or moments that do not ascend."""
        if len(self.times) < 2:
            raise InputError(f"a grid of times needs a start and an end, not {len(self.times)} moments")
        if not bool((np.diff(self.times.to_numpy()) > np.timedelta64(0)).all()):
            raise InputError("the times of a grid must ascend, each after the one before; sort them")

    @classmethod
    def even(cls, start: object, end: object, n_steps: int) -> TimeGrid:
        """Return ``n_steps`` steps of one length from ``start`` to ``end``.

        Raises
        ------
        InputError
            For fewer than one step, or an end that is not after the start.
        """
        if n_steps < 1:
            raise InputError(f"n_steps must be 1 or more, not {n_steps}")
        first, last = pd.Timestamp(start), pd.Timestamp(end)  # type: ignore[arg-type]
        if not last > first:
            raise InputError(f"the end {last} is not after the start {first}; choose a later end or expiry")
        micro = np.linspace(0.0, float((last - first) / pd.Timedelta(microseconds=1)), n_steps + 1).round()
        if len(np.unique(micro)) < len(micro):
            raise InputError(f"{n_steps} steps between {first} and {last} are shorter than a microsecond; take fewer")
        return cls(pd.DatetimeIndex(first.as_unit("us") + pd.to_timedelta(micro, unit="us")))

    @classmethod
    def closes(cls, start: object, end: object, calendar: str = "") -> TimeGrid:
        """Return the close (16:00) of every trading day between ``start`` and ``end``, and these two.

        Parameters
        ----------
        start, end : date or time stamp
            A day without a time of day means its close. Both are moments of the grid, whatever day they fall on.
        calendar : str
            An exchange's, by the name that pandas_market_calendars has for it: "NYSE"; weekdays unless given. Days that
            close early count as others.

        Raises
        ------
        InputError
            For what is no date, an unknown calendar, or an end that is not after the start.

        Examples
        --------
        >>> TimeGrid.closes("2026-11-25", "2026-11-30").times.strftime("%a %d").tolist()
        ['Wed 25', 'Thu 26', 'Fri 27', 'Mon 30']
        >>> TimeGrid.closes("2026-11-25", "2026-11-30", "NYSE").times.strftime("%a %d").tolist()
        ['Wed 25', 'Fri 27', 'Mon 30']
        """
        first, last = _at_close(start, "start"), _at_close(end, "end")
        if not last > first:
            raise InputError(f"the end {last} is not after the start {first}; choose a later end or expiry")
        days = trading_days(calendar, first, last) if calendar else pd.bdate_range(first.normalize(), last.normalize())
        closes = days + CLOSE
        between = closes[(closes > first) & (closes < last)]
        return cls(pd.DatetimeIndex([first, *between, last]).as_unit("us"))

    @property
    def n_steps(self) -> int:
        """Number of steps."""
        return len(self.times) - 1

    @cached_property
    def years(self) -> FloatArray:
        """Years since the start, calendar time over 365 days, shape (n_steps + 1,), read-only."""
        since = (self.times - self.times[0]) / pd.Timedelta(days=1)
        return _read_only(np.asarray(since, dtype=float) / CALENDAR_DAYS_PER_YEAR)

    @cached_property
    def steps(self) -> FloatArray:
        """Length of each step in years, shape (n_steps,), read-only."""
        return _read_only(np.diff(self.years))


def _read_only(values: FloatArray) -> FloatArray:
    values.flags.writeable = False
    return values


def _at_close(value: object, name: str) -> pd.Timestamp:
    """Return a moment; a day without a time of day is its close."""
    at = moment(value, name)
    return at + CLOSE if at == at.normalize() else at
