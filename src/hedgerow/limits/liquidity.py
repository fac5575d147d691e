"""How much cash to keep ready for margin calls: a quantile of what they asked for over a horizon, with its interval.

>>> peak_calls(np.array([5.0, -2.0, 4.0, -9.0]), 2).tolist()
[5.0, 2.0, 4.0]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.effectiveness.resampling import choose_block_length, stationary_rows
from hedgerow.errors import DataError, InputError


@dataclass(frozen=True)
class LiquidityOptions:
    """How a buffer is measured.

    Parameters
    ----------
    confidence : float
        Share of the windows whose calls the buffer meets.
    rows : int
        Length of a window in rows.
    interval : float
        Confidence of the bootstrap interval.
    draws : int
        Bootstrap draws, at least 100.
    seed : int
        Seed of the bootstrap.
    """

    confidence: float = 0.99
    rows: int = 10
    interval: float = 0.95
    draws: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        for what in ("confidence", "interval"):
            if not 0.0 < getattr(self, what) < 1.0:
                raise InputError(f"the {what} of a buffer must lie between 0 and 1, not {getattr(self, what)}")
        if self.rows < 1:
            raise InputError(f"the horizon of a buffer must be 1 row or more, not {self.rows}")
        if self.draws < 100 or self.seed < 0:
            raise InputError(f"a buffer needs 100 draws or more and a seed from 0, not {self.draws} and {self.seed}")


@dataclass(frozen=True)
class LiquidityNeed:
    """Cash to keep ready for a static position; money.

    Attributes
    ----------
    buffer : float
        Quantile, at the confidence asked for, of the most that calls asked for within the horizon.
    low, high : float
        Bootstrap interval of it.
    worst : float
        The most any window asked for.
    worst_start : pandas.Timestamp
        Close at which that window began.
    windows : int
        Overlapping windows; about ``windows / rows`` of them are independent.
    block_length : float
        Mean length of the bootstrap's blocks, in rows.
    options : LiquidityOptions
    """

    buffer: float
    low: float
    high: float
    worst: float
    worst_start: pd.Timestamp
    windows: int
    block_length: float
    options: LiquidityOptions


def peak_calls(calls: FloatArray, rows: int) -> FloatArray:
    """Return the most cash paid in, net of what came back, at any time within each window of ``rows`` rows.

    Parameters
    ----------
    calls : ndarray, shape (n,)
        Cash paid in (+) or out (-) at each row, money.
    rows : int
        Length of a window, 1 or more; the whole series where it is shorter.

    Returns
    -------
    ndarray, shape (n - rows + 1,)
        One figure per window, 0 or more.
    """
    rows = min(rows, len(calls))
    total = np.concatenate([[0.0], np.cumsum(calls)])
    starts = len(calls) - rows + 1
    peak = np.zeros(starts)
    for length in range(1, rows + 1):
        np.maximum(peak, total[length : length + starts] - total[:starts], out=peak)
    return peak


def liquidity_need(
    contracts: FloatArray, changes: FloatArray, times: pd.DatetimeIndex, options: LiquidityOptions | None = None
) -> LiquidityNeed:
    """Return the cash buffer of a position held as it is, from what its calls would have been on every past window.

    Each loss is called for the same day and each gain paid out (maintenance at the initial margin), so that the calls
    of a window are its losses; the buffer is the quantile of their peak. The interval comes from resampling the
    overlapping windows in blocks at least as long as the horizon.

    Parameters
    ----------
    contracts : ndarray, shape (n_hedges,)
        Held, negative = sold.
    changes : ndarray, shape (n_rows, n_hedges)
        Price change of one contract over each row, money; rows up to today only.
    times : pandas.DatetimeIndex, shape (n_rows,)
        Date on which each change was known.
    options : LiquidityOptions, optional

    Returns
    -------
    LiquidityNeed

    Raises
    ------
    DataError
        Where there are fewer than two windows.

    References
    ----------
    H. R. Künsch, Annals of Statistics 17 (1989) 1217; D. N. Politis and J. P. Romano, *A general resampling scheme for
    triangular arrays of alpha-mixing random variables*, Annals of Statistics 20 (1992) 1985 (blocks of blocks).
    """
    options = options or LiquidityOptions()
    calls = -np.einsum("nk,k->n", changes, np.asarray(contracts, dtype=float))
    if len(calls) < options.rows + 1:
        raise DataError(
            f"a buffer over {options.rows} rows needs at least {options.rows + 1} rows of changes, not {len(calls)}; "
            "give a longer history or a shorter horizon"
        )
    peaks = peak_calls(calls, options.rows)
    block = max(float(options.rows), choose_block_length(calls[None, :]))
    drawn = stationary_rows(len(peaks), block, options.draws, options.seed)
    quantiles = [np.quantile(peaks[rows], options.confidence) for rows in drawn]
    tail = (1.0 - options.interval) / 2.0
    low, high = np.quantile(quantiles, [tail, 1.0 - tail])
    worst = int(peaks.argmax())
    start = times[worst - 1] if worst else times[0]
    buffer = float(np.quantile(peaks, options.confidence))
    return LiquidityNeed(buffer, float(low), float(high), float(peaks[worst]), start, len(peaks), block, options)
