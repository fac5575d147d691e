"""The stress study from Python: what its words mean, its tables, figures and report, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError, StudyError
from hedgerow.study import StressOutcome, StressStudy, load_study, run_stress_study, run_study


def write_prices(folder: Path, rows: int = 301, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 2))
    y = x @ [0.8, 0.3] + 0.3 * rng.normal(size=rows)
    days = pd.bdate_range(end="2021-12-31", periods=rows, name="date")
    prices = (200 + pd.DataFrame(np.column_stack([y, x]), days, columns=["spot", "a", "b"]).cumsum()).round(6)
    prices.to_csv(folder / "prices.csv")
    return prices


def run(folder: Path, hedges: tuple[str, ...] = ("a",), size: float | None = 50.0, **words: Any) -> StressOutcome:
    if not (folder / "prices.csv").exists():
        write_prices(folder)
    exposure = {"column": "spot", "quantity": 10_000.0, **words.pop("exposure", {})}
    data = {"files": ["prices.csv"], **words.pop("data", {})}
    listed = [{"column": name, "contract_size": size} for name in hedges]
    study = StressStudy.model_validate({"data": data, "exposure": exposure, "hedges": listed, **words})
    return run_stress_study(study, folder)


def test_ratio_comes_from_the_method_or_is_given(tmp_path: Path) -> None:
    prices = write_prices(tmp_path)
    moves = prices.diff().dropna()
    slope = np.polyfit(moves["a"], moves["spot"], 1)[0]
    fitted, given = run(tmp_path), run(tmp_path, ratio=[0.5])
    assert fitted.test.position.ratio == pytest.approx((slope,), rel=1e-9)
    assert (fitted.method, given.method) == ("ols", "given")
    assert given.sizings is not None
    assert given.sizings[0].whole == -100.0
    rolling = run(tmp_path, method={"name": "rolling", "window": 40})
    tail = moves.iloc[-40:]
    assert rolling.test.position.ratio == pytest.approx((np.polyfit(tail["a"], tail["spot"], 1)[0],), rel=1e-9)


def test_losses_equal_plain_pandas(tmp_path: Path) -> None:
    moves = write_prices(tmp_path).diff().dropna()
    outcome = run(tmp_path, ratio=[0.7], stress={"sigmas": 4.0, "correlations": [0.3]})
    table = outcome.test.table
    sy, sx = moves["spot"].std(), moves["a"].std()
    deviation = np.sqrt(sy**2 + 0.49 * sx**2 - 2 * 0.7 * 0.3 * sx * sy)
    assert table.loc["correlation 0.30", "loss_hedged"] == pytest.approx(40_000 * deviation, rel=1e-9)
    worst = moves["spot"].rolling(5).sum().idxmin()
    window = moves.loc[:worst].iloc[-5:].sum()
    assert table.loc["worst 5 rows", "loss_hedged"] == pytest.approx(-10_000 * (window["spot"] - 0.7 * window["a"]))


def test_end_of_the_data_is_the_day_of_the_test(tmp_path: Path) -> None:
    prices = write_prices(tmp_path)
    early = run(tmp_path, data={"end": "2021-09-30"})
    altered = prices.copy()
    altered.loc["2021-10-01":] *= 3.0
    altered.to_csv(tmp_path / "prices.csv")
    again = run(tmp_path, data={"end": "2021-09-30"})
    assert early.test.as_of == pd.Timestamp("2021-09-30")
    assert again.to_dict() == early.to_dict()


def test_own_scenarios_join_the_presets_and_replace_those_of_their_name(tmp_path: Path) -> None:
    own = [
        {"name": "slump", "moves": {"spot": -0.1, "a": -0.02}, "moves_in": "percent"},
        {"name": "panic", "correlation": 0.3, "index": [15, 45]},
        {"name": "gap at a roll", "roll_gap": 2.0},
        {"name": "odd", "basis_shock": 1.0, "volatility": {"a": 2.0}},
        {"name": "drop", "sigma": -3, "follow": "none"},
        {"name": "worst 3", "worst_rows": 3},
    ]
    outcome = run(tmp_path, ratio=[1.0], scenarios=own)
    table = outcome.test.table
    assert table.index.is_unique
    prices = outcome.data.last_prices
    expected = 10_000 * (0.1 * prices["spot"] - 0.02 * prices["a"])
    assert table.loc["slump", "loss_hedged"] == pytest.approx(expected)
    assert table.loc["gap at a roll", "loss_hedged"] == pytest.approx(20_000.0)
    assert table.loc["panic", "loss_unhedged"] == pytest.approx(3.0 * table.loc["as estimated", "loss_unhedged"])
    alone = run(tmp_path, scenarios=own, stress={"presets": False})
    assert list(alone.test.table.index) == [scenario["name"] for scenario in own]
    assert "volatility index 12 to 60, correlation 0.40" not in run(tmp_path, stress={"index": None}).test.table.index


def test_several_hedges_have_a_column_each_and_a_review_of_margin(tmp_path: Path) -> None:
    outcome = run(tmp_path, ("a", "b"), stress={"stop_loss": 50_000})
    assert {"emergency_ratio a", "emergency_ratio b", "emergency_contracts b"} <= set(outcome.test.table.columns)
    assert outcome.margin is not None
    assert outcome.margin.sides["one for one"].ratio == (0.5, 0.5)
    assert outcome.stops is not None
    assert len(outcome.stops.hedges) == 2


def test_margin_path_is_contracts_times_price_change(tmp_path: Path) -> None:
    prices = write_prices(tmp_path)
    outcome = run(tmp_path, ratio=[0.8], margin={"initial": [400.0], "rate": 0.05, "confidence": 0.9, "horizon": 5})
    assert outcome.margin is not None
    held, naive = outcome.margin.sides["held"], outcome.margin.sides["one for one"]
    moves = prices["a"].diff().dropna()
    np.testing.assert_allclose(held.path.variation[1:], -8_000 * moves, rtol=1e-9, atol=1e-6)
    assert held.initial_now == pytest.approx(160 * 400.0)
    assert naive.initial_now == pytest.approx(200 * 400.0)
    assert held.need.buffer < naive.need.buffer
    assert held.cost_per_year == pytest.approx(0.05 * (held.initial_now + held.need.buffer))
    assert held.path.table["call"].sum() > 0.0


def test_margin_in_returns_takes_a_contract_at_todays_price(tmp_path: Path) -> None:
    prices = write_prices(tmp_path)
    outcome = run(tmp_path, changes="percent", ratio=[0.9], margin={"share": [0.1]}, trading={"rounding": "none"})
    assert outcome.margin is not None
    side = outcome.margin.sides["held"]
    last = prices.iloc[-1]
    contracts = -0.9 * 10_000 * last["spot"] / (50 * last["a"])
    assert side.contracts == pytest.approx([contracts], rel=1e-9)
    assert outcome.test.position.contracts == pytest.approx([contracts], rel=1e-9)
    assert side.initial_now == pytest.approx(abs(contracts) * 0.1 * 50 * last["a"], rel=1e-9)


def test_capital_aware_ratio_shrinks_with_the_rate_and_is_least_variance_without_one(tmp_path: Path) -> None:
    prices = write_prices(tmp_path)
    moves = prices.diff().dropna()
    words = {"share": [0.1], "risk_aversion": 1e-6}
    reviews = [run(tmp_path, margin={**words, "rate": rate}).margin for rate in (0.0, 0.02, 0.04, 50.0)]
    ratios = [review.capital_aware[0] for review in reviews if review is not None and review.capital_aware]
    assert ratios[0] == pytest.approx(np.polyfit(moves["a"], moves["spot"], 1)[0], rel=1e-9)
    assert ratios[0] > ratios[1] > ratios[2] > ratios[3] == 0.0
    up = moves["a"].to_numpy()
    windows = [max(0.0, *np.cumsum(up[i : i + 10])) for i in range(len(up) - 9)]
    years = (prices.index[-1] - prices.index[0]).days / 365 / len(up)
    cost = 0.02 * (0.1 * prices["a"].iloc[-1] + np.quantile(windows, 0.99)) * years
    assert ratios[0] - ratios[1] == pytest.approx(cost / (1e-6 * 10_000 * up.var(ddof=1)), rel=1e-9)


def test_one_for_one_between_prices_far_apart_is_warned_of(tmp_path: Path) -> None:
    prices = write_prices(tmp_path)
    prices.assign(a=prices["a"] * 10).to_csv(tmp_path / "prices.csv")
    assert any("one for one is one unit of a" in sentence for sentence in run(tmp_path).warnings)
    assert not any("one for one" in sentence for sentence in run(tmp_path, margin=None).warnings)
    assert not any("one for one" in sentence for sentence in run(tmp_path, changes="percent").warnings)


def test_margin_can_be_left_out_and_short_data_say_why_it_is(tmp_path: Path) -> None:
    assert run(tmp_path, margin=None).margin is None
    write_prices(tmp_path, rows=18)
    short = run(tmp_path, stress={"worst_rows": [1, 5, 20]})
    assert short.margin is None
    assert any(sentence.startswith("no margin figures: an estimated margin needs") for sentence in short.warnings)
    assert any("rest on 17 rows only" in sentence for sentence in short.warnings)
    assert "worst 20 rows" not in short.test.table.index
    with pytest.raises(InputError, match="no margin account to show"):
        short.figure("margin")


def test_knock_in_has_a_cost_and_a_table(tmp_path: Path) -> None:
    terms = {"instrument": "spot", "barrier": 150.0, "vol": 0.3, "years": 0.5}
    outcome = run(tmp_path, stress={"knock_in": terms})
    assert outcome.knock_in is not None
    assert outcome.knock_in.units == pytest.approx(10_000.0)
    assert set(outcome.tables()) >= {"stress", "knock-in", "margin", "margin-held", "margin-one-for-one"}
    assert outcome.to_dict()["knock_in"]["cost"] == pytest.approx(outcome.knock_in.cost)


def test_going_to_the_emergency_ratio_costs_spread_commission_and_ticket(tmp_path: Path) -> None:
    prices = write_prices(tmp_path)
    hedge = {"column": "a", "contract_size": 50.0, "half_spread_bps": 4.0, "commission": 2.0, "held": -20}
    study = StressStudy.model_validate(
        {
            "data": {"files": ["prices.csv"]},
            "exposure": {"column": "spot", "quantity": 10_000.0},
            "hedges": [hedge],
            "ratio": [0.8],
            "trading": {"ticket": 7.0},
        }
    )
    outcome = run_stress_study(study, tmp_path)
    for result in outcome.test.results:
        units = 10_000 * abs(result.emergency_ratio[0] - 0.8)
        expected = 4e-4 * units * prices["a"].iloc[-1] + 2.0 * units / 50 + 7.0
        assert outcome.emergency_costs[result.scenario.name] == pytest.approx(expected, rel=1e-9)
    said = outcome.to_dict()
    assert said["trade"] == [-140.0]
    assert said["scenarios"][1]["emergency_cost"] > 7.0
    assert "to trade: sell 140" in outcome.write_html(tmp_path / "costs.html").read_text("utf-8")


def test_json_has_no_number_that_json_lacks(tmp_path: Path) -> None:
    whole = run(tmp_path, stress={"stop_loss": 1_000})
    said = json.loads(json.dumps(whole.to_dict(), allow_nan=False))
    assert said["ratio"] == pytest.approx(list(whole.test.position.ratio))
    assert said["reverse"]["correlation_limit"] == pytest.approx(whole.test.reverse.correlation_limit)
    assert len(said["scenarios"]) == len(whole.test.results)
    assert said["margin"]["one_for_one"]["ratio"] == [1.0]
    bare = run(tmp_path, size=None, ratio=[0.0], margin=None, exposure={"quantity": None})
    said = json.loads(json.dumps(bare.to_dict(), allow_nan=False))
    assert said["contracts"] is None
    assert said["reverse"]["correlation_limit"] is None


def test_report_and_figures_say_what_the_tables_say(tmp_path: Path) -> None:
    outcome = run(tmp_path, title="Stress <of> fuel", stress={"stop_loss": 1_000}, margin={"share": [0.1]})
    path = outcome.write_html(tmp_path / "stress.html")
    text = path.read_text("utf-8")
    assert "Stress &lt;of&gt; fuel" in text
    for words in ("Loss in each scenario", "The ratio that would be right then", "Margin and cash", "Margin account"):
        assert words in text
    bars = outcome.figure("losses").data
    np.testing.assert_allclose(np.asarray(bars[1].x), outcome.test.table["loss_hedged"])
    assert len(outcome.figure("margin").data) == 3
    with pytest.raises(InputError, match="did you mean 'losses'"):
        outcome.figure("loses")
    assert path.read_bytes() == outcome.write_html(tmp_path / "again.html").read_bytes()


def test_report_says_moved_correlations_option_and_ratio_that_pays_for_its_margin(tmp_path: Path) -> None:
    prices = write_prices(tmp_path)
    twin = prices["a"] + np.cumsum(np.random.default_rng(1).normal(size=len(prices))) * 0.2
    prices.assign(b=twin).rename_axis("date").to_csv(tmp_path / "prices.csv")
    outcome = run(
        tmp_path,
        ("a", "b"),
        scenarios=[{"name": "all one", "correlation": 1.0, "among_hedges": False}],
        stress={"knock_in": {"instrument": "spot", "barrier": 150.0, "vol": 0.3, "years": 0.5}},
        margin={"initial": [500.0], "risk_aversion": 1e-6, "rate": 0.01},
    )
    moved = outcome.test.results[-1]
    assert 0.0 < moved.distance < 0.01
    assert any("'all one' contradicted one another and were moved by" in one for one in outcome.warnings)
    text = outcome.write_html(tmp_path / "stress.html").read_text("utf-8")
    assert "down-and-in put on spot, barrier 150" in text
    assert "Weighing variance against the cost of margin and buffer, the ratio is" in text


def test_exposure_without_volatility_has_no_reduction_and_says_null(tmp_path: Path) -> None:
    still = [{"name": "still", "exposure_volatility": 0.0}]
    outcome = run(tmp_path, scenarios=still, stress={"presets": False})
    assert outcome.to_dict()["scenarios"][0]["variance_reduction"] is None
    assert outcome.to_dict()["scenarios"][0]["emergency_ratio"] == [0.0]


def test_method_that_cannot_run_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="rolling: "):
        run(tmp_path, method={"name": "rolling", "window": 5_000})


def test_yaml_study_runs(tmp_path: Path) -> None:
    write_prices(tmp_path)
    (tmp_path / "s.yaml").write_text(
        "kind: stress\ndata: {files: [prices.csv]}\nexposure: {column: spot, quantity: 100}\n"
        "hedges: [{column: a, contract_size: 10}]\nmethod: {name: ols, window: 100}\n"
        "scenarios:\n  - {name: panic, correlation: 0.2, exposure_volatility: 3}\nmargin: {initial: [30]}\n",
        encoding="utf-8",
    )
    study = load_study(tmp_path / "s.yaml")
    outcome = run_study(study, tmp_path)
    assert isinstance(outcome, StressOutcome)
    assert "panic" in outcome.test.table.index
    assert outcome.verdict.startswith("'")


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ("ratio: [1.0, 2.0]", "2 ratios are given for 1 hedge;"),
        ("stress: {presets: false}", "needs scenarios of its own"),
        ("scenarios: [{name: x, sigma: 1, roll_gap: 2}]", "one kind of move"),
        ("scenarios: [{name: x, correlation: 1.2}]", "correlation"),
        ("scenarios: [{name: x, index: [0, 4]}]", "above 0"),
        ("scenarios: [{name: x, volatility: {a: -1}}]", "0 or more"),
        ("stress: {index: [0, 4]}", "above 0"),
        ("margin: {initial: [1], share: [0.1]}", "initial and as share"),
        ("margin: {marginn: 1}", "unknown key"),
        ("walk_forward: {refit: 5}", "unknown key"),
        ("trading: {tailing: textbook}\nchanges: percent", "tailing textbook is for"),
    ],
)
def test_study_that_cannot_be_is_refused_with_its_line(tmp_path: Path, line: str, match: str) -> None:
    text = "kind: stress\ndata: {files: [p.csv]}\nexposure: {column: spot}\nhedges: [{column: a}]\n" + line + "\n"
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=match):
        load_study(tmp_path / "s.yaml")


def test_scenario_of_an_instrument_that_is_not_held_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'c', which is not held"):
        run(tmp_path, scenarios=[{"name": "x", "moves": {"c": 1.0}}])
