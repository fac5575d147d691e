"""The market of a replay study, read from its files: prices, volatilities or a surface by day, dividends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.errors import ColumnError, did_you_mean
from hedgerow.market.cells import read_cells, with_numbers
from hedgerow.market.dates import DateColumn
from hedgerow.market.sampling import period_numbers
from hedgerow.study.replay.words import DividendWords, PillarWords, ReplayMarketWords, ReplayStudy

if TYPE_CHECKING:
    from hedgerow.engine import ReplayMarket
    from hedgerow.instruments import MarketState
    from hedgerow.market import History
    from hedgerow.market.surface import DeltaPillars

PERCENT = {"decimal": 1.0, "percent": 0.01}


def market_of_history(study: ReplayStudy, folder: Path) -> tuple[ReplayMarket, list[str]]:
    """Return the market of a study's files, and what reading them left out.

    Parameters
    ----------
    study : ReplayStudy
    folder : path
        Where relative file names start.

    Raises
    ------
    HedgerowError
        One sentence with file, column or date.
    """
    from hedgerow.engine import ReplayMarket, ReplayUnderlying
    from hedgerow.study.volatility.data import read_history

    words = study.market
    columns = [name for name in (words.spot, words.volatility, words.rate) if isinstance(name, str)]
    history, notes = read_history(study.data, list(dict.fromkeys(columns)), folder)
    history, thinner = _sampled(history, [name for name in columns if name != words.rate], study.data.every)
    underlying = ReplayUnderlying(
        words.spot,
        _volatility(words, folder),
        vol_unit=PERCENT[words.volatility_in],
        dividends=_dividends(words, folder, history),
        dividend_yield=words.dividend_yield,
        known_dividends=words.known_dividends,
        borrow=words.borrow,
        is_future=words.is_future,
        pillars="put" if words.surface is None else words.surface.side,
    )
    rate = words.rate if isinstance(words.rate, str) else words.rate * PERCENT[words.rate_in]
    market = ReplayMarket(history, {words.underlying: underlying}, rate=rate, rate_unit=PERCENT[words.rate_in])
    return market, [*notes, *thinner]


def _sampled(history: History, needed: list[str], every: str) -> tuple[History, list[str]]:
    """Return the rows on which all that is needed has a value, the last of each period; and what was left out.

    ``1D`` keeps every row, several a day among them.
    """
    table = history.prices
    complete = table[list(dict.fromkeys(needed))].notna().all(axis=1).to_numpy()
    known = np.flatnonzero(complete)
    if not len(known):
        return history, []
    lost = int((~complete[known[0] : known[-1]]).sum())
    rows, verb = ("1 row has", "was") if lost == 1 else (f"{lost:,} rows have", "were")
    notes = [f"{rows} no {' or '.join(dict.fromkeys(needed))} and {verb} left out"] if lost else []
    if every == "1D":
        return history, notes
    numbers = period_numbers(history.times[known], every)
    last = known[np.append(np.diff(numbers) != 0, True)]
    return history.restated(table.iloc[last], history.units), notes


def start_of(market: ReplayMarket) -> MarketState:
    """Return the market of the first day, its options marked by that day's smile where it has one."""
    paths = market.paths()
    marked = {name: replace(paths.start.underlying(name), vol=smiles[0]) for name, smiles in paths.surfaces.items()}
    return replace(paths.start, underlyings={**paths.start.underlyings, **marked})


def _volatility(words: ReplayMarketWords, folder: Path) -> Any:
    """Return the column, the number as a decimal, or the pillars by day."""
    if words.surface is not None:
        return read_pillars(words.surface, folder, PERCENT[words.volatility_in])
    if isinstance(words.volatility, str):
        return words.volatility
    assert words.volatility is not None  # noqa: S101 - the words have one of the two
    return words.volatility * PERCENT[words.volatility_in]


def read_pillars(words: PillarWords, folder: Path, unit: float = 1.0) -> DeltaPillars:
    """Return the delta pillars of a file.

    Parameters
    ----------
    words : PillarWords
    folder : path
    unit : float
        What 1 in the file stands for: 0.01 where its volatilities are in per cent.

    Raises
    ------
    HedgerowError
        For a file that cannot be read, and columns that it lacks.
    """
    from hedgerow.market.surface import DeltaPillars

    table = _table(words.file, folder, words.date)
    pillars = DeltaPillars.from_frame(table, date=words.date, forward=words.forward, years=words.years)
    return DeltaPillars(pillars.vols * unit, pillars.forward, pillars.years)


def _dividends(words: ReplayMarketWords, folder: Path, history: History) -> tuple[tuple[Any, float], ...]:
    if words.dividend_file is None:
        return tuple(words.dividends.items())
    return read_dividends(words.dividend_file, folder, history.prices[words.spot].dropna().index)


def read_dividends(words: DividendWords, folder: Path, days: Any) -> tuple[tuple[pd.Timestamp, float], ...]:
    """Return ex-dates and amounts of a file.

    Parameters
    ----------
    words : DividendWords
    folder : path
    days : DatetimeIndex
        Trading days: where the file is dated by the day before, the ex-date is the next of them. Rows before the first
        day are moved as well, by weekdays; those at or after the last are left out.

    Raises
    ------
    HedgerowError
        For a file that cannot be read, and columns that it lacks.
    """
    table = _table(words.file, folder, words.date, (words.column,))
    amounts = table[words.column].to_numpy(dtype=np.float64)
    dates = pd.DatetimeIndex(table[words.date])
    paid = np.isfinite(amounts) & (amounts > 0.0)
    if words.dated == "ex":
        return tuple(zip(dates[paid], amounts[paid].tolist(), strict=True))
    trading = pd.DatetimeIndex(days).normalize().unique()
    found = []
    for day, amount in zip(dates[paid], amounts[paid].tolist(), strict=True):
        if day >= trading[-1]:
            continue
        ex = trading[int(trading.searchsorted(day, side="right"))] if day >= trading[0] else day + pd.offsets.BDay()
        found.append((pd.Timestamp(ex), float(amount)))
    return tuple(found)


def _table(name: str, folder: Path, date: str, numbers: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the rows of a file with its dates read, and the columns named, or those that are numbers, as numbers.

    Raises
    ------
    HedgerowError
        One sentence with file, line and column.
    """
    path = folder / name
    cells, lines = read_cells(path, "dates")
    known = [str(column) for column in cells.columns]
    for column in (date, *numbers):
        if column not in known:
            hint = did_you_mean(column, known)
            raise ColumnError(f"{path.name} has no column {column!r}{hint} (columns: {', '.join(known)})")
    days = DateColumn(path.name, None)
    days.add(cells[date], lines)
    table = with_numbers(cells, lines, numbers or [column for column in known if column != date], path.name)
    return table.assign(**{date: days.finish()})
