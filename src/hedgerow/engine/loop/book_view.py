"""What a hedger of books sees at one moment: copies of the present, and the past; no future can be reached from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.engine.loop.pricing_slice import PricingSlice
from hedgerow.errors import InputError
from hedgerow.instruments import Instrument
from hedgerow.instruments.columns import MARGINED_TYPES, VOLATILITY_TYPES, Columns
from hedgerow.pricing.record import checked_names


@dataclass(frozen=True, eq=False)
class Side:
    """The book, or the hedges, at one moment.

    Attributes
    ----------
    slice : PricingSlice
        What formulas take, (n_paths, n_rows).
    known : dict of str to ndarray, (n_paths, n_rows)
        Figures of one contract worked out already.
    underlying : int array, (n_rows,)
        Codes into the view's underlyings.
    share : ndarray, (n_paths or 1, n_rows)
        How much of a position stands: 1, or what exit rules leave of it, 0 once it is gone. Figures carry it.
    """

    slice: PricingSlice
    known: dict[str, FloatArray]
    underlying: IntArray
    share: FloatArray

    def figures(self, names: Sequence[str], volatility: float | FloatArray | None) -> dict[str, FloatArray]:
        """Return figures of one contract, (n_paths, n_rows), at the market's volatility or another."""
        wanted = checked_names(names)
        if volatility is not None:
            return self._standing(self.slice.figures(wanted, self._vols(volatility)))
        missing = tuple(name for name in wanted if name not in self.known)
        if missing:
            self.known.update(self._standing(self.slice.figures(missing)))
        return {name: self.known[name] for name in wanted}

    def _standing(self, found: dict[str, FloatArray]) -> dict[str, FloatArray]:
        return {name: np.where(self.share > 0.0, values * self.share, 0.0) for name, values in found.items()}

    def _vols(self, volatility: float | FloatArray) -> FloatArray:
        """Return a hedging volatility of underlyings as one of rows."""
        given = np.asarray(volatility, dtype=float)
        if given.ndim == 2:
            given = given[:, self.underlying]
        elif given.ndim != 0:
            raise InputError(
                f"a hedging volatility is a number or of shape (paths, underlyings), not of shape {given.shape}"
            )
        is_option = self.slice.columns.is_type(*VOLATILITY_TYPES)
        return np.where(is_option, np.broadcast_to(given, self.slice.vols.shape), self.slice.vols)


@dataclass(frozen=True, eq=False)
class LoopView:
    """The :class:`~hedgerow.hedgers.BookView` of the array loop.

    Attributes
    ----------
    step, moment, underlyings, spots, vols, rate, yields, past_spots, past_vols, held, wealth, hedges
        As in :class:`~hedgerow.hedgers.BookView`. ``held`` counts orders under way as done; ``wealth`` is that an
        instant before the trades of now.
    book, hedge : Side
    """

    step: int
    moment: pd.Timestamp
    underlyings: tuple[str, ...]
    spots: FloatArray
    vols: FloatArray
    rate: float
    yields: FloatArray
    past_spots: FloatArray
    past_vols: FloatArray
    held: FloatArray
    wealth: FloatArray
    hedges: tuple[Instrument, ...]
    book: Side
    hedge: Side
    slopes: Callable[[], FloatArray]

    @property
    def positions(self) -> Columns:
        """The live positions of the book, whole: :attr:`position_shares` says how much of each stands."""
        return self.book.slice.columns

    @property
    def position_shares(self) -> FloatArray:
        """Share of each live position that exit rules leave, 0 to 1, (n_paths or 1, n_positions)."""
        return self.book.share.copy()

    def position_greeks(
        self, names: Sequence[str], volatility: float | FloatArray | None = None
    ) -> dict[str, FloatArray]:
        """Return figures times quantity and multiplier of each live position, (n_paths, n_positions).

        ``price`` is money: 0 for margined positions.
        """
        found = self.book.figures(names, volatility)
        return {name: values * self._weight(name) for name, values in found.items()}

    def _weight(self, name: str) -> FloatArray:
        columns = self.positions
        return (
            np.where(columns.is_type(*MARGINED_TYPES), 0.0, columns.quantity) if name == "price" else columns.quantity
        )

    def book_greeks(self, names: Sequence[str], volatility: float | FloatArray | None = None) -> dict[str, FloatArray]:
        """Return sums over the live positions by underlying, (n_paths, n_underlyings)."""
        found = self.position_greeks(names, volatility)
        if len(self.underlyings) == 1:
            return {name: values.sum(axis=1, keepdims=True) for name, values in found.items()}
        member = (self.book.underlying[:, None] == np.arange(len(self.underlyings))).astype(float)
        return {name: values @ member for name, values in found.items()}

    def vol_slopes(self) -> FloatArray:
        """Return how each position's volatility moves per 1 of spot where the smile moves along."""
        return self.slopes()

    def hedge_greeks(self, names: Sequence[str], volatility: float | FloatArray | None = None) -> dict[str, FloatArray]:
        """Return price and Greeks of one contract of each hedge, (n_paths, n_hedges); 0 once it has expired."""
        return dict(self.hedge.figures(names, volatility))
