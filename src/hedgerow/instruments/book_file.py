"""Read a book from a CSV file, remembering the line of every position."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hedgerow.instruments.book_table import NUMBER_COLUMNS
from hedgerow.instruments.columns import Places
from hedgerow.market.cells import read_cells, with_numbers


def read_book_file(file: str | Path) -> tuple[pd.DataFrame, Places]:
    """Return the cells of a CSV book, numbers read, and the line on which each row stands.

    Parameters
    ----------
    file : path

    Returns
    -------
    tuple of DataFrame, Places

    Raises
    ------
    FileError, DataError
        One sentence with file and line.
    """
    cells, lines = read_cells(file, "positions")
    name = Path(file).name
    return with_numbers(cells, lines, NUMBER_COLUMNS, name), Places(lines, name)
