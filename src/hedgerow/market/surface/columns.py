"""Names that chain files give their columns, and the one tidy form they are brought into."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean

COLUMNS = ("at", "expiry", "strike", "kind", "bid", "ask", "vol", "volume", "open_interest", "style", "spot", "quoted")
"""Columns of a tidy chain, in order; all but the first four may be absent, but bid and ask, or vol, must be there."""

_ALIASES = {
    "at": ("at", "date", "quote_date", "quotedate", "trade_date", "timestamp"),
    "expiry": ("expiry", "expiration", "option_expiration", "expiration_date", "expiry_date", "exdate", "maturity"),
    "strike": ("strike", "strike_price"),
    "kind": ("kind", "type", "call/put", "cp", "cp_flag", "option_type", "right", "call_put"),
    "bid": ("bid", "best_bid", "bid_price"),
    "ask": ("ask", "best_offer", "offer", "ask_price"),
    "vol": ("vol", "iv", "implied_volatility", "implied_vol"),
    "volume": ("volume",),
    "open_interest": ("open_interest", "openinterest", "oi"),
    "style": ("style", "exercise_style", "exercise"),
    "spot": ("spot", "stock_price_close", "underlying_price", "underlying_last", "underlying"),
    "quoted": ("quoted", "quote_time", "last_quote"),
}
_KINDS = {"call": "call", "c": "call", "put": "put", "p": "put"}
_STYLES = {"european": "european", "e": "european", "american": "american", "a": "american"}


def tidy(frame: pd.DataFrame, columns: Mapping[str, str] | None, given: Mapping[str, Any]) -> pd.DataFrame:
    """Return a chain in tidy columns, one row per quote, sorted by date, expiry, strike and kind.

    Parameters
    ----------
    frame : DataFrame
        One row per quote; left as it is.
    columns : mapping of str to str, optional
        The file's name of each tidy column, such as ``{"expiry": "exp", "kind": "right"}``. A column that is not named
        is found by the names that vendors commonly use.
    given : mapping of str to value
        Values for ``at``, ``style`` and ``spot`` where the frame has none; ``spot`` may be one number, or a mapping of
        dates to numbers. None is skipped.

    Raises
    ------
    ColumnError
        Where a needed column is missing.
    DataError
        Where a value cannot be read, with its row.
    """
    names = _found(frame, columns or {})
    table = pd.DataFrame({name: frame[source] for name, source in names.items()}).reset_index(drop=True)
    for name, value in given.items():
        if value is not None and name != "spot":
            table[name] = value
    _require(table, list(frame.columns))
    for name in ("at", "expiry", "quoted"):
        if name in table:
            table[name] = _dates(table[name], name)
    table["kind"] = _words(table["kind"], "kind", _KINDS)
    if "style" in table:
        table["style"] = _words(table["style"], "style", _STYLES)
    if given.get("spot") is not None:
        table["spot"] = _spots(table["at"], given["spot"])
    for name in set(COLUMNS) & set(table) - {"at", "expiry", "quoted", "kind", "style"}:
        table[name] = _numbers(table[name], name)
    if "spot" in table and (table["spot"] <= 0.0).any():
        first = int(np.argmax((table["spot"] <= 0.0).to_numpy()))
        raise DataError(
            f"spot must be above 0: {table['spot'].iloc[first]:g} in row {first}; correct it or leave it empty"
        )
    if "vol" in table:
        # Files write -1 or 0 for "none"; a volatility is positive.
        table["vol"] = table["vol"].where(table["vol"] > 0.0)
    ordered = table[[name for name in COLUMNS if name in table]]
    return ordered.sort_values(["at", "expiry", "strike", "kind"], kind="stable", ignore_index=True)


def _found(frame: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, str]:
    for name, source in columns.items():
        if name not in COLUMNS:
            raise InputError(
                f"a chain has no column {name!r}{did_you_mean(name, COLUMNS)}; it has {', '.join(COLUMNS)}"
            )
        if source not in frame.columns:
            raise ColumnError(f"the chain has no column {source!r} for {name}{did_you_mean(source, frame.columns)}")
    folded = {str(column).strip().casefold(): column for column in frame.columns}
    found = dict(columns)
    for name, aliases in _ALIASES.items():
        seen = [folded[alias] for alias in aliases if alias in folded]
        if name not in found and seen:
            found[name] = seen[0]
    return found


def _require(table: pd.DataFrame, seen: Iterable[str]) -> None:
    missing = [name for name in ("at", "expiry", "strike", "kind") if name not in table]
    if not {"bid", "ask"} <= set(table) and "vol" not in table:
        missing.append("bid and ask (or vol)")
    if missing:
        raise ColumnError(
            f"the chain has no column for {', '.join(missing)}; its columns are {', '.join(map(str, seen))}: "
            "name them in columns, such as {'expiry': 'exp_date'}"
        )
    if not len(table):
        raise DataError("the chain has no rows; give at least one quote")


def _dates(column: pd.Series, name: str) -> pd.Series:
    try:
        with warnings.catch_warnings():
            # Dates of unknown form are read one by one, which pandas finds worth a warning; what cannot be read raises.
            warnings.simplefilter("ignore", UserWarning)
            read = pd.to_datetime(column)
    except (ValueError, TypeError):
        raise DataError(f"{name} must hold dates such as 2011-01-03: {_first_no_date(column)}; correct it") from None
    if getattr(read.dt, "tz", None) is not None:
        raise DataError(f"{name} carries the time zone {read.dt.tz}; take tz_localize(None) once all stand in one zone")
    if read.isna().any():
        raise DataError(f"{name} is missing in row {int(np.argmax(read.isna().to_numpy()))}; date it or leave it out")
    return read


def _first_no_date(column: pd.Series) -> str:
    for row, value in enumerate(column):
        try:
            pd.to_datetime(value)
        except (ValueError, TypeError):
            return f"{value!r} in row {row}"
    return "its rows write dates in different ways"


def _words(column: pd.Series, name: str, known: Mapping[str, str]) -> pd.Series:
    read = column.astype(str).str.strip().str.lower().map(known)
    wrong = read.isna().to_numpy()
    if wrong.any():
        first = int(np.argmax(wrong))
        options = " or ".join(sorted(set(known.values())))
        raise DataError(
            f"{name} must be {options}: {column.iloc[first]!r} in row {first} ({int(wrong.sum())} of {len(read)} are)"
        )
    return read.astype(object)


def _numbers(column: pd.Series, name: str) -> pd.Series:
    read = pd.to_numeric(column, errors="coerce").astype(np.float64)
    values = read.to_numpy()
    unread = np.isinf(values) | (np.isnan(values) & column.notna().to_numpy())
    if unread.any():
        first = int(np.argmax(unread))
        raise DataError(f"{name} must be a finite number: {column.iloc[first]!r} in row {first}; correct it")
    return read


def _spots(dates: pd.Series, spot: Any) -> FloatArray:
    if not isinstance(spot, Mapping | pd.Series):
        return np.full(len(dates), float(spot))
    known = {pd.Timestamp(key).normalize(): float(value) for key, value in dict(spot).items()}
    read = dates.dt.normalize().map(known)
    if read.isna().any():
        day = dates[read.isna()].iloc[0]
        raise DataError(f"spot has no value for {day:%Y-%m-%d}; give one for each date of the chain")
    return np.asarray(read, dtype=np.float64)
