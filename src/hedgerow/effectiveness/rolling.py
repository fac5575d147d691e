"""How well the hedge worked lately: variance reduction over a moving window."""

from __future__ import annotations

import pandas as pd

from hedgerow.errors import DataError, InputError


def rolling_variance_reduction(unhedged: pd.Series, hedged: pd.DataFrame, window: int) -> pd.DataFrame:
    """Return ``1 - Var(hedged) / Var(unhedged)`` over the last ``window`` rows, per method.

    Parameters
    ----------
    unhedged : pandas.Series of shape (n,)
        Changes without a hedge.
    hedged : pandas.DataFrame of shape (n, m)
        Changes with each hedge, same index; NaN where a method had no ratio yet.
    window : int
        Rows in a window, at least 2.

    Returns
    -------
    pandas.DataFrame of shape (n, m)
        Row t is made from rows t - window + 1 to t; NaN before the first full window, where a value is missing, and
        where the unhedged series stands still.

    Examples
    --------
    >>> changes = pd.Series([1.0, -1.0, 2.0, -2.0])
    >>> rolling_variance_reduction(changes, (0.5 * changes).to_frame("half"), 2)["half"].tolist()
    [nan, 0.75, 0.75, 0.75]
    """
    if window < 2:
        raise InputError(f"window must be at least 2 rows, got {window}.")
    if not unhedged.index.equals(hedged.index):
        raise DataError("unhedged and hedged must have the same index; align them by date.")
    base = unhedged.rolling(window).var()
    left = hedged.rolling(window).var().div(base.where(base > 0.0), axis=0)
    return 1.0 - left
