"""What exit rules closed, when and why, on every path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.engine.loop.book_schedule import Schedule


@dataclass(frozen=True, eq=False)
class ExitLog:
    """Exits in order of time, one entry per path and position each.

    Attributes
    ----------
    reasons : tuple of str
        Of the rules that were asked, in order.
    n_paths, n_steps, lag : int
        Of the run: what is decided at a step is traded ``lag`` steps later, unless the end comes first.
    path, position, step, reason : int array, shape (n_exits,)
        Row of the path and of the schedule; step of the decision; place in ``reasons``.
    share : ndarray, shape (n_exits,)
        Share of the position that is left, 0 where it is closed.
    profit, costs : ndarray, shape (n_exits,)
        What the rules saw, money: of options plus hedge together since the book was last empty.
    """

    reasons: tuple[str, ...]
    n_paths: int
    n_steps: int
    lag: int
    path: IntArray
    position: IntArray
    step: IntArray
    reason: IntArray
    share: FloatArray
    profit: FloatArray
    costs: FloatArray

    def table(self, schedule: Schedule, path: int = 0) -> pd.DataFrame:
        """Return a row per exit of one path, in order of time.

        Parameters
        ----------
        schedule : Schedule
        path : int

        Returns
        -------
        DataFrame
            Columns ``instrument``, ``decided`` and ``traded`` (NaT where the end came first), ``reason``, ``left``
            (share of the position), ``profit`` and ``costs`` (money, of the whole trade when it was decided).
        """
        mine = np.flatnonzero(self.path == path)
        times, steps = schedule.grid.times, self.step[mine]
        traded = [times[step + self.lag] if step + self.lag < self.n_steps else pd.NaT for step in steps]
        return pd.DataFrame(
            {
                "instrument": [schedule.described(int(row)) for row in self.position[mine]],
                "decided": times[steps],
                "traded": pd.DatetimeIndex(traded, dtype=times.dtype),
                "reason": [self.reasons[number] for number in self.reason[mine]],
                "left": self.share[mine],
                "profit": self.profit[mine],
                "costs": self.costs[mine],
            }
        )

    def outcomes(self) -> dict[str, FloatArray]:
        """Return by path how many positions were cut or closed, and for each reason whether (1) it was one or not."""
        found = {"exits": np.bincount(self.path, minlength=self.n_paths).astype(float)}
        for number, reason in enumerate(self.reasons):
            found[f"exit: {reason}"] = np.zeros(self.n_paths)
            found[f"exit: {reason}"][self.path[self.reason == number]] = 1.0
        return found
