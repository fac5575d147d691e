"""Small files that list dates, with a name beside each where one is needed: rolls, days to leave out, last trades."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow.errors import ColumnError, DataError, did_you_mean
from hedgerow.market.dates import DateColumn
from hedgerow.market.delimited import Layout
from hedgerow.market.tables import ReadingOptions, Source, date_position, listed, open_source

_AS_WRITTEN = ReadingOptions()


def read_listing(
    file: str | Path, name: str, options: ReadingOptions = _AS_WRITTEN, *, required: bool = False
) -> pd.Series:
    """Return the dates a file lists, in its order, each with the text in column ``name``.

    Parameters
    ----------
    file : path
        CSV or Parquet with a date column; dates may repeat and stand in any order.
    name : str
        Column of text beside the dates.
    options : ReadingOptions
    required : bool
        Whether the file must have that column; where it may lack it, the text is empty.

    Returns
    -------
    Series, (n_rows,)
        Text, indexed by date.

    Raises
    ------
    FileError, ColumnError, DataError
        One sentence with file, line and remedy.
    """
    source = open_source(file, options)
    at = date_position(source, options)
    if required and name not in source.names:
        hint = did_you_mean(name, source.names)
        raise ColumnError(f"column {name!r} not found in {source.path}{hint} (columns: {listed(source.names)})")
    table, unit = _texts(source)
    filled = (table != "").any(axis=1).to_numpy(dtype=bool)
    lines = np.flatnonzero(filled) + (source.layout.header_line + 1 if isinstance(source.layout, Layout) else 1)
    table = table[filled]
    undated = (table.iloc[:, at] == "").to_numpy(dtype=bool)
    if undated.any():
        line = int(lines[int(np.argmax(undated))])
        raise DataError(f"{unit} {line} of {source.path} has no date; date it or delete it")
    dates = DateColumn(str(source.path), options.date_format, unit)
    dates.add(table.iloc[:, at], lines)
    beside = table.iloc[:, source.names.index(name)] if name in source.names else pd.Series("", index=table.index)
    return pd.Series(beside.to_numpy(dtype=object), index=dates.finish().rename("date"), name=name)


def _texts(source: Source) -> tuple[pd.DataFrame, str]:
    """Return every cell of a file as stripped text, and what its rows are called."""
    layout = source.layout
    if isinstance(layout, Layout):
        try:
            table = pd.read_csv(
                source.path,
                sep=layout.separator,
                encoding=layout.encoding,
                header=None,
                names=list(range(len(layout.names))),
                index_col=False,
                skiprows=layout.header_line,
                dtype=str,
                keep_default_na=False,
                skip_blank_lines=False,
            )
        except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
            raise DataError(f"cannot part {source.path} into rows ({error}); check its quotes") from error
        return table.fillna("").apply(lambda column: column.str.strip()), "line"
    import pyarrow.parquet

    stored = pyarrow.parquet.ParquetFile(source.path).read().to_pandas(ignore_metadata=True)
    return stored.astype(object).where(stored.notna(), "").astype(str).apply(lambda column: column.str.strip()), "row"
