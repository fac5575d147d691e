"""How far below its peak a record fell, since when and until when.

>>> worst = worst_drawdown([0.10, -0.20, 0.05, 0.30])
>>> round(worst.depth, 3), worst.peak, worst.trough, worst.recovery
(0.2, 0, 1, 3)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.annual import checked_returns
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.errors import InputError

Kind = Literal["returns", "money"]
"""Whether rows are simple returns that compound, or changes in money that add up."""
KINDS = ("returns", "money")

_SAME = 1e-12


@dataclass(frozen=True)
class Drawdown:
    """The deepest fall from a peak.

    Attributes
    ----------
    depth : float
        ``1 - wealth / peak`` for returns, ``peak - wealth`` for money; 0 or more.
    peak : label or None
        Last row on which the peak stood; None where it is the start, before the first row, or nothing fell.
    trough : label or None
        Row of the deepest point, the first of equals; None where nothing fell.
    recovery : label or None
        First row after the trough on which the peak is reached again; None where that has not happened.
    rows_under_water : int
        Rows from the peak, not counted, to the recovery, or to the end of the data without one.
    """

    depth: float
    peak: Any
    trough: Any
    recovery: Any
    rows_under_water: int


def drawdown_series(returns: ArrayLike, *, kind: Kind = "returns") -> pd.Series:
    """Return the drawdown after every row, 0 or more; wealth starts at a peak, before the first row.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Simple returns, -1 or more, or changes in money; a series keeps its index.
    kind : {"returns", "money"}
        ``1 - wealth / peak`` of compounded returns, or ``peak - wealth`` of summed changes.

    Returns
    -------
    pandas.Series
        A decimal, or money; rows that are back at the peak but for rounding (1e-12) hold exactly 0.

    Raises
    ------
    InputError
        Another kind.
    DataError
        A missing value, or a return below -1.

    Examples
    --------
    >>> drawdown_series([1.0, -3.0, 2.0], kind="money").tolist()
    [0.0, 3.0, 1.0]
    """
    index = returns.index if isinstance(returns, pd.Series) else None
    return pd.Series(_depths(returns, kind), index=index, name="drawdown")


def worst_drawdown(returns: ArrayLike, *, kind: Kind = "returns") -> Drawdown:
    """Return the deepest drawdown with its peak, trough and recovery.

    Parameters
    ----------
    returns : array_like of shape (n,)
        Simple returns, -1 or more, or changes in money; labels are those of a series' index, else row numbers.
    kind : {"returns", "money"}
        As in :func:`drawdown_series`.

    Returns
    -------
    Drawdown
        The first of equally deep ones; a depth of NaN without rows.

    Raises
    ------
    InputError
        Another kind.
    DataError
        A missing value, or a return below -1.

    Examples
    --------
    >>> worst_drawdown([-3.0, 2.0], kind="money")
    Drawdown(depth=3.0, peak=None, trough=0, recovery=None, rows_under_water=2)
    """
    depths = _depths(returns, kind)
    if not len(depths):
        return Drawdown(float("nan"), None, None, None, 0)
    trough = int(np.argmax(depths))
    if depths[trough] == 0.0:
        return Drawdown(0.0, None, None, None, 0)
    labels: Any = returns.index if isinstance(returns, pd.Series) else range(len(depths))
    peaks = np.flatnonzero(depths[:trough] == 0.0)
    back = np.flatnonzero(depths[trough:] == 0.0)
    first = int(peaks[-1]) if len(peaks) else -1
    last = trough + int(back[0]) if len(back) else len(depths) - 1
    return Drawdown(
        float(depths[trough]),
        labels[first] if first >= 0 else None,
        labels[trough],
        labels[last] if len(back) else None,
        last - first,
    )


def checked_kind(kind: str) -> None:
    """Raise an :class:`InputError` unless rows are returns or money."""
    if kind not in KINDS:
        raise InputError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")


def _depths(returns: ArrayLike, kind: str) -> FloatArray:
    checked_kind(kind)
    if kind == "returns":
        wealth = np.cumprod(1.0 + checked_returns(returns))
        depths = 1.0 - wealth / np.maximum(np.maximum.accumulate(wealth), 1.0)
        return np.where(depths <= _SAME, 0.0, depths)
    wealth = np.cumsum(checked_changes(returns, "returns"))
    depths = np.maximum(np.maximum.accumulate(wealth), 0.0) - wealth
    # the largest sum so far, so that no later row decides what counts as rounding
    scale = np.maximum.accumulate(np.abs(wealth))
    return np.where(depths <= _SAME * scale, 0.0, depths)
