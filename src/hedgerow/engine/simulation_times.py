"""The moments at which a simulation decides: closes of weekdays, or so many even steps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow.engine.parts import checked_whole
from hedgerow.errors import InputError
from hedgerow.instruments import Book, MarketState
from hedgerow.instruments.moments import moment_of
from hedgerow.market.time_grid import TimeGrid
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

FEW_STEPS = 4
"""Steps up to which even ones stay even, whatever expires inside them."""

MOST_UNLIKE = 1.5
"""Ratio of a step to a row of a sample from which a reader is warned."""

_SAME = pd.Timedelta(milliseconds=1)


def time_grid(book: Book, market: MarketState, n_steps: int | None, horizon: object = None) -> TimeGrid:
    """Return the moments of decision from the market's moment to the horizon or the last expiry.

    Without ``n_steps`` they are the closes of weekdays, and each expiry. Even steps take in the expiries between start
    and end: each replaces the nearest moment, unless there are no more than four steps.

    Raises
    ------
    InputError
        Where nothing in the book expires and no horizon is given, or the end is not after the start.
    """
    expiries = pd.DatetimeIndex(book.columns.expiry[~pd.isna(book.columns.expiry)]).unique().sort_values()
    if horizon is None and not len(expiries):
        raise InputError("nothing in the book expires: say how long to simulate with horizon=DATE")
    end = pd.Timestamp(expiries.max()) if horizon is None else moment_of(horizon, "horizon")
    if not end > market.moment:
        raise InputError(
            f"the simulation would end on {end:%Y-%m-%d %H:%M}, not after its start {market.moment:%Y-%m-%d %H:%M}; "
            "choose a later expiry or horizon, or an earlier start"
        )
    inner = expiries[(expiries > market.moment) & (expiries < end)]
    if n_steps is None:
        closes = TimeGrid.closes(market.moment, end)
        return TimeGrid(closes.times.union(inner.as_unit("us"))) if len(inner) else closes
    return _through(TimeGrid.even(market.moment, end, checked_whole("n_steps", n_steps)), inner)


def spacing_note(scenario: object, grid: TimeGrid) -> str:
    """Return a sentence where steps are of another length than the rows of the sample that they draw; else ''."""
    rows = getattr(scenario, "row_years", None)
    if rows is None:
        return ""
    days, of_row = (CALENDAR_DAYS_PER_YEAR * float(each) for each in (np.median(grid.steps), rows))
    if max(days, of_row) <= MOST_UNLIKE * min(days, of_row):
        return ""
    ratio, way = (days / of_row) ** 0.5, "lower" if days > of_row else "higher"
    return (
        f"each step draws one row of the sample; rows are {of_row:.3g} days apart and steps {days:.3g} days long, so "
        f"that realised volatility is {max(ratio, 1.0 / ratio):.3g} times {way} than in the sample; take steps as long "
        "as its rows, SimulateOptions(times=...)"
    )


def _through(grid: TimeGrid, moments: pd.DatetimeIndex) -> TimeGrid:
    """Return even steps with each of some moments in place of its nearest; the same where two want one place."""
    times = grid.times.to_numpy().copy()
    if grid.n_steps <= FEW_STEPS:
        return grid
    taken: set[int] = set()
    for moment in moments.as_unit("us").to_numpy():
        gaps = np.abs(times[1:-1] - moment)
        place = 1 + int(np.argmin(gaps))
        if place in taken:
            return grid
        taken.add(place)
        if gaps[place - 1] > _SAME.to_timedelta64():
            times[place] = moment
    ascends = bool((np.diff(times) > np.timedelta64(0)).all())
    return TimeGrid(pd.DatetimeIndex(times)) if taken and ascends else grid
