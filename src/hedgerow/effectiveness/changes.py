"""What may enter a judgement: finite changes of equal length."""

from __future__ import annotations

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError, InputError


def checked_changes(values: ArrayLike, name: str, n_dim: int = 1) -> FloatArray:
    """Return ``values`` as a float64 array of ``n_dim`` axes, all finite; a :class:`DataError` otherwise."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != n_dim:
        raise DataError(
            f"{name} must have {n_dim} axis{'es' if n_dim > 1 else ''}, got an array of shape {array.shape}."
        )
    finite = np.isfinite(array)
    if not finite.all():
        row = int(np.argwhere(~finite)[0][0])
        raise DataError(
            f"{name} must be finite numbers, row {row} holds {array[row]}; drop rows with missing values first."
        )
    return array


def checked_pair(unhedged: ArrayLike, hedged: ArrayLike, n_dim: int = 1) -> tuple[FloatArray, FloatArray]:
    """Return both as finite arrays with the same number of rows; ``hedged`` has ``n_dim`` axes."""
    before = checked_changes(unhedged, "unhedged")
    after = checked_changes(hedged, "hedged", n_dim)
    if len(before) != len(after):
        raise DataError(
            f"unhedged and hedged must cover the same rows, got {len(before)} and {len(after)}; align them by date."
        )
    return before, after


def checked_share(value: float, name: str) -> float:
    """Return ``value`` if it lies strictly between 0 and 1; an :class:`InputError` otherwise."""
    if not 0.0 < value < 1.0:
        raise InputError(f"{name} must lie between 0 and 1, got {value}; 95 % is written 0.95.")
    return float(value)
