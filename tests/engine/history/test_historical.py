"""The loop: decide, trade, earn, and what lag, rounding, policy and costs do to the accounts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.costs import Costs, HalfSpread, PerContract, PerTicket
from hedgerow.engine import Execution, LinearMarket, replay_targets, run_history
from hedgerow.engine.history import historical
from hedgerow.errors import InputError
from hedgerow.hedgers import RatioHedger, Rounding
from hedgerow.market import History
from hedgerow.policies import EveryPeriods, ToleranceBand
from hedgerow.ratios import OLS, RollingOLS

N, K = 60, 2


def history(n: int = N + 1, seed: int = 0) -> History:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, K))
    y = x @ [0.8, 0.3] + 0.2 * rng.normal(size=n)
    frame = pd.DataFrame(np.column_stack([y, x]), pd.date_range("2020-01-01", periods=n), columns=["spot", "a", "b"])
    return History(100.0 + frame.cumsum())


def market(quantity: float = 1_000.0, sizes: tuple[float, ...] | None = (10.0, 20.0), seed: int = 0) -> LinearMarket:
    table = history(seed=seed).changes()
    contract_sizes = None if sizes is None else np.array(sizes)
    return LinearMarket.from_changes(table, "spot", ("a", "b"), quantity=quantity, contract_sizes=contract_sizes)


def targets(paths: int = 2, seed: int = 1) -> np.ndarray:
    return 0.5 + 0.1 * np.random.default_rng(seed).normal(size=(paths, N, K))


def test_replay_ratio_decided_for_a_row_earns_that_row() -> None:
    linear, wanted = market(), targets()
    ledger = replay_targets(linear, wanted, ("p", "q"), Execution())
    hedged = linear.exposure_changes - (wanted * linear.hedge_changes).sum(axis=-1)
    np.testing.assert_allclose(ledger.wealth_changes[:, 1:] / 1_000.0, hedged, atol=1e-10)
    assert (ledger.wealth_changes[:, 0] == 0.0).all()


def test_replay_whole_number_of_units_is_a_quantity_like_any() -> None:
    wanted = targets()
    whole, fraction = (
        replay_targets(market(quantity), wanted, ("p", "q"), Execution()) for quantity in (1_000, 1_000.0)
    )
    assert (whole.wealth == fraction.wealth).all()


def test_replay_lag_one_holds_yesterdays_ratio() -> None:
    linear, wanted = market(), targets()
    ledger = replay_targets(linear, wanted, ("p", "q"), Execution(lag=1))
    held = np.concatenate([np.zeros((2, 1, K)), wanted[:, :-1]], axis=1)
    hedged = linear.exposure_changes - (held * linear.hedge_changes).sum(axis=-1)
    np.testing.assert_allclose(ledger.wealth_changes[:, 1:] / 1_000.0, hedged, atol=1e-10)
    assert ledger.lag == 1


def test_replay_costs_equal_slow_loop() -> None:
    linear, wanted = market(), targets()
    execution = Execution(costs=HalfSpread((2.0, 5.0)) + PerContract(1.5) + PerTicket(4.0))
    ledger = replay_targets(linear, wanted, ("p", "q"), execution)
    for path in range(2):
        held = np.zeros(K)
        for t in range(N):
            units = np.abs(wanted[path, t] - held) * 1_000.0
            spread = (units * linear.hedge_prices[t] * [2e-4, 5e-4]).sum()
            contracts = (units / [10.0, 20.0]).sum()
            assert ledger.costs["half_spread"][path, t] == pytest.approx(spread)
            assert ledger.costs["commission"][path, t] == pytest.approx(1.5 * contracts)
            assert ledger.costs["ticket"][path, t] == 8.0
            held = wanted[path, t]


def test_replay_whole_contracts_holds_whole_numbers() -> None:
    ledger = replay_targets(market(), targets(), ("p", "q"), Execution(rounding=Rounding.NEAREST))
    contracts = ledger.holdings[:, :, 1:] / [10.0, 20.0]
    np.testing.assert_allclose(contracts, np.round(contracts), atol=1e-9)
    assert (np.abs(ledger.trades[:, 1:N, 1:]) > 0).any()


def test_replay_whole_contracts_without_sizes_refused() -> None:
    with pytest.raises(InputError, match="contract size"):
        replay_targets(market(sizes=None), targets(), ("p", "q"), Execution(rounding=Rounding.NEAREST))


def test_replay_every_fifth_period_trades_only_then() -> None:
    ledger = replay_targets(market(), targets(), ("p", "q"), Execution(policy=EveryPeriods(5)))
    traded = np.flatnonzero(np.abs(ledger.trades[0, :, 1:]).sum(axis=-1))
    assert list(traded) == list(range(0, N, 5))


def test_replay_wide_tolerance_trades_once() -> None:
    ledger = replay_targets(market(), targets(), ("p", "q"), Execution(policy=ToleranceBand(0.45)))
    assert np.count_nonzero(np.abs(ledger.trades[0, :, 1:]).sum(axis=-1)) <= 3


def test_replay_zero_cost_and_rate_no_money_from_nowhere() -> None:
    linear = market()
    ledger = replay_targets(linear, np.zeros((1, N, K)), ("none",), Execution())
    np.testing.assert_allclose(ledger.wealth_changes[0, 1:], linear.exposure_changes * 1_000.0, atol=1e-9)
    assert (ledger.cash == 0.0).all()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    lag=st.integers(0, 3),
    rate=st.floats(-0.05, 0.2),
    bps=st.floats(0, 50),
    rounding=st.sampled_from(list(Rounding)),
    every=st.integers(1, 9),
    quantity=st.sampled_from([-5_000.0, 1.0, 2e6]),
)
def test_replay_any_execution_accounts_close(
    lag: int, rate: float, bps: float, rounding: Rounding, every: int, quantity: float
) -> None:
    execution = Execution(EveryPeriods(every), HalfSpread(bps) + PerTicket(1.0), rounding, lag, rate)
    assert replay_targets(market(quantity), targets(), ("p", "q"), execution).breach() < 1e-9


@pytest.mark.parametrize("estimator", [OLS(), RollingOLS(window=20)])
def test_run_history_slow_loop_equals_refit_path(estimator: OLS | RollingOLS) -> None:
    prices = history()
    hedger = RatioHedger(estimator, "spot", ("a", "b"))
    slow = run_history(prices, hedger, 30, Execution(costs=HalfSpread(3.0)))
    table = prices.changes()
    linear = LinearMarket.from_changes(table, "spot", ("a", "b"))
    path = estimator.refit_path(linear.hedge_changes, linear.exposure_changes, 30)
    fast = replay_targets(linear.after(30), path[None, 30:], ("fast",), Execution(costs=HalfSpread(3.0)))
    np.testing.assert_allclose(slow.wealth, fast.wealth, atol=1e-9)
    np.testing.assert_allclose(slow.holdings, fast.holdings, atol=1e-10)


def test_hedger_future_changed_target_unchanged() -> None:
    prices = history()
    table = prices.prices.copy()
    table.iloc[41:] = 1e6 + np.random.default_rng(9).normal(size=table.iloc[41:].shape)
    hedger = RatioHedger(RollingOLS(window=20), "spot", ("a", "b"))
    moment = prices.times[40]
    before, after = hedger.target(prices.view(moment)), hedger.target(History(table).view(moment))
    np.testing.assert_array_equal(before.hedge_ratio, after.hedge_ratio)


def test_execution_negative_lag_refused() -> None:
    with pytest.raises(InputError, match="lag"):
        Execution(lag=-1)


def test_market_of_returns_prices_are_one_and_contracts_go_through_values() -> None:
    table = history().changes("percent")
    linear = LinearMarket.from_changes(table, "spot", ("a", "b"), contract_sizes=np.array([10.0, 20.0]))
    assert (linear.hedge_prices == 1.0).all()
    starts = table.start_prices[["a", "b"]].to_numpy()
    np.testing.assert_allclose(linear.contracts_per_unit[:-1], 1.0 / (starts * [10.0, 20.0]))


@pytest.mark.parametrize("n_hedges", [1, 2, 12])
@pytest.mark.parametrize("lag", [0, 1, 3, N, N + 5])
@pytest.mark.parametrize("costs", [Costs(), HalfSpread(2.0), HalfSpread(2.0) + PerContract(1.5) + PerTicket(4.0)])
def test_replay_all_steps_at_once_equals_the_loop_to_the_last_bit(n_hedges: int, lag: int, costs: Costs) -> None:
    rng = np.random.default_rng(n_hedges)
    frame = pd.DataFrame(100.0 + rng.normal(size=(N + 1, n_hedges + 1)).cumsum(axis=0))
    frame = frame.set_axis([f"c{i}" for i in range(n_hedges + 1)], axis=1)
    frame.index = pd.date_range("2020-01-01", periods=N + 1)
    changes = History(frame).changes()
    linear = LinearMarket.from_changes(
        changes, "c0", tuple(frame.columns[1:]), quantity=-7.7, contract_sizes=np.full(n_hedges, 9.0)
    )
    wanted = rng.normal(size=(3, N, n_hedges))
    wanted[:, 5] = wanted[:, 4]  # a step without a trade: no ticket
    execution = Execution(costs=costs, lag=lag)
    assert historical._follows_its_target(execution)
    ratios, paid = historical._trade(linear, wanted, execution)
    quick_ratios, quick_paid = historical._follow(linear, wanted, execution)
    np.testing.assert_array_equal(quick_ratios, ratios)
    assert set(quick_paid) == set(paid)
    for label, money in paid.items():
        np.testing.assert_array_equal(quick_paid[label], money)


def test_replay_steps_one_by_one_where_the_past_matters() -> None:
    class Twice(HalfSpread):
        """A cost model of the user's own, which may not know of many steps at once."""

    for slow in (Execution(ToleranceBand(0.1)), Execution(EveryPeriods(2)), Execution(rounding=Rounding.DOWN)):
        assert not historical._follows_its_target(slow)
    assert not historical._follows_its_target(Execution(costs=Twice(1.0)))
