"""The falls of the stock market that a hedge is for, with fixed dates, and the calm years in which it only costs.

>>> one = next(crisis for crisis in CRISES if crisis.name == "2008")
>>> one.start, one.end
('2007-10-09', '2009-03-09')
>>> one.coverage(pd.DatetimeIndex(["2008-01-02", "2010-01-04"]))
'partly covered'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError

Coverage = Literal["covered", "partly covered", "not covered"]
CALM_DRAWDOWN = 0.10
"""Largest fall from the year's own running peak, as a decimal, of a calm year."""


@dataclass(frozen=True)
class Crisis:
    """A fall of the market between fixed dates.

    Parameters
    ----------
    name : str
    start, end : str
        Dates of the close before the fall and of the lowest close, ``YYYY-MM-DD``.
    """

    name: str
    start: str
    end: str

    def __post_init__(self) -> None:
        """Refuse a crisis that ends before it begins."""
        if not pd.Timestamp(self.start) < pd.Timestamp(self.end):
            raise InputError(f"the crisis {self.name!r} must end after it begins, not {self.start} to {self.end}")

    def rows(self, dates: pd.DatetimeIndex) -> BoolArray:
        """Return which steps belong to the crisis: those that end after its start and on or before its end."""
        return np.asarray((dates > pd.Timestamp(self.start)) & (dates <= pd.Timestamp(self.end)))

    def coverage(self, dates: pd.DatetimeIndex) -> Coverage:
        """Return whether the dates hold the crisis from its peak to its trough."""
        if not self.rows(dates).any():
            return "not covered"
        whole = dates[0] <= pd.Timestamp(self.start) and dates[-1] >= pd.Timestamp(self.end)
        return "covered" if whole else "partly covered"


CRISES = (
    Crisis("1990", "1990-07-16", "1990-10-11"),
    Crisis("1998", "1998-07-17", "1998-08-31"),
    Crisis("2000-02", "2000-03-24", "2002-10-09"),
    Crisis("2008", "2007-10-09", "2009-03-09"),
    Crisis("2010", "2010-04-23", "2010-07-02"),
    Crisis("2011", "2011-04-29", "2011-10-03"),
    Crisis("2015", "2015-07-20", "2015-08-25"),
    Crisis("2018-02", "2018-01-26", "2018-02-08"),
    Crisis("2018-12", "2018-09-20", "2018-12-24"),
    Crisis("2020", "2020-02-19", "2020-03-23"),
    Crisis("2022", "2022-01-03", "2022-10-12"),
    Crisis("2025-04", "2025-02-19", "2025-04-08"),
)
"""Highest and lowest closes of the S&P 500 around each fall; 2015 is the fall of August."""


def in_any_crisis(dates: pd.DatetimeIndex, crises: Sequence[Crisis] = CRISES) -> BoolArray:
    """Return which steps, named by the date on which they end, belong to a crisis; shape (n_dates,)."""
    rows = np.zeros(len(dates), dtype=bool)
    for crisis in crises:
        rows |= crisis.rows(dates)
    return rows


def calm_years(dates: pd.DatetimeIndex, wealth: FloatArray, crises: Sequence[Crisis] = CRISES) -> tuple[int, ...]:
    """Return the calendar years without a crisis in which the portfolio never fell 10 % below the year's own peak.

    Parameters
    ----------
    dates : DatetimeIndex (n_dates,)
    wealth : ndarray (n_dates,)
        Of the unhedged portfolio, above 0.
    crises : sequence of Crisis
    """
    struck = in_any_crisis(dates, crises)
    years = dates.year.to_numpy()
    return tuple(int(year) for year in np.unique(years) if _is_calm(wealth[years == year], struck[years == year]))


def _is_calm(wealth: FloatArray, struck: BoolArray) -> bool:
    fall = 1.0 - wealth / np.maximum.accumulate(wealth)
    return not struck.any() and bool(fall.max() < CALM_DRAWDOWN)
