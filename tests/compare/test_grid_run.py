"""A grid of simulations: who does the work and how it is cut changes no bit; rows, differences and refusals."""

from __future__ import annotations

import json
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest

from compare.hedges import BANDS, BOOK, COSTS, DELTA, MARKET, Walk, small_grid
from hedgerow.compare import GridOptions, run_grid
from hedgerow.compare.grid import run as grid_run
from hedgerow.compare.grid.later_paths import LaterPaths, from_path
from hedgerow.costs import HalfSpread, no_costs
from hedgerow.engine import SimulateOptions, simulate
from hedgerow.errors import InputError
from hedgerow.policies import EveryPeriods
from hedgerow.scenarios import GBM


@pytest.fixture(scope="module")
def whole() -> Any:
    return small_grid()


@pytest.mark.parametrize(("workers", "per_task"), [(1, 1), (2, 1), (2, 7), (4, 1000), (8, 3)])
def test_grid_by_any_workers_in_any_pieces_same_bits(whole: Any, workers: int, per_task: int) -> None:
    with joblib.parallel_config("threading", n_jobs=workers):
        found = small_grid(options=GridOptions(piece_paths=16, per_task=per_task))
    assert found.digest == whole.digest


@pytest.mark.compiled
def test_two_processes_give_the_bits_of_one(whole: Any) -> None:
    found = small_grid(workers=2, options=GridOptions(piece_paths=16, per_task=1))
    assert found.digest == whole.digest
    assert found.processes == 2


def test_small_grid_starts_no_process(whole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> int:
        raise AssertionError("a process would have been started")

    monkeypatch.setattr(grid_run, "share_out", refuse)
    assert small_grid(workers=4).digest == whole.digest


def test_what_a_killed_worker_left_is_done_here(whole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(work: Any, tasks: Any, workers: Any, take: Any) -> int:
        take(0, work(*tasks[0]))
        return 1

    monkeypatch.setattr(grid_run, "share_out", broken)
    found = small_grid(workers=2, options=GridOptions(piece_paths=16, per_task=2))
    assert found.digest == whole.digest


def test_cell_cut_in_pieces_has_the_paths_of_one_simulation(whole: Any) -> None:
    result = simulate(
        BOOK, scenario=Walk(MARKET), hedger=DELTA, policy=BANDS["band 0.2"], costs=COSTS, n_paths=32, n_steps=3, seed=7
    )
    labels = ("short call", "walk", "delta", "band 0.2", "20 bp")
    np.testing.assert_array_equal(whole.figures[labels].pnl, result.pnl)
    shown = result.attribution().rename(columns={"mean": "value"})
    table = pd.concat([result.summary(), shown.loc[["gamma"], ["value", "standard_error"]]])
    for name, (value, error) in whole.figures[labels].summary.items():
        assert value == pytest.approx(table.loc[name, "value"], rel=1e-9)
        assert error == pytest.approx(table.loc[name, "standard_error"], rel=0.03)


@pytest.mark.parametrize("antithetic", [False, True])
def test_later_paths_of_a_compiled_scenario_are_the_same_paths(antithetic: bool) -> None:
    scenario = GBM(MARKET, antithetic=antithetic)
    whole = simulate(BOOK, scenario=scenario, n_paths=40, n_steps=3, seed=2)
    later = simulate(BOOK, scenario=from_path(scenario, 16), n_paths=24, n_steps=3, seed=2)
    assert whole.pnl is not None
    np.testing.assert_array_equal(later.pnl, whole.pnl[16:])
    assert later.how == whole.how
    assert from_path(scenario, 0) is scenario
    assert LaterPaths(MARKET, Walk(MARKET), 2).stages(whole.grid, 0) is None


def test_table_has_a_row_per_cell_with_errors() -> None:
    found = small_grid(costs={"free": no_costs(), "20 bp": COSTS})
    assert list(found.table.index.names) == ["book", "scenario", "hedger", "policy", "costs"]
    assert found.table.shape == (4, 12)
    free, dear = (found.table.xs(name, level="costs") for name in ("free", "20 bp"))
    assert (free["costs"] == 0.0).all()
    np.testing.assert_allclose(free["mean"] - dear["mean"], dear["costs"], rtol=1e-9)
    assert (found.table.filter(like="_error") >= 0.0).all(axis=None)
    assert json.loads(json.dumps(found.to_dict()))["digest"] == found.digest


def test_common_random_numbers_make_differences_tight(whole: Any) -> None:
    gap = whole.differences.xs("band 0.2", level="policy").iloc[0]
    table = whole.table.droplevel(["book", "scenario", "hedger", "costs"])
    assert gap["mean"] == pytest.approx(table.loc["band 0.2", "mean"] - table.loc["band 0", "mean"], abs=1e-12)
    assert gap["mean_error"] < 0.95 * np.hypot(table.loc["band 0.2", "mean_error"], table.loc["band 0", "mean_error"])
    assert (whole.differences.xs("band 0", level="policy") == 0.0).all(axis=None)


def test_reference_on_any_axis() -> None:
    found = small_grid(
        costs={"free": no_costs(), "20 bp": COSTS}, options=GridOptions(reference={"costs": "free"}, piece_paths=16)
    )
    gaps = found.differences.xs("20 bp", level="costs")
    np.testing.assert_allclose(gaps["mean"], -gaps["costs"], rtol=1e-9)


def test_mirrored_scenario_counts_pairs() -> None:
    found = small_grid(scenarios=Walk(MARKET, antithetic=True), policies=EveryPeriods(100))
    figures = next(iter(found.figures.values()))
    pairs = figures.by_path().reshape(-1, 2).mean(axis=1)
    single = next(iter(small_grid(policies=EveryPeriods(100)).figures.values()))
    assert (figures.mirrored, single.mirrored) == (True, False)
    assert figures.summary["mean"][1] == pytest.approx(pairs.std(ddof=1) / np.sqrt(16), rel=1e-12)


def test_statistics_of_mirrored_pieces_have_the_errors_of_pairs() -> None:
    scenario, statistics = GBM(MARKET, antithetic=True), SimulateOptions(keep="statistics")
    kept, cut = (
        next(iter(small_grid(scenarios=scenario, options=each).figures.values()))
        for each in (GridOptions(), GridOptions(simulate=statistics, piece_paths=8))
    )
    for name in ("mean", "costs", "turnover"):
        assert cut.summary[name] == pytest.approx(kept.summary[name], rel=1e-9)


def test_statistics_alone_merge_and_have_no_differences(whole: Any) -> None:
    found = small_grid(options=GridOptions(simulate=SimulateOptions(keep="statistics"), piece_paths=16))
    names = ["mean", "standard_deviation", "costs", "trades", "turnover"]
    np.testing.assert_allclose(found.table[names], whole.table[names], rtol=1e-9)
    np.testing.assert_allclose(found.table["cvar"], whole.table["cvar"], rtol=0.05)
    assert all(each.pnl is None for each in found.figures.values())
    assert len(found.digest) == 64
    with pytest.raises(InputError, match="keep='pnl'"):
        _ = found.differences


def test_progress_tells_every_cell_once() -> None:
    told: list[tuple[str, float]] = []
    small_grid(progress=lambda name, share: told.append((name, share)))
    assert [share for _, share in told] == pytest.approx([0.5, 1.0])
    assert told[0][0] == "short call | walk | delta | band 0 | 20 bp"


def test_parts_alone_are_named_by_how_they_print() -> None:
    found = run_grid(BOOK, Walk(MARKET), DELTA, EveryPeriods(2), HalfSpread(1), n_paths=4, n_steps=2)
    assert next(iter(found.figures))[2:] == ("DeltaHedger()", "EveryPeriods(periods=2)", "HalfSpread(basis_points=1)")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"policies": {}}, "at least one policy"),
        ({"workers": 0}, "workers must be 1 or more"),
        ({"n_paths": 0}, "n_paths must be 1 or more"),
        ({"options": GridOptions(reference={"policy": "bnd 0"})}, r"no policy 'bnd 0'; did you mean 'band 0'"),
        ({"options": GridOptions(reference={"polcy": "band 0"})}, r"no axis 'polcy'; did you mean 'policy'"),
    ],
)
def test_grid_that_cannot_be_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        small_grid(**changes)


@pytest.mark.parametrize("piece", [0, 1, 7])
def test_pieces_that_cut_mirrored_pairs_are_refused(piece: int) -> None:
    with pytest.raises(InputError, match="even number"):
        GridOptions(piece_paths=piece)


def test_unknown_cell_is_refused(whole: Any) -> None:
    with pytest.raises(InputError, match="the grid has no cell"):
        whole.difference(("short call", "walk", "delta", "band 9", "20 bp"), next(iter(whole.figures)))


def test_work_is_done_in_this_process_unless_asked(whole: Any) -> None:
    assert whole.processes == 1
