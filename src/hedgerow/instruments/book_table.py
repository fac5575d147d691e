"""Read a table of positions into columns, or refuse it with the first wrong cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.errors import ColumnError, DataError, InputError, did_you_mean
from hedgerow.instruments.base import require_choice
from hedgerow.instruments.columns import (
    INSTRUMENTS,
    OPTION_TYPES,
    TYPE_NAMES,
    Columns,
    Places,
    required_fields,
)
from hedgerow.instruments.moments import moment_of, settled
from hedgerow.instruments.option import AVERAGES, BARRIER_KINDS, DIGITAL_PAYS
from hedgerow.pricing.arguments import signs

NUMBER_COLUMNS = {
    "quantity": np.nan,
    "strike": np.nan,
    "multiplier": 1.0,
    "vol": np.nan,
    "barrier": np.nan,
    "rebate": 0.0,
    "monitored_every": 0.0,
    "fixings": 0.0,
    "fixings_done": 0.0,
    "average_so_far": np.nan,
    "realised": 0.0,
}
EXTRA_NUMBERS = ("barrier", "rebate", "monitored_every", "fixings", "fixings_done", "average_so_far", "realised")
CHOICE_COLUMNS = {
    "pays": ("cash", DIGITAL_PAYS),
    "barrier_kind": ("down-and-out", BARRIER_KINDS),
    "average": ("arithmetic", AVERAGES),
}
TEXT_COLUMNS = ("underlying", "instrument", "kind", "expiry", "currency", "calendar", "settlement_time", "start")
COLUMN_NAMES = (*TEXT_COLUMNS, *NUMBER_COLUMNS, *CHOICE_COLUMNS)
_ALIASES = {"type": "instrument"}
_TYPES = {name: name for name in TYPE_NAMES} | {f"{name}_option": name for name in TYPE_NAMES}
_TYPES |= {each.__name__.casefold(): each.type_name for each in INSTRUMENTS}


def columns_of(frame: pd.DataFrame, places: Places | None = None) -> Columns:
    """Return the columns of a table of positions.

    Parameters
    ----------
    frame : DataFrame, (n, ...)
        Columns of ``COLUMN_NAMES``; what an instrument does not use may be empty.
    places : Places, optional
        Where rows stand, for sentences.

    Returns
    -------
    Columns

    Raises
    ------
    ColumnError
        Where a column is missing or unknown.
    DataError
        Where a cell is missing or cannot be read: which, where, what it holds.
    """
    table = _TableReader(_known_columns(frame), places or Places())
    underlying, names = table.names_of("underlying", "")
    currency, currencies = table.names_of("currency", "USD")
    types = table.types()
    table.refuse_missing(types)
    numbers = {name: table.numbers(name, default) for name, default in NUMBER_COLUMNS.items()}
    extras: dict[str, Any] = {name: numbers[name] for name in EXTRA_NUMBERS}
    extras |= {name: table.choices(name, *terms) for name, terms in CHOICE_COLUMNS.items()}
    columns = Columns(
        names=names,
        currencies=currencies,
        underlying=underlying,
        currency=currency,
        types=types,
        sign=table.signs(np.isin(types, [TYPE_NAMES.index(name) for name in OPTION_TYPES])),
        strike=numbers["strike"],
        expiry=table.expiries(types != TYPE_NAMES.index("spot")),
        quantity=numbers["quantity"],
        multiplier=numbers["multiplier"],
        mark=numbers["vol"],
        extras=extras | {"start": table.starts()},
        places=table.places,
    )
    columns.refuse(columns.multiplier <= 0.0, "has a multiplier not above 0", "sell by quantity", columns.multiplier)
    columns.refuse(columns.mark < 0.0, "has a negative vol", "give a decimal: 0.2 for 20 %", columns.mark)
    for name in EXTRA_NUMBERS:
        columns.refuse(extras[name] < 0.0, f"has a negative {name}", "correct it", extras[name])
    for name in ("fixings", "fixings_done"):
        columns.refuse(extras[name] % 1.0 != 0.0, f"has {name} that are no whole number", "correct it", extras[name])
    return columns


def _known_columns(frame: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"a book's table must be a pandas DataFrame; received {type(frame).__name__}")
    renamed = frame.rename(columns=lambda name: _ALIASES.get(name, name))
    for name in renamed.columns:
        if name not in COLUMN_NAMES:
            hint = did_you_mean(str(name), COLUMN_NAMES) or ";"
            raise ColumnError(
                f"a book's table has no column {name!r}{hint} leave it out or rename it".replace("?", "?;")
            )
    if not renamed.columns.is_unique:
        twice = renamed.columns[renamed.columns.duplicated()][0]
        raise ColumnError(f"column {twice!r} is there twice; keep one")
    for name in ("underlying", "instrument", "quantity"):
        if name not in renamed.columns:
            known = ", ".join(map(str, frame.columns))
            raise ColumnError(f"a book's table needs a column {name!r} (columns: {known}); add it")
    return renamed


class _TableReader:
    """Cells of a table by column, read with their place in every refusal."""

    def __init__(self, frame: pd.DataFrame, places: Places) -> None:
        self.frame = frame
        self.places = places
        self._found_empty: dict[str, BoolArray] = {}

    def _empty(self, name: str) -> BoolArray:
        if name not in self._found_empty:
            self._found_empty[name] = self._find_empty(name)
        return self._found_empty[name]

    def _find_empty(self, name: str) -> BoolArray:
        if name not in self.frame.columns:
            return np.ones(len(self.frame), dtype=np.bool_)
        column = self.frame[name]
        empty = np.array(column.isna(), dtype=np.bool_)
        if isinstance(column.dtype, pd.StringDtype):
            empty |= np.array((column == "").fillna(value=True), dtype=np.bool_)
        elif column.dtype == object:
            empty |= np.array([isinstance(cell, str) and not cell for cell in column], dtype=np.bool_)
        return empty

    def _read(self, name: str, wanted: BoolArray, read: Callable[[Any], Any]) -> tuple[IntArray, list[Any]]:
        """Return codes (n,) and values: each distinct cell is read once; code -1 where none is wanted or there."""
        codes = np.full(len(self.frame), -1, dtype=np.int64)
        rows = np.flatnonzero(wanted & ~self._empty(name))
        if not len(rows):
            return codes, []
        found, cells = pd.factorize(self.frame[name].iloc[rows])
        codes[rows] = found
        values = []
        for code, cell in enumerate(cells):
            try:
                values.append(read(cell))
            except InputError as error:
                raise DataError(f"{self.places(int(rows[np.argmax(found == code)]))}: {error}") from error
        return codes, values

    def _everywhere(self) -> BoolArray:
        return np.ones(len(self.frame), dtype=np.bool_)

    def names_of(self, name: str, default: str) -> tuple[IntArray, tuple[str, ...]]:
        """Return codes and names of a column of names."""
        codes, values = self._read(name, self._everywhere(), _text)
        missing = codes < 0
        if missing.any() and not default:
            raise DataError(f"{name} of {self.places(int(np.argmax(missing)))} is missing; name it")
        if missing.any() and default not in values:
            values.append(default)
        codes[missing] = values.index(default) if missing.any() else 0
        order = tuple(dict.fromkeys(values))
        return np.array([order.index(value) for value in values], dtype=np.int64)[codes], order

    def types(self) -> IntArray:
        """Return the type code of every position."""
        codes, values = self._read("instrument", self._everywhere(), _type_code)
        if (codes < 0).any():
            place = self.places(int(np.argmax(codes < 0)))
            raise DataError(f"instrument of {place} is missing; name one of {', '.join(TYPE_NAMES)}")
        return np.array(values, dtype=np.int64)[codes]

    def refuse_missing(self, types: IntArray) -> None:
        """Refuse empty cells that an instrument needs."""
        needs: dict[str, list[int]] = {"quantity": list(range(len(TYPE_NAMES)))}
        for code, instrument in enumerate(INSTRUMENTS):
            for name in required_fields(instrument):
                needs.setdefault(name, []).append(code)
        for name, codes in needs.items():
            wrong = np.isin(types, codes) & self._empty(name)
            if wrong.any():
                first = int(np.argmax(wrong))
                kind = TYPE_NAMES[types[first]]
                raise DataError(
                    f"{name} of {self.places(first)} is missing ({int(wrong.sum())} of {len(wrong)} are) and "
                    f"instrument {kind!r} needs it; give it or leave the position out"
                )

    def numbers(self, name: str, default: float) -> FloatArray:
        """Return a column of numbers, ``default`` where a cell is empty."""
        empty = self._empty(name)
        if empty.all():
            return np.full(len(self.frame), default)
        column = self.frame[name]
        if pd.api.types.is_bool_dtype(column.dtype):
            raise DataError(f"column {name!r} holds True and False; it needs numbers")
        values = np.array(pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan))
        wrong = ~np.isfinite(values) & ~empty
        if wrong.any():
            first = int(np.argmax(wrong))
            raise DataError(
                f"{name} of {self.places(first)} is not a finite number: {column.iloc[first]!r}; correct it"
            )
        values[empty] = default
        return values

    def choices(self, name: str, default: str, known: tuple[str, ...]) -> Any:
        """Return a column of named choices as text."""

        def read(cell: Any) -> str:
            require_choice(name, cell, known)
            return str(cell)

        codes, values = self._read(name, self._everywhere(), read)
        return np.array([*values, default])[codes]

    def signs(self, wanted: BoolArray) -> FloatArray:
        """Return +1 for calls, -1 for puts, 0 for what has no kind."""
        codes, values = self._read("kind", wanted, lambda cell: float(signs(cell)))
        return np.array([*values, 0.0])[codes]

    def expiries(self, wanted: BoolArray) -> Any:
        """Return the moments of settlement; each distinct expiry, time and calendar is worked out once."""
        expiry, dates = self._read("expiry", wanted, lambda cell: cell)
        clock, clocks = self._read("settlement_time", wanted, lambda cell: cell)
        calendar, calendars = self._read("calendar", wanted, _text)
        key = (expiry * (len(clocks) + 1) + clock + 1) * (len(calendars) + 1) + calendar + 1
        _, firsts, inverse = np.unique(key, return_index=True, return_inverse=True)
        moments = np.full(len(firsts), np.datetime64("NaT"), dtype="M8[us]")
        for number, row in enumerate(firsts):
            if expiry[row] < 0:
                continue
            terms = ([*clocks, ""][clock[row]], [*calendars, ""][calendar[row]])
            try:
                moments[number] = settled(dates[expiry[row]], *terms).to_datetime64()
            except InputError as error:
                raise DataError(f"{self.places(int(row))}: {error}") from error
        return moments[inverse]

    def starts(self) -> Any:
        """Return the moments at which variance began to count; NaT for none."""
        codes, values = self._read("start", self._everywhere(), lambda cell: moment_of(cell, "start").to_datetime64())
        return np.array([*values, np.datetime64("NaT")], dtype="M8[us]")[codes]


def _text(cell: Any) -> str:
    if not isinstance(cell, str) or not cell.strip():
        raise InputError(f"{cell!r} is not a name; write it as text")
    return cell.strip()


def _type_code(cell: Any) -> int:
    folded = _text(cell).casefold().replace(" ", "_").replace("-", "_")
    found = _TYPES.get(folded)
    if found is None:
        hint = did_you_mean(folded, _TYPES) or ";"
        raise InputError(f"there is no instrument {cell!r}{hint} (known: {', '.join(TYPE_NAMES)})".replace("; (", " ("))
    return TYPE_NAMES.index(found)
