"""Read a delimited file whose rows are things other than prices on dates: positions, options, markets, quotes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow._types import IntArray
from hedgerow.errors import DataError
from hedgerow.market.delimited import find_layout
from hedgerow.market.files import existing_file
from hedgerow.market.numbers import NumberColumn


def read_cells(file: str | Path, what: str = "rows") -> tuple[pd.DataFrame, IntArray]:
    """Return the cells of a delimited file as stripped text, and the line on which each row stands.

    Parameters
    ----------
    file : path
        Comma, semicolon, tab or bar between cells; the first line names the columns.
    what : str
        What its rows are, for the sentence where there are none.

    Returns
    -------
    tuple of DataFrame (n, n_columns) and int array (n,)
        Blank lines are left out; an empty cell is the empty text.

    Raises
    ------
    FileError, DataError
        One sentence with the file.
    """
    path = existing_file(file)
    layout = find_layout(path, None)
    try:
        cells = pd.read_csv(
            path,
            sep=layout.separator,
            encoding=layout.encoding,
            header=None,
            names=list(layout.names),
            index_col=False,
            skiprows=layout.header_line,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, ValueError) as error:
        raise DataError(f"cannot part {path} into rows ({error}); check its quotes and names") from error
    cells = cells.fillna("").apply(lambda column: column.str.strip())
    filled = (cells != "").any(axis=1).to_numpy(dtype=bool)
    lines = np.flatnonzero(filled) + layout.header_line + 1
    cells = cells[filled].reset_index(drop=True)
    if not len(cells):
        raise DataError(f"{path} has no {what}; write one a line below the names of its columns")
    return cells, lines


def with_numbers(cells: pd.DataFrame, lines: IntArray, columns: Collection[str], file: str) -> pd.DataFrame:
    """Return the cells with the named columns read as numbers, NaN where a cell is empty.

    Parameters
    ----------
    cells : DataFrame
        From :func:`read_cells`, with its ``lines``.
    lines : int array (n,)
        Line of each row.
    columns : collection of str
        Columns to read; those that are not there are passed over.
    file : str
        Name for sentences.

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        Where a cell is no number: line, column and cell.
    """
    read = cells.copy()
    for name in columns:
        if name in read.columns:
            numbers = NumberColumn(name, file, ".")
            numbers.add(cells[name], lines)
            read[name] = numbers.finish()
    return read
