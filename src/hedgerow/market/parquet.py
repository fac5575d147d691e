"""Columns of Parquet files; pyarrow is imported only when one is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import IntArray
from hedgerow.errors import DataError, FileError, MissingExtraError
from hedgerow.market.dates import DateColumn
from hedgerow.market.numbers import NumberColumn


@dataclass(frozen=True)
class ParquetLayout:
    """Column names and types of a Parquet file; an index that pandas stored is one of the columns."""

    path: Path
    names: tuple[str, ...]
    types: tuple[Any, ...]

    def holds_dates(self, position: int) -> bool:
        """Return whether a column is stored as dates or time stamps."""
        kind = str(self.types[position])
        return kind.startswith(("timestamp", "date"))


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError('reading Parquet needs pip install "hedgerow[fast]"') from error
    return pyarrow.parquet


def find_parquet_layout(path: Path) -> ParquetLayout:
    """Return names and types of the columns of a Parquet file."""
    parquet = _pyarrow()
    try:
        schema = parquet.read_schema(path)
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be read as Parquet; it is damaged or not Parquet: export it again") from error
    return ParquetLayout(path, tuple(schema.names), tuple(schema.types))


def read_parquet(
    layout: ParquetLayout, dates: DateColumn, date_position: int, columns: Sequence[tuple[int, NumberColumn]]
) -> IntArray:
    """Read the named columns into ``dates`` and ``columns``; return each row's number from 1 (n_rows,)."""
    names = [layout.names[position] for position in (date_position, *(position for position, _ in columns))]
    try:
        table = _pyarrow().ParquetFile(layout.path).read(columns=list(dict.fromkeys(names)))
    except (OSError, ValueError) as error:
        raise FileError(f"{layout.path} cannot be read as Parquet; it is damaged: export it again") from error
    if table.num_rows == 0:
        raise DataError(f"{layout.path} has columns but no rows; it needs at least one row of prices")
    rows = np.arange(1, table.num_rows + 1, dtype=np.int64)
    dates.add(_date_texts(table.column(names[0]), layout, rows), rows)
    for (_, column), name in zip(columns, names[1:], strict=True):
        column.add(_cells(table.column(name)), rows)
    return rows


def _date_texts(column: Any, layout: ParquetLayout, rows: IntArray) -> pd.Series:
    stored = column.to_pandas(date_as_object=False)
    empty = stored.isna().to_numpy(dtype=bool)
    if empty.any():
        raise DataError(f"row {int(rows[int(np.argmax(empty))])} of {layout.path} has no date; date it or delete it")
    if pd.api.types.is_datetime64_any_dtype(stored.dtype):
        return pd.Series(pd.DatetimeIndex(stored))
    texts: pd.Series = stored.astype(str).str.strip()
    return texts


def _cells(column: Any) -> pd.Series:
    if str(column.type).startswith("decimal"):
        column = column.cast("float64")
    return pd.Series(column.to_pandas())
