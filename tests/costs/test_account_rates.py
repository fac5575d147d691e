"""Interest by the sign of the balance, and the lending fee of a short; the ledger closes with both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.costs import AccountRates
from hedgerow.errors import InputError
from hedgerow.ledger import Carry, Terms, record

RATES = AccountRates(rate=0.04, borrow=0.02, financing_spread=0.015, short_rebate=0.25)
YEARS = np.array([0.1, 0.02, 0.3])


def test_account_rates_debt_pays_more_than_cash_earns() -> None:
    growth = RATES.growth(np.array([[5.0, -5.0, 0.0]]), YEARS)
    np.testing.assert_allclose(growth, [np.expm1([0.04 * 0.1, 0.055 * 0.02, 0.04 * 0.3])], rtol=1e-15)


def test_account_rates_without_a_rate_of_their_own_take_the_markets() -> None:
    market = np.array([0.01, 0.02, -0.01])
    own = AccountRates(financing_spread=0.01)
    np.testing.assert_allclose(own.credit_growth(YEARS, market), np.expm1(market * YEARS))
    np.testing.assert_allclose(own.debit_growth(YEARS, market), np.expm1((market + 0.01) * YEARS))


def test_account_rates_short_pays_fee_and_lost_rebate_and_a_long_pays_nothing() -> None:
    flow = RATES.short_flow(np.array([-3.0, 3.0]), np.array([10.0, 10.0]), 0.1)
    np.testing.assert_allclose(flow, [-30.0 * np.expm1((0.02 + 0.75 * 0.04) * 0.1), 0.0], rtol=1e-14)


def test_account_of_a_short_seller_closes_with_interest_and_borrow_lines() -> None:
    times = pd.date_range("2026-01-05", periods=4)
    prices = np.array([[[100.0], [104.0], [99.0], [97.0]], [[100.0], [96.0], [99.0], [103.0]]])
    changes = np.diff(prices, axis=1, prepend=prices[:, :1])
    terms = Terms(times, ("share",), ("up", "down"), prices, changes, (Carry.VALUE,))
    holdings = np.array([[[-10.0]] * 4, [[30.0]] * 4])
    years = np.full(3, 1 / 365)
    borrow = np.zeros((2, 4))
    borrow[:, 1:] = RATES.short_flow(holdings[:, :-1, 0], prices[:, :-1, 0], years)
    cash = np.where(holdings[:, :-1, 0] < 0.0, 2000.0, -2000.0)  # the signs that the balances keep
    ledger = record(
        terms, holdings, np.zeros(1), {}, rate=RATES.growth(cash, years), flows={"borrow": borrow}, opening_cash=1000.0
    )
    assert (np.sign(ledger.cash) == [[1], [-1]]).all()
    assert (ledger.flows["borrow"][0, 1:] < 0.0).all()
    assert (ledger.flows["borrow"][1] == 0.0).all()
    assert (ledger.financing[1, 1:] < 0.0).all()
    owed = 1000.0 - 3000.0
    assert ledger.financing[1, 1] == pytest.approx(owed * np.expm1(0.055 / 365))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"borrow": -0.01}, "borrow fee per year must be 0 or more"),
        ({"financing_spread": -0.01}, "financing spread per year must be 0 or more"),
        ({"short_rebate": 1.5}, "share of the rate from 0 to 1, not 1.5"),
        ({"rate": float("nan")}, "finite number per year"),
    ],
)
def test_account_rates_without_sense_refused(words: dict[str, float], why: str) -> None:
    with pytest.raises(InputError, match=why):
        AccountRates(**words)
