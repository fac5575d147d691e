"""What CONTRIBUTING promises: a method, a policy or a cost is one class, and nothing else is edited."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

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


def test_methods_have_the_same_names_in_every_list_that_the_page_mentions() -> None:
    assert set(METHODS) == set(PARAMETERS) == set(MethodName.__args__)  # type: ignore[attr-defined]


def test_files_and_names_that_the_page_mentions_exist() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`((?:src|tests|constraints|docs)/[\w./-]+)`", page))
    assert len(paths) > 8
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []
