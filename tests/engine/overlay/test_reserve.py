"""Budgets of swaps and futures: cut at once, raised at a rebalance, a roll or with a new year, and turns of years."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.engine.overlay import AccountLimits, OverlayOptions, OverlayResult, overlay_accounts, run_overlay
from hedgerow.engine.overlay.accounts import SingleAccount, single_account
from hedgerow.engine.overlay.definition import account_by_definition
from hedgerow.engine.overlay.slots import Slots
from hedgerow.errors import InputError
from hedgerow.ledger import Carry
from hedgerow.overlays import EveryDays, Shape, SignalMove, Signals, Static, VixLinear
from hedgerow.programmes import OverlayMarket, Portfolio, PricedProgramme
from overlay_cases import random_hedge, random_orders

N = 40
TIE = 1e-9
SEEDS = st.integers(0, 2**31)
BUDGETS = st.sampled_from([0.0, 0.005, 0.03, 0.2])
LAGS = st.integers(0, 3)


def future(prices: list[float], days: pd.DatetimeIndex, contract: int = 100) -> PricedProgramme:
    """Return one future a unit with a worst loss of its price, rolled every so many rows."""
    price = np.column_stack((prices, prices))
    number = np.arange(len(prices)) // contract % 2
    units = np.column_stack((number == 0, number == 1)).astype(float)
    changes = np.diff(price, axis=0, prepend=price[:1])
    carry, free = (Carry.MARGIN, Carry.MARGIN), {"fee": np.zeros(price.shape)}
    return PricedProgramme("future", days, ("a", "b"), carry, units, price, changes, free, price, "reserve", (), ())


def held(prices: list[float], orders: object, budget: float, contract: int = 100, **more: object) -> list[float]:
    """Return what is held of a future in a portfolio of 1,000 under a budget."""
    days = pd.bdate_range(str(more.pop("start", "2024-03-01")), periods=len(prices))
    wealth = np.asarray(more.pop("wealth", np.full(len(prices), 1000.0)))
    rebalanced = more.pop("rebalanced", None)
    wanted = np.broadcast_to(np.asarray(orders, dtype=float), len(prices))[None]
    limits = AccountLimits(budget, **more)  # type: ignore[arg-type]
    due = None if rebalanced is None else np.isin(np.arange(len(prices)), rebalanced)[None]
    account = overlay_accounts(wanted, future(prices, days, contract), wealth, limits, rebalanced=due)
    return account.held[0].round(6).tolist()


def test_hedge_that_is_too_much_is_cut_at_once_and_does_not_rise_with_the_room() -> None:
    # A room of 10: one future at 10, half of one at 20. At 10 the year has still gained 5: room for one, none bought.
    assert held([10.0, 10.0, 20.0, 10.0, 10.0], 1.0, 0.01) == [0.0, 1.0, 0.5, 0.5, 0.5]


def test_loss_of_the_year_takes_its_room_away_at_once() -> None:
    # Half is lost: 5 of the room of 10 are left, and the future needs 5. It rises to 8: three of the five come back.
    assert held([10.0, 10.0, 5.0, 8.0, 4.0, 12.0], 1.0, 0.01) == [0.0, 1.0, 1.0, 1.0, 1.0, round(10 / 12, 6)]


def test_hedge_that_was_cut_rises_on_the_fill_of_a_rebalance() -> None:
    prices = [10.0, 10.0, 20.0, 18.0, 18.0, 18.0]
    assert held(prices, 1.0, 0.01) == [0.0, 1.0, 0.5, 0.5, 0.5, 0.5]
    assert held(prices, 1.0, 0.01, rebalanced=[3]) == [0.0, 1.0, 0.5, 0.5, round(10 / 18, 6), round(10 / 18, 6)]


def test_hedge_that_was_cut_rises_with_a_multiplier_beyond_the_tie_alone() -> None:
    prices = [10.0, 10.0, 20.0, 18.0, 18.0, 18.0]
    still = np.array([1.0, 1.0, 1.0, 1.0 + 1e-10, 1.0, 1.0])
    assert held(prices, still, 0.01)[-1] == 0.5
    moved = np.array([1.0, 1.0, 1.0, 0.9, 0.9, 0.9])
    assert held(prices, moved, 0.01)[-2:] == [round(10 / 18, 6)] * 2


def test_hedge_that_was_cut_rises_at_a_roll_at_the_close_of_the_roll() -> None:
    assert held([10.0, 10.0, 20.0, 18.0, 18.0, 18.0], 1.0, 0.01, contract=4) == [
        0.0, 1.0, 0.5, 0.5, round(10 / 18, 6), round(10 / 18, 6)
    ]  # fmt: skip


def test_hedge_that_was_cut_rises_on_the_first_date_of_a_year() -> None:
    prices = [10.0, 10.0, 20.0, 18.0, 18.0, 18.0, 18.0]
    found = held(prices, 1.0, 0.01, start="2024-12-25")  # the sixth date is 1 January
    assert found == [0.0, 1.0, 0.5, 0.5, 0.5, round(10 / 18, 6), round(10 / 18, 6)]


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_order_that_fills_in_a_new_year_has_its_budget(lag: int) -> None:
    """The old year is used up; what is ordered at its end fills on the first date of the new one."""
    prices = [10.0] * 4 + [1.0] * 8
    found = held(prices, 1.0, 0.005, start="2024-12-20", lag=lag)
    days = pd.bdate_range("2024-12-20", periods=12)
    first = int(np.flatnonzero(days.year == 2025)[0])
    assert max(found[:first]) <= 0.5
    assert found[first] == found[-1] == 1.0


def test_fill_in_a_new_year_is_cut_by_the_wealth_of_its_own_date() -> None:
    prices, wealth = [10.0] * 12, np.array([1000.0] * 8 + [600.0] * 4)
    found = held(prices, 1.0, 0.01, start="2024-12-20", wealth=wealth)
    assert found[7:9] == [1.0, 0.6]


def test_holding_over_the_last_close_of_a_year_fits_the_budget_of_the_next() -> None:
    """The portfolio has fallen to 600 by then: 6 may be lost in the new year, and on 1 January next to 6 are lost."""
    prices = [10.0] * 8 + [0.01] * 4
    days = pd.bdate_range("2024-12-20", periods=12)
    wealth = np.array([1000.0] * 4 + [600.0] * 8)
    account = single_account(np.ones((1, 12)), Slots.of(future(prices, days)), wealth, AccountLimits(0.01))
    assert account.held[0, 6:8].round(6).tolist() == [1.0, 0.6]
    assert account.spent[8] == pytest.approx(0.6 * 9.99)
    assert (account.spent <= 0.01 * np.where(days.year == 2024, 1000.0, 600.0)).all()


def test_data_that_end_on_the_last_date_of_a_year_decide_as_those_that_go_on() -> None:
    days = pd.bdate_range("2024-12-20", periods=12)
    hedge, wealth = future([10.0] * 6 + [11.0] * 6, days), np.linspace(1000.0, 700.0, 12)
    limits = AccountLimits(0.005, lag=2)
    full = single_account(np.ones((1, 12)), Slots.of(hedge), wealth, limits)
    for cut in range(2, 12):
        part = single_account(np.ones((1, cut)), Slots.of(hedge.first(cut)), wealth[:cut], limits)
        np.testing.assert_array_equal(part.decided, full.decided[:, :cut])
        np.testing.assert_array_equal(part.holdings, full.holdings[:cut])


def test_whole_contracts_that_were_cut_do_not_flutter() -> None:
    prices = [1.0, 1.0, 1.12, 1.05, 1.12, 1.05, 1.12, 1.05]
    found = held(prices, 9.4, 0.01, whole_contracts="nearest")
    assert found == [0.0] + [9.0] + [8.0] * 6


def test_triggers_of_another_shape_than_multipliers_are_refused() -> None:
    hedge = future([10.0] * 4, pd.bdate_range("2024-03-01", periods=4))
    with pytest.raises(InputError, match="rebalanced must have the shape"):
        overlay_accounts(np.ones((1, 4)), hedge, np.ones(4), rebalanced=np.ones((2, 4), dtype=bool))


def setting(seed: int, kind: str) -> tuple[Slots, np.ndarray, np.ndarray, np.ndarray]:
    """Return hedges, wealth that jumps, multipliers that stay for a while, and dates of triggers; years turn."""
    rng = np.random.default_rng(seed)
    hedges = {
        "premium": lambda: (random_hedge(N, seed), random_hedge(N, seed + 1, n_slots=3)),
        "reserve": lambda: (random_hedge(N, seed, "reserve"),),
        "both": lambda: (random_hedge(N, seed), random_hedge(N, seed + 1, "reserve", n_slots=3)),
    }[kind]()
    slots = Slots.of(hedges)
    wealth = 1000.0 * np.exp(np.cumsum(rng.normal(0.0, 0.04, N)))
    orders = np.concatenate([random_orders(1, N, seed + number) for number in range(len(hedges))])
    kept = np.maximum.accumulate(np.where(rng.uniform(size=N) < 0.3, np.arange(N), 2))
    orders = np.where(np.isnan(orders), np.nan, orders[:, kept])
    return slots, wealth, orders, rng.uniform(size=orders.shape) < 0.1


def budget_money(slots: Slots, wealth: np.ndarray, share: float) -> np.ndarray:
    years = slots.programmes[0].dates.year
    return share * wealth[np.searchsorted(years, years)]


def worst(slots: Slots, holdings: np.ndarray) -> np.ndarray:
    """Return the worst loss of what is held of reserve after each close."""
    return (np.abs(holdings) * slots.side_by_side("worst_loss") * (slots.kinds[:, 2] == 0)).sum(axis=1)


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, budget=BUDGETS, lag=LAGS, kind=st.sampled_from(["premium", "reserve", "both"]), stops=st.booleans())
def test_account_with_triggers_and_turning_years_equals_the_definition(
    seed: int, budget: float, lag: int, kind: str, stops: bool
) -> None:
    slots, wealth, orders, rebalanced = setting(seed, kind)
    limits = AccountLimits(budget, None, lag, stops, (None, "nearest", "toward zero")[seed % 3])
    fast = single_account(orders, slots, wealth, limits, rebalanced)
    slow = account_by_definition(orders, slots, wealth, limits, rebalanced)
    for name in ("decided", "held", "holdings", "spent"):
        np.testing.assert_allclose(getattr(fast, name), getattr(slow, name), rtol=1e-9, atol=1e-9, err_msg=name)


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, budget=BUDGETS, lag=LAGS)
def test_premium_spent_never_exceeds_the_budget_whatever_the_path(seed: int, budget: float, lag: int) -> None:
    slots, wealth, orders, rebalanced = setting(seed, "premium")
    account = single_account(orders, slots, wealth, AccountLimits(budget, lag=lag), rebalanced)
    assert (account.spent <= budget_money(slots, wealth, budget) * (1.0 + TIE) + TIE).all()


def risk_is_added(account: SingleAccount, slots: Slots) -> np.ndarray:
    """Return whether worst losses rise by the trade of each date, at its prices."""
    before = np.vstack((np.zeros((1, account.holdings.shape[1])), account.holdings[:-1]))
    after = worst(slots, account.holdings)
    return after > worst(slots, before) * (1.0 + TIE) + TIE


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, budget=BUDGETS, lag=LAGS, rounding=st.sampled_from([None, "nearest", "toward zero"]))
def test_reserve_never_adds_risk_beyond_the_room(seed: int, budget: float, lag: int, rounding: str | None) -> None:
    slots, wealth, orders, rebalanced = setting(seed, "reserve")
    account = single_account(
        orders, slots, wealth, AccountLimits(budget, lag=lag, whole_contracts=rounding), rebalanced
    )
    money = budget_money(slots, wealth, budget) * (1.0 + TIE) + TIE
    used = account.spent + worst(slots, account.holdings)
    assert not (risk_is_added(account, slots) & (used > money)).any()
    gone = account.spent > money
    assert not (risk_is_added(account, slots) & gone).any()


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, budget=BUDGETS, lag=LAGS)
def test_reserve_rises_at_a_rebalance_a_roll_or_with_a_new_year_alone(seed: int, budget: float, lag: int) -> None:
    slots, wealth, orders, rebalanced = setting(seed, "reserve")
    account = single_account(orders, slots, wealth, AccountLimits(budget, lag=lag), rebalanced)
    years = slots.programmes[0].dates.year
    ordered = rebalanced[0] | (np.abs(np.diff(orders[0], prepend=np.nan)) > TIE) | np.isnan(orders[0])
    due = np.concatenate((np.ones(lag, dtype=bool), ordered))[:N]
    may_rise = due | slots.rolls[:, 0] | np.concatenate(([True], np.diff(years) > 0))
    may_rise[: lag + 3] = True  # the first order
    rises = np.diff(account.held[0], prepend=0.0) > TIE
    assert not (rises & ~may_rise).any()


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, budget=st.sampled_from([0.005, 0.03, 0.2]), lag=LAGS)
def test_new_year_is_broken_on_its_first_date_by_a_fall_of_the_portfolio_alone(
    seed: int, budget: float, lag: int
) -> None:
    slots, wealth, orders, rebalanced = setting(seed, "reserve")
    hedge = slots.programmes[0]
    # Worst losses that are true: a contract never loses more in a step than it said, and costs nothing to leave.
    free = {"fee": np.zeros(hedge.units.shape)}
    least = np.abs(np.diff(hedge.prices, axis=0, append=hedge.prices[-1:]))
    slots = Slots.of(replace(hedge, costs=free, worst_loss=least + 0.1))
    years = hedge.dates.year
    wealth = np.maximum.accumulate(wealth)
    account = single_account(orders, slots, wealth, AccountLimits(budget, lag=lag), rebalanced)
    first = np.concatenate(([False], np.diff(years) > 0))
    money = budget_money(slots, wealth, budget)
    assert (account.spent[first] <= money[first] * (1.0 + TIE) + TIE).all()


def drawn(seed: int) -> tuple[OverlayMarket, PricedProgramme]:
    hedge = random_hedge(N, seed, "reserve")
    rng = np.random.default_rng(seed)
    price = pd.Series(100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.03, N))), hedge.dates)
    vix = pd.Series(rng.uniform(10.0, 40.0, N), hedge.dates)
    return OverlayMarket.of(price, vix, rate=0.0, dividend_yield=0.0), hedge


def run(seed: int, budget: float | None, lag: int = 1, stops: bool = False) -> OverlayResult:
    market, hedge = drawn(seed)
    shape = Shape(2, 1, 0.3, 1.2, (SignalMove(8.0), EveryDays(60)), budget)
    options = OverlayOptions(lag, stops)
    rule = VixLinear(10, 15)
    return run_overlay(rule, hedge, market, shape=shape, portfolio=Portfolio(1000.0), options=options)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, budget=st.sampled_from([0.0001, 0.01, 0.05, 5.0]), lag=LAGS, stops=st.booleans())
def test_breaches_say_where_the_budget_wins_over_the_floor_or_is_passed_and_nowhere_else(
    seed: int, budget: float, lag: int, stops: bool
) -> None:
    result = run(seed, budget, lag, stops)
    path, account = result.parts[0].path.stages["threshold"], result.account
    defined = ~np.isnan(path)
    assert (path[defined] >= 0.3 - TIE).all()
    assert (path[defined] <= 1.2 + TIE).all()
    assert (account.held <= 1.2 + TIE).all()
    filled = np.concatenate((np.zeros(lag, dtype=bool), defined))[:N]
    low = (defined & (account.decided[0] < 0.3 - TIE)) | (filled & (account.held[0] < 0.3 - TIE))
    passed = (
        account.spent > budget_money(result.run.slots, result.unhedged_wealth.to_numpy(), budget) * (1.0 + TIE) + TIE
    )
    said = {kind: np.zeros(N, dtype=bool) for kind in ("floor", "loss", "account")}
    for row in result.breaches.itertuples():
        said[row.kind] |= (result.dates >= row.date) & (result.dates <= row.until)
    np.testing.assert_array_equal(said["floor"], low)
    np.testing.assert_array_equal(said["loss"], passed)


def test_budget_that_never_binds_leaves_the_account_as_it_is_without_one() -> None:
    for lag in (0, 1, 3):
        free, wide = run(5, None, lag), run(5, 1e6, lag)
        np.testing.assert_array_equal(free.account.holdings, wide.account.holdings)
        np.testing.assert_array_equal(free.account.decided, wide.account.decided)


def test_static_hedge_with_a_trigger_rises_when_the_trigger_is_due() -> None:
    days = pd.bdate_range("2024-03-01", periods=6)
    vix = pd.Series([20.0, 20.0, 20.0, 30.0, 30.0, 30.0], days)
    market = OverlayMarket.of(pd.Series(100.0, days), vix, rate=0.0, dividend_yield=0.0)
    hedge = future([10.0, 10.0, 20.0, 18.0, 18.0, 18.0], days)
    still, moved = (
        run_overlay(Static(1.0), hedge, market, shape=Shape(threshold=which, budget=0.01), portfolio=Portfolio(1000.0))
        for which in ((), (SignalMove(3.0),))
    )
    assert still.held.iloc[-1] == 0.5
    assert moved.held.iloc[-2:].round(6).tolist() == [round(10 / 18, 6)] * 2
    known = Signals.of({"vix": vix.iloc[:4]})  # dates after the last signal are no rebalances
    late = run_overlay(
        Static(1.0), hedge, market, signals=known, shape=Shape(threshold=(SignalMove(3.0),), budget=0.01)
    )
    assert late.account.held.shape == (1, 6)
