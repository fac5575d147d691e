"""Read the arguments of pricing functions: call or put, broadcasting, and refusals that name the field and position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError

_SIGNS = {"call": 1.0, "c": 1.0, "put": -1.0, "p": -1.0}
_REMEDY = {
    "spot": "give the price of the underlying",
    "forward": "give the forward price of the underlying",
    "strike": "give the strike in the unit of the spot",
    "years": "an option whose expiry has passed has been settled: leave it out",
    "vol": "give the annual volatility as a decimal: 0.2 for 20 %",
}


def signs(kind: Any) -> FloatArray:
    """Return +1 for calls and -1 for puts, as a float array of the shape of ``kind``.

    Parameters
    ----------
    kind : str, int or array of either
        ``"call"`` or ``"put"`` in any case, their first letters, or +1 and -1.

    Raises
    ------
    InputError
        For anything else, with the value and the position of the first.

    Examples
    --------
    >>> signs(["call", "P", "put"])
    array([ 1., -1., -1.])
    """
    if isinstance(kind, str):
        return np.asarray(_sign_of(kind))
    values = np.asarray(kind)
    if values.dtype.kind in "fiu":
        numbers = values.astype(np.float64, copy=False)
        refuse_where(np.abs(numbers) != 1.0, "kind", numbers, "must be call or put (+1 or -1)", "")
        return numbers
    texts, places = np.unique(values.astype(str), return_inverse=True)
    found = np.array([_SIGNS.get(text.strip().lower(), np.nan) for text in texts])
    read = found[places].reshape(values.shape)
    refuse_where(np.isnan(read), "kind", values, "must be call or put", "")
    return read


def _sign_of(kind: str) -> float:
    try:
        return _SIGNS[kind.strip().lower()]
    except KeyError:
        raise InputError(f"kind must be call or put, not {kind!r}") from None


def numbers(values: Mapping[str, Any]) -> dict[str, FloatArray]:
    """Return named arguments as float64 arrays, each in its own shape; refuse what is no finite number.

    Parameters
    ----------
    values : mapping of str to scalar or array
        Arguments by the names a person knows them by.

    Raises
    ------
    InputError
        Where a value is no number, is NaN or is infinite: how many, which first and where.
    """
    read = {}
    for name, value in values.items():
        try:
            array = as_floats(value)
        except (TypeError, ValueError):
            raise InputError(f"{name} must be a number or an array of numbers, not {_shown(value)}") from None
        refuse_where(~np.isfinite(array), name, array, "must be a finite number", "leave out rows without a value")
        read[name] = array
    return read


def as_floats(value: Any) -> FloatArray:
    """Return numbers as a float64 array of their own shape.

    Parameters
    ----------
    value : scalar or array
        Real numbers; NaN and infinities pass.

    Raises
    ------
    TypeError, ValueError
        For what NumPy cannot read as float64, and for what it would read by dropping a part or a unit: complex
        numbers, dates and durations.
    """
    if isinstance(value, float):
        return np.asarray(value)
    own = getattr(value, "dtype", None)
    kept = value if own is not None else np.asarray(value)
    if getattr(kept.dtype, "kind", "") in "cmM":
        raise TypeError(f"{kept.dtype} is no real number")
    return np.asarray(value, dtype=np.float64)


def refuse_below(name: str, values: FloatArray, least: float = 0.0, *, allow_equal: bool) -> None:
    """Refuse values below ``least`` (or equal to it, unless ``allow_equal``), naming field, count and first position.

    Raises
    ------
    InputError
        ``"vol must not be negative: -0.2 at position 3 (2 of 10 are); give the annual volatility ..."``.
    """
    if least == 0.0:
        rule = "must not be negative" if allow_equal else "must be above 0"
    else:
        rule = f"must {'be at least' if allow_equal else 'be above'} {least:g}"
    wrong = values < least if allow_equal else values <= least
    refuse_where(wrong, name, values, rule, _REMEDY.get(name, ""))


def refuse_where(wrong: BoolArray, name: str, values: Any, rule: str, remedy: str) -> None:
    """Raise one sentence where any of ``wrong`` is set: field, rule, first value, its position, and how many.

    Parameters
    ----------
    wrong : bool array
        Broadcastable to the shape of ``values``.
    name, rule, remedy : str
        Field, what it breaks, and what to do (may be empty).
    values : array
        The field's values.

    Raises
    ------
    InputError
        Where any is wrong.
    """
    wrong = np.asarray(wrong)
    if not wrong.any():
        return
    shape = np.broadcast_shapes(wrong.shape, np.shape(values))
    flags, shown = np.broadcast_to(wrong, shape), np.broadcast_to(np.asarray(values), shape)
    place = tuple(int(index) for index in np.argwhere(flags)[0])
    where = ""
    if flags.size > 1:
        position = place[0] if len(place) == 1 else place
        where = f" at position {position} ({int(flags.sum())} of {flags.size} are)"
    raise InputError(f"{name} {rule}: {_shown(shown[place])}{where}" + (f"; {remedy}" if remedy else ""))


def refuse_lost(found: Mapping[str, FloatArray]) -> None:
    """Refuse figures that floating point cannot hold on the way: never a silent NaN.

    Parameters
    ----------
    found : mapping of str to array
        Figures by name.

    Raises
    ------
    InputError
        Where any is NaN: which, where, how many.
    """
    for name, values in found.items():
        remedy = "the arguments are too far from each other: check their units"
        refuse_where(np.isnan(values), name, values, "cannot be computed", remedy)


def _shown(value: Any) -> str:
    return repr(value.item() if isinstance(value, np.generic) else value)


def broadcast(*arrays: FloatArray, names: Iterable[str] = ()) -> tuple[FloatArray, ...]:
    """Return the arrays broadcast against each other, as views.

    Parameters
    ----------
    *arrays : array
    names : iterable of str
        What a refusal shall call them, in order; shapes alone are told unless given.

    Raises
    ------
    InputError
        Where the shapes do not fit together.
    """
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError:
        named = list(names) or [""] * len(arrays)
        told = [f"{name} {array.shape}".strip() for name, array in zip(named, arrays, strict=True) if array.ndim]
        shapes = ", ".join(told)
        raise InputError(
            f"arguments have shapes that do not broadcast: {shapes}; give scalars or equal lengths"
        ) from None


def as_given(value: FloatArray) -> Any:
    """Return a float for a result without axes and the array itself otherwise."""
    return value.item() if np.ndim(value) == 0 else value
