"""Options held over time as rows and cells: the arrays in which every programme of options is priced at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.programmes.expiries import Schedule
from hedgerow.programmes.option_quotes import OptionQuotes, option_figures

ARRAYS = ("rung", "entered", "leaves", "expiry", "strikes")


@dataclass(frozen=True)
class Leg:
    """One option of a position.

    Attributes
    ----------
    name : str
    sign : float
        1 for a call, -1 for a put.
    side : float
        1 bought, -1 sold.
    is_covered : bool
        Whether another leg of the position pays whatever a sold one may lose.
    """

    name: str
    sign: float
    side: float = 1.0
    is_covered: bool = False

    @property
    def kind(self) -> str:
        """Call or put."""
        return "call" if self.sign > 0.0 else "put"


@dataclass(frozen=True)
class Positions:
    """What each rung held, one row per position, sorted by rung and entry.

    Attributes
    ----------
    rung, entered, leaves, expiry : ndarray of int (n_positions,)
        As in a :class:`~hedgerow.programmes.expiries.Schedule`.
    strikes : ndarray (n_positions, n_legs)
    reasons : tuple of str (n_positions,)
        Why each left.
    """

    rung: IntArray
    entered: IntArray
    leaves: IntArray
    expiry: IntArray
    strikes: FloatArray
    reasons: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rung)

    @classmethod
    def of(cls, schedule: Schedule, strikes: FloatArray, days: IntArray) -> Positions:
        """Return the positions of a schedule: each expires, is rolled, or is held at the end."""
        ends = np.concatenate((days, [np.iinfo(np.int64).max]))[np.minimum(schedule.leaves, len(days))]
        held = schedule.leaves >= len(days)
        reasons = np.where(held, "held", np.where(ends >= schedule.expiry, "expired", "rolled"))
        told = tuple(str(reason) for reason in reasons)
        return cls(schedule.rung, schedule.entered, schedule.leaves, schedule.expiry, strikes, told)

    def take(self, places: IntArray) -> Positions:
        """Return some positions, in the order given."""
        rung, entered, leaves, expiry, strikes = (getattr(self, name)[places] for name in ARRAYS)
        return Positions(rung, entered, leaves, expiry, strikes, tuple(self.reasons[place] for place in places))

    def closed(self, places: IntArray, rows: IntArray, reasons: list[str]) -> Positions:
        """Return the positions with some of them closed earlier."""
        leaves, told = self.leaves.copy(), list(self.reasons)
        leaves[places] = rows
        for place, reason in zip(places, reasons, strict=True):
            told[place] = reason
        return replace(self, leaves=leaves, reasons=tuple(told))

    def joined(self, other: Positions) -> Positions:
        """Return both together, sorted by rung and entry."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in ARRAYS)
        rung, entered, leaves, expiry, strikes = (np.concatenate(pair) for pair in pairs)
        both = Positions(rung, entered, leaves, expiry, strikes, self.reasons + other.reasons)
        return both.take(np.lexsort((both.entered, both.rung)))

    @property
    def turn(self) -> IntArray:
        """0 or 1 by turns within each rung: a roll closes one slot and opens the other; shape (n_positions,)."""
        numbers = np.arange(len(self))
        first = np.searchsorted(self.rung, self.rung)
        return np.asarray((numbers - first) % 2)


@dataclass(frozen=True)
class Cells:
    """Every close at which a position is priced, from its purchase to its end, both included.

    Attributes
    ----------
    position, row : ndarray of int (n_cells,)
        Sorted by position, then by row.
    """

    position: IntArray
    row: IntArray

    @classmethod
    def of(cls, positions: Positions, n_dates: int) -> Cells:
        """Return the cells of positions on so many dates."""
        lengths = np.minimum(positions.leaves, n_dates - 1) - positions.entered + 1
        position = np.repeat(np.arange(len(positions)), lengths)
        offset = np.repeat(positions.entered - (np.cumsum(lengths) - lengths), lengths)
        return cls(position, np.arange(len(position)) + offset)


def leg_prices(quotes: OptionQuotes, legs: tuple[Leg, ...], positions: Positions, cells: Cells) -> FloatArray:
    """Return the price of each leg in points, shape (n_cells, n_legs)."""
    at = quotes.underlying(cells.row, positions.expiry[cells.position])
    strikes = positions.strikes[cells.position]
    return np.column_stack(
        [option_figures(quotes, at, leg.sign, strikes[:, place])[0] for place, leg in enumerate(legs)]
    )
