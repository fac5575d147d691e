"""Memory for large results, used again once nobody holds it.

A fresh array of some megabytes is handed out page by page, each cleared by the operating system as it is first touched,
which takes as long as pricing into it. Who prices a book again and again gets the memory of results that have been let
go. At most ``MOST_BYTES`` are kept in all.
"""

from __future__ import annotations

import sys
import threading
from math import prod

import numpy as np

from hedgerow._types import FloatArray

LEAST_BYTES = 1_000_000
"""Smaller arrays come from the allocator, which keeps them at hand itself."""

MOST_BYTES = 128_000_000
"""More than this is not kept for later."""

_HELD: list[FloatArray] = []
_LOCK = threading.Lock()


def _references(arrays: list[FloatArray], place: int) -> int:
    return sys.getrefcount(arrays[place])


_IDLE = _references([np.empty(1)], 0)
"""References that Python counts of an array that only its list holds; a view of it, or a name, is one more."""


def large_array(shape: tuple[int, ...]) -> FloatArray:
    """Return an array of floats whose contents mean nothing yet, as ``numpy.empty``.

    Parameters
    ----------
    shape : tuple of int

    Returns
    -------
    array
        Nobody else holds it or a view of it.
    """
    size = 8 * prod(shape)
    if not LEAST_BYTES <= size <= MOST_BYTES:
        return np.empty(shape)
    with _LOCK:
        for place in range(len(_HELD)):
            if _HELD[place].shape == shape and _references(_HELD, place) == _IDLE:
                return _HELD[place]
        fresh = np.empty(shape)
        _HELD.append(fresh)
        while sum(array.nbytes for array in _HELD) > MOST_BYTES:
            _HELD.pop(0)
    return fresh
