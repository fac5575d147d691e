"""A plain view of a book over market paths at one moment, path by path: what hedgers of books are tested with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.instruments import Book, Instrument, MarketState, Position, Underlying
from hedgerow.instruments.columns import Columns
from hedgerow.instruments.inputs import is_margined, resolve


@dataclass
class PlainView:
    """A book on spots and volatilities (n_paths, n_times, n_underlyings), seen at the last time given."""

    book: Book | None
    hedges: tuple[Instrument, ...]
    spots_so_far: FloatArray
    vols_so_far: FloatArray
    underlyings: tuple[str, ...] = ("XYZ",)
    moment: pd.Timestamp = field(default_factory=lambda: pd.Timestamp("2026-11-20 16:00"))
    wealth: FloatArray = field(default_factory=lambda: np.zeros(1))
    rate: float = 0.0
    smile: object = None
    held: FloatArray = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        self.step = self.spots_so_far.shape[1] - 1
        self.spots, self.vols = self.spots_so_far[:, -1], self.vols_so_far[:, -1]
        self.past_spots, self.past_vols = self.spots_so_far, self.vols_so_far
        self.yields = np.zeros(len(self.underlyings))
        if self.held.size == 0:
            self.held = np.zeros((len(self.spots), len(self.hedges)))

    @property
    def positions(self) -> Columns:
        return self.book.columns

    def market(self, path: int, volatility: object = None) -> MarketState:
        vols = self.vols[path] if volatility is None else np.broadcast_to(volatility, self.vols.shape)[path]
        marks = [self.smile or float(vol) for vol in vols] if volatility is None else [float(vol) for vol in vols]
        known = {
            name: Underlying(float(spot), mark, rate=self.rate)
            for name, spot, mark in zip(self.underlyings, self.spots[path], marks, strict=True)
        }
        return MarketState(self.moment, known)

    def position_greeks(self, names: Sequence[str], volatility: object = None) -> dict[str, FloatArray]:
        tables = [
            self.book.greeks(self.market(path, volatility), names).per_position for path in range(len(self.spots))
        ]
        return {name: np.array([table[name] for table in tables]) for name in names}

    def book_greeks(self, names: Sequence[str], volatility: object = None) -> dict[str, FloatArray]:
        if self.book is None:
            return {name: np.zeros_like(self.spots) for name in names}
        found = self.position_greeks(names, volatility)
        columns = self.book.columns
        codes = np.array([self.underlyings.index(columns.names[code]) for code in columns.underlying])
        member = (codes[:, None] == np.arange(len(self.underlyings))).astype(float)
        return {name: each @ member for name, each in found.items()}

    def vol_slopes(self) -> FloatArray:
        columns, bump = self.book.columns, 1e-4
        slopes = []
        for path in range(len(self.spots)):
            vols = []
            for factor in (1.0 - bump, 1.0 + bump):
                moved = replace(columns, strike=columns.strike * factor)
                vols.append(resolve(moved, self.market(path)).vol)
            spot = self.spots[path, 0]
            slopes.append(-(vols[1] - vols[0]) / (2.0 * bump * spot))
        return np.array(slopes)

    def hedge_greeks(self, names: Sequence[str], volatility: object = None) -> dict[str, FloatArray]:
        one = Book([Position(each, 1.0) for each in self.hedges])
        tables = [one.greeks(self.market(path, volatility), names).per_position for path in range(len(self.spots))]
        found = {name: np.array([table["value" if name == "price" else name] for table in tables]) for name in names}
        assert not is_margined(one.columns).any() or "price" not in names
        return found


def view_of(
    book: Book | None, hedges: Sequence[Instrument], spots: object, vol: float = 0.2, **more: object
) -> PlainView:
    """Return a view of paths that stand at ``spots`` (n_paths,) of XYZ, without a past."""
    at = np.asarray(spots, dtype=float).reshape(-1, 1, 1)
    return PlainView(book, tuple(hedges), at, np.full_like(at, vol), **more)
