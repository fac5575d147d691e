"""Vega along the term structure, and events that take variance out of options."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import (
    Book,
    EuropeanOption,
    MarketState,
    Spot,
    Underlying,
    remove_event_variance,
    straddle,
    vega_by_bucket,
)
from hedgerow.pricing import black_scholes

MARKET = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.5)})
BOOK = Book(
    [
        *straddle("XYZ", 100.0, "2026-12-04", -10.0),
        *straddle("XYZ", 100.0, "2026-12-20", 1.0),
        *straddle("XYZ", 100.0, "2027-05-21", 4.0),
        (Spot("XYZ"), 5.0),
    ]
)


def test_vega_by_bucket_sums_to_the_books_vega_and_agrees_with_its_expiries():
    table = vega_by_bucket(BOOK, MARKET)
    greeks = BOOK.greeks(MARKET, ["vega"])
    assert table["vega"].sum() == pytest.approx(greeks.totals()["vega"], rel=1e-12)
    by_expiry = greeks.by_expiry()["vega"].droplevel("underlying")
    assert table["vega"].iloc[0] == pytest.approx(by_expiry["2026-12-04"] + by_expiry["2026-12-20"], rel=1e-12)
    np.testing.assert_allclose(table["vega_per_point"], 0.01 * table["vega"])


def test_vega_by_bucket_weighted_is_the_gain_of_a_move_that_fades_with_the_root_of_time():
    bump, gain = 1e-5, 0.0
    for position in BOOK.positions[:-1]:
        years = (position.instrument.expiry - MARKET.moment).days / 365.0
        vols = [0.5 + sign * bump * np.sqrt(30.0 / 365.0 / years) for sign in (-1.0, 1.0)]
        one = [black_scholes.price(position.instrument.kind, 100.0, 100.0, years, vol) for vol in vols]
        gain += position.quantity * (one[1] - one[0]) / (2.0 * bump)
    assert vega_by_bucket(BOOK, MARKET)["weighted_vega"].sum() == pytest.approx(gain, rel=1e-6)


def test_vega_by_bucket_option_that_expires_now_counts_nothing():
    book = Book([(EuropeanOption("XYZ", "call", 90.0, "2026-11-20"), 1.0)])
    assert not vega_by_bucket(book, MARKET).to_numpy().any()


def test_remove_event_variance_takes_the_events_variance_out_of_every_expiry():
    found = remove_event_variance(BOOK, MARKET, 0.06)
    options = found.table.iloc[:-1]
    years = (options["expiry"] - MARKET.moment).dt.days / 365.0
    lost = (options["vol_before"] ** 2 - options["vol_after"] ** 2) * years
    np.testing.assert_allclose(lost, 0.06**2, rtol=1e-12)
    assert found.profit == pytest.approx(found.table["profit"].sum())
    assert found.table["profit"].iloc[-1] == 0.0


def test_remove_event_variance_short_near_and_long_far_gains_where_the_spot_stays():
    assert remove_event_variance(BOOK, MARKET, 0.06).profit > 0.0
    assert remove_event_variance(BOOK, MARKET, 0.06, spot_move=-0.2).profit < 0.0
    opposite = Book([(each.instrument, -each.quantity) for each in BOOK.positions])
    assert remove_event_variance(opposite, MARKET, 0.06).profit == -remove_event_variance(BOOK, MARKET, 0.06).profit


def test_remove_event_variance_expectation_over_the_events_move_is_fair():
    # a normal log move of the event's own deviation, then the lower volatility: no gain on average
    book = Book([(EuropeanOption("XYZ", "call", 103.0, "2026-12-20"), 1.0)])
    points, weights = np.polynomial.hermite_e.hermegauss(40)
    moves = np.expm1(0.06 * points - 0.5 * 0.06**2)
    gains = [remove_event_variance(book, MARKET, 0.06, spot_move=move).profit for move in moves]
    assert weights @ gains / weights.sum() == pytest.approx(0.0, abs=1e-9)


def test_remove_event_variance_options_that_expire_before_the_event_are_left_alone():
    found = remove_event_variance(BOOK, MARKET, 0.06, event="2026-12-10").table
    np.testing.assert_array_equal(found["vol_after"].iloc[:2], 0.5)
    assert np.all(found["vol_after"].iloc[2:-1] < 0.5)


def test_remove_event_variance_no_event_makes_nothing():
    assert remove_event_variance(BOOK, MARKET, 0.0).profit == 0.0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: remove_event_variance(BOOK, MARKET, 0.2), "has less variance to its expiry than an event_move of 0.2"),
        (lambda: remove_event_variance(BOOK, MARKET, -0.1), "event_move must be 0 or more"),
        (lambda: remove_event_variance(BOOK, MARKET, 0.1, spot_move=-1.0), "spot_move above -1"),
        (lambda: vega_by_bucket(BOOK, MARKET, [30, 30]), "days must ascend"),
        (lambda: vega_by_bucket(BOOK, MARKET, reference_days=0.0), "reference_days must be above 0"),
    ],
)
def test_vega_bad_arguments_are_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()
