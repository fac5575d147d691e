"""Signals that are known later than the date that they belong to, joined by the moment of their publication.

A row of signals is decided at one time of the day, by default the index's close at 16:00. A value counts from its
moment of publication on: a volatility index whose close is computed at 16:15 is, for a decision at 16:00, the one of
the day before; a weekly figure for a Friday that is published on the next Wednesday at 10:30 counts from that
Wednesday's close until the next one. A value whose moment is exactly that of the decision is known.

>>> fridays = pd.DatetimeIndex(["2024-01-05", "2024-01-12"])
>>> stocks = pd.Series([431.0, 429.0], fridays)
>>> published = pd.Series(pd.DatetimeIndex(["2024-01-10 10:30", "2024-01-18 11:00"]), fridays)
>>> known_values("stocks", stocks, published, pd.bdate_range("2024-01-09", "2024-01-12"), "16:00").values.tolist()
[nan, 431.0, 431.0, 431.0]
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import written
from hedgerow.market.frames import checked_prices

SLOW = 4.0
"""Days between two values of a signal, at the median, from which it is no daily quote: weekly, monthly, quarterly."""


@dataclass(frozen=True, eq=False)
class KnownValues:
    """What was known of one signal at each decision.

    Attributes
    ----------
    values : ndarray (n_dates,)
        NaN before the first publication.
    said : str
        On how many dates the value belongs to an earlier one, and how old the oldest is.
    """

    values: FloatArray
    said: str


def known_values(
    name: str, series: pd.Series, available_at: pd.Series, dates: pd.DatetimeIndex, decided_at: str
) -> KnownValues:
    """Return the last value of a signal that was published at each decision.

    Parameters
    ----------
    name : str
    series : Series
        Values by the date that they belong to, sorted and unique; a missing value was never published.
    available_at : Series
        Moment of publication of each, by the same dates, on the clock of ``decided_at`` and without a time zone. A
        value that belongs to an earlier date and is published after that of a later one is never gone back to.
    dates : DatetimeIndex (n_dates,)
    decided_at : str
        Time of the day of the decision, as "16:00".

    Raises
    ------
    DataError
        A value without a moment, or one published before the date that it belongs to.
    InputError
        A time of the day that is none, or moments with a time zone.
    """
    checked_prices(pd.DataFrame({name: series}))
    known = series.dropna()
    moments = _moments(name, known, available_at)
    order = np.lexsort((np.arange(len(known)), moments))
    newest = np.maximum.accumulate(order)
    decided = (dates.normalize() + time_of_day(decided_at)).to_numpy()
    place = np.searchsorted(moments[order], decided, side="right") - 1
    row = newest[np.maximum(place, 0)]
    is_known = place >= 0
    values = np.where(is_known, known.to_numpy(dtype=float)[row], np.nan)
    age = (dates.to_numpy() - known.index.to_numpy()[row]).astype("timedelta64[D]").astype(int)[is_known]
    earlier = int((age > 0).sum())
    said = f"{name} is joined by its moment of publication, decisions at {decided_at}"
    if earlier:
        said += f": on {earlier} of {len(dates)} dates its value is of an earlier date, {age.max()} days at most"
    return KnownValues(values, said)


def require_published(series: Mapping[str, pd.Series], said: Collection[str]) -> None:
    """Refuse a macroeconomic figure of which nobody says when it is published.

    A signal counts as one where its values lie :data:`SLOW` days apart or more, at the median, and another signal's
    lie at most half as far apart: such a figure is published days or weeks after the date that it belongs to. A daily
    series of macroeconomic figures cannot be told from a quote; give its moments too.

    Parameters
    ----------
    series : mapping of str to Series
        By name.
    said : collection of str
        Signals whose moments or delays are given.

    Raises
    ------
    InputError
    """
    gaps = {name: _median_gap(one) for name, one in series.items()}
    daily = min(gaps.values(), default=np.inf)
    for name, gap in gaps.items():
        if name not in said and SLOW <= gap < np.inf and gap >= 2.0 * daily:
            raise InputError(
                f"the signal {name!r} has a value every {gap:g} days, others every {daily:g}: such a figure is "
                "published after the date that it belongs to, so say when with available_at (in a command "
                "--available-at)"
            )


def _median_gap(series: pd.Series) -> float:
    """Return the median days between values; infinity for fewer than two."""
    known = series.index[series.notna().to_numpy()]
    if len(known) < 2 or not isinstance(known, pd.DatetimeIndex):
        return float("inf")
    return float(np.median(np.diff(known.to_numpy()) / np.timedelta64(1, "D")))


def time_of_day(text: str) -> pd.Timedelta:
    """Return a time of the day, "16:00", as what is added to a date; InputError for anything else."""
    if not isinstance(text, str) or re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?", text) is None:
        raise InputError(f"decided_at must be a time of the day such as '16:00', not {text!r}")
    return pd.Timedelta(text if text.count(":") == 2 else f"{text}:00")


def _moments(name: str, known: pd.Series, available_at: pd.Series) -> np.ndarray:
    """Return the moment of publication of each value, (n_values,)."""
    if not isinstance(available_at, pd.Series) or available_at.dtype.kind != "M":
        raise InputError(f"available_at of {name!r} must be a Series of moments by the dates of the signal")
    if getattr(available_at.dtype, "tz", None) is not None:
        raise InputError(
            f"available_at of {name!r} has the time zone {available_at.dt.tz}; put it on the clock of decided_at: "
            "available_at.dt.tz_convert(zone).dt.tz_localize(None)"
        )
    if not available_at.index.is_unique:
        raise DataError(f"available_at of {name!r} repeats a date; give one moment a value")
    moments = available_at.reindex(known.index)
    missing = moments.isna().to_numpy()
    if missing.any():
        raise DataError(
            f"{name!r} has no moment of publication for {written(known.index[int(np.argmax(missing))])}; give one for "
            "every value or leave the value empty"
        )
    early = (moments.to_numpy() < known.index.to_numpy()).astype(bool)
    if early.any():
        row = int(np.argmax(early))
        raise DataError(
            f"{name!r} of {written(known.index[row])} is said to be available at {moments.iloc[row]}, before that "
            "date; a value cannot be published before the date that it belongs to"
        )
    return np.asarray(moments.to_numpy().astype("datetime64[ns]"))
