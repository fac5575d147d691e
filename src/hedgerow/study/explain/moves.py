"""How far each underlying moved, and how far it had to: break-even and realised moves of a book between two markets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.attribution import Marks, gamma_theta
from hedgerow.instruments import Book, MarketState, Model
from hedgerow.instruments.inputs import resolve
from hedgerow.instruments.moments import years_between

GREEKS = ("delta", "gamma", "theta")


def moves_by_underlying(book: Book, before: MarketState, after: MarketState, model: Model) -> pd.DataFrame:
    """Return what was realised and what was implied, by underlying.

    Parameters
    ----------
    book : Book
        With finite Greeks in the market before.
    before, after : MarketState
    model : Model

    Returns
    -------
    DataFrame, (n_underlyings, 8)
        ``realised_move`` and ``break_even_move`` over the time between the markets and ``daily_break_even`` of a
        trading day, price units; ``realised`` and ``implied`` volatility, annual; ``gamma``, ``theta`` and ``net`` in
        the account's currency. NaN where there is no gamma.
    """
    greeks = book.greeks(before, GREEKS, model=model)
    columns = book.columns
    marks = Marks(
        greeks={name: _twice(greeks.per_unit_figures[name]) for name in GREEKS},
        spots=np.stack([resolve(columns, market).spot for market in (before, after)])[None],
        vols=_twice(np.nan_to_num(resolve(columns, before).vol, nan=0.0)),
        years=np.array([0.0, _years(before, after)]),
        hedges=np.zeros(len(columns), dtype=np.bool_),
        underlyings=columns.names,
        underlying=columns.underlying,
    )
    held = _twice(columns.weight * _exchange(book, before))
    rows = {}
    for name in columns.names:
        found = gamma_theta(held, marks, name)
        step = found.by_step().iloc[0]
        rows[name] = {
            "realised_move": float(step["move"]),
            "break_even_move": float(step["break_even_move"]),
            "daily_break_even": float(found.break_even_moves[0, 0]),
            "realised": float(found.realised_volatility[0]),
            "implied": float(found.implied_volatility[0]),
            "gamma": float(step["gamma"]),
            "theta": float(step["theta"]),
            "net": float(step["net"]),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("underlying")


def _twice(values: FloatArray) -> FloatArray:
    """Return figures of positions as those of one path and two times; those of the second are never read."""
    return np.broadcast_to(values, (1, 2, len(values)))


def _years(before: MarketState, after: MarketState) -> float:
    return float(years_between(before.moment.to_datetime64(), np.array(after.moment.to_datetime64())))


def _exchange(book: Book, market: MarketState) -> FloatArray:
    columns = book.columns
    if len(columns.held_currencies) == 1:
        return np.ones(len(columns))
    held = columns.held_currencies
    rates = [market.rate_of_exchange(name) if name in held else 1.0 for name in columns.currencies]
    return np.array(rates)[columns.currency]
