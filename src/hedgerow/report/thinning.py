"""Fewer points for the eye: the extremes of every stretch stay, so a spike is never lost."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray

LIMIT = 2000
"""About how many points a trace may have in a figure."""


def thinned_rows(values: FloatArray, limit: int = LIMIT) -> IntArray:
    """Return the rows to draw: the same for all columns, with the lowest and highest row of each column per bucket.

    Parameters
    ----------
    values : ndarray of shape (n, m)
        NaN is passed over; rows around a gap are kept so that the gap stays.
    limit : int
        Rows to keep at most, but for the few around gaps, the first and the last.

    Returns
    -------
    ndarray of increasing row numbers; all rows where n is within the limit.

    Examples
    --------
    >>> spike = np.zeros((10_000, 1))
    >>> spike[7_777] = 1.0
    >>> bool(7_777 in thinned_rows(spike)), len(thinned_rows(spike)) <= 2000
    (True, True)
    """
    n, m = values.shape
    if n <= limit:
        return np.arange(n)
    buckets = max(1, (limit - 2) // (2 * max(m, 1)))
    edges = np.linspace(0, n, buckets + 1).astype(np.int64)
    low, high = np.where(np.isnan(values), np.inf, values), np.where(np.isnan(values), -np.inf, values)
    kept = [np.array([0, n - 1])]
    for start, stop in pairwise(edges):
        kept += [start + low[start:stop].argmin(axis=0), start + high[start:stop].argmax(axis=0)]
    turns = np.flatnonzero(np.diff(np.isnan(values).astype(np.int8), axis=0).any(axis=1))[: limit // 4]
    return np.unique(np.concatenate([*kept, turns, turns + 1]))


def thinned(frame: pd.DataFrame, limit: int = LIMIT) -> pd.DataFrame:
    """Return the rows of a numeric frame worth drawing; see :func:`thinned_rows`."""
    return frame.iloc[thinned_rows(frame.to_numpy(dtype=np.float64), limit)]
