"""Vega along the term structure, and what a book makes when an event takes its variance out of the options.

>>> from hedgerow.instruments import Book, MarketState, Underlying, straddle
>>> market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.5)})
>>> book = Book([*straddle("XYZ", 100.0, "2026-12-04", -10.0), *straddle("XYZ", 100.0, "2027-05-21", 4.0)])
>>> vega_by_bucket(book, market)["vega_per_point"].round(2).to_dict()
{'up to 30 days': -1.56, '31 to 91 days': 0.0, '92 to 182 days': 2.22, '183 to 365 days': 0.0, 'over 365 days': 0.0}
>>> round(remove_event_variance(book, market, event_move=0.06).profit, 2)
14.75
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments.base import require_number
from hedgerow.instruments.book import Book
from hedgerow.instruments.book_greeks import exchange_rates
from hedgerow.instruments.columns import VOLATILITY_TYPES
from hedgerow.instruments.inputs import resolve
from hedgerow.instruments.market_state import MarketState
from hedgerow.instruments.model import LOGNORMAL, Model
from hedgerow.instruments.moments import DateLike, moment_of, years_between
from hedgerow.instruments.pricers import figures
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

BUCKETS = (30, 91, 182, 365)


def vega_by_bucket(
    book: Book, market: MarketState, days: Sequence[float] = BUCKETS, reference_days: float = 30.0
) -> pd.DataFrame:
    """Return the vega of a book by time to expiry, plain and weighted by the root of time.

    Volatilities of near expiries move more than those of far ones, about as one over the root of their time: weighted
    vega is ``vega sqrt(reference_days / days to expiry)``, the gain where the volatility of ``reference_days`` moves
    by 1.00 and the others by that rule.

    Parameters
    ----------
    book : Book
    market : MarketState
    days : sequence of float
        Last calendar day of each bucket, ascending; one more holds what lies beyond.
    reference_days : float
        Above 0.

    Returns
    -------
    DataFrame, (n_buckets, 4)
        ``vega`` and ``weighted_vega``, money per 1.00 of volatility, and both per point (0.01), over all underlyings
        in the book's one currency or the market's.

    Raises
    ------
    InputError
        For days that do not ascend from above 0, and as for :meth:`Book.greeks`.
    """
    edges = np.asarray(days, dtype=np.float64)
    if edges.ndim != 1 or not len(edges) or not (np.diff(edges, prepend=0.0) > 0.0).all():
        raise InputError(f"days must ascend from above 0, not {list(days)!r}; they are the buckets' last days")
    if not 0.0 < reference_days < np.inf:
        raise InputError(f"reference_days must be above 0, not {reference_days!r}")
    vega = book.greeks(market, ["vega"]).per_position["vega"].to_numpy() * _rates(book, market)
    left = CALENDAR_DAYS_PER_YEAR * years_between(market.moment.to_datetime64(), book.columns.expiry)
    weighted = vega * np.sqrt(np.divide(reference_days, left, out=np.zeros_like(left), where=left > 0.0))
    bucket = np.searchsorted(edges, left, side="left")
    sums = {
        name: np.bincount(bucket, values, minlength=len(edges) + 1)
        for name, values in (("vega", vega), ("weighted_vega", weighted))
    }
    table = pd.DataFrame(sums, index=pd.Index(_labels(edges), name="expiry"))
    return table.assign(**{f"{name}_per_point": table[name] * 0.01 for name in sums})


@dataclass(frozen=True, eq=False)
class EventVarianceRemoval:
    """What :func:`remove_event_variance` returns.

    Attributes
    ----------
    table : DataFrame, (n_positions, ...)
        Terms, ``vol_before``, ``vol_after`` and ``profit`` of every position, in its own currency.
    profit : float
        Of the whole book, money.
    """

    table: pd.DataFrame
    profit: float


def remove_event_variance(
    book: Book,
    market: MarketState,
    event_move: float,
    *,
    event: DateLike | None = None,
    spot_move: float = 0.0,
    model: Model | str = LOGNORMAL,
) -> EventVarianceRemoval:
    """Return what a book makes when an event passes and its variance leaves the implied volatilities.

    An option that outlives the event holds ``vol^2 T = event_move^2 + the rest``: afterwards its volatility is
    ``sqrt(vol^2 - event_move^2 / T)``, so that near expiries fall most. Nothing else moves but the spot, if said.

    Parameters
    ----------
    book : Book
    market : MarketState
        Before the event.
    event_move : float
        Standard deviation of the logarithm of the move at the event: 0.06 for an earnings day of 6 %.
    event : date, optional
        Options that expire up to then are left alone; now unless given. No time passes.
    spot_move : float
        Relative move of every spot at the event.
    model : Model or str
        For European options.

    Returns
    -------
    EventVarianceRemoval

    Raises
    ------
    InputError
        For an event that holds more variance than an option has, a move of the spot to 0 or below.

    References
    ----------
    Dubinsky, A., Johannes, M., Kaeck, A. and Seeger, N. (2019), Option pricing of earnings announcement risks, Review
    of Financial Studies 32, 646-687.
    """
    for name, value in (("event_move", event_move), ("spot_move", spot_move)):
        require_number(name, value)
    if event_move < 0.0 or spot_move <= -1.0:
        raise InputError(
            f"event_move must be 0 or more and spot_move above -1, not {event_move!r} and {spot_move!r}; 0.06 is 6 %"
        )
    columns, priced = book.columns, Model.of(model)
    now = resolve(columns, market)
    passes = market.moment if event is None else moment_of(event, "event")
    affected = columns.is_type(*VOLATILITY_TYPES) & (columns.expiry > passes.to_datetime64()) & (now.years > 0.0)
    own = np.where(affected, now.vol**2 * now.years, 0.0)
    variance = own - np.where(affected, event_move**2, 0.0)
    columns.refuse(
        affected & (variance < 0.0),
        f"has less variance to its expiry than an event_move of {event_move:g} holds",
        "take a smaller move: at most vol x sqrt(years)",
        np.sqrt(own),
    )
    vol = np.where(affected, np.sqrt(variance / np.where(affected, now.years, 1.0)), now.vol)
    then = replace(now.moved(spot_move, 0.0), vol=vol)
    before, after = (figures(columns, each, ("price",), priced)[0]["price"] for each in (now, then))
    profit = (after - before) * columns.weight
    table = book.greeks(market, ["vega"]).per_position.drop(columns=["value", "vega", "limit"])
    table = table.assign(vol_before=now.vol, vol_after=vol, profit=profit)
    return EventVarianceRemoval(table, float((profit * _rates(book, market)).sum()))


def _rates(book: Book, market: MarketState) -> FloatArray:
    rates = exchange_rates(book.columns, market)
    return np.ones(len(book)) if rates is None else rates


def _labels(edges: FloatArray) -> list[str]:
    starts = [0.0, *edges[:-1]]
    middle = [f"{low + 1:g} to {high:g} days" for low, high in zip(starts[1:], edges[1:], strict=True)]
    return [f"up to {edges[0]:g} days", *middle, f"over {edges[-1]:g} days"]
