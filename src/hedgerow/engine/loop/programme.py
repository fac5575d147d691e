"""Programmes open positions as time goes by, out of the past alone.

A programme of your own is one class: here a call is bought whenever the spot stands at its highest so far.

>>> from hedgerow.instruments import EuropeanOption
>>> class AtHighs(Programme):
...     def orders(self, view):
...         spots = view.past_spots[:, 0]
...         call = EuropeanOption("X", "call", view.spot("X"), view.moment + pd.Timedelta(days=30))
...         return [(call, 1.0)] if spots[-1] == spots.max() else []
>>> grid = TimeGrid.even("2026-11-20 16:00", "2026-11-24 16:00", 4)
>>> spots = np.array([[100.0], [99.0], [101.0], [100.5], [102.0]])
>>> opened, steps = collected(AtHighs(), grid, ("X",), spots, np.full_like(spots, 0.2))
>>> steps, [each.instrument.strike for each in opened]
([0, 2], [100.0, 101.0])
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments import Instrument, Position
from hedgerow.market.time_grid import TimeGrid


@dataclass(frozen=True)
class ProgrammeView:
    """What a programme knows when it may open positions: the present, the past, and the calendar.

    Attributes
    ----------
    step : int
    grid : TimeGrid
        The moments of the whole run: on which days markets trade is known ahead.
    underlyings : tuple of str
    past_spots, past_vols : ndarray, shape (step + 1, n_underlyings)
        Spots and implied volatilities up to now, read-only.
    """

    step: int
    grid: TimeGrid
    underlyings: tuple[str, ...]
    past_spots: FloatArray
    past_vols: FloatArray

    @property
    def moment(self) -> pd.Timestamp:
        """Date and time of now."""
        return pd.Timestamp(self.grid.times[self.step])

    def spot(self, underlying: str) -> float:
        """Return the spot of now."""
        return float(self.past_spots[-1, self._code(underlying)])

    def vol(self, underlying: str) -> float:
        """Return the implied volatility of now."""
        return float(self.past_vols[-1, self._code(underlying)])

    def _code(self, underlying: str) -> int:
        if underlying not in self.underlyings:
            raise InputError(
                f"the market has no underlying {underlying!r} (it has {', '.join(self.underlyings)}); name one of these"
            )
        return self.underlyings.index(underlying)


class Programme(ABC):
    """Says what to open as time goes by. A programme of your own is one class with ``orders``."""

    @abstractmethod
    def orders(self, view: ProgrammeView) -> Sequence[Position | tuple[Instrument, float]]:
        """Return the positions opened now, at the close; an empty sequence for none."""

    def closes(self, instrument: Instrument) -> pd.Timestamp | None:
        """Return from when on a position is closed at its model value; None where it is held to its expiry."""
        return None


def collected(
    programme: Programme, grid: TimeGrid, underlyings: tuple[str, ...], spots: FloatArray, vols: FloatArray
) -> tuple[list[Position], list[int]]:
    """Ask a programme at every step in turn and return what it opened and when.

    Parameters
    ----------
    programme : Programme
    grid : TimeGrid
    underlyings : tuple of str
    spots, vols : ndarray, shape (n_times, n_underlyings)
        Of all times; the programme is handed those up to its own, copied.

    Raises
    ------
    InputError
        Where nothing is ever opened.
    """
    known = [np.full(each.shape, np.nan) for each in (spots, vols)]
    opened: list[Position] = []
    starts: list[int] = []
    for step in range(grid.n_steps):
        past = []
        for array, source in zip(known, (spots, vols), strict=True):
            array[step] = source[step]
            past.append(array[: step + 1])
            past[-1].flags.writeable = False
        for order in programme.orders(ProgrammeView(step, grid, underlyings, past[0], past[1])):
            opened.append(order if isinstance(order, Position) else Position(*order))
            starts.append(step)
    if not opened:
        raise InputError(f"{programme!r} opened no position from {grid.times[0]} to {grid.times[-1]}; check its rule")
    return opened, starts
