"""Whether one distribution of performance lies above another one: stochastic dominance of first and second order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.errors import DataError, InputError

_TIE = 1e-12


@dataclass(frozen=True, eq=False)
class Dominance:
    """Two distribution functions on one grid, and their order.

    Attributes
    ----------
    levels : ndarray of shape (points,)
        Performance, from the lowest to the highest of both samples.
    chosen, all : ndarray of shape (points,)
        Share of each sample at or below the level.
    second_order : ndarray of shape (points,)
        Running integral of ``all - chosen`` up to the level, in the unit of performance.
    first_order_holds : bool
        The chosen distribution is nowhere above the other one, so whoever prefers more prefers it.
    second_order_holds : bool
        The integral is nowhere below 0, so whoever also dislikes risk prefers it.
    """

    levels: FloatArray
    chosen: FloatArray
    all: FloatArray
    second_order: FloatArray
    first_order_holds: bool
    second_order_holds: bool


def dominance(chosen: ArrayLike, everything: ArrayLike, points: int = 201) -> Dominance:
    """Compare two samples of performance by their distribution functions, on an even grid.

    Parameters
    ----------
    chosen : array_like of shape (k,)
        Say, performance out of sample of the trials that were best in sample.
    everything : array_like of shape (l,)
        Say, performance out of sample of all trials.
    points : int
        On the grid, 2 or more; the two orders are judged there and not between.

    Returns
    -------
    Dominance
        Distribution functions, their integral, and whether either order holds.

    Raises
    ------
    InputError
        Fewer than two points.
    DataError
        Missing values or an empty sample.

    References
    ----------
    Hadar, J. and Russell, W. R. (1969), American Economic Review 59(1), 25-34.

    Examples
    --------
    >>> found = dominance([1.0, 2.0, 3.0], [0.0, 1.0, 2.0])
    >>> found.first_order_holds, found.second_order_holds
    (True, True)
    """
    if points < 2:
        raise InputError(f"points must be 2 or more, got {points}.")
    ours, theirs = np.sort(checked_changes(chosen, "chosen")), np.sort(checked_changes(everything, "everything"))
    if not len(ours) or not len(theirs):
        raise DataError(f"both samples must have a value, got {len(ours)} and {len(theirs)}.")
    levels = np.linspace(min(ours[0], theirs[0]), max(ours[-1], theirs[-1]), points)
    of_ours = np.searchsorted(ours, levels, side="right") / len(ours)
    of_theirs = np.searchsorted(theirs, levels, side="right") / len(theirs)
    apart = of_theirs - of_ours
    # exact between grid points: the integral of a distribution function is the mean of max(level - value, 0)
    integral = _shortfall(theirs, levels) - _shortfall(ours, levels)
    width = float(levels[-1] - levels[0])
    return Dominance(
        levels,
        of_ours,
        of_theirs,
        integral,
        bool((apart >= -_TIE).all()),
        bool((integral >= -_TIE * max(width, 1.0)).all()),
    )


def _shortfall(ordered: FloatArray, levels: FloatArray) -> FloatArray:
    """Return the mean of ``max(level - value, 0)`` over a sorted sample, at every level."""
    below = np.searchsorted(ordered, levels, side="right")
    sums = np.concatenate([[0.0], np.cumsum(ordered)])[below]
    return np.asarray((below * levels - sums) / len(ordered))
