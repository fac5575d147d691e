"""The history of an explain study: markets day by day, and which two of them are explained."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.instruments import MarketState, Underlying
from hedgerow.instruments.moments import moment_of
from hedgerow.study.explain.markets import market_of
from hedgerow.study.price.option_book import MARKET_COLUMNS

if TYPE_CHECKING:
    from hedgerow.study.explain.words import ExplainStudy


def history_of(study: ExplainStudy, folder: Path) -> tuple[MarketState, ...]:
    """Return the markets of a study's history in the order of time; none where it has no history.

    Raises
    ------
    HedgerowError
        For a file that cannot be read, or two markets at one moment.
    """
    if isinstance(study.history, str):
        found = read_history(folder / study.history)
    else:
        found = [market_of(each, folder) for each in study.history]
    found = sorted(found, key=lambda each: each.moment)
    for first, last in pairwise(found):
        if first.moment == last.moment:
            raise InputError(f"the history has two markets at {first.moment}; keep one of them")
    if len(found) == 1:
        raise InputError("the history has one market; a profit needs two")
    return tuple(found)


def read_history(file: Path) -> list[MarketState]:
    """Read markets day by day from a CSV file, a row per day and underlying.

    Parameters
    ----------
    file : path
        Columns ``date`` (or ``at``), ``underlying``, ``spot``; ``vol``, ``rate``, ``dividend_yield``, ``borrow``
        where they matter.

    Returns
    -------
    list of MarketState

    Raises
    ------
    FileError, ColumnError, DataError
        One sentence with file, column and day.
    """
    from hedgerow.study.price.option_file import read_rows

    table = read_rows(file, text=("date", "at", "underlying"), needed=MARKET_COLUMNS[1:])
    table = table.rename(columns={"at": "date"})
    known = ("date", *MARKET_COLUMNS)
    for column in table.columns:
        if column not in known:
            hint = did_you_mean(str(column), known)
            raise ColumnError(f"{file.name} has a column {column!r}{hint} (a history has {', '.join(known)})")
    for column in known[:3]:
        if column not in table.columns:
            raise ColumnError(f"{file.name} needs a column {column!r} (columns: {', '.join(map(str, table.columns))})")
    return [_state_of_rows(str(day), rows, file.name) for day, rows in table.groupby("date", sort=False)]


def _state_of_rows(day: str, rows: pd.DataFrame, file: str) -> MarketState:
    known: dict[str, Underlying] = {}
    for row in rows.drop(columns="date").to_dict(orient="records"):
        name = str(row.pop("underlying"))
        if name in known:
            raise DataError(f"{file} has the underlying {name!r} twice on {day}; keep one row")
        figures: dict[str, Any] = {str(key): float(value) for key, value in row.items() if not pd.isna(value)}
        if not figures.get("spot", 0.0) > 0.0:
            raise DataError(f"{file}: the spot of {name} on {day} must be above 0, not {row['spot']!r}")
        try:
            known[name] = Underlying(**figures)
        except InputError as error:
            raise DataError(f"{file}, {name} on {day}: {error}") from error
    return MarketState(day, known)


def two_markets(study: ExplainStudy, history: Sequence[MarketState], folder: Path) -> tuple[MarketState, MarketState]:
    """Return the markets between which a study explains: its own, or the day of the history and the one before.

    Raises
    ------
    InputError
        For a date that the history does not have, or has first.
    """
    if study.before is not None and study.after is not None:
        return market_of(study.before, folder), market_of(study.after, folder)
    place = len(history) - 1
    if study.date is not None:
        day = moment_of(study.date, "date").normalize()
        here = [number for number, each in enumerate(history) if each.moment.normalize() == day]
        if not here or here[-1] == 0:
            span = f"{history[0].moment.date()} to {history[-1].moment.date()}"
            fault = "no market before" if here else "no market on"
            raise InputError(f"the history ({span}) has {fault} {day.date()}; choose another date")
        place = here[-1]
    return history[place - 1], history[place]
