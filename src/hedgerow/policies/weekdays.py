"""Trade on given days of the week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray
from hedgerow.errors import InputError, did_you_mean
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies.clock import ClockPolicy, decisions, first_at_or_after, time_of_day

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""Days of the week, as they are written."""


@dataclass(frozen=True, init=False, repr=False)
class OnWeekdays(ClockPolicy):
    """Trade to the target once on each of the days named: at its first decision, or at a time of day.

    Parameters
    ----------
    *days : str
        ``"Mon"``, ``"Tue"``, ... ``"Sun"``; one or more.
    at : str, optional
        Time of day; the first decision at or after it. None is the first decision of the date.

    Examples
    --------
    >>> OnWeekdays("Mon", "Wed", "Fri").moments(TimeGrid.even("2026-01-05 16:00", "2026-01-12 16:00", 7)).nonzero()[0]
    array([0, 2, 4])
    """

    days: tuple[str, ...]
    at: str | None

    def __init__(self, *days: str, at: str | None = None) -> None:
        object.__setattr__(self, "days", tuple(days))
        object.__setattr__(self, "at", at)
        if not days:
            raise InputError("OnWeekdays needs at least one day; write OnWeekdays('Mon', 'Wed', 'Fri')")
        for day in days:
            if day not in DAYS:
                hint = did_you_mean(str(day), DAYS) or ";"
                raise InputError(f"{day!r} is no day of the week{hint} write {', '.join(DAYS)}")
        if at is not None:
            time_of_day(at)

    def __repr__(self) -> str:
        at = () if self.at is None else (f"at={self.at!r}",)
        return f"OnWeekdays({', '.join((*map(repr, self.days), *at))})"

    def moments(self, grid: TimeGrid) -> BoolArray:
        """Return one decision of each date that is named, shape (n_steps,)."""
        when = decisions(grid)
        named = np.isin(np.asarray(when.day_of_week), [DAYS.index(day) for day in self.days])
        return named & first_at_or_after(when, time_of_day(self.at or "00:00"))
