"""Refusals shared by all methods: what data must have before any ratio can be found in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.errors import DataError

LARGEST_CONDITION = 1e8
"""Condition number of the standardised hedges above which they are called collinear."""

GARCH_ROWS_ADVISED = 1000
"""Rows below which the parameters of a GARCH variance are uncertain, though they can be estimated."""


def check_finite(X: FloatArray, y: FloatArray, names: Sequence[str]) -> None:
    """Raise DataError naming the first missing (NaN) or infinite (inf) value of ``X`` (n, k) or ``y`` (n,)."""
    for label, values in [("the exposure", y), *((f"hedge {name}", X[:, j]) for j, name in enumerate(names))]:
        bad = np.flatnonzero(~np.isfinite(values))
        if len(bad):
            kind = "NaN" if np.isnan(values[bad[0]]) else "inf"
            raise DataError(
                f"{label} is {kind} at row {bad[0]} ({len(bad)} such rows); drop rows with missing or infinite changes"
            )


def check_row_count(n_obs: int, fewest: int, n_hedges: int) -> None:
    """Raise DataError where there are fewer than ``fewest`` rows."""
    if n_obs < fewest:
        samples = "1 sample" if n_obs == 1 else f"{n_obs} samples"
        hedges = "1 hedge" if n_hedges == 1 else f"{n_hedges} hedges"
        raise DataError(f"at least {fewest} rows are needed for {hedges}, not {samples}; give a longer history")


def check_identified(X: FloatArray, y: FloatArray, names: Sequence[str]) -> None:
    """Raise DataError where the exposure or a hedge does not move, or hedges are collinear."""
    if np.all(y == y[0]):
        raise DataError(f"the exposure does not move: all {len(y)} changes are {y[0]:g}; choose another series or span")
    for j, name in enumerate(names):
        if np.all(X[:, j] == X[0, j]):
            raise DataError(
                f"hedge {name} does not move: all {len(X)} changes are {X[0, j]:g}; leave it out or choose another span"
            )
    if X.shape[1] > 1:
        _check_collinear(X, names)


def _check_collinear(X: FloatArray, names: Sequence[str]) -> None:
    centred = X - X.mean(axis=0)
    size = np.sqrt(np.mean(centred**2, axis=0))
    _, singular, directions = np.linalg.svd(np.linalg.qr(centred / size, mode="r"))
    if not singular[-1] * LARGEST_CONDITION > singular[0]:
        shares = np.abs(directions[-1])
        culprits = " and ".join(names[int(j)] for j in np.flatnonzero(shares > 0.1 * shares.max()))
        raise DataError(
            f"hedges {culprits} are collinear (condition number above {LARGEST_CONDITION:.0e}), so their ratios are "
            "not identified; leave one of them out"
        )


def first_unusable_row(X: FloatArray, y: FloatArray) -> int:
    """Return the first row that holds a missing or infinite value, or the number of rows."""
    usable = np.isfinite(y) & np.isfinite(X).all(axis=1)
    return len(y) if usable.all() else int(np.argmin(usable))


def all_moving(X: FloatArray, y: FloatArray, rows: IntArray, window: int | None = None) -> BoolArray:
    """Return, for each of ``rows`` (r,), whether the exposure and every hedge move within the rows before it.

    ``window`` looks at that many rows before only. Each answer depends on earlier rows alone.
    """
    moving = np.ones(len(rows), dtype=np.bool_)
    for values in (y, *X.T):
        changed = np.zeros(len(values), dtype=np.int64)
        changed[1:] = np.where(values[1:] != values[:-1], np.arange(1, len(values)), 0)
        latest_change = np.maximum.accumulate(changed)[rows - 1]
        start = 0 if window is None else np.maximum(rows - window, 0)
        moving &= latest_change > start
    return moving
