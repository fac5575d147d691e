"""What a book gains or loses when spot, volatility and time move together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments.book_greeks import exchange_rates
from hedgerow.instruments.columns import Columns
from hedgerow.instruments.inputs import Inputs, later, resolve
from hedgerow.instruments.market_state import MarketState
from hedgerow.instruments.model import Model
from hedgerow.instruments.pricers import figures

_BROADCAST = ("spot", "future", "forward", "european", "variance_swap", "vix_future", "vix_option")
"""Types whose formulas take volatilities of shape (moves, positions)."""
_LARGEST_CALL = 1_500_000
"""Prices in one call: enough that threads seldom wait for one another, few enough for modest memory."""


@dataclass(frozen=True)
class Cell:
    """One cell of a scenario matrix.

    Attributes
    ----------
    spot_move : float
        Relative: -0.05 is 5 % down.
    vol_move : float
        Absolute: 0.01 is one volatility point up.
    days : float
        Calendar days later.
    profit : float
        Money against now.
    """

    spot_move: float
    vol_move: float
    days: float
    profit: float


@dataclass(frozen=True)
class ScenarioMatrix:
    """Profit of a book against now, by time, spot and volatility.

    Attributes
    ----------
    spot_moves : float array, (n_spot,)
        Relative moves of every spot (of every future for volatility indices).
    vol_moves : float array, (n_vol,)
        Absolute moves of every volatility.
    days : float array, (n_days,)
        Calendar days later.
    profit : float array, (n_days, n_spot, n_vol)
        Money of ``currency``.
    currency : str

    Notes
    -----
    A position keeps its own volatility when the spot moves (sticky strike) and when time passes. What expires
    within the days is worth its payoff at the moved spot; futures count their change of price.

    Examples
    --------
    >>> from hedgerow.instruments import Book, MarketState, Underlying, straddle
    >>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
    >>> matrix = Book(straddle("SPX", 4000.0, "2027-01-15", -1.0)).scenarios(market, [-0.1, 0.0, 0.1], [0.0, 0.05])
    >>> matrix.worst.spot_move, matrix.worst.vol_move, round(matrix.worst.profit, 2)
    (0.1, 0.05, -221.99)
    """

    spot_moves: FloatArray
    vol_moves: FloatArray
    days: FloatArray
    profit: FloatArray
    currency: str

    def table(self, days: float | None = None) -> pd.DataFrame:
        """Return the profit after some days.

        Parameters
        ----------
        days : float, optional
            One of those asked for; the first unless said.

        Returns
        -------
        DataFrame, (n_spot, n_vol)
            Spot moves down the rows, volatility moves across the columns.

        Raises
        ------
        InputError
            Where these days were not asked for.
        """
        found = np.flatnonzero(self.days == (self.days[0] if days is None else days))
        if not len(found):
            raise InputError(f"days {days!r} was not asked for; it holds {', '.join(f'{day:g}' for day in self.days)}")
        table = pd.DataFrame(
            self.profit[found[0]],
            index=pd.Index(self.spot_moves, name="spot_move"),
            columns=pd.Index(self.vol_moves, name="vol_move"),
        )
        table.attrs["units"] = f"{self.currency}, profit against now"
        return table

    def long_table(self) -> pd.DataFrame:
        """Return a row per cell.

        Returns
        -------
        DataFrame, (n_days * n_spot * n_vol, 4)
            Columns days, spot_move, vol_move, profit.
        """
        keys = [self.days, self.spot_moves, self.vol_moves]
        index = pd.MultiIndex.from_product(keys, names=["days", "spot_move", "vol_move"])
        table = pd.Series(self.profit.ravel(), index=index, name="profit").reset_index()
        table.attrs["units"] = {
            "profit": self.currency,
            "spot_move": "relative",
            "vol_move": "1.00",
            "days": "calendar",
        }
        return table

    @property
    def worst(self) -> Cell:
        """The cell with the greatest loss."""
        return self._cell(int(np.argmin(self.profit)))

    @property
    def best(self) -> Cell:
        """The cell with the greatest gain."""
        return self._cell(int(np.argmax(self.profit)))

    def _cell(self, place: int) -> Cell:
        day, spot, vol = np.unravel_index(place, self.profit.shape)
        moves = (self.spot_moves[spot], self.vol_moves[vol], self.days[day], self.profit[day, spot, vol])
        return Cell(*(float(each) for each in moves))


def scenario_matrix(columns: Columns, market: MarketState, moves: tuple[Any, Any, Any], model: Model) -> ScenarioMatrix:
    """Return the profit of positions against now in every cell; one pass per model and cell.

    Parameters
    ----------
    columns : Columns
    market : MarketState
    moves : tuple of three array_like
        Spot moves (relative, above -1), volatility moves (absolute), days (from 0).
    model : Model

    Returns
    -------
    ScenarioMatrix

    Raises
    ------
    InputError
        For moves that are no numbers, a spot move of -1 or less, days < 0, or a volatility that would be negative.
    """
    spot_moves, vol_moves, days = (
        axis_of(*each) for each in zip(("spot_moves", "vol_moves", "days"), moves, strict=True)
    )
    if (spot_moves <= -1.0).any():
        raise InputError(f"spot_moves must be above -1 (-100 %), not {spot_moves.min():g}; -0.1 is 10 % down")
    if (days < 0.0).any():
        raise InputError(f"days must not be negative, not {days.min():g}")
    inputs = resolve(columns, market)
    lowest = np.where(inputs.years > 0.0, inputs.vol + vol_moves.min(), 0.0)
    columns.refuse(lowest < -1e-12, "would have a negative volatility", "take smaller falls of volatility", lowest)
    weight = columns.weight
    rates = exchange_rates(columns, market)
    weight = weight if rates is None else weight * rates
    profit = np.zeros((len(days), len(spot_moves), len(vol_moves)))
    for rows in columns.groups.values():
        lot, now, held = columns.take(rows), inputs.take(rows), weight[rows]
        price_now = figures(lot, now, ("price",), model)[0]["price"]
        for number, day in enumerate(days):
            aged = later(now, lot, market, float(day))
            profit[number] += surface_of_profit(lot, aged, (spot_moves, vol_moves), (price_now, held), model)
    currency = columns.held_currencies[0] if rates is None else market.currency
    return ScenarioMatrix(spot_moves, vol_moves, days, profit, currency)


def surface_of_profit(
    lot: Columns, aged: Inputs, moves: tuple[FloatArray, FloatArray], start: tuple[FloatArray, FloatArray], model: Model
) -> FloatArray:
    """Return the profit (n_spot, n_vol) of positions of one type from their price before, times what is held.

    Moves of spot are (n_spot,), alike for all positions, or (n_spot, n_positions). Where the formula broadcasts, all
    volatility moves of a spot are one call.
    """
    price_before, held = start
    profit = np.empty((len(moves[0]), len(moves[1])))
    for row, spot_move in enumerate(moves[0]):
        for places, vol_moves in _batches(lot, moves[1]):
            then = aged.moved(spot_move, vol_moves)
            price = figures(lot, then, ("price",), model)[0]["price"]
            # plain sums, whose order does not depend on the number of threads of a matrix library
            profit[row, places] = ((price - price_before) * held).sum(axis=-1)
    return profit


def _batches(lot: Columns, vol_moves: FloatArray) -> Iterator[tuple[Any, Any]]:
    """Yield places and volatility moves of the cells that one call prices: a column of them, or one number."""
    if next(iter(lot.groups)) in _BROADCAST:
        size = max(1, _LARGEST_CALL // len(lot))
        for first in range(0, len(vol_moves), size):
            yield slice(first, first + size), vol_moves[first : first + size, None]
    else:
        yield from enumerate(vol_moves.tolist())


def axis_of(name: str, values: Any) -> FloatArray:
    """Return moves as an array; InputError for what is no list of finite numbers."""
    try:
        axis = np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError):
        raise InputError(f"{name} must be numbers, not {values!r}") from None
    if axis.ndim != 1 or not len(axis) or not np.isfinite(axis).all():
        raise InputError(f"{name} must be a list of finite numbers, not {values!r}")
    return axis
