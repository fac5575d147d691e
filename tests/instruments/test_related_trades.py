"""Dispersion and convertible bonds: neutral where they say so, and worth what their parts are worth."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import (
    Book,
    ContractTerms,
    ConvertibleTerms,
    MarketState,
    Underlying,
    convertible_book,
    dispersion_book,
    implied_correlation,
)
from hedgerow.pricing import black_scholes

WEIGHTS = {"ONE": 0.5, "TWO": 0.3, "THREE": 0.2}
MARKET = MarketState(
    "2026-11-20",
    {
        "INDEX": Underlying(4000.0, 0.18, rate=0.03),
        "ONE": Underlying(50.0, 0.25, rate=0.03),
        "TWO": Underlying(210.0, 0.3, rate=0.03),
        "THREE": Underlying(95.0, 0.4, rate=0.03),
    },
)
BOND = ConvertibleTerms("XYZ", "2029-11-20", conversion_ratio=20.0, coupon=0.02)


@pytest.mark.parametrize("correlation", [-0.2, 0.0, 0.45, 1.0])
def test_implied_correlation_index_built_from_its_components_gives_it_back(correlation):
    vols, shares = np.array([0.25, 0.3, 0.4]), np.array(list(WEIGHTS.values()))
    matrix = np.full((3, 3), correlation) + (1.0 - correlation) * np.eye(3)
    index = np.sqrt(shares * vols @ matrix @ (shares * vols))
    assert implied_correlation(index, vols, 7.0 * shares) == pytest.approx(correlation, abs=1e-12)


def test_implied_correlation_index_dearer_than_its_components_is_above_one():
    assert implied_correlation(0.31, [0.3, 0.3], [0.5, 0.5]) > 1.0


@pytest.mark.parametrize("contracts", [10.0, -3.0])
def test_dispersion_book_vegas_add_up_to_zero_by_weight(contracts):
    legs = dispersion_book("INDEX", WEIGHTS, MARKET, "2027-02-19", contracts, ContractTerms(multiplier=100))
    vega = Book(legs).greeks(MARKET, ["vega"]).by_underlying()["vega"]
    assert vega.sum() == pytest.approx(0.0, abs=1e-9 * abs(vega["INDEX"]))
    for name, weight in WEIGHTS.items():
        assert vega[name] == pytest.approx(-weight * vega["INDEX"], rel=1e-12)
    assert np.sign(vega["INDEX"]) == -np.sign(contracts)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: dispersion_book("INDEX", {}, MARKET, "2027-02-19"), "must name the components"),
        (lambda: dispersion_book("INDEX", {"INDEX": 1.0}, MARKET, "2027-02-19"), "not the index itself"),
        (lambda: dispersion_book("INDEX", {"ONE": 0.0}, MARKET, "2027-02-19"), "weight of ONE must be above 0"),
        (lambda: dispersion_book("INDEX", {"TOW": 1.0}, MARKET, "2027-02-19"), "did you mean 'TWO'"),
        (lambda: dispersion_book("INDEX", {"ONE": 1.0}, MARKET, "2026-11-20"), "no vega"),
        (lambda: implied_correlation(0.2, [0.3], [1.0]), "2 or more"),
        (lambda: implied_correlation(0.2, [0.3, 0.2], [1.0, 0.0]), "above 0"),
    ],
)
def test_dispersion_bad_arguments_are_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()


def shares(spot, vol=0.3):
    return MarketState("2026-11-20", {"XYZ": Underlying(spot, vol, rate=0.04)})


def test_convertible_book_is_worth_its_payments_and_its_calls():
    years = np.array([(day - MARKET.moment).days / 365.0 for day, _ in BOND.payments("2026-11-20")])
    money = np.array([paid for _, paid in BOND.payments("2026-11-20")])
    assert sorted(money) == [10.0] * 6 + [1000.0]
    call = black_scholes.price("call", 45.0, 50.0, years[-1], 0.3, 0.04)
    expected = 3.0 * (money @ np.exp(-0.04 * years) + 20.0 * call)
    assert Book(convertible_book(BOND, "2026-11-20", 3.0)).value(shares(45.0)) == pytest.approx(expected, rel=1e-12)


def test_convertible_book_delta_runs_from_none_to_the_conversion_ratio():
    book = Book(convertible_book(BOND, "2026-11-20"))
    deltas = [book.greeks(shares(spot), ["delta"]).totals()["delta"] for spot in (2.0, 40.0, 60.0, 2000.0)]
    assert deltas[0] == pytest.approx(0.0, abs=1e-6)
    assert deltas[-1] == pytest.approx(20.0, abs=1e-6)
    assert np.all(np.diff(deltas) > 0.0)


def test_convertible_book_floor_has_no_greek_but_time_and_rate():
    whole, calls = (Book(convertible_book(BOND, "2026-11-20", floor=floor)) for floor in (True, False))
    for name in ("delta", "gamma", "vega"):
        found = [book.greeks(shares(45.0), [name]).totals()[name] for book in (whole, calls)]
        assert found[0] == found[1]


def test_convertible_book_without_volatility_is_the_greater_of_bond_and_shares():
    flat = MarketState("2026-11-20", {"XYZ": Underlying(70.0, 1e-9)})
    zero = ConvertibleTerms("XYZ", "2029-11-20", conversion_ratio=20.0)
    assert Book(convertible_book(zero, "2026-11-20")).value(flat) == pytest.approx(1400.0)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: ConvertibleTerms("XYZ", "2029-11-20", 0.0), "conversion_ratio must be above 0"),
        (lambda: ConvertibleTerms("XYZ", "2029-11-20", 20.0, coupon=-0.01), "coupon must be 0 or more"),
        (lambda: ConvertibleTerms("XYZ", "2029-11-20", 20.0, coupons_per_year=3), "1, 2, 4 or 12"),
        (lambda: convertible_book(BOND, "2029-11-20"), "not after the start"),
    ],
)
def test_convertible_bad_arguments_are_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()
