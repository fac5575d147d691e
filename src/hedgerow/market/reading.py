"""Prices from CSV and Parquet files, joined on the date, with every row that leaves counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.dates import last_moment, looks_like_a_date, moment, written
from hedgerow.market.history import History
from hedgerow.market.numbers import counted
from hedgerow.market.tables import ReadingOptions, Source, Table, listed, numeric_columns, open_source, read_source

__all__ = ["Reading", "ReadingOptions", "read_prices", "read_table"]

_AS_WRITTEN = ReadingOptions()


@dataclass(frozen=True)
class Reading:
    """Prices read from files.

    Attributes
    ----------
    history : History
        Rows on which every named column has a price; instruments are named as the columns were written.
    dropped : int
        Rows common to all files that left because a price was missing.
    unmatched : int
        Dates within the common span that only some of the files have.
    notes : tuple of str
        One sentence for each thing that was decided or left out.
    """

    history: History
    dropped: int
    unmatched: int
    notes: tuple[str, ...]


def read_prices(
    files: Sequence[str | Path],
    columns: Sequence[str],
    options: ReadingOptions = _AS_WRITTEN,
    *,
    start: object = None,
    end: object = None,
    joint: bool = True,
) -> Reading:
    """Read the named columns of CSV or Parquet files and join them on the date.

    Parameters
    ----------
    files : sequence of paths
        One or more files, each with a date column.
    columns : sequence of str
        ``COL``, or ``FILESTEM:COL`` where several files have a column of that name. Nothing else is looked at.
    options : ReadingOptions
        Date column and form, decimal mark, separator.
    start, end : date, optional
        First and last date to keep, both included; rows outside are not counted anywhere.
    joint : bool
        Keep only rows on which every column has a price; without it all rows of all files stay, with their gaps.

    Returns
    -------
    Reading
        The joint history (n_times, n_columns), rows dropped, dates unmatched, and a note for each decision taken.

    Raises
    ------
    FileError, ColumnError, DataError, InputError, MissingExtraError
        One sentence with file, line, value and remedy.
    """
    names = _checked_names(columns)
    sources = _opened(files, options)
    homes = {name: _home(name, sources) for name in names}
    span = _asked_span(start, end)
    tables, notes = [], []
    for number, source in enumerate(sources):
        wanted = {name: column for name, (home, column) in homes.items() if home == number}
        if not wanted:
            notes.append(f"no column of {source.path} was asked for, so it was not read")
            continue
        table = read_source(source, list(wanted.values()), options)
        notes.extend(table.notes)
        prices = _within(table.prices.set_axis(list(wanted), axis=1), span, source)
        tables.append((source, Table(prices, table.zone, ())))
    _require_one_zone(tables)
    if not joint:
        apart = pd.concat([table.prices for _, table in tables], axis=1, join="outer", sort=True)
        return Reading(History(apart[names]), 0, 0, tuple(notes))
    joined, unmatched, sentence = _joined(tables)
    notes.extend(sentence)
    complete, missing = _complete(joined[names])
    notes.extend(missing)
    return Reading(History(complete), len(joined) - len(complete), unmatched, tuple(notes))


def read_table(
    file: str | Path, columns: Sequence[str] | None = None, options: ReadingOptions = _AS_WRITTEN
) -> pd.DataFrame:
    """Return columns of one file by date (n_rows, n_columns), missing prices as NaN, no row left out.

    Without ``columns``, all columns that begin with a number or an empty cell; those of text are left out.
    """
    source = open_source(file, options)
    names = list(numeric_columns(source, options)) if columns is None else _checked_names(columns)
    for name in names:
        _home(name, [source])
    if not names:
        raise ColumnError(f"{source.path} has no column of numbers (columns: {listed(source.names)})")
    return read_source(source, names, options).prices


def file_of(files: Sequence[str | Path], column: str, options: ReadingOptions = _AS_WRITTEN) -> tuple[Path, str]:
    """Return the file that has a column, ``COL`` or ``FILESTEM:COL``, and the column's name there.

    Raises
    ------
    FileError, ColumnError
    """
    sources = _opened(files, options)
    number, plain = _home(column, sources)
    return sources[number].path, plain


def _checked_names(columns: Sequence[str]) -> list[str]:
    if isinstance(columns, str) or not columns:
        raise InputError(f"columns must be a list of one or more column names; received {columns!r}")
    twice = next((name for name in columns if list(columns).count(name) > 1), None)
    if twice is not None:
        raise InputError(f"column {twice!r} is named twice; name each column once")
    return list(columns)


def _opened(files: Sequence[str | Path], options: ReadingOptions) -> list[Source]:
    if isinstance(files, (str, Path)) or not files:
        raise InputError(f"files must be a list of one or more paths; received {files!r}")
    sources = [open_source(file, options) for file in files]
    seen: dict[Path, Path] = {}
    for source in sources:
        place = source.path.resolve()
        if place in seen:
            raise InputError(f"file {source.path} is named twice; name each file once")
        seen[place] = source.path
    return sources


def _home(name: str, sources: Sequence[Source]) -> tuple[int, str]:
    """Return which source a column is in and its name there."""
    plain = [number for number, source in enumerate(sources) if name in source.names]
    if len(plain) == 1:
        return plain[0], name
    if plain:
        stems = [sources[number].stem for number in plain]
        ways = " or ".join(repr(f"{stem}:{name}") for stem in dict.fromkeys(stems))
        files = " and ".join(str(sources[number].path) for number in plain)
        raise ColumnError(f"column {name!r} is in {files}; write it as {ways}" + _same_stem(stems))
    stemmed = [
        (number, name[len(source.stem) + 1 :])
        for number, source in enumerate(sources)
        if name.startswith(f"{source.stem}:")
    ]
    found = [(number, column) for number, column in stemmed if column in sources[number].names]
    if len(found) == 1:
        return found[0]
    if found:
        files = " and ".join(str(sources[number].path) for number, _ in found)
        raise ColumnError(f"{name!r} may be in {files}, which share a name; rename one of these files")
    raise _not_found(name, sources, stemmed)


def _same_stem(stems: Sequence[str]) -> str:
    return "; these files share a name, so rename one of them first" if len(set(stems)) < len(stems) else ""


def _not_found(name: str, sources: Sequence[Source], stemmed: Sequence[tuple[int, str]]) -> ColumnError:
    looked = [sources[number] for number, _ in stemmed] or list(sources)
    column = stemmed[0][1] if stemmed else name
    known = list(dict.fromkeys(known for source in looked for known in source.names if known))
    files = " or ".join(source.path.name for source in looked)
    hint = did_you_mean(column, known) or ";"
    if not stemmed and any(looks_like_a_date(name) for name in known):
        hint = "; its first line looks like data, so add a line of column names"
    return ColumnError(f"column {column!r} not found in {files}{hint} (columns: {listed(known)})".replace("; (", " ("))


def _asked_span(start: object, end: object) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    first = None if start is None else moment(start, "start")
    last = None if end is None else last_moment(end, "end")
    if first is not None and last is not None and first > last:
        raise InputError(f"start {written(first)} is after end {written(moment(end, 'end'))}; exchange them")
    return first, last


def _within(
    prices: pd.DataFrame, span: tuple[pd.Timestamp | None, pd.Timestamp | None], source: Source
) -> pd.DataFrame:
    first, last = span
    kept = np.ones(len(prices), dtype=np.bool_)
    if first is not None:
        kept &= np.asarray(prices.index >= first)
    if last is not None:
        kept &= np.asarray(prices.index <= last)
    if not kept.any():
        raise DataError(
            f"{source.path} has no rows from {'its start' if first is None else written(first)} to "
            f"{'its end' if last is None else written(last.floor('s'))}: it runs from {written(prices.index[0])} to "
            f"{written(prices.index[-1])}; widen --start and --end"
        )
    cut = prices[kept]
    for name in cut.columns:
        if cut[name].isna().all():
            raise DataError(
                f"column {name!r} of {source.path} has no price at all on {len(cut)} dates from "
                f"{written(cut.index[0])} to {written(cut.index[-1])}; name another column or other dates"
            )
    return cut


def _require_one_zone(tables: Sequence[tuple[Source, Table]]) -> None:
    first_source, first = tables[0]
    for source, table in tables[1:]:
        if table.zone != first.zone:
            raise DataError(
                f"dates in {first_source.path} are in {first.zone or 'no zone'} and in {source.path} in "
                f"{table.zone or 'no zone'}; bring both to one time zone, or leave times and zones out of both"
            )


def _joined(tables: Sequence[tuple[Source, Table]]) -> tuple[pd.DataFrame, int, list[str]]:
    frames = [table.prices for _, table in tables]
    if len(frames) == 1:
        return frames[0], 0, []
    joined = pd.concat(frames, axis=1, join="inner").sort_index()
    if joined.empty:
        spans = ", ".join(
            f"{source.path} {written(frame.index[0])} to {written(frame.index[-1])}"
            for (source, _), frame in zip(tables, frames, strict=True)
        )
        raise DataError(f"the files have no date in common ({spans}); choose files that cover the same dates")
    first, last = max(frame.index[0] for frame in frames), min(frame.index[-1] for frame in frames)
    inside = [frame.index[_between(frame, first, last)] for frame in frames]
    everywhere = inside[0]
    for index in inside[1:]:
        everywhere = everywhere.union(index)
    apart = everywhere.difference(joined.index)
    if not len(apart):
        return joined, 0, []
    have = [source.path.name for (source, _), index in zip(tables, inside, strict=True) if apart[0] in index]
    lack = [source.path.name for (source, _), index in zip(tables, inside, strict=True) if apart[0] not in index]
    sentence = (
        f"{counted(len(apart), 'date')} that only some files have left (first {written(apart[0])}: in "
        f"{', '.join(have)}, not in {', '.join(lack)})"
    )
    return joined, len(apart), [sentence]


def _between(frame: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> BoolArray:
    return np.asarray((frame.index >= first) & (frame.index <= last))


def _complete(joined: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    gaps = joined.isna()
    rows = gaps.any(axis=1).to_numpy(dtype=bool)
    if not rows.any():
        return joined, []
    counts = ", ".join(f"{name!r} on {int(gaps[name].sum())}" for name in joined.columns if gaps[name].any())
    if rows.all():
        raise DataError(
            f"no date has a price in every column (missing: {counts} of {len(joined)} dates); choose columns or dates "
            "that overlap"
        )
    first = written(joined.index[int(np.argmax(rows))])
    return joined[~rows], [
        f"{counted(int(rows.sum()), 'row')} left because a price is missing (first {first}; missing: {counts})"
    ]
