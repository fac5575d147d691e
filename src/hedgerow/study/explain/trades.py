"""Trades of an explain study: the rows of a file or a list, with what was paid for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.attribution import Trade
from hedgerow.errors import ColumnError, DataError, HedgerowError
from hedgerow.instruments import Book

PAID = ("price", "fee")
"""Columns of a trade beyond those of a position."""


def trades_of(words: str | Sequence[Mapping[str, Any]], folder: Path) -> tuple[Trade, ...]:
    """Return the trades of a CSV file or of a list of rows.

    Parameters
    ----------
    words : str or sequence of mapping
        Columns of a book, ``price`` per unit, before the multiplier, and ``fee``, positive money (0 unless given).
    folder : path
        Where a file's name starts.

    Returns
    -------
    tuple of Trade

    Raises
    ------
    FileError, ColumnError, DataError, InputError
        One sentence with line or place.
    """
    if not isinstance(words, str):
        rows = [{"type": "european", **row} if "instrument" not in row else dict(row) for row in words]
        return _trades(pd.DataFrame(rows), [f"trade {number}" for number in range(len(rows))], "trades")
    from hedgerow.instruments.book_table import NUMBER_COLUMNS
    from hedgerow.market.cells import read_cells, with_numbers

    file = folder / words
    cells, lines = read_cells(file, "trades")
    frame = with_numbers(cells, lines, (*NUMBER_COLUMNS, *PAID), file.name)
    return _trades(frame, [f"line {line} of {file.name}" for line in lines], file.name)


def _trades(frame: pd.DataFrame, places: Sequence[str], name: str) -> tuple[Trade, ...]:
    if not len(frame):
        return ()
    if "price" not in frame.columns:
        raise ColumnError(f"{name} needs a column 'price' (columns: {', '.join(map(str, frame.columns))}); add it")
    paid = {column: _money(frame, column, places) for column in PAID if column in frame.columns}
    try:
        held = Book.from_frame(frame.drop(columns=list(paid))).positions
    except HedgerowError as error:
        told = re.sub(r"position (\d+)", lambda found: places[int(found[1])], str(error))
        raise type(error)(told.replace("a book's table", name)) from error
    made = []
    for number, position in enumerate(held):
        fee = float(paid["fee"][number]) if "fee" in paid else 0.0
        price = float(paid["price"][number])
        try:
            made.append(Trade(position.instrument, position.quantity, price, fee, position.vol))
        except HedgerowError as error:
            raise DataError(f"{places[number]}: {error}") from error
    return tuple(made)


def _money(frame: pd.DataFrame, column: str, places: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=np.float64)
    if column == "fee":
        empty = frame[column].isna().to_numpy() | (frame[column].astype(str) == "").to_numpy()
        values = np.where(empty, 0.0, values)
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        cell = frame[column].iloc[wrong[0]]
        raise DataError(f"{places[wrong[0]]}: {column} must be a number, not {cell!r}; give what was paid")
    return values
