"""What positions are rolled into: the same contracts at the next monthly expiries, up to the end of a run.

>>> third_friday(2016, 12)
Timestamp('2016-12-16 16:00:00')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from hedgerow.errors import InputError
from hedgerow.instruments import AmericanOption, Position
from hedgerow.instruments.moments import CLOSE, moment_of, since_midnight
from hedgerow.limits.exits import ExitRule
from hedgerow.market.time_grid import TimeGrid


def third_friday(year: int, month: int) -> pd.Timestamp:
    """Return the close of the third Friday of a month: 16:00 of the 15th to the 21st.

    Examples
    --------
    >>> third_friday(2026, 12)
    Timestamp('2026-12-18 16:00:00')
    """
    first = pd.Timestamp(year, month, 1)
    return first + pd.Timedelta(days=14 + (4 - first.weekday()) % 7) + since_midnight(CLOSE)


def on_calendar(moment: pd.Timestamp, grid: TimeGrid) -> pd.Timestamp:
    """Return the last moment of a grid at or before ``moment``; ``moment`` itself beyond the grid's end."""
    times = grid.times
    if moment > times[-1] or moment < times[0]:
        return moment
    return pd.Timestamp(times[int(times.searchsorted(moment, side="right")) - 1])


def rolled_months(exits: ExitRule | None, *, is_programme: bool) -> int:
    """Return how many monthly expiries ahead rules roll to; 0 where none does.

    Raises
    ------
    InputError
        Where rules roll by different months, or a programme is to be rolled.
    """
    found = {each.rolls_months for each in exits.alternatives()} - {0} if exits is not None else set()
    if not found:
        return 0
    if is_programme:
        raise InputError(
            f"{exits!r} rolls the positions of a Book, and a programme opens anew on dates of its own; leave the roll "
            "out, or give the programme RollingBook(close_days_before_expiry=7, roll=True)"
        )
    if len(found) > 1:
        raise InputError(
            f"rules roll to one expiry ahead, not to {' and '.join(map(str, sorted(found)))}; give them the same months"
        )
    return found.pop()


def successors(positions: Sequence[Position], months: int, grid: TimeGrid) -> tuple[list[Position], list[int]]:
    """Return what positions may be rolled into and what each follows, by its place in positions and successors.

    Parameters
    ----------
    positions : sequence of Position
    months : int
        Third Fridays ahead, 1 or more.
    grid : TimeGrid
        An expiry on a closed day falls on its last moment before.

    Returns
    -------
    tuple of (list of Position, list of int)
        Up to what follows the first that outlives the grid.

    Raises
    ------
    InputError
        For American options: whether one would have been exercised before it was opened is not kept.
    """
    found: list[Position] = []
    follows: list[int] = []
    for number, position in enumerate(positions):
        expiry, behind = _expiry(position), number
        while expiry is not None:
            later = _ahead(expiry, months, grid)
            found.append(replace(position, instrument=_expiring(position.instrument, later)))
            follows.append(behind)
            behind = len(positions) + len(found) - 1
            expiry = later if expiry < grid.times[-1] else None
    return found, follows


def _expiry(position: Position) -> pd.Timestamp | None:
    expiry = getattr(position.instrument, "expiry", None)
    return None if expiry is None else moment_of(expiry, "expiry")


def _expiring(instrument: Any, expiry: pd.Timestamp) -> Any:
    if isinstance(instrument, AmericanOption):
        raise InputError(f"{instrument!r} cannot be rolled by a rule, as it may be exercised; roll European options")
    return replace(instrument, expiry=expiry)


def _ahead(expiry: pd.Timestamp, months: int, grid: TimeGrid) -> pd.Timestamp:
    """Return the third Friday so many after an expiry, on the calendar."""
    month, left = expiry.to_period("M"), months
    while True:
        found = on_calendar(third_friday(month.year, month.month), grid)
        left -= int(found > expiry)
        if left == 0:
            return found
        month += 1
