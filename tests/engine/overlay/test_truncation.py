"""Runs cut off at 50 dates, and runs whose later rows are other ones: bit by bit what was known then."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from hedgerow.engine.overlay import OverlayOptions, OverlayResult, run_overlay
from hedgerow.overlays import (
    DrawdownCrossed,
    EveryDays,
    Monthly,
    OverlayRule,
    RelativeMove,
    Shape,
    SignalMove,
    Signals,
    VixLinear,
    Weekly,
    shaped,
)
from hedgerow.programmes import HEDGES, OverlayMarket, Portfolio, hedge_by_name
from overlay_rule_cases import EXAMPLES, altered_futures, known, signal_table
from volatility_markets import drawn_market

MARKET = drawn_market(200)
CUTS = np.sort(np.random.default_rng(4).choice(np.arange(2, len(MARKET)), 50, replace=False)).tolist()
RULE = VixLinear(10, 15, cap=2.0) * 0.8
EVERY_TRIGGER = (SignalMove(6.0), RelativeMove(0.4), Weekly(), Monthly(), EveryDays(9), DrawdownCrossed(0.05))
SHAPES = {
    "smooth": Shape(smooth=5),
    "persist": Shape(persist=3),
    "bounds": Shape(floor=0.4, cap=1.1),
    **{type(trigger).__name__: Shape(threshold=(trigger,)) for trigger in EVERY_TRIGGER},
    "all": Shape(smooth=3, persist=2, floor=0.2, cap=1.5, threshold=EVERY_TRIGGER),
}
PORTFOLIO = Portfolio(5_000_000.0)
KEYS = {"trend": {"lookback_days": 60, "volatility_window": 20}}


def run(market: OverlayMarket, name: str, lag: int = 1) -> OverlayResult:
    shape = replace(SHAPES["all"], budget=0.01)
    hedge = hedge_by_name(name, **KEYS.get(name, {}))
    return run_overlay(RULE, hedge, market, shape=shape, portfolio=PORTFOLIO, options=OverlayOptions(lag))


@cache
def whole(name: str) -> OverlayResult:
    return run(MARKET, name)


def same_up_to(row: int, one: OverlayResult, other: OverlayResult) -> bool:
    """Whether decisions, fills, holdings and money up to a row are the same bits."""
    tables = [(each.stages, each.held, each.holdings, each.hedge_pnl, each.costs, each.wealth) for each in (one, other)]
    return all(
        np.array_equal(left.to_numpy()[:row], right.to_numpy()[:row], equal_nan=True)
        for left, right in zip(*tables, strict=True)
    )


@pytest.mark.parametrize("name", list(HEDGES))
def test_run_cut_off_at_fifty_dates_is_what_was_decided_held_and_earned_then(name: str) -> None:
    full = whole(name)
    assert full.holdings.to_numpy().any()
    for cut in CUTS:
        assert same_up_to(cut, run(MARKET.first(cut), name), full), cut


def with_other_future(market: OverlayMarket, row: int, how: str) -> OverlayMarket:
    """Return the market with prices after a row a thousand million times as high, or shuffled; the calendar stays."""
    rng = np.random.default_rng(row)
    order = np.concatenate((np.arange(row), row + rng.permutation(len(market) - row)))

    def other(values: np.ndarray, factor: float) -> np.ndarray:
        later = (np.arange(len(market)) >= row).reshape(-1, *[1] * (values.ndim - 1))
        return values[order] if how == "shuffled" else np.where(later, values * factor, values)

    assert market.futures is not None
    futures = pd.DataFrame(other(market.futures.to_numpy(), 2.5), market.futures.index, market.futures.columns)
    horizons = {days: other(values, 2.5) for days, values in market.volatilities.items()}
    vix, price = other(market.vix, 2.5), other(market.price, 1e9)
    return replace(market, price=price, vix=vix, futures=futures, volatilities=horizons)


@pytest.mark.parametrize("how", ["a thousand million", "shuffled"])
@pytest.mark.parametrize("name", list(HEDGES))
def test_run_with_another_future_is_the_same_before_it_and_not_after(name: str, how: str) -> None:
    full = whole(name)
    for row in (70, 120, 165):
        other = run(with_other_future(MARKET, row, how), name)
        assert same_up_to(row, other, full), row
        assert not same_up_to(len(MARKET), other, full)


def test_market_with_blanks_to_come_is_the_same_before_them() -> None:
    """Rows that are blank later leave later; nothing before them moves, and the blanks are counted."""
    row = 120
    days = MARKET.dates
    vix, price = (pd.Series(each.copy(), days) for each in (MARKET.vix, MARKET.price))
    vix.iloc[row::3] = np.nan
    blanked = OverlayMarket.of(price, vix, rate=0.02, dividend_yield=0.018)
    assert blanked.dropped == int(vix.isna().sum())
    plain = OverlayMarket.of(price, pd.Series(MARKET.vix, days), rate=0.02, dividend_yield=0.018)
    one, other = (run(each, "index_puts") for each in (blanked, plain))
    assert same_up_to(row, one, other)
    assert f"{blanked.dropped} dates left out" in " ".join(one.stated)


@pytest.mark.parametrize("name", list(SHAPES))
def test_shape_cut_off_poisoned_or_shuffled_at_fifty_dates_keeps_every_stage(name: str) -> None:
    signals, shape = known(signal_table()), SHAPES[name]
    full = shaped(RULE, signals, shape)
    rows = np.random.default_rng(8).choice(len(signals) - 1, 50, replace=False).tolist()
    for row in rows:
        for future, other in altered_futures(signals, row, row).items():
            again = shaped(RULE, other, shape)
            for stage, values in again.stages.items():
                same = np.array_equal(values[: row + 1], full.stages[stage][: row + 1], equal_nan=True)
                assert same, f"{stage} with a {future} future after row {row}"
            assert np.array_equal(again.rebalanced[: row + 1], full.rebalanced[: row + 1])


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "fitted_crash_intensity"])
def test_decision_and_fill_of_every_rule_cut_off_at_fifty_dates_stay(name: str) -> None:
    """All but the one that is fitted, whose multipliers are cut off and poisoned beside the other rules."""
    table = signal_table()
    signals, rule = known(table), EXAMPLES[name]
    market = OverlayMarket.of(table["price"], table["vix"], rate=0.0, dividend_yield=0.0)
    hedge = hedge_by_name("index_puts").priced(market, PORTFOLIO)
    full = run_overlay(rule, hedge, market, signals=signals, portfolio=PORTFOLIO)
    for cut in (cut for cut in CUTS if cut < len(signals)):
        past, known_then = market.first(cut), signals.first(cut)
        assert same_up_to(
            cut, run_overlay(rule, hedge.first(cut), past, signals=known_then, portfolio=PORTFOLIO), full
        ), cut


class Peeking(OverlayRule):
    """Reads the close after."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The index."""
        return ("vix",)

    def multiplier(self, signals: Signals) -> np.ndarray:
        """Return tomorrow's index over 20."""
        return np.append(signals["vix"][1:], 20.0) / 20.0


def test_cut_itself_sees_a_rule_that_reads_the_next_close() -> None:
    hedge = hedge_by_name("variance_swaps")
    full, short = (run_overlay(Peeking(), hedge, market) for market in (MARKET, MARKET.first(150)))
    assert same_up_to(149, short, full)
    assert not same_up_to(150, short, full)
