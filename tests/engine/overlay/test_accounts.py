from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.engine.overlay import AccountLimits, overlay_accounts
from hedgerow.engine.overlay.accounts import single_account
from hedgerow.engine.overlay.definition import account_by_definition, ledger_of
from hedgerow.engine.overlay.slots import Slots
from hedgerow.errors import InputError
from overlay_cases import random_hedge, random_orders

N = 36
WEALTH = 1000.0 + 5.0 * np.arange(N)
GROWTH = np.full(N - 1, 2e-4)
# Every budget meets every lag, bound and rounding at least once; 0.02 and 0.1 bind, 5 does not.
COMBINATIONS = [
    (None, 0, False, None),
    (None, 1, True, "nearest"),
    (None, 3, False, "toward zero"),
    (0.0, 1, False, None),
    (0.0, 0, True, "toward zero"),
    (0.02, 0, False, None),
    (0.02, 1, False, "nearest"),
    (0.02, 1, True, None),
    (0.02, 3, True, "toward zero"),
    (0.1, 0, True, "nearest"),
    (0.1, 1, False, None),
    (0.1, 1, True, None),
    (0.1, 3, False, "nearest"),
    (5.0, 0, False, "toward zero"),
    (5.0, 1, True, None),
]
HEDGES = {
    "premium": lambda: (random_hedge(N, 3),),
    "reserve": lambda: (random_hedge(N, 4, "reserve"),),
    "both": lambda: (random_hedge(N, 5, n_slots=3), random_hedge(N, 8, "reserve")),
}


@pytest.mark.parametrize("kind", HEDGES)
@pytest.mark.parametrize("combination", COMBINATIONS, ids=str)
def test_fast_account_of_any_limits_equals_the_ledger(kind: str, combination: tuple) -> None:
    budget, lag, stops, rounding = combination
    hedges = HEDGES[kind]()
    limits = AccountLimits(budget, GROWTH, lag, stops, rounding)
    orders = np.stack([random_orders(2, N, 11 + number) for number in range(len(hedges))], axis=1)
    fast = overlay_accounts(orders, hedges, WEALTH, limits)
    slots = Slots.of(hedges)
    number = 1
    slow = account_by_definition(orders[number], slots, WEALTH, limits)
    book = slow.ledger
    earned = book.gains[0, :, :-1].sum(axis=1) + book.financing[0] - book.total_costs[0]
    np.testing.assert_allclose(fast.held[number], slow.held, rtol=0, atol=1e-9)
    np.testing.assert_allclose(fast.hedge_pnl[number], earned, rtol=0, atol=1e-9 * book.gross_notional)
    np.testing.assert_allclose(fast.costs[number], book.total_costs[0], rtol=0, atol=1e-9 * book.gross_notional)
    np.testing.assert_allclose(fast.spent[number], slow.spent, rtol=0, atol=1e-9 * book.gross_notional)
    single = single_account(orders[number], slots, WEALTH, limits)
    np.testing.assert_allclose(single.decided, slow.decided, rtol=0, atol=1e-9)
    np.testing.assert_allclose(single.cash, book.cash[0], rtol=0, atol=1e-9 * book.gross_notional)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), budget=st.sampled_from([0.0, 0.001, 0.01, 0.1, 1.0]), lag=st.integers(0, 3))
def test_premium_and_costs_of_long_options_never_exceed_the_budget(seed: int, budget: float, lag: int) -> None:
    rounding = ("nearest", "toward zero", None)[seed % 3]
    hedges = (random_hedge(N, seed), random_hedge(N, seed + 1, n_slots=3))
    orders = np.stack([random_orders(1, N, seed), random_orders(1, N, seed + 2)], axis=1)
    limits = AccountLimits(budget, GROWTH, lag, whole_contracts=rounding)
    account = single_account(orders[0], Slots.of(hedges), WEALTH, limits)
    base = budget * WEALTH[np.searchsorted(hedges[0].dates.year, hedges[0].dates.year)]
    assert (account.spent <= base * (1.0 + 1e-9)).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), budget=st.sampled_from([0.01, 0.1, 1.0]))
def test_premium_paid_as_the_ledger_has_it_is_what_the_budget_counts(seed: int, budget: float) -> None:
    hedge = random_hedge(N, seed)
    slots, limits = Slots.of(hedge), AccountLimits(budget, GROWTH)
    account = single_account(random_orders(1, N, seed), slots, WEALTH, limits)
    book = ledger_of(account.holdings, slots, WEALTH, limits)
    paid_out = -np.diff(book.cash[0], prepend=0.0) + book.financing[0]
    for year in set(hedge.dates.year):
        of_year = hedge.dates.year == year
        counted = np.maximum(paid_out[of_year], 0.0).sum()
        assert counted == pytest.approx(account.spent[of_year][-1], rel=1e-9, abs=1e-9)
        assert counted <= budget * WEALTH[of_year][0] * (1.0 + 1e-9)


def test_reserve_of_true_worst_losses_keeps_the_loss_of_a_year_within_the_budget() -> None:
    hedge = random_hedge(N, 21, "reserve")
    units = np.abs(hedge.units)
    prices = 2.0 + np.sin(np.arange(N))[:, None] * np.ones((1, 2))
    changes = np.diff(prices, axis=0, prepend=prices[:1])
    costs = {"commission": np.full(units.shape, 0.01)}
    worst = prices - 1.0 + 0.01  # the price never falls below 1, and leaving costs 0.01
    bounded = replace(hedge, units=units, prices=prices, price_changes=changes, costs=costs, worst_loss=worst)
    tight = overlay_accounts(np.ones((1, N)), bounded, WEALTH, AccountLimits(0.003))
    free = overlay_accounts(np.ones((1, N)), bounded, WEALTH)
    assert (free.spent > 0.003 * WEALTH).any()
    assert (tight.spent <= 0.003 * WEALTH[-1]).all()
    assert (tight.held[0] > 0.0).any()


def test_new_risk_once_the_loss_reached_the_budget_is_not_taken_until_the_next_year() -> None:
    hedge = random_hedge(N, 4, "reserve")
    falls = -0.5 * np.sign(hedge.units).max() * np.ones(hedge.units.shape)
    falls[0] = 0.0
    losing = replace(hedge, units=np.abs(hedge.units), price_changes=-np.abs(falls))
    held = overlay_accounts(np.ones((1, N)), losing, WEALTH, AccountLimits(0.002, no_new_risk=True)).held[0]
    years = losing.dates.year
    first_year = held[(years == years[0])]
    assert first_year.max() == 1.0
    assert first_year[-1] == 0.0
    assert held[np.searchsorted(years, years[0] + 1)] == 1.0  # ordered at the last close for the new year's budget


def test_accounts_of_any_number_of_threads_are_the_same_bit_by_bit() -> None:
    orders = random_orders(9, N, 1)
    limits = AccountLimits(np.linspace(0.01, 0.5, 9), GROWTH)
    one, two = (overlay_accounts(orders, random_hedge(N, 3), WEALTH, limits, threads) for threads in (1, 2))
    np.testing.assert_array_equal(one.hedge_pnl, two.hedge_pnl)
    np.testing.assert_array_equal(one.held, two.held)


def test_account_of_a_larger_base_without_budget_grows_in_proportion() -> None:
    hedge = random_hedge(N, 3)
    orders = random_orders(2, N, 1)
    one = overlay_accounts(orders, hedge, WEALTH, AccountLimits(growth=GROWTH))
    three = overlay_accounts(orders, replace(hedge, units=3.0 * hedge.units), WEALTH, AccountLimits(growth=GROWTH))
    np.testing.assert_allclose(three.hedge_pnl, 3.0 * one.hedge_pnl, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(three.costs, 3.0 * one.costs, rtol=1e-12)


def test_account_of_the_short_base_reverses_gains_and_keeps_costs() -> None:
    hedge = random_hedge(N, 4, "reserve")
    orders = random_orders(2, N, 1)
    one = overlay_accounts(orders, hedge, WEALTH)
    short = overlay_accounts(orders, replace(hedge, units=-hedge.units), WEALTH)
    np.testing.assert_allclose(short.hedge_pnl + short.costs, -(one.hedge_pnl + one.costs), rtol=1e-12, atol=1e-9)
    np.testing.assert_array_equal(short.costs, one.costs)


def test_option_worth_less_than_its_cost_of_sale_is_left_to_lapse() -> None:
    hedge = random_hedge(N, 3)
    prices = np.full(hedge.prices.shape, 0.02)
    worthless = replace(
        hedge, prices=prices, price_changes=0.0 * prices, costs={"commission": np.full(prices.shape, 1.0)}
    )
    slots = Slots.of(worthless)
    bought = np.vstack((np.ones((1, 2)), np.zeros((N - 1, 2))))
    paid = slots.costs_by_label(bought)["commission"]
    assert paid[0] == 2.0
    assert paid[1] == pytest.approx(0.04)


@pytest.mark.parametrize("multipliers", [np.ones(N), np.ones((2, N - 1)), np.ones((2, 3, N))])
def test_multipliers_of_another_shape_are_refused(multipliers: np.ndarray) -> None:
    with pytest.raises(InputError, match="multipliers must have shape"):
        overlay_accounts(multipliers, random_hedge(N, 3), WEALTH)


def test_wealth_and_growth_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="portfolio's value"):
        overlay_accounts(np.ones((1, N)), random_hedge(N, 3), -WEALTH)
    with pytest.raises(InputError, match="growth of cash"):
        overlay_accounts(np.ones((1, N)), random_hedge(N, 3), WEALTH, AccountLimits(growth=np.zeros(N)))


def test_budget_below_zero_is_refused() -> None:
    with pytest.raises(InputError, match="a budget is a share"):
        overlay_accounts(np.ones((1, N)), random_hedge(N, 3), WEALTH, AccountLimits(-0.1))


@pytest.mark.compiled
@pytest.mark.parametrize("budget", [None, 0.01])
def test_accounts_of_many_sets_take_little_time(budget: float | None) -> None:
    n, n_sets = 9000, 40  # a fiftieth of 2,000 sets, which have 5 s on two cores
    hedge = random_hedge(n, 3, n_slots=4)
    orders, wealth = random_orders(n_sets, n, 1), np.full(n, 1e6)
    overlay_accounts(orders[:2], hedge, wealth, AccountLimits(budget))
    taken = []
    for _ in range(3):
        begun = time.process_time()
        overlay_accounts(orders, hedge, wealth, AccountLimits(budget))
        taken.append(time.process_time() - begun)
    assert min(taken) < 2 * 5.0 / 50
