"""Trade every so many steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies.base import Moment
from hedgerow.policies.clock import ClockPolicy


@dataclass(frozen=True)
class EveryPeriods(ClockPolicy):
    """Trade to the target every ``periods`` steps, the first one included; 1 follows the target.

    Parameters
    ----------
    periods : int
        1 or more.

    Examples
    --------
    >>> EveryPeriods(5).moments(TimeGrid.even("2026-01-05", "2026-01-12", 7)).nonzero()[0]
    array([0, 5])
    """

    periods: int = 1

    def __post_init__(self) -> None:
        if not self.periods >= 1 or self.periods != int(self.periods):
            raise InputError(
                f"rebalancing every {self.periods} periods is not possible; give a whole number of 1 or more"
            )

    def moments(self, grid: TimeGrid) -> BoolArray:
        """Return every ``periods``-th decision, shape (n_steps,)."""
        return np.asarray(np.arange(grid.n_steps) % self.periods == 0)

    def decide(self, now: Moment) -> tuple[FloatArray, FloatArray]:
        """Return the same without a clock: the number of the step is enough."""
        return np.full(now.target.shape, float(now.step % self.periods == 0)), now.target
