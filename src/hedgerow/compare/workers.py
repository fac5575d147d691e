"""Tasks shared out through joblib, done in any order and handed back in theirs, whoever does them.

A backend set outside (``joblib.parallel_config``: Dask, Ray, threads) is used, with all the workers it has unless it
says how many; otherwise processes of this machine, or this one alone. Numeric libraries are held to one thread each,
since sums over several threads round differently. What a worker had when it was lost is done again.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import deepcopy
from threading import Lock
from typing import Any, TypeVar

from hedgerow.errors import InputError

WORTH_STARTING_S = 10.0
"""Seconds of work below which no process is started: each takes some five to start, import and load its kernels."""

PIECE_S = 0.5
"""Seconds of work that travel together: enough to make the sending cheap, few enough to share out evenly."""

LOSSES = {
    "distributed": ("KilledWorker",),
    "ray.exceptions": ("RayActorError", "WorkerCrashedError", "NodeDiedError", "ObjectLostError"),
}
"""Module of a backend to its errors that say that a worker, or what it held, is gone."""

Done = TypeVar("Done")


class _Holders:
    """How many of this process hold numeric libraries to one thread, and what puts them back."""

    lock = Lock()
    count = 0
    limits: Any = None


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold BLAS and OpenMP to one thread of this process; every sum then rounds in the same order everywhere.

    Several threads may hold them at once, as in a worker of Dask: the last to leave puts them back.
    """
    from threadpoolctl import threadpool_limits

    with _Holders.lock:
        if _Holders.count == 0:
            _Holders.limits = threadpool_limits(limits=1)
        _Holders.count += 1
    try:
        yield
    finally:
        with _Holders.lock:
            _Holders.count -= 1
            if _Holders.count == 0:
                _Holders.limits.restore_original_limits()


def jobs_of(workers: int | None) -> int:
    """Return how many workers there are; a backend set outside without a number gives all it has, once."""
    if workers is not None:
        return workers
    from joblib import effective_n_jobs
    from joblib.parallel import get_active_backend

    backend, asked = get_active_backend()
    is_default = type(backend).__name__ in ("LokyBackend", "SequentialBackend")
    if asked is None and (is_default or backend.nesting_level):
        return 1
    return int(effective_n_jobs(-1 if asked is None else asked))


def require_count(name: str, count: int | None) -> None:
    """Refuse a number of workers, or of things that travel together, below 1.

    Raises
    ------
    InputError
    """
    if count is not None and count < 1:
        raise InputError(f"{name} must be 1 or more, not {count}")


def share_out(
    work: Callable[..., Done],
    tasks: Sequence[tuple[Any, ...]],
    workers: int | None,
    take: Callable[[int, Done], None],
) -> int:
    """Do tasks by joblib's workers and hand over what each gave, in their order.

    Parameters
    ----------
    work : callable
        A function of a module, so that another process finds it; pure, so that it does not matter who does it.
    tasks : sequence of tuple
        Its arguments.
    workers : int, optional
        Processes of this machine; None takes joblib's active configuration.
    take : callable
        Called here with the number of the task and what ``work`` returned.

    Returns
    -------
    int
        How many were done from the first on: all, or those before a worker was killed.

    Examples
    --------
    >>> found = []
    >>> share_out(max, [(1, 2), (4, 3)], 1, lambda number, most: found.append(most))
    2
    >>> found
    [2, 4]
    """
    from joblib import parallel_config

    done = 0
    with warnings.catch_warnings(), _processes(parallel_config, workers):
        warnings.filterwarnings("ignore", message="A worker stopped while some jobs", category=UserWarning)
        again = set_outside()
        while done < len(tasks):
            before = done
            try:
                for found in _found(work, tasks[done:], workers):
                    take(done, found)
                    done += 1
            except lost_worker():
                if done == before and not again:
                    break
                again = again and done > before
    return done


def set_outside() -> bool:
    """Return whether the active backend is none of joblib's own: Dask, Ray, or somebody's."""
    from joblib.parallel import get_active_backend

    return not type(get_active_backend()[0]).__module__.startswith("joblib._parallel")


def lost_worker() -> tuple[type[BaseException], ...]:
    """Return the errors that say that a worker was lost, of those backends that are loaded."""
    loaded = [(sys.modules[module], names) for module, names in LOSSES.items() if module in sys.modules]
    return (BrokenExecutor, CancelledError, *(getattr(module, name) for module, names in loaded for name in names))


def _found(work: Callable[..., Done], tasks: Sequence[tuple[Any, ...]], workers: int | None) -> Iterator[Done]:
    """Yield what tasks gave, in their order, as it comes where the backend can."""
    from joblib import Parallel, delayed
    from joblib.parallel import get_active_backend

    streams = getattr(get_active_backend()[0], "supports_return_generator", False)
    run = Parallel(n_jobs=jobs_of(workers), return_as="generator" if streams else "list")
    if set_outside():
        yield from run(delayed(work_afresh)(work, task) for task in tasks)
    else:
        yield from run(delayed(work)(*task) for task in tasks)


def work_afresh(work: Callable[..., Done], task: tuple[Any, ...]) -> Done:
    """Work on a copy of what came over a network: arrays may begin at odd addresses, where sums round differently."""
    return work(*deepcopy(task))


def process_number() -> int:
    """Return the number of this process, which tells where a task ran."""
    return os.getpid()


def _processes(
    parallel_config: Callable[..., AbstractContextManager[object]], workers: int | None
) -> AbstractContextManager[object]:
    """Return joblib's configuration of our own processes, or the one that is active."""
    if workers is None:
        return nullcontext()
    return parallel_config("loky", n_jobs=workers, inner_max_num_threads=1)
