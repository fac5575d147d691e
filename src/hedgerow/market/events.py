"""Dated events that are known in advance, and by how much a hedge is raised or lowered around each.

A calendar multiplies the ratio that a method wants. Days are weekdays, Monday to Friday, so that the window of a future
event is known whatever the exchange does; a decision at the close of one day is held over the next, which is why a
window begins a day before its event.

>>> import pandas as pd
>>> from hedgerow.market import Event, EventCalendar
>>> report = Event("2024-01-12", "crop report", factor=1.25, days_before=1)
>>> EventCalendar((report,)).factors(pd.bdate_range("2024-01-10", periods=4))
array([1.  , 1.25, 1.  , 1.  ])
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.dates import moment
from hedgerow.market.delimited import Layout, find_layout
from hedgerow.market.files import existing_file

COLUMNS = ("date", "name", "factor", "before", "after")
ANNOUNCED = "announced"


@dataclass(frozen=True)
class Event:
    """One dated event and what it does to the hedge.

    A hedge is multiplied where it is decided at or after the close ``days_before`` weekdays before the event and
    before the close ``days_after`` weekdays after it: with 1 and 0, over the day of the event alone. An event on a
    weekend counts for the Monday after.

    Parameters
    ----------
    date : str or pandas.Timestamp
        Day of the event.
    name : str
    factor : float
        What the wanted ratio is multiplied by, 0 or more: 1.2 hedges a fifth more, 0 not at all.
    days_before, days_after : int
        Weekdays, 0 or more, not both 0.
    announced : str or pandas.Timestamp, optional
        When the event became known; decisions before do not count it. Known all along unless said.
    """

    date: str | pd.Timestamp
    name: str
    factor: float
    days_before: int = 1
    days_after: int = 0
    announced: str | pd.Timestamp | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "date", moment(self.date, "the event date").normalize())
        if self.announced is not None:
            object.__setattr__(self, "announced", moment(self.announced, "the announcement date"))
        if not 0.0 <= self.factor < np.inf:
            raise InputError(f"the factor of {self.name!r} must be 0 or more, not {self.factor}")
        for days in (self.days_before, self.days_after):
            if isinstance(days, bool) or not isinstance(days, int | np.integer) or days < 0:
                raise InputError(f"days before and after {self.name!r} must be whole numbers, 0 or more, not {days!r}")
        if not (self.days_before or self.days_after):
            raise InputError(f"{self.name!r} covers no day; give days before (1 covers its own day) or after")

    def covers(self, times: pd.DatetimeIndex) -> BoolArray:
        """Return (n,) whether decisions at ``times`` are multiplied."""
        day = np.datetime64(pd.Timestamp(self.date).date())
        start, end = np.busday_offset(day, [-self.days_before, self.days_after], roll="forward")
        days = times.to_numpy().astype("datetime64[D]")
        covered = (days >= start) & (days < end)
        if self.announced is not None:
            covered &= np.asarray(times >= pd.Timestamp(self.announced))
        return np.asarray(covered, dtype=np.bool_)


@dataclass(frozen=True)
class EventCalendar:
    """Events whose factors multiply where their windows overlap.

    Parameters
    ----------
    events : tuple of Event
        At most one of a name on a date.
    """

    events: tuple[Event, ...]

    def __post_init__(self) -> None:
        seen = set()
        for event in self.events:
            if (event.date, event.name) in seen:
                raise InputError(f"{event.name!r} stands twice on {pd.Timestamp(event.date).date()}; keep one of them")
            seen.add((event.date, event.name))

    @classmethod
    def from_csv(cls, file: str | Path) -> EventCalendar:
        """Return the calendar that a file lists, with columns ``date, name, factor, before, after``.

        A column ``announced`` may say when each event became known; its cells may be empty. Dates are ISO.

        Raises
        ------
        FileError, ColumnError, DataError
            One sentence with file, line and remedy.
        """
        path = existing_file(file)
        layout = find_layout(path, None)
        for name in COLUMNS:
            if name not in layout.names:
                hint = did_you_mean(name, layout.names)
                raise ColumnError(f"column {name!r} not found in {path}{hint} (columns: {', '.join(layout.names)})")
        events: dict[tuple[object, str], Event] = {}
        for line, cells in _rows(layout):
            try:
                event = _event_of(cells)
            except InputError as error:
                raise DataError(f"line {line} of {path}: {error}") from error
            if (event.date, event.name) in events:
                raise DataError(
                    f"line {line} of {path} repeats {event.name!r} on {cells['date']}; delete one of the two"
                )
            events[event.date, event.name] = event
        return cls(tuple(events.values()))

    def factors(self, times: pd.DatetimeIndex) -> FloatArray:
        """Return (n,) what decisions at ``times`` are multiplied by: 1 where no event is near."""
        factors = np.ones(len(times))
        for event in self.events:
            factors[event.covers(times)] *= event.factor
        return factors


def _rows(layout: Layout) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells by column of every row that is not blank."""
    with layout.path.open(encoding=layout.encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=layout.separator, skipinitialspace=True)
        for cells in reader:
            if reader.line_num <= layout.header_line or not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(layout.names):
                raise DataError(
                    f"line {reader.line_num} of {layout.path} has {len(cells)} cells where the header has "
                    f"{len(layout.names)}; correct it"
                )
            yield reader.line_num, dict(zip(layout.names, (cell.strip() for cell in cells), strict=True))


def _event_of(cells: dict[str, str]) -> Event:
    """Return the event of one row; what cannot be read raises InputError."""
    if not cells["name"]:
        raise InputError("the event has no name; give it one")
    return Event(
        moment(cells["date"], "date"),
        cells["name"],
        _number(cells["factor"]),
        _days(cells["before"], "before"),
        _days(cells["after"], "after"),
        moment(cells[ANNOUNCED], ANNOUNCED) if cells.get(ANNOUNCED) else None,
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InputError(f"factor {text!r} is not a number") from error


def _days(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InputError(f"{name} {text!r} is not a whole number of days") from error
