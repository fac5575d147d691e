"""Dates as people write them: read one way only, or refused with a sentence."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hedgerow._types import IntArray
from hedgerow.errors import DataError, InputError

DATE_NAMES = ("date", "datetime", "timestamp", "time")
"""Column names that are taken for the date, in this order, whatever their case."""

_ISO = re.compile(r"\d{4}([-/])\d{2}\1\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?\s?(Z|[+-]\d{2}:?\d{2})?|\d{8}")
_DAY_AND_MONTH = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{4}")
_OFFSET = r"\s?(Z|[+-]\d{2}:?\d{2})$"
_SHORTEST_WITH_OFFSET = 17
_ISO_LENGTHS_OF_A_DAY = (8, 10)


def looks_like_a_date(text: str) -> bool:
    """Return whether a cell has one of the forms that are read without a format."""
    return bool(_ISO.fullmatch(text.strip()) or _DAY_AND_MONTH.fullmatch(text.strip()))


def moment(value: object, name: str) -> pd.Timestamp:
    """Return a time stamp without zone from a date, a time stamp or ISO text.

    Raises
    ------
    InputError
        If ``value`` is none of these, or has a time zone; ``name`` is the argument named in the sentence.
    """
    is_number = isinstance(value, (bool, int, float, np.number)) and not isinstance(value, np.datetime64)
    if is_number or (isinstance(value, str) and not _ISO.fullmatch(value.strip())):
        raise InputError(f"{name} {value!r} is not a date; write it as YYYY-MM-DD")
    try:
        stamp = pd.Timestamp(value)  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise InputError(f"{name} {value!r} is not a date; write it as YYYY-MM-DD") from error
    if not isinstance(stamp, pd.Timestamp):
        raise InputError(f"{name} {value!r} is not a date; write it as YYYY-MM-DD")
    if stamp.tzinfo is not None:
        raise InputError(f"{name} {value!r} has a time zone and prices have none; leave the zone out")
    return stamp


def last_moment(value: object, name: str) -> pd.Timestamp:
    """Return the end of the day where ``value`` is a day without a time, the moment itself otherwise."""
    stamp = moment(value, name)
    is_day = isinstance(value, str) and len(value.strip()) in _ISO_LENGTHS_OF_A_DAY
    if is_day or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return stamp + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)
    return stamp


def written(stamp: object) -> str:
    """Return a date as people write it: the time of day only where there is one."""
    known = pd.Timestamp(stamp)  # type: ignore[arg-type]
    return known.strftime("%Y-%m-%d") if known == known.normalize() else str(known)


@dataclass
class DateColumn:
    """The dates of one file, handed in block by block and read by one rule from first row to last.

    Parameters
    ----------
    file : str
        Name of the file, for sentences.
    date_format : str, optional
        A ``strptime`` form. Without it ISO dates are read, and day and month in either order where only one
        order fits every row.
    unit : str
        What rows are called in sentences: "line" or "row".
    """

    file: str
    date_format: str | None = None
    unit: str = "line"
    zone: str | None = None
    notes: list[str] = field(default_factory=list)
    _form: str | None = None
    _mark: str = ""
    _zones_seen: bool = False
    _blocks: list[pd.DatetimeIndex] = field(default_factory=list)
    _other_order: list[pd.DatetimeIndex] = field(default_factory=list)
    _misfit: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, texts: pd.Series, lines: IntArray) -> None:
        """Read one block of stripped, non-empty texts; ``lines`` (n,) says where each stands."""
        if not len(texts):
            return
        if pd.api.types.is_datetime64_any_dtype(texts.dtype):
            self._stored(pd.DatetimeIndex(texts))
            return
        if self._form is None:
            self._form = self._decide(str(texts.iloc[0]), int(lines[0]))
        if self._form == "given":
            self._blocks.append(self._all_read(self._read(texts, str(self.date_format)), texts, lines))
        elif self._form == "iso":
            self._blocks.append(self._iso(texts, lines))
        else:
            self._either_order(texts, lines)

    def finish(self) -> pd.DatetimeIndex:
        """Return all dates, without zone; ``notes`` and ``zone`` then say how they were read."""
        if self._form == "either":
            self._blocks = self._choose_order()
        joined = np.concatenate([block.as_unit("us").to_numpy() for block in self._blocks])
        return self._days_only(pd.DatetimeIndex(joined))

    def _stored(self, stamps: pd.DatetimeIndex) -> None:
        """Keep dates that a file stored as such; a zone is one for the whole column."""
        self._form = "stored"
        self.zone = None if stamps.tz is None else str(stamps.tz)
        self._blocks.append(stamps.tz_localize(None))

    def _decide(self, first: str, line: int) -> str:
        if self.date_format is not None:
            return "given"
        if _ISO.fullmatch(first):
            return "iso"
        match = _DAY_AND_MONTH.fullmatch(first)
        if match is None:
            raise self._unreadable(first, line)
        self._mark = match.group(1)
        return "either"

    def _unreadable(self, text: str, line: int) -> DataError:
        if self.date_format is not None:
            return DataError(
                f"{self.unit} {line} of {self.file}: date {text!r} does not have the form {self.date_format!r}; "
                "correct the cell or give another --date-format"
            )
        return DataError(
            f"{self.unit} {line} of {self.file}: cannot read date {text!r}; write dates as YYYY-MM-DD, give their form "
            "(--date-format '%d.%m.%Y'), or delete the line if it is a total or a remark"
        )

    @staticmethod
    def _read(texts: pd.Series, form: str) -> pd.DatetimeIndex:
        try:
            return pd.DatetimeIndex(pd.to_datetime(texts, format=form, errors="coerce"))
        except (ValueError, TypeError) as error:
            raise InputError(f"--date-format {form!r} cannot be used ({error}); example: '%d/%m/%Y'") from error

    def _all_read(self, dates: pd.DatetimeIndex, texts: pd.Series, lines: IntArray) -> pd.DatetimeIndex:
        if dates.hasnans:
            at = int(np.flatnonzero(np.asarray(dates.isna()))[0])
            raise self._unreadable(str(texts.iloc[at]), int(lines[at]))
        if dates.tz is not None:
            self._same_zone(pd.Series([str(dates.tz)]), lines)
            dates = dates.tz_localize(None)
        return dates

    def _iso(self, texts: pd.Series, lines: IntArray) -> pd.DatetimeIndex:
        lengths = texts.str.len().to_numpy()
        bare = self._without_offset(texts, lines) if lengths.max() >= _SHORTEST_WITH_OFFSET else texts
        if self._zones_seen and bare is texts:
            self._same_zone(pd.Series([None]), lines)
        self._zones_seen = True
        dates = self._read(bare, "ISO8601")
        # pandas reads 2020, 202001, 2020-01 and 2020-1-5 as dates too: too little to be sure of.
        short = (lengths < 10) & (lengths != 8)
        if (lengths == 8).any():
            short |= (lengths == 8) & ~texts.str.isdigit().to_numpy(dtype=bool)
        if short.any():
            at = int(np.flatnonzero(short)[0])
            raise self._unreadable(str(texts.iloc[at]), int(lines[at]))
        return self._all_read(dates, texts, lines)

    def _without_offset(self, texts: pd.Series, lines: IntArray) -> pd.Series:
        offsets = texts.str.extract(_OFFSET, expand=False).where(texts.str.len() >= _SHORTEST_WITH_OFFSET)
        self._same_zone(offsets, lines)
        if self.zone is None:
            return texts
        return texts.str.replace(_OFFSET, "", regex=True)

    def _same_zone(self, zones: pd.Series, lines: IntArray) -> None:
        names = [None if pd.isna(zone) else str(zone) for zone in zones.unique()]
        first = self.zone if self._zones_seen else names[0]
        other = next((name for name in names if name != first), first)
        if other != first:
            at = next(i for i, zone in enumerate(zones) if (None if pd.isna(zone) else str(zone)) == other)
            raise DataError(
                f"{self.file} mixes time zones: {first or 'no zone'} and {other or 'no zone'} ({self.unit} "
                f"{int(lines[at])}); bring all its dates to one zone, or leave times and zones out"
            )
        self.zone, self._zones_seen = first, True

    def _either_order(self, texts: pd.Series, lines: IntArray) -> None:
        for order, store in (("%d{0}%m{0}%Y", self._blocks), ("%m{0}%d{0}%Y", self._other_order)):
            dates = self._read(texts, order.format(self._mark))
            if dates.hasnans and order not in self._misfit:
                at = int(np.flatnonzero(np.asarray(dates.isna()))[0])
                self._misfit[order] = (int(lines[at]), str(texts.iloc[at]))
            store.append(dates)

    def _choose_order(self) -> list[pd.DatetimeIndex]:
        day_first, month_first = ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y")
        mark = self._mark
        if len(self._misfit) == 2:
            line, text = max(self._misfit.values())
            raise self._unreadable(text, line)
        if not self._misfit:
            pairs = zip(self._blocks, self._other_order, strict=True)
            unlike = next(((one[one != two], two[one != two]) for one, two in pairs if (one != two).any()), None)
            if unlike is None:
                return self._blocks
            first, second = unlike[0][0], unlike[1][0]
            raise DataError(
                f"dates in {self.file} can be read two ways (one is {first.day} {first:%B %Y} or {second.day} "
                f"{second:%B %Y}); say "
                f"which with --date-format '%d{mark}%m{mark}%Y' or --date-format '%m{mark}%d{mark}%Y'"
            )
        chosen, name = (self._other_order, "month first") if day_first in self._misfit else (self._blocks, "day first")
        line, text = self._misfit.get(day_first) or self._misfit[month_first]
        self.notes.append(f"dates in {self.file} were read {name}, the only way that fits {text} ({self.unit} {line})")
        return chosen

    def _days_only(self, dates: pd.DatetimeIndex) -> pd.DatetimeIndex:
        days = dates.normalize()
        times = np.unique((dates - days).to_numpy())
        if self.zone is not None:
            self.notes.append(f"dates in {self.file} are in zone {self.zone} and were taken as written there")
        if len(times) == 1 and times[0] != np.timedelta64(0):
            clock = dates[0].strftime("%H:%M:%S")
            self.notes.append(f"every row of {self.file} stands at {clock}, so only its day is used")
            return days
        return dates
