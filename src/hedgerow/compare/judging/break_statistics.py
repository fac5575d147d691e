"""Wald statistics of equal slopes before and after each row, from running sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray

TRIM = 0.15
"""Share of the rows at either end where no break is looked for."""
MOST_PLACES = 2_000
WORST_CONDITION = 1e10
"""Times the smallest squares on one side must reach those of all rows."""


@dataclass(frozen=True, eq=False)
class SlopeBreaks:
    """Slopes on both sides of possible breaks.

    Attributes
    ----------
    rows : ndarray of int, shape (n_places,)
        First row after each possible break.
    statistics : ndarray, shape (n_places,)
        Wald statistic of equal slopes, chi-squared at a place that was not searched for.
    before, after : ndarray, shape (n_places, k)
        Slopes on either side, in the exposure's unit per unit of hedge.
    """

    rows: IntArray
    statistics: FloatArray
    before: FloatArray
    after: FloatArray


def slope_breaks(X: FloatArray, y: FloatArray) -> SlopeBreaks:
    """Return the Wald statistics of equal slopes (intercepts free) at rows of the middle 70 %.

    Errors allow for variance that changes with the rows (White); residuals are those of one regression on all rows, as
    the null has it. Places where a hedge stands still on one side are left out.

    Parameters
    ----------
    X : ndarray, shape (n, k)
    y : ndarray, shape (n,)
    """
    scale_x, scale_y = X.std(axis=0), float(y.std())
    x, target = (X - X.mean(axis=0)) / scale_x, (y - y.mean()) / scale_y
    residuals = target - x @ np.linalg.lstsq(x, target, rcond=None)[0]
    rows = _places(len(y))
    first, second = _sides(x, target, rows)
    meat = np.cumsum(_outer(x * residuals[:, None], x * residuals[:, None]), axis=0)
    usable = _moving(first[0], len(y)) & _moving(second[0], len(y))
    rows = rows[usable]
    slopes, spreads = [], []
    for (squares, products), middle in ((first, meat[rows - 1]), (second, meat[-1] - meat[rows - 1])):
        inverse = np.linalg.inv(squares[usable])
        slopes.append(np.einsum("pij,pj->pi", inverse, products[usable]))
        spreads.append(np.einsum("pij,pjk,pkl->pil", inverse, middle, inverse))
    gap = slopes[1] - slopes[0]
    spread = spreads[0] + spreads[1]
    solved = np.linalg.solve(spread, gap[..., None])[..., 0] if len(rows) else gap
    statistics = np.einsum("pi,pi->p", gap, solved)
    before, after = (side * scale_y / scale_x for side in slopes)
    return SlopeBreaks(rows, statistics, before, after)


def _places(n: int) -> IntArray:
    start, stop = int(np.ceil(TRIM * n)), int(np.floor((1.0 - TRIM) * n))
    count = min(stop - start + 1, MOST_PLACES)
    return np.unique(np.linspace(start, stop, count).round().astype(np.int64))


def _sides(
    x: FloatArray, y: FloatArray, rows: IntArray
) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
    """Return centred squares (p, k, k) and products (p, k) of the rows before each place, and of those from it on."""
    sums = (np.cumsum(_outer(x, x), axis=0), np.cumsum(x * y[:, None], axis=0), np.cumsum(x, axis=0), np.cumsum(y))
    before = _centred([total[rows - 1] for total in sums], rows)
    return before, _centred([total[-1] - total[rows - 1] for total in sums], len(y) - rows)


def _centred(sums: list[FloatArray], count: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return sums of squares and products about the means, from plain ones and the sums of x and y."""
    squares, products, x, y = sums
    return squares - _outer(x, x) / count[:, None, None], products - x * (y / count)[:, None]


def _outer(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.asarray(one[:, :, None] * other[:, None, :])


def _moving(squares: FloatArray, n: int) -> BoolArray:
    """Return whether every hedge moves and none repeats the others, by place; over all n rows each has squares n."""
    return np.asarray(np.linalg.eigvalsh(squares)[:, 0] * WORST_CONDITION > n)
