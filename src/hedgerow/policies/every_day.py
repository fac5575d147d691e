"""Trade once a day."""

from __future__ import annotations

from dataclasses import dataclass

from hedgerow._types import BoolArray
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies.clock import ClockPolicy, decisions, first_of_each


@dataclass(frozen=True)
class EveryDay(ClockPolicy):
    """Trade to the target at the first decision of each calendar date.

    Examples
    --------
    >>> EveryDay().moments(TimeGrid.even("2026-01-05", "2026-01-07", 4))
    array([ True, False,  True, False])
    """

    def moments(self, grid: TimeGrid) -> BoolArray:
        """Return the first decision of each date, shape (n_steps,)."""
        return first_of_each(decisions(grid).normalize())
