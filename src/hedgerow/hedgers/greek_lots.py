"""The best whole lots for a least-squares hedge with bounds and costs, proven by enumeration path by path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.hedgers.greek_least_squares import RANK_TOLERANCE, LeastSquares
from hedgerow.hedgers.lot_rounding import in_lots

MOST_LOTS_AWAY = 200
"""Lots either side of the fractional hedge that are searched where no bound is nearer."""
MOST_BRANCHES = 20_000
NO_LOTS = "no whole lots lie within the bounds, and nothing is held"
CUT_SHORT = f"{MOST_BRANCHES} branches did not suffice"


def in_best_lots(problem: LeastSquares, fractional: FloatArray, lots: FloatArray) -> tuple[FloatArray, tuple[str, ...]]:
    """Return the best holdings in whole lots, path by path, and why some may not be the best.

    Parameters
    ----------
    problem : LeastSquares
    fractional : ndarray, shape (n_paths, n)
        Its optimum in fractions.
    lots : ndarray, shape (n,)
        Units in one lot; 0 for what stays in fractions, which must have neither bounds nor costs.

    Returns
    -------
    tuple of ndarray (n_paths, n), tuple of str
    """
    whole = lots > 0.0
    found, reasons = np.empty_like(fractional), dict[str, int]()
    for path in range(len(fractional)):
        found[path], reason = _best_of_path(problem, path, fractional[path], lots, whole)
        if reason:
            reasons[reason] = reasons.get(reason, 0) + 1
    return found, tuple(f"whole lots are not proven the best on {n} paths: {words}" for words, n in reasons.items())


def _best_of_path(
    problem: LeastSquares, path: int, start: FloatArray, lots: FloatArray, whole: BoolArray
) -> tuple[FloatArray, str]:
    """Return the best holdings of one path; what stays in fractions follows from the whole ones."""
    matrix, goal, size = problem.matrix[path], problem.goal[path], lots[whole]
    holdings = np.zeros(len(lots))
    centre = start[whole] / size
    low = np.ceil(np.maximum(problem.low[whole] / size - 1e-9, np.floor(centre) - MOST_LOTS_AWAY))
    high = np.floor(np.minimum(problem.high[whole] / size + 1e-9, np.ceil(centre) + MOST_LOTS_AWAY))
    if np.any(low > high):
        return holdings, NO_LOTS
    left, keep = np.zeros((0, len(goal))), np.eye(len(goal))
    if not whole.all():
        left = np.linalg.pinv(matrix[:, ~whole], rcond=RANK_TOLERANCE)
        keep = keep - matrix[:, ~whole] @ left
    one = keep @ matrix[:, whole] * size
    order = np.argsort(-(one**2).sum(axis=0), kind="stable")  # coarse lots first: fine ones then fill what is left
    search = _LotSearch.of(one[:, order], keep @ goal, low[order], high[order])
    search.costs = (problem.costs[path, whole] * size)[order].tolist()
    search.held = (problem.held[path, whole] / size)[order].tolist()
    rounded = np.clip(in_lots(centre, 1.0), low, high)[order]
    best = np.empty(len(size))
    best[order] = search.run(rounded.tolist())
    holdings[whole] = best * size
    holdings[~whole] = left @ (goal - matrix[:, whole] @ holdings[whole])
    return holdings, CUT_SHORT if search.branches > MOST_BRANCHES else ""


@dataclass
class _LotSearch:
    """Least ``(n - centre)' Q (n - centre) + sum costs |n - held|`` over whole n, Q = factor' factor, factor lower.

    Each number in turn is tried from its best outward, given those before it; since no later one can take anything
    off the sum, a branch is left as soon as it alone is worse than the best point found (Schnorr and Euchner 1994).
    """

    factor: list[list[float]]
    centre: list[float]
    low: list[float]
    high: list[float]
    costs: list[float]
    held: list[float]
    branches: int = 0

    @classmethod
    def of(cls, matrix: FloatArray, goal: FloatArray, low: FloatArray, high: FloatArray) -> _LotSearch:
        """Return the search of half ``|matrix n - goal|^2``."""
        square = 0.5 * matrix.T @ matrix
        # among lots that no Greek tells apart the fewest: far below what any lot moves otherwise
        square = square + (1e-12 * np.trace(square) + 1e-300) * np.eye(len(low))
        centre = np.linalg.solve(square, 0.5 * matrix.T @ goal)
        factor = np.linalg.cholesky(square[::-1, ::-1])[::-1, ::-1].T
        zero = [0.0] * len(low)
        return cls(factor.tolist(), centre.tolist(), low.tolist(), high.tolist(), zero, zero)

    def run(self, start: list[float]) -> list[float]:
        """Return the best point, not worse than ``start``."""
        self._best, self._point = list(start), list(start)
        self._value = sum(self._term(j, self._middle(j), start[j]) for j in range(len(start)))
        self._descend(0, 0.0)
        return self._best

    def _descend(self, j: int, so_far: float) -> None:
        if j == len(self._point):
            self._best, self._value = list(self._point), so_far
            return
        middle = self._middle(j)
        for number in self._outward(j, middle):
            self.branches += 1
            total = so_far + self._term(j, middle, number)
            if total >= self._value or self.branches > MOST_BRANCHES:
                return
            self._point[j] = number
            self._descend(j + 1, total)

    def _middle(self, j: int) -> float:
        """Return the best number of fractions, given those before it and no costs."""
        row = self.factor[j]
        pull = sum(row[i] * (self._point[i] - self.centre[i]) for i in range(j))
        return self.centre[j] - pull / row[j]

    def _term(self, j: int, middle: float, number: float) -> float:
        return (self.factor[j][j] * (number - middle)) ** 2 + self.costs[j] * abs(number - self.held[j])

    def _outward(self, j: int, middle: float) -> Iterator[float]:
        """Yield whole numbers within the bounds, the best of this turn first."""
        reach = 0.5 * self.costs[j] / self.factor[j][j] ** 2
        best = middle + min(max(self.held[j] - middle, -reach), reach)
        best = min(max(best, self.low[j]), self.high[j])
        down, up = float(floor(best)), float(ceil(best))
        up += 1.0 if up == down else 0.0
        while down >= self.low[j] or up <= self.high[j]:
            below = down >= self.low[j] and (
                up > self.high[j] or self._term(j, middle, down) <= self._term(j, middle, up)
            )
            yield down if below else up
            down, up = (down - 1.0, up) if below else (down, up + 1.0)
