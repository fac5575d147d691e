"""The flags that say who does the work of a study: this process, processes of this machine, or a cluster."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stdout
from dataclasses import dataclass
from typing import Annotated, Any

from hedgerow.cli.options import flag
from hedgerow.errors import InputError

ENGINE = "Engine"
SHARED = {"frontier": lambda study: study.workers, "compare": lambda study: study.evidence.workers}
"""Kinds of study whose work can be shared out, and the number of workers that each asks for."""


@dataclass(frozen=True)
class EngineFlags:
    """Who does the work."""

    engine: Annotated[
        str | None, flag("--engine", "NAME", "Share out the work: loky (processes), dask or ray.", ENGINE)
    ] = None
    address: Annotated[
        str | None, flag("--address", "ADDRESS", "A running Dask or Ray cluster: tcp://host:8786.", ENGINE)
    ] = None


def shared_out(study: Any, flags: EngineFlags) -> AbstractContextManager[None]:
    """Return what shares out a study among the workers of the engine that is asked for.

    Raises
    ------
    InputError
        For an address without an engine, a kind of study that one process does, and whatever the engine refuses.
    MissingExtraError
        Where the engine is not installed.
    """
    if flags.engine is None:
        if flags.address is not None:
            raise InputError(f"--address {flags.address} needs --engine dask or --engine ray")
        return nullcontext()
    if study.kind not in SHARED:
        raise InputError(
            f"a {study.kind} study is done by one process; --engine is for {' and '.join(SHARED)} studies, leave it out"
        )
    workers = SHARED[study.kind](study)
    if study.kind == "compare" and workers is not None:
        raise InputError(
            f"the study asks for {workers} workers, processes of this machine; leave out workers, or --engine"
        )
    from hedgerow.compare.clusters import cluster

    return _quietly(cluster(flags.engine.strip().lower(), flags.address, None if flags.address else workers))


@contextmanager
def _quietly(engine: AbstractContextManager[None]) -> Iterator[None]:
    """Let an engine's own words go to standard error, as Ray's of a lost worker: results alone are printed."""
    with redirect_stdout(sys.stderr), engine:
        yield
