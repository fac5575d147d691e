"""Calendar years as an account sees them: first and last dates, what fills in which year, and the budget's base.

The calendar of trading dates is taken to be known beforehand. Beyond the last row of the data dates are weekdays: data
that end on the last trading day of a year before a weekday on which the exchange is closed do not see the year end.

>>> days = pd.DatetimeIndex(["2015-12-30", "2015-12-31", "2016-01-04"])
>>> years_ahead(days, 1).tolist()
[2015, 2016, 2016]
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.engine.overlay.account_terms import BASE, FIRST, GROWTH, LAST, LATER, OPENS, WEALTH
from hedgerow.errors import InputError


def account_calendar(
    dates: pd.DatetimeIndex, wealth: FloatArray, growth: FloatArray | None = None, lag: int = 1
) -> FloatArray:
    """Return growth of cash, years and the portfolio's value by date, (n_dates, 7); columns as in ``account_terms``.

    Parameters
    ----------
    dates : DatetimeIndex (n_dates,)
    wealth : ndarray (n_dates,)
        Value of the portfolio, money above 0.
    growth : ndarray (n_dates - 1,), optional
        Interest on cash over each step, as a share; None for 0.
    lag : int
        Dates from an order to its fill.

    Raises
    ------
    InputError
        Wealth or growth that do not fit the dates.
    """
    n_dates, wealth = len(dates), np.asarray(wealth, dtype=float)
    if wealth.shape != (n_dates,) or not (wealth > 0.0).all():
        raise InputError(
            f"the portfolio's value must be money above 0 on each of {n_dates} dates; it has shape {wealth.shape}"
        )
    table = np.zeros((n_dates, 7))
    if growth is not None:
        if np.shape(growth) != (n_dates - 1,):
            raise InputError(f"growth of cash must have shape {(n_dates - 1,)}, one step each, not {np.shape(growth)}")
        table[1:, GROWTH] = growth
    years, fill_years = np.asarray(dates.year), years_ahead(dates, lag)
    table[:, FIRST] = first_of_year(dates)
    table[:, BASE] = wealth[np.maximum.accumulate(np.where(table[:, FIRST] > 0.0, np.arange(n_dates), 0))]
    table[:, WEALTH] = wealth
    table[:, LAST] = years_ahead(dates, 1) > years
    table[:, OPENS] = table[:, FIRST] if lag == 0 else fill_years > years_ahead(dates, lag - 1)
    table[:, LATER] = fill_years > years
    return table


def first_of_year(dates: pd.DatetimeIndex) -> FloatArray:
    """Return 1.0 on the first date of each calendar year in the data and 0.0 elsewhere, (n_dates,)."""
    years = np.asarray(dates.year)
    return np.concatenate(([1.0], (np.diff(years) != 0).astype(float)))


def years_ahead(dates: pd.DatetimeIndex, ahead: int) -> IntArray:
    """Return the year of the date so many dates after each, (n_dates,); weekdays follow the last one."""
    years = np.asarray(dates.year, dtype=np.int64)
    last = np.datetime64(dates[-1], "D")
    following = np.busday_offset(last, np.arange(1, ahead + 1), roll="backward")
    return np.concatenate((years, following.astype("datetime64[Y]").astype(np.int64) + 1970))[ahead:]
