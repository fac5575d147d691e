"""An airline asks how many heating-oil contracts hedge 12 million gallons of jet fuel, and whether they had worked.

The study is the one a treasurer would keep; every figure asked for is computed again with pandas and statsmodels.
Headline figures are frozen from that computation: OLS ratio 1.0040 (s.e. 0.0219), sell 287 contracts, 42.0 % of the
variance removed out of sample, most of the rest being the two hurricane weeks of September 2008.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from compare.races import all_methods
from data import shared_data
from real.oracles import fridays, read_columns, slope_and_error, slow_reduction

JET, QUANTITY, CONTRACT = "usgc_jet_usd_gal", 12_000_000, 42_000
STUDY = """
kind: ratio
title: Jet fuel, next six months
data:
  files: [{spot}, {futures}]
  start: 1994-01-01
  every: W-FRI
exposure: {{column: usgc_jet_usd_gal, quantity: {quantity}, currency: USD}}
hedges:
  - {{column: HO2, contract_size: {contract}, half_spread_bps: 5, commission: 1.5}}
methods: [{methods}]
trading: {{whole_contracts: true}}
"""


@pytest.fixture(scope="module")
def files() -> tuple[Path, Path]:
    return shared_data("energy_spot_daily.csv"), shared_data("energy_futures_contract1_4_daily.csv")


@pytest.fixture(scope="module")
def folder(files: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    from typer.testing import CliRunner

    from hedgerow.cli.main import app

    place = tmp_path_factory.mktemp("airline")
    study = place / "jet.yaml"
    spot, futures = files
    methods = ", ".join(name for name in all_methods() if name != "fixed")
    words = {"spot": spot, "futures": futures, "quantity": QUANTITY, "contract": CONTRACT, "methods": methods}
    study.write_text(STUDY.format(**words))
    outcome = CliRunner().invoke(app, ["run", str(study), "--out", str(place / "out")])
    assert outcome.exit_code == 0, outcome.output
    return place / "out"


@pytest.fixture(scope="module")
def result(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return found


@pytest.fixture(scope="module")
def weeks(files: tuple[Path, Path]) -> pd.DataFrame:
    spot, futures = files
    return fridays(read_columns({JET: (spot, JET), "HO2": (futures, "HO2")}, "1994-01-01")).diff().dropna()


def method(result: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in result["methods"] if entry["method"] == name)


def test_journey_ratio_and_contracts_equal_plain_computation(result: dict[str, Any], weeks: pd.DataFrame) -> None:
    slope, error = slope_and_error(weeks[JET], weeks["HO2"])
    ols = method(result, "ols")
    assert ols["hedge_ratio"][0] == pytest.approx(slope, rel=1e-10)
    assert ols["standard_error"][0] == pytest.approx(error, rel=1e-10)
    exact = -slope * QUANTITY / CONTRACT
    assert ols["contracts"][0] == pytest.approx(exact, rel=1e-10)
    assert ols["residual_exposure"] == pytest.approx(slope * QUANTITY - 287 * CONTRACT, abs=1e-3)
    assert [slope, error, ols["whole_contracts"][0]] == pytest.approx([1.0040, 0.0219, -287.0], abs=5e-5)


def test_journey_whole_contracts_cost_and_reduction_equal_slow_loop(
    result: dict[str, Any], weeks: pd.DataFrame, files: tuple[Path, Path]
) -> None:
    prices = fridays(read_columns({JET: (files[0], JET), "HO2": (files[1], "HO2")}, "1994-01-01"))["HO2"].to_numpy()
    first, held, paid, hedged = len(weeks) // 2, 0.0, [], []
    x, y = weeks["HO2"].to_numpy(), weeks[JET].to_numpy()
    for row in range(first, len(y)):
        ratio = ((x[:row] - x[:row].mean()) * y[:row]).sum() / ((x[:row] - x[:row].mean()) ** 2).sum()
        contracts = float(int(ratio * QUANTITY / CONTRACT + 0.5))
        moved = abs(contracts - held)
        paid.append(moved * (CONTRACT * prices[row] * 5e-4 + 1.5))
        hedged.append(y[row] * QUANTITY - contracts * CONTRACT * x[row])
        held = contracts
    net = [gain - cost for gain, cost in zip(hedged, [*paid[1:], 0.0], strict=True)]
    net[0] -= paid[0]
    expected = 1.0 - pd.Series(net).var() / (QUANTITY**2 * pd.Series(y[first:]).var())
    judged = method(result, "ols")["out_of_sample"]
    assert judged["variance_reduction"] == pytest.approx(expected, abs=1e-10)
    assert judged["cost"] == pytest.approx(sum(paid) / QUANTITY, rel=1e-9)
    assert judged["n_obs"] == len(y) - first == 598
    assert judged["variance_reduction"] == pytest.approx(0.4198, abs=5e-4)
    assert judged["variance_reduction"] == pytest.approx(slow_reduction(weeks[JET], weeks["HO2"]), abs=1e-3)


def test_journey_says_what_left_and_what_is_odd_and_gives_a_verdict(result: dict[str, Any], folder: Path) -> None:
    said = " ".join(result["warnings"])
    assert "rows left because a price is missing" in said
    assert f"{JET}: " in said
    assert "2008-09-11" in said
    assert "kept" in said
    assert result["verdict"].startswith("Nothing beats a constant OLS ratio here")
    for name in ("report.html", "comparison.csv", "ratios.csv", "ledger-ols.csv"):
        assert (folder / name).stat().st_size > 1_000
    page = (folder / "report.html").read_text()
    for heading in ("Basis", "in sample", "CVaR", "287"):
        assert heading.lower() in page.lower()


def test_journey_ledger_file_adds_up(folder: Path) -> None:
    ledger = pd.read_csv(folder / "ledger-ols.csv", index_col=0)
    gains = ledger.filter(like="gain ").sum(axis=1)
    costs = ledger.filter(like="cost ").sum(axis=1)
    change = ledger["wealth"].diff()
    explained = gains + ledger["financing"] + ledger["cash flow"] - costs
    assert (change - explained).iloc[1:].abs().max() < 1e-9 * QUANTITY * 4.0
    contracts = ledger["holding HO2"] / CONTRACT
    assert (contracts - contracts.round()).abs().max() < 1e-9
