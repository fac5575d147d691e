"""Delimited text read in blocks: bounded memory, every row's line known, no row bent to fit."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import DateColumn, looks_like_a_date
from hedgerow.market.files import as_stream, first_lines, line_blocks, text_encoding
from hedgerow.market.numbers import MISSING_MARKS, NumberColumn, counted

_SEPARATORS = (",", ";", "\t", "|")
_LINES_SNIFFED = 50


@dataclass(frozen=True)
class Layout:
    """How a delimited file is laid out.

    Attributes
    ----------
    names : tuple of str
        Column names, stripped of blanks around them.
    header_line : int
        Line on which the names stand, counted from 1.
    """

    path: Path
    encoding: str
    separator: str
    names: tuple[str, ...]
    header_line: int
    first_cells: tuple[str, ...]
    notes: tuple[str, ...]


def find_layout(path: Path, separator: str | None) -> Layout:
    """Return the layout of a delimited file: encoding, separator and column names.

    Raises
    ------
    DataError
        If the file is no text, holds no lines, or has a line of names and nothing else.
    """
    if separator is not None and len(separator) != 1:
        raise InputError(f"separator must be one character such as ; or a tab; received {separator!r}")
    encoding = text_encoding(path)
    text = first_lines(path, encoding)
    lines = text.split("\n")
    header_at = next((i for i, line in enumerate(lines) if line.strip()), None)
    if header_at is None:
        raise DataError(f"{path} holds only blank lines; it needs a line of column names and rows of prices")
    body = "\n".join(line for line in lines[header_at:] if line.strip())
    chosen = separator or _sniffed(body)
    rows = _first_rows(body, chosen)
    if len(rows) < 2:
        raise DataError(f"{path} has column names but no rows; it needs at least one row of prices")
    names = tuple(name.strip() for name in rows[0])
    notes = [f"{path.name} is not UTF-8 and was read as Windows-1252"] if encoding == "cp1252" else []
    if names != tuple(rows[0]):
        notes.append(f"blanks around column names in {path.name} were removed")
    return Layout(path, encoding, chosen, names, header_at + 1, tuple(cell.strip() for cell in rows[1]), tuple(notes))


def _first_rows(body: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(as_stream(body), delimiter=separator, skipinitialspace=True):
            rows.append(row)
            if len(rows) > _LINES_SNIFFED:
                break
    except csv.Error as error:
        raise DataError(f"cannot part the text into columns ({error}); export the table again as CSV") from error
    return rows


def _sniffed(body: str) -> str:
    """Return the separator under which most rows have as many cells as the header, ties to the most cells."""

    def merit(separator: str) -> tuple[bool, int, int]:
        widths = [len(row) for row in _first_rows(body, separator)]
        return widths[0] > 1, sum(width == widths[0] for width in widths), widths[0]

    return max(_SEPARATORS, key=merit)


def read_delimited(
    layout: Layout, dates: DateColumn, date_position: int, columns: Sequence[tuple[int, NumberColumn]]
) -> IntArray:
    """Read the named columns of a file into ``dates`` and ``columns``; return each row's line (n_rows,).

    Raises
    ------
    DataError
        Naming file and line: a row with more or fewer cells than the header, the header repeated, a row with
        prices but no date, an unreadable date or number.
    """
    kept: list[IntArray] = []
    next_line = 1
    for text in line_blocks(layout.path, layout.encoding):
        first_line, next_line = next_line, next_line + text.count("\n")
        lines = _checked_lines(text, first_line, layout)
        frame = _parsed(text, first_line, layout, date_position, columns)
        texts = frame[date_position].fillna("").astype(str).str.strip()
        rows = _filled(frame, texts, lines, layout, date_position)
        if not rows.any():
            continue
        lines, texts = lines[rows], texts[rows]
        _refuse_repeated_header(texts, lines, layout, date_position)
        dates.add(texts, lines)
        for position, column in columns:
            column.add(frame[position][rows], lines)
        kept.append(lines)
    if not kept:
        raise DataError(f"{layout.path} has column names but no rows; it needs at least one row of prices")
    return np.concatenate(kept)


def _checked_lines(text: str, first_line: int, layout: Layout) -> IntArray:
    """Return the line of each record below the header, having counted its cells."""
    width = len(layout.names)
    if '"' in text:
        found = _quoted_records(text, first_line, layout)
        numbers, cells = found[:, 0], found[:, 1]
        blank = found[:, 2].astype(np.bool_)
    else:
        records = text.split("\n")
        if records[-1] == "":
            records.pop()
        numbers = np.arange(first_line, first_line + len(records), dtype=np.int64)
        cells = np.array([record.count(layout.separator) for record in records], dtype=np.int64) + 1
        blank = np.zeros(len(records), dtype=np.bool_)
        for at in np.flatnonzero(cells != width):
            blank[at] = not records[at].strip(layout.separator + " \t")
    below = numbers > layout.header_line
    wrong = np.flatnonzero((cells != width) & ~blank & below)
    if len(wrong):
        line, count = int(numbers[wrong[0]]), int(cells[wrong[0]])
        raise DataError(
            f"line {line} of {layout.path} has {counted(count, 'cell')} where the header has {width}; correct it, "
            "put quotes around cells that hold the separator, or give --separator"
        )
    return np.asarray(numbers[below], dtype=np.int64)


def _quoted_records(text: str, first_line: int, layout: Layout) -> IntArray:
    """Return (n_records, 3): line, number of cells, and whether all cells are blank."""
    reader = csv.reader(as_stream(text), delimiter=layout.separator, skipinitialspace=True)
    found, start = [], 0
    try:
        for row in reader:
            found.append((first_line + start, len(row), not any(cell.strip() for cell in row)))
            start = reader.line_num
    except csv.Error as error:
        line = first_line + reader.line_num
        raise DataError(f"cannot part line {line} of {layout.path} into cells ({error}); check its quotes") from error
    return np.array(found, dtype=np.int64).reshape(-1, 3)


def _parsed(
    text: str, first_line: int, layout: Layout, date_position: int, columns: Sequence[tuple[int, NumberColumn]]
) -> pd.DataFrame:
    """Return the columns used, named by their positions, one row per record below the header."""
    skipped = max(layout.header_line - first_line + 1, 0)
    options: dict[str, Any] = {} if int(pd.__version__.split(".")[0]) >= 3 else {"float_precision": "round_trip"}
    positions = [position for position, _ in columns]
    decimal = next((column.decimal for _, column in columns), ".")
    used = sorted({date_position, *positions})
    if skipped:
        text = text.split("\n", skipped)[-1] if text.count("\n") >= skipped else ""
    if not text:
        return pd.DataFrame({position: pd.Series(dtype=object) for position in used})
    marks: dict[Any, Any] = {position: list(MISSING_MARKS) for position in positions}
    try:
        table: pd.DataFrame = pd.read_csv(
            as_stream(text),
            sep=layout.separator,
            header=None,
            names=list(range(len(layout.names))),
            index_col=False,
            decimal=decimal,
            skipinitialspace=True,
            usecols=used,
            dtype={date_position: str},
            keep_default_na=False,
            na_values=marks,
            skip_blank_lines=False,
            low_memory=False,
            **options,
        )
    except pd.errors.ParserError as error:
        raise DataError(f"cannot part {layout.path} into rows ({error}); check its quotes") from error
    return table


def _filled(frame: pd.DataFrame, texts: pd.Series, lines: IntArray, layout: Layout, date_position: int) -> BoolArray:
    """Return which rows hold anything in the columns used; a row with prices and no date is refused."""
    if len(frame) != len(lines):
        raise DataError(f"cannot part {layout.path} into rows; check its quotes, or export the table again")
    dated = (texts != "").to_numpy(dtype=bool)
    others = frame.columns[frame.columns != date_position]
    priced = frame.loc[~dated, others].notna().any(axis=1).to_numpy(dtype=bool)
    if priced.any():
        line = int(lines[~dated][int(np.argmax(priced))])
        raise DataError(f"line {line} of {layout.path} has prices but no date; date it or delete it")
    return dated


def _refuse_repeated_header(texts: pd.Series, lines: IntArray, layout: Layout, date_position: int) -> None:
    name = layout.names[date_position]
    if looks_like_a_date(name):
        return
    repeated = (texts == name).to_numpy(dtype=bool)
    if repeated.any():
        line = int(lines[int(np.argmax(repeated))])
        raise DataError(f"line {line} of {layout.path} repeats the column names; delete it")


def repeated_names(names: Sequence[str]) -> set[str]:
    """Return the names that stand over more than one column."""
    return {name for name, count in Counter(names).items() if count > 1 and name}
