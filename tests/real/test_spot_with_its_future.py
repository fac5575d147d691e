"""Gold, the euro, the S&P 500 and corn with their own futures: ratios near one, and figures computed apart.

``adj_close`` of the futures files is difference-adjusted: its differences are right and its level is not, so returns
are differences divided by ``front_close``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from compare.races import QUICK
from data import shared_data
from hedgerow.compare import compare_methods
from hedgerow.engine import LinearMarket
from hedgerow.market import check_history, read_prices
from hedgerow.ratios import OLS, Naive
from real.oracles import fridays, read_columns, slope_and_error, slow_reduction

SPOT_FILES = {"gold": "gold_spot_daily.csv", "eur": "eurusd_spot_daily.csv"}


def plain_prices(spot: Path, column: str, futures: Path) -> pd.DataFrame:
    columns = {"spot": (spot, column), "future": (futures, "adj_close"), "front": (futures, "front_close")}
    return read_columns(columns, "2010-09-01")


@pytest.mark.parametrize(("name", "low", "high", "reduction"), [("gold", 0.93, 0.97, 0.96), ("eur", 0.99, 1.02, 0.98)])
def test_spot_weekly_with_its_future_ratio_near_one(name: str, low: float, high: float, reduction: float) -> None:
    spot, futures = shared_data(SPOT_FILES[name]), shared_data(f"{name}_futures_daily.csv")
    reading = read_prices([spot, futures], ["mid_close", "adj_close"], start="2010-09-01")
    changes = reading.history.sample("W-FRI").changes()
    market = LinearMarket.from_changes(changes, "mid_close", ("adj_close",))
    plain = fridays(plain_prices(spot, "mid_close", futures)).diff().dropna()
    _require_equal(market, plain["spot"], plain["future"], (low, high), reduction)


def test_daily_gold_ratio_is_lower_since_the_closes_differ_in_time() -> None:
    spot, futures = shared_data("gold_spot_daily.csv"), shared_data("gold_futures_daily.csv")
    reading = read_prices([spot, futures], ["mid_close", "adj_close"], start="2010-09-01")
    market = LinearMarket.from_changes(reading.history.changes(), "mid_close", ("adj_close",))
    plain = plain_prices(spot, "mid_close", futures).diff().dropna()
    _require_equal(market, plain["spot"], plain["future"], (0.85, 0.89), 0.75)


def test_s_and_p_500_total_return_with_its_future_per_level() -> None:
    spot, futures = shared_data("spy_daily.csv"), shared_data("es_futures_daily.csv")
    exposure, hedge, level = "spy_daily:adj_close", "es_futures_daily:adj_close", "front_close"
    reading = read_prices([spot, futures], [exposure, hedge, level], start="2010-09-01")
    changes = reading.history.changes(level={exposure: exposure, hedge: level}, columns=(exposure, hedge))
    market = LinearMarket.from_changes(changes, exposure, (hedge,))
    plain = plain_prices(spot, "adj_close", futures)
    y = plain["spot"].pct_change().dropna()
    x = (plain["future"].diff() / plain["front"].shift()).dropna()
    _require_equal(market, y, x, (0.95, 1.02), 0.95)


def _require_equal(market: LinearMarket, y: pd.Series, x: pd.Series, bounds: tuple[float, float], least: float) -> None:
    fitted = OLS().fit(market.hedge_changes, market.exposure_changes)
    slope, error = slope_and_error(y, x)
    assert fitted.hedge_ratio_[0] == pytest.approx(slope, rel=1e-10)
    assert fitted.standard_error_[0] == pytest.approx(error, rel=1e-9)
    assert bounds[0] < slope < bounds[1]
    result = compare_methods(market, {"ols": OLS(), "naive": Naive()}, bootstrap=QUICK)
    reductions = result.table["variance_reduction"]
    assert reductions["ols"] == pytest.approx(slow_reduction(y, x), abs=1e-10)
    half = slice(len(y) // 2, None)
    naive = 1.0 - (y - x).iloc[half].var() / y.iloc[half].var()
    assert reductions["naive"] == pytest.approx(naive, abs=1e-10)
    assert least < reductions["ols"] < 1.0


def test_s_and_p_500_by_the_command_line_sizes_through_values() -> None:
    from hedgerow.cli.main import app

    spot, futures = shared_data("spy_daily.csv"), shared_data("es_futures_daily.csv")
    exposure, hedge = "spy_daily:adj_close", "es_futures_daily:adj_close"
    levels = ["--level", f"{exposure}={exposure}", "--level", f"{hedge}=es_futures_daily:front_close"]
    words = ["ratio", str(spot), str(futures), "--exposure", exposure, "--hedge", hedge, *levels, "--method", "ols"]
    outcome = CliRunner().invoke(app, [*words, "--quantity", "50000", "--contract-size", "50", "--json"])
    assert outcome.exit_code == 0, outcome.output
    method = json.loads(outcome.stdout)["methods"][0]
    plain = plain_prices(spot, "adj_close", futures)
    y, x = plain["spot"].pct_change().dropna(), (plain["future"].diff() / plain["front"].shift()).dropna()
    slope, _ = slope_and_error(y, x)
    assert method["hedge_ratio"][0] == pytest.approx(slope, rel=1e-10)
    assert method["out_of_sample"]["variance_reduction"] == pytest.approx(slow_reduction(y, x), abs=1e-9)
    exact = -slope * 50_000 * plain["spot"].iloc[-1] / (50.0 * plain["front"].iloc[-1])
    assert method["contracts"][0] == pytest.approx(exact, rel=1e-9)


def test_corn_roll_gaps_between_adjusted_and_front_series_are_marked() -> None:
    futures = shared_data("corn_futures_daily.csv")
    reading = read_prices([futures], ["adj_close", "front_close"])
    sentences = check_history(reading.history).sentences
    assert any("suspected roll jumps" in sentence and "front_close" in sentence for sentence in sentences)
    plain = pd.read_csv(futures, index_col="date", parse_dates=True)[["adj_close", "front_close"]].diff()
    gaps = (plain["front_close"] - plain["adj_close"]).abs() > 0.3
    marked = reading.history.with_roll_dates({"front_close": list(plain.index[gaps])}).changes()
    assert marked.crossed_rolls == gaps.sum() > 20
    kept = plain[~gaps].dropna()
    assert len(marked.values) == len(kept)
    fitted = OLS().fit(marked.values[["front_close"]].to_numpy(), marked.values["adj_close"].to_numpy())
    assert fitted.hedge_ratio_[0] == pytest.approx(1.0, abs=0.01)
