"""What CONTRIBUTING promises: a method, policy, cost, scenario or hedger is one class, and nothing else is edited."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import hedgerow as hg
from hedgerow.ratios import METHODS
from hedgerow.study.methods import PARAMETERS
from hedgerow.study.models import MethodName
from laws import assert_causal

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the page's Python blocks as the one file they would be."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    file = tmp_path / "contributed.py"
    file.write_text("\n".join(blocks), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("contributed", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "contributed", module)
    spec.loader.exec_module(module)
    return module


def market() -> hg.LinearMarket:
    changes = hg.load_sample("sp500-nasdaq").between("2014-01-01", "2016-12-31").changes("percent")
    return hg.LinearMarket.from_changes(changes, "Nasdaq", ("S&P 500",))


def test_method_of_the_page_races_with_the_others_and_knows_no_future(written: ModuleType) -> None:
    method = written.VolatilityRatio()
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 2))
    assert_causal(method, X, X.sum(axis=1) + rng.normal(size=120), cuts=10)
    race = hg.compare_methods(market(), {"ols": hg.OLS(), "volatility": method})
    assert set(race.table.index) == {"ols", "volatility"}


def test_policy_and_cost_of_the_page_take_part_in_accounts_that_close(written: ModuleType) -> None:
    execution = hg.Execution(policy=written.HalfWay(), costs=written.PerUnit(0.01) + hg.HalfSpread(1))
    race = hg.compare_methods(market(), {"ols": hg.OLS()}, execution=execution)
    assert set(race.ledger.costs) == {"per_unit", "half_spread"}
    assert race.ledger.check() is race.ledger
    held = race.ratio_paths().to_numpy()[:, 0]
    assert held[0] == pytest.approx(race.refit_paths["ols"][race.first_row, 0] / 2)


def hedged(**parts: Any) -> hg.SimulationResult:
    """Return 200 paths of a call sold, hedged by 20 steps, with parts of the page in place of the usual ones."""
    state = hg.MarketState("2026-11-20", {"XYZ": hg.Underlying(100.0, 0.2)})
    book = hg.Book([(hg.EuropeanOption("XYZ", "call", 100.0, "2026-12-18", multiplier=100), -1)])
    usual: dict[str, Any] = {"scenario": hg.GBM(state), "n_paths": 200, "n_steps": 20, "seed": 3}
    return hg.simulate(book, **usual | parts)


@pytest.mark.compiled
def test_policy_and_cost_written_as_rules_run_compiled_and_as_arrays_alike(written: ModuleType) -> None:
    parts = {"policy": written.MoneyBand(300.0), "costs": written.StampDuty(0.001) + hg.HalfSpread(1)}
    result = hedged(**parts)
    assert result.how == "compiled"
    on_arrays = hedged(**parts, hedger=SameDelta())
    assert on_arrays.how == "arrays"
    np.testing.assert_allclose(result.pnl, on_arrays.pnl, atol=1e-8)
    assert {"cost commission", "cost half_spread"} <= set(result.attribution().index)


class SameDelta(hg.DeltaHedger):
    """The delta hedger as somebody's own, which no compiled loop knows."""


def test_policy_in_plain_python_hedges_less_than_the_one_that_follows(written: ModuleType) -> None:
    half, whole = hedged(policy=written.HalfWay()), hedged()
    assert half.summary().loc["turnover", "value"] < whole.summary().loc["turnover", "value"]
    band = hedged(policy=written.MoneyBand(300.0) | hg.EveryPeriods(10))
    assert 2.0 <= band.summary().loc["trades", "value"] < 20.0


def test_scenario_of_the_page_moves_three_times_as_far_on_the_day_of_its_event(written: ModuleType) -> None:
    state = hg.MarketState("2026-11-20", {"XYZ": hg.Underlying(100.0, 0.2)})
    grid = hg.TimeGrid.even("2026-11-20 16:00", "2026-11-30 16:00", 10)
    moves = np.diff(np.log(written.EventDay(state, "2026-11-24 14:00").draw(grid, 4000, 1).spots[:, :, 0]), axis=1)
    deviations = moves.std(axis=0)
    assert deviations.argmax() == 3
    assert deviations[3] / np.delete(deviations, 3).mean() == pytest.approx(3.0, rel=0.05)
    assert hedged(scenario=written.EventDay(state, "2026-11-24 14:00")).n_paths == 200


def test_hedger_of_the_page_leaves_half_of_the_delta(written: ModuleType) -> None:
    path = hedged(hedger=written.ShareOfDelta()).paths(0)
    np.testing.assert_allclose(path["holding"].iloc[:-1], -0.5 * path["delta"].iloc[:-1], atol=1e-12)


def test_methods_have_the_same_names_in_every_list_that_the_page_mentions() -> None:
    assert set(METHODS) == set(PARAMETERS) == set(MethodName.__args__)  # type: ignore[attr-defined]


def test_files_and_names_that_the_page_mentions_exist() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`((?:src|tests|constraints|docs)/[\w./-]+)`", page))
    assert len(paths) > 8
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []
