"""Many methods at once: which cannot be told from the best, and whether the best lead is more than luck.

A race of twenty methods has a winner even if all are equally good. The model confidence set and the test of superior
predictive ability count how many were tried; both come from ``arch.bootstrap`` with the stationary bootstrap.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import nan
from typing import cast

import numpy as np

from hedgerow._types import ArrayLike, BoolArray, FloatArray, IntArray
from hedgerow.effectiveness.changes import checked_changes, checked_share
from hedgerow.effectiveness.diebold_mariano import SAME
from hedgerow.effectiveness.intervals import BootstrapOptions
from hedgerow.effectiveness.long_run import stationary_bootstrap_variance
from hedgerow.effectiveness.resampling import MINIMUM_ROWS, choose_block_length
from hedgerow.errors import InputError

FEWEST_DRAWS, DRAWN_LOSSES = 200, 100_000_000
"""Fewest draws, and the losses drawn in all beyond which there are fewer than asked for."""
MOST_PAIRS = 100
"""Methods up to which the range statistic, which looks at every pair, is taken."""
MOST_ROWS = 4_000
"""Rows beyond which neighbours are averaged first: the mean stays, and so does what its variance depends on."""


@dataclass(frozen=True, eq=False)
class ConfidenceSet:
    """Methods that chance cannot tell from the best.

    Attributes
    ----------
    level : float
        Probability with which the set holds the best method.
    p_values : ndarray, shape (m,)
        Smallest test size at which each method leaves the set; 1 for the last one standing, NaN where nothing could be
        tested.
    included : ndarray of bool, shape (m,)
        Whether each method is in the set; all are where nothing could be tested.
    block_length : float
        Mean block length of the bootstrap in rows.
    draws : int
        Draws made: fewer than asked for where methods are very many.
    averaged : float
        Neighbouring rows that were averaged into one before the draws; 1 up to 4,000 rows.
    note : str
        Why nothing was tested, or which columns are the same; empty otherwise.
    """

    level: float
    p_values: FloatArray
    included: BoolArray
    block_length: float
    draws: int
    averaged: float = 1.0
    note: str = ""


@dataclass(frozen=True)
class SuperiorAbility:
    """Whether the best of many methods beats the reference beyond what trying many explains.

    Attributes
    ----------
    p_value : float
        Hansen's consistent p-value, studentised: that no method loses less than the reference. NaN with a note where
        nothing could be tested, 1 where no other method is there.
    p_value_lower, p_value_upper : float
        Ends between which any choice of recentring lies.
    reality_check : float
        White's p-value: not studentised, poor methods recentred like good ones, hence the larger the more poor methods
        were tried.
    best : int
        Column of the smallest mean loss among the others; -1 where there is none.
    block_length : float
        Mean block length in rows.
    draws : int
        Draws made: fewer than asked for where methods are very many.
    averaged : float
        Neighbouring rows that were averaged into one before the draws; 1 up to 4,000 rows.
    note : str
        Why nothing was tested; empty otherwise.
    """

    p_value: float
    p_value_lower: float
    p_value_upper: float
    reality_check: float
    best: int
    block_length: float
    draws: int
    averaged: float = 1.0
    note: str = ""


def confidence_set(losses: ArrayLike, *, level: float = 0.90, options: BootstrapOptions | None = None) -> ConfidenceSet:
    """Return the model confidence set of Hansen, Lunde and Nason.

    Methods are removed one by one, the worst first, until those left cannot be told apart.

    Parameters
    ----------
    losses : array_like of shape (n, m)
        Loss of m methods over the same rows, in order of time.
    level : float, default=0.90
        Probability with which the set holds the best method.
    options : BootstrapOptions, optional
        Draws, seed and block length; the length is chosen from the losses when left out.

    Returns
    -------
    ConfidenceSet
        Columns that are the same but for rounding are judged as one and share its p-value. Below 20 rows, and where
        one method is left, nothing is tested and the note says so.

    Raises
    ------
    DataError
        Missing values.
    InputError
        A level outside (0, 1), or no column.

    Notes
    -----
    Premise: the losses' differences are stationary. The statistic is the largest studentised difference over all
    pairs; beyond 100 methods the largest from the mean.

    References
    ----------
    Hansen, P. R., Lunde, A. and Nason, J. M. (2011), Econometrica 79, 453-497.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(0).standard_normal((300, 3))
    >>> confidence_set((noise * [1.0, 1.0, 2.0]) ** 2).included
    array([ True,  True, False])
    """
    values, chosen = _checked_losses(losses), options or BootstrapOptions()
    checked_share(level, "level")
    groups = _groups(values)
    apart = np.unique(groups)
    note = _untested(values, len(apart))
    if note:
        p_value = nan if len(values) < MINIMUM_ROWS else 1.0
        everyone = np.ones(values.shape[1], dtype=np.bool_)
        return ConfidenceSet(level, np.full(values.shape[1], p_value), everyone, nan, 0, note=note)
    length = _block_length(values, chosen)
    rows, averaged = _neighbours_averaged(values[:, apart])
    draws = _affordable(rows, chosen.draws)
    size = round(1.0 - level, 12)  # 1 - 0.9 is a little less than a tenth, and p-values fall on tenths
    found = np.full(values.shape[1], nan)
    found[apart] = _confidence_p_values(_scaled(rows), size, draws, max(length / averaged, 1.0), chosen.seed)
    p_values = found[groups]
    note = "" if len(apart) == len(groups) else "methods with the same losses were judged as one"
    return ConfidenceSet(level, p_values, p_values > size, length, draws, averaged, note)


def superior_ability(
    losses: ArrayLike, reference: int = 0, *, options: BootstrapOptions | None = None
) -> SuperiorAbility:
    """Return Hansen's test of superior predictive ability and White's reality check against one reference.

    A small p-value reads: at least one method loses less than the reference, however many were tried.

    Parameters
    ----------
    losses : array_like of shape (n, m)
        Loss of m methods over the same rows, in order of time.
    reference : int, default=0
        Column of the method to beat.
    options : BootstrapOptions, optional
        Draws, seed and block length; the length is chosen from the losses when left out.

    Returns
    -------
    SuperiorAbility
        Methods that lose exactly what the reference loses are left out.

    Raises
    ------
    DataError
        Missing values.
    InputError
        A reference that is no column.

    Notes
    -----
    Premise: the losses' differences are stationary. Each difference is divided by its standard deviation under the
    stationary bootstrap before ``arch`` sees it, which makes the test the studentised one of the paper.

    References
    ----------
    Hansen, P. R. (2005), Journal of Business & Economic Statistics 23, 365-380.
    White, H. (2000), Econometrica 68, 1097-1126.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(0).standard_normal((300, 3))
    >>> superior_ability((noise * [2.0, 1.0, 2.0]) ** 2, reference=0).p_value < 0.01
    True
    """
    values, chosen = _checked_losses(losses), options or BootstrapOptions()
    if not 0 <= reference < values.shape[1]:
        raise InputError(f"reference must be a column from 0 to {values.shape[1] - 1}, got {reference}.")
    groups = _groups(values)
    rivals = np.flatnonzero(groups != groups[reference])
    best = int(rivals[np.argmin(values[:, rivals].mean(axis=0))]) if len(rivals) and len(values) else -1
    note = _untested(values, 1 + len(rivals))
    if note:
        p_value = nan if len(values) < MINIMUM_ROWS else 1.0
        return SuperiorAbility(p_value, p_value, p_value, p_value, best, nan, 0, note=note)
    length = _block_length(values, chosen)
    lead, averaged = _neighbours_averaged(values[:, [reference]] - values[:, rivals])
    draws, block = _affordable(lead, chosen.draws), max(length / averaged, 1.0)
    spread = np.sqrt(stationary_bootstrap_variance(lead, block))
    studentised = lead / np.where(spread > 0.0, spread, np.abs(lead).max(axis=0))
    lower, consistent, upper = _superior_p_values(studentised, draws, block, chosen.seed)
    check = _superior_p_values(_scaled(lead), draws, block, chosen.seed)[2]
    return SuperiorAbility(consistent, lower, upper, check, best, length, draws, averaged)


def _confidence_p_values(losses: FloatArray, size: float, draws: int, length: float, seed: int) -> FloatArray:
    from arch.bootstrap import MCS

    method = "R" if losses.shape[1] <= MOST_PAIRS else "max"
    # annotated as int, but only 1 / block_size is ever used
    test = MCS(_by_column(losses), size, draws, cast("int", length), method, "stationary", seed=seed)  # type: ignore[arg-type]
    with _quiet():
        test.compute()
    table = test.pvalues
    found = np.full(losses.shape[1], nan)
    found[table.index.to_numpy(dtype=np.int64)] = table["Pvalue"].to_numpy(dtype=np.float64)
    return found


def _superior_p_values(difference: FloatArray, draws: int, length: float, seed: int) -> tuple[float, float, float]:
    """Return the lower, consistent and upper p-value; positive differences are the methods' leads."""
    from arch.bootstrap import SPA

    nothing = np.zeros(len(difference))
    test = SPA(nothing, _by_column(-difference), cast("int", length), draws, "stationary", seed=seed)
    with _quiet():
        test.compute()
    found = test.pvalues
    return float(found["lower"]), float(found["consistent"]), float(found["upper"])


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the bootstrap says of losses without variation inside; the caller looks at the p-values."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _checked_losses(losses: ArrayLike) -> FloatArray:
    values = checked_changes(losses, "losses", 2)
    if not values.shape[1]:
        raise InputError("losses must have a column per method, got none.")
    return values


def _groups(losses: FloatArray) -> IntArray:
    """Return, by column, the first column that is the same but for rounding, shape (m,)."""
    found = np.arange(losses.shape[1])
    if not len(losses):
        return found
    room = SAME * float(np.abs(losses).max())
    means, firsts = losses.mean(axis=0), list[int]()
    for column in range(losses.shape[1]):
        near = (first for first in firsts if abs(means[first] - means[column]) <= room)
        twin = next((first for first in near if np.abs(losses[:, first] - losses[:, column]).max() <= room), None)
        found[column] = column if twin is None else twin
        if twin is None:
            firsts.append(column)
    return found


def _untested(losses: FloatArray, apart: int) -> str:
    if len(losses) < MINIMUM_ROWS:
        return f"{len(losses)} rows are too few to test on; {MINIMUM_ROWS} is the fewest"
    if apart < 2:
        return "one method" if losses.shape[1] == 1 else "all methods lose the same on every row"
    return ""


def _scaled(values: FloatArray) -> FloatArray:
    """Return the values over their largest size, so that very small or large units do not under- or overflow."""
    return np.asarray(values / np.abs(values).max())


def _by_column(values: FloatArray) -> FloatArray:
    """Return the same figures, each column in one piece of memory: their means then take a fifth of the time."""
    return np.asfortranarray(values)


def _block_length(losses: FloatArray, options: BootstrapOptions) -> float:
    return choose_block_length(losses.T) if options.block_length is None else float(options.block_length)


def _affordable(losses: FloatArray, draws: int) -> int:
    """Return how many draws are made: with very many methods the last ones cost minutes and change no decision."""
    return int(min(draws, max(FEWEST_DRAWS, DRAWN_LOSSES // losses.size)))


def _neighbours_averaged(values: FloatArray) -> tuple[FloatArray, float]:
    """Return at most ``MOST_ROWS`` rows with the same mean, and how many rows went into one.

    The tests look at means and their variance alone. Neighbours within a block are drawn together anyway, so that
    averaging them first, and shortening the block by as much, leaves both as they are but for the ends of blocks.
    """
    n = len(values)
    if n <= MOST_ROWS:
        return values, 1.0
    starts = np.linspace(0, n, MOST_ROWS, endpoint=False).astype(np.int64)
    return np.asarray(np.add.reduceat(values, starts, axis=0) * (MOST_ROWS / n)), n / MOST_ROWS
