"""Compile a numeric function on its first call, and keep its plain Python form beside it.

A kernel is an ordinary Python function of arrays, decorated with :func:`compiled`. Importing a module of kernels
imports no Numba and compiles nothing; the first call builds the machine code, or loads it from Numba's cache.

A kernel may call other kernels, of its own file or of others: Numba's cache is told to watch their files too. The
environment variable ``NUMBA_DISABLE_JIT=1`` runs every kernel as plain Python.
"""

from __future__ import annotations

import _thread
import dis
import os
import threading
from collections.abc import Callable
from functools import cached_property
from types import FunctionType
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.cache import watch_files

prange = range
"""Write ``for i in prange(n)`` in a kernel compiled with ``parallel=True``; plain Python reads it as ``range``."""

_PARALLEL_CALLS = threading.Lock()
_BUILDS = threading.RLock()


def compiled(*, plain: Callable[..., Any] | None = None, **options: Any) -> Callable[[Callable[..., Any]], Kernel]:
    """Return a decorator that turns a plain numeric function into a :class:`Kernel`.

    Parameters
    ----------
    plain : callable, optional
        What stands for the function wherever it is not compiled: a NumPy form that takes scalars and arrays.
    **options
        Options of ``numba.njit`` that differ from the house's: ``cache=True``, ``error_model="numpy"`` (a division is
        not tested for zero, which would stop the vectoriser), ``fastmath={"contract"}`` (a product and a sum may be
        fused; nothing is reordered, so a result does not depend on how work is shared out) and ``nogil=True``.
    """

    def decorate(function: Callable[..., Any]) -> Kernel:
        return Kernel(function, options, plain)

    return decorate


class Kernel:
    """A function that is compiled on its first call.

    Parameters
    ----------
    function
        The plain Python definition.
    options
        Options of ``numba.njit`` that override the house's.
    plain
        What stands for the function wherever it is not compiled; by default the function itself.

    Attributes
    ----------
    definition
        The function as plain Python all the way down: kernels that it calls are plain Python too.
    """

    def __init__(
        self, function: Callable[..., Any], options: dict[str, Any], plain: Callable[..., Any] | None = None
    ) -> None:
        self._function = function
        self._plain = plain
        self._options: dict[str, Any] = {
            "cache": True,
            "error_model": "numpy",
            "fastmath": {"contract"},
            "nogil": True,
        } | options
        self._built: Callable[..., Any] | None = None
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__
        self.__module__ = function.__module__
        self.__wrapped__ = function

    def __call__(self, *arguments: Any) -> Any:
        """Run the compiled function, building it first if this is the first call."""
        built = self._built or self.build()
        if not self._options.get("parallel"):
            return built(*arguments)
        with _PARALLEL_CALLS:  # Numba's own thread pool ends the process when two threads enter it at once
            return built(*arguments)

    @property
    def definition(self) -> Callable[..., Any]:
        """The plain Python function, calling plain Python kernels."""
        if self._plain is not None:
            return self._plain
        return self._with_kernels(lambda kernel: kernel.definition, range)

    @property
    def own_text(self) -> Callable[..., Any]:
        """The function itself as plain Python, where ``definition`` is a NumPy form that stands for it."""
        return self._with_kernels(lambda kernel: kernel.own_text, range)

    def build(self) -> Callable[..., Any]:
        """Compile for later calls, or choose plain Python where ``NUMBA_DISABLE_JIT`` is set; safe to repeat."""
        with _BUILDS:
            if self._built is None:
                self._built = _quiet(self.definition) if _plain_python_wanted() else self._compile()
            return self._built

    def _compile(self) -> Callable[..., Any]:
        import numba

        function = self._with_kernels(lambda kernel: kernel.build(), numba.prange)
        other_files = self.files - {self._function.__code__.co_filename}
        try:
            if not self._options["cache"]:
                return numba.njit(**self._options)(function)
            dispatcher = numba.njit(**(self._options | {"cache": False}))(function)
            if watch_files(dispatcher, other_files) or other_files:
                return dispatcher
            return numba.njit(**self._options)(function)
        except RuntimeError:  # no folder to write a cache to: a read-only installation without a home
            return numba.njit(**(self._options | {"cache": False}))(function)

    @cached_property
    def files(self) -> set[str]:
        """Return the source files of the function and of all kernels that it calls, directly or not."""
        files = {self._function.__code__.co_filename}
        for kernel in self._called():
            files |= kernel.files
        return files

    def _called(self) -> list[Kernel]:
        return list(_kernels_in(self._function).values())

    def _with_kernels(self, choose: Callable[[Kernel], Callable[..., Any]], parallel_range: Any) -> FunctionType:
        """Return the function with its kernels and ``prange`` replaced, leaving its module as it is."""
        function = self._function
        if not isinstance(function, FunctionType):
            raise TypeError(f"a kernel is a plain Python function, not {function!r}")
        names = dict(function.__globals__)
        for name, kernel in _kernels_in(function).items():
            names[name] = choose(kernel)
        names["prange"] = parallel_range
        copy = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
        copy.__qualname__ = function.__qualname__
        copy.__module__ = function.__module__
        copy.__doc__ = function.__doc__
        return copy


def _kernels_in(function: Callable[..., Any]) -> dict[str, Kernel]:
    """Return the kernels that a function names as globals (``math.sqrt`` does not name a kernel ``sqrt``)."""
    loaded = {step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL"}
    values = ((name, getattr(function, "__globals__", {}).get(name)) for name in sorted(loaded))
    return {name: value for name, value in values if isinstance(value, Kernel)}


class Primitive(Kernel):
    """A function that is no Python when compiled: a few machine instructions that Numba is taught.

    Parameters
    ----------
    function
        Returns the ``numba.extending.intrinsic``; called once, on the first build.
    plain
        What stands for it wherever nothing is compiled.
    """

    def __init__(self, function: Callable[[], Any], plain: Callable[..., Any]) -> None:
        super().__init__(function, {}, plain)

    @property
    def own_text(self) -> Callable[..., Any]:
        """What stands for the instructions: they have no text in Python."""
        return self.definition

    def _compile(self) -> Callable[..., Any]:
        return self._function()


def _plain_python_wanted() -> bool:
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function without NumPy's warnings, which compiled code does not give either."""

    def quiet(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*arguments)

    return quiet


def dense(values: Any) -> FloatArray:
    """Return ``values`` as a read-only C-contiguous float64 view, copied only where it must be.

    Every kernel input passes through here, so that a kernel is compiled for one kind of array only.
    """
    view = np.ascontiguousarray(values, dtype=np.float64).view()
    view.flags.writeable = False
    return view


def share_out(run: Callable[[int], Any], count: int, threads: int | None = None) -> list[Any]:
    """Return ``[run(0), ..., run(count - 1)]``, worked on by up to ``threads`` threads.

    For kernels that release the interpreter lock. The pieces are the same for any number of threads, and so are the
    numbers. The threads live as long as the call: nothing is left behind for a forked process to trip over. Where a
    piece fails no further one is begun.
    """
    threads = min(count, threads or _available_cores())
    results: list[Any] = [None] * count
    failures: list[BaseException] = []

    pieces = iter(range(count))  # shared: who is done takes the next, so that a busy core holds nobody up

    def take() -> None:
        try:
            for piece in pieces:
                if failures:
                    return
                results[piece] = run(piece)
        except BaseException as failure:  # noqa: BLE001 - carried to the caller's thread below
            failures.append(failure)

    finished = threading.Semaphore(0)

    def take_and_say() -> None:
        take()
        finished.release()

    for _ in range(1, threads):
        # not threading.Thread, whose start() waits until the thread runs: a busy core would hold this one up
        _thread.start_new_thread(take_and_say, ())
    take()
    for _ in range(1, threads):
        finished.acquire()
    if failures:
        raise failures[0]
    return results


def _available_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
