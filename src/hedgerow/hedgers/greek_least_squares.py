"""Least squares with bounds and costs of trading, for all paths at once: an active-set method in lock step.

Minimised for every path is ``a/2 |A x - b|^2 + sum_j c_j |x_j - held_j|`` over ``low <= x <= high``. Each number stands
free between two of its breakpoints (low, held, high) or fixed at one; free ones move to their least-squares point, the
first that meets a breakpoint is fixed there, and once none does, the fixed one whose release gains most is released.
The objective falls at every turn, so the search ends at the optimum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray

RANK_TOLERANCE = 1e-10
"""Singular values below this share of the greatest count as 0: what they would move cannot be told apart."""
OPTIMALITY = 1e-9
MOST_TURNS = 200


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """Problems of one size, one per path.

    Attributes
    ----------
    matrix : ndarray, shape (n_paths, n_rows, n)
    goal : ndarray, shape (n_paths, n_rows)
    low, high : ndarray, shape (n,)
        Infinite for none.
    costs : ndarray, shape (n_paths, n)
        Per unit of ``x`` moved from ``held``, already divided by ``a``; 0 for none.
    held : ndarray, shape (n_paths, n)
    """

    matrix: FloatArray
    goal: FloatArray
    low: FloatArray
    high: FloatArray
    costs: FloatArray
    held: FloatArray

    @property
    def scale(self) -> FloatArray:
        """Length of each column, 1 for columns of 0, (n_paths, n): the answer does not depend on contract sizes."""
        length = np.sqrt((self.matrix**2).sum(axis=1))
        return np.where(length > 0.0, length, 1.0)

    def solve(self) -> tuple[FloatArray, BoolArray]:
        """Return the optimum (n_paths, n), and where it was not proven.

        Among equal ones the least without costs and bounds is that of least risk per instrument, ``sum (x_j |A_j|)^2``.
        """
        scale = self.scale
        matrix = self.matrix / scale[:, None, :]
        free = np.asarray((_inverse(matrix) @ self.goal[:, :, None])[:, :, 0]) / scale
        free = np.where((self.matrix**2).sum(axis=1) > 0.0, free, 0.0)
        inside = np.all((free >= self.low) & (free <= self.high), axis=1)
        unproven = np.zeros(len(free), dtype=np.bool_)
        rest = ~inside | self.costs.any(axis=1)
        if rest.any():
            search = _Search(self, np.flatnonzero(rest), scale, matrix)
            free[rest], unproven[rest] = search.run(free[rest])
        return free, unproven


class _Search:
    """Where the paths of one search stand; in scaled units, ``x times scale``."""

    def __init__(self, problem: LeastSquares, rows: IntArray, scale: FloatArray, matrix: FloatArray) -> None:
        self.scale, self.matrix, self.goal = scale[rows], matrix[rows], problem.goal[rows]
        self.low, self.high = problem.low * self.scale, problem.high * self.scale
        self.unscaled_low, self.unscaled_high = problem.low, problem.high
        self.unscaled_held = np.clip(problem.held[rows], problem.low, problem.high)
        self.held = np.clip(self.unscaled_held * self.scale, self.low, self.high)
        self.costs = problem.costs[rows] / self.scale
        self.size = np.abs(self.goal).max(axis=1) + self.costs.max(axis=1) + 1e-300

    def run(self, start: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Return the optimum in the units of the problem, and where the turns did not suffice."""
        x = np.where(self.costs > 0.0, self.held, np.clip(start * self.scale, self.low, self.high))
        fixed = (x <= self.low) | (x >= self.high) | (self.costs > 0.0)
        upward = np.ones(x.shape, dtype=np.bool_)
        busy = np.ones(len(x), dtype=np.bool_)
        for _ in range(MOST_TURNS):
            blocked = self._move(x, fixed, upward, busy)
            busy &= blocked | self._release(x, fixed, upward, busy & ~blocked)
            if not busy.any():
                break
        return self._in_units(x), busy

    def _in_units(self, x: FloatArray) -> FloatArray:
        """Return numbers in the units of the problem; what stands at a breakpoint stands there to the last digit."""
        found = np.where(x == self.held, self.unscaled_held, x / self.scale)
        found = np.where(x == self.low, self.unscaled_low, found)
        return np.where(x == self.high, self.unscaled_high, found)

    def _residual_pull(self, x: FloatArray) -> FloatArray:
        """Return minus the gradient of the squares, (n_paths, n)."""
        left = self.goal - (self.matrix @ x[:, :, None])[:, :, 0]
        return np.asarray((np.swapaxes(self.matrix, 1, 2) @ left[:, :, None])[:, :, 0])

    def _move(self, x: FloatArray, fixed: BoolArray, upward: BoolArray, busy: BoolArray) -> BoolArray:
        """Move free numbers to their best point or the first breakpoint; return the paths where one was met."""
        masked = self.matrix * ~fixed[:, None, :]
        above = (x > self.held) | ((x == self.held) & upward)
        slope = np.where(fixed, 0.0, np.where(above, self.costs, -self.costs))
        inverse = _inverse(masked)
        left = self.goal - (self.matrix @ x[:, :, None])[:, :, 0]
        pulled = left - (np.swapaxes(inverse, 1, 2) @ slope[:, :, None])[:, :, 0]
        step = (inverse @ pulled[:, :, None])[:, :, 0]
        lost = np.where(fixed, 0.0, slope - (inverse @ (masked @ slope[:, :, None]))[:, :, 0])
        drifts = np.abs(lost).max(axis=1) > OPTIMALITY * self.size  # costs fall along what moves no Greek
        step = np.where(drifts[:, None], -lost, step) * (busy[:, None] & ~fixed)
        kinked = self.costs > 0.0
        ceiling = np.where(kinked & ~above, self.held, self.high)
        floor = np.where(kinked & above, self.held, self.low)
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(step > 0.0, (ceiling - x) / step, np.where(step < 0.0, (floor - x) / step, np.inf))
        first = room.argmin(axis=1)
        paths = np.arange(len(x))
        nearest = np.maximum(room[paths, first], 0.0)
        met = busy & (nearest < np.where(drifts, np.inf, 1.0))
        length = np.where(met, nearest, np.where(drifts, 0.0, 1.0))
        x += np.where(busy[:, None], length[:, None] * step, 0.0)
        edge = np.where(step[paths, first] > 0.0, ceiling[paths, first], floor[paths, first])
        x[paths[met], first[met]] = edge[met]
        fixed[paths[met], first[met]] = True
        return np.asarray(met)

    def _release(self, x: FloatArray, fixed: BoolArray, upward: BoolArray, asked: BoolArray) -> BoolArray:
        """Free the fixed number whose release gains most; return the paths where one was freed."""
        pull = self._residual_pull(x)
        up_cost = np.where(x >= self.held, self.costs, -self.costs)
        down_cost = np.where(x <= self.held, self.costs, -self.costs)
        up = np.where(fixed & (x < self.high), pull - up_cost, -np.inf)
        down = np.where(fixed & (x > self.low), -pull - down_cost, -np.inf)
        gain = np.maximum(up, down)
        best = gain.argmax(axis=1)
        paths = np.arange(len(x))
        freed = asked & (gain[paths, best] > OPTIMALITY * self.size)
        chosen = paths[freed], best[freed]
        fixed[chosen] = False
        upward[chosen] = up[chosen] >= down[chosen]
        return np.asarray(freed)


def _inverse(matrix: FloatArray) -> FloatArray:
    """Return pseudo-inverses, (n_paths, n, n_rows)."""
    return np.asarray(np.linalg.pinv(matrix, rcond=RANK_TOLERANCE))
