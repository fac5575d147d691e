"""Prices, Greeks and volatilities of every place of the accounts at every time, and who is still alive.

The market does not depend on what a hedger does, so all times are priced together, in lots that fit a cache; a hedger
is handed the slice of its own moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.attribution.marks import Marks
from hedgerow.engine.loop.book_pricing import BookMarket

_LOT = 200_000
"""Prices asked for in one pass."""


@dataclass(frozen=True, eq=False)
class PricedPlaces:
    """What the market says of every place at every time.

    Attributes
    ----------
    market : BookMarket
    row_at : int array, (n_times, n_places)
        Row that stands in each place, -1 for none.
    stack : ndarray, (n_names, n_paths, n_times, n_places)
        Price and Greeks of one contract (its multiplier in); Greeks are 0 from the settlement on, prices 0 after it.
    names : tuple of str
    vols : ndarray, (n_paths, n_times, n_places)
    alive : bool ndarray, (n_paths or 1, n_times, n_places)
        True where a position still stands after each time: not settled by then, not exercised.
    """

    market: BookMarket
    row_at: IntArray
    stack: FloatArray
    names: tuple[str, ...]
    vols: FloatArray
    alive: BoolArray

    @cached_property
    def figures(self) -> Mapping[str, FloatArray]:
        """Figures by name, each (n_paths, n_times, n_places)."""
        return dict(zip(self.names, self.stack, strict=True))

    @property
    def quantity(self) -> FloatArray:
        """Contracts of the book in each place after each time, before any exercise, (n_times, n_book_places)."""
        schedule = self.market.schedule
        own = self.row_at[:, : schedule.n_book_places]
        held = np.append(schedule.columns.quantity, 0.0)[own]
        ends = np.append(schedule.ends, 0)[own]
        return np.where(np.arange(len(own))[:, None] < ends, held, 0.0)

    def marks(self) -> Marks:
        """Return what an attribution reads."""
        market, schedule = self.market, self.market.schedule
        n_places = schedule.n_places
        code = np.zeros(n_places, dtype=np.int64)
        code[schedule.places] = schedule.underlying
        of_paths = np.zeros(n_places, dtype=np.int64)
        of_paths[schedule.places] = market.code
        times = np.repeat(np.arange(len(self.row_at)), n_places)
        rows = np.where(self.row_at < 0, schedule_rows(schedule.places, n_places), self.row_at).ravel()
        rates = np.broadcast_to(market.rates(times, rows), rows.shape).reshape(self.row_at.shape)
        carries = np.broadcast_to(market.carries(times, rows), rows.shape).reshape(self.row_at.shape)
        return Marks(
            greeks={name: values for name, values in self.figures.items() if name != "price"},
            spots=market.paths.spots[:, :, of_paths],
            vols=self.vols,
            years=schedule.grid.years,
            hedges=np.arange(n_places) >= schedule.n_book_places,
            underlyings=schedule.names,
            underlying=code,
            rates=rates,
            yields=carries,
        )


def schedule_rows(places: IntArray, n_places: int) -> IntArray:
    """Return one row that ever stands in each place, (n_places,)."""
    rows = np.zeros(n_places, dtype=np.int64)
    rows[places[::-1]] = np.arange(len(places))[::-1]
    return rows


def priced(market: BookMarket, names: tuple[str, ...]) -> PricedPlaces:
    """Return price and Greeks of every place at every time.

    Parameters
    ----------
    market : BookMarket
    names : tuple of str
        Figures of :class:`hedgerow.pricing.record.Greeks`; ``price`` among them.

    Raises
    ------
    InputError
        Where a formula refuses a position.
    """
    row_at = market.schedule.row_at
    n_paths, shape = market.paths.n_paths, row_at.shape
    stack = np.zeros((len(names), n_paths, *shape))
    figures = {name: stack[number] for number, name in enumerate(names)}
    code = np.zeros(shape[1], dtype=np.int64)
    code[market.schedule.places] = market.code
    vols = market.paths.vols[:, :, code]
    for times, places in _lots(row_at, n_paths, market.one_time_at_once):
        rows = row_at[times, places]
        here = market.vols(times, rows)
        found = market.slice(times, rows, here).figures(names)
        over = times >= market.schedule.ends[rows]
        _put(vols, times, places, here)
        for name in names:
            _put(figures[name], times, places, found[name] if name == "price" else np.where(over, 0.0, found[name]))
    if market.has_smiles:
        _keep_last_vols(market, vols)
    alive = _alive(market, row_at, figures["price"])
    if len(alive) > 1:
        for name, each in figures.items():
            np.multiply(each, 1.0 if name == "price" else alive, out=each)
    return PricedPlaces(market, row_at, stack, names, vols, alive)


def _put(whole: FloatArray, times: IntArray, places: IntArray, values: FloatArray) -> None:
    """Write figures of pairs (n_paths, m) to where they belong; a lot without gaps is one block."""
    first, last, n_places = int(times[0]), int(times[-1]) + 1, whole.shape[2]
    if len(times) == (last - first) * n_places:
        whole[:, first:last] = values.reshape(len(whole), last - first, n_places)
    else:
        whole[:, times, places] = values


def _keep_last_vols(market: BookMarket, vols: FloatArray) -> None:
    """Give what has just expired its last volatility: a strike without time left has none, so none of it moved."""
    schedule = market.schedule
    closed = np.append(schedule.is_closed, np.zeros(len(schedule.columns) - schedule.n_positions, dtype=bool))
    for row in np.flatnonzero(market.needs_vol & ~closed):
        end, place = int(schedule.ends[row]), int(schedule.places[row])
        if end < vols.shape[1]:
            vols[:, end, place] = vols[:, end - 1, place]


def _lots(row_at: IntArray, n_paths: int, one_time: bool) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield indices of (time, place) pairs at which something stands, so many that a pass stays small."""
    step = 1 if one_time else max(1, _LOT // (n_paths * row_at.shape[1]))
    for first in range(0, len(row_at), step):
        times, places = np.nonzero(row_at[first : first + step] >= 0)
        if len(times):
            yield times + first, places


def _alive(market: BookMarket, row_at: IntArray, prices: FloatArray) -> BoolArray:
    """Return who stands after each time: opened, not settled, and no American option of the book exercised.

    An American option is exercised at the first moment at which it is worth no more than its payoff: its formula then
    says that waiting gains nothing, to whoever holds it.
    """
    schedule = market.schedule
    times = np.arange(len(row_at))
    ends = np.append(schedule.ends, 0)[row_at]
    alive: BoolArray = np.asarray((row_at >= 0) & (times[:, None] < ends))[None]
    columns = schedule.columns
    american = np.flatnonzero(columns.is_type("american")[: schedule.n_positions])
    if len(american):
        alive = np.repeat(alive, len(prices), axis=0)
    for row in american:
        place, lot = schedule.places[row], slice(int(schedule.starts[row]), int(schedule.ends[row]))
        spot = market.paths.spots[:, lot, market.code[row]]
        payoff = np.maximum(columns.sign[row] * (spot - columns.strike[row]), 0.0) * columns.multiplier[row]
        exercised = (payoff > 0.0) & (prices[:, lot, place] <= payoff * (1.0 + 1e-12))
        alive[:, lot, place] &= ~np.logical_or.accumulate(exercised, axis=1)
    return alive
