"""What no run can hold: strikes that no price reaches, a book of nothing or too large, an expiry inside a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.costs import CostModel, Costs, PerContract
from hedgerow.errors import InputError
from hedgerow.instruments import Book, Instrument, MarketState, Spot
from hedgerow.instruments.columns import OPTION_TYPES, Columns
from hedgerow.instruments.moments import years_between
from hedgerow.market.time_grid import TimeGrid

LARGEST = 1e18
"""Most gross notional that a run takes, money: more is a slip of the keyboard."""


def require_runnable(book: Book, market: MarketState) -> None:
    """Refuse option strikes that are not above 0, and a book whose gross notional is 0 or beyond 1e18.

    Raises
    ------
    InputError
        For these, and for an underlying that the market lacks.

    Examples
    --------
    >>> from hedgerow.instruments import EuropeanOption, Underlying
    >>> market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2)})
    >>> require_runnable(Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19"), 0.0)]), market)
    Traceback (most recent call last):
    hedgerow.errors.InputError: every quantity of the book is 0, so that nothing is hedged; give another
    """
    require_strikes(book)
    require_exposure(book, market)


def require_exposure(book: Book, market: MarketState) -> None:
    """Refuse a book whose gross notional is 0 or beyond 1e18."""
    columns = book.columns
    spots: FloatArray = np.array([market.underlying(name).spot for name in columns.names])[columns.underlying]
    with np.errstate(over="ignore"):
        gross = float((np.abs(columns.weight) * np.abs(spots)).sum())
    if gross == 0.0:
        raise InputError("every quantity of the book is 0, so that nothing is hedged; give another")
    if not gross <= LARGEST:
        raise InputError(
            f"the book holds {gross:.3g} of notional, more than {LARGEST:g}; check spot, quantity and multiplier"
        )


def require_contracts(costs: CostModel, hedges: Sequence[Instrument]) -> None:
    """Refuse a commission per contract on hedges in single units, each of which would be charged as a contract."""
    parts = costs.parts if isinstance(costs, Costs) else (costs,)
    charged = next((part for part in parts if isinstance(part, PerContract)), None)
    single = next((each for each in hedges if isinstance(each, Spot) and each.multiplier == 1.0), None)
    if charged is not None and single is not None and np.any(charged.commission):
        raise InputError(
            f"{charged!r} charges by contract, and the hedge in {single.underlying!r} is traded in single units, each "
            f"of which would count as one; take PerShare({np.max(charged.commission):g}) for money per unit, or hedge "
            "with a future that has a multiplier"
        )


def require_strikes(book: Book) -> None:
    """Refuse option strikes that are not above 0: prices of a lognormal model never reach them."""
    columns = book.columns
    wrong = columns.is_type(*OPTION_TYPES) & (columns.strike <= 0.0)
    columns.refuse(wrong, "has a strike that is not above 0", "give the strike in the unit of the spot", columns.strike)


def require_settlements(columns: Columns, grid: TimeGrid) -> None:
    """Refuse an expiry that falls inside a step: it would be settled at a price of another moment.

    Raises
    ------
    InputError
        With the position and what to do.
    """
    times: Any = grid.times.to_numpy().astype("M8[us]")
    dated = ~np.isnat(columns.expiry)
    years = years_between(times[:, None], columns.expiry)
    inside = dated & ((years[:-1] > 1e-9) & (years[1:] < -1e-9)).any(axis=0)
    if inside.any():
        raise InputError(
            f"{columns.described(int(np.argmax(inside)))} expires between two steps; choose a number of steps, or "
            "times, so that every expiry is one of them"
        )
