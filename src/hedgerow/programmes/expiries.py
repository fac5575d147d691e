"""Which expiry a programme of options buys, and on which dates it rolls: calendars known beforehand.

>>> str(third_friday(2016, 12)), str(third_friday(2014, 4))  # the second avoids Good Friday
('2016-12-16', '2014-04-17')
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import IntArray
from hedgerow.errors import InputError

MONTHS_AHEAD = 1200
FIRST_YEAR = 1950


@dataclass(frozen=True)
class Schedule:
    """Which expiry each rung of a programme holds, from which row to which.

    Attributes
    ----------
    rung, entered, leaves : ndarray of int (n_positions,)
        ``leaves`` is the number of dates where the position is still held at the end.
    expiry : ndarray of int (n_positions,)
        Days since 1970-01-01.
    """

    rung: IntArray
    entered: IntArray
    leaves: IntArray
    expiry: IntArray


@dataclass(frozen=True)
class RollRule:
    """Tenor, roll and ladder of a programme.

    Parameters
    ----------
    days : int
        Least calendar days to expiry at purchase, or the exact number where ``listed`` is off.
    roll_days_before : int
        A position is closed, and the next bought, on the first date with at most so many calendar days to its expiry;
        0 holds it to expiry.
    ladder : int
        Rungs, each an equal part; at the start they stand at equally spaced tenors, so that the whole is there at once.
    listed : bool
        Expiries on third Fridays (on the Thursday before where that is Good Friday or Juneteenth); of those each rung
        takes the first that no other rung holds.
    """

    days: int = 90
    roll_days_before: int = 30
    ladder: int = 1
    listed: bool = True

    def __post_init__(self) -> None:
        """Refuse a rule that cannot roll."""
        for name, least in (("days", 1), ("roll_days_before", 0), ("ladder", 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or value != int(value) or value < least:
                raise InputError(f"{name} must be a whole number of {least} or more, not {value!r}")
        if self.days - self.roll_days_before < self.ladder:
            raise InputError(
                f"a tenor of {self.days} days that is rolled {self.roll_days_before} days before expiry leaves no day "
                f"to hold for {self.ladder} rung{'s' if self.ladder > 1 else ''}; lengthen it or roll later"
            )

    def schedule(self, dates: pd.DatetimeIndex) -> Schedule:
        """Return what each rung holds over the dates; what comes before a date depends on no later one."""
        days = day_numbers(dates)
        span = self.days - self.roll_days_before
        starts = [
            (0, rung, self.roll_days_before + -(-span * (rung + 1) // self.ladder)) for rung in range(self.ladder)
        ]
        heapq.heapify(starts)
        held: dict[int, int] = {}
        rows: list[tuple[int, int, int, int]] = []
        while starts:
            row, rung, tenor = heapq.heappop(starts)
            expiry = self._expiry(int(days[row]) + tenor, {held[each] for each in held if each != rung})
            leaves = max(int(np.searchsorted(days, expiry - self.roll_days_before)), row + 1)
            held[rung] = expiry
            rows.append((rung, row, leaves, expiry))
            if leaves < len(days):
                heapq.heappush(starts, (leaves, rung, self.days))
        rung_of, entered, left, expiries = np.array(sorted(rows), dtype=np.int64).T
        return Schedule(rung_of, entered, left, expiries)

    def _expiry(self, earliest: int, taken: set[int]) -> int:
        if not self.listed:
            return earliest
        listed = listed_expiries()
        place = int(np.searchsorted(listed, earliest))
        while place < len(listed) and int(listed[place]) in taken:
            place += 1
        if place >= len(listed):
            raise InputError(f"third Fridays are known to {FIRST_YEAR + MONTHS_AHEAD // 12}; give dates before that")
        return int(listed[place])


def day_numbers(dates: pd.DatetimeIndex) -> IntArray:
    """Return dates as days since 1970-01-01."""
    return np.asarray(dates.to_numpy().astype("datetime64[D]").astype(np.int64))


def written_day(number: int) -> str:
    """Return days since 1970-01-01 as a date."""
    return str(np.datetime64(int(number), "D"))


@cache
def listed_expiries() -> IntArray:
    """Return the monthly expiries of listed index options in days since 1970-01-01."""
    months = (divmod(month, 12) for month in range(MONTHS_AHEAD))
    found = [third_friday(FIRST_YEAR + year, month + 1).astype(np.int64) for year, month in months]
    return np.array(found, dtype=np.int64)


def third_friday(year: int, month: int) -> Any:
    """Return the monthly expiry: the third Friday, or the Thursday before where the exchange is closed on it.

    Returns
    -------
    datetime64[D]
    """
    first = np.datetime64(f"{year:04d}-{month:02d}-01", "D")
    friday = np.busday_offset(first, 2, roll="forward", weekmask="Fri")
    easter = pd.offsets.Easter().rollforward(pd.Timestamp(year, 1, 1)).to_datetime64().astype("datetime64[D]")
    juneteenth = year >= 2022 and friday == np.datetime64(f"{year:04d}-06-19", "D")
    closed = friday == easter - np.timedelta64(2, "D") or juneteenth
    return friday - np.timedelta64(1, "D") if closed else friday
