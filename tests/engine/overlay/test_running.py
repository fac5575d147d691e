from __future__ import annotations

import json
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hedgerow.engine.overlay import OverlayOptions, run_overlay, run_overlays
from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.ledger import record
from hedgerow.overlays import Shape, SignalMove, Signals, Static, VixLinear
from hedgerow.programmes import OverlayMarket, Portfolio
from overlay_cases import FIVE_DAYS, RollingPut, five_day_market, five_day_put, random_hedge, random_market

RULE = VixLinear(10, 10)
SMALL = Portfolio(1000.0)


def test_five_days_with_a_roll_equal_the_account_by_hand() -> None:
    result = run_overlay(RULE, five_day_put(), five_day_market(), portfolio=SMALL)
    assert result.multiplier.tolist() == [1.0, 2.0, 2.0, 0.5, 1.0]
    assert result.held.tolist() == [0.0, 1.0, 2.0, 2.0, 0.5]
    assert result.holdings["one"].tolist() == [0.0, 10.0, 20.0, 0.0, 0.0]
    assert result.holdings["two"].tolist() == [0.0, 0.0, 0.0, 20.0, 5.0]
    # Bought 10 at 6; 10 more at 9; 20 sold at 8 and 20 bought at 4; 15 sold at 7; 0.15 a contract each time.
    assert result.costs.round(2).tolist() == [0.0, 1.5, 1.5, 6.0, 2.25]
    # Cash -61.50; then -0.00615 of interest on it, -90 - 1.50; +160 - 80 - 6 - 0.0153; +105 - 2.25 - 0.0079.
    assert result.ledger().cash[0].round(2).tolist() == [0.0, -61.5, -153.01, -79.02, 23.72]
    assert result.hedge_pnl.round(2).tolist() == [0.0, -1.5, 28.49, -26.02, 57.74]
    assert result.portfolio_pnl.round(2).tolist() == [0.0, -10.0, -20.0, 10.0, 10.0]
    assert result.wealth.round(2).tolist() == [1000.0, 988.5, 996.99, 980.98, 1048.72]
    assert result.pnl.sum() == pytest.approx(48.72, abs=0.005)
    # Settled at once: interest on the 60, 180 and 80 tied up in puts, none on what earlier days cost or brought in.
    np.testing.assert_allclose(result.settled_pnl, [-1.5, 28.494, -26.018, 57.742], atol=1e-9)
    np.testing.assert_allclose(result.returns, [-11.5 / 1000, 8.494 / 990, -16.018 / 970, 67.742 / 980], atol=1e-12)
    assert result.contracts["gain"].tolist() == [10.0, 60.0]
    assert result.contracts["units"].tolist() == [20.0, 20.0]


def test_lag_of_none_fills_at_the_close_of_the_decision() -> None:
    result = run_overlay(RULE, five_day_put(), five_day_market(), portfolio=SMALL, options=OverlayOptions(lag=0))
    assert result.held.tolist() == result.multiplier.tolist() == [1.0, 2.0, 2.0, 0.5, 1.0]
    # The first step bears the costs of the first date, but not yet interest on them.
    assert result.returns.iloc[0] == pytest.approx((result.wealth.iloc[1] + 0.0001 * 1.5) / 1000.0 - 1.0)


def test_ledger_of_a_run_is_the_one_that_record_keeps() -> None:
    market = random_market(60, 2)
    result = run_overlay(RULE, RollingPut(), market, portfolio=SMALL, shape=Shape(budget=0.05))
    book = result.ledger()
    growth = market.rate[:-1] * market.years[1:]
    again = record(book.terms, book.holdings, book.endowment, book.costs, rate=growth, lag=1)
    np.testing.assert_allclose(book.cash, again.cash, rtol=0, atol=1e-9)
    np.testing.assert_allclose(book.wealth, again.wealth, rtol=0, atol=1e-9)
    assert book.breach() < 1e-12
    np.testing.assert_allclose(result.pnl, book.wealth_changes[0], rtol=0, atol=1e-9)


def test_budget_that_binds_cuts_the_fill_at_the_prices_of_the_fill() -> None:
    result = run_overlay(Static(1.0), five_day_put(), five_day_market(), portfolio=SMALL, shape=Shape(budget=0.05))
    # 50 of budget: at the decision one contract costs 5.15, at the fill 6.15; the roll pays for itself.
    assert result.multiplier.iloc[0] == pytest.approx(50.0 / 51.5)
    assert result.held.iloc[1] == pytest.approx(50.0 / 61.5)
    assert result.multiplier.iloc[1] == pytest.approx(50.0 / 61.5)
    assert result.budget_use.loc[2024, "premium and costs"] == pytest.approx(50.0)
    assert (result.stages["threshold"] == 1.0).all()


def test_floor_above_what_the_budget_pays_is_a_breach_with_a_sentence() -> None:
    shape = Shape(floor=0.9, budget=0.05)
    result = run_overlay(Static(1.0), five_day_put(), five_day_market(), portfolio=SMALL, shape=shape)
    assert result.breaches["kind"].tolist() == ["floor"]
    assert "the budget of 2024 (50 USD) holds the multiplier of put as low as 0.813" in result.breaches["sentence"][0]


def test_loss_beyond_the_budget_without_new_risk_is_a_breach_with_a_sentence() -> None:
    hedge = random_hedge(30, 4, "reserve")
    losing = replace(hedge, units=np.abs(hedge.units), price_changes=-np.ones(hedge.units.shape))
    market = OverlayMarket.of(pd.Series(100.0, hedge.dates), pd.Series(20.0, hedge.dates), rate=0.0)
    options = OverlayOptions(no_new_risk=True)
    result = run_overlay(Static(1.0), losing, market, portfolio=SMALL, shape=Shape(budget=0.01), options=options)
    assert set(result.breaches["kind"]) == {"loss"}
    assert "beyond the budget of 10" in result.breaches["sentence"][0]
    assert result.budget_use["loss"].gt(10.0).any()


def test_budget_that_nothing_can_meet_is_refused_with_a_sentence() -> None:
    put, market = five_day_put(), five_day_market()
    with pytest.raises(InputError, match=r"nothing can meet a budget of 0 with a floor of 0\.2"):
        run_overlay(Static(1.0), put, market, shape=Shape(floor=0.2, budget=0.0))
    whole = OverlayOptions(whole_contracts="toward zero")
    with pytest.raises(InputError, match="never pays for one"):
        run_overlay(Static(1.0), put, market, portfolio=SMALL, shape=Shape(budget=0.003), options=whole)


def test_whole_contracts_are_rounded_as_named() -> None:
    down, nearest = (
        run_overlay(Static(0.57), five_day_put(), five_day_market(), options=OverlayOptions(whole_contracts=word))
        for word in ("toward zero", "nearest")
    )
    assert down.holdings["one"].tolist() == [0.0, 5.0, 5.0, 0.0, 0.0]
    assert nearest.holdings["one"].tolist() == [0.0, 6.0, 6.0, 0.0, 0.0]
    assert nearest.held.iloc[1] == pytest.approx(0.6)


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_rows_after_a_date_change_nothing_decided_or_held_before(lag: int) -> None:
    n, t = 80, 50
    market = random_market(n, 7, days_apart=9)
    draws = np.random.default_rng(1)
    later = np.concatenate((np.ones(t + 1), np.exp(draws.normal(0.0, 0.2, n - t - 1))))
    changed = replace(market, price=market.price * later, vix=market.vix * later, rate=market.rate * later)
    shape = Shape(smooth=3, persist=2, floor=0.1, cap=1.5, threshold=(SignalMove(2.0),), budget=0.01)
    one, two = (
        run_overlay(RULE, RollingPut(), each, shape=shape, portfolio=SMALL, options=OverlayOptions(lag=lag))
        for each in (market, changed)
    )
    assert (one.stages["budget"] < one.stages["threshold"]).any()
    pd.testing.assert_frame_equal(one.stages[: t + 1], two.stages[: t + 1], check_exact=True)
    pd.testing.assert_series_equal(one.held[: t + 1], two.held[: t + 1], check_exact=True)
    pd.testing.assert_series_equal(one.hedge_pnl[: t + 1], two.hedge_pnl[: t + 1], check_exact=True)
    assert not one.multiplier.equals(two.multiplier)


def test_two_hedges_under_one_budget_are_scaled_by_one_share() -> None:
    market = random_market(60, 3)
    parts = [(Static(1.0), RollingPut(), Shape()), (Static(0.5), RollingPut(every=7), Shape(cap=0.4))]
    result = run_overlays(parts, market, portfolio=SMALL, budget=0.02)
    assert result.stages.columns.nlevels == 2
    held = result.account.held[:, 1]
    assert held[0] < 1.0
    assert held[0] / 1.0 == pytest.approx(held[1] / 0.4)
    assert (result.budget_use["largest use"] <= result.budget_use["budget"] * (1.0 + 1e-9)).all()
    assert len(result.today().reasons) == 2
    json.dumps(result.to_dict(), allow_nan=False)


def test_two_hedges_without_a_budget_earn_the_sum_of_each() -> None:
    market = random_market(60, 3)
    one, other = (RollingPut(), RollingPut(every=7))
    both = run_overlays([(RULE, one, Shape()), (Static(0.5), other, Shape())], market, portfolio=SMALL)
    alone = [run_overlay(rule, each, market, portfolio=SMALL) for rule, each in ((RULE, one), (Static(0.5), other))]
    np.testing.assert_allclose(both.hedge_pnl, alone[0].hedge_pnl + alone[1].hedge_pnl, rtol=0, atol=1e-9)


def test_shape_with_a_budget_of_its_own_among_several_is_refused() -> None:
    parts = [(Static(1.0), five_day_put(), Shape(budget=0.1)), (Static(1.0), five_day_put(), Shape())]
    with pytest.raises(InputError, match="give it to run_overlays"):
        run_overlays(parts, five_day_market())


def test_dates_without_a_signal_keep_the_last_decision_and_are_counted() -> None:
    vix = pd.Series([30.0, 20.0, 15.0], FIVE_DAYS[[1, 2, 4]])
    signals = Signals.of({"vix": vix})
    result = run_overlay(RULE, five_day_put(), five_day_market(), signals=signals)
    assert np.isnan(result.multiplier.iloc[0])
    assert result.multiplier.tolist()[1:] == [2.0, 1.0, 1.0, 0.5]
    assert result.held.tolist() == [0.0, 0.0, 2.0, 1.0, 1.0]
    assert any("no signal on 1 dates" in said for said in result.stated)
    assert any("begin 1 dates after" in said for said in result.stated)


def test_signals_on_dates_that_are_not_in_the_market_are_refused() -> None:
    late = Signals.of({"vix": pd.Series([30.0], pd.DatetimeIndex(["2024-01-06"]))})
    with pytest.raises(InputError, match="first on 2024-01-06"):
        run_overlay(RULE, five_day_put(), five_day_market(), signals=late)


def test_signal_that_a_rule_needs_and_nobody_gave_is_named() -> None:
    signals = Signals.of({"price": pd.Series(100.0, FIVE_DAYS)})
    with pytest.raises(ColumnError, match="vix"):
        run_overlay(RULE, five_day_put(), five_day_market(), signals=signals)


def test_programme_priced_on_other_dates_is_refused() -> None:
    with pytest.raises(InputError, match="price it in this market"):
        run_overlay(RULE, five_day_put(), random_market(6, 1))


def test_hedge_that_loses_all_there_is_has_no_returns_and_says_when() -> None:
    short = replace(five_day_put(), units=-five_day_put().units)
    result = run_overlay(Static(30.0), short, five_day_market(), portfolio=Portfolio(400.0))
    with pytest.raises(DataError, match="lose all there is on 2024-01-03"):
        _ = result.returns
    assert result.breaches["kind"].tolist() == ["account"]
    assert np.isnan(result.summary()["value"]["Sharpe ratio hedged"])
    assert result.summary()["unit"]["Sharpe ratio hedged"] == "none: all there is is lost on 2024-01-03"
    json.dumps(result.to_dict(), allow_nan=False)


def test_portfolio_with_dividends_earns_them_in_the_account() -> None:
    price = pd.Series(100.0, FIVE_DAYS)
    market = OverlayMarket.of(price, price / 5.0, rate=0.0, dividend_yield=0.365)
    result = run_overlay(Static(0.0), five_day_put(), market, portfolio=SMALL)
    assert result.wealth.iloc[-1] == pytest.approx(1000.0 * np.exp(0.004))
    assert result.hedge_pnl.abs().sum() == 0.0


@pytest.mark.compiled
def test_run_over_nine_thousand_days_takes_under_twenty_milliseconds() -> None:
    hedge = random_hedge(9000, 3, n_slots=4)
    dates = hedge.dates
    level = pd.Series(20.0 + 5.0 * np.sin(np.arange(9000) / 30.0), dates)
    market = OverlayMarket.of(level, level, rate=0.02)
    shape = Shape(3, 2, 0.2, 2.0, (SignalMove(3.0),), 0.01)
    taken = []
    for _ in range(6):
        begun = time.process_time()
        run_overlay(RULE, hedge, market, shape=shape)
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.020
