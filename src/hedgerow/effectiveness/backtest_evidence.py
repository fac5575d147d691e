"""What a backtest is doubted by: the figures known of it, and the thresholds of the flags.

>>> RedFlagThresholds(sharpe=2.0).sharpe
2.0
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import inf, isfinite

import numpy as np
import pandas as pd

from hedgerow.errors import DataError, InputError


@dataclass(frozen=True)
class RedFlagThresholds:
    """Where each flag is raised; all comparisons are strict but that of the lagged Sharpe ratio.

    Parameters
    ----------
    sharpe : float
        Of a year; raised above it.
    win_rate : float
        Raised above it.
    crisis_share, year_share : float
        Share of all gains that one crisis, or one year, brought; raised above it.
    free_parameters : int
        Raised above it.
    rows_per_parameter : float
        Raised below it; 252 is a year of days for each.
    lag_left : float
        Share of the Sharpe ratio left when signals come one row late; raised at it or below.
    deflated_sharpe : float
        Raised below it.
    overfitting : float
        Probability of backtest overfitting; raised above it.
    """

    sharpe: float = 1.5
    win_rate: float = 0.80
    crisis_share: float = 0.50
    year_share: float = 0.50
    free_parameters: int = 3
    rows_per_parameter: float = 252.0
    lag_left: float = 0.50
    deflated_sharpe: float = 0.95
    overfitting: float = 0.50

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0.0 <= value < inf:
                raise InputError(f"{field.name} must be finite and 0 or more, got {value}.")
        for name in ("win_rate", "crisis_share", "year_share", "deflated_sharpe", "overfitting"):
            if getattr(self, name) > 1.0:
                raise InputError(f"{name} must be a share of at most 1, got {getattr(self, name)}; 80 % is 0.80.")


@dataclass(frozen=True)
class BacktestEvidence:
    """What is known of a backtest; a flag whose figures are missing (None, or NaN) is not judged.

    Parameters
    ----------
    sharpe : float, optional
        Of a year.
    win_rate : float, optional
        As a decimal.
    gain_by_crisis, gain_by_year : mapping of str to float, optional
        Net gain by name, losses negative; at least two names. :func:`gain_by_year` makes the second one.
    free_parameters : int, optional
        Numbers chosen while looking at results.
    n_rows : int, optional
        Rows on which they were chosen.
    sharpe_one_row_late : float, optional
        Sharpe ratio with every signal lagged by one row more (:func:`hedgerow.compare.lag_decay`).
    deflated_sharpe : float, optional
        Probability (:func:`hedgerow.effectiveness.deflated_sharpe`).
    overfitting : float, optional
        Probability (:func:`hedgerow.effectiveness.backtest_overfitting`).

    Raises
    ------
    InputError
        A share or probability outside 0 to 1, or a negative count.
    """

    sharpe: float | None = None
    win_rate: float | None = None
    gain_by_crisis: Mapping[str, float] | None = None
    gain_by_year: Mapping[str, float] | None = None
    free_parameters: int | None = None
    n_rows: int | None = None
    sharpe_one_row_late: float | None = None
    deflated_sharpe: float | None = None
    overfitting: float | None = None

    def __post_init__(self) -> None:
        for name in ("win_rate", "deflated_sharpe", "overfitting"):
            value = getattr(self, name)
            if value is not None and isfinite(value) and not 0.0 <= value <= 1.0:
                raise InputError(f"{name} must lie between 0 and 1, got {value}; 80 % is 0.80.")
        for name in ("free_parameters", "n_rows"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise InputError(f"{name} must be 0 or more, got {value}.")


def gain_by_year(gains: pd.Series) -> dict[str, float]:
    """Return the sum of dated gains by calendar year.

    Parameters
    ----------
    gains : pandas.Series
        Returns or changes in money, finite, indexed by date.

    Returns
    -------
    dict of str to float
        By year, in order.

    Raises
    ------
    DataError
        An index without dates, or a missing value.

    Examples
    --------
    >>> gain_by_year(pd.Series([1.0, 2.0, -4.0], pd.to_datetime(["2019-12-30", "2019-12-31", "2020-01-02"])))
    {'2019': 3.0, '2020': -4.0}
    """
    if not isinstance(gains.index, pd.DatetimeIndex):
        raise DataError("gains must be indexed by date; set the dates as index.")
    if not np.isfinite(gains.to_numpy(dtype=np.float64)).all():
        raise DataError("gains must be finite numbers; drop rows with missing values first.")
    sums = gains.groupby(gains.index.year).sum()
    return {str(year): float(value) for year, value in sums.items()}
