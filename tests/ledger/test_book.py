"""The law of the accounts, on accounts that are right and on accounts that somebody bent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import AccountsError, InputError
from hedgerow.ledger import Carry, Terms, record


def _terms(n_times: int, n_paths: int = 2, carry: tuple[Carry, ...] = (Carry.VALUE, Carry.MARGIN), seed: int = 0):
    rng = np.random.default_rng(seed)
    prices = 100 + np.cumsum(rng.normal(size=(n_times, len(carry))), axis=0)
    changes = np.vstack([np.zeros(len(carry)), np.diff(prices, axis=0)])
    times = pd.date_range("2020-01-01", periods=n_times, freq="D")
    return Terms(
        times, tuple(f"i{k}" for k in range(len(carry))), tuple(f"p{k}" for k in range(n_paths)), prices, changes, carry
    )


def _account(seed: int = 0, rate: float = 0.05, n_times: int = 20):
    terms = _terms(n_times, seed=seed)
    rng = np.random.default_rng(seed + 1)
    holdings = rng.normal(size=(2, n_times, 2)).round(1)
    costs = {"half_spread": np.abs(rng.normal(size=(2, n_times))), "ticket": np.ones((2, n_times))}
    return record(terms, holdings, np.array([1.0, 0.0]), costs, rate=rate)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), rate=st.floats(-0.1, 0.2), n_times=st.integers(2, 30))
def test_ledger_any_holdings_accounts_close(seed: int, rate: float, n_times: int) -> None:
    assert _account(seed, rate, n_times).breach() < 1e-9


def test_ledger_wealth_equals_slow_loop_in_money() -> None:
    ledger = _account()
    terms = ledger.terms
    for path in range(2):
        cash, held = 0.0, np.array([1.0, 0.0])
        for t in range(len(terms.times)):
            if t:
                cash += cash * 0.05 / 365
                cash += held[1] * (terms.prices[t, 1] - terms.prices[t - 1, 1])
            new = ledger.holdings[path, t]
            cash -= (new[0] - held[0]) * terms.prices[t, 0] + ledger.total_costs[path, t]
            held = new
            assert ledger.cash[path, t] == pytest.approx(cash, abs=1e-9)
            assert ledger.wealth[path, t] == pytest.approx(cash + held[0] * terms.prices[t, 0], abs=1e-9)


@pytest.mark.parametrize("column", ["wealth", "cash", "gains", "financing", "holdings"])
def test_ledger_one_figure_bent_accounts_refused(column: str) -> None:
    ledger = _account()
    bent = getattr(ledger, column).copy()
    bent[1, 7] += 1e-3
    with pytest.raises(AccountsError, match="do not close"):
        replace(ledger, **{column: bent}).check()


def test_ledger_forgotten_cost_accounts_refused() -> None:
    ledger = _account()
    with pytest.raises(AccountsError, match="law of the accounts"):
        replace(ledger, costs={"ticket": ledger.costs["ticket"]}).check()


def test_ledger_nan_price_accounts_refused() -> None:
    terms = _terms(5)
    holdings = np.ones((2, 5, 2))
    terms.price_changes[3, 1] = np.nan
    with pytest.raises(AccountsError, match="do not close"):
        record(terms, holdings, np.array([1.0, 0.0]), {})


def test_ledger_margined_instrument_stands_at_zero_value() -> None:
    terms = _terms(4, n_paths=1, carry=(Carry.MARGIN,))
    ledger = record(terms, np.full((1, 4, 1), -2.0), np.zeros(1), {})
    gained = -2.0 * (terms.prices[:, 0] - terms.prices[0, 0])
    np.testing.assert_allclose(ledger.cash[0], gained, atol=1e-12)
    np.testing.assert_allclose(ledger.wealth[0], gained, atol=1e-12)


def test_ledger_first_trade_cost_is_the_first_change_of_wealth() -> None:
    terms = _terms(3, n_paths=1, carry=(Carry.MARGIN,))
    ledger = record(terms, np.ones((1, 3, 1)), np.zeros(1), {"ticket": np.array([[5.0, 0.0, 0.0]])})
    assert ledger.wealth_changes[0, 0] == -5.0
    assert ledger.wealth[0, 0] == -5.0


def test_ledger_future_prices_changed_past_rows_unchanged() -> None:
    terms = _terms(20)
    holdings = np.random.default_rng(3).normal(size=(2, 20, 2))
    before = record(terms, holdings, np.array([1.0, 0.0]), {}, rate=0.03)
    prices, changes = terms.prices.copy(), terms.price_changes.copy()
    prices[12:] *= 3.0
    changes[1:] = np.diff(prices, axis=0)
    after = record(replace(terms, prices=prices, price_changes=changes), holdings, np.array([1.0, 0.0]), {}, rate=0.03)
    for name in ("cash", "wealth", "financing", "gains"):
        np.testing.assert_array_equal(getattr(before, name)[:, :12], getattr(after, name)[:, :12])


def test_ledger_to_frame_names_every_column() -> None:
    frame = _account().to_frame("p1")
    assert list(frame.columns) == [
        "holding i0", "holding i1", "trade i0", "trade i1", "gain i0", "gain i1", "cost half_spread", "cost ticket",
        "financing", "cash flow", "cash", "wealth",
    ]  # fmt: skip
    with pytest.raises(InputError, match="it has p0, p1"):
        _account().to_frame("p9")


def _paths_account(seed: int = 0, n_paths: int = 3, n_times: int = 12, **changed: object):
    """Return an account in which every path has its own prices, growth of cash, flows and opening cash."""
    rng = np.random.default_rng(seed)
    prices = 100 + np.cumsum(rng.normal(size=(n_paths, n_times, 2)), axis=1)
    terms = replace(
        _terms(n_times, n_paths), prices=prices, price_changes=np.diff(prices, axis=1, prepend=prices[:, :1])
    )
    words = {
        "rate": np.expm1(rng.normal(scale=0.01, size=n_times - 1)),
        "flows": {"dividends": rng.normal(size=(n_paths, n_times)), "borrow": -rng.uniform(size=(n_paths, n_times))},
        "opening_cash": rng.normal(scale=100.0, size=n_paths),
    }
    holdings = rng.normal(size=(n_paths, n_times, 2)).round(1)
    costs = {"half_spread": rng.uniform(size=(n_paths, n_times))}
    return record(terms, holdings, np.array([1.0, 0.0]), costs, **(words | changed))  # type: ignore[arg-type]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), n_paths=st.integers(1, 4), n_times=st.integers(2, 15))
def test_ledger_any_paths_flows_and_growth_accounts_close(seed: int, n_paths: int, n_times: int) -> None:
    assert _paths_account(seed, n_paths, n_times).breach() < 1e-12


def test_ledger_paths_wealth_equals_slow_loop_in_money() -> None:
    growth = np.expm1(np.random.default_rng(1).normal(scale=0.01, size=11))
    ledger = _paths_account(rate=growth)
    for path in range(3):
        cash, held = ledger.opening_cash[path], np.array([1.0, 0.0])
        for t in range(12):
            price = ledger.terms.prices[path, t]
            if t:
                cash += cash * growth[t - 1] + held[1] * (price[1] - ledger.terms.prices[path, t - 1, 1])
            new = ledger.holdings[path, t]
            cash += ledger.flows["dividends"][path, t] + ledger.flows["borrow"][path, t]
            cash -= (new[0] - held[0]) * price[0] + ledger.total_costs[path, t]
            held = new
            assert ledger.cash[path, t] == pytest.approx(cash, abs=1e-9)
            assert ledger.wealth[path, t] == pytest.approx(cash + held[0] * price[0], abs=1e-9)


@pytest.mark.parametrize("column", ["wealth", "cash", "gains", "financing", "holdings", "cash_flows", "opening_cash"])
def test_ledger_of_paths_one_figure_bent_accounts_refused(column: str) -> None:
    ledger = _paths_account()
    bent = getattr(ledger, column).copy()
    bent[(1, 7)[: bent.ndim]] += 1e-3
    with pytest.raises(AccountsError, match="do not close"):
        replace(ledger, **{column: bent}).check()


@pytest.mark.parametrize("label", ["dividends", "borrow"])
def test_ledger_flow_bent_or_forgotten_accounts_refused(label: str) -> None:
    ledger = _paths_account()
    bent = {**ledger.flows, label: ledger.flows[label] + 1e-3}
    without = {name: money for name, money in ledger.flows.items() if name != label}
    for flows in (bent, without):
        with pytest.raises(AccountsError, match="do not close"):
            replace(ledger, flows=flows).check()


def test_ledger_prices_with_equal_paths_equal_prices_without_an_axis() -> None:
    terms = _terms(20)
    holdings = np.random.default_rng(3).normal(size=(2, 20, 2))
    costs = {"ticket": np.ones((2, 20))}
    shared = record(terms, holdings, np.array([1.0, 0.0]), costs, rate=0.03)
    each = replace(terms, prices=np.stack([terms.prices] * 2), price_changes=np.stack([terms.price_changes] * 2))
    apart = record(each, holdings, np.array([1.0, 0.0]), costs, rate=0.03)
    for name in ("cash", "wealth", "financing", "gains", "trades", "wealth_changes"):
        np.testing.assert_array_equal(getattr(shared, name), getattr(apart, name))


def test_ledger_growth_per_step_equals_the_rate_that_it_comes_from() -> None:
    terms = _terms(9)
    holdings = np.random.default_rng(3).normal(size=(2, 9, 2))
    by_year = record(terms, holdings, np.zeros(2), {}, rate=0.03)
    by_step = record(terms, holdings, np.zeros(2), {}, rate=np.full(8, 0.03 / 365))
    by_path = record(terms, holdings, np.zeros(2), {}, rate=np.full((2, 8), 0.03 / 365))
    np.testing.assert_allclose(by_step.cash, by_year.cash, rtol=1e-12)
    np.testing.assert_array_equal(by_path.cash, by_step.cash)


def test_ledger_capital_paid_in_is_not_earned() -> None:
    terms = _terms(3, n_paths=1, carry=(Carry.VALUE,))
    ledger = record(terms, np.zeros((1, 3, 1)), np.zeros(1), {}, opening_cash=1e6, rate=np.array([0.01, 0.0]))
    np.testing.assert_allclose(ledger.cash[0], [1e6, 1.01e6, 1.01e6])
    np.testing.assert_allclose(ledger.wealth_changes[0], [0.0, 1e4, 0.0])


def test_ledger_premium_received_is_a_trade_at_time_zero() -> None:
    prices = np.array([[[5.0], [6.0]], [[5.0], [0.0]]])
    terms = Terms(
        pd.date_range("2026-01-05", periods=2), ("call",), ("up", "down"), prices, prices - 5.0, (Carry.VALUE,)
    )
    sold = np.array([[[-10.0], [0.0]]] * 2)  # bought back at its payoff
    ledger = record(terms, sold, np.zeros(1), {})
    np.testing.assert_array_equal(ledger.cash, [[50.0, -10.0], [50.0, 50.0]])
    np.testing.assert_array_equal(ledger.wealth, [[0.0, -10.0], [0.0, 50.0]])


def test_ledger_later_flows_and_prices_of_one_path_leave_its_past_and_the_others_alone() -> None:
    before = _paths_account()
    prices, flows = before.terms.prices.copy(), before.flows["dividends"].copy()
    prices[1, 7:] *= 2.0
    flows[1, 7:] += 5.0
    terms = replace(before.terms, prices=prices, price_changes=np.diff(prices, axis=1, prepend=prices[:, :1]))
    words = {"flows": {**before.flows, "dividends": flows}, "opening_cash": before.opening_cash, "rate": np.zeros(11)}
    after = record(terms, before.holdings, before.endowment, before.costs, **words)
    still = record(before.terms, before.holdings, before.endowment, before.costs, **(words | {"flows": before.flows}))
    for name in ("cash", "wealth", "gains", "cash_flows"):
        np.testing.assert_array_equal(getattr(after, name)[[0, 2]], getattr(still, name)[[0, 2]])
        np.testing.assert_array_equal(getattr(after, name)[1, :7], getattr(still, name)[1, :7])


def test_ledger_selected_paths_close_and_keep_their_figures() -> None:
    ledger = _paths_account()
    some = ledger.select(["p2", 0])
    assert some.check().terms.paths == ("p2", "p0")
    np.testing.assert_array_equal(some.wealth, ledger.wealth[[2, 0]])
    pd.testing.assert_frame_equal(some.to_frame("p2"), ledger.to_frame("p2"))
    assert _account().select(["p1"]).check().terms.prices.shape == (20, 2)
    for strange in ([3], [-1], []):
        with pytest.raises(InputError, match="3 paths, numbered from 0"):
            ledger.select(strange)
    with pytest.raises(InputError, match="it has p0, p1, p2"):
        ledger.select(["p7"])


def test_ledger_to_frame_has_a_column_for_every_flow_and_their_sum() -> None:
    frame = _paths_account().to_frame("p1")
    columns = list(frame.columns)
    assert columns[columns.index("cost half_spread") + 1 :] == [
        "flow dividends", "flow borrow", "financing", "cash flow", "cash", "wealth",
    ]  # fmt: skip
    np.testing.assert_allclose(frame["cash flow"], frame["flow dividends"] + frame["flow borrow"], atol=1e-15)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"flows": {"dividends": np.zeros((3, 11))}}, "flow 'dividends' must have shape"),
        ({"rate": np.zeros(12)}, "growth of cash must have shape"),
    ],
)
def test_ledger_shapes_that_do_not_fit_refused(words: dict[str, object], why: str) -> None:
    with pytest.raises(InputError, match=why):
        _paths_account(**words)


def test_ledger_cost_below_zero_refused_with_where_it_stands() -> None:
    costs = {"ticket": np.array([[0.0, 0.0, -2.5]])}
    terms = _terms(3, n_paths=1)
    with pytest.raises(InputError, match=r"'ticket' is -2.5 on path 'p0' at 2020-01-03"):
        record(terms, np.zeros((1, 3, 2)), np.zeros(2), costs)


def test_ledger_nan_flow_accounts_refused() -> None:
    flows = np.zeros((3, 12))
    flows[0, 4] = np.nan
    with pytest.raises(AccountsError, match="do not close"):
        _paths_account(flows={"dividends": flows})
