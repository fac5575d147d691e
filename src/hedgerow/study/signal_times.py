"""Moments from which on the values of a signal are known, read from a column or made from a lag.

>>> dates = pd.DatetimeIndex(["2024-01-05", "2024-01-12"])
>>> Clock("16:00").moments("stocks", publication_of("5 days 10:30"), dates).tolist()
[Timestamp('2024-01-10 10:30:00'), Timestamp('2024-01-17 10:30:00')]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market.dates import written
from hedgerow.study.signal_words import FORMS, Publication, publication_of as publication_of

if TYPE_CHECKING:
    from hedgerow.market import ReadingOptions

_OFFSET = re.compile(r".{16,}\s?(Z|[+-]\d{2}:?\d{2})")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?)?")
_A_DAY = 10
"""Letters of a moment that is a day without a time."""


@dataclass(frozen=True)
class Clock:
    """The clock of the decision.

    Parameters
    ----------
    decided_at : str
        Time of the day.
    zone : str, optional
    """

    decided_at: str
    zone: str | None = None

    def moments(self, name: str, when: Publication, dates: pd.DatetimeIndex) -> pd.Series:
        """Return the moment of each value by its date, (n_values,), for a time of the day or a lag."""
        days = dates.normalize() + _offset(when)
        stamps = pd.DatetimeIndex(days + pd.Timedelta(_whole(when.clock or self.decided_at)))
        return pd.Series(self._here(stamps, when.zone), dates, name=name)

    def read(
        self, name: str, column: str, files: Sequence[str | Path], options: ReadingOptions, dates: pd.DatetimeIndex
    ) -> pd.Series:
        """Return the moments of a column by the dates of the signal; a day without a time counts at its end.

        Raises
        ------
        ColumnError
            Where no file has the column.
        DataError
            For a cell that is no moment.
        InputError
            For moments with a zone where the decision has none.
        """
        from hedgerow.market.listings import read_listing
        from hedgerow.market.reading import file_of

        try:
            file, plain = file_of(files, column, options)
        except (ColumnError, InputError) as error:
            raise type(error)(f"available_at of {name!r} takes {FORMS}; {error}") from error
        texts = read_listing(file, plain, options, required=True)
        texts = texts.set_axis(pd.DatetimeIndex(texts.index).normalize() if _is_daily(dates) else texts.index)
        texts = texts[(texts != "") & texts.index.isin(dates)]
        wrong = [row for row, text in enumerate(texts) if _MOMENT.fullmatch(text) is None]
        if wrong:
            raise DataError(
                f"{column} of {Path(file).name} is {texts.iloc[wrong[0]]!r} on {written(texts.index[wrong[0]])}; write "
                "moments as YYYY-MM-DD HH:MM, with an offset such as +01:00 or without"
            )
        offset = texts.map(lambda text: _OFFSET.fullmatch(text) is not None).to_numpy(dtype=bool)
        if offset.any() and not offset.all():
            row = int(np.argmin(offset))
            raise DataError(
                f"{column} of {Path(file).name} has an offset from UTC in some cells and none on "
                f"{written(texts.index[row])}; write all one way"
            )
        return pd.Series(self._stamps(name, texts, bool(offset.any())), texts.index, name=name)

    def _stamps(self, name: str, texts: pd.Series, with_offset: bool) -> pd.DatetimeIndex:
        stamps = pd.DatetimeIndex(_parsed(name, texts, with_offset))
        if not with_offset:
            ends = np.where(texts.str.len() == _A_DAY, np.timedelta64(1, "D") - np.timedelta64(1, "us"), 0)
            return stamps + pd.TimedeltaIndex(ends.astype("timedelta64[ns]"))
        if self.zone is None:
            raise InputError(
                f"the moments of {name!r} have an offset from UTC, and decided_at has no zone; give it one, such as "
                "'16:00 America/New_York'"
            )
        return stamps.tz_convert(self.zone).tz_localize(None)

    def _here(self, stamps: pd.DatetimeIndex, zone: str | None) -> pd.DatetimeIndex:
        """Return moments on the clock of a zone on that of the decision; of an hour that comes twice, the second."""
        if zone is None or zone == self.zone:
            return stamps
        second = np.zeros(len(stamps), dtype=bool)
        there = stamps.tz_localize(zone, ambiguous=second, nonexistent="shift_forward")
        return there.tz_convert(self.zone).tz_localize(None)


def _parsed(name: str, texts: pd.Series, with_offset: bool) -> pd.Series:
    try:
        return pd.to_datetime(texts, format="ISO8601", utc=with_offset)
    except (ValueError, OverflowError) as error:
        raise DataError(f"the moments of {name!r} hold one that is no date: {error}; correct the cell") from error


def _offset(when: Publication) -> Any:
    if when.unit == "business day":
        return pd.offsets.BusinessDay(when.count)
    return pd.DateOffset(**{f"{when.unit}s": when.count})  # type: ignore[arg-type]  # days=, weeks= or months=


def _whole(clock: str) -> str:
    return clock if clock.count(":") == 2 else f"{clock}:00"


def _is_daily(dates: pd.DatetimeIndex) -> bool:
    return bool((dates == dates.normalize()).all())
