"""Laws that every swap, future and trend programme keeps: accounts, causality, size, shocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hedgerow.programmes import (
    BareVolatilityDifference,
    HedgeProgramme,
    OverlayMarket,
    TrendFollowing,
    VarianceSwaps,
    VixFutures,
)
from volatility_markets import accounts, drawn_market, price, same

MARKET = drawn_market()
PROGRAMMES = [
    VarianceSwaps(100_000.0),
    VarianceSwaps(100_000.0, months=3, ladder=3, roll=10),
    VarianceSwaps(100_000.0, months=6, ladder=2, cap=2.5, strike_spread_points=0.3, term="futures"),
    VarianceSwaps(-100_000.0, months=1, cap=2.5, strike_spread_points=0.3),
    VarianceSwaps(100_000.0, months=12, ladder=6, term="flat", follow_wealth=True),
    VixFutures(50_000.0),
    VixFutures(-50_000.0, position=3, roll_days_before=2),
    VixFutures(50_000.0, constant_maturity_days=30, whole_contracts=True),
    VixFutures(50_000.0, constant_maturity_days=75, follow_wealth=True),
    TrendFollowing(lookback_days=60, volatility_window=20),
    TrendFollowing(lookback_days=40, skip=5, volatility_window=20, rebalance="weekly"),
    BareVolatilityDifference(1_000.0),
]
every = pytest.mark.parametrize("hedge", PROGRAMMES, ids=repr)


def with_later_rows_altered(market: OverlayMarket, cut: int) -> OverlayMarket:
    """Return a market whose rows from ``cut`` on are other ones, with the same calendar and expiries."""
    other = drawn_market(len(market), seed=77)
    join = {
        name: np.concatenate([getattr(market, name)[:cut], 3.0 * getattr(other, name)[cut:]])
        for name in ("price", "vix", "rate")
    }
    assert market.futures is not None
    assert other.futures is not None
    futures = market.futures.copy()
    futures.iloc[cut:] = 3.0 * other.futures.iloc[cut:].to_numpy()
    volatilities = {
        days: np.concatenate([values[:cut], 3.0 * other.volatilities[days][cut:]])
        for days, values in market.volatilities.items()
    }
    return replace(market, futures=futures, volatilities=volatilities, **join)


@every
def test_programme_at_any_multiplier_closes_its_accounts(hedge: HedgeProgramme) -> None:
    """The ledger refuses accounts that do not close, and multiplier 1 earns what the programme says."""
    priced = price(hedge, MARKET)
    ledger = accounts(priced)
    earned = ledger.gains[0].sum(axis=1)
    assert earned == pytest.approx(priced.gain, abs=1e-9 * np.abs(priced.prices * priced.units).max())
    multiplier = np.random.default_rng(3).choice([0.0, 0.5, 1.0, 2.0], len(MARKET))
    moved = accounts(priced, multiplier)
    assert moved.breach() < 1e-12


@every
def test_programme_cut_at_any_date_is_what_was_known_then(hedge: HedgeProgramme) -> None:
    """Row t depends on rows up to t: bit by bit, contracts too."""
    priced = price(hedge, MARKET)
    for cut in np.random.default_rng(11).integers(2, len(MARKET), 12).tolist():
        assert same(price(hedge, MARKET.first(cut)), priced.first(cut)), cut


@every
def test_programme_ignores_rows_that_come_later(hedge: HedgeProgramme) -> None:
    """Every later price tripled and redrawn changes nothing before it, and something after."""
    priced = price(hedge, MARKET)
    for cut in (120, 271):
        altered = price(hedge, with_later_rows_altered(MARKET, cut))
        assert same(altered.first(cut), priced.first(cut)), cut
        assert not same(altered, priced)


@every
def test_programme_of_a_portfolio_half_exposed_is_half_as_large(hedge: HedgeProgramme) -> None:
    """The exposure weight scales the base; contracts that are whole stay whole."""
    half, whole = price(hedge, MARKET, 0.5).units, price(hedge, MARKET).units
    if getattr(hedge, "whole_contracts", False):
        assert np.array_equal(half, np.round(half))
        assert np.abs(half - 0.5 * whole).max() <= 1.0
    else:
        assert half == pytest.approx(0.5 * whole, rel=1e-12)


@every
def test_programme_without_a_shock_gains_nothing(hedge: HedgeProgramme) -> None:
    """A shock of nothing is worth nothing, and one of the market is finite on every date."""
    priced = price(hedge, MARKET)
    assert np.abs(hedge.shocked_gain(MARKET, priced, 0.0, 0.0)).max() <= 1e-6
    crash = hedge.shocked_gain(MARKET, priced, -0.2, 25.0)
    assert crash.shape == (len(MARKET),)
    assert np.isfinite(crash).all()


@every
def test_programme_empty_slots_hold_nothing_and_cost_nothing(hedge: HedgeProgramme) -> None:
    """Where a slot is empty it has no units; costs and worst losses are never below 0."""
    priced = price(hedge, MARKET)
    assert (priced.unit_cost >= 0.0).all()
    assert (priced.worst_loss >= 0.0).all()
    assert (priced.units[priced.worst_loss == 0.0] == 0.0).all()


@every
def test_programme_changes_are_of_the_contract_held(hedge: HedgeProgramme) -> None:
    """What stands at value changes by the difference of its prices while it is held, so no roll gap is earned."""
    priced = price(hedge, MARKET)
    if isinstance(hedge, VarianceSwaps):
        held = priced.units[:-1] != 0.0
        assert np.array_equal(priced.price_changes[1:][held], np.diff(priced.prices, axis=0)[held])
    if isinstance(hedge, VarianceSwaps | VixFutures) and not getattr(hedge, "constant_maturity_days", None):
        earned = sum(
            priced.units[each.entered, each.slot] * (each.exit_price - each.entry_price) for each in priced.contracts
        )
        assert priced.gain.sum() == pytest.approx(earned, rel=1e-10)
