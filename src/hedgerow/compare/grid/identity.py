"""What a computation is made of, as one digest: equal digests mean equal results, in any process and on any day."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.compare.grid.code_identity import text_of
from hedgerow.errors import InputError

_PLAIN = (type(None), bool, int, str, bytes, date, timedelta, pd.Timedelta)


def fingerprint(*values: Any) -> str:
    """Return the SHA-256 of what values hold: numbers to the bit, tables, objects field by field, sources of code.

    Parameters
    ----------
    *values
        Numbers, text, dates, arrays, frames, mappings, sequences, dataclasses, objects with attributes, functions
        and classes. Code of your own counts by its text and that of what it names: an edit gives another digest.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    InputError
        For an object that shows nothing of what it holds, or that holds itself.

    Examples
    --------
    >>> fingerprint(1.0, "daily") == fingerprint(1.0, "daily")
    True
    >>> fingerprint(1.0) == fingerprint(1)
    False
    """
    found = sha256()
    for part in _parts(values, ()):
        found.update(len(part).to_bytes(8, "little") + part)
    return found.hexdigest()


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """Return the digest of all of Hedgerow's source files: a result of other code is another result."""
    root = Path(__file__).resolve().parents[2]
    return fingerprint(*((path.relative_to(root).as_posix(), path.read_bytes()) for path in sorted(root.rglob("*.py"))))


def _parts(value: Any, above: tuple[int, ...]) -> Iterator[bytes]:
    """Yield bytes that together tell a value from every other."""
    if isinstance(value, float | np.floating):
        yield b"number " + float(value).hex().encode()
    elif isinstance(value, _PLAIN) and not isinstance(value, Enum):
        yield f"{type(value).__name__} {value!r}".encode()
    elif isinstance(value, np.ndarray) and value.dtype != object:
        yield f"array {value.dtype.str} {value.shape}".encode()
        yield np.ascontiguousarray(value).tobytes()
    elif id(value) in above:
        raise InputError(f"a {type(value).__name__} holds itself and cannot be told from another; run without a store")
    else:
        yield _kind(value)
        for part in _contents(value):
            yield from _parts(part, (*above, id(value)))
        yield b"end"


def _kind(value: Any) -> bytes:
    """Return the class of a value with the text of its code where it is not Hedgerow's own."""
    kind = value if isinstance(value, type) else type(value)
    return f"{kind.__module__}.{kind.__qualname__} {''.join(text_of(each) for each in kind.__mro__)}".encode()


def _contents(value: Any) -> Iterator[Any]:
    """Yield what an object is made of."""
    if isinstance(value, type):
        return
    if isinstance(value, Enum):
        yield value.name
    elif isinstance(value, np.generic):
        yield value.item()
    elif isinstance(value, pd.Index | pd.Series | pd.DataFrame):
        yield from _table(value)
    elif isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, tuple | list | np.ndarray):
        yield from (value.tolist() if isinstance(value, np.ndarray) else value)
    elif inspect.isfunction(value) or inspect.ismethod(value):
        yield from _function(value)
    elif is_dataclass(value):
        for each in fields(value):
            yield each.name
            yield getattr(value, each.name)
    else:
        yield from _attributes(value)


def _table(value: pd.Index | pd.Series | pd.DataFrame) -> Iterator[Any]:
    if isinstance(value, pd.Index):
        yield from (list(value.names), value.to_numpy())
    elif isinstance(value, pd.Series):
        yield from (value.name, value.index, value.to_numpy())
    else:
        yield value.columns
        yield from (value.iloc[:, number] for number in range(value.shape[1]))


def _function(value: Any) -> Iterator[Any]:
    """Yield a function's name, text, defaults, and what it closes over."""
    plain = getattr(value, "__func__", value)
    yield f"{plain.__module__}.{plain.__qualname__} {text_of(plain)}"
    yield (plain.__defaults__, plain.__kwdefaults__)
    yield [cell.cell_contents for cell in plain.__closure__ or ()]
    if inspect.ismethod(value):
        yield value.__self__


def _attributes(value: Any) -> Iterator[Any]:
    """Yield the names and values of an object's attributes, sorted; InputError where it has none to show."""
    slots = [name for kind in type(value).__mro__ for name in _slots(kind) if hasattr(value, name)]
    held = {name: getattr(value, name) for name in slots} | getattr(value, "__dict__", {})
    if not held and not hasattr(value, "__dict__"):
        raise InputError(
            f"a {type(value).__name__} shows nothing of what it holds, so that its results cannot be found again; "
            "use a frozen dataclass, or run without a store"
        )
    for name in sorted(held):
        yield name
        yield held[name]


def _slots(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)
