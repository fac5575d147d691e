"""Read the files of a price study: lists of options and markets of underlyings."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hedgerow.market.cells import read_cells, with_numbers

TEXT_COLUMNS = ("kind", "underlying", "pays", "barrier_kind", "average", "name", "currency", "expiry", "note")
"""Columns of a list of options that hold text; every other one holds numbers where all its cells do."""


def read_rows(file: str | Path, text: tuple[str, ...] = TEXT_COLUMNS, needed: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the rows of a CSV file, numbers read.

    Parameters
    ----------
    file : path
        CSV file with a line of names.
    text : tuple of str
        Columns left as text.
    needed : tuple of str
        Columns that must be numbers; another one that holds anything else stays text.

    Returns
    -------
    DataFrame (n, n_columns)

    Raises
    ------
    FileError, DataError
        One sentence with file, line, column and cell.
    """
    cells, lines = read_cells(file, "options")
    numeric = [
        str(name)
        for name in cells.columns
        if name not in text and (name in needed or bool(pd.to_numeric(cells[name], errors="coerce").notna().any()))
    ]
    return with_numbers(cells, lines, numeric, Path(file).name)
