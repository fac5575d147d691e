"""What is left of a signal that comes late: a good result that halves on one row leans on being barely in time.

>>> import pandas as pd
>>> days = pd.bdate_range("2024-01-01", periods=6)
>>> held = pd.Series([1.0, -1.0, 1.0, -1.0, 1.0, -1.0], days)
>>> earned = pd.Series([0.0, 1.1, -1.0, 1.2, -1.0, 1.0], days)
>>> bool(is_suspicious(lag_decay(held, earned, lags=(0, 1))))
True
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan, sqrt

import numpy as np
import pandas as pd

from hedgerow.errors import InputError

LAGS = (0, 1, 2, 5)
SHARPE_WORTH_A_LOOK = 0.5
"""Annual Sharpe ratio above which a signal that decays at once is called suspicious."""

DAYS_PER_YEAR = 365.25


def lag_decay(
    decisions: pd.Series | pd.DataFrame, earns: pd.Series | pd.DataFrame, lags: Sequence[int] = LAGS
) -> pd.Series:
    """Return the annualised Sharpe ratio of decisions held 0, 1, 2, ... rows late.

    A decision of one date earns over the rows after it, so that with no delay row t earns what was decided at the row
    before. No rate is taken off and no cost is charged: what counts is how the figure falls.

    Parameters
    ----------
    decisions : pandas.Series or pandas.DataFrame
        Units held, by date.
    earns : pandas.Series or pandas.DataFrame
        What one unit earns over the row ending at each date; a frame has the columns of the decisions.
    lags : sequence of int
        Rows of delay, 0 or more.

    Returns
    -------
    pandas.Series
        Sharpe ratio by ``lag``; NaN where nothing is earned or earnings do not vary.

    Raises
    ------
    InputError
        Where columns do not match, a lag is negative, or there is no common date.
    """
    held = decisions.to_frame() if isinstance(decisions, pd.Series) else decisions
    gains = pd.concat([earns] * held.shape[1], axis=1, keys=held.columns) if isinstance(earns, pd.Series) else earns
    if list(gains.columns) != list(held.columns):
        raise InputError("earnings must have the columns of the decisions, or be one series for all")
    if min(lags) < 0:
        raise InputError(f"a lag must be 0 or more rows, not {min(lags)}")
    if not len(held.index.intersection(gains.index)):
        raise InputError("earnings and decisions have no date in common")
    held = held.reindex(gains.index)
    found = [_sharpe((held.shift(1 + lag) * gains).sum(axis=1, min_count=1).dropna()) for lag in lags]
    return pd.Series(found, index=pd.Index(list(lags), name="lag"), name="sharpe")


def is_suspicious(decay: pd.Series) -> bool:
    """Return whether a Sharpe ratio above 0.5 at the first lag has at least halved at the next."""
    if len(decay) < 2:
        return False
    now, late = float(decay.iloc[0]), float(decay.iloc[1])
    return now > SHARPE_WORTH_A_LOOK and not late > 0.5 * now


def _sharpe(profits: pd.Series) -> float:
    spread = float(profits.std()) if len(profits) > 1 else 0.0
    if not spread > 0.0:
        return nan
    return float(profits.mean()) / spread * sqrt(_rows_per_year(profits.index))


def _rows_per_year(index: pd.Index) -> float:
    if not isinstance(index, pd.DatetimeIndex):
        raise InputError("a Sharpe ratio per year needs dates; index earnings by date")
    days = (index[-1] - index[0]) / np.timedelta64(1, "D")
    return (len(index) - 1) * DAYS_PER_YEAR / float(days)
