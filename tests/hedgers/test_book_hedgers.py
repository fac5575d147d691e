"""What every hedger of books has in common, class by class."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from book_views import PlainView
from hedgerow.hedgers import (
    CPPI,
    HEDGERS,
    DeltaGammaHedger,
    DeltaGammaVegaHedger,
    DeltaHedger,
    DeltaVegaHedger,
    GreekHedger,
    LelandHedger,
    ProxyHedger,
    SyntheticPut,
)
from hedgerow.instruments import Book, EuropeanOption, Future, Spot

NEAR = EuropeanOption("XYZ", "call", 105.0, "2027-01-15")
FAR = EuropeanOption("XYZ", "put", 95.0, "2027-11-19")
OPTIONS = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-20"), -100.0)])
SHARES = Book([(Spot("XYZ"), 10.0)])
CASES = {
    "delta": (DeltaHedger(lots=1.0), OPTIONS),
    "leland": (LelandHedger(0.001), OPTIONS),
    "delta_gamma": (DeltaGammaHedger([NEAR], lots=1.0), OPTIONS),
    "delta_vega": (DeltaVegaHedger([FAR]), OPTIONS),
    "delta_gamma_vega": (DeltaGammaVegaHedger([NEAR, FAR], bounds=[(0.0, 60.0), (0.0, 60.0)]), OPTIONS),
    "greeks": (GreekHedger([Future("XYZ", "2027-03-19")]), OPTIONS),
    "proxy": (ProxyHedger("SPY", window=10), OPTIONS),
    "synthetic_put": (SyntheticPut(95.0, "2027-11-19"), SHARES),
    "cppi": (CPPI(900.0, 4.0), SHARES),
}


def seen(hedger, book, rows=slice(None)):
    names = ("XYZ", "SPY") if isinstance(hedger, ProxyHedger) else ("XYZ",)
    rng = np.random.default_rng(9)
    growth = np.cumsum(0.02 * rng.standard_normal((4, 15, len(names))), axis=1)
    spots, vols = 100.0 * np.exp(growth), 0.2 + 0.05 * rng.random(growth.shape)
    for each in (spots, vols):
        each.flags.writeable = False
    wealth = np.array([1000.0, 950.0, 920.0, 890.0])[rows]
    return PlainView(book, hedger.hedges(book), spots[rows], vols[rows], names, wealth=wealth)


def test_hedgers_every_name_has_a_case():
    assert set(HEDGERS) == set(CASES)
    assert all(type(CASES[name][0]) is each for name, each in HEDGERS.items())


@pytest.mark.parametrize("name", CASES)
def test_book_hedger_answers_finite_holdings_and_gamma_for_every_path_and_hedge(name):
    hedger, book = CASES[name]
    view = seen(hedger, book)
    found = hedger.target(view)
    assert found.holdings.shape == found.sensitivities["gamma"].shape == (4, len(view.hedges))
    assert np.isfinite(found.holdings).all()
    assert found.holdings.any()


@pytest.mark.parametrize("name", CASES)
def test_book_hedger_path_alone_is_hedged_as_among_others(name):
    hedger, book = CASES[name]
    together = hedger.target(seen(hedger, book)).holdings
    alone = hedger.target(seen(hedger, book, slice(2, 3))).holdings
    np.testing.assert_allclose(alone[0], together[2], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_book_hedger_is_frozen_and_prints_its_name(name):
    hedger, _ = CASES[name]
    with pytest.raises(FrozenInstanceError):
        setattr(hedger, fields(hedger)[0].name, None)
    assert repr(hedger).startswith(f"{type(hedger).__name__}(")
