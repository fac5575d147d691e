"""What was earned for the risk that hurts: Sortino, Calmar and Omega ratios, and the share of rows that gained.

>>> round(sortino_ratio([0.01, -0.02, 0.03, -0.01]), 2)
3.55
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.annual import annual_compound_return, annual_return, checked_periods, checked_yearly
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.effectiveness.drawdowns import Kind, worst_drawdown
from hedgerow.units import TRADING_DAYS_PER_YEAR


def sortino_ratio(returns: ArrayLike, target: float = 0.0, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> float:
    """Return mean excess over the target divided by the downside deviation, times ``sqrt(periods_per_year)``.

    Downside deviation ``sqrt(sum(min(0, r - target)^2) / N)``: N counts all rows, not only those that fell short.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Per row.
    target : float
        Per year, spread evenly over the rows.
    periods_per_year : float
        Rows a year.

    Returns
    -------
    float
        NaN without rows and where no row fell short.

    Raises
    ------
    InputError
        A target or number of rows a year that is not finite, or no rows a year.
    DataError
        Missing values.

    References
    ----------
    Sortino, F. A. and Price, L. N. (1994), Journal of Investing 3(3), 59-64.

    Examples
    --------
    >>> round(sortino_ratio([0.01, -0.02, 0.03, -0.01], periods_per_year=1), 6)
    0.223607
    """
    excess = _over_target(returns, target, periods_per_year)
    downside = np.minimum(excess, 0.0)
    if not downside.any():
        return float("nan")
    worst = -float(downside.min())  # the unit of the squares, which a tiny unit of money would bring to nothing
    return float(excess.mean() / worst / sqrt(np.mean((downside / worst) ** 2))) * sqrt(periods_per_year)


def calmar_ratio(
    returns: ArrayLike, periods_per_year: float = TRADING_DAYS_PER_YEAR, *, kind: Kind = "returns"
) -> float:
    """Return the yearly return divided by the deepest drawdown of the whole record.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Simple returns, -1 or more, or changes in money.
    periods_per_year : float
        Rows a year.
    kind : {"returns", "money"}
        Compound return over relative drawdown, or arithmetic gain a year over the drawdown in money.

    Returns
    -------
    float
        NaN without rows and where nothing fell.

    Raises
    ------
    InputError
        Another kind, or no rows a year.
    DataError
        A missing value, or a return below -1.

    References
    ----------
    Young, T. W. (1991), Calmar ratio: a smoother tool, Futures 20(1), 40.

    Examples
    --------
    >>> round(calmar_ratio([0.10, -0.20, 0.30], periods_per_year=3), 3)
    0.72
    """
    depth = worst_drawdown(returns, kind=kind).depth
    if not depth > 0.0:
        return float("nan")
    yearly = annual_compound_return if kind == "returns" else annual_return
    return yearly(returns, periods_per_year) / depth


def omega_ratio(returns: ArrayLike, target: float = 0.0, periods_per_year: float = TRADING_DAYS_PER_YEAR) -> float:
    """Return ``sum(max(r - target, 0)) / sum(max(target - r, 0))``.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Per row.
    target : float
        Per year, spread evenly over the rows.
    periods_per_year : float
        Rows a year.

    Returns
    -------
    float
        1 where the mean equals the target; NaN where no row fell short.

    Raises
    ------
    InputError
        A target or number of rows a year that is not finite, or no rows a year.
    DataError
        Missing values.

    References
    ----------
    Keating, C. and Shadwick, W. F. (2002), Journal of Performance Measurement 6(3), 59-84.

    Examples
    --------
    >>> round(omega_ratio([0.01, -0.02, 0.03, -0.01]), 6)
    1.333333
    """
    excess = _over_target(returns, target, periods_per_year)
    short = -float(np.minimum(excess, 0.0).sum())
    return float(np.maximum(excess, 0.0).sum()) / short if short > 0.0 else float("nan")


def win_rate(returns: ArrayLike) -> float:
    """Return the share of rows above 0 among rows that are not 0, since a row without a position is no bet.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Per row.

    Returns
    -------
    float
        Between 0 and 1; NaN where no row moved.

    Raises
    ------
    DataError
        Missing values.

    Examples
    --------
    >>> win_rate([0.01, -0.02, 0.0, 0.03, -0.01])
    0.5
    """
    values = checked_changes(returns, "returns")
    moved = int(np.count_nonzero(values))
    return int(np.count_nonzero(values > 0.0)) / moved if moved else float("nan")


def _over_target(returns: ArrayLike, target: float, periods_per_year: float) -> FloatArray:
    values = checked_changes(returns, "returns")
    return np.asarray(values - checked_yearly(target, "target") / checked_periods(periods_per_year))
