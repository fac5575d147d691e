from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hedgerow.effectiveness.measures import cvar
from hedgerow.engine.overlay import OverlayOptions, OverlayResult, run_overlay
from hedgerow.errors import InputError
from hedgerow.overlays import STAGES, EveryDays, RelativeMove, Shape, SignalMove, Static, VixLinear, Weekly
from hedgerow.programmes import Portfolio
from overlay_cases import FIVE_DAYS, RollingPut, five_day_market, five_day_put, random_market


def five_days(shape: Shape | None = None, **options: object) -> OverlayResult:
    chosen = OverlayOptions(**options)  # type: ignore[arg-type]
    rule = VixLinear(10, 10)
    return run_overlay(
        rule, five_day_put(), five_day_market(), shape=shape, portfolio=Portfolio(1000.0), options=chosen
    )


def test_summary_of_five_days_equals_figures_by_hand() -> None:
    table = five_days().summary()
    value = table["value"]
    years = 4 / 365
    assert value["years"] == pytest.approx(years)
    assert value["mean multiplier"] == pytest.approx((0 + 1 + 2 + 2 + 0.5) / 5)
    assert value["days hedged"] == 4
    assert value["rebalances"] == 3
    assert value["turnover"] == pytest.approx((1 + 1 + 1.5) / years)
    assert value["turnover in money"] == pytest.approx((10 * 6 + 10 * 9 + 15 * 7) / years)
    assert value["rolls in money"] == pytest.approx((20 * 8 + 20 * 4) / years)
    assert value["transaction costs"] == pytest.approx(11.25)
    assert value["cost half_spread"] == pytest.approx(7.5)
    assert value["cost commission"] == pytest.approx(3.75)
    assert value["net cost a year"] == pytest.approx(-58.718 / years)
    share = -1.5 / 1000 + 28.494 / 990 - 26.018 / 970 + 57.742 / 980
    assert value["net cost a year of the portfolio"] == pytest.approx(-share / years)
    assert value["premium spent a year"] == pytest.approx((61.5 + 91.5) / years)
    assert value["CVaR 95 % unhedged"] == pytest.approx(cvar([-0.01, -20 / 990, 10 / 970, 10 / 980]))
    assert value["max drawdown unhedged"] == pytest.approx(0.03)
    assert value["lag"] == 1
    assert table["unit"]["net cost a year"] == "USD a year"


def test_rolls_of_a_hedge_that_is_never_rolled_are_nothing_and_no_dust() -> None:
    """The multiplier moves every day, so that holdings differ from what resizing explains by rounding alone."""
    put = replace(five_day_put(), units=np.full((5, 2), 10.0 / 3.0))
    market = replace(five_day_market(), vix=np.array([20.1, 30.7, 27.3, 15.9, 20.2]))
    run = run_overlay(VixLinear(10, 7), put, market, portfolio=Portfolio(1000.0), options=OverlayOptions(lag=0))
    holdings, held = run.account.holdings, run.account.held[0]
    dust = np.diff(holdings[:, 0]) - np.diff(held) * 10.0 / 3.0
    assert np.abs(dust).max() > 0.0
    assert run.summary()["value"]["rolls in money"] == 0.0


def test_figures_of_a_single_date_are_nan_and_none_in_json() -> None:
    market, put = five_day_market().first(1), five_day_put().first(1)
    result = run_overlay(Static(1.0), put, market, options=OverlayOptions(lag=0))
    assert np.isnan(result.summary()["value"]["turnover"])
    plain = result.to_dict()
    assert plain["summary"]["turnover"]["value"] is None
    json.dumps(plain, allow_nan=False)


def test_dictionary_of_a_run_is_json_with_every_stage_and_date() -> None:
    result = five_days(Shape(floor=0.9, budget=0.05))
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert plain["dates"] == [f"{day:%Y-%m-%d}" for day in FIVE_DAYS]
    assert tuple(plain["stages"]) == STAGES
    assert plain["stages"]["rule"] == [1.0, 2.0, 2.0, 0.5, 1.0]
    assert plain["breaches"][0]["kind"] == "floor"
    assert plain["contracts"][1]["left"] is None
    assert plain["rules"] == {"put": repr(VixLinear(10, 10))}


def test_today_says_what_to_trade_and_which_stage_decided() -> None:
    today = five_days().today()
    assert today.date == FIVE_DAYS[-1]
    assert today.table["contracts to trade"].tolist() == [0.0, 5.0]
    assert today.table["multiplier"].tolist() == [1.0, 1.0]
    assert "says 1" in today.reasons[0]
    assert today.to_dict()["slots"][1]["contracts to trade"] == 5.0
    assert "contracts to trade" in str(today)


def test_today_names_the_trigger_that_is_due_and_the_one_that_is_not() -> None:
    moved = five_days(Shape(threshold=(SignalMove(3.0), RelativeMove(0.5)))).today().reasons[0]
    assert "rebalanced at a move of the VIX by more than 3 points: 1" in moved
    assert "50%" not in moved
    still = five_days(Shape(threshold=(SignalMove(50.0), EveryDays(7)))).today().reasons[0]
    assert "no trigger is due since the rebalance of 2024-01-01, so 1 stays" in still
    friday = five_days(Shape(threshold=(Weekly(),))).today().reasons[0]
    assert "rebalanced at the end of the week" in friday
    due = five_days(Shape(threshold=(EveryDays(4), RelativeMove(0.9)))).today().reasons[0]
    assert "rebalanced at 4 days from the last rebalance" in due


def test_today_of_whole_contracts_and_of_a_budget_says_so() -> None:
    whole = five_days(whole_contracts="nearest").today()
    assert whole.table["contracts to trade"].tolist() == [0.0, 5.0]
    cut = five_days(Shape(smooth=2, cap=0.6, budget=0.01)).today().reasons[0]
    assert "smoothed over 2" in cut
    assert "cut to the cap: 0.6" in cut
    assert "cut by the budget of 2024" in cut


def test_today_in_the_warm_up_orders_nothing() -> None:
    today = five_days(Shape(smooth=6)).today()
    assert "warm-up" in today.reasons[0]
    assert today.table["contracts to trade"].tolist() == [0.0, 0.0]
    assert today.to_dict()["slots"][0]["multiplier"] is None


def test_twice_the_hedge_returns_twice_as_much_beside_the_portfolio_however_long_it_runs() -> None:
    market, put = random_market(400, 5), RollingPut()
    one, two = (run_overlay(Static(size), put, market, portfolio=Portfolio(1000.0)) for size in (1.0, 2.0))
    np.testing.assert_allclose(two.hedge_returns, 2.0 * one.hedge_returns, rtol=0, atol=1e-12)
    np.testing.assert_allclose(one.returns, one.unhedged_returns + one.hedge_returns, rtol=0, atol=0)
    np.testing.assert_allclose(1000.0 + one.pnl.cumsum(), one.wealth, rtol=1e-12)


def test_settled_gain_is_gain_less_costs_less_interest_on_what_is_tied_up() -> None:
    market = random_market(120, 5)
    result = run_overlay(VixLinear(10, 10), RollingPut(), market, portfolio=Portfolio(1000.0))
    book = result.ledger()
    tied_up = (book.holdings[0] * book.terms.prices)[:-1, :-1].sum(axis=1)
    earned = book.gains[0, 1:, :-1].sum(axis=1) - result.costs.to_numpy()[1:]
    earned -= market.rate[:-1] * market.years[1:] * tied_up
    earned[0] -= result.costs.iloc[0]
    np.testing.assert_allclose(result.settled_pnl, earned, rtol=0, atol=1e-9)


def test_contracts_earn_what_the_hedge_earns() -> None:
    result = five_days()
    before_costs = result.hedge_pnl.sum() + result.costs.sum() - result.financing.sum()
    assert result.contracts["gain"].sum() == pytest.approx(before_costs)


def test_breach_of_each_year_stands_in_a_row_of_its_own() -> None:
    market = random_market(120, 5, days_apart=9)
    shape = Shape(floor=0.5, budget=0.001)
    result = run_overlay(Static(1.0), RollingPut(), market, shape=shape, portfolio=Portfolio(1000.0))
    assert len(result.breaches) >= 1
    assert (result.breaches["until"] >= result.breaches["date"]).all()
    assert (result.breaches["value"] < 0.5).all()


@pytest.mark.parametrize("name", ["multiplier", "cost_and_gain", "drawdown"])
def test_figure_by_name_is_drawn(name: str) -> None:
    assert len(five_days().figure(name).data) >= 1


def test_figure_of_another_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="drawdown"):
        five_days().figure("drawdowns")


def test_result_prints_its_rule_dates_lag_and_gain() -> None:
    words = repr(five_days())
    assert "VixLinear" in words
    assert "2024-01-01 to 2024-01-05, lag 1: hedge P&L 58.72" in words


@pytest.mark.parametrize(("name", "value"), [("lag", -1), ("lag", 0.5), ("lag", True), ("whole_contracts", "up")])
def test_option_that_is_none_is_refused(name: str, value: object) -> None:
    with pytest.raises(InputError):
        OverlayOptions(**{name: value})  # type: ignore[arg-type]


def test_dates_of_a_result_are_those_of_the_market() -> None:
    result = five_days()
    pd.testing.assert_index_equal(result.dates, five_day_market().dates)
    assert result.stated == five_day_market().stated
    assert result.synthetic == ()
