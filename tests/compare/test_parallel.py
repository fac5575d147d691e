"""Who does the fitting changes no bit of it: workers, pieces, backends, killed processes, threads of BLAS."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, ClassVar

import joblib
import numpy as np
import pytest
from joblib import parallel as joblib_parallel
from joblib._parallel_backends import ThreadingBackend
from threadpoolctl import threadpool_info, threadpool_limits

from compare.races import Leaning, Looped, Murderous, all_methods, fitted_methods, market_of, price_history, race
from hedgerow.compare import WalkForward, parallel
from hedgerow.compare.parallel import Piece, Refits, fits_apart, refit_methods, refit_piece
from hedgerow.compare.workers import jobs_of, work_afresh
from hedgerow.errors import InputError
from hedgerow.ratios import EWMA, METHODS, OLS, Huber, RatioEstimator
from hedgerow.ratios.refits import RefitPath

METHODS_APART: dict[str, RatioEstimator] = {"looped": Looped(), "leaning": Leaning(), "ewma": EWMA()}


def changes(n: int = 300, n_hedges: int = 2) -> tuple[Any, Any]:
    market = market_of(price_history(n + 1, n_hedges=n_hedges))
    return market.hedge_changes, market.exposure_changes


def digest(paths: dict[str, RefitPath]) -> str:
    found = hashlib.sha256()
    for name, path in paths.items():
        found.update(f"{name} {path.refits} {path.failures}".encode() + path.ratios.tobytes())
    return found.hexdigest()


def refit(between: str = "update", every: int = 5, **options: Any) -> dict[str, RefitPath]:
    X, y = changes()
    return refit_methods(X, y, METHODS_APART, Refits(np.arange(100, 300, every), between), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("between", ["hold", "update"])
@pytest.mark.parametrize("per_piece", [1, 7, 1000])
def test_refits_in_pieces_of_any_size_same_bits(between: str, per_piece: int) -> None:
    alone = refit(between)
    assert alone["leaning"].failures
    with joblib.parallel_config("threading", n_jobs=2):
        assert digest(refit(between, per_piece=per_piece)) == digest(alone)


def test_refits_by_two_processes_same_bits_and_progress_is_told() -> None:
    told: list[tuple[str, float]] = []
    shared = refit(workers=2, per_piece=4, progress=lambda name, share: told.append((name, share)))
    assert digest(shared) == digest(refit())
    for name in METHODS_APART:
        shares = [share for said, share in told if said == name]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_refits_by_any_number_of_threads_same_bits(workers: int) -> None:
    with joblib.parallel_config("threading", n_jobs=workers):
        assert digest(refit(per_piece=3)) == digest(refit(workers=1))


def test_killed_workers_leave_the_same_result() -> None:
    X, y = changes()
    refits, method = Refits(np.arange(100, 300, 5)), {"murderous": Murderous(os.getpid())}
    alone = refit_methods(X, y, method, refits, workers=1)
    assert digest(refit_methods(X, y, method, refits, workers=2, per_piece=3)) == digest(alone)


def test_failure_at_the_border_of_pieces_keeps_the_ratio_before() -> None:
    market = market_of(price_history(301))
    split = WalkForward(train=0.4, refit=7, between="update")
    with joblib.parallel_config("threading", n_jobs=2):
        result = race(market, {"leaning": Leaning()}, walk_forward=split)
    alone = race(market, {"leaning": Leaning()}, walk_forward=split)
    np.testing.assert_array_equal(result.held_ratios, alone.held_ratios)


def test_small_job_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a process would have been started")

    monkeypatch.setattr(parallel, "_shared_out", refuse)
    assert digest(refit(workers=4)) == digest(refit())


class Elsewhere(ThreadingBackend):  # type: ignore[misc]
    """A backend that somebody set from outside, as Dask's or Ray's are."""

    configured: ClassVar[list[int]] = []

    def configure(self, n_jobs: int = 1, *arguments: Any, **options: Any) -> Any:
        type(self).configured.append(n_jobs)
        return super().configure(n_jobs, *arguments, **options)


@pytest.fixture
def elsewhere() -> Iterator[str]:
    joblib_parallel.register_parallel_backend("elsewhere", Elsewhere)
    yield "elsewhere"
    del joblib_parallel.BACKENDS["elsewhere"]


def test_backend_set_outside_is_used_with_all_its_workers(elsewhere: str) -> None:
    Elsewhere.configured.clear()
    with joblib.parallel_config(elsewhere):
        if joblib.effective_n_jobs(-1) < 2:
            pytest.skip("one core: nothing to share out")
        shared = refit(per_piece=5)
    assert Elsewhere.configured == [joblib.effective_n_jobs(-1)]
    assert digest(shared) == digest(refit())


def test_inside_somebody_elses_worker_nothing_more_is_started() -> None:
    with joblib.parallel_config("threading", n_jobs=2):
        inside = joblib.Parallel()(joblib.delayed(jobs_of)(None) for _ in range(2))
    assert inside == [1, 1]


def test_threads_of_blas_change_no_bit() -> None:
    results = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            before = [library["num_threads"] for library in threadpool_info()]
            results.append(digest(refit()))
            assert [library["num_threads"] for library in threadpool_info()] == before
    assert results[0] == results[1]


def test_every_method_takes_read_only_changes() -> None:
    X, y = changes(160, 1)
    methods, refits = all_methods() | fitted_methods(), Refits(np.array([150, 155]), "update")
    free = refit_methods(X, y, methods, refits)
    X, y = X.copy(), y.copy()
    X.flags.writeable = y.flags.writeable = False
    assert digest(refit_methods(X, y, methods, refits)) == digest(free)


def test_changes_at_an_odd_address_give_the_bits_of_those_that_are_not() -> None:
    odd = []
    for values in changes():
        buffer = np.empty(values.nbytes + 16, np.uint8)
        start = 13 - buffer.ctypes.data % 8
        there = buffer[start : start + values.nbytes].view(float).reshape(values.shape)
        there[:] = values
        assert not there.flags.aligned
        odd.append(there)
    piece = Piece("leaning", Leaning(), Refits(np.arange(100, 300, 5), "hold"), 300)
    X, y = (np.ascontiguousarray(values) for values in changes())
    found = work_afresh(refit_piece, (*odd, piece)).ratios
    assert found.tobytes() == refit_piece(X, y, piece).ratios.tobytes()


def test_only_methods_that_fit_each_refit_anew_are_taken_apart() -> None:
    assert fits_apart(Looped(), "hold")
    assert fits_apart(Leaning(), "hold")
    assert fits_apart(Leaning(), "update")
    for method in (OLS(), EWMA(), Huber()):
        assert not fits_apart(method, "hold")
        assert not fits_apart(method, "update")
    assert {kind._filters for kind in METHODS.values()} <= {True, False}


@pytest.mark.parametrize("option", ["workers", "per_piece"])
def test_counts_below_one_refused(option: str) -> None:
    with pytest.raises(InputError, match=f"{option} must be 1 or more"):
        refit(**{option: 0})


def test_error_in_a_worker_is_the_same_sentence() -> None:
    X, y = changes()
    with joblib.parallel_config("threading", n_jobs=2), pytest.raises(InputError, match="rows of refits must ascend"):
        refit_methods(X, y, {"looped": Looped()}, Refits(np.array([100, 90, 80])), per_piece=2)


def test_import_starts_nothing_and_loads_no_plotly() -> None:
    code = (
        "import multiprocessing, sys, threading, hedgerow.compare; from hedgerow.compare import walk_forward; "
        "assert threading.active_count() == 1; assert not multiprocessing.active_children(); "
        "assert not {'plotly', 'hedgerow.report'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
