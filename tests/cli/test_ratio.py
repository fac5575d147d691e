"""``hedgerow ratio``: every flag against an oracle of plain numpy and pandas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.ratios import METHODS

BASIC = ("ratio", "p.csv", "--exposure", "spot", "--hedge", "fut")
BOTH = (*BASIC, "--hedge", "gas")
OUT_OF_SAMPLE = {
    "variance_reduction",
    "low",
    "high",
    "semivariance_reduction",
    "cvar_reduction",
    "max_drawdown_reduction",
    "turnover",
    "cost",
    "n_obs",
}
pytestmark = pytest.mark.usefixtures("file")


def slope(changes: pd.DataFrame, hedges: tuple[str, ...] = ("fut",)) -> np.ndarray:
    design = np.column_stack([np.ones(len(changes)), changes[list(hedges)]])
    return np.linalg.lstsq(design, changes["spot"].to_numpy(), rcond=None)[0][1:]


def ratio_of(answer: Any, method: str = "ols") -> list[float]:
    return next(row for row in answer.json["methods"] if row["method"] == method)["hedge_ratio"]


def test_json_shape_is_the_one_that_is_promised(hedgerow: Any) -> None:
    result = hedgerow(*BASIC, "--json").json
    assert {"data", "warnings", "methods", "verdict"} <= set(result)
    assert {"rows", "first", "last", "dropped"} <= set(result["data"])
    assert [row["method"] for row in result["methods"]] == ["naive", "ols", "rolling", "ewma"]
    for row in result["methods"]:
        named = {"method", "hedge_ratio", "standard_error", "r_squared", "n_obs", "contracts", "residual_exposure"}
        assert named | {"out_of_sample"} <= set(row)
        assert set(row["out_of_sample"]) >= OUT_OF_SAMPLE
        assert row["contracts"] is None
        assert row["out_of_sample"]["n_obs"] == 120
    assert result["data"]["rows"] == 240
    assert isinstance(result["verdict"], str)


def test_methods_without_fitting_loops_equal_numpy(hedgerow: Any, prices: pd.DataFrame) -> None:
    moves = prices.diff().dropna()
    y, x = moves["spot"].to_numpy(), moves["fut"].to_numpy()
    names = "naive,fixed,ols,expanding,rolling,ewma,total_least_squares,huber,theil_sen,error_correction"
    answer = hedgerow(*BASIC, "--json", "--method", names, "--window", 40, "--ratio", 0.4)
    weights = 0.94 ** np.arange(len(x))[::-1]
    centred = np.column_stack([y - y.mean(), x - x.mean()])
    _, vectors = np.linalg.eigh(centred.T @ centred)
    assert ratio_of(answer, "naive") == [1.0]
    assert ratio_of(answer, "fixed") == [0.4]
    for name in ("ols", "expanding"):
        np.testing.assert_allclose(ratio_of(answer, name), slope(moves), rtol=1e-10)
    np.testing.assert_allclose(ratio_of(answer, "rolling"), slope(moves.iloc[-40:]), rtol=1e-10)
    np.testing.assert_allclose(ratio_of(answer, "ewma"), [(weights * x) @ y / ((weights * x) @ x)], rtol=1e-10)
    np.testing.assert_allclose(ratio_of(answer, "total_least_squares"), [vectors[0, 1] / vectors[1, 1]], rtol=1e-9)
    for name in ("huber", "theil_sen", "error_correction"):
        assert abs(ratio_of(answer, name)[0] - slope(moves)[0]) < 0.1


@pytest.mark.compiled
def test_method_all_with_two_hedges_judges_every_method(hedgerow: Any, prices: pd.DataFrame) -> None:
    result = hedgerow(*BOTH, "--json", "--method", "all", "--window", 40).json
    left_out = {sentence.split(" was left out")[0] for sentence in result["warnings"] if " was left out" in sentence}
    judged = {row["method"] for row in result["methods"]}
    assert judged | left_out == set(METHODS) - {"fixed"}
    assert left_out == {"theil_sen", "ccc", "dcc", "adcc", "bekk", "markov_switching"}  # too slow, and 239 rows too few
    assert all(len(row["hedge_ratio"]) == 2 and row["out_of_sample"] for row in result["methods"])
    ols = next(row for row in result["methods"] if row["method"] == "ols")
    np.testing.assert_allclose(ols["hedge_ratio"], slope(prices.diff().dropna(), ("fut", "gas")), rtol=1e-10)


def test_contracts_are_minus_ratio_times_quantity_times_factor_over_size(hedgerow: Any, prices: pd.DataFrame) -> None:
    words = ("--quantity", 2_000_000, "--contract-size", 1000, "--price-unit-factor", 1 / 42, "--held", -7)
    row = hedgerow(*BASIC, *words, "--method", "ols", "--json").json["methods"][0]
    moves = prices.diff().dropna()
    h = slope(moves.assign(fut=moves["fut"] / 42))[0]
    np.testing.assert_allclose(row["hedge_ratio"], [h], rtol=1e-10)
    exact = -h * 2_000_000 / 42 / 1000
    np.testing.assert_allclose(row["contracts"], [exact], rtol=1e-10)
    assert row["whole_contracts"] == [round(exact)]
    assert row["trade"] == [round(exact) + 7]
    residual = h * 2_000_000 - (-round(exact)) * 1000 * 42
    assert row["residual_exposure"] == pytest.approx(residual, rel=1e-9)


def test_percent_changes_become_contracts_through_values(hedgerow: Any, prices: pd.DataFrame) -> None:
    words = ("--changes", "percent", "--quantity", 5000, "--contract-size", 10, "--method", "ols")
    row = hedgerow(*BASIC, *words, "--json").json["methods"][0]
    beta = slope(prices.pct_change().dropna())[0]
    np.testing.assert_allclose(row["hedge_ratio"], [beta], rtol=1e-10)
    last = prices.iloc[-1]
    np.testing.assert_allclose(row["contracts"], [-beta * 5000 * last["spot"] / (10 * last["fut"])], rtol=1e-10)


@pytest.mark.parametrize(
    ("words", "change"),
    [
        (("--changes", "log"), lambda p: np.log(p).diff().dropna()),
        (("--horizon", 5), lambda p: p.iloc[(len(p) - 1) % 5 :: 5].diff().dropna()),
        (("--start", "2015-03-02", "--end", "2015-10-30"), lambda p: p.loc["2015-03-02":"2015-10-30"].diff().dropna()),
        (("--every", "W-FRI"), lambda p: p.groupby(p.index.to_period("W-FRI")).tail(1).diff().dropna()),
        (("--every", "ME"), lambda p: p.groupby(p.index.to_period("M")).tail(1).diff().dropna()),
        (("--level", "gas"), lambda p: p.diff().div(p["gas"].shift(), axis=0).dropna()),
        (("--level", "spot=gas"), lambda p: p.diff().assign(spot=p["spot"].diff() / p["gas"].shift()).dropna()),
        (("--exclude", "days.csv"), lambda p: p.drop(pd.to_datetime(["2015-02-03", "2015-06-01"])).diff().dropna()),
        (("--roll-dates", "days.csv"), lambda p: p.diff().dropna().drop(pd.to_datetime(["2015-02-03", "2015-06-01"]))),
        (("--roll-dates", "rolls.csv"), lambda p: p.diff().dropna().drop(pd.to_datetime(["2015-03-03"]))),
    ],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_changes_that_flags_ask_for_equal_pandas(
    hedgerow: Any, prices: pd.DataFrame, tmp_path: Path, words: tuple[Any, ...],
    change: Callable[[pd.DataFrame], pd.DataFrame],
) -> None:  # fmt: skip
    (tmp_path / "days.csv").write_text("date\n2015-02-03\n2015-06-01\n")
    (tmp_path / "rolls.csv").write_text("instrument,date\nfut,2015-03-03\n")
    row = hedgerow(*BASIC, *words, "--method", "ols", "--json").json["methods"][0]
    expected = change(prices)
    np.testing.assert_allclose(row["hedge_ratio"], slope(expected), rtol=1e-9)
    assert row["n_obs"] == len(expected)


def test_sampling_apart_takes_each_columns_own_last_price(hedgerow: Any, prices: pd.DataFrame, tmp_path: Path) -> None:
    spot = prices.loc[prices.index.day_of_week != 4, ["spot"]]
    spot.to_csv(tmp_path / "s.csv")
    prices[["fut"]].to_csv(tmp_path / "f.csv")
    words = ("ratio", "s.csv", "f.csv", "--exposure", "spot", "--hedge", "fut", "--every", "W-FRI", "--method", "ols")
    apart = spot.resample("W-FRI").last().join(prices[["fut"]].resample("W-FRI").last()).diff().dropna()
    joint = prices.loc[spot.index].resample("W-FRI").last().diff().dropna()
    np.testing.assert_allclose(ratio_of(hedgerow(*words, "--sampling", "apart", "--json")), slope(apart), rtol=1e-9)
    np.testing.assert_allclose(ratio_of(hedgerow(*words, "--json")), slope(joint), rtol=1e-9)


def walk(prices: pd.DataFrame, first: int, refit: int) -> tuple[np.ndarray, pd.DataFrame]:
    """Return the ratio of each judged row, refitted on rows before it, and the changes."""
    moves = prices.diff().dropna()
    held = [slope(moves.iloc[: first + (row - first) // refit * refit])[0] for row in range(first, len(moves))]
    return np.array(held), moves


@pytest.mark.parametrize(
    ("words", "first", "refit"),
    [((), 119, 1), (("--train", 0.25), 59, 1), (("--train", "2015-06-30"), 128, 1), (("--refit", 10), 119, 10)],
    ids=str,
)
def test_walk_forward_equals_slow_loop(
    hedgerow: Any, prices: pd.DataFrame, words: tuple[Any, ...], first: int, refit: int
) -> None:
    row = hedgerow(*BASIC, *words, "--method", "ols", "--json").json["methods"][0]["out_of_sample"]
    held, moves = walk(prices, first, refit)
    judged = moves.iloc[first:]
    hedged = judged["spot"] - held * judged["fut"]
    assert row["n_obs"] == len(judged)
    assert row["variance_reduction"] == pytest.approx(1 - hedged.var() / judged["spot"].var(), rel=1e-9)
    assert row["turnover"] == pytest.approx(np.abs(np.diff(held, prepend=0.0)).sum(), rel=1e-9)
    assert row["low"] < row["variance_reduction"] < row["high"]


def test_between_update_moves_the_ratio_of_an_expanding_fit(hedgerow: Any, prices: pd.DataFrame) -> None:
    words = (*BASIC, "--method", "expanding", "--refit", 20, "--json")
    held, _ = walk(prices, 119, 1)
    updated = hedgerow(*words, "--between", "update").json["methods"][0]["out_of_sample"]
    kept = hedgerow(*words).json["methods"][0]["out_of_sample"]
    assert updated["turnover"] == pytest.approx(np.abs(np.diff(held, prepend=0.0)).sum(), rel=1e-9)
    assert kept["turnover"] != updated["turnover"]


def test_costs_are_per_unit_of_exposure_over_the_judged_rows(hedgerow: Any, prices: pd.DataFrame) -> None:
    words = ("--quantity", 500, "--contract-size", 20, "--half-spread-bps", 5, "--commission", 3, "--ticket", 2)
    row = hedgerow(*BASIC, *words, "--method", "ols", "--json").json["methods"][0]["out_of_sample"]
    held, _ = walk(prices, 119, 1)
    traded = np.abs(np.diff(held, prepend=0.0)) * 500
    at = prices["fut"].to_numpy()[119:-1]  # the price at the start of each judged change
    assert len(at) == len(traded)
    paid = (traded * at).sum() * 5e-4 + traded.sum() / 20 * 3 + 2 * (traded > 0).sum()
    assert row["cost"] == pytest.approx(paid / 500, rel=1e-9)


def test_lag_holds_the_ratio_of_the_row_before(hedgerow: Any, prices: pd.DataFrame) -> None:
    answer = hedgerow(*BASIC, "--lag", 1, "--method", "ols", "--json").json
    row = answer["methods"][0]["out_of_sample"]
    held, moves = walk(prices, 118, 1)
    judged = moves.iloc[119:]
    hedged = judged["spot"] - held[:-1] * judged["fut"]
    assert answer["walk_forward"]["lag"] == 1
    assert row["n_obs"] == len(judged)
    assert row["variance_reduction"] == pytest.approx(1 - hedged.var() / judged["spot"].var(), rel=1e-9)


def test_path_writes_each_methods_ratio_by_date(hedgerow: Any, prices: pd.DataFrame, tmp_path: Path) -> None:
    hedgerow(*BASIC, "--method", "naive,ols", "--path", "r.csv", "--json")
    table = pd.read_csv(tmp_path / "r.csv", index_col="date", parse_dates=True)
    held, moves = walk(prices, 119, 1)
    assert list(table.columns) == ["naive", "ols"]
    np.testing.assert_allclose(table["ols"], held, rtol=1e-9)
    assert list(table.index) == list(moves.index[119:])
    hedgerow(*BOTH, "--method", "ols", "--path", "r.csv", "--json")
    assert list(pd.read_csv(tmp_path / "r.csv")) == ["date", "ols:fut", "ols:gas"]


def test_fx_converts_the_hedge_into_the_exposures_currency(hedgerow: Any, prices: pd.DataFrame) -> None:
    words = ("--currency", "spot=EUR", "--currency", "fut=USD", "--method", "ols", "--json")
    refused = hedgerow(*BASIC, *words)
    assert refused.code == 2
    assert "EUR" in refused.err
    assert "--fx" in refused.err
    moves = prices.assign(fut=prices["fut"] * prices["gas"]).diff().dropna()
    np.testing.assert_allclose(ratio_of(hedgerow(*BASIC, *words, "--fx", "gas")), slope(moves), rtol=1e-9)


def test_two_files_that_share_a_name_need_the_file_before_the_column(
    hedgerow: Any, prices: pd.DataFrame, tmp_path: Path
) -> None:
    for stem, name in (("jet", "spot"), ("oil", "fut")):
        prices[[name]].set_axis(["close"], axis=1).to_csv(tmp_path / f"{stem}.csv")
    refused = hedgerow("ratio", "jet.csv", "oil.csv", "--exposure", "close", "--hedge", "oil:close")
    assert refused.code == 2
    assert "jet:close" in refused.err
    words = ("ratio", "jet.csv", "oil.csv", "--exposure", "jet:close", "--hedge", "oil:close", "--method", "ols")
    np.testing.assert_allclose(ratio_of(hedgerow(*words, "--json")), slope(prices.diff().dropna()), rtol=1e-9)


def test_european_files_read_with_format_decimal_and_separator(
    hedgerow: Any, prices: pd.DataFrame, tmp_path: Path
) -> None:
    prices.to_csv(tmp_path / "eu.csv", sep=";", decimal=",", date_format="%d.%m.%Y", index_label="Tag")
    words = ("--date", "Tag", "--date-format", "%d.%m.%Y", "--decimal", ",", "--separator", ";", "--method", "ols")
    answer = hedgerow("ratio", "eu.csv", "--exposure", "spot", "--hedge", "fut", *words, "--json")
    np.testing.assert_allclose(ratio_of(answer), slope(prices.diff().dropna()), rtol=1e-9)


def test_parquet_gives_what_csv_gives(hedgerow: Any, prices: pd.DataFrame, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    prices.to_parquet(tmp_path / "p.parquet")
    from_parquet = hedgerow("ratio", "p.parquet", "--exposure", "spot", "--hedge", "fut", "--json").json
    assert from_parquet["methods"] == hedgerow(*BASIC, "--json").json["methods"]


def test_missing_values_leave_with_a_count_and_a_warning(hedgerow: Any, prices: pd.DataFrame, tmp_path: Path) -> None:
    holed = prices.copy()
    holed.iloc[[10, 50], 0] = np.nan
    holed.iloc[60, 2] = np.nan  # not a column that is used
    holed.to_csv(tmp_path / "p.csv")
    result = hedgerow(*BASIC, "--method", "ols", "--json").json
    assert result["data"]["dropped"] == 2
    assert result["data"]["rows"] == 238
    assert any("2 rows" in sentence for sentence in result["warnings"])
    np.testing.assert_allclose(
        result["methods"][0]["hedge_ratio"], slope(holed.drop(columns="gas").dropna().diff().dropna())
    )


def test_same_command_twice_gives_the_same_bytes(hedgerow: Any, tmp_path: Path) -> None:
    outs = [hedgerow(*BASIC, "--report", f"{name}.html", "--json") for name in "ab"]
    assert outs[0].out == outs[1].out
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert (tmp_path / "a.html").read_text("utf-8").lstrip().lower().startswith("<!doctype html>")
    other = hedgerow(*BASIC, "--seed", 1, "--json").json["methods"][1]["out_of_sample"]
    assert other["low"] != hedgerow(*BASIC, "--json").json["methods"][1]["out_of_sample"]["low"]


def test_few_rows_leave_the_rolling_window_out_with_a_sentence(
    hedgerow: Any, prices: pd.DataFrame, tmp_path: Path
) -> None:
    for rows in (40, 62):
        prices.iloc[:rows].to_csv(tmp_path / "p.csv")
        for words in ((), ("--method", "all")):
            result = hedgerow(*BASIC, *words, "--json").json
            assert "rolling" not in [row["method"] for row in result["methods"]]
            assert any(sentence.startswith("rolling was left out") for sentence in result["warnings"])
            left_out = {sentence.split(" ")[0] for sentence in result["warnings"] if " was left out" in sentence}
            assert not words or {"kalman", "vecm", "dcc"} <= left_out
            assert all(row["out_of_sample"] is not None for row in result["methods"])


def test_several_rows_a_day_are_sampled_and_said_so(hedgerow: Any, prices: pd.DataFrame, tmp_path: Path) -> None:
    minutes = prices.set_axis(pd.date_range("2020-01-01", periods=240, freq="h", name="date"))
    minutes.to_csv(tmp_path / "p.csv")
    result = hedgerow(*BASIC, "--method", "ols", "--json").json
    assert result["data"]["rows"] == 10
    assert any("240 rows are several a day" in sentence for sentence in result["warnings"])
    assert hedgerow(*BASIC, "--method", "ols", "--every", "1h", "--json").json["data"]["rows"] == 240


def test_negative_prices_work_with_differences_and_are_refused_otherwise(
    hedgerow: Any, prices: pd.DataFrame, tmp_path: Path
) -> None:
    below = prices.copy()
    below.loc["2015-04-20", "fut"] = -36.98
    below.to_csv(tmp_path / "p.csv")
    np.testing.assert_allclose(ratio_of(hedgerow(*BASIC, "--json", "--method", "ols")), slope(below.diff().dropna()))
    for kind in ("log", "percent"):
        refused = hedgerow(*BASIC, "--changes", kind)
        assert (refused.code, refused.out) == (2, "")
        for word in ("fut", "-36.98", "2015-04-20", "--changes diff"):
            assert word in refused.err


def test_crude_below_zero_in_april_2020_is_hedged_with_price_changes(hedgerow: Any) -> None:
    file = shared_data("wti_negative_price_2020q2.csv")
    words = ("ratio", file, "--exposure", "wti_usd_bbl", "--hedge", "CL2", "--method", "ols")
    row = hedgerow(*words, "--json").json["methods"][0]
    table = pd.read_csv(file, index_col="date", parse_dates=True)[["wti_usd_bbl", "CL2"]].dropna()
    moves = table.set_axis(["spot", "fut"], axis=1).diff().dropna()
    np.testing.assert_allclose(row["hedge_ratio"], slope(moves), rtol=1e-9)
    for kind in ("log", "percent"):
        refused = hedgerow(*words, "--changes", kind)
        assert (refused.code, refused.out) == (2, "")
        assert "-36.98 on 2020-04-20" in refused.err
        assert "--changes diff" in refused.err


def test_gold_with_its_futures_is_hedged_near_one(hedgerow: Any) -> None:
    spot, futures = shared_data("gold_spot_daily.csv"), shared_data("gold_futures_daily.csv")
    words = ("ratio", spot, futures, "--exposure", "mid_close", "--hedge", "front_close", "--every", "W-FRI")
    result = hedgerow(*words, "--json").json
    row = next(row for row in result["methods"] if row["method"] == "ols")
    assert 0.9 < row["hedge_ratio"][0] < 1.1
    assert row["out_of_sample"]["variance_reduction"] > 0.8
    assert result["data"]["unmatched"] > 0
