"""The last row of each period: which rows a weekly or monthly sample keeps."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, IntArray
from hedgerow.errors import InputError

_DAILY = ("1D", "D")


def period_numbers(times: pd.DatetimeIndex, every: str) -> IntArray:
    """Return (n_times,): the number of the period each time belongs to, never falling.

    Parameters
    ----------
    times : DatetimeIndex
        Sorted and unique.
    every : str
        A pandas period: "1D", "W-FRI" (the week ends on Friday and holds the Saturday and Sunday before it),
        "ME", "QE", "YE", "2W-FRI".

    Raises
    ------
    InputError
        If ``every`` is not a period.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # pandas 2 warns about names that pandas 3 refuses: refuse them in both
        try:
            offset = pd.tseries.frequencies.to_offset(every)
            if not isinstance(every, str) or offset is None or offset.n < 1:
                raise ValueError(every)
            grouped = pd.Series(np.zeros(len(times)), index=times).groupby(pd.Grouper(freq=offset)).ngroup()
        except (ValueError, TypeError, AttributeError, Warning) as error:
            raise InputError(f"every {every!r} is not a period; write 1D, W-FRI, ME, QE or YE") from error
    return np.asarray(grouped.to_numpy(), dtype=np.int64)


def is_daily(times: pd.DatetimeIndex, every: str) -> bool:
    """Return whether sampling each day leaves ``times`` as they are: no day has two rows."""
    return every in _DAILY and bool(times.normalize().is_unique)


def last_of_each(periods: IntArray, present: BoolArray) -> IntArray:
    """Return the rows that are the last *present* one of their period.

    Parameters
    ----------
    periods : int array (n_times,)
        Period numbers, never falling.
    present : bool array (n_times,)
        Rows that may stand for their period. A period without any has no row in the answer.
    """
    rows = np.flatnonzero(present)
    numbers = periods[rows]
    is_last = np.append(numbers[1:] != numbers[:-1], True) if len(rows) else np.zeros(0, dtype=np.bool_)
    return np.asarray(rows[is_last], dtype=np.int64)
