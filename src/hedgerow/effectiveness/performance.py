"""The figures a record is judged by, in one place: reward, risk, drawdown, tail, shape.

>>> found = performance([0.01, -0.02, 0.03, -0.01])
>>> round(found.annual_return, 2), round(found.sortino, 2), round(found.max_drawdown, 2)
(0.63, 3.55, 0.02)
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.annual import (
    annual_compound_return,
    annual_return,
    annualised_volatility,
    checked_periods,
    checked_yearly,
)
from hedgerow.effectiveness.capture import beta, down_capture, up_capture
from hedgerow.effectiveness.changes import checked_changes, checked_share
from hedgerow.effectiveness.drawdowns import Kind, checked_kind, worst_drawdown
from hedgerow.effectiveness.measures import cvar, value_at_risk
from hedgerow.effectiveness.reward_to_risk import calmar_ratio, omega_ratio, sortino_ratio, win_rate
from hedgerow.effectiveness.shape import excess_kurtosis, skewness
from hedgerow.effectiveness.sharpe import sharpe_ratio
from hedgerow.errors import DataError
from hedgerow.units import TRADING_DAYS_PER_YEAR


@dataclass(frozen=True)
class PerformanceOptions:
    """How a record is read.

    Parameters
    ----------
    kind : {"returns", "money"}
        Simple returns that compound, or changes in money that add up.
    rate : float
        Per year; the Sharpe ratio counts what was earned above it.
    target : float
        Per year; Sortino and Omega ratios count what fell short of it.
    periods_per_year : float
        Rows a year.
    level : float
        Of VaR and CVaR.
    """

    kind: Kind = "returns"
    rate: float = 0.0
    target: float = 0.0
    periods_per_year: float = TRADING_DAYS_PER_YEAR
    level: float = 0.95

    def __post_init__(self) -> None:
        checked_kind(self.kind)
        checked_yearly(self.rate, "rate")
        checked_yearly(self.target, "target")
        checked_periods(self.periods_per_year)
        checked_share(self.level, "level")


@dataclass(frozen=True)
class Performance:
    """Figures of one record; NaN where a figure is not defined, as its own function says.

    Attributes
    ----------
    annual_return : float
        Arithmetic: mean times rows a year.
    annual_compound_return : float
        Growth of wealth a year; NaN for money, which does not compound.
    volatility : float
        Of a year, by the square root of time.
    sharpe, sortino, calmar, omega : float
        Sharpe and Sortino of a year; Calmar from the compound return, for money from the sum.
    max_drawdown : float
        As a share of the peak, or in money; positive.
    value_at_risk, cvar : float
        Of one row; losses are positive.
    skewness, excess_kurtosis : float
        Divisors n; 0 and 0 for normal rows.
    win_rate : float
        Share of gains among rows that moved.
    beta, up_capture, down_capture : float
        Against the benchmark; NaN without one.
    n_rows : int
    """

    annual_return: float
    annual_compound_return: float
    volatility: float
    sharpe: float
    sortino: float
    calmar: float
    omega: float
    max_drawdown: float
    value_at_risk: float
    cvar: float
    skewness: float
    excess_kurtosis: float
    win_rate: float
    beta: float
    up_capture: float
    down_capture: float
    n_rows: int


def performance(
    returns: ArrayLike, benchmark: ArrayLike | None = None, options: PerformanceOptions | None = None
) -> Performance:
    """Return the figures of one record of daily returns or changes in money.

    Parameters
    ----------
    returns : array_like of shape (n,)
        In order of time; finite.
    benchmark : array_like of shape (n,), optional
        Over the same rows and in the same unit.
    options : PerformanceOptions, optional
        Kind of rows, rate, target, rows a year, level of the tail.

    Returns
    -------
    Performance
        One figure each.

    Raises
    ------
    DataError
        A missing value, a return below -1, or a benchmark of other rows.

    Examples
    --------
    >>> gain = performance([3.0, -1.0, 2.0], options=PerformanceOptions(kind="money"))
    >>> gain.max_drawdown, gain.annual_return
    (1.0, 336.0)
    """
    chosen = options or PerformanceOptions()
    year, compounds = chosen.periods_per_year, chosen.kind == "returns"
    values = checked_changes(returns, "returns")
    theirs = None if benchmark is None else checked_changes(benchmark, "benchmark")
    return Performance(
        annual_return=annual_return(values, year),
        annual_compound_return=annual_compound_return(values, year) if compounds else float("nan"),
        volatility=annualised_volatility(values, year),
        sharpe=sharpe_ratio(values, chosen.rate, year),
        sortino=sortino_ratio(values, chosen.target, year),
        calmar=calmar_ratio(values, year, kind=chosen.kind),
        omega=omega_ratio(values, chosen.target, year),
        max_drawdown=worst_drawdown(values, kind=chosen.kind).depth,
        value_at_risk=value_at_risk(values, chosen.level),
        cvar=cvar(values, chosen.level),
        skewness=skewness(values),
        excess_kurtosis=excess_kurtosis(values),
        win_rate=win_rate(values),
        beta=float("nan") if theirs is None else beta(values, theirs),
        up_capture=float("nan") if theirs is None else up_capture(values, theirs),
        down_capture=float("nan") if theirs is None else down_capture(values, theirs),
        n_rows=len(values),
    )


def performance_table(
    returns: pd.DataFrame, benchmark: ArrayLike | None = None, options: PerformanceOptions | None = None
) -> pd.DataFrame:
    """Return the figures of every column, with the dates of its deepest drawdown.

    Parameters
    ----------
    returns : pandas.DataFrame of shape (n, m)
        One record per column, in order of time; all finite.
    benchmark : array_like of shape (n,), optional
        Over the same rows; a series must have the same index. Without one there are no columns for it.
    options : PerformanceOptions, optional
        As for :func:`performance`.

    Returns
    -------
    pandas.DataFrame
        One row per column of ``returns``; the figures of :class:`Performance`, then ``peak``, ``trough`` and
        ``recovery`` of the deepest drawdown (None where there is none; the peak also where it is the start). For
        money there is no compound return.

    Raises
    ------
    DataError
        A missing value, by column and row, a return below -1, or a benchmark of other rows.

    Examples
    --------
    >>> records = pd.DataFrame({"held": [0.01, -0.02, 0.03], "halved": [0.005, -0.010, 0.015]})
    >>> performance_table(records)["max_drawdown"].round(3).to_dict()
    {'held': 0.02, 'halved': 0.01}
    """
    chosen = options or PerformanceOptions()
    checked_frame(returns)
    theirs = _benchmark(returns, benchmark)
    rows = {}
    for place, name in enumerate(returns.columns):
        one = returns.iloc[:, place]
        worst = worst_drawdown(one, kind=chosen.kind)
        figures = performance(one, theirs, chosen)
        rows[name] = {field.name: getattr(figures, field.name) for field in fields(figures)}
        rows[name] |= {"peak": worst.peak, "trough": worst.trough, "recovery": worst.recovery}
    table = pd.DataFrame.from_dict(rows, orient="index").reindex(returns.columns)
    missing = [] if theirs is not None else ["beta", "up_capture", "down_capture"]
    return table.drop(columns=missing + (["annual_compound_return"] if chosen.kind == "money" else []))


def checked_frame(returns: pd.DataFrame) -> FloatArray:
    """Return the values (n, m) of a frame of records; a :class:`DataError` that names a gap, or a name given twice."""
    twice = returns.columns[returns.columns.duplicated()]
    if len(twice):
        raise DataError(f"records must have one name each, {twice[0]!r} stands twice; rename a column.")
    values = returns.to_numpy(dtype=np.float64)
    gaps = np.argwhere(~np.isfinite(values))
    if len(gaps):
        row, column = gaps[0]
        raise DataError(
            f"records must be finite numbers, column {returns.columns[column]!r} at {returns.index[row]} holds "
            f"{values[row, column]}; drop rows with missing values first."
        )
    return values


def _benchmark(returns: pd.DataFrame, benchmark: ArrayLike | None) -> FloatArray | None:
    if benchmark is None:
        return None
    if isinstance(benchmark, pd.Series) and not benchmark.index.equals(returns.index):
        raise DataError("returns and benchmark must have the same index; align them by date.")
    return checked_changes(benchmark, "benchmark")
