"""Read what a volatility study names: bars, implied volatility, and futures curves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market import History, ReadingOptions, load_sample, read_listing, read_prices
from hedgerow.market.cells import read_cells, with_numbers
from hedgerow.market.dates import DATE_NAMES, DateColumn, last_moment, moment
from hedgerow.study.models import DataSource
from hedgerow.study.volatility.words import CurveWords, VolatilityStudy

FIELDS = ("open", "high", "low", "close")
POINTS = 3.0
"""Median annual volatility (300 %) above which a series is taken for one in points."""


@dataclass(frozen=True, eq=False)
class VolatilitySeries:
    """Bars and implied volatility of a study, each on all dates that it has.

    Attributes
    ----------
    bars : DataFrame (n_bars, up to 4) or None
        Columns named open, high, low, close, as far as the study names them.
    implied : Series (n_dates,) or None
        Decimals per year.
    warnings : tuple of str
    """

    bars: pd.DataFrame | None
    implied: pd.Series | None
    warnings: tuple[str, ...]


def read_series(study: VolatilityStudy, folder: Path) -> VolatilitySeries:
    """Read the study's columns; prices and implied volatility keep the dates that only one of them has.

    Raises
    ------
    HedgerowError
        One sentence with file, line, column or date.
    """
    words, columns = study.data, study.columns
    if words is None:
        return VolatilitySeries(None, None, ())
    fields = {name: getattr(columns, name) for name in FIELDS if getattr(columns, name) is not None}
    wanted = [*fields.values(), *([columns.implied] if columns.implied is not None else [])]
    history, notes = read_history(words, wanted, folder)
    bars = implied = None
    warnings = list(notes)
    if columns.close is not None:
        held, said = _own_rows(history.select(*fields.values()), words, what="bar", single=len(fields) == 1)
        bars = held.prices.set_axis(list(fields), axis=1)
        warnings += said
    if columns.implied is not None:
        held, said = _own_rows(history.select(columns.implied), words, what="implied volatility", single=True)
        implied = _decimals(held.prices.iloc[:, 0].rename("implied"), columns.implied_in)
        warnings += said
    return VolatilitySeries(bars, implied, tuple(warnings))


def read_history(words: DataSource, columns: list[str], folder: Path) -> tuple[History, list[str]]:
    """Return the columns of a study's files by date, cells empty where a file has none, and notes on what left.

    Raises
    ------
    HedgerowError
    """
    if words.roll_dates is not None:
        raise InputError("roll_dates are for hedges; give a series whose changes do not cross contracts")
    options = ReadingOptions(words.date, words.date_format, words.decimal, words.separator)
    notes: list[str] = []
    if words.sample is not None:
        history = load_sample(words.sample).select(*columns).between(words.start, words.end)
    else:
        files = [str(folder / name) for name in words.files]
        reading = read_prices(files, columns, options, start=words.start, end=words.end, joint=False)
        history, notes = reading.history, list(reading.notes)
    if words.exclude is None:
        return history, notes
    listed = read_listing(folder / words.exclude, "date", ReadingOptions(None, words.date_format))
    kept = history.without(list(listed.index))
    verb = "row was" if kept.dropped == 1 else "rows were"
    return kept.history, [*notes, f"{kept.dropped} {verb} left out because {words.exclude} excludes the date"]


def _own_rows(history: History, words: DataSource, *, what: str, single: bool) -> tuple[History, list[str]]:
    """Return the rows on which all columns have a value, sampled; count what left between the first and the last."""
    complete = history.joint().history
    times = complete.times
    if not len(times):
        raise DataError(f"no date has a value in every column of the {what}; check the columns and the dates")
    lost = int(((history.times >= times[0]) & (history.times <= times[-1])).sum()) - len(times)
    said = []
    if lost:
        dates = "date has" if lost == 1 else "dates have"
        said.append(f"{lost} {dates} no complete {what} between {times[0].date()} and {times[-1].date()}: left out")
    sampled = complete.sample(words.every)
    if len(sampled.times) == len(times):
        return complete, said
    if not single:
        raise InputError(
            f"every {words.every} keeps the last row of each period, and that row's open, high and low are not the "
            "period's; give bars of that period, or only the close"
        )
    if words.every == "1D":
        said.append(f"{len(times):,} rows of the {what} are several a day; the last of each day was used")
    return sampled, said


def _decimals(implied: pd.Series, unit: str) -> pd.Series:
    if unit == "percent":
        return implied / 100.0
    middle = float(np.median(implied.to_numpy()))
    if middle > POINTS:
        raise InputError(
            f"implied volatility has the median {middle:g}, which is {100 * middle:g} % a year as a decimal; "
            "say that it is in percent (--in percent, or implied_in: percent in a study)"
        )
    return implied


@dataclass(frozen=True, eq=False)
class FuturesCurve:
    """Prices and expiries by date and contract, both (n_times, n_contracts), and what was left out."""

    prices: pd.DataFrame
    expiries: pd.DataFrame
    warnings: tuple[str, ...]


def read_curve(words: CurveWords, folder: Path) -> FuturesCurve:
    """Read a file with prices and expiries of the nearest contracts in columns.

    Raises
    ------
    HedgerowError
        One sentence with file, line and column; fewer than three contracts; no date with the first three priced.
    """
    path = folder / words.file
    cells, lines = read_cells(path, "dates")
    known = [str(name) for name in cells.columns]
    date = _date_column(words, known, path)
    prices = _numbered(words.prices, known, r"[Mm](\d+)", "prices", "M1, M2, ...", path)
    expiries = _numbered(words.expiries, known, r"exp(?:iry)?_?(\d+)", "expiries", "exp1, exp2, ...", path)
    if len(prices) != len(expiries):
        raise InputError(
            f"{path.name} has {len(prices)} columns of prices and {len(expiries)} of expiries; name as many"
        )
    index = pd.DatetimeIndex(_dates(cells, lines, date, words, path.name), name="date")
    table = with_numbers(cells, lines, prices, path.name)[prices].set_axis(index)
    ends = {name: _dates(cells, lines, end, words, path.name) for name, end in zip(prices, expiries, strict=True)}
    return _kept(table.astype(float), pd.DataFrame(ends, index=index), words, path.name)


def _kept(prices: pd.DataFrame, expiries: pd.DataFrame, words: CurveWords, file: str) -> FuturesCurve:
    inside = np.ones(len(prices), dtype=bool)
    if words.start is not None:
        inside &= prices.index >= moment(words.start, "start")
    if words.end is not None:
        inside &= prices.index <= last_moment(words.end, "end")
    priced = prices.iloc[:, :3].notna().all(axis=1).to_numpy()
    lost = int((inside & ~priced).sum())
    kept = inside & priced
    if not kept.any():
        raise DataError(f"{file} has no date in the span with prices of the first three contracts")
    warnings = (f"{lost} dates of {file} lack a price of the first three contracts: left out",) if lost else ()
    return FuturesCurve(prices[kept], expiries[kept], warnings)


def _dates(cells: pd.DataFrame, lines: np.ndarray, name: str, words: CurveWords, file: str) -> pd.DatetimeIndex:
    texts = cells[name]
    blank = (texts == "").to_numpy()
    if blank.any():
        raise DataError(f"line {int(lines[int(np.argmax(blank))])} of {file}: {name!r} is empty; give its date")
    column = DateColumn(file, words.date_format)
    column.add(texts, lines)
    return column.finish()


def _date_column(words: CurveWords, known: list[str], path: Path) -> str:
    if words.date is not None:
        return _present(words.date, known, path)
    return next((name for name in known if name.lower() in DATE_NAMES), known[0])


def _numbered(given: tuple[str, ...], known: list[str], form: str, what: str, usual: str, path: Path) -> list[str]:
    if given:
        return [_present(name, known, path) for name in given]
    found = {int(match[1]): name for name in known if (match := re.fullmatch(form, name))}
    if not found:
        raise ColumnError(f"{path.name} has no columns {usual}; name them with --{what} (columns: {', '.join(known)})")
    return [found[number] for number in sorted(found)]


def _present(name: str, known: list[str], path: Path) -> str:
    if name not in known:
        raise ColumnError(
            f"{path.name} has no column {name!r}{did_you_mean(name, known)} (columns: {', '.join(known)})"
        )
    return name
