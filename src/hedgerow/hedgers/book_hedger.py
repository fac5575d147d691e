"""The bridge from a book of options to a target: what a hedger of books sees at one moment, and what it answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.instruments import Book, Instrument
from hedgerow.instruments.columns import Columns


class BookView(Protocol):
    """What is known at one moment on every path. The future cannot be reached from it."""

    @property
    def step(self) -> int:
        """Number of the moment."""

    @property
    def moment(self) -> pd.Timestamp:
        """Date and time."""

    @property
    def underlyings(self) -> tuple[str, ...]:
        """Names of the underlyings: those of the book, and those of hedges that it does not hold."""

    @property
    def spots(self) -> FloatArray:
        """Spot of every underlying, (n_paths, n_underlyings)."""

    @property
    def vols(self) -> FloatArray:
        """Implied volatility of every underlying, (n_paths, n_underlyings)."""

    @property
    def rate(self) -> float:
        """Continuous rate per year, now."""

    @property
    def yields(self) -> FloatArray:
        """Dividend yield plus borrow fee of every underlying, continuous per year, (n_underlyings,)."""

    @property
    def past_spots(self) -> FloatArray:
        """Spots up to now, (n_paths, step + 1, n_underlyings), read-only."""

    @property
    def past_vols(self) -> FloatArray:
        """Implied volatilities up to now, (n_paths, step + 1, n_underlyings), read-only."""

    @property
    def positions(self) -> Columns:
        """The live positions of the book, in the order of :meth:`position_greeks`."""

    @property
    def held(self) -> FloatArray:
        """Units of every hedge instrument held, (n_paths, n_hedges)."""

    @property
    def wealth(self) -> FloatArray:
        """Wealth of the account, money, (n_paths,)."""

    @property
    def hedges(self) -> tuple[Instrument, ...]:
        """The instruments that the hedger named."""

    def book_greeks(self, names: Sequence[str], volatility: float | FloatArray | None = None) -> dict[str, FloatArray]:
        """Return sums over the live positions of the book by underlying, each (n_paths, n_underlyings).

        ``price`` is money; the Greeks are raw derivatives by their own underlying times quantity and multiplier.
        ``volatility`` stands in place of the market's for all options (a hedging volatility), shaped as ``vols``.
        """

    def position_greeks(
        self, names: Sequence[str], volatility: float | FloatArray | None = None
    ) -> dict[str, FloatArray]:
        """Return what :meth:`book_greeks` sums, position by position, each (n_paths, n_positions)."""

    def vol_slopes(self) -> FloatArray:
        """Return how each position's implied volatility moves per 1 of spot where the smile moves along with the spot.

        (n_paths, n_positions); ``-(strike / spot) x derivative of volatility by strike``; 0 where there is no smile.
        """

    def hedge_greeks(self, names: Sequence[str], volatility: float | FloatArray | None = None) -> dict[str, FloatArray]:
        """Return price and Greeks of one unit (one contract x its multiplier) of each hedge, (n_paths, n_hedges)."""


@dataclass(frozen=True)
class BookTarget:
    """What a hedger of books would like to hold.

    Attributes
    ----------
    holdings : ndarray, shape (n_paths, n_hedges)
        Contracts of every hedge instrument, positive = long.
    sensitivities : mapping of str to ndarray, shape (n_paths, n_hedges)
        What policies may ask for beside it: ``gamma`` (of the book by the hedge's underlying, signed).
    reasons : tuple of str
        Why a target could not be met: which bound binds, and by how much the nearest hedge misses; empty for none.
    """

    holdings: FloatArray
    sensitivities: Mapping[str, FloatArray] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


class BookHedger(ABC):
    """Says what to hold against a book. A hedger of your own is one class with ``target``."""

    def hedges(self, book: Book) -> tuple[Instrument, ...]:
        """Return the instruments traded: one unit of each underlying of the book unless said otherwise."""
        from hedgerow.instruments import Spot

        return tuple(Spot(name) for name in book.columns.names)

    def uses_options(self, book: Book) -> bool:
        """Return whether options are among the instruments traded: the hedge then has a gamma of its own."""
        from hedgerow.instruments import Book

        traded = Book([(each, 1.0) for each in self.hedges(book)]).columns
        return bool((traded.sign != 0.0).any())

    @abstractmethod
    def target(self, view: BookView) -> BookTarget:
        """Return what to hold now, from what is known now."""
