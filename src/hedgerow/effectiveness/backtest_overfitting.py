"""Does choosing the best backtest choose a good rule? Probability of overfitting by symmetric cross-validation.

>>> import numpy as np
>>> noise = np.random.default_rng(0).normal(size=(800, 20))
>>> skilled = noise + 0.3 * (np.arange(20) == 7)
>>> backtest_overfitting(skilled, n_blocks=8).probability  # the seventh is best in either half of the rows
0.0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import comb, sqrt
from typing import Literal, TypeAlias

import numpy as np

from hedgerow._types import ArrayLike, BoolArray, FloatArray, IntArray
from hedgerow.effectiveness.annual import checked_periods
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.effectiveness.dominance import Dominance, dominance
from hedgerow.errors import DataError, InputError
from hedgerow.units import TRADING_DAYS_PER_YEAR

Measure: TypeAlias = Literal["sharpe", "mean"] | Callable[..., FloatArray]
"""Sharpe ratio of a year, arithmetic return of a year, or a function from rows (k, m) to figures (m,)."""
MEASURES = ("sharpe", "mean")
LARGEST = 60_000_000
"""Figures (splits times trials) above which a call is refused: half a gigabyte."""

_STILL = 1e-12


@dataclass(frozen=True, eq=False)
class BacktestOverfitting:
    """What became, on rows not looked at, of the trial that was best on the rows looked at.

    Attributes
    ----------
    probability : float
        Share of splits in which the chosen trial came out at the median of all trials or below: the probability of
        backtest overfitting.
    logits : ndarray of shape (n_splits,)
        ``log(w / (1 - w))`` with ``w = rank / (m + 1)`` out of sample, rank m for the best, equals at their mean
        rank; 0 or less is overfitting.
    chosen : ndarray of shape (n_splits,)
        Column that was best in sample, the first of equals.
    in_sample, out_of_sample : ndarray of shape (n_splits,)
        Performance of the chosen trial on either half.
    degradation_slope, degradation_intercept, degradation_r_squared : float
        Least squares of out of sample on in sample; a slope below 0: the better it looked, the worse it did. NaN
        where performance in sample never differs.
    probability_of_loss : float
        Share of splits in which the chosen trial performed below 0 out of sample.
    dominance : Dominance
        Distribution out of sample of the chosen trial against that of all trials, for a figure.
    n_blocks : int
    rows_left_out : int
        Oldest rows, which did not fill the blocks.
    """

    probability: float
    logits: FloatArray
    chosen: IntArray
    in_sample: FloatArray
    out_of_sample: FloatArray
    degradation_slope: float
    degradation_intercept: float
    degradation_r_squared: float
    probability_of_loss: float
    dominance: Dominance
    n_blocks: int
    rows_left_out: int


def backtest_overfitting(
    trials: ArrayLike,
    n_blocks: int = 16,
    measure: Measure = "sharpe",
    *,
    periods_per_year: float = TRADING_DAYS_PER_YEAR,
    beside: ArrayLike | None = None,
) -> BacktestOverfitting:
    """Return the probability of backtest overfitting by combinatorially symmetric cross-validation.

    The rows are cut into blocks of equal length, in order of time. Every choice of half of the blocks is a split: the
    best trial on that half is ranked among all trials on the other half.

    Parameters
    ----------
    trials : array_like of shape (n, m)
        Excess returns, or changes in money, of every setting that was tried, m of 2 or more, over the same rows.
    n_blocks : int
        Even, 2 or more; 16 gives 12,870 splits.
    measure : {"sharpe", "mean"} or callable
        What "best" means. The named ones need block sums only and are fast; a function from rows (k, m), in order of
        time, to figures (m,) is called once per split.
    periods_per_year : float
        Rows a year, for the named measures.
    beside : array_like of shape (n, c), optional
        What a function must know of each row beside the trials, such as the unhedged return: its second argument, the
        rows (k, c) of the split.

    Returns
    -------
    BacktestOverfitting
        Probability, logits, degradation, probability of loss, dominance.

    Raises
    ------
    InputError
        An odd number of blocks, too many splits for memory, or another measure.
    DataError
        Missing values, one trial only, fewer than two rows a block, a trial that never moves, or a measure that
        gives no number.

    Notes
    -----
    A trial that earns nothing over a whole half has a Sharpe ratio of 0 there. The figure judges the way of choosing,
    not the rule chosen. Trials without skill come out at 0.5 on average, but a single sample of them is far from it
    now and then: splits share rows.

    References
    ----------
    Bailey, D. H., Borwein, J. M., Lopez de Prado, M. and Zhu, Q. J. (2017), The probability of backtest overfitting,
    Journal of Computational Finance 20(4), 39-69.

    Examples
    --------
    >>> fitted = np.random.default_rng(0).normal(size=(160, 30))
    >>> fitted -= fitted.mean(axis=0)  # no trial earns anything, so what looks good on one half is bad on the other
    >>> backtest_overfitting(fitted, n_blocks=8).probability > 0.9
    True
    """
    values = _checked(trials, n_blocks, measure)
    length = len(values) // n_blocks
    blocks = values[len(values) - length * n_blocks :].reshape(n_blocks, length, -1)
    splits = np.array(list(combinations(range(n_blocks), n_blocks // 2)))
    if isinstance(measure, str):
        inside = _by_sums(blocks, splits, measure, checked_periods(periods_per_year))
    else:
        inside = _by_function(blocks, splits, measure, _beside(beside, len(values), n_blocks))
    # in the order of combinations the half not taken by one split is the half taken by its mirror
    return _judged(inside, inside[::-1], n_blocks, len(values) - length * n_blocks)


def _checked(trials: ArrayLike, n_blocks: int, measure: Measure) -> FloatArray:
    values = checked_changes(trials, "trials", 2)
    if not callable(measure) and measure not in MEASURES:
        raise InputError(f"measure must be one of {', '.join(MEASURES)} or a function, got {measure!r}.")
    if n_blocks < 2 or n_blocks % 2:
        raise InputError(f"n_blocks must be even and 2 or more, got {n_blocks}; 16 is the default.")
    if comb(n_blocks, n_blocks // 2) * values.shape[1] > LARGEST:
        raise InputError(
            f"n_blocks {n_blocks} makes {comb(n_blocks, n_blocks // 2)} splits, too many for {values.shape[1]} trials; "
            f"take fewer blocks."
        )
    if values.shape[1] < 2:
        raise DataError(f"trials must have two columns or more, got {values.shape[1]}; one trial is no choice.")
    if len(values) < 2 * n_blocks:
        raise DataError(f"trials must have two rows a block or more, got {len(values)} rows for {n_blocks} blocks.")
    still = np.ptp(values, axis=0) == 0.0
    if still.any():
        raise DataError(f"every trial must vary, column {int(np.argmax(still))} does not; leave it out.")
    return values


def _by_sums(blocks: FloatArray, splits: IntArray, measure: str, periods: float) -> FloatArray:
    """Return figures (n_splits, m) of the named measures on the blocks of every split, from sums of the blocks."""
    rows = splits.shape[1] * blocks.shape[1]
    if measure == "sharpe":  # it has no unit, and the square of a tiny one would be nothing
        blocks = blocks / np.abs(blocks).max(axis=(0, 1))
    centre = blocks.mean(axis=(0, 1))
    deviations = blocks - centre
    shift = _summed(deviations.sum(axis=1), splits) / rows
    mean = shift + centre
    if measure == "mean":
        return np.asarray(mean * periods)
    squares = _summed((deviations**2).sum(axis=1), splits) / rows
    variance = squares - shift**2
    still = variance <= _STILL * (squares + centre**2)
    if still.any():
        _check_nothing_earned(splits, still, mean)
    deviation = np.sqrt(np.where(still, 1.0, variance) * rows / (rows - 1.0))
    return np.where(still, 0.0, mean / deviation) * sqrt(periods)


def _summed(sums: FloatArray, splits: IntArray) -> FloatArray:
    """Return the sum over the blocks of every split, (n_splits, m); block by block, so the same on every machine."""
    total: FloatArray = sums[splits[:, 0]]
    for place in range(1, splits.shape[1]):
        total += sums[splits[:, place]]
    return total


def _check_nothing_earned(splits: IntArray, still: BoolArray, mean: FloatArray) -> None:
    earning = np.argwhere(still & (np.abs(mean) > 1e-9))  # of the largest row
    if len(earning):
        split, trial = earning[0]
        raise DataError(
            f"trial {trial} earns the same on every row of blocks {splits[split].tolist()}, so that its Sharpe ratio "
            f"there is not a number; leave it out or take measure='mean'."
        )


def _beside(beside: ArrayLike | None, n_rows: int, n_blocks: int) -> FloatArray | None:
    if beside is None:
        return None
    rows = checked_changes(beside, "beside", 2)
    if len(rows) != n_rows:
        raise DataError(f"beside must have one row for each of {n_rows} rows of the trials, got {len(rows)}.")
    length = n_rows // n_blocks
    return rows[n_rows - length * n_blocks :].reshape(n_blocks, length, -1)


def _by_function(
    blocks: FloatArray, splits: IntArray, measure: Callable[..., FloatArray], beside: FloatArray | None
) -> FloatArray:
    figures = np.empty((len(splits), blocks.shape[2]))
    for number, split in enumerate(splits):
        rows = blocks[split].reshape(-1, blocks.shape[2])
        more = () if beside is None else (beside[split].reshape(-1, beside.shape[2]),)
        found = np.asarray(measure(rows, *more), dtype=np.float64)
        if found.shape != figures[number].shape or not np.isfinite(found).all():
            raise DataError(
                f"measure must give a finite number for each of {blocks.shape[2]} trials, got {found} on blocks "
                f"{split.tolist()}."
            )
        figures[number] = found
    return figures


def _judged(inside: FloatArray, outside: FloatArray, n_blocks: int, left_out: int) -> BacktestOverfitting:
    chosen = inside.argmax(axis=1)
    here = np.arange(len(chosen))
    seen, unseen = inside[here, chosen], outside[here, chosen]
    below = (outside < unseen[:, None]).sum(axis=1)
    level = (outside == unseen[:, None]).sum(axis=1)
    rank = below + (level + 1) / 2.0
    logits = np.log(rank / (inside.shape[1] + 1.0 - rank))
    slope, intercept, r_squared = _line(seen, unseen)
    return BacktestOverfitting(
        probability=float(np.mean(logits <= 0.0)),
        logits=logits,
        chosen=chosen.astype(np.int64),
        in_sample=seen,
        out_of_sample=unseen,
        degradation_slope=slope,
        degradation_intercept=intercept,
        degradation_r_squared=r_squared,
        probability_of_loss=float(np.mean(unseen < 0.0)),
        dominance=dominance(unseen, outside.ravel()),
        n_blocks=n_blocks,
        rows_left_out=left_out,
    )


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float, float]:
    if np.ptp(x) == 0.0:
        return float("nan"), float("nan"), float("nan")
    across, up = x - x.mean(), y - y.mean()
    slope = float(np.sum(across * up) / np.sum(across**2))
    explained = float(np.sum(across * up)) * slope
    total = float(np.sum(up**2))
    return slope, float(y.mean()) - slope * float(x.mean()), explained / total if total > 0.0 else float("nan")
