"""Let a cached kernel notice edits in the files of other kernels that it calls.

Numba's cache watches the file of the compiled function alone. A kernel that calls kernels of other files gets the
digest of those files into the key under which its machine code is found, so that an edit there compiles anew.
This file holds all that Hedgerow knows of Numba's private names; where they are missing, nothing is cached.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def digest_of(files: Iterable[str]) -> str:
    """Return one digest of the contents of several files, whatever their order."""
    whole = hashlib.sha256()
    for file in sorted(set(files)):
        whole.update(Path(file).read_bytes())
    return whole.hexdigest()


def watch_files(dispatcher: Any, files: Iterable[str]) -> bool:
    """Make the cache of a Numba dispatcher depend on the contents of further files.

    Parameters
    ----------
    dispatcher
        What ``numba.njit(cache=False)`` returned.
    files : iterable of str
        Paths of source files.

    Returns
    -------
    bool
        False where this version of Numba keeps its cache in another way: then nothing is cached.
    """
    from numba.core import caching

    base = getattr(caching, "FunctionCache", None)
    if base is None or not hasattr(base, "_index_key") or not hasattr(dispatcher, "_cache"):
        return False
    digest = digest_of(files)

    class WatchingCache(base):  # type: ignore[misc, valid-type]
        def _index_key(self, signature: Any, code_generator: Any) -> tuple[Any, ...]:
            return (*super()._index_key(signature, code_generator), digest)

    dispatcher._cache = WatchingCache(dispatcher.py_func)
    return True
