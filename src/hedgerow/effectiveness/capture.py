"""A record against a benchmark: beta, and the share taken of its good and of its bad days.

>>> market = [0.01, -0.02, 0.03, -0.01]
>>> half = [0.005, -0.010, 0.015, -0.005]
>>> round(beta(half, market), 6), round(up_capture(half, market), 6), round(down_capture(half, market), 6)
(0.5, 0.5, 0.5)
"""

from __future__ import annotations

import numpy as np

from hedgerow._types import ArrayLike, BoolArray, FloatArray
from hedgerow.effectiveness.annual import annual_compound_return
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.errors import DataError
from hedgerow.units import TRADING_DAYS_PER_YEAR


def beta(returns: ArrayLike, benchmark: ArrayLike) -> float:
    """Return the slope of the returns on the benchmark's, ``Cov(r, b) / Var(b)``, with an intercept.

    Parameters
    ----------
    returns, benchmark : array_like of shape (n,)
        Over the same rows.

    Returns
    -------
    float
        NaN below two rows and where the benchmark does not vary.

    Raises
    ------
    DataError
        Missing values, or different numbers of rows.

    Examples
    --------
    >>> beta([1.0, 3.0, 2.0], [1.0, 2.0, 3.0])
    0.5
    """
    ours, theirs = _pair(returns, benchmark)
    if len(theirs) < 2 or np.ptp(theirs) == 0.0:
        return float("nan")
    largest = np.abs(theirs).max()
    deviations = (theirs - theirs.mean()) / largest
    return float(np.sum(deviations * ((ours - ours.mean()) / largest)) / np.sum(deviations**2))


def up_capture(returns: ArrayLike, benchmark: ArrayLike, *, compound: bool = False) -> float:
    """Return mean return over mean benchmark return, both on the rows on which the benchmark rose.

    Parameters
    ----------
    returns, benchmark : array_like of shape (n,)
        Over the same rows.
    compound : bool
        Divide yearly compound returns of these rows instead, as some libraries do. On daily rows that reads a
        holding of half the benchmark as far less than half, so that it is not the default.

    Returns
    -------
    float
        1 for the benchmark itself; NaN where it never rose.

    Raises
    ------
    DataError
        Missing values, or different numbers of rows; with ``compound`` a return below -1.

    Examples
    --------
    >>> up_capture([0.01, -0.01, 0.03], [0.01, -0.02, 0.01])
    2.0
    """
    ours, theirs = _pair(returns, benchmark)
    return _captured(ours, theirs, theirs > 0.0, compound)


def down_capture(returns: ArrayLike, benchmark: ArrayLike, *, compound: bool = False) -> float:
    """Return mean return over mean benchmark return, both on the rows on which the benchmark fell.

    Parameters
    ----------
    returns, benchmark : array_like of shape (n,)
        Over the same rows.
    compound : bool
        As in :func:`up_capture`.

    Returns
    -------
    float
        Below 1 where the losses are smaller than the benchmark's, negative where its falls were gains; NaN where it
        never fell.

    Raises
    ------
    DataError
        Missing values, or different numbers of rows; with ``compound`` a return below -1.

    Examples
    --------
    >>> down_capture([0.01, -0.01, 0.03], [0.01, -0.02, 0.01])
    0.5
    """
    ours, theirs = _pair(returns, benchmark)
    return _captured(ours, theirs, theirs < 0.0, compound)


def _captured(ours: FloatArray, theirs: FloatArray, chosen: BoolArray, compound: bool) -> float:
    if not chosen.any():
        return float("nan")
    if not compound:
        return float(ours[chosen].mean() / theirs[chosen].mean())
    year = TRADING_DAYS_PER_YEAR
    return annual_compound_return(ours[chosen], year) / annual_compound_return(theirs[chosen], year)


def _pair(returns: ArrayLike, benchmark: ArrayLike) -> tuple[FloatArray, FloatArray]:
    ours, theirs = checked_changes(returns, "returns"), checked_changes(benchmark, "benchmark")
    if len(ours) != len(theirs):
        raise DataError(
            f"returns and benchmark must cover the same rows, got {len(ours)} and {len(theirs)}; align them by date."
        )
    return ours, theirs
