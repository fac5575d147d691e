"""Trading calendars by name; pandas_market_calendars is imported only when one is asked for."""

from __future__ import annotations

import warnings

import pandas as pd

from hedgerow.errors import InputError, did_you_mean
from hedgerow.market.dates import moment


def trading_days(calendar: str, start: object, end: object) -> pd.DatetimeIndex:
    """Return the days on which an exchange trades, both ends included, without time zone.

    Parameters
    ----------
    calendar : str
        A name that pandas_market_calendars knows, e.g. "NYSE", "CME_Agriculture", "ICE".
    start, end : date
        First and last day asked for: anything pandas reads as a date.

    Returns
    -------
    pandas.DatetimeIndex, (n_days,)
        Midnights, sorted, without time zone.

    Raises
    ------
    InputError
        If there is no such calendar (close names are given) or ``start`` is after ``end``.
    """
    first, last = moment(start, "start").normalize(), moment(end, "end").normalize()
    if first > last:
        raise InputError(f"start {first.date()} is after end {last.date()}; exchange them")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # calendars warn about their own future changes
        import pandas_market_calendars

        names = pandas_market_calendars.get_calendar_names()
        if calendar not in names:
            raise InputError(f"there is no calendar {calendar!r}{did_you_mean(str(calendar), names)}")
        days = pandas_market_calendars.get_calendar(calendar).valid_days(first, last)
    return pd.DatetimeIndex(days).tz_localize(None).normalize().as_unit("us").rename("date")


def missing_sessions(history_times: pd.DatetimeIndex, calendar: str) -> pd.DatetimeIndex:
    """Return the trading days between the first and last of ``history_times`` that have no row among them."""
    days = history_times.normalize().unique().as_unit("us")
    return trading_days(calendar, days[0], days[-1]).difference(days).rename("date")
