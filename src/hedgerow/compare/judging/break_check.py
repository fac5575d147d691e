"""Whether one ratio fits the whole history: the largest break in it, dated and tested."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.compare.judging.break_statistics import slope_breaks
from hedgerow.errors import DataError
from hedgerow.ratios import OLS

FEWEST_ROWS = 60
LARGEST_CHANGE = 0.20
LEVELS = (0.10, 0.05, 0.01)
CRITICAL_VALUES = {
    1: (7.12, 8.68, 12.16),
    2: (10.00, 11.72, 15.56),
    3: (12.27, 14.13, 18.06),
    4: (14.36, 16.36, 20.48),
    5: (16.30, 18.30, 22.65),
    6: (18.12, 20.22, 24.72),
    7: (19.88, 22.05, 26.74),
    8: (21.52, 23.84, 28.56),
    9: (23.22, 25.56, 30.42),
    10: (24.80, 27.10, 32.30),
}
"""Of the largest Wald statistic over the middle 70 % of the rows, by slopes, at 10, 5 and 1 %; Andrews (2003)."""


@dataclass(frozen=True, eq=False)
class BreakCheck:
    """The largest break in a hedge ratio; a diagnostic in sample that looks at all rows and decides nothing.

    Attributes
    ----------
    row : int
        First row after the break; -1 where none could be looked for.
    time : pandas.Timestamp or None
        Its date.
    before, after : ndarray, shape (n_hedges,)
        Least-squares ratios on either side.
    statistic : float
        Largest Wald statistic of equal ratios, robust to changing variance; NaN where none could be looked for.
    significance : float
        Smallest of 1, 5 and 10 % at which the break is significant; 1 where it is not, NaN without a statistic.
    cusum_p_value : float
        Of the largest swing of the cumulated scores, by statsmodels; NaN without a statistic.
    amber : bool
        Whether the break is significant at 5 % and moves a ratio by more than 20 % of its whole-sample size.
    rows_since : int
        Rows from the break on.
    sentence : str
        What was found and which rows to estimate on.
    """

    row: int
    time: pd.Timestamp | None
    before: FloatArray
    after: FloatArray
    statistic: float
    significance: float
    cusum_p_value: float
    amber: bool
    rows_since: int
    sentence: str


def break_check(
    hedge_changes: ArrayLike, exposure_changes: ArrayLike, *, times: pd.DatetimeIndex | None = None
) -> BreakCheck:
    """Return the largest break in the least-squares ratio over all rows given.

    At every row of the middle 70 % the ratios before and after are compared by a Wald statistic whose errors allow for
    changing variance; the largest is held against Andrews' critical values, since it was searched for. The cumulated
    scores ``x e`` (statsmodels' CUSUM of residuals, applied to them) ask the same without a date.

    Parameters
    ----------
    hedge_changes : array_like, shape (n_obs, n_hedges)
        Changes of one unit of each hedge, in order of time.
    exposure_changes : array_like, shape (n_obs,)
        Changes of one unit of exposure.
    times : pandas.DatetimeIndex, optional
        Dates of the rows.

    Returns
    -------
    BreakCheck
        Without a statistic below 60 rows, beyond 10 hedges, and where the ratio fits every row exactly; the sentence
        says so.

    Raises
    ------
    DataError
        Rows that no ratio can be estimated from.

    Notes
    -----
    One break is looked for. A month out of line in the middle of years is an outlier here: see
    :func:`hedgerow.compare.judging.robust_check`. On very many rows breaks are looked for at 2,000 rows evenly spaced.

    References
    ----------
    Andrews, D. W. K. (1993), Econometrica 61, 821-856; (2003), Econometrica 71, 395-397.
    Ploberger, W. and Kraemer, W. (1992), Econometrica 60, 271-285.

    Examples
    --------
    >>> import numpy as np
    >>> x, noise = np.random.default_rng(0).standard_normal((2, 400))
    >>> y = np.where(np.arange(400) < 250, 0.6, 1.0) * x + 0.2 * noise
    >>> found = break_check(x[:, None], y)
    >>> found.significance, abs(found.row - 250) <= 10
    (0.01, True)
    """
    X, y = np.asarray(hedge_changes, dtype=np.float64), np.asarray(exposure_changes, dtype=np.float64)
    whole = OLS().fit(X, y)
    if times is not None and len(times) != len(y):
        raise DataError(f"times and changes must cover the same rows, got {len(times)} and {len(y)}.")
    reason = _unlooked(X, y, whole)
    if reason:
        return _nothing(X.shape[1], f"No break in the ratio was looked for: {reason}.")
    found = slope_breaks(X, y)
    if not len(found.rows):
        return _nothing(X.shape[1], "No break in the ratio was looked for: a hedge stands still on part of the rows.")
    best = int(np.argmax(found.statistics))
    row, statistic = int(found.rows[best]), float(found.statistics[best])
    before, after = found.before[best], found.after[best]
    level = _significance(statistic, X.shape[1])
    size = np.abs(whole.hedge_ratio_)
    moved = bool((np.abs(after - before) > LARGEST_CHANGE * size).any())
    time = None if times is None else times[row]
    return BreakCheck(
        row,
        time,
        before,
        after,
        statistic,
        level,
        _cusum(X, y - whole.intercept_ - X @ whole.hedge_ratio_),
        moved and level <= 0.05,
        len(y) - row,
        _sentence(f"row {row}" if time is None else str(time.date()), (before, after), (level, moved), len(y) - row),
    )


def _unlooked(X: FloatArray, y: FloatArray, whole: OLS) -> str:
    if len(y) < FEWEST_ROWS:
        return f"{len(y)} rows are too few, {FEWEST_ROWS} is the fewest"
    if X.shape[1] > max(CRITICAL_VALUES):
        return f"with {X.shape[1]} hedges there are no critical values"
    residuals = y - whole.intercept_ - X @ whole.hedge_ratio_
    if np.abs(residuals).max() <= 1e-10 * np.abs(y).max():
        return "one ratio fits every row"
    return ""


def _nothing(n_hedges: int, sentence: str) -> BreakCheck:
    empty = np.full(n_hedges, nan)
    return BreakCheck(-1, None, empty, empty.copy(), nan, nan, nan, False, 0, sentence)


def _significance(statistic: float, slopes: int) -> float:
    passed = [level for level, limit in zip(LEVELS, CRITICAL_VALUES[slopes], strict=True) if statistic > limit]
    return min(passed, default=1.0)


def _cusum(X: FloatArray, residuals: FloatArray) -> float:
    """Return the p-value of the cumulated scores, the smallest over the hedges times their number, at most 1."""
    from statsmodels.stats.diagnostic import breaks_cusumolsresid

    scores = (X - X.mean(axis=0)) * residuals[:, None]
    found = [float(breaks_cusumolsresid(score, ddof=0)[1]) for score in scores.T]
    return min(1.0, len(found) * min(found))


def _sentence(place: str, ratios: tuple[FloatArray, FloatArray], found: tuple[float, bool], since: int) -> str:
    """Return what was found; ``found`` is the significance and whether the move is large."""
    level, moved = found
    shown = [", ".join(f"{value:.3g}" for value in side) for side in ratios]
    change = f"from {shown[0]} before {place} to {shown[1]} after"
    if level > 0.05:
        return f"In sample, looking at all rows, no break in the ratio is shown (the largest, {change}, may be chance)."
    said = f"In sample, looking at all rows, the ratio broke: {change} (significant at {level * 100:.0f} %)"
    if not moved:
        return f"{said}; the change is small, and one ratio for all rows will do."
    return (
        f"{said}; one ratio for all rows averages two worlds: estimate on the {since:,} rows since, or with a window "
        f"no longer than that."
    )
