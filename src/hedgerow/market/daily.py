"""Whether dates are those of daily closes: what is fixed daily, or counted 252 a year, has no meaning on others.

>>> is_daily(pd.bdate_range("2024-01-01", periods=10)), is_daily(pd.date_range("2024-01-05", periods=10, freq="W-FRI"))
(True, False)
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError
from hedgerow.market.dates import written

FEWEST_STEPS = 5
"""Steps between dates from which on they show how often there is a row."""

SLOWEST = 4.0
"""Days between daily dates stay below it at the median; those of weekly ones are 7."""

LONGEST_CLOSED = 14
"""Calendar days between dates that holidays may explain; the New York exchange closed for 7 in September 2001."""


def is_daily(dates: pd.DatetimeIndex) -> bool:
    """Return whether dates are daily: fewer than four days apart at the median, or too few to tell."""
    days = _days_between(dates)
    return len(days) < FEWEST_STEPS or float(np.median(days)) < SLOWEST


def require_daily(what: str, dates: pd.DatetimeIndex) -> None:
    """Refuse weekly and slower rows.

    Raises
    ------
    DataError
        ``what`` begins its sentence, in the plural.
    """
    if not is_daily(dates):
        raise DataError(
            f"{what} need daily closes, counted 252 a year, and there is a row every "
            f"{np.median(_days_between(dates)):g} days; give daily rows (a rule may still trade weekly: Weekly() among "
            "its triggers)"
        )


def said_of_gaps(dates: pd.DatetimeIndex) -> tuple[str, ...]:
    """Return a clause on neighbouring daily dates too far apart for holidays; none where all are near."""
    days = _days_between(dates)
    gaps = int((days > LONGEST_CLOSED).sum())
    if not gaps or not is_daily(dates):
        return ()
    row = int(np.argmax(days))
    more = f", the longest of {gaps} such gaps" if gaps > 1 else ""
    return (
        f"no dates between {written(dates[row])} and {written(dates[row + 1])}, {days[row]:.0f} days{more}: the move "
        "over a gap counts as that of one day, in a variance swap as one fixing",
    )


def _days_between(dates: pd.DatetimeIndex) -> FloatArray:
    """Return calendar days of each step, (n_dates - 1,)."""
    return np.asarray(np.diff(dates.to_numpy()).astype("timedelta64[s]").astype(float) / 86_400.0)
