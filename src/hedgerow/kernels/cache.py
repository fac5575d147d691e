"""Let a cached kernel notice edits in the files of other kernels that it calls, and load without the compiler.

Numba's cache watches the file of the compiled function alone. A kernel that calls kernels of other files gets the
digest of those files into the key under which its machine code is found, so that an edit there compiles anew. And
before it looks, Numba loads all that it can compile, SciPy's linear algebra among it, which is a quarter of the time to
a first result; machine code that is found needs none of it, and a compilation loads it on its own.
This file holds all that Hedgerow knows of Numba's private names; where they are missing, nothing is cached.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any


def digest_of(files: Iterable[str]) -> str:
    """Return one digest of the contents of several files, whatever their order."""
    whole = hashlib.sha256()
    for file in sorted(set(files)):
        found = Path(file).stat()
        whole.update(_digest(file, found.st_mtime_ns, found.st_size))
    return whole.hexdigest()


@cache
def _digest(file: str, _changed: int, _size: int) -> bytes:
    """Return the digest of a file, read once: a program of twenty stages asks for the same few files each time."""
    return hashlib.sha256(Path(file).read_bytes()).digest()


def watch_files(
    dispatcher: Any, files: Iterable[str], mark: str = "", before_compiling: Callable[[], None] | None = None
) -> bool:
    """Make the cache of a Numba dispatcher or callback depend on the contents of further files.

    Parameters
    ----------
    dispatcher
        What ``numba.njit(cache=False)`` returned, or a C callback that is not compiled yet.
    files : iterable of str
        Paths of source files.
    mark : str
        What else its machine code depends on.
    before_compiling : callable, optional
        Called where nothing is found in the cache, to make what only the compiler needs.

    Returns
    -------
    bool
        False where this version of Numba keeps its cache in another way: then nothing is cached.
    """
    from numba.core import caching

    base = getattr(caching, "FunctionCache", None)
    if base is None or not hasattr(base, "_index_key") or not hasattr(dispatcher, "_cache"):
        return False
    digest = digest_of(files) + mark

    class WatchingCache(base):  # type: ignore[misc, valid-type]
        def load_overload(self, signature: Any, target_context: Any) -> Any:
            found = _found_by(super(), signature, target_context)
            if found is None and before_compiling is not None:
                before_compiling()
            return found

        def _index_key(self, signature: Any, code_generator: Any) -> tuple[Any, ...]:
            return (*super()._index_key(signature, code_generator), digest)

    dispatcher._cache = WatchingCache(getattr(dispatcher, "py_func", None) or dispatcher._pyfunc)
    return True


def _found_by(cache: Any, signature: Any, target_context: Any) -> Any:
    """Return what a cache holds for a signature, or None, without loading the compiler where Numba lets us."""
    from numba.core.runtime import nrt

    look, guard = (getattr(cache, name, None) for name in ("_load_overload", "_guard_against_spurious_io_errors"))
    if look is None or guard is None:
        return cache.load_overload(signature, target_context)
    nrt.rtsys.initialize(target_context)  # arrays and their memory, which machine code does call
    with guard():
        return look(signature, target_context)
    return None  # the guard has swallowed an error of the file system
