"""Leland's volatility: its number, its sides, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from book_views import view_of
from hedgerow.errors import InputError
from hedgerow.hedgers import DeltaHedger, LelandHedger, leland_number, leland_volatility
from hedgerow.instruments import Book, EuropeanOption, Spot

LONG = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-20"), 1.0)])
SHORT = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-20"), -1.0)])
SPOTS = [85.0, 100.0, 118.0]


def held(hedger, book, vol=0.2):
    return hedger.target(view_of(book, [Spot("XYZ")], SPOTS, vol)).holdings


def test_leland_number_round_trip_is_twice_one_way():
    # Leland (1985): A = sqrt(2/pi) k / (sigma sqrt(dt)), k the round trip
    assert leland_number(0.2, 0.005, 0.01) == pytest.approx(np.sqrt(2.0 / np.pi) * 0.01 / (0.2 * 0.1))


@pytest.mark.parametrize(("book", "side", "sign"), [(SHORT, "short", 1.0), (LONG, "long", -1.0)])
def test_leland_hedger_reads_the_side_from_gamma(book, side, sign):
    adjusted = 0.2 * np.sqrt(1.0 + sign * float(leland_number(0.2, 0.001, 1 / 252)))
    expected = held(DeltaHedger(volatility=adjusted), book)
    np.testing.assert_allclose(held(LelandHedger(0.001), book), expected, rtol=1e-13)
    np.testing.assert_array_equal(held(LelandHedger(0.001), book), held(LelandHedger(0.001, side=side), book))


def test_leland_hedger_without_costs_is_the_delta_hedge():
    np.testing.assert_array_equal(held(LelandHedger(0.0), SHORT), held(DeltaHedger(), SHORT))


def test_leland_hedger_own_volatility_stands_in_place_of_the_markets():
    own = held(LelandHedger(0.001, volatility=0.3), SHORT, vol=0.2)
    np.testing.assert_array_equal(own, held(LelandHedger(0.001), SHORT, vol=0.3))


def test_leland_hedger_spread_long_and_short_of_gamma_takes_each_path_by_its_own_side():
    book = Book(
        [
            (EuropeanOption("XYZ", "call", 85.0, "2027-02-20"), 1.0),
            (EuropeanOption("XYZ", "call", 118.0, "2027-02-20"), -1.0),
        ]
    )
    found, sides = (held(each, book) for each in (LelandHedger(0.001), LelandHedger(0.001, side="long")))
    assert found[0] == sides[0]
    assert found[2] == held(LelandHedger(0.001, side="short"), book)[2]


def test_leland_volatility_number_of_one_is_refused_when_long_and_only_then():
    cost = 0.2 * np.sqrt(0.01) / (2.0 * np.sqrt(2.0 / np.pi)) * (1.0 + 1e-12)
    assert leland_volatility(0.2, cost, 0.01, "short") == pytest.approx(0.2 * np.sqrt(2.0))
    with pytest.raises(InputError, match=r"must stay below 1 for who is long gamma .*rehedge less often"):
        leland_volatility(0.2, cost, 0.01, "long")
    assert np.all(held(LelandHedger(cost, rebalances_per_year=100.0), SHORT) > 0.0)
    with pytest.raises(InputError, match="long gamma"):
        held(LelandHedger(cost, rebalances_per_year=100.0), LONG)


@pytest.mark.parametrize(
    "arguments",
    [
        {"cost_rate": -0.001},
        {"cost_rate": 0.001, "rebalances_per_year": 0.0},
        {"cost_rate": 0.001, "volatility": -0.2},
        {"cost_rate": 0.001, "side": "both"},
        {"cost_rate": 0.001, "lots": 0.0},
    ],
)
def test_leland_hedger_bad_arguments_are_refused(arguments):
    with pytest.raises(InputError, match="must"):
        LelandHedger(**arguments)
