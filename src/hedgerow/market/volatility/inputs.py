"""Price bars and volatility levels, read once and refused with date and field where they cannot be true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.dates import written
from hedgerow.market.frames import checked_prices

FIELDS = ("open", "high", "low", "close")
TIE = 1e-9
"""Relative: an open or close that leaves its high and low by no more than this does so by rounding."""
LARGEST_MEDIAN_LEVEL = 3.0
"""A series whose median volatility is above 300 % a year is taken for one quoted in points."""


@dataclass(frozen=True)
class Bars:
    """Checked prices of one instrument: arrays (n,) by field, and their dates."""

    index: pd.DatetimeIndex
    prices: dict[str, FloatArray]

    def log(self, field: str) -> FloatArray:
        """Return the natural logarithm of a field's prices (n,)."""
        return np.log(self.prices[field])


def checked_bars(prices: pd.DataFrame | pd.Series, fields: tuple[str, ...] = FIELDS) -> Bars:
    """Return the asked fields of a price table, or refuse it with the date and the field that are wrong.

    Parameters
    ----------
    prices : DataFrame or Series (n_times,)
        Columns open, high, low and close, by date; a Series holds closes. Other columns are not looked at.
    fields : tuple of str
        The columns needed.

    Returns
    -------
    Bars
        Every price present and above 0; high at least low, open and close between them.

    Raises
    ------
    ColumnError
        A needed column is not there.
    DataError
        A price is missing, not above 0 or out of its bar; dates are missing, unsorted or repeated.
    """
    frame = prices.to_frame("close") if isinstance(prices, pd.Series) else prices
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"prices must be a pandas DataFrame or Series; received {type(prices).__name__}")
    absent = [field for field in fields if field not in frame.columns]
    if absent:
        columns = [str(column) for column in frame.columns]
        raise ColumnError(
            f"there is no column {absent[0]!r}{did_you_mean(absent[0], columns)} (columns: {', '.join(columns)}); "
            f"this needs {', '.join(fields)}"
        )
    stamps, names, array = checked_prices(frame[list(fields)])
    columns_read = {name: array[:, position] for position, name in enumerate(names)}
    for name, column in columns_read.items():
        _refuse(np.isnan(column), stamps, f"{name} is missing", "fill or leave out the row")
        _refuse(~(column > 0.0), stamps, f"{name} is not above 0", "a logarithm needs positive prices: correct it")
    _refuse_broken_bars(columns_read, stamps)
    return Bars(pd.DatetimeIndex(frame.index), columns_read)


def _refuse_broken_bars(columns: dict[str, FloatArray], stamps: Any) -> None:
    if "high" not in columns or "low" not in columns:
        return
    high, low = columns["high"], columns["low"]
    remedy = "correct the bar or leave out the row"
    _refuse(high < low * (1.0 - TIE), stamps, "high is below low", remedy)
    for name in ("open", "close"):
        if name in columns:
            outside = (columns[name] > high * (1.0 + TIE)) | (columns[name] < low * (1.0 - TIE))
            _refuse(outside, stamps, f"{name} lies outside high and low", remedy)


def _refuse(wrong: BoolArray, stamps: Any, what: str, remedy: str) -> None:
    if wrong.any():
        rows = int(wrong.sum())
        more = f" (and on {rows - 1} later {'date' if rows == 2 else 'dates'})" if rows > 1 else ""
        raise DataError(f"{what} on {written(stamps[int(np.argmax(wrong))])}{more}; {remedy}")


def flat_bars(prices: pd.DataFrame) -> pd.Series:
    """Return which rows have open = high = low = close: no range was recorded, and range estimators read zero there.

    Parameters
    ----------
    prices : DataFrame (n_times, at least 4)
        Columns open, high, low and close, by date.

    Returns
    -------
    Series of bool (n_times,)
        Named ``flat_bar``. A long run of these, as in the early years of index files, holds closes only: use a
        close-to-close estimator there.

    Raises
    ------
    DataError
        As :func:`checked_bars`.

    Examples
    --------
    >>> days = pd.bdate_range("2024-01-01", periods=2)
    >>> bars = pd.DataFrame({"open": [10, 10], "high": [10, 12], "low": [10, 9], "close": [10, 11]}, days)
    >>> flat_bars(bars).tolist()
    [True, False]
    """
    bars = checked_bars(prices)
    flat = np.logical_and.reduce([bars.prices[field] == bars.prices["close"] for field in FIELDS])
    return pd.Series(flat, bars.index, name="flat_bar")


def checked_levels(levels: pd.Series, name: str = "levels") -> tuple[pd.DatetimeIndex, FloatArray]:
    """Return dates and values (n,) of a series of positive levels, or refuse it with a sentence.

    Raises
    ------
    InputError
        Not a pandas Series.
    DataError
        A value is missing, infinite or not above 0; dates are missing, unsorted or repeated.
    """
    if not isinstance(levels, pd.Series):
        raise InputError(f"{name} must be a pandas Series by date; received {type(levels).__name__}")
    stamps, _, array = checked_prices(levels.to_frame(name))
    column = array[:, 0]
    _refuse(np.isnan(column), stamps, f"{name} is missing", "leave out dates without a value")
    _refuse(~(column > 0.0), stamps, f"{name} is not above 0", "correct it or leave out the row")
    return pd.DatetimeIndex(levels.index), column


def checked_volatilities(levels: pd.Series, name: str = "implied") -> tuple[pd.DatetimeIndex, FloatArray]:
    """Return dates and annual volatilities (n,) as decimals; refuse a series that is plainly in points.

    Raises
    ------
    InputError
        As :func:`checked_levels`, and where the median is above 3 (300 % a year).
    """
    index, column = checked_levels(levels, name)
    middle = float(np.median(column))
    if middle > LARGEST_MEDIAN_LEVEL:
        raise InputError(
            f"{name} must be annual volatility as a decimal (0.2 for 20 %) and its median is {middle:g}; "
            "divide an index in points by 100"
        )
    return index, column
