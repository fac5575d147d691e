"""A book on one underlying as legs, European options and straight units, with what their formulas need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.instruments import Book, MarketState
from hedgerow.instruments.inputs import resolve
from hedgerow.instruments.moments import years_between
from hedgerow.market.time_grid import TimeGrid

FUSED_TYPES = ("european", "spot")


@dataclass(frozen=True)
class Legs:
    """Options and units on one underlying, one element per leg.

    Attributes
    ----------
    sign : ndarray (n,)
        +1 for calls, -1 for puts, 0 for units of the underlying.
    strike, weight, vol : ndarray (n,)
        Strike, quantity x multiplier, implied volatility of the leg's own strike at the start.
    years : ndarray (n_times, n)
        Years to expiry at every moment of the grid; negative once expired, infinite for units.
    rate, carry : float
        Continuous rate, and yield with borrow, per year.
    dividend_yield, borrow : float
        The two parts of ``carry``.
    spot : float
        At the start.
    """

    sign: FloatArray
    strike: FloatArray
    weight: FloatArray
    vol: FloatArray
    years: FloatArray
    rate: float
    carry: float
    dividend_yield: float
    borrow: float
    spot: float

    @property
    def size(self) -> float:
        """Gross units of underlying behind the options; of all legs where there is no option."""
        options = self.sign != 0.0
        return float(np.abs(self.weight[options] if options.any() else self.weight).sum())

    @property
    def units(self) -> float:
        """Units of the underlying itself in the book."""
        return float(self.weight[self.sign == 0.0].sum())

    @cached_property
    def expiring(self) -> BoolArray:
        """Which options expire over each step, (n_steps, n)."""
        has_time = self.years > 0.0
        ending: BoolArray = (self.sign != 0.0) & has_time[:-1] & ~has_time[1:]
        return ending

    def idle(self) -> FloatArray:
        """Return 1 for decisions at which all options of the book have expired, else 0, (n_steps,)."""
        options = self.sign != 0.0
        gone = ~(self.years[:-1][:, options] > 0.0).any(axis=1) if options.any() else np.zeros(len(self.years) - 1)
        return np.asarray(gone, dtype=float)

    def years_left(self) -> FloatArray:
        """Return the years from each decision to the next expiry, (n_steps,); 0 where no option is left."""
        options = self.years[:-1][:, self.sign != 0.0]
        next_ = np.where(options > 0.0, options, np.inf).min(axis=1, initial=np.inf)
        return np.asarray(np.where(np.isfinite(next_), next_, 0.0))

    @property
    def one_strike(self) -> float | None:
        """The strike of every option where they share one; None else."""
        strikes = np.unique(self.strike[self.sign != 0.0])
        return float(strikes[0]) if len(strikes) == 1 else None


def fused_reason(book: Book, market: MarketState) -> str:
    """Return why a book cannot run compiled, as a clause; empty where it can."""
    columns = book.columns
    if len(columns.names) != 1:
        return "the book has several underlyings"
    other = ~columns.is_type(*FUSED_TYPES)
    if other.any():
        return f"it holds {columns.described(int(np.argmax(other)))}"
    underlying = market.underlying(columns.names[0])
    if underlying.dividends or underlying.forwards:
        return "its underlying has discrete dividends or quoted forwards"
    return ""


def legs_of(book: Book, market: MarketState, grid: TimeGrid, implied: float | None = None) -> Legs:
    """Return the legs of a book of one underlying.

    Parameters
    ----------
    book : Book
    market : MarketState
    grid : TimeGrid
    implied : float, optional
        Implied volatility at the start of every option without a mark of its own; the market's unless said.

    Raises
    ------
    InputError
        Where an option lacks a volatility.
    """
    columns = book.columns
    underlying = market.underlying(columns.names[0])
    if implied is not None:
        underlying = replace(underlying, vol=implied)
        market = replace(market, underlyings={columns.names[0]: underlying})
    inputs = resolve(columns, market)
    times: Any = grid.times.to_numpy().astype("M8[us]")
    options = columns.sign != 0.0
    years = years_between(times[:, None], columns.expiry)
    years[:, ~options] = np.inf
    return Legs(
        sign=columns.sign,
        strike=np.where(options, columns.strike, 1.0),
        weight=columns.weight,
        vol=np.where(options, inputs.vol, 1.0),
        years=years,
        rate=float(underlying.rate),
        carry=float(underlying.dividend_yield + underlying.borrow),
        dividend_yield=float(underlying.dividend_yield),
        borrow=float(underlying.borrow),
        spot=float(underlying.spot),
    )
