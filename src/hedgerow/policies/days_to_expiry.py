"""A timetable that hedges more often as expiry comes near."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hedgerow._types import BoolArray, IntArray
from hedgerow.errors import InputError
from hedgerow.kernels.elementary import where
from hedgerow.kernels.rules import Stage, rule
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies.base import PolicyTerms, RulePolicy
from hedgerow.policies.clock import decisions, first_of_each
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

OFTEN = ("daily", "twice daily", "hourly", "always", "flat")
"""How often a row of the table trades."""

TABLE = ((30.0, "daily"), (14.0, "twice daily"), (7.0, "hourly"), (3.0, "flat"))


@rule("fires", "goes")
def trade_or_close(target, held, *, when, flat):  # type: ignore[no-untyped-def]
    """Fire at the timetable's moments; in its last days go to no hedge at all."""
    fires = where(flat > 0.0, where(abs(held) > 0.0, 1.0, 0.0), when)
    return fires, where(flat > 0.0, 0.0, target)


@dataclass(frozen=True)
class DaysToExpiry(RulePolicy):
    """Trade to the target as often as a table of days to the next expiry says.

    The row that holds is the last one whose days are not exceeded; before the first row's days its own holds already.
    ``"daily"`` is the first decision of a date; ``"twice daily"`` also the first at or after the middle between the
    date's first and last decision; ``"hourly"`` the first of each clock hour; ``"always"`` each decision. ``"flat"``
    holds no hedge: it means that nothing is held so close to expiry. The policy closes the hedge, the options are
    closed by whoever owns them; where they stay, they stay unhedged. Leave the row out to hedge to the end.

    Parameters
    ----------
    table : tuple of (float, str)
        Calendar days to the next expiry, falling, and how often.

    Examples
    --------
    >>> DaysToExpiry(table=((30, "daily"), (7, "hourly")))
    DaysToExpiry(table=((30, 'daily'), (7, 'hourly')))
    """

    table: tuple[tuple[float, str], ...] = TABLE

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", tuple((days, often) for days, often in self.table))
        days = [row[0] for row in self.table]
        if not days or not all(day >= 0.0 for day in days) or any(b >= a for a, b in pairwise(days)):
            raise InputError(f"the days of a timetable are 0 or more and fall from row to row, not {days}")
        for _, often in self.table:
            if often not in OFTEN:
                raise InputError(f"a timetable trades {', '.join(OFTEN)}, not {often!r}")

    def row_of(self, terms: PolicyTerms) -> IntArray:
        """Return the number of the row that holds at each decision, shape (n_steps,)."""
        left = np.asarray(terms.years_left) * CALENDAR_DAYS_PER_YEAR * (1.0 - 1e-9)
        limits = np.array([days for days, _ in self.table])
        return np.asarray(np.maximum((left[:, None] <= limits).sum(axis=1) - 1, 0))

    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the one stage that follows the timetable."""
        row, number = self.row_of(terms), np.arange(terms.grid.n_steps)
        moments = np.array([_moments(often, terms.grid) for _, often in self.table])[row, number]
        flat = np.array([often == "flat" for _, often in self.table])[row]
        values = {"when": moments.astype(float), "flat": flat.astype(float)}
        return (Stage(trade_or_close, values, {"fires": f"fires_{slot}", "goes": f"goes_{slot}"}),)


def _moments(often: str, grid: TimeGrid) -> BoolArray:
    """Return the decisions of one row of the table, shape (n_steps,)."""
    when = decisions(grid)
    date = when.normalize()
    if often == "always":
        return np.ones(len(when), dtype=bool)
    if often == "hourly":
        return first_of_each(when.floor("h"))
    chosen = first_of_each(date)
    if often == "twice daily":
        time = np.asarray((when - date).total_seconds(), dtype=float)
        day = np.cumsum(chosen) - 1
        first, last = time[chosen], time[np.append(np.flatnonzero(chosen)[1:], len(time)) - 1]
        late = time >= ((first + last) / 2.0)[day]
        chosen[np.flatnonzero(late)[first_of_each(date[late])]] = True
    return chosen
