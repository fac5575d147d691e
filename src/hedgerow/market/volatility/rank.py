"""Where today's implied volatility stands among its own last observations: rank in their range, share below.

Over the last ``window`` observations (252 unless said):

* rank = (today - lowest) / (highest - lowest),
* percentile = number of observations strictly below today / window.

Today is the last of these observations (``count_today=True``): the rank lies in [0, 1] and the percentile is at most
(window - 1) / window, since today is not below itself. With ``count_today=False`` today is held against the ``window``
observations before it: the percentile reaches 1, and the rank leaves [0, 1] on a new high or low.

>>> days = pd.bdate_range("2024-01-01", periods=4)
>>> implied_percentile(pd.Series([0.1, 0.4, 0.2, 0.3], days), window=4).tolist()[-1]
0.5
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError
from hedgerow.market.dates import written
from hedgerow.market.volatility.inputs import checked_levels
from hedgerow.market.volatility.windows import checked_window, over_windows

WINDOW = 252


@dataclass(frozen=True)
class ImpliedStanding:
    """Today's implied volatility among the last observations; levels in the unit of the series.

    Attributes
    ----------
    date : Timestamp
        Today: the last date of the series.
    level, low, high : float
        Today's level, and the lowest and highest of the observations compared with.
    low_date, high_date : Timestamp
        When these were, the latest date where several tie.
    rank, percentile : float
        As this module defines them.
    window : int
        Observations compared with.
    count_today : bool
        Whether today is one of them.
    """

    date: pd.Timestamp
    level: float
    low: float
    high: float
    low_date: pd.Timestamp
    high_date: pd.Timestamp
    rank: float
    percentile: float
    window: int
    count_today: bool


def implied_rank(levels: pd.Series, *, window: int = WINDOW, count_today: bool = True) -> pd.Series:
    """Return each day's position in the range of the last observations: 0 at the lowest, 1 at the highest.

    Parameters
    ----------
    levels : Series (n_times,)
        Implied volatility, or an index of it, in any unit, by date. Observations are rows, not calendar days.
    window : int
        Observations compared with.
    count_today : bool
        Whether today is the last of them (then row t uses rows t - window + 1 to t) or follows them.

    Returns
    -------
    Series (n_times,)
        Named ``implied_rank``; NaN exactly on the rows before the first full window. Row t uses rows up to t.

    Raises
    ------
    DataError
        Fewer rows than asked for, missing or negative levels, or a window without any range.

    Examples
    --------
    >>> days = pd.bdate_range("2024-01-01", periods=4)
    >>> implied_rank(pd.Series([0.1, 0.5, 0.2, 0.4], days), window=4).round(3).tolist()[-1]
    0.75
    """
    index, values, window = _checked(levels, window, count_today)
    low, high = over_windows(values, window, _lowest), over_windows(values, window, _highest)
    today, low, high = _paired(values, low, high, window=window, count_today=count_today)
    if (high == low).any():
        at = len(values) - len(today) + int(np.argmax(high == low))
        raise DataError(
            f"the {window} observations for {written(index.to_numpy()[at])} are all {values[at - 1]:g}: a rank needs a "
            "range; use the percentile or another series"
        )
    return _dated(index, (today - low) / (high - low), "implied_rank")


def implied_percentile(levels: pd.Series, *, window: int = WINDOW, count_today: bool = True) -> pd.Series:
    """Return each day's share of the last observations that were strictly below it.

    Parameters
    ----------
    levels, window, count_today
        As :func:`implied_rank`.

    Returns
    -------
    Series (n_times,)
        Named ``implied_percentile``, in [0, 1]; NaN exactly on the rows before the first full window.

    Raises
    ------
    DataError
        Fewer rows than asked for, or missing or negative levels.
    """
    index, values, window = _checked(levels, window, count_today)
    if count_today:
        share = over_windows(values, window, lambda block: (block < block[:, -1:]).mean(axis=1))
    else:
        share = over_windows(values, window + 1, lambda block: (block[:, :-1] < block[:, -1:]).mean(axis=1))
    return _dated(index, share, "implied_percentile")


def implied_standing(levels: pd.Series, *, window: int = WINDOW, count_today: bool = True) -> ImpliedStanding:
    """Return rank and percentile of the last date, with the range they refer to.

    Parameters
    ----------
    levels, window, count_today
        As :func:`implied_rank`.

    Raises
    ------
    DataError
        Fewer rows than asked for, missing or negative levels, or a window without any range.

    Examples
    --------
    >>> days = pd.bdate_range("2024-01-01", periods=4)
    >>> standing = implied_standing(pd.Series([0.1, 0.5, 0.2, 0.4], days), window=4)
    >>> standing.percentile, str(standing.high_date.date())
    (0.5, '2024-01-02')
    """
    index, values, window = _checked(levels, window, count_today)
    recent = levels.iloc[-(window + (not count_today)) :]
    rank = float(implied_rank(recent, window=window, count_today=count_today).iloc[-1])
    percentile = float(implied_percentile(recent, window=window, count_today=count_today).iloc[-1])
    first = len(values) - window - (not count_today)
    compared = values[first : first + window]
    lowest, highest = (
        first + window - 1 - int(np.argmax(compared[::-1] == end)) for end in (compared.min(), compared.max())
    )
    return ImpliedStanding(
        date=index[-1],
        level=float(values[-1]),
        low=float(values[lowest]),
        high=float(values[highest]),
        low_date=index[lowest],
        high_date=index[highest],
        rank=rank,
        percentile=percentile,
        window=window,
        count_today=count_today,
    )


def _checked(levels: pd.Series, window: int, count_today: bool) -> tuple[pd.DatetimeIndex, FloatArray, int]:
    index, values = checked_levels(levels, str(getattr(levels, "name", None) or "levels"))
    window = checked_window(window)
    needed = window + (not count_today)
    if len(values) < needed:
        raise DataError(
            f"rank and percentile over {window} observations need {needed} rows and the series has {len(values)}; "
            "give more rows or a shorter window"
        )
    return index, values, window


def _lowest(windows: FloatArray) -> FloatArray:
    low: FloatArray = windows.min(axis=1)
    return low


def _highest(windows: FloatArray) -> FloatArray:
    high: FloatArray = windows.max(axis=1)
    return high


def _paired(
    values: FloatArray, low: FloatArray, high: FloatArray, *, window: int, count_today: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return each day with a full window beside the range it is held against."""
    if count_today:
        return values[window - 1 :], low, high
    return values[window:], low[:-1], high[:-1]


def _dated(index: pd.DatetimeIndex, figures: FloatArray, name: str) -> pd.Series:
    column = np.full(len(index), np.nan)
    column[len(column) - len(figures) :] = figures
    return pd.Series(column, index, name=name)
