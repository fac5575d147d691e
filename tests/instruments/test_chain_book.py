"""A market maker's book on the real S&P 500 chain of January 2011: Greeks beside those that the file gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.instruments import Book, BookGreeks, MarketState, Underlying

DAY, SPOT, RATE = "2011-01-03", 1271.87, 0.003
"""The bill rate of the time; the file does not say its own."""


@pytest.fixture(scope="module")
def chain() -> pd.DataFrame:
    table = pd.read_csv(shared_data("spx_chain_2011_01.csv"))
    return table[(table["date"] == DAY) & (table["iv"] > 0.0)].reset_index(drop=True)


@pytest.fixture(scope="module")
def greeks(chain: pd.DataFrame) -> BookGreeks:
    """Return the Greeks of one of each option, each at its own mark and on the forward of its expiry."""
    book = Book.from_frame(
        pd.DataFrame(
            {
                "underlying": "SPX",
                "instrument": "european",
                "kind": chain["call/put"],
                "strike": chain["strike"],
                "expiry": chain["option_expiration"],
                "quantity": 1,
                "multiplier": 100,
                "vol": chain["iv"],
            }
        )
    )
    forwards = chain.groupby("option_expiration")["forward_price"].first().to_dict()
    return book.greeks(MarketState(DAY, {"SPX": Underlying(SPOT, rate=RATE, forwards=forwards)}))


def test_greeks_of_the_first_expiry_are_those_of_the_file(chain: pd.DataFrame, greeks: BookGreeks) -> None:
    near = chain["option_expiration"] == "2011-01-07"
    unit = greeks.per_unit
    np.testing.assert_allclose(unit["delta"][near], chain["delta"][near], atol=1e-4)
    np.testing.assert_allclose(unit["vega"][near] / 100.0, chain["vega"][near], atol=1e-3)
    np.testing.assert_allclose(unit["gamma"][near], chain["gamma"][near], atol=1e-5)


def test_greeks_of_every_expiry_are_close_in_the_middle(chain: pd.DataFrame, greeks: BookGreeks) -> None:
    """Rates differ from the file's with time to expiry, so the median and a wider bound."""
    difference = (greeks.per_unit["delta"] - chain["delta"]).groupby(chain["option_expiration"]).median().abs()
    assert len(difference) == 15
    assert difference.max() < 5e-4


def test_tables_of_the_book_add_up(chain: pd.DataFrame, greeks: BookGreeks) -> None:
    by_strike = greeks.by_expiry_and_strike()
    assert len(by_strike) == len(chain.drop_duplicates(["option_expiration", "strike"]))
    totals = greeks.totals()
    for name in by_strike.columns:
        assert by_strike[name].sum() == pytest.approx(totals[name], rel=1e-9)
    money = greeks.in_money("expiry")
    assert money["vega_per_point"].sum() == pytest.approx(totals["vega"] / 100.0, rel=1e-9)
    assert money["dollar_gamma_per_percent"].sum() == pytest.approx(totals["gamma"] * SPOT**2 / 100.0, rel=1e-9)
