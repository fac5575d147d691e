"""Policies of books on several underlyings, and of hedges whose options are gone."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.engine import simulate
from hedgerow.engine.simulate_options import SimulateOptions
from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
from hedgerow.policies import Band
from hedgerow.scenarios import GBM

MARKET = MarketState("2026-11-20", {"A": Underlying(100.0, 0.2), "B": Underlying(50.0, 0.3)})
SHORT_A = (EuropeanOption("A", "call", 100.0, "2027-02-19", multiplier=100), -10)
SHORT_B = (EuropeanOption("B", "call", 50.0, "2027-02-19", multiplier=100), -1)


def run(book: Book, market: MarketState = MARKET, **options: object):
    settings = SimulateOptions(**options)
    return simulate(book, scenario=GBM(market), policy=Band(0.1), n_paths=40, n_steps=20, seed=3, options=settings)


def test_band_of_each_underlying_is_as_wide_as_its_own_options_make_it() -> None:
    both = run(Book([SHORT_A, SHORT_B])).ledger(40)
    alone = simulate(
        Book([SHORT_B]),
        scenario=GBM(MarketState("2026-11-20", {"B": Underlying(50.0, 0.3)})),
        policy=Band(0.1),
        n_paths=40,
        n_steps=20,
        seed=3,
    )
    first = both.holdings[:, 0, -1]
    np.testing.assert_allclose(first, alone.ledger(40).holdings[:, 0, -1])


@pytest.mark.parametrize("as_arrays", [False, True])
def test_hedge_of_expired_options_is_closed_whatever_the_band(as_arrays: bool) -> None:
    alone = MarketState("2026-11-20", {"A": Underlying(100.0, 0.2)})
    options = {"horizon": "2027-06-18", "lag": 0} | ({"lag": 2} if as_arrays else {})
    result = run(Book([SHORT_A]), alone, **options)
    assert as_arrays == (result.facts.reason != "")
    ledger = result.ledger(40)
    held = ledger.holdings[:, :-1, -1]
    gone = np.asarray(ledger.terms.times[:-1] > "2027-02-26")
    assert (np.abs(held[:, 3]) > 0.0).any()
    np.testing.assert_array_equal(held[:, gone][:, 2:], 0.0)
    if not as_arrays:
        assert result.pnl is not None
        np.testing.assert_allclose(ledger.wealth[:, -1], result.pnl, atol=1e-8)
