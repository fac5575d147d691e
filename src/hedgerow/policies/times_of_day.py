"""Trade at given times of the day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray
from hedgerow.errors import InputError
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies.clock import ClockPolicy, decisions, first_at_or_after, time_of_day


@dataclass(frozen=True, init=False, repr=False)
class TimesOfDay(ClockPolicy):
    """Trade to the target at the first decision of each date at or after each of the times.

    Two times that fall on one decision trade once; a date without a later decision does not trade for that time.
    Times are those of the grid, which has no time zone.

    Parameters
    ----------
    *times : str
        ``"10:00"``, ``"15:59:30"``; one or more.

    Examples
    --------
    >>> TimesOfDay("10:00", "15:30").moments(TimeGrid.even("2026-01-05 09:30", "2026-01-05 16:00", 13)).nonzero()[0]
    array([ 1, 12])
    """

    times: tuple[str, ...]

    def __init__(self, *times: str) -> None:
        object.__setattr__(self, "times", tuple(times))
        if not times:
            raise InputError("TimesOfDay needs at least one time; write TimesOfDay('10:00', '15:30')")
        for time in times:
            time_of_day(time)

    def __repr__(self) -> str:
        return f"TimesOfDay({', '.join(map(repr, self.times))})"

    def moments(self, grid: TimeGrid) -> BoolArray:
        """Return the decisions at or next after the times, shape (n_steps,)."""
        when = decisions(grid)
        each = [first_at_or_after(when, time_of_day(time)) for time in self.times]
        return np.asarray(np.any(each, axis=0))
