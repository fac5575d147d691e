"""Explain yesterday: a book between two markets, predicted by its Greeks and explained by revaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.attribution.marks import GREEKS
from hedgerow.attribution.mixed_states import MOVES, MixedStates
from hedgerow.attribution.revaluation import Waterfall, checked_order, waterfall
from hedgerow.attribution.taylor import Moves, taylor_terms
from hedgerow.errors import DataError, InputError
from hedgerow.instruments import Book, BookGreeks, Instrument, MarketState, Model, Position
from hedgerow.instruments.base import require_number
from hedgerow.instruments.inputs import is_margined
from hedgerow.instruments.model import LOGNORMAL
from hedgerow.instruments.moments import years_between
from hedgerow.instruments.pricers import figures

PREDICTED = GREEKS[:10]
"""Greeks of a prediction: to second order, and speed."""


@dataclass(frozen=True)
class Trade:
    """One trade done between two markets.

    Attributes
    ----------
    instrument : Instrument
    quantity : float
        Contracts bought (positive) or sold.
    price : float
        Per unit, before the multiplier, in the instrument's currency.
    fee : float
        Money paid for it in the account's currency, positive.
    vol : float, optional
        The position's own volatility mark.

    Examples
    --------
    >>> from hedgerow.instruments import Spot
    >>> Trade(Spot("SPX"), 10, 4001.5, fee=2.0).price
    4001.5
    """

    instrument: Instrument
    quantity: float
    price: float
    fee: float = 0.0
    vol: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no price or a fee below 0."""
        for name in ("price", "fee"):
            require_number(name, getattr(self, name))
        if self.fee < 0.0:
            raise InputError(f"fee must not be negative, not {self.fee!r}; a fee is positive money paid")


@dataclass(frozen=True, eq=False)
class BookExplained:
    """A day of a book: predicted by Greeks and explained by revaluation; made by :func:`explain`.

    Attributes
    ----------
    positions : DataFrame, (n, ...)
        The book's positions, then the trades (``trade`` is True), with their terms.
    predict : DataFrame, (n, ...)
        Greeks at the start times the moves, then ``currencies``, ``trades``, ``fees``, what is ``unexplained`` and the
        ``total``, money by position.
    explain : DataFrame, (n, ...)
        The waterfall: money by position and move, ``residual`` (dust) and ``total``.
    order : tuple of str
        Order of the waterfall's moves.
    flows : mapping of str to float
        Money received (+) or paid (-) that belongs to no position; lines of both explanations.
    """

    positions: pd.DataFrame = field(repr=False)
    predict: pd.DataFrame = field(repr=False)
    explain: pd.DataFrame = field(repr=False)
    order: tuple[str, ...]
    flows: Mapping[str, float]

    @property
    def pnl(self) -> float:
        """Profit of the book, its trades and its flows, in the account's currency."""
        return float(self.explain["total"].sum()) + sum(self.flows.values())

    def predict_totals(self) -> pd.Series:
        """Return the prediction of the whole book: Greeks, other lines, ``unexplained`` and ``total``."""
        return self._totals(self.predict, "unexplained")

    def explain_totals(self) -> pd.Series:
        """Return the waterfall of the whole book in its order, ``residual`` and ``total``."""
        return self._totals(self.explain, "residual")

    def residuals(self) -> pd.DataFrame:
        """Return what each explanation leaves.

        Returns
        -------
        DataFrame, index (predict, explain)
            ``pnl``, ``explained``, ``residual`` in money, and ``share``, the size of the residual over that of the
            profit; NaN where there was no profit.
        """
        left = [float(self.predict["unexplained"].sum()), float(self.explain["residual"].sum())]
        frame = pd.DataFrame({"pnl": self.pnl, "residual": left}, index=["predict", "explain"])
        frame.insert(1, "explained", frame["pnl"] - frame["residual"])
        return frame.assign(share=frame["residual"].abs() / abs(self.pnl) if self.pnl else np.nan)

    def by_underlying(self) -> pd.DataFrame:
        """Return both explanations added up by underlying; columns (``predict`` or ``explain``, part)."""
        both = pd.concat({"predict": self.predict, "explain": self.explain}, axis=1)
        return both.groupby(self.positions["underlying"].astype(str), sort=False).sum()

    def _totals(self, frame: pd.DataFrame, left: str) -> pd.Series:
        sums = {str(name): float(frame[name].sum()) for name in frame}
        parts = {name: money for name, money in sums.items() if name not in (left, "total")}
        return pd.Series({**parts, **self.flows, left: sums[left], "total": self.pnl}, name="money")


def explain(
    book: Book,
    market_before: MarketState,
    market_after: MarketState,
    *,
    trades: Sequence[Trade] = (),
    order: Sequence[str] = MOVES,
    flows: Mapping[str, float] | None = None,
    model: Model | str = LOGNORMAL,
) -> BookExplained:
    """Return where a book's profit between two markets came from, predicted by Greeks and explained by revaluation.

    Futures count with their price change; a variance swap accrues one squared move between the two markets.

    Parameters
    ----------
    book : Book
        What was held in the market before, and lives in the market after.
    market_before, market_after : MarketState
    trades : sequence of Trade
        Done in between; they gain from their price to the market after.
    order : sequence of str
        Moves of the waterfall, each of ``MOVES`` once.
    flows : mapping of str to float, optional
        Financing, dividends received and other money that belongs to no position.
    model : Model or str
        For European options.

    Returns
    -------
    BookExplained

    Raises
    ------
    InputError
        Where a market cannot value a position (an expiry between the two: book its settlement as a trade), the market
        after is not later, the order does not have every move once,
        or a flow has the name of a part.
    DataError
        Where a Greek is infinite at the start.

    Examples
    --------
    >>> from hedgerow.instruments import Underlying, straddle
    >>> book = Book(straddle("SPX", 4000.0, "2027-01-15", quantity=-10))
    >>> before = MarketState("2026-11-19", {"SPX": Underlying(4000.0, 0.20, rate=0.03)})
    >>> after = MarketState("2026-11-20", {"SPX": Underlying(3940.0, 0.22, rate=0.03)})
    >>> day = explain(book, before, after)
    >>> day.explain_totals()[["carry", "spot", "volatility level", "total"]].round(1).to_dict()
    {'carry': 22.2, 'spot': 0.8, 'volatility level': -245.3, 'total': -222.4}
    >>> day.predict_totals()[["delta", "gamma", "theta", "vega", "unexplained"]].round(1).to_dict()
    {'delta': 47.2, 'gamma': -45.2, 'theta': 22.1, 'vega': -251.0, 'unexplained': 6.5}
    """
    if market_after.moment < market_before.moment:
        raise InputError(f"market_after ({market_after.moment}) is before market_before ({market_before.moment})")
    order = checked_order(order, MOVES)
    states = _states(book, (market_before, market_after), trades, Model.of(model))
    found = [_waterfall(each, order) for each in states]
    explained = pd.concat([each.to_frame() for each in found], ignore_index=True)
    predicted = pd.concat([_prediction(*each) for each in zip(states, found, strict=True)], ignore_index=True)
    labels = pd.concat([_labels(each) for each in states], ignore_index=True)
    for frame in (explained, predicted, labels):
        frame.index.name = "position"
    _refuse_names_of_parts(flows or {}, {*predicted, *explained})
    return BookExplained(labels, predicted, explained, order, dict(flows or {}))


def _states(
    book: Book, markets: tuple[MarketState, MarketState], trades: Sequence[Trade], model: Model
) -> list[MixedStates]:
    """Return what was held and, where there are any, the trades; money of several currencies is converted."""
    if not trades:
        return [MixedStates(book.columns, *markets, model, len(book.columns.held_currencies) > 1)]
    columns = Book(Position(each.instrument, each.quantity, each.vol) for each in trades).columns
    paid, fees = (np.array([getattr(each, name) for each in trades], dtype=float) for name in ("price", "fee"))
    convert = len({*book.columns.held_currencies, *columns.held_currencies}) > 1
    held = MixedStates(book.columns, *markets, model, convert)
    return [held, MixedStates(columns, *markets, model, convert, paid, fees)]


def _waterfall(states: MixedStates, order: tuple[str, ...]) -> Waterfall:
    return waterfall(states.worth, dict.fromkeys(MOVES, False), dict.fromkeys(MOVES, True), order)


def _prediction(states: MixedStates, found: Waterfall) -> pd.DataFrame:
    """Return what Greeks at the start say of each position, and what they leave of its profit."""
    nothing = np.zeros(len(states.columns))
    fees = nothing if states.fees is None else 0.0 - states.fees
    parts = dict.fromkeys(PREDICTED, nothing) | {"currencies": nothing, "trades": nothing, "fees": fees}
    if states.paid is None:
        parts |= _greek_parts(states)
    else:
        parts["trades"] = found.total + (0.0 if states.fees is None else states.fees)
    frame = pd.DataFrame(parts)
    frame["unexplained"] = found.total - frame.sum(axis=1)
    return frame.assign(total=found.total)


def _greek_parts(states: MixedStates) -> dict[str, FloatArray]:
    """Return Greeks x moves x contracts of what was held before, in the account's currency at the start."""
    first, last, columns = states.start, states.end, states.columns
    at_start, _ = figures(columns, first, ("price", *PREDICTED), states.model)
    _refuse_infinite(at_start, states)
    moves = Moves(
        spot=last.spot - first.spot,
        vol=np.nan_to_num(last.vol - first.vol, nan=0.0),  # what has no volatility has no move of it
        years=float(years_between(states.before.moment.to_datetime64(), np.array(states.after.moment.to_datetime64()))),
        rate=last.rate - first.rate,
        dividend_yield=last.carry - first.carry,
    )
    rates = states.rates_of_exchange(after=False)
    parts = {
        name: money * columns.weight * rates
        for name, money in taylor_terms({name: at_start[name] for name in PREDICTED}, moves).items()
    }
    worth = np.where(is_margined(columns), 0.0, at_start["price"] * columns.weight)
    return parts | {"currencies": worth * (states.rates_of_exchange(after=True) - rates) + 0.0}


def _refuse_infinite(found: Mapping[str, FloatArray], states: MixedStates) -> None:
    for name, values in found.items():
        wrong = np.flatnonzero(~np.isfinite(values))
        if len(wrong):
            raise DataError(
                f"{name} of {states.columns.described(int(wrong[0]))} is {values[wrong[0]]} at {states.before.moment}, "
                "at its kink; start a moment earlier"
            )


def _refuse_names_of_parts(flows: Mapping[str, float], parts: set[str]) -> None:
    """Refuse a flow that would stand in the place of a part of the explanation."""
    for name in flows:
        if name in parts:
            raise InputError(
                f"flows has the label {name!r}, which is a part of the explanation; give the flow another name"
            )


def _labels(states: MixedStates) -> pd.DataFrame:
    none = np.zeros(len(states.columns), dtype=np.bool_)
    terms = BookGreeks(states.columns, states.before, states.start.spot, {}, none).per_unit
    return terms.drop(columns="limit").assign(trade=states.paid is not None)
