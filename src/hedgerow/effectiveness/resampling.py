"""Which rows a stationary bootstrap draws, and how long its blocks are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np

from hedgerow._types import FloatArray, IntArray

MINIMUM_ROWS = 20
"""Below this many rows neither a block length nor an interval means anything."""


def choose_block_length(series: FloatArray) -> float:
    """Return the mean block length for a joint stationary bootstrap of several series of changes.

    The estimate of Politis and White (2004), corrected by Patton, Politis and White (2009), is made for every series
    and for its squared deviations; the result is the larger of the two *means over the series*, at least 1.
    The squares are there because risk figures are functions of them: daily changes are nearly uncorrelated and would
    ask for single rows, which breaks up volatility clusters and makes intervals too narrow. The mean over series,
    rather than the largest, keeps one noisy estimate from setting the length for all.

    Parameters
    ----------
    series : ndarray of shape (n_series, n)
        Unhedged and hedged changes, one per row. Constant series (a perfect hedge) have no say.

    Returns
    -------
    float
        Mean length in rows, at least 1; 1.0 where no series varies or there are fewer than 20 rows.

    References
    ----------
    Politis & White (2004), Econometric Reviews 23(1); Patton, Politis & White (2009), Econometric Reviews 28(4).
    """
    from arch.bootstrap import optimal_block_length

    if series.shape[1] < MINIMUM_ROWS:
        return 1.0
    longest = 1.0
    for power in (1, 2):
        # one series at a time: contiguous rows make the autocovariances ten times faster, and spare memory
        lengths = []
        for one in series:
            values = (one - one.mean()) ** power
            if np.ptp(values) > 1e-12 * np.abs(values).max():
                lengths.append(float(optimal_block_length(values / values.std())["stationary"].iloc[0]))
        if lengths:
            longest = max(longest, float(np.mean(lengths)))
    return longest


def stationary_rows(n: int, block_length: float, draws: int, seed: int) -> Iterator[IntArray]:
    """Yield ``draws`` arrays of n row numbers, blocks of geometric length with the given mean, wrapping at the end.

    The same seed gives the same rows. The array is the caller's to keep.

    References
    ----------
    Politis & Romano (1994), Journal of the American Statistical Association 89.
    """
    from arch.bootstrap import StationaryBootstrap

    # annotated as int, but only 1 / block_length is ever used
    bootstrap = StationaryBootstrap(cast("int", block_length), np.arange(n), seed=np.random.default_rng(seed))
    for positional, _ in bootstrap.bootstrap(draws):
        yield np.asarray(positional[0], dtype=np.int64)
