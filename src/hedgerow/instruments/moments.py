"""When instruments expire: days, settlement times and exchange calendars become moments, and moments become years.

A day without a time of day means its close, 16:00; so an option that expires today has no time left once today's close
is the moment of valuation, and five minutes left at 15:55. Times are the exchange's own, without zone.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.market.calendars import trading_days
from hedgerow.market.dates import moment
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

DateLike: TypeAlias = dt.date | str | np.datetime64
"""A day or a moment: a date, a time stamp, or ISO text."""

CLOSE = "16:00"
"""The time of day that a day without one stands for."""

EX_DIVIDEND = "09:30"
"""The time of day from which a share trades without its dividend."""

_MICROSECONDS_PER_YEAR = CALENDAR_DAYS_PER_YEAR * 86_400_000_000
_LONGEST_CLOSURE = pd.Timedelta(days=14)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:([0-5]\d))?")


def since_midnight(clock: Any, name: str = "settlement_time") -> pd.Timedelta:
    """Return a time of day, ``"16:00"`` or ``datetime.time``, as the time since midnight.

    Raises
    ------
    InputError
        For anything else; ``name`` is the field in the sentence.

    Examples
    --------
    >>> since_midnight("09:30")
    Timedelta('0 days 09:30:00')
    """
    text = clock.strftime("%H:%M:%S") if isinstance(clock, dt.time) else str(clock).strip()
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise InputError(f"{name} {clock!r} is not a time of day; write it as HH:MM, for example 16:00")
    return pd.Timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[4] or 0))


def moment_of(value: Any, name: str, clock: str = CLOSE) -> pd.Timestamp:
    """Return the moment of a day (at ``clock``) or a time stamp; midnight counts as a day without a time.

    Raises
    ------
    InputError
        If ``value`` is no date or carries a time zone.

    Examples
    --------
    >>> moment_of("2027-01-15", "expiry")
    Timestamp('2027-01-15 16:00:00')
    """
    stamp = moment(value, name).as_unit("us")
    return stamp + since_midnight(clock) if stamp == stamp.normalize() else stamp


def settled(expiry: Any, settlement_time: str, calendar: str, name: str = "expiry") -> pd.Timestamp:
    """Return the moment at which an instrument that expires on a day is settled.

    Parameters
    ----------
    expiry : date, time stamp or ISO text
        A time stamp with a time of day is the moment itself.
    settlement_time : str
        Time of day; empty for the close: that of the calendar's session, or 16:00 without a calendar.
    calendar : str
        Name of an exchange calendar, or empty. A day on which that exchange is closed is settled on the last session
        before it, as the Saturday expiries of listed options once were.
    name : str
        Field in sentences.

    Raises
    ------
    InputError
        For what is no date or time of day, or no known calendar.

    Examples
    --------
    >>> settled("2014-01-18", "", "NYSE")
    Timestamp('2014-01-17 16:00:00')
    """
    if not calendar or (stamp := moment(expiry, name)) != stamp.normalize():
        return moment_of(expiry, name, settlement_time or CLOSE)
    sessions = trading_days(calendar, stamp - _LONGEST_CLOSURE, stamp)
    if not len(sessions):
        raise InputError(f"calendar {calendar!r} has no session in the two weeks up to {name} {stamp.date()}")
    day = sessions[-1]
    return day + since_midnight(settlement_time) if settlement_time else _session_close(calendar, day)


def _session_close(calendar: str, day: pd.Timestamp) -> pd.Timestamp:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # calendars warn about their own future changes
        import pandas_market_calendars

        found = pandas_market_calendars.get_calendar(calendar)
        close = found.schedule(day, day, tz=found.tz)["market_close"].iloc[0]
    return pd.Timestamp(close).tz_localize(None).as_unit("us")


def years_between(start: Any, ends: Any) -> FloatArray:
    """Return the years from one moment to others: calendar time over 365 days (ACT/365 fixed).

    Parameters
    ----------
    start : datetime64[us]
        Moment of valuation.
    ends : datetime64[us] array
        Later or earlier moments; NaT gives 0.

    Returns
    -------
    float array
        Negative for what lies in the past.

    Examples
    --------
    >>> years_between(np.datetime64("2026-01-01T16:00"), np.array(["2027-01-01T16:00"], dtype="M8[us]"))
    array([1.])
    """
    ends = np.asarray(ends, dtype="M8[us]")
    spans = (ends - start.astype("M8[us]")).astype("m8[us]").astype(np.int64) / _MICROSECONDS_PER_YEAR
    return np.where(np.isnat(ends), 0.0, spans)
