"""Implied volatility that falls when an event has passed: what a book loses by it, and the move that pays for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.attribution.revaluation import waterfall
from hedgerow.errors import InputError
from hedgerow.instruments import Book, MarketState, Model
from hedgerow.instruments.book_greeks import exchange_rates
from hedgerow.instruments.inputs import Inputs, is_margined, later, resolve
from hedgerow.instruments.model import LOGNORMAL
from hedgerow.instruments.pricers import figures

SPOT_MOVES = (-0.10, -0.05, -0.02, 0.0, 0.02, 0.05, 0.10)
_CARRY, _SPOT, _LEVEL = "carry", "spot", "volatility level"


@dataclass(frozen=True, eq=False)
class VolatilityCrush:
    """A book over an event; made by :func:`volatility_crush`.

    Attributes
    ----------
    table : DataFrame, (n_moves, 4)
        By relative spot move: ``carry``, ``spot``, ``volatility level`` and ``total``, money; the moves are made in
        this order and their parts are the total.
    break_evens : tuple of float
        Relative spot moves within the table at which the total is 0, ascending; empty where there is none.
    """

    table: pd.DataFrame = field(repr=False)
    break_evens: tuple[float, ...]


def volatility_crush(
    book: Book,
    market: MarketState,
    vol_move: ArrayLike,
    *,
    days: float = 1.0,
    spot_moves: Sequence[float] = SPOT_MOVES,
    model: Model | str = LOGNORMAL,
) -> VolatilityCrush:
    """Return what an event does to a book whose implied volatilities fall once it has passed.

    Parameters
    ----------
    book : Book
    market : MarketState
        Before the event.
    vol_move : float or array_like, (n,)
        Absolute change of volatility, -0.15 is 15 points down: one for all positions, marks of their own too, or one
        per position, since near expiries fall most.
    days : float
        Calendar days that pass, not negative.
    spot_moves : sequence of float, ascending
        Relative: -0.05 is 5 % down.
    model : Model or str
        For European options.

    Returns
    -------
    VolatilityCrush

    Raises
    ------
    InputError
        For a volatility that would fall below 0, days below 0, moves that do not ascend or lose the whole spot.

    Examples
    --------
    >>> from hedgerow.instruments import Underlying, straddle
    >>> book = Book(straddle("ACME", 100.0, "2026-12-18", quantity=10))
    >>> market = MarketState("2026-11-19", {"ACME": Underlying(100.0, 0.45)})
    >>> crush = volatility_crush(book, market, -0.15)
    >>> crush.table.loc[0.0].round(1).to_dict()
    {'carry': -1.8, 'spot': 0.0, 'volatility level': -33.1, 'total': -34.9}
    >>> [round(move, 3) for move in crush.break_evens]
    [-0.091, 0.087]
    """
    moves = np.asarray(spot_moves, dtype=np.float64)
    if moves.ndim != 1 or not len(moves) or not (np.diff(moves) > 0.0).all() or not moves[0] > -1.0:
        raise InputError(f"spot_moves must ascend from above -1, not {spot_moves!r}")
    if not days >= 0.0:
        raise InputError(f"days must not be negative, not {days!r}")
    event = _Event(book, market, Model.of(model))
    event.check(np.asarray(vol_move, dtype=np.float64), days)
    before = {_CARRY: 0.0, _SPOT: 0.0, _LEVEL: 0.0}

    def total(move: float) -> float:
        return event.value({_CARRY: days, _SPOT: move, _LEVEL: vol_move}) - event.value(before)

    rows = [waterfall(event.value, before, {_CARRY: days, _SPOT: move, _LEVEL: vol_move}).totals() for move in moves]
    table = pd.DataFrame(rows, index=pd.Index(moves, name="spot_move"))
    return VolatilityCrush(table, _roots(total, moves, table["total"].to_numpy(dtype=np.float64)))


@dataclass(frozen=True, eq=False)
class _Event:
    """A book before an event, revalued after moves of time, spot and volatility."""

    book: Book
    market: MarketState
    model: Model
    start: Inputs = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", resolve(self.book.columns, self.market))

    def check(self, vol_move: FloatArray, days: float) -> None:
        """Refuse moves of another length, and volatilities that would fall below 0."""
        columns = self.book.columns
        if vol_move.shape not in ((), (len(columns),)) or not np.isfinite(vol_move).all():
            raise InputError(f"vol_move must be one number or one per position ({len(columns)}), not {vol_move!r}")
        left = later(self.start, columns, self.market, days).moved(0.0, vol_move).vol
        columns.refuse(left < 0.0, "would have a volatility below 0", "let it fall by less", left)

    def value(self, made: Mapping[str, Any]) -> float:
        """Return what the book is worth with moves made, in its one currency or in the market's."""
        columns = self.book.columns
        inputs = later(self.start, columns, self.market, made[_CARRY]).moved(made[_SPOT], made[_LEVEL])
        price = figures(columns, inputs, ("price",), self.model)[0]["price"]
        if is_margined(columns).any():
            start = figures(columns, self.start, ("price",), self.model)[0]["price"]
            price = price - np.where(is_margined(columns), start, 0.0)
        rates = exchange_rates(columns, self.market)
        return float(price @ (columns.weight if rates is None else columns.weight * rates))


def _roots(total: Callable[[float], float], moves: FloatArray, values: FloatArray) -> tuple[float, ...]:
    """Return the moves at which the total is 0, one between each pair of neighbours of opposite signs."""
    from scipy.optimize import brentq

    found = [float(move) for move, value in zip(moves, values, strict=True) if value == 0.0]
    for number in np.flatnonzero(values[:-1] * values[1:] < 0.0):
        found.append(float(brentq(total, moves[number], moves[number + 1], xtol=1e-12)))
    return tuple(sorted(found))
