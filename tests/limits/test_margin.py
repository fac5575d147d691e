"""The margin account: it closes, its variation is contracts x price change, and calls come when they must."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hedgerow.engine import Execution, LinearMarket, replay_targets
from hedgerow.errors import DataError, InputError
from hedgerow.hedgers import Rounding
from hedgerow.ledger import Carry, Terms, record
from hedgerow.limits import HeldContracts, MarginTerms, margin_path

TIMES = pd.bdate_range("2020-01-01", periods=6)


def holding(contracts: list[float], changes: list[float], price: float = 50_000.0) -> HeldContracts:
    moves = np.array([[0.0], *[[one] for one in changes]])
    values = price + np.cumsum(moves, axis=0)
    held = np.array(contracts, dtype=float)[:, None]
    return HeldContracts(TIMES[: len(contracts)], ("F",), held, moves, values)


def random_holding(seed: int = 0, n: int = 300, k: int = 2) -> HeldContracts:
    rng = np.random.default_rng(seed)
    moves = rng.standard_t(3, size=(n, k)) * 500.0
    held = np.round(rng.normal(size=(n, k)).cumsum(axis=0))
    held[n // 2 : n // 2 + 5] = 0.0
    times = pd.bdate_range("2018-01-01", periods=n)
    return HeldContracts(times, ("a", "b")[:k], held, moves, 40_000.0 + moves.cumsum(axis=0))


@pytest.mark.parametrize("sweep", [True, False])
@pytest.mark.parametrize("maintenance", [1.0, 0.75])
@pytest.mark.parametrize("terms", [{"initial": 3_000.0}, {"initial": (3_000.0, 100.0)}, {"share": 0.08}])
def test_account_closes_and_variation_is_contracts_times_price_change(
    terms: dict[str, object], maintenance: float, sweep: bool
) -> None:
    held = random_holding()
    path = margin_path(held, MarginTerms(**terms, maintenance=maintenance, sweep=sweep))  # type: ignore[arg-type]
    earned = (held.contracts[:-1] * held.changes[1:]).sum()
    assert path.variation.sum() == pytest.approx(earned, rel=1e-12)
    paid_in = path.calls.sum() + path.deposits.sum()
    assert paid_in + earned - path.withdrawals.sum() == pytest.approx(path.balance[-1], abs=1e-6)
    assert (path.balance >= maintenance * path.initial - 1e-6).all()
    assert (path.calls >= 0.0).all()
    assert (path.withdrawals >= 0.0).all()
    assert path.breach() < 1e-12


def test_restricted_cash_is_the_initial_margin_of_what_is_held() -> None:
    held = random_holding()
    path = margin_path(held, MarginTerms(initial=3_000.0))
    np.testing.assert_allclose(path.initial, 3_000.0 * np.abs(held.contracts).sum(axis=1))
    np.testing.assert_allclose(path.balance, path.initial)  # swept, maintenance at the initial margin


def test_textbook_account_calls_only_below_maintenance_and_tops_up_to_initial() -> None:
    # worked by hand: 2 contracts, initial margin 6,000 and maintenance 4,500 each
    held = holding([2.0] * 5, [-1_000.0, -600.0, 200.0, -400.0])
    path = margin_path(held, MarginTerms(initial=6_000.0, maintenance=0.75, sweep=False))
    assert path.deposits.tolist() == [12_000.0, 0.0, 0.0, 0.0, 0.0]
    assert path.calls.tolist() == [0.0, 0.0, 3_200.0, 0.0, 0.0]
    assert path.balance.tolist() == [12_000.0, 10_000.0, 12_000.0, 12_400.0, 11_600.0]


def test_gains_are_paid_out_only_where_swept() -> None:
    held = holding([1.0] * 3, [500.0, -200.0])
    swept, kept = (margin_path(held, MarginTerms(initial=1_000.0, sweep=sweep)) for sweep in (True, False))
    assert swept.withdrawals.tolist() == [0.0, 500.0, 0.0]
    assert swept.calls.tolist() == [0.0, 0.0, 200.0]
    assert kept.withdrawals.sum() == kept.calls.sum() == 0.0


def test_short_position_mirrors_the_long_one() -> None:
    held = random_holding()
    long, short = (
        margin_path(replace(held, contracts=sign * held.contracts), MarginTerms(initial=900.0)) for sign in (1.0, -1.0)
    )
    np.testing.assert_allclose(short.variation, -long.variation)
    np.testing.assert_allclose(short.initial, long.initial)


def test_twice_the_contracts_twice_the_cash() -> None:
    held = random_holding()
    once, twice = (
        margin_path(replace(held, contracts=size * held.contracts), MarginTerms(share=0.1)) for size in (1.0, 2.0)
    )
    np.testing.assert_allclose(twice.table, 2.0 * once.table, atol=1e-6)
    assert twice.worst_cumulative_call(10) == pytest.approx(2.0 * once.worst_cumulative_call(10))


def test_contracts_added_are_deposited_and_closing_pays_everything_out() -> None:
    path = margin_path(holding([1.0, 3.0, 0.0], [0.0, -100.0]), MarginTerms(initial=1_000.0, maintenance=0.5))
    assert path.deposits.tolist() == [1_000.0, 2_000.0, 0.0]
    assert path.calls.sum() == 0.0
    assert path.withdrawals.tolist() == [0.0, 0.0, 2_700.0]
    assert path.balance[-1] == 0.0


def test_worst_calls_and_their_date() -> None:
    path = margin_path(holding([1.0] * 5, [-100.0, -300.0, 50.0, -200.0]), MarginTerms(initial=1_000.0))
    assert path.worst_call == 300.0
    assert path.worst_call_date == TIMES[2]
    assert path.worst_cumulative_call(1) == 300.0
    assert path.worst_cumulative_call(2) == 400.0
    assert path.worst_cumulative_call(4) == 550.0
    calm = margin_path(holding([1.0] * 2, [5.0]), MarginTerms(initial=1_000.0))
    assert calm.worst_call_date is None
    assert calm.worst_cumulative_call(10) == 0.0


def test_carrying_cost_is_simple_interest_on_the_balance() -> None:
    times = pd.DatetimeIndex(["2020-01-01", "2020-07-01", "2021-01-01"])
    held = HeldContracts.constant(times, ("F",), np.array([2.0]), np.zeros((3, 1)), np.full((3, 1), 1e4))
    path = margin_path(held, MarginTerms(initial=1_000.0, rate=0.06, earned=0.01))
    assert path.years == pytest.approx(366 / 365)
    assert path.carrying_cost == pytest.approx(0.05 * 2_000.0 * 366 / 365)


def test_margin_of_a_negative_price_is_a_share_of_its_size() -> None:
    path = margin_path(holding([-1.0, -1.0], [-30_000.0], price=10_000.0), MarginTerms(share=0.1))
    assert path.initial.tolist() == [1_000.0, 2_000.0]
    assert path.variation[1] == 30_000.0


@pytest.mark.parametrize("rounding", [Rounding.NONE, Rounding.NEAREST])
@pytest.mark.parametrize("returns", [False, True])
def test_ledger_of_a_race_gives_the_same_variation_as_its_gains(rounding: Rounding, returns: bool) -> None:
    rng = np.random.default_rng(3)
    n = 120
    x = rng.normal(size=(n, 2)) * (0.01 if returns else 1.0)
    prices = 80.0 + np.vstack([np.zeros(2), np.cumsum(x, axis=0)])
    sizes = np.array([50.0, 20.0])
    scale = prices if returns else np.ones_like(prices)
    market = LinearMarket(
        pd.bdate_range("2020-01-01", periods=n + 1), x @ [0.7, 0.2], x, prices / scale, "spot", ("a", "b"),
        1_000.0, 1.0 / (sizes * scale),
    )  # fmt: skip
    targets = np.tile([0.7, 0.2], (1, n, 1)) + 0.1 * rng.normal(size=(1, n, 2))
    ledger = replay_targets(market, targets, ("ols",), Execution(rounding=rounding))
    held = HeldContracts.from_ledger(ledger, "ols", market.contracts_per_unit)  # type: ignore[arg-type]
    path = margin_path(held, MarginTerms(share=0.1))
    np.testing.assert_allclose(path.variation, ledger.gains[0][:, 1:].sum(axis=1), rtol=1e-9, atol=1e-9)
    if rounding is Rounding.NEAREST and not returns:
        np.testing.assert_allclose(held.contracts, np.round(held.contracts), atol=1e-9)


def test_ledger_without_the_path_or_a_size_is_refused() -> None:
    market = LinearMarket(
        pd.bdate_range("2020-01-01", periods=4), np.ones(3), np.ones((3, 1)), np.ones((4, 1)), "spot", ("a",)
    )
    ledger = replay_targets(market, np.ones((1, 3, 1)), ("ols",), Execution())
    with pytest.raises(InputError, match="it has ols"):
        HeldContracts.from_ledger(ledger, "dcc", np.ones((4, 1)))
    with pytest.raises(InputError, match="contract size above 0"):
        HeldContracts.from_ledger(ledger, "ols", np.full((4, 1), np.nan))


def test_path_of_a_ledger_with_its_own_prices_is_margined_at_these() -> None:
    prices = np.array([[[100.0], [90.0], [95.0]], [[100.0], [110.0], [120.0]]])
    changes = np.diff(prices, axis=1, prepend=prices[:, :1])
    times = pd.bdate_range("2020-01-01", periods=3)
    terms = Terms(times, ("future",), ("down", "up"), prices, changes, (Carry.MARGIN,))
    ledger = record(terms, np.full((2, 3, 1), -2.0), np.zeros(1), {})
    held = HeldContracts.from_ledger(ledger, "up", np.full((3, 1), 0.5))
    np.testing.assert_allclose(held.contracts[:, 0], -1.0)
    np.testing.assert_allclose(margin_path(held, MarginTerms(share=0.1)).variation, [0.0, -20.0, -20.0])


def test_positions_that_cannot_be_margined_are_refused() -> None:
    good = holding([1.0] * 3, [1.0, 2.0])
    with pytest.raises(InputError, match="must have the shape"):
        replace(good, changes=np.zeros((2, 1)))
    with pytest.raises(DataError, match="2020-01-02 is not"):
        replace(good, changes=np.array([[0.0], [np.nan], [0.0]]))
    with pytest.raises(DataError, match="two times"):
        holding([1.0], [])
