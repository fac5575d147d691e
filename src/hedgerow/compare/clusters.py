"""Who does the work of a comparison: processes of this machine, a Dask cluster, or a Ray cluster.

Sets joblib's backend for as long as it is wanted, and asks the workers first whether they run the same Hedgerow, since
other code gives other results. Whoever has a cluster of their own open may as well set ``joblib.parallel_config``.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from hedgerow.compare.grid.identity import code_fingerprint
from hedgerow.compare.workers import require_count
from hedgerow.errors import InputError, MissingExtraError, did_you_mean

ENGINES = {"loky": "", "dask": "cluster", "ray": "ray"}
"""Name of an engine to the extra that brings it."""

ANSWER_S = 20.0
"""Seconds within which a cluster must answer."""


def cluster(engine: str, address: str | None = None, workers: int | None = None) -> AbstractContextManager[None]:
    """Share out what runs inside among the workers of an engine; results are the same to the bit.

    Parameters
    ----------
    engine : {"loky", "dask", "ray"}
        Processes of this machine; Dask (the extra ``cluster``); Ray (the extra ``ray``).
    address : str, optional
        Of a running cluster: ``tcp://host:8786`` for Dask, ``auto`` or ``ray://host:10001`` for Ray. Without it a
        cluster is started on this machine and ended afterwards.
    workers : int, optional
        Processes where they are started here; one per core unless said. A cluster with an address has its own.

    Raises
    ------
    InputError
        For an unknown engine, an address for loky, workers beside an address, a cluster that does not answer, and
        workers that have no Hedgerow or another one.
    MissingExtraError
        Where the engine is not installed.

    Examples
    --------
    >>> import joblib
    >>> with cluster("loky", workers=2):
    ...     joblib.effective_n_jobs(None)
    2
    """
    require_count("workers", workers)
    if engine not in ENGINES:
        raise InputError(f"there is no engine {engine!r}{did_you_mean(engine, ENGINES)} (it is {', '.join(ENGINES)})")
    if address is not None and engine == "loky":
        raise InputError(f"loky starts processes of this machine and takes no address, not {address}; say dask or ray")
    if address is not None and workers is not None:
        raise InputError(f"a cluster at {address} has its own workers; leave out the number {workers}")
    count = workers or os.cpu_count() or 1
    if engine == "loky":
        return _on_loky(count)
    return _on_dask(address, count) if engine == "dask" else _on_ray(address, count)


@contextmanager
def _on_loky(workers: int) -> Iterator[None]:
    from joblib import parallel_config

    with parallel_config("loky", n_jobs=workers, inner_max_num_threads=1):
        yield


@contextmanager
def _on_dask(address: str | None, workers: int) -> Iterator[None]:
    """Work on a Dask cluster, where a task counts for one core of a worker."""
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise _missing("dask") from error
    from joblib import parallel_config

    if address is None:
        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
            ) as here,
            _on_dask(here.scheduler_address, workers),
        ):
            yield
        return
    try:
        client = Client(address, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise _silent("Dask scheduler", address) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=ANSWER_S)
            codes = client.run(_code).values()
        except TimeoutError as error:
            raise _silent("Dask worker", address) from error
        except ModuleNotFoundError as error:
            raise _strangers("Dask", error) from error
        _require_same_code("Dask", codes)
        with parallel_config("dask", client=client):
            yield


@contextmanager
def _on_ray(address: str | None, workers: int) -> Iterator[None]:
    """Work on a Ray cluster with all its cores; without a number joblib would stay in this process."""
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError as error:
        raise _missing("ray") from error
    from joblib import parallel_config

    where: dict[str, Any] = {"address": address} if address else {"num_cpus": workers, "include_dashboard": False}
    try:
        ray.init(**where, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, ValueError, RuntimeError, TimeoutError) as error:
        raise _silent("Ray cluster", address or "this machine") from error
    try:
        try:
            code = ray.get(ray.remote(_code).remote(), timeout=6 * ANSWER_S)
        except ray.exceptions.GetTimeoutError as error:
            raise _silent("Ray worker", address or "this machine") from error
        except ray.exceptions.RayError as error:
            raise _strangers("Ray", error) from error
        _require_same_code("Ray", [code])
        register_ray()
        with parallel_config("ray", n_jobs=-1):
            yield
    finally:
        ray.shutdown()


def _code() -> str:
    """Return the digest of the code of the process that is asked."""
    return code_fingerprint()


def _require_same_code(name: str, codes: Iterable[str]) -> None:
    """Refuse workers that run another Hedgerow."""
    others = sum(code != code_fingerprint() for code in codes)
    if others:
        raise InputError(
            f"{others} workers of {name} run another Hedgerow than this process, whose results may differ; "
            "install the same version on all machines"
        )


def _missing(engine: str) -> MissingExtraError:
    return MissingExtraError(f'the engine {engine} needs pip install "hedgerow[{ENGINES[engine]}]"')


def _silent(what: str, address: str) -> InputError:
    return InputError(f"no {what} answers at {address} within {ANSWER_S:.0f} seconds; start it, or correct the address")


def _strangers(name: str, error: BaseException) -> InputError:
    reason = str(error).strip().splitlines()[-1:] or [type(error).__name__]
    return InputError(f"the workers of {name} cannot load Hedgerow ({reason[0]}); install this version on all of them")
