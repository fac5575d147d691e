"""Which position stands in which place of the accounts from when to when: a book, or a programme that trades a new one.

A place (a column of the ledger) is used by one position after another: the next may open a moment after the last has
been settled, so that twenty years of monthly straddles need a handful of places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.instruments import Book, Instrument, Position
from hedgerow.instruments.columns import MARGINED_TYPES, OPTION_TYPES, TYPE_NAMES, Columns
from hedgerow.market.time_grid import TimeGrid

WITHOUT_MEMORY = ("spot", "future", "forward", "european", "american", "digital")
"""Types whose value depends on the present alone: those that a loop can run."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """All positions of a run and the hedge instruments after them, each with its place and time.

    Attributes
    ----------
    columns : Columns
        A row per position, then one per hedge (of quantity 1).
    n_positions : int
        Rows that are positions of the book.
    starts, ends : int array, (n_rows,)
        Time at which a row is opened and at which it is settled; ``n_times`` where it outlives the grid.
    places : int array, (n_rows,)
        Its column in the ledger: places of positions first, then one per hedge.
    n_book_places : int
    names : tuple of str
        Underlyings, those of the book first.
    underlying : int array, (n_rows,)
        Codes into ``names``.
    grid : TimeGrid
    follows : int array, (n_rows,)
        Row that one may be rolled out of, at any time; -1 for rows that are opened by plan.
    """

    columns: Columns
    n_positions: int
    starts: IntArray
    ends: IntArray
    places: IntArray
    n_book_places: int
    names: tuple[str, ...]
    underlying: IntArray
    grid: TimeGrid
    follows: IntArray

    @property
    def stands_from(self) -> IntArray:
        """Time from which a row counts in the size of the book, (n_rows,): a roll when what it follows is over."""
        return np.where(self.follows < 0, self.starts, self.ends[self.follows])

    @property
    def n_places(self) -> int:
        """Number of columns of the ledger."""
        return int(self.places.max()) + 1

    @property
    def row_at(self) -> IntArray:
        """Row that stands in each place at each time, its settlement included; -1 for none; (n_times, n_places)."""
        rows = np.full((len(self.grid.times), self.n_places), -1, dtype=np.int64)
        for row, (start, end, place) in enumerate(zip(self.starts, self.ends, self.places, strict=True)):
            rows[start : end + 1, place] = row
        return rows

    @property
    def is_closed(self) -> BoolArray:
        """Whether a position is closed at its value within the grid, before it expires; (n_positions,)."""
        times, own = self.grid.times.to_numpy(), slice(0, self.n_positions)
        inside = self.ends[own] < len(times)
        expiry = self.columns.expiry[own].astype(times.dtype)
        early: BoolArray = inside & (expiry > times[np.minimum(self.ends[own], len(times) - 1)])
        return early

    @property
    def stands_empty(self) -> BoolArray:
        """Whether the book holds no position after each time, (n_times,)."""
        own = slice(0, self.n_positions)
        empty = np.ones(len(self.grid.times), dtype=np.bool_)
        for start, end in zip(self.starts[own], self.ends[own], strict=True):
            empty[start:end] = False
        return empty

    @property
    def labels(self) -> tuple[str, ...]:
        """A name per place, each once."""
        found: dict[str, None] = {}
        for place in range(self.n_places):
            rows = np.flatnonzero(self.places == place)
            text = self.described(int(rows[0])) if len(rows) == 1 else f"{self._owner(int(rows[0]))} place {place + 1}"
            label, number = text, 1
            while label in found:
                number += 1
                label = f"{text} ({number})"
            found[label] = None
        return tuple(found)

    @property
    def is_margined(self) -> IntArray:
        """1 for places of margined instruments, 0 for others; (n_places,)."""
        margined = np.zeros(self.n_places, dtype=np.int64)
        margined[self.places[self.columns.is_type(*MARGINED_TYPES)]] = 1
        return margined

    def described(self, row: int) -> str:
        """Return ``"SPX european call 4000 2027-01-15"``, hedges with ``"hedge"`` before."""
        columns = self.columns
        words = ["hedge"] if row >= self.n_positions else []
        words += [self._owner(row), TYPE_NAMES[columns.types[row]]]
        if columns.sign[row]:
            words.append("call" if columns.sign[row] > 0 else "put")
        if not np.isnan(columns.strike[row]):
            words.append(f"{columns.strike[row]:g}")
        if not np.isnat(columns.expiry[row]):
            words.append(f"{pd.Timestamp(columns.expiry[row]):%Y-%m-%d}")
        return " ".join(words)

    def _owner(self, row: int) -> str:
        return str(self.names[self.underlying[row]])

    def of_options(self, underlying: int | None = None) -> FloatArray:
        """Return the gross units of underlying behind the positions live at each time, (n_times,).

        Those of options alone where there are any, else of all positions; of one underlying by its code, or of all.
        """
        n_times = len(self.grid.times)
        own = np.arange(len(self.columns)) < self.n_positions
        if underlying is not None:
            own &= self.columns.underlying == underlying
        options = own & self.columns.is_type(*OPTION_TYPES)
        changes = np.zeros(n_times + 1)
        for row in np.flatnonzero(options if options.any() else own):
            units = abs(float(self.columns.weight[row]))
            changes[min(int(self.stands_from[row]), n_times)] += units
            changes[min(int(self.ends[row]), n_times)] -= units
        return np.cumsum(changes)[:n_times]

    def table(self) -> pd.DataFrame:
        """Return a row per position: instrument, quantity, place, opened, settled (NaT where it outlives the run).

        What a rule may roll into has no plan: ``opened`` is NaT.
        """
        times, labels = self.grid.times, self.labels
        ends = [times[end] if end < len(times) else pd.NaT for end in self.ends[: self.n_positions]]
        planned = self.follows[: self.n_positions] < 0
        return pd.DataFrame(
            {
                "instrument": [self.described(row) for row in range(self.n_positions)],
                "quantity": self.columns.quantity[: self.n_positions],
                "place": [labels[place] for place in self.places[: self.n_positions]],
                "opened": times[self.starts[: self.n_positions]].where(planned),
                "settled": pd.DatetimeIndex(ends),
            }
        )


def schedule(
    positions: Sequence[Position],
    starts: Sequence[int],
    hedges: Sequence[Instrument],
    grid: TimeGrid,
    closes: Sequence[pd.Timestamp | None] | None = None,
    follows: Sequence[int] = (),
) -> Schedule:
    """Return the schedule of positions that are opened at given times, with the hedges beside them.

    Parameters
    ----------
    positions : sequence of Position
    starts : sequence of int
        Index of the time at which each is opened.
    hedges : sequence of Instrument
    grid : TimeGrid
    closes : sequence of Timestamp or None, optional
        When each position is closed at its value, at the first moment from there on, where that is before its expiry.
    follows : sequence of int, optional
        For the last so many positions the one that each may be rolled out of.

    Raises
    ------
    InputError
        For path-dependent instruments, several currencies, and what has expired when it is opened.
    """
    book = Book([*positions, *(Position(each, 1.0) for each in hedges)])
    columns, begin = book.columns, np.array([*starts, *(0 for _ in hedges)], dtype=np.int64)
    _refuse(columns, begin, grid)
    ends = np.searchsorted(grid.times.to_numpy(), columns.expiry.astype(grid.times.to_numpy().dtype), side="left")
    ends = np.where(np.isnat(columns.expiry), len(grid.times), ends).astype(np.int64)
    for row, moment in enumerate(closes or ()):
        if moment is not None:
            step = max(int(grid.times.searchsorted(moment, side="left")), int(begin[row]) + 1)
            ends[row] = min(int(ends[row]), step)
    first = Book(positions).columns.names if positions else ()
    names = (*first, *(name for name in columns.names if name not in first))
    codes = np.array([names.index(name) for name in columns.names], dtype=np.int64)[columns.underlying]
    own = len(positions)
    places = _places(columns, codes, begin, ends, own)
    n_book = int(places.max()) + 1 if own else 0
    places = np.concatenate([places, n_book + np.arange(len(hedges))])
    behind = np.full(len(columns), -1, dtype=np.int64)
    behind[own - len(follows) : own] = follows
    return Schedule(columns, own, begin, ends, places, n_book, names, codes, grid, behind)


def _refuse(columns: Columns, starts: IntArray, grid: TimeGrid) -> None:
    remembering = ~columns.is_type(*WITHOUT_MEMORY)
    columns.refuse(
        remembering,
        "depends on the path behind it, which the loop does not keep",
        f"run {', '.join(WITHOUT_MEMORY)} positions, or value it as it is by Book.value",
    )
    if len(columns.held_currencies) > 1:
        raise InputError(
            f"the accounts of a run are in one currency, not in {', '.join(columns.held_currencies)}; run each "
            "currency on its own"
        )
    opened = grid.times.to_numpy()[starts]
    gone = ~np.isnat(columns.expiry) & (columns.expiry <= opened)
    columns.refuse(
        gone, f"expires at or before the start, {pd.Timestamp(opened[gone][0]) if gone.any() else ''}",
        "leave it out or start earlier", columns.expiry.astype("M8[s]"),
    )  # fmt: skip


def _places(columns: Columns, codes: IntArray, starts: IntArray, ends: IntArray, count: int) -> IntArray:
    """Return a place for each position: the first free one of its underlying and kind of account."""
    margined = columns.is_type(*MARGINED_TYPES)
    places = np.zeros(count, dtype=np.int64)
    owners: list[tuple[int, bool]] = []
    busy_until: list[int] = []
    for row in range(count):  # positions come in order of their start
        key = (int(codes[row]), bool(margined[row]))
        fits = (n for n, owner in enumerate(owners) if owner == key and busy_until[n] < starts[row])
        place = next(fits, len(owners))
        if place == len(owners):
            owners.append(key)
            busy_until.append(0)
        busy_until[place] = int(ends[row])
        places[row] = place
    return places
