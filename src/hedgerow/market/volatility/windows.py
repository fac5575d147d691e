"""Figures over the last ``window`` rows, each window taken anew, so that no row feels one that has left it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError

ROWS_AT_ONCE = 1024
"""Windows laid out in memory together: a year's window of these fits the cache of a core."""


def checked_window(window: object, name: str = "window", least: int = 2) -> int:
    """Return a whole number of rows that is at least ``least``, or refuse it with a sentence.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> checked_window(21)
    21
    """
    if isinstance(window, bool) or not isinstance(window, int | np.integer) or window < least:
        raise InputError(f"{name} must be a whole number of rows, at least {least}; received {window!r}")
    return int(window)


def over_windows(values: FloatArray, window: int, figure: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Return ``figure`` of each window of ``window`` rows of ``values`` (n,), oldest window first: (n - window + 1,).

    There must be at least one window. ``figure`` takes windows (m, window), each row oldest first, and returns (m,).
    Windows are copied side by side: the order in which a row is summed then never depends on the length of the table.
    """
    return np.concatenate([figure(block) for block in _blocks(values, window)])


def _blocks(values: FloatArray, window: int) -> Iterator[FloatArray]:
    views = np.lib.stride_tricks.sliding_window_view(values, window)
    for first in range(0, len(views), ROWS_AT_ONCE):
        yield np.ascontiguousarray(views[first : first + ROWS_AT_ONCE])


def means(windows: FloatArray) -> FloatArray:
    """Return the mean of each row of ``windows`` (m, window)."""
    average: FloatArray = windows.mean(axis=1)
    return average


def sample_variances(windows: FloatArray) -> FloatArray:
    """Return the sample variance (n - 1) of each row of ``windows`` (m, window)."""
    variance: FloatArray = windows.var(axis=1, ddof=1)
    return variance
