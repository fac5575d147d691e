"""Programmes as they are sold, run under rules and budgets: the law of the accounts, and what a budget holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.engine.overlay import AccountLimits, OverlayOptions, overlay_accounts, run_overlay, run_overlays
from hedgerow.overlays import Shape, SignalMove, Static, TermStructure, VixLinear
from hedgerow.programmes import IndexPuts, OverlayMarket, Portfolio, VarianceSwaps
from hedgerow.programmes.by_name import hedge_by_name
from hedgerow.programmes.market import MarketQuotes
from hedgerow.programmes.split_hedge import split_hedge
from overlay_cases import five_day_market, five_day_put, random_market

RULE = VixLinear(10, 15)
SHAPE = Shape(smooth=2, floor=0.1, cap=2.0, threshold=(SignalMove(3.0),), budget=0.01)
HEDGES = ("index_puts", "put_spreads", "collars", "straddles", "variance_swaps", "trend")


@pytest.mark.parametrize("name", HEDGES)
def test_account_of_a_programme_closes_and_equals_its_fast_form(name: str) -> None:
    market = random_market(380, 6)
    priced = hedge_by_name(name).priced(market, Portfolio())
    result = run_overlay(RULE, priced, market, shape=SHAPE)
    assert result.ledger().breach() < 1e-9
    growth = market.rate[:-1] * market.years[1:]
    orders = result.stages["threshold"].to_numpy()[None]
    fast = overlay_accounts(orders, priced, 1e7 * market.wealth, AccountLimits(0.01, growth))
    np.testing.assert_allclose(fast.hedge_pnl[0], result.hedge_pnl, rtol=0, atol=1e-9 * 1e7)
    np.testing.assert_array_equal(fast.held[0], result.held)


@pytest.mark.parametrize("name", ["index_puts", "put_spreads", "straddles"])
@pytest.mark.parametrize("seed", [1, 6])
def test_budget_of_bought_options_is_never_exceeded(name: str, seed: int) -> None:
    result = run_overlay(RULE, hedge_by_name(name), random_market(380, seed), shape=SHAPE)
    assert (result.budget_use["largest use"] <= result.budget_use["budget"] * (1.0 + 1e-9)).all()
    assert (result.budget_use["largest use"] > 0.0).any()
    assert set(result.breaches["kind"]) <= {"floor"}


@pytest.mark.parametrize("name", ["variance_swaps", "trend", "collars"])
@pytest.mark.parametrize("seed", [1, 6])
def test_budget_of_swaps_and_futures_is_exceeded_at_most_over_the_turn_of_a_year(name: str, seed: int) -> None:
    result = run_overlay(RULE, hedge_by_name(name), random_market(380, seed), shape=SHAPE)
    losses = result.breaches[result.breaches["kind"] == "loss"]
    beyond = result.budget_use["largest use"] > result.budget_use["budget"] * (1.0 + 1e-9)
    assert beyond.sum() == len(losses)
    # A swap bought under the budget of one year may lose on the first date of the next, before it can be sold.
    assert losses["date"].dt.strftime("%m-%d").eq("01-01").all()


def test_option_sold_and_bought_back_beyond_the_budget_is_a_breach_with_a_sentence() -> None:
    put = five_day_put()
    sold = type(put)(**{**put.__dict__, "units": -put.units})
    result = run_overlay(Static(1.0), sold, five_day_market(), portfolio=Portfolio(1000.0), shape=Shape(budget=0.03))
    # Ten bought back at 8 and ten sold at 4, 3.00 of costs: 43 against a budget of 30.
    assert result.breaches["kind"].tolist() == ["budget"]
    assert "reached 43 USD, 13 beyond the budget of 30" in result.breaches["sentence"][0]


def test_split_of_a_hedge_by_the_term_structure_holds_one_whole_hedge() -> None:
    days = pd.bdate_range("2024-01-01", periods=60)
    curve = np.linspace(14.0, 30.0, 60)[:, None] + np.array([0.0, 1.0, 2.0 * np.sin(3.0)])
    expiries = pd.DataFrame({n: days + pd.Timedelta(days=30 * n) for n in (1, 2, 3)}, index=days)
    quotes = MarketQuotes(pd.DataFrame(curve, days, [1, 2, 3]), expiries)
    level = pd.Series(100.0 + np.sin(np.arange(60)), days)
    market = OverlayMarket.of(level, pd.Series(curve[:, 0], days), rate=0.0, quotes=quotes)
    near, far = VarianceSwaps(vega_notional=1000.0), VarianceSwaps(vega_notional=1000.0, months=3)
    parts = [(rule, hedge, Shape()) for rule, hedge in split_hedge(TermStructure(), near, far)]
    result = run_overlays(parts, market)
    np.testing.assert_allclose(result.multipliers.sum(axis=1), 1.0)
    assert result.multipliers.iloc[0].between(0.0, 1.0).all()


def test_puts_are_stamped_synthetic_on_result_and_dictionary() -> None:
    result = run_overlay(RULE, IndexPuts(), random_market(120, 2), options=OverlayOptions(lag=0))
    assert result.synthetic
    assert result.to_dict()["synthetic"] == list(result.synthetic)
