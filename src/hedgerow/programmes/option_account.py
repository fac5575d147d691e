"""Positions in options, written into the arrays of a priced programme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.ledger import Carry
from hedgerow.programmes.expiries import day_numbers, written_day
from hedgerow.programmes.hedge_costs import HALF_SPREAD, HedgeCosts
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.option_positions import Cells, Leg, Positions
from hedgerow.programmes.option_quotes import OptionQuotes, option_figures
from hedgerow.programmes.priced import ContractRecord, PricedProgramme

TURNS = ("a", "b")


@dataclass(frozen=True)
class OptionBook:
    """Positions of a programme with their prices.

    Attributes
    ----------
    market : OverlayMarket
    quotes : OptionQuotes
    legs : tuple of Leg
    positions : Positions
    cells : Cells
    points : ndarray (n_cells, n_legs)
        Prices in points.
    ladder : int
    multiplier : float
    """

    market: OverlayMarket
    quotes: OptionQuotes
    legs: tuple[Leg, ...]
    positions: Positions
    cells: Cells
    points: FloatArray
    ladder: int
    multiplier: float

    @property
    def slots(self) -> tuple[str, ...]:
        """Two slots by turns for each rung and leg."""
        return tuple(
            f"{leg.name} {rung + 1 if self.ladder > 1 else ''}{turn}"
            for rung in range(self.ladder)
            for turn in TURNS
            for leg in self.legs
        )

    def slot(self, leg: int) -> IntArray:
        """Return the slot of a leg in each position, shape (n_positions,)."""
        return np.asarray((self.positions.rung * 2 + self.positions.turn) * len(self.legs) + leg)

    @property
    def is_entry(self) -> BoolArray:
        """Cells of a purchase, shape (n_cells,)."""
        return np.asarray(self.cells.row == self.positions.entered[self.cells.position])

    @property
    def is_exit(self) -> BoolArray:
        """Cells of a sale or an expiry, shape (n_cells,)."""
        return np.asarray(self.cells.row == self.positions.leaves[self.cells.position])

    def spread(self, values: FloatArray) -> FloatArray:
        """Return values per cell and leg as an array (n_dates, n_slots), 0 elsewhere."""
        found = np.zeros((len(self.market), len(self.slots)))
        for leg in range(len(self.legs)):
            found[self.cells.row, self.slot(leg)[self.cells.position]] = values[:, leg]
        return found

    def held(self, per_position: FloatArray) -> FloatArray:
        """Return a figure per position on the closes after which it is held, by cell and leg with the leg's side."""
        sides = np.array([leg.side for leg in self.legs])
        return np.asarray(np.where(self.is_exit, 0.0, per_position[self.cells.position])[:, None] * sides)


def account(
    book: OptionBook, name: str, units: FloatArray, costs: HedgeCosts, rise: FloatArray, source: object, budget_by: str
) -> PricedProgramme:
    """Return the arrays of a programme.

    Parameters
    ----------
    book : OptionBook
    name : str
    units : ndarray (n_positions,)
        Contracts of each leg, above 0.
    costs : HedgeCosts
    rise : ndarray (n_cells,)
        Level of the underlying at which a sold call is taken to end at worst.
    source : object
    budget_by : str
    """
    money = book.points * book.multiplier
    changes = np.diff(money, axis=0, prepend=money[:1])
    changes[book.is_entry] = 0.0
    paid = _costs(book, costs)
    worst = np.where(book.is_exit[:, None], 0.0, _worst(book, rise) + sum(paid.values()))
    return PricedProgramme(
        name,
        book.market.dates,
        book.slots,
        (Carry.VALUE,) * len(book.slots),
        book.spread(book.held(units)),
        book.spread(money),
        book.spread(changes),
        {label: book.spread(values) for label, values in paid.items()},
        book.spread(worst),
        budget_by,
        _contracts(book, money),
        book.quotes.synthetic,
        source,
    )


def _costs(book: OptionBook, costs: HedgeCosts) -> dict[str, FloatArray]:
    """Return money per contract and cell by label; nothing on an expiry."""
    paid = costs.of_quotes(book.points, book.multiplier)
    if costs.volatility_points:
        paid[HALF_SPREAD] = paid[HALF_SPREAD] + costs.volatility_points * _vega(book)
    days = day_numbers(book.market.dates)[book.cells.row]
    is_expiry = book.is_exit & (days >= book.positions.expiry[book.cells.position])
    paid = {label: np.where(is_expiry[:, None], 0.0, values) for label, values in paid.items()}
    return _lapsed(book, paid) if any(leg.is_covered for leg in book.legs) else paid


def _lapsed(book: OptionBook, paid: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the costs of spreads, none of which costs more to close at a roll than both legs bring: it may lapse."""
    sides = np.array([leg.side for leg in book.legs])
    brought = np.maximum((book.points * sides).sum(axis=1) * book.multiplier, 0.0)
    cost = sum(paid.values(), np.zeros_like(book.points)).sum(axis=1)
    kept = np.where(book.is_exit, np.minimum(brought / np.maximum(cost, 1e-300), 1.0), 1.0)
    return {label: values * kept[:, None] for label, values in paid.items()}


def _vega(book: OptionBook) -> FloatArray:
    """Return money per contract and volatility point, by cell and leg."""
    at = book.quotes.underlying(book.cells.row, book.positions.expiry[book.cells.position])
    strikes = book.positions.strikes[book.cells.position]
    columns = [
        option_figures(book.quotes, at, leg.sign, strikes[:, i], ("vega",))[0] for i, leg in enumerate(book.legs)
    ]
    return np.column_stack(columns) * 0.01 * book.multiplier


def _worst(book: OptionBook, rise: FloatArray) -> FloatArray:
    """Return the most that a contract may lose before the cost of closing it, by cell and leg, in money."""
    columns = []
    strikes = book.positions.strikes[book.cells.position]
    for place, leg in enumerate(book.legs):
        price = book.points[:, place]
        if leg.side > 0.0:
            columns.append(price)
        elif leg.is_covered:
            columns.append(np.zeros_like(price))
        else:
            owed = strikes[:, place] if leg.sign < 0.0 else rise - strikes[:, place]
            columns.append(np.maximum(owed - price, 0.0))
    return np.column_stack(columns) * book.multiplier


def _contracts(book: OptionBook, money: FloatArray) -> tuple[ContractRecord, ...]:
    """Return one record per position and leg, in order of entry."""
    positions, n_dates = book.positions, len(book.market)
    ends = np.searchsorted(book.cells.position, np.arange(len(positions)), side="right") - 1
    starts = np.searchsorted(book.cells.position, np.arange(len(positions)))
    slots = [book.slot(leg) for leg in range(len(book.legs))]
    records = [
        ContractRecord(
            f"{leg.kind} {_strike(positions.strikes[each, place])} {written_day(positions.expiry[each])}",
            int(slots[place][each]),
            int(positions.entered[each]),
            int(min(positions.leaves[each], n_dates)),
            float(money[starts[each], place]),
            float(money[ends[each], place]),
            positions.reasons[each],
        )
        for each in range(len(positions))
        for place, leg in enumerate(book.legs)
    ]
    return tuple(sorted(records, key=lambda record: (record.entered, record.slot)))


def _strike(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
