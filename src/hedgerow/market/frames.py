"""Tables from elsewhere, checked and copied into memory that cannot be written to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.market.dates import DATE_NAMES, written


def checked_prices(prices: pd.DataFrame) -> tuple[Any, tuple[str, ...], FloatArray]:
    """Return time stamps, names and prices of a table as read-only copies, or refuse it with a sentence."""
    if not isinstance(prices, pd.DataFrame):
        raise InputError(
            f"prices must be a pandas DataFrame; received {type(prices).__name__}; "
            "History.from_frame takes other tables"
        )
    names = _checked_names(list(prices.columns))
    stamps = _checked_stamps(prices.index)
    array = np.empty(prices.shape, dtype=np.float64)
    for position, name in enumerate(names):
        array[:, position] = _numbers(prices.iloc[:, position], name)
    infinite = np.isinf(array)
    if infinite.any():
        row, column = np.argwhere(infinite)[0]
        raise DataError(
            f"{names[column]!r} is infinite on {written(stamps[row])}; prices must be finite: correct it or leave the "
            "cell empty"
        )
    array.flags.writeable = False
    return stamps, names, array


def checked_labels(contracts: pd.DataFrame, stamps: Any, names: tuple[str, ...], array: FloatArray) -> Any:
    """Return contract labels (n_times, n_instruments) as a read-only copy, or refuse them with a sentence."""
    if list(contracts.columns) != list(names) or not np.array_equal(np.asarray(contracts.index), stamps):
        raise DataError("contracts must have the same dates and instruments as prices; reindex them like the prices")
    labels = contracts.to_numpy(dtype=object, copy=True)
    unlabelled = np.asarray(pd.isna(labels)) & ~np.isnan(array)
    if unlabelled.any():
        row, column = np.argwhere(unlabelled)[0]
        raise DataError(
            f"{names[column]!r} has a price but no contract label on {written(stamps[row])}; "
            "name the contract of every price"
        )
    labels.flags.writeable = False
    return labels


def _checked_names(columns: list[Any]) -> tuple[str, ...]:
    if not columns:
        raise DataError("the price table has no columns; give at least one instrument")
    for name in columns:
        if not isinstance(name, str):
            raise ColumnError(f"instrument names must be text; received {name!r}; rename the column")
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if twice is not None:
        raise ColumnError(f"instrument {twice!r} is there {columns.count(twice)} times; give each column its own name")
    return tuple(columns)


def _checked_stamps(index: pd.Index[Any]) -> Any:
    if not isinstance(index, pd.DatetimeIndex):
        raise DataError(
            f"rows must be dates (a pandas DatetimeIndex); received {type(index).__name__}; "
            "use History.from_frame with date= or pandas.to_datetime"
        )
    if not len(index):
        raise DataError("the price table has no rows; give at least one date")
    if index.tz is not None:
        raise DataError(
            f"dates carry the time zone {index.tz}; prices are dated without one: take index.tz_localize(None) once "
            "all instruments stand in one zone"
        )
    if index.hasnans:
        raise DataError(f"row {int(np.argmax(np.asarray(index.isna()))) + 1} has no date; remove it or date it")
    if not index.is_monotonic_increasing:
        values = index.to_numpy()
        at = int(np.argmax(values[1:] < values[:-1]))
        raise DataError(
            f"dates are not sorted: {written(values[at + 1])} follows {written(values[at])} (row {at + 2}); "
            "sort by date"
        )
    if not index.is_unique:
        repeated = index[index.duplicated()]
        raise DataError(
            f"dates repeat: {written(repeated[0])} is there more than once ({len(repeated)} rows too many); keep one "
            "row per date"
        )
    stamps = index.to_numpy(copy=True)
    stamps.flags.writeable = False
    return stamps


def _numbers(column: pd.Series, name: str) -> FloatArray:
    kind = column.dtype
    if pd.api.types.is_bool_dtype(kind) or not pd.api.types.is_numeric_dtype(kind) or kind.kind == "c":
        raise DataError(f"{name!r} does not hold numbers (it holds {kind}); convert it or leave it out")
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def frame_with_dates(frame: Any, date: str | None) -> pd.DataFrame:
    """Return a pandas table indexed by date from a pandas, polars or pyarrow table."""
    import narwhals as nw

    if isinstance(frame, pd.DataFrame) and date is None and isinstance(frame.index, pd.DatetimeIndex):
        return frame
    try:
        table = nw.from_native(frame, eager_only=True)
    except TypeError as error:
        raise InputError(
            f"a price table must come from pandas, polars or pyarrow; received {type(frame).__name__}"
        ) from error
    name = _date_name(list(table.columns), date)
    if not table[name].dtype.is_temporal():
        raise DataError(f"column {name!r} does not hold dates (it holds {table[name].dtype}); make it dates")
    if getattr(table[name].dtype, "time_zone", None) is not None:
        raise DataError(
            f"column {name!r} carries the time zone {table[name].dtype.time_zone}; "
            "prices are dated without one: remove it once all instruments stand in one zone"
        )
    index = pd.DatetimeIndex(np.asarray(table[name].to_numpy(), dtype="M8[us]"))
    for other in table.columns:
        if other != name and not table[other].dtype.is_numeric():
            raise DataError(f"{other!r} does not hold numbers (it holds {table[other].dtype}); select numeric columns")
    columns = {other: np.asarray(table[other].cast(nw.Float64).to_numpy()) for other in table.columns if other != name}
    return pd.DataFrame(columns, index=index)


def _date_name(columns: list[str], date: str | None) -> str:
    if date is not None:
        if date not in columns:
            raise ColumnError(
                f"there is no date column {date!r}{did_you_mean(date, columns)} (columns: {', '.join(columns)})"
            )
        return date
    folded = {str(name).casefold(): name for name in reversed(columns)}
    found = next((folded[name] for name in DATE_NAMES if name in folded), None)
    if found is None:
        raise ColumnError(f"no column is called date; name it with date= (columns: {', '.join(columns)})")
    return found
