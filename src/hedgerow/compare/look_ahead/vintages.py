"""What was known when: figures that are published late, or revised after they were first printed.

>>> import pandas as pd
>>> days = pd.bdate_range("2024-01-01", periods=3)
>>> table = pd.DataFrame({"settled": [1.0, 2.0, 3.0]}, index=days)
>>> next_day = {"settled": days + pd.offsets.BDay(1)}
>>> known_at(table, 1, next_day)["settled"].tolist()
[1.0, nan]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike
from hedgerow.errors import ColumnError, DataError, did_you_mean

Known: TypeAlias = Mapping[str, ArrayLike] | Callable[[pd.Timestamp], pd.DataFrame]
"""Moments at which each value of a column became available, by column; or the history as it was known at a moment."""


def known_at(data: pd.DataFrame, row: int, known: Known | None) -> pd.DataFrame:
    """Return the history as it was known at the moment of a row, that row included.

    Parameters
    ----------
    data : pandas.DataFrame
        The history as it stands today; its index says at which moment each row's decision is made.
    row : int
        Position of the last row known.
    known : mapping of str to array-like, or callable, or None
        ``available_at`` (n_rows,) by column, a value being missing until then; or a function of a moment. None: every
        row is known at its own moment and never revised.

    Raises
    ------
    ColumnError
        Where a column is not there.
    DataError
        Where the moments are not one per row, or the function returns other columns or rows after the moment.
    """
    date = data.index[row]
    if known is None:
        return data.iloc[: row + 1].copy()
    if not isinstance(known, Mapping):
        return _vintage(known(date), data, date)
    past = data.iloc[: row + 1].copy()
    for name, moments in known.items():
        if name not in data.columns:
            hint = did_you_mean(str(name), map(str, data.columns))
            raise ColumnError(f"column {name!r} with moments of publication is not in the history{hint}")
        available = pd.DatetimeIndex(moments)
        if len(available) != len(data):
            raise DataError(
                f"{name!r} has {len(available)} moments of publication for {len(data)} rows; give one per row"
            )
        if (available.tz is None) != (date.tz is None):
            raise DataError(
                f"moments of publication of {name!r} and dates of rows must both have a time zone, or neither"
            )
        past[name] = past[name].where(np.asarray(available[: row + 1] <= date))
    return past


def _vintage(past: object, data: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    """Return a vintage with the history's columns, or refuse it."""
    if not isinstance(past, pd.DataFrame) or list(past.columns) != list(data.columns):
        raise DataError(f"what was known on {date} must be a frame with the history's columns, in their order")
    if len(past) and past.index.max() > date:
        raise DataError(f"what was known on {date} has a row of {past.index.max()}; leave later rows out")
    return past.copy()
