"""Trade every so many hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray
from hedgerow.errors import InputError
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies.clock import ClockPolicy, decisions


@dataclass(frozen=True)
class EveryHours(ClockPolicy):
    """Trade to the target at the first decision, and whenever ``hours`` have passed since it last fired.

    Nights and weekends count: after a close the next open fires.

    Parameters
    ----------
    hours : float
        More than 0.

    Examples
    --------
    >>> EveryHours(4).moments(TimeGrid.even("2026-01-05 08:00", "2026-01-05 18:00", 5))
    array([ True, False,  True, False,  True])
    """

    hours: float = 4.0

    def __post_init__(self) -> None:
        if not 0.0 < self.hours < np.inf:
            raise InputError(f"rebalancing every {self.hours} hours is not possible; give more than 0")

    def moments(self, grid: TimeGrid) -> BoolArray:
        """Return the first decision and each that is ``hours`` or more after the one before, shape (n_steps,)."""
        hours = np.asarray((decisions(grid) - grid.times[0]) / pd.Timedelta(hours=1), dtype=float)
        chosen = np.zeros(len(hours), dtype=bool)
        step = 0
        while step < len(hours):
            chosen[step] = True
            step = int(np.searchsorted(hours, hours[step] + self.hours * (1.0 - 1e-9)))
        return chosen
