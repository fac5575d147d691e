"""One file of prices: its columns, its dates in order, and nothing in it left in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow._types import IntArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.dates import DATE_NAMES, DateColumn, looks_like_a_date, written
from hedgerow.market.delimited import Layout, find_layout, read_delimited, repeated_names
from hedgerow.market.files import existing_file, is_parquet
from hedgerow.market.numbers import MISSING_MARKS, NumberColumn, counted
from hedgerow.market.parquet import ParquetLayout, find_parquet_layout, read_parquet

_COLUMNS_LISTED = 20


@dataclass(frozen=True)
class ReadingOptions:
    """How files are read where they leave room for doubt.

    Attributes
    ----------
    date : str, optional
        The date column. Without it a column called date, datetime, timestamp or time in any case, else the first
        column where it holds dates.
    date_format : str, optional
        A ``strptime`` form such as "%d/%m/%Y"; without it ISO dates, and others that can be read one way only.
    decimal : str
        The decimal mark, "." or ",".
    separator : str, optional
        The mark between columns; found among ``, ; tab |`` when not given.
    """

    date: str | None = None
    date_format: str | None = None
    decimal: str = "."
    separator: str | None = None

    def __post_init__(self) -> None:
        if self.decimal not in (".", ","):
            raise InputError(f"decimal must be . or ,; received {self.decimal!r}")


@dataclass(frozen=True)
class Source:
    """A file that was opened but not yet read: where it is and which columns it has."""

    path: Path
    layout: Layout | ParquetLayout

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in file order."""
        return self.layout.names

    @property
    def stem(self) -> str:
        """The name that stands before the colon in ``FILESTEM:COL``."""
        return self.path.stem


@dataclass(frozen=True)
class Table:
    """Columns of one file: prices (n_rows, n_columns) by date, the zone of its dates, and what was decided."""

    prices: pd.DataFrame
    zone: str | None
    notes: tuple[str, ...]


def open_source(file: str | Path, options: ReadingOptions) -> Source:
    """Look at the beginning of a file: is it there, is it a table, which columns has it."""
    path = existing_file(file)
    return Source(path, find_parquet_layout(path) if is_parquet(path) else find_layout(path, options.separator))


def read_source(source: Source, columns: Sequence[str], options: ReadingOptions) -> Table:
    """Read the named columns of a file; only they and the date are looked at."""
    layout, file = source.layout, str(source.path)
    dated = date_position(source, options)
    unit = "row" if isinstance(layout, ParquetLayout) else "line"
    dates = DateColumn(file, options.date_format, unit)
    numbers = [NumberColumn(name, file, options.decimal, unit) for name in columns]
    pairs = [(_position(source, column.name, dated), column) for column in numbers]
    if isinstance(layout, ParquetLayout):
        lines = read_parquet(layout, dates, dated, pairs)
    else:
        lines = read_delimited(layout, dates, dated, pairs)
    stamps = dates.finish()
    frame = pd.DataFrame({column.name: column.finish() for column in numbers}, index=stamps.rename("date"))
    _require_order(frame, lines, file, unit)
    found = layout.notes if isinstance(layout, Layout) else ()
    return Table(frame, dates.zone, (*found, *dates.notes, *(note for column in numbers for note in column.notes)))


def numeric_columns(source: Source, options: ReadingOptions) -> tuple[str, ...]:
    """Return the columns whose first row holds a number or nothing; the date column is not among them."""
    dated = date_position(source, options)
    layout = source.layout
    if isinstance(layout, ParquetLayout):
        kinds = [str(kind) for kind in layout.types]
        numeric = [kind.startswith(("int", "uint", "float", "double", "halffloat", "decimal")) for kind in kinds]
    else:
        cells = (*layout.first_cells, *[""] * len(layout.names))
        numeric = [_may_be_a_number(cell, options.decimal) for cell in cells[: len(layout.names)]]
    pairs = enumerate(zip(source.names, numeric, strict=True))
    return tuple(name for position, (name, is_number) in pairs if is_number and name and position != dated)


def listed(names: Sequence[str]) -> str:
    """Return column names for a sentence, the first twenty of them."""
    more = f" and {len(names) - _COLUMNS_LISTED} more" if len(names) > _COLUMNS_LISTED else ""
    return ", ".join(names[:_COLUMNS_LISTED]) + more


def _may_be_a_number(cell: str, decimal: str) -> bool:
    if cell in MISSING_MARKS:
        return True
    bare = cell.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    try:
        float(bare)
    except ValueError:
        return False
    return not looks_like_a_date(cell) or cell.isdigit()


def date_position(source: Source, options: ReadingOptions) -> int:
    """Return which column holds the dates: the one named, one called like a date, or the first where it has dates."""
    names, file = source.names, source.path
    if options.date is not None:
        if options.date not in names:
            hint = did_you_mean(options.date, names)
            raise ColumnError(f"date column {options.date!r} not found in {file}{hint} (columns: {listed(names)})")
        return _only_position(source, options.date)
    folded = [name.casefold() for name in names]
    for name in DATE_NAMES:
        if name in folded:
            return folded.index(name)
    layout = source.layout
    if isinstance(layout, ParquetLayout):
        found = next((at for at in range(len(names)) if layout.holds_dates(at)), None)
        if found is not None:
            return found
    elif layout.first_cells and (looks_like_a_date(layout.first_cells[0]) or options.date_format is not None):
        return 0
    headless = any(looks_like_a_date(name) for name in names)
    hint = "its first line looks like data: add a line of column names" if headless else "name it with --date"
    raise ColumnError(f"no date column found in {file}; {hint} (columns: {listed(names)})")


def _only_position(source: Source, name: str) -> int:
    if name in repeated_names(source.names):
        raise ColumnError(f"{source.path} has {source.names.count(name)} columns called {name!r}; rename one of them")
    return source.names.index(name)


def _position(source: Source, name: str, dated: int) -> int:
    position = _only_position(source, name)
    if position == dated:
        raise ColumnError(f"{name!r} is the date column of {source.path}, not a price; name another column")
    return position


def _require_order(frame: pd.DataFrame, lines: IntArray, file: str, unit: str) -> None:
    """Refuse rows out of order and dates that repeat, saying which of the two and where."""
    stamps = frame.index.to_numpy()
    back = stamps[1:] < stamps[:-1]
    if back.any():
        if (stamps[1:] <= stamps[:-1]).all():
            raise DataError(
                f"dates in {file} run newest first ({written(stamps[0])} to {written(stamps[-1])}); sort its rows by "
                "date, oldest first"
            )
        at = int(np.argmax(back))
        raise DataError(
            f"dates in {file} are not sorted: {written(stamps[at + 1])} on {unit} {lines[at + 1]} follows "
            f"{written(stamps[at])}; sort its rows by date"
        )
    same = stamps[1:] == stamps[:-1]
    if same.any():
        raise _repeated(frame.to_numpy(), np.flatnonzero(same), lines, (file, unit, stamps))


def _repeated(values: np.ndarray, firsts: IntArray, lines: IntArray, where: tuple[str, str, np.ndarray]) -> DataError:
    file, unit, stamps = where
    one, two = values[firsts], values[firsts + 1]
    conflicts = firsts[~((one == two) | (np.isnan(one) & np.isnan(two))).all(axis=1)]
    at = int(conflicts[0] if len(conflicts) else firsts[0])
    place = f"first {written(stamps[at])}, {unit}s {lines[at]} and {lines[at + 1]}"
    if len(conflicts):
        return DataError(
            f"{file} holds {counted(len(conflicts), 'row')} with the date of the row before but other prices "
            f"({place}); decide which row is right and delete the other"
        )
    count = counted(len(firsts), "exact repeat")
    return DataError(f"{file} holds {count} of the row before ({place}); delete the repeats")
