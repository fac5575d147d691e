"""Dask, Ray and processes started on this machine: the bits of one process, also where a worker is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from compare.hedges import MARKET, Walk, small_grid
from compare.killers import DeadlyOnce, DeadlyWalk
from compare.races import Leaning, Looped
from compare.test_parallel import changes, digest
from hedgerow.cli.main import main
from hedgerow.compare import GridOptions, clusters
from hedgerow.compare.clusters import cluster
from hedgerow.compare.grid import run as grid_run
from hedgerow.compare.parallel import Refits, refit_methods
from hedgerow.compare.workers import jobs_of, process_number, share_out
from hedgerow.errors import InputError

TESTS = Path(__file__).resolve().parents[1]
PIECES = {"n_paths": 64, "scenarios": {"walk": Walk(MARKET)}}
NEEDS = {"loky": "joblib", "dask": "distributed", "ray": "ray"}

pytestmark = pytest.mark.cluster


def options(per_task: int) -> GridOptions:
    return GridOptions(piece_paths=8, per_task=per_task)


def refits(method: Any, per_piece: int | None) -> str:
    X, y = changes()
    return digest(refit_methods(X, y, {"m": method}, Refits(np.arange(100, 300, 5), "hold"), per_piece=per_piece))


@pytest.mark.parametrize("name", list(NEEDS))
def test_command_line_on_workers_started_for_it(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(NEEDS[name])
    monkeypatch.setattr(grid_run, "WORTH_STARTING_S", 0.0)
    words = "--spot 100 --days 30 --vol 0.2 --paths 300 --steps 5 --family band:width=0.05,0.1,0.2,0.4 --json"
    answers = []
    for more in ("", f"--workers 2 --engine {name}"):
        monkeypatch.setattr("sys.argv", ["hedgerow", "frontier", *words.split(), *more.split()])
        with pytest.raises(SystemExit) as stop:
            main()
        assert not stop.value.code
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]


@pytest.fixture(scope="module")
def grid_alone() -> str:
    return small_grid(options=options(1), **PIECES).digest


@pytest.fixture(scope="module", params=list(NEEDS))
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Set a backend of two workers that find the parts of these tests."""
    pytest.importorskip(NEEDS[request.param])
    kept = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(TESTS), str(TESTS.parent / "src"), *filter(None, [kept])])
    try:
        with cluster(request.param, workers=2):
            yield request.param
    finally:
        if kept is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = kept


@pytest.mark.parametrize("per_task", [1, 7, 1000])
def test_grid_in_any_pieces_same_bits_in_two_processes(engine: str, grid_alone: str, per_task: int) -> None:
    found = small_grid(options=options(per_task), **PIECES)
    assert found.digest == grid_alone
    assert found.processes >= (2 if per_task == 1 else 1)


@pytest.mark.parametrize("per_piece", [1, 7, 1000])
def test_refits_in_pieces_of_any_size_same_bits(engine: str, per_piece: int) -> None:
    shared = [refits(method, per_piece) for method in (Looped(), Leaning())]
    with joblib.parallel_config("sequential"):
        assert shared == [refits(method, None) for method in (Looped(), Leaning())]


def test_ray_works_in_two_processes_without_a_number_of_jobs(engine: str) -> None:
    if engine != "ray":
        pytest.skip("what joblib does where a backend other than Ray's is given no number is tested elsewhere")
    found: list[int] = []
    with joblib.parallel_config("ray"):  # joblib alone would stay in this process
        assert jobs_of(None) == 2
        share_out(process_number, [()] * 16, None, lambda _, process: found.append(process))
    assert len(set(found)) >= 2
    assert os.getpid() not in found


def test_worker_lost_in_a_grid_same_bits(engine: str, grid_alone: str, tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    deadly = DeadlyWalk(MARKET, home=os.getpid(), mark=str(mark), at=24)
    found = small_grid(options=options(1), **(PIECES | {"scenarios": {"walk": deadly}}))
    assert mark.exists()
    assert found.digest == grid_alone


def test_worker_lost_in_refits_same_bits(engine: str, tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    method = DeadlyOnce(os.getpid(), str(mark))
    shared = refits(method, 3)
    assert mark.exists()
    with joblib.parallel_config("sequential"):
        assert shared == refits(Looped(), None)


def test_error_of_a_task_arrives_as_it_is(engine: str) -> None:
    with pytest.raises(InputError, match="n_steps"):
        small_grid(options=options(1), n_paths=64, n_steps=-1)


def test_dask_that_runs_elsewhere_is_named_by_its_address() -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running:
        alone = small_grid().digest
        with cluster("dask", running.scheduler_address):
            assert small_grid(options=options(1), n_paths=32).processes >= 2
            assert small_grid(options=GridOptions(piece_paths=16, per_task=1)).digest == alone


def test_cluster_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(clusters, "ANSWER_S", 0.5)
    with (
        pytest.raises(InputError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 "),
        cluster("dask", "tcp://127.0.0.1:9"),
    ):
        pass
