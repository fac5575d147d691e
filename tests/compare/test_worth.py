"""What methods are worth: parts that add up, units, the cost at which an advantage is used up, and defaults."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from compare.races import market_of, price_history, race
from compare.test_significance import COSTS, METHODS, shared_race
from hedgerow.compare import Judging
from hedgerow.compare.judging.options import exposure_level
from hedgerow.costs import HalfSpread
from hedgerow.engine import Execution
from hedgerow.errors import DataError, InputError
from hedgerow.market import History
from hedgerow.ratios import EWMA, OLS, RollingOLS


def test_fee_is_the_sum_of_its_parts_and_nothing_for_the_reference() -> None:
    fees = shared_race().economic_value()
    parts = fees["from_variance"] + fees["from_costs"] + fees["from_mean"]
    np.testing.assert_allclose(parts, fees["fee"], rtol=1e-10, atol=1e-12)
    assert (fees.loc["ols", ["fee", "low", "high"]] == 0.0).all()
    assert fees.loc["ewma", "from_costs"] < 0.0
    assert ((fees["low"] <= fees["fee"]) & (fees["fee"] <= fees["high"])).all()


def test_relative_risk_aversion_is_the_absolute_one_of_the_whole_position() -> None:
    result = shared_race()
    level = exposure_level(result.market, result.first_row)
    assert level == pytest.approx(result.ledger.terms.prices[0, 0])
    pd.testing.assert_frame_equal(result.economic_value(4.0 / level), result.economic_value())
    double = replace(result, judging=Judging(relative_risk_aversion=8.0)).economic_value()
    np.testing.assert_allclose(double["from_variance"], 2.0 * result.economic_value()["from_variance"], rtol=1e-12)


def test_larger_position_at_the_same_absolute_risk_aversion_cares_more_for_variance() -> None:
    small, large = (race(market_of(price_history(301), quantity=q), METHODS) for q in (1.0, 1000.0))
    ratio = large.economic_value(1e-3)["from_variance"] / small.economic_value(1e-3)["from_variance"]
    np.testing.assert_allclose(ratio.drop("ols"), 1000.0, rtol=1e-8)


def test_prices_times_ten_change_no_share_of_value_and_no_basis_points() -> None:
    one, ten = shared_race(), race(market_of(History(price_history(301).prices * 10.0)), METHODS, execution=COSTS)
    names = ["share_of_value", "share_low", "share_high"]
    np.testing.assert_allclose(one.economic_value()[names], ten.economic_value()[names], rtol=1e-9, atol=1e-14)
    left, right = one.break_even_costs(), ten.break_even_costs()
    assert left["case"].tolist() == right["case"].tolist()
    np.testing.assert_allclose(left["cost_bps"], right["cost_bps"], rtol=1e-7)


def test_break_even_cost_charged_to_both_leaves_them_equally_good() -> None:
    history = price_history(601, ratio=0.8)
    ratios = 0.8 + 0.5 * np.sign(np.sin(np.arange(601) / 90.0))
    frame = history.prices.copy()
    moves = frame["f1"].diff().fillna(0.0)
    frame["spot"] = 500.0 + (ratios * moves).cumsum() + 0.1 * (frame["spot"] - 500.0)
    methods = {"ols": OLS(), "rolling": RollingOLS(25)}
    free = race(market_of(History(frame)), methods)
    found = free.break_even_costs()
    assert found.loc["rolling", "case"] == "below"
    assert found.loc["ols", "case"] == "same"
    cost = found.loc["rolling", "cost"]
    left = found.loc["rolling", "advantage"] - cost * found.loc["rolling", "extra_turnover"]
    assert left == pytest.approx(0.0, abs=1e-12)
    # charged as a half spread, what is paid per unit is the break-even cost
    charged = race(
        market_of(History(frame)), methods, execution=Execution(costs=HalfSpread(found.loc["rolling", "cost_bps"]))
    )
    assert charged.break_even_costs().loc["rolling", "paid"] == pytest.approx(cost, rel=0.01)
    fees = charged.economic_value().loc["rolling"]
    assert fees["from_variance"] + fees["from_costs"] == pytest.approx(0.0, abs=0.05 * fees["from_variance"])


def test_break_even_cost_counts_means_only_by_name() -> None:
    result = shared_race()
    plain, counted = result.break_even_costs(), result.break_even_costs(means=True)
    gap = result.gross.mean() * len(result.times)
    np.testing.assert_allclose(counted["advantage"] - plain["advantage"], gap - gap["ols"], atol=1e-9)


def test_exposure_without_a_positive_value_asks_for_an_absolute_risk_aversion() -> None:
    below = History(price_history(301).prices - 700.0)
    result = race(market_of(below), METHODS)
    with pytest.raises(InputError, match="absolute risk_aversion"):
        result.economic_value()
    fees = result.economic_value(0.01)
    assert fees["share_of_value"].isna().all()
    assert fees["fee"].notna().all()
    assert "worth" not in result.verdict


def test_returns_are_judged_per_unit_of_value_however_far_prices_moved() -> None:
    history = History(price_history(301).prices * np.linspace(1.0, 3.0, 301)[:, None])
    result = race(market_of(history, kind="percent"), {"ols": OLS(), "ewma": EWMA()})
    assert exposure_level(result.market, result.first_row) == 1.0
    assert np.isfinite(result.economic_value()["fee"]).all()


def test_year_is_counted_from_the_dates_unless_said() -> None:
    times = pd.date_range("2020-01-01", periods=366)
    assert Judging().rows_per_year(times) == pytest.approx(365.0)
    assert Judging().rows_per_year(times[::7]) == pytest.approx(365.0 / 7.0)
    assert Judging(periods_per_year=252.0).rows_per_year(times) == 252.0
    with pytest.raises(DataError, match="span no time"):
        Judging().rows_per_year(times[:1])


@pytest.mark.parametrize(
    "bad",
    [
        {"risk_aversion": -1.0},
        {"relative_risk_aversion": float("nan")},
        {"periods_per_year": 0.0},
        {"set_level": 1.0},
        {"significance": 0.0},
    ],
)
def test_judging_out_of_range_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Judging(**bad)  # type: ignore[arg-type]
