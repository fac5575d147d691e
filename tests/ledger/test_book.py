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
