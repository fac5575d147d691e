"""Hedges written on another index: priced in its market, sized by the portfolio, on the dates that both have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hedgerow.engine.overlay import run_overlay, run_overlays
from hedgerow.errors import DataError
from hedgerow.overlays import Shape, Static, VixLinear
from hedgerow.programmes import IndexPuts, OnIndex, OverlayMarket, Portfolio, VarianceSwaps, on_joint_dates


def market_of(seed: int, n: int = 300, first: str = "2020-01-01") -> OverlayMarket:
    rng = np.random.default_rng(seed)
    days = pd.bdate_range(first, periods=n)
    price = 1000.0 * seed * np.exp(np.cumsum(0.01 * rng.normal(size=n)))
    vix = 20.0 * np.exp(0.3 * rng.normal(size=n))
    return OverlayMarket.of(pd.Series(price, days), pd.Series(vix, days), rate=0.01, dividend_yield=0.02)


OWN, OTHER = market_of(1), market_of(3)
HEDGE = IndexPuts(delta=0.25)


def test_hedge_on_the_market_s_own_index_is_the_hedge_itself() -> None:
    plain, other = HEDGE.priced(OWN, Portfolio()), OnIndex(HEDGE, OWN, "own").priced(OWN, Portfolio())
    for name in ("units", "prices", "price_changes", "worst_loss"):
        np.testing.assert_array_equal(getattr(other, name), getattr(plain, name))
    assert other.name == f"{plain.name} on own"
    fall = OnIndex(HEDGE, OWN, "own").shocked_gain(OWN, other, -0.2, 30.0)
    np.testing.assert_array_equal(fall, HEDGE.shocked_gain(OWN, plain, -0.2, 30.0))


def test_hedge_on_another_index_has_its_prices_and_the_portfolio_s_size() -> None:
    priced = OnIndex(HEDGE, OTHER, "other").priced(OWN, Portfolio(1e7))
    alone = HEDGE.priced(replace(OTHER, portfolio=OWN.wealth), Portfolio(1e7))
    np.testing.assert_array_equal(priced.prices, alone.prices)
    entered = priced.contracts[0].entered
    covered = priced.units[entered].sum() * 100.0 * OTHER.price[entered]
    assert covered == pytest.approx(1e7 * OWN.wealth[entered])


def test_two_indices_are_hedged_under_one_budget() -> None:
    parts = [(VixLinear(10, 15), HEDGE, Shape()), (Static(1.0), OnIndex(HEDGE, OTHER, "other"), Shape())]
    result = run_overlays(parts, OWN, budget=0.002)
    assert (result.budget_use["largest use"] <= result.budget_use["budget"] * (1.0 + 1e-9)).all()
    assert result.ledger().breach() < 1e-9
    assert {part.name for part in result.parts} == {HEDGE.name, f"{HEDGE.name} on other"}


def test_later_rows_of_the_other_index_change_nothing_before_them() -> None:
    cut = 200
    later = replace(OTHER, price=np.r_[OTHER.price[:cut], 7.0 * OTHER.price[cut:]])
    one, two = (run_overlay(VixLinear(10, 15), OnIndex(HEDGE, each, "other"), OWN) for each in (OTHER, later))
    np.testing.assert_array_equal(one.hedge_pnl[:cut], two.hedge_pnl[:cut])
    assert not np.array_equal(one.hedge_pnl[cut:], two.hedge_pnl[cut:])


def test_markets_of_other_calendars_are_cut_to_the_dates_they_share_and_the_rest_is_counted() -> None:
    late = market_of(2, 200, "2020-02-03")
    with pytest.raises(DataError, match=r"other has no price on 2020-01-01.*on_joint_dates"):
        OnIndex(VarianceSwaps(100.0), late, "other").priced(OWN, Portfolio())
    own, other = on_joint_dates(OWN, late)
    assert own.dates.equals(other.dates)
    assert (len(own), own.dropped, other.dropped) == (200, 100, 0)
    np.testing.assert_array_equal(own.price, OWN.price[OWN.dates.isin(late.dates)])
    with pytest.raises(DataError, match="no date is shared"):
        on_joint_dates(OWN, market_of(2, 20, "2030-01-01"))
