"""Read the signals of an overlay: rows on which all of them exist, with a sentence for those that leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow.errors import ColumnError, DataError
from hedgerow.market import ReadingOptions
from hedgerow.market.calendars import trading_days
from hedgerow.market.dates import written
from hedgerow.overlays import Signals
from hedgerow.overlays.correlation_adjusted import GIVEN
from hedgerow.study.one_overlay.words import CARRIED, OverlayWords
from hedgerow.study.signal_times import Clock
from hedgerow.study.signal_words import Publication, decision_of, publication_of
from hedgerow.study.volatility.data import read_history


@dataclass(frozen=True, eq=False)
class OverlaySeries:
    """What an overlay reads.

    Attributes
    ----------
    signals : Signals
        On the dates on which all of them exist, each as it is known at the close.
    levels : DataFrame (n_dates, n_signals)
        The same dates as quoted, without delays; a further signal with moments as it was known.
    warnings : tuple of str
    """

    signals: Signals
    levels: pd.DataFrame
    warnings: tuple[str, ...]


def read_signals(words: OverlayWords, further: tuple[str, ...], folder: Path) -> OverlaySeries:
    """Return the signals of an overlay; ``further`` are names that a rule needs and read columns of their own name.

    Raises
    ------
    HedgerowError
        One sentence with file, column or date.
    """
    columns = words.columns | {name: name for name in further}
    try:
        history, notes = read_history(words.data, list(dict.fromkeys(columns.values())), folder)
    except ColumnError as error:
        raise _with_remedy(error, further) from error
    later = {name: publication_of(text) for name, text in words.available_at.items()}
    by_date = {name: column for name, column in columns.items() if name not in later or name in CARRIED}
    joint = history.select(*dict.fromkeys(by_date.values()))
    sampled = joint.sample(words.data.every)
    table = pd.DataFrame({name: sampled.prices[column] for name, column in by_date.items()})
    hedge_dates = _hedge_dates(words, table)
    series = {
        name: history.prices[column].dropna() if name in later else table[name] for name, column in columns.items()
    }
    clock = Clock(*decision_of(words.decided_at))
    moments = {name: _moments(name, when, series[name], words, folder, clock) for name, when in later.items()}
    signals = Signals.of(
        series,
        delays=words.delays,
        hedge_dates=hedge_dates,
        available_at=moments,
        decided_at=clock.decided_at,
    )
    lost = _lost(joint.prices[list(by_date.values())].set_axis(list(by_date), axis=1), by_date)
    if words.calendar is not None and hedge_dates is not None:
        lost = (*lost, *_closed(table, hedge_dates, words.calendar))
    if words.data.every == "1D" and sampled is not joint:
        lost = (*lost, f"{len(joint.times):,} rows are several a day; the last joint one of each day was used")
    said = [clause for clause in signals.stated if any(clause.startswith(f"{name} is joined") for name in later)]
    levels = table.loc[signals.dates].assign(**{name: signals[name] for name in columns if name not in by_date})
    return OverlaySeries(signals, levels[list(columns)], (*notes, *lost, *said))


def _hedge_dates(words: OverlayWords, table: pd.DataFrame) -> pd.DatetimeIndex | None:
    """Return the dates on which the hedge trades where something narrows them: a calendar, or a late index or price."""
    dates = pd.DatetimeIndex(table.index)
    found: pd.DatetimeIndex | None = None
    if words.calendar is not None:
        found = dates[dates.normalize().isin(trading_days(words.calendar, dates[0], dates[-1]))]
        if found.empty:
            raise DataError(f"no row lies on a day on which {words.calendar} trades; name another calendar or none")
    if set(CARRIED) & set(words.available_at):
        found = (dates if found is None else found).intersection(pd.DatetimeIndex(table[list(CARRIED)].dropna().index))
    return found


def _moments(
    name: str, when: Publication, series: pd.Series, words: OverlayWords, folder: Path, clock: Clock
) -> pd.Series:
    dates, data = pd.DatetimeIndex(series.index), words.data
    if when.column is None:
        return clock.moments(name, when, dates)
    options = ReadingOptions(data.date, data.date_format, data.decimal, data.separator)
    return clock.read(name, when.column, [folder / file for file in data.files], options, dates)


def _with_remedy(error: ColumnError, further: tuple[str, ...]) -> ColumnError:
    missing = [name for name in further if f"column {name!r} not found" in str(error)]
    if not missing:
        return error
    if missing[0] == GIVEN:
        return ColumnError(
            "a correlation is of two constituents or more: name each with --signal NAME=COL, or one correlation that "
            f"you have yourself with --signal {GIVEN}=COL; {error}"
        )
    return ColumnError(
        f"the rule or a trigger reads the signal {missing[0]!r}, which has no column: name it with "
        f"--signal {missing[0]}=COL; {error}"
    )


def _closed(table: pd.DataFrame, hedge_dates: pd.DatetimeIndex, calendar: str | None) -> tuple[str, ...]:
    """Return a sentence on complete rows of days on which the hedge cannot be traded, where there are any."""
    closed = int((table.notna().all(axis=1) & ~table.index.isin(hedge_dates)).sum())
    if not closed:
        return ()
    return (f"{_rows(closed)} on days on which {calendar} does not trade, so that no hedge can: left out",)


def _lost(table: pd.DataFrame, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for each reason for which rows left."""
    there = table.notna()
    complete = np.flatnonzero(there.all(axis=1))
    inside = np.zeros(len(table), dtype=np.bool_)
    inside[complete[0] : complete[-1] + 1] = True
    said = []
    for name, column in columns.items():
        rows = np.flatnonzero(inside & ~there[name].to_numpy() & there.any(axis=1).to_numpy())
        if len(rows):
            said.append(
                f"{name} ({column}) has no value on {_rows(len(rows))} within the common span on which another column "
                f"has one, the first on {written(table.index[rows[0]])}: left out"
            )
    outside = int((~inside).sum())
    if outside:
        said.append(
            f"{_rows(outside)} before {written(table.index[complete[0]])} or after "
            f"{written(table.index[complete[-1]])}, where not every column has begun or still runs: left out"
        )
    return tuple(said)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
