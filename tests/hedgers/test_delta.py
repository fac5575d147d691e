"""Delta hedges of books: laws first, then derivatives taken numerically."""

from __future__ import annotations

import numpy as np
import pytest

from book_views import PlainView, view_of
from hedgerow.errors import InputError
from hedgerow.hedgers import (
    HEDGERS,
    DeltaHedger,
    EstimatedResponse,
    QuadraticResponse,
    Rounding,
    SpotVolCorrelation,
)
from hedgerow.instruments import Book, EuropeanOption, MarketState, Spot, Underlying, straddle

CALL = EuropeanOption("XYZ", "call", 100.0, "2027-02-20", multiplier=100)
PUT = EuropeanOption("XYZ", "put", 95.0, "2027-05-20", multiplier=100)
BOOK = Book([(CALL, -3.0), (PUT, 2.0)])
SPOTS = [80.0, 100.0, 121.5]


def falling_smile(strike, years, forward):
    return 0.2 - 0.15 * np.log(strike / forward) + 0.1 * np.log(strike / forward) ** 2


def test_delta_hedger_any_spot_leaves_no_delta():
    view = view_of(BOOK, [Spot("XYZ")], SPOTS)
    found = DeltaHedger().target(view)
    np.testing.assert_allclose(found.holdings + view.book_greeks(["delta"])["delta"], 0.0, atol=1e-12)
    np.testing.assert_array_equal(found.sensitivities["gamma"], view.book_greeks(["gamma"])["gamma"])
    assert DeltaHedger().hedges(BOOK) == (Spot("XYZ"),)


def test_delta_hedger_two_underlyings_hedges_each_alone():
    book = Book([(CALL, 1.0), (EuropeanOption("ABC", "put", 50.0, "2027-02-20"), 4.0)])
    at = np.array([[[100.0, 50.0]], [[90.0, 60.0]]])
    view = PlainView(book, (Spot("XYZ"), Spot("ABC")), at, np.full_like(at, 0.3), ("XYZ", "ABC"))
    holdings = DeltaHedger().target(view).holdings
    assert np.all(holdings[:, 0] < 0.0)
    assert np.all(holdings[:, 1] > 0.0)
    alone = DeltaHedger().target(view_of(book.of("XYZ"), (Spot("XYZ"),), [100.0, 90.0], 0.3)).holdings
    np.testing.assert_allclose(holdings[:, :1], alone, rtol=1e-14)


def test_delta_hedger_put_and_call_of_one_strike_differ_by_the_shares():
    call, put = (EuropeanOption("XYZ", kind, 100.0, "2027-02-20") for kind in ("call", "put"))
    found = [DeltaHedger().target(view_of(Book([(each, 1.0)]), [Spot("XYZ")], SPOTS)).holdings for each in (call, put)]
    np.testing.assert_allclose(found[1] - found[0], 1.0, atol=1e-14)


def test_delta_hedger_short_book_holds_the_opposite_of_the_long():
    long, short = (Book(straddle("XYZ", 100.0, "2027-02-20", quantity)) for quantity in (1.0, -1.0))
    hedger = DeltaHedger(lots=0.25)
    found = [hedger.target(view_of(each, [Spot("XYZ")], SPOTS)).holdings for each in (long, short)]
    np.testing.assert_array_equal(found[0], -found[1])


def test_delta_hedger_own_volatility_is_the_delta_of_a_market_at_it():
    other = DeltaHedger(volatility=0.35).target(view_of(BOOK, [Spot("XYZ")], SPOTS, 0.2)).holdings
    there = DeltaHedger().target(view_of(BOOK, [Spot("XYZ")], SPOTS, 0.35)).holdings
    np.testing.assert_array_equal(other, there)


def test_delta_hedger_whole_lots_are_the_nearest_multiples():
    view = view_of(BOOK, [Spot("XYZ")], SPOTS)
    exact = DeltaHedger().target(view).holdings
    whole = DeltaHedger(lots=10.0).target(view).holdings
    np.testing.assert_array_equal(whole % 10.0, 0.0)
    assert np.all(np.abs(whole - exact) <= 5.0)
    down = DeltaHedger(lots=10.0, rounding=Rounding.DOWN).target(view).holdings
    assert np.all(np.abs(down) <= np.abs(exact))


def test_sticky_delta_smile_in_moneyness_equals_the_numerical_derivative_of_the_price():
    book, bump = Book([(CALL, 1.0), (PUT, -2.0)]), 1e-3
    found = DeltaHedger(smile="sticky_delta").target(view_of(book, [Spot("XYZ")], SPOTS, smile=falling_smile))
    for spot, holding in zip(SPOTS, found.holdings[:, 0], strict=True):
        values = [
            book.value(MarketState("2026-11-20", {"XYZ": Underlying(spot + move, falling_smile)}))
            for move in (-bump, bump)
        ]
        assert -holding == pytest.approx((values[1] - values[0]) / (2.0 * bump), abs=2e-5)


def test_sticky_delta_flat_smile_is_sticky_strike():
    view = view_of(BOOK, [Spot("XYZ")], SPOTS)
    sticky = DeltaHedger(smile="sticky_delta").target(view).holdings
    np.testing.assert_array_equal(sticky, DeltaHedger().target(view).holdings)


def test_minimum_variance_leaves_least_variance_of_small_moves_of_spot_and_volatility():
    rng = np.random.default_rng(3)
    correlation, vol_of_vol, spot, vol = -0.7, 0.9, 100.0, 0.2
    normals = rng.standard_normal((2, 200_000))
    moves = spot * vol * normals[0] * 0.01
    vol_moves = vol_of_vol * vol * (correlation * normals[0] + np.sqrt(1.0 - correlation**2) * normals[1]) * 0.01
    view = view_of(BOOK, [Spot("XYZ")], [spot], vol)
    greeks = view.book_greeks(["delta", "vega"])
    gains = greeks["delta"][0, 0] * moves + greeks["vega"][0, 0] * vol_moves
    best = -np.cov(gains, moves)[0, 1] / moves.var(ddof=1)
    hedger = DeltaHedger(smile="minimum_variance", response=SpotVolCorrelation(correlation, vol_of_vol))
    assert hedger.target(view).holdings[0, 0] == pytest.approx(best, rel=6e-3)


def past_view(spots, vols):
    return PlainView(BOOK, (Spot("XYZ"),), np.asarray(spots)[None, :, None], np.asarray(vols)[None, :, None])


def test_estimated_response_linear_past_finds_the_slope():
    rng = np.random.default_rng(4)
    returns = 0.01 * rng.standard_normal(40)
    spots = 100.0 * np.cumprod(np.append(1.0, 1.0 + returns))
    vols = 0.3 + np.append(0.0, np.cumsum(-0.5 * returns))
    view = past_view(spots, vols)
    added = EstimatedResponse(30).added_delta(view)
    expected = view.book_greeks(["vega"])["vega"] * -0.5 / view.spots
    np.testing.assert_allclose(added, expected, rtol=1e-10)


def test_estimated_response_too_little_past_or_a_spot_that_stood_still_adds_nothing():
    assert EstimatedResponse(30).added_delta(past_view([100.0, 101.0], [0.2, 0.21])) == 0.0
    assert EstimatedResponse(2).added_delta(past_view([100.0] * 4, [0.2, 0.21, 0.2, 0.3])) == 0.0


def test_estimated_response_altered_before_the_window_stays_the_same():
    rng = np.random.default_rng(5)
    spots, vols = 100.0 + rng.standard_normal(50), 0.2 + 0.01 * rng.standard_normal(50)
    changed = np.concatenate([[55.0] * 10, spots[10:]])
    first = EstimatedResponse(30).added_delta(past_view(spots, vols))
    assert first == EstimatedResponse(30).added_delta(past_view(changed, vols))


def test_quadratic_response_one_option_is_the_formula():
    call = Book([(CALL, 2.0)])
    view = view_of(call, [Spot("XYZ")], SPOTS)
    greeks = view.position_greeks(["delta", "vega"])
    delta, years = greeks["delta"] / 200.0, 92.0 / 365.0
    expected = greeks["vega"] / (np.array(SPOTS)[:, None] * np.sqrt(years)) * (-0.25 + 0.2 * delta - 0.1 * delta**2)
    np.testing.assert_allclose(QuadraticResponse(-0.25, 0.2, -0.1).added_delta(view), expected, rtol=1e-12)


def test_quadratic_response_put_and_call_of_one_strike_gain_the_same():
    added = [
        QuadraticResponse(-0.25, 0.2, -0.1).added_delta(
            view_of(Book([(EuropeanOption("XYZ", kind, 100.0, "2027-02-20"), 1.0)]), [Spot("XYZ")], SPOTS)
        )
        for kind in ("call", "put")
    ]
    np.testing.assert_allclose(added[0], added[1], rtol=1e-11)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"volatility": 0.0}, "volatility must be above 0, not 0.0"),
        ({"volatility": float("nan")}, "volatility must be above 0"),
        ({"smile": "sticky_delt"}, "did you mean 'sticky_delta'"),
        ({"smile": "minimum_variance"}, "belong together"),
        ({"response": EstimatedResponse()}, "belong together"),
        ({"smile": "sticky_delta", "volatility": 0.2}, "has no smile"),
        ({"lots": 0.0}, "lots must be above 0, not 0.0"),
    ],
)
def test_delta_hedger_bad_arguments_are_refused(arguments, says):
    with pytest.raises(InputError, match=says):
        DeltaHedger(**arguments)


@pytest.mark.parametrize(
    "make",
    [lambda: SpotVolCorrelation(-1.1, 0.5), lambda: SpotVolCorrelation(0.0, -1.0), lambda: EstimatedResponse(1)],
)
def test_vol_response_bad_arguments_are_refused(make):
    with pytest.raises(InputError, match="must"):
        make()


def test_delta_hedger_prints_as_the_code_that_makes_it():
    hedger = DeltaHedger(smile="minimum_variance", response=SpotVolCorrelation(-0.7, 0.8))
    response = "SpotVolCorrelation(correlation=-0.7, vol_of_vol=0.8)"
    assert repr(hedger) == f"DeltaHedger(smile='minimum_variance', response={response})"
    assert repr(DeltaHedger()) == "DeltaHedger()"
    assert HEDGERS["delta"] is DeltaHedger
