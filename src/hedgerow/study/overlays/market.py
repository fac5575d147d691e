"""The market of a study of volatility hedges, read from its files or sample."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import written
from hedgerow.study.overlays.market_words import FuturesWords, OverlayData, OverlayMarketWords
from hedgerow.study.volatility.data import FuturesCurve, read_curve, read_history
from hedgerow.study.volatility.words import CurveWords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hedgerow.programmes import OverlayMarket

SCALE = {"decimal": 1.0, "percent": 0.01}
LARGEST_RATE = 1.0
"""Yearly rate from which a column is taken for one in per cent."""


@dataclass(frozen=True, eq=False)
class StudyMarket:
    """What a study reads.

    Attributes
    ----------
    market : OverlayMarket
    table : DataFrame (n_rows, n_columns)
        The study's columns on all dates of its files; cells without a value are NaN.
    notes : tuple of str
        What was left out, a sentence each.
    indices : mapping of str to OverlayMarket
        Other indices by name, on the same dates.
    rows : DataFrame (n_rows, n_columns)
        The same columns with the rows of days on which nothing trades too.
    """

    market: OverlayMarket
    table: pd.DataFrame
    notes: tuple[str, ...]
    indices: Mapping[str, OverlayMarket] = field(default_factory=dict)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)


def read_market(study: OverlayData, folder: Path, further: Mapping[str, str] | None = None) -> StudyMarket:
    """Return the market that a study names.

    Parameters
    ----------
    study : OverlayData
    folder : path
        Where relative file names start.
    further : mapping of str to str, optional
        Signals to their columns, read along.

    Raises
    ------
    HedgerowError
        One sentence with file, column or date.
    """
    from hedgerow.programmes.market import MarketQuotes, OverlayMarket

    words = study.market
    others = [column for each in study.indices.values() for column in (each.price, each.vix)]
    columns = list(dict.fromkeys([*_columns(words), *others, *(further or {}).values()]))
    history, notes = read_history(study.data, columns, folder)
    rows = _daily(history.prices)
    table, closed = _open_days(rows, words.calendar)
    notes = [*notes, *closed]
    curve = None if words.futures is None else read_curve(_curve_words(words.futures, study), folder)
    quotes = MarketQuotes(
        None if curve is None else curve.prices,
        None if curve is None else curve.expiries,
        {days: table[column] for days, column in words.volatilities.items()},
        None if words.vol_of_vol is None else table[words.vol_of_vol],
        None if words.portfolio is None else table[words.portfolio].dropna(),
    )
    market = OverlayMarket.of(
        table[words.price].dropna(),
        table[words.vix].dropna(),
        rate=_yearly(words.rate, words.rate_in, table, "rate"),
        dividend_yield=_yearly(words.dividend_yield, words.dividend_yield_in, table, "dividend_yield"),
        quotes=quotes,
    )
    all_dates = len(market)
    if words.futures is not None and words.futures.positions is not None:
        from hedgerow.programmes.variance_curve import on_futures_dates

        market = on_futures_dates(market, words.futures.positions)
        lost = all_dates - len(market)
        notes = [*notes, *([f"{lost:,} dates lack one of the futures and were left out"] if lost else [])]
    (market, *indices), shut = _beside_indices(market, study, table)
    notes = [*notes, *shut]
    if len(market) < 2:
        raise DataError(f"{len(market)} date has all columns; a hedge is run over 2 dates or more")
    notes = [*notes, *_lost(table, words, market), *_futures_notes(curve, market)]
    return StudyMarket(market, table, tuple(notes), dict(zip(study.indices, indices, strict=True)), rows)


def _beside_indices(
    market: OverlayMarket, study: OverlayData, table: pd.DataFrame
) -> tuple[tuple[OverlayMarket, ...], tuple[str, ...]]:
    """Return the market and those of the other indices on the dates that all have, and what left."""
    from hedgerow.programmes import OverlayMarket as Market, on_joint_dates

    if not study.indices:
        return (market,), ()
    rate = pd.Series(market.rate, market.dates)
    others = [
        Market.of(
            table[each.price].dropna()[market.dates[0] :],
            table[each.vix].dropna()[market.dates[0] :],
            rate=rate,
            dividend_yield=each.dividend_yield,
        )
        for each in study.indices.values()
    ]
    joint = on_joint_dates(market, *others)
    lost = len(market) - len(joint[0])
    return joint, (f"{lost:,} dates are not shared by all indices and were left out",) if lost else ()


def _columns(words: OverlayMarketWords) -> list[str]:
    given = (words.price, words.vix, words.rate, words.dividend_yield, words.vol_of_vol, words.portfolio)
    return [name for name in (*given, *words.volatilities.values()) if isinstance(name, str)]


def _daily(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table on days; rows within a day are refused, for a close is one a day."""
    days = pd.DatetimeIndex(table.index).normalize()
    if days.has_duplicates:
        twice = days[days.duplicated()][0]
        raise DataError(f"{written(twice)} has several rows; hedges are priced at one close a day: keep the last row")
    return table.set_axis(days.rename("date"), axis=0)


def _open_days(table: pd.DataFrame, calendar: str | None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows of days on which an exchange trades, and a sentence on those of other days."""
    if calendar is None:
        return table, ()
    from hedgerow.market.calendars import trading_days

    dates = pd.DatetimeIndex(table.index)
    is_open = dates.isin(trading_days(calendar, dates[0], dates[-1]))
    if not is_open.any():
        raise DataError(f"no row lies on a day on which {calendar} trades; name another calendar or none")
    shut = int((~is_open).sum())
    rows = "1 row" if shut == 1 else f"{shut:,} rows"
    said = (f"{rows} on days on which {calendar} does not trade, so that no hedge can: left out",) if shut else ()
    return table[is_open], said


def _yearly(given: str | float | None, unit: str, table: pd.DataFrame, name: str) -> pd.Series | float | None:
    """Return a yearly rate as a decimal, from its column or number."""
    if given is None:
        return None
    if not isinstance(given, str):
        return float(given) * SCALE[unit]
    column = (table[given] * SCALE[unit]).dropna()
    if unit == "decimal" and len(column) and float(column.abs().median()) > LARGEST_RATE:
        raise InputError(
            f"{name} has the median {float(column.median()):g}, which is {100 * float(column.median()):g} % a year as "
            f"a decimal; say that it is in percent ({name}_in: percent)"
        )
    return column


def _curve_words(words: FuturesWords, study: OverlayData) -> CurveWords:
    span = {"start": study.data.start, "end": study.data.end}
    return CurveWords(**words.model_dump(exclude={"positions"}), **span)


def _lost(table: pd.DataFrame, words: OverlayMarketWords, market: OverlayMarket) -> tuple[str, ...]:
    """Return a sentence for each needed column that other rows had and it had not, within the dates used."""
    needed = {"price": words.price, "vix": words.vix} | (
        {} if words.portfolio is None else {"portfolio": words.portfolio}
    )
    within = table.loc[market.dates[0] : market.dates[-1], list(dict.fromkeys(needed.values()))]
    there = within.notna()
    said = []
    for name, column in needed.items():
        missing = np.flatnonzero(~there[column].to_numpy() & there.any(axis=1).to_numpy())
        if len(missing):
            rows = "1 row has" if len(missing) == 1 else f"{len(missing):,} rows have"
            first = written(pd.Timestamp(within.index[missing[0]]))
            said.append(f"{rows} no {name} ({column}) where another column has a value, the first on {first}: left out")
    return tuple(said)


def _futures_notes(curve: FuturesCurve | None, market: OverlayMarket) -> tuple[str, ...]:
    if curve is None or market.futures is None:
        return ()
    bare = int(market.futures.iloc[:, 0].isna().sum())
    said = (
        f"{bare:,} of {len(market):,} dates have no price of the nearest future: a hedge that needs it holds nothing "
        "then, and its figures count those dates; positions: 1 under futures leaves them out"
    )
    return (*curve.warnings, said) if bare else curve.warnings
