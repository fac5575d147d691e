"""Portfolio insurance by trading: what it leaves at the end, and its exposure."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from book_views import PlainView, view_of
from hedgerow.errors import InputError
from hedgerow.hedgers import CPPI, GapMarket, SyntheticPut, gap_probability
from hedgerow.instruments import Book, Spot
from hedgerow.pricing import black_scholes

SHARES = Book([(Spot("XYZ"), 10.0)])
START = pd.Timestamp("2026-11-20 16:00")


def looked_at(book, spots, day=0.0, **more):
    return view_of(book, [Spot("XYZ")], spots, moment=START + pd.Timedelta(days=day), **more)


def test_synthetic_put_holds_minus_all_far_below_and_nothing_far_above():
    found = SyntheticPut(100.0, "2027-02-20").target(looked_at(SHARES, [20.0, 100.0, 900.0])).holdings[:, 0]
    np.testing.assert_allclose(found[[0, 2]], [-10.0, 0.0], atol=1e-9)
    assert -10.0 < found[1] < 0.0


def test_synthetic_put_portfolio_and_hedge_have_the_delta_of_the_call():
    view = looked_at(SHARES, [92.0, 100.0], rate=0.04)
    found = SyntheticPut(95.0, "2027-11-20", volatility=0.25).target(view).holdings[:, 0]
    call = black_scholes.greeks("call", [92.0, 100.0], 95.0, 1.0, 0.25, 0.04, names=("delta",)).delta
    np.testing.assert_allclose(10.0 + found, 10.0 * call, rtol=1e-12)


def test_synthetic_put_finely_traded_ends_with_the_put_less_its_price():
    rng, n, paths = np.random.default_rng(0), 400, 300
    moves = 0.2 * np.sqrt(1.0 / n) * rng.standard_normal((paths, n)) - 0.5 * 0.04 / n
    spots = 100.0 * np.exp(np.concatenate([np.zeros((paths, 1)), np.cumsum(moves, axis=1)], axis=1))
    hedger, gain = SyntheticPut(95.0, START + pd.Timedelta(days=365), volatility=0.2), np.zeros(paths)
    for step in range(n):
        view = ShareView(spots[:, step], START + pd.Timedelta(days=365.0 * step / n))
        gain += hedger.target(view).holdings[:, 0] * (spots[:, step + 1] - spots[:, step])
    paid = 10.0 * (np.maximum(95.0 - spots[:, -1], 0.0) - black_scholes.price("put", 100.0, 95.0, 1.0, 0.2))
    missed = gain - paid
    assert abs(missed.mean()) < 4.0 * missed.std() / np.sqrt(paths)
    # Derman and Kamal (1999): sqrt(pi/4) vega sigma / sqrt(n) for an option near the money
    vega = 10.0 * black_scholes.greeks("put", 100.0, 95.0, 1.0, 0.2, names=("vega",)).vega
    assert missed.std() == pytest.approx(np.sqrt(np.pi / 4.0) * vega * 0.2 / np.sqrt(n), rel=0.15)


class ShareView(PlainView):
    """Ten shares on many paths, without looking at each."""

    def __init__(self, spots, moment, wealth=None):
        at = np.asarray(spots, dtype=float)[:, None, None]
        super().__init__(SHARES, (Spot("XYZ"),), at, np.full_like(at, 0.2), moment=moment)
        self.wealth = np.zeros(len(at)) if wealth is None else wealth

    def book_greeks(self, names, volatility=None):
        return {name: np.full_like(self.spots, 10.0 if name == "delta" else 0.0) for name in names}


def test_synthetic_put_after_its_expiry_holds_nothing():
    assert SyntheticPut(100.0, "2026-11-20").target(looked_at(SHARES, [80.0])).holdings == 0.0


def test_cppi_exposure_is_the_multiple_of_the_cushion_up_to_its_cap():
    wealth = np.array([100.0, 90.0, 80.0, 70.0])
    hedger = CPPI(floor=80.0, multiplier=4.0)
    found = hedger.target(ShareView([50.0] * 4, START, wealth))
    np.testing.assert_allclose((found.holdings[:, 0] + 10.0) * 50.0, [80.0, 40.0, 0.0, 0.0], atol=1e-12)
    assert found.reasons == ("wealth is at or below the floor on 2 of 4 paths: no exposure is left there",)
    capped = CPPI(floor=80.0, multiplier=20.0).target(ShareView([50.0] * 4, START, wealth)).holdings[:, 0]
    np.testing.assert_allclose((capped[:2] + 10.0) * 50.0, [100.0, 90.0])


def test_cppi_capital_adds_to_an_account_that_begins_at_nothing():
    plain = CPPI(80.0, 4.0).target(ShareView([50.0], START, np.array([97.0])))
    added = CPPI(80.0, 4.0, capital=100.0).target(ShareView([50.0], START, np.array([-3.0])))
    np.testing.assert_array_equal(plain.holdings, added.holdings)


def test_cppi_floor_owed_later_stands_discounted():
    view = looked_at(SHARES, [50.0], rate=0.05)
    assert CPPI(80.0, 4.0, expiry="2027-11-20").floor_at(view) == pytest.approx(80.0 * np.exp(-0.05))
    assert CPPI(80.0, 4.0).floor_at(view) == 80.0


def test_cppi_lots_never_exceed_the_exposure():
    view = ShareView([7.0, 9.0, 11.0], START, np.full(3, 100.0))
    exact, whole = (CPPI(80.0, 4.0, lots=lots).target(view).holdings[:, 0] + 10.0 for lots in (None, 5.0))
    assert np.all(whole <= exact)
    np.testing.assert_array_equal(whole % 5.0, 0.0)


def test_cppi_one_step_breaks_the_floor_as_often_as_the_formula_says():
    rng, paths, step = np.random.default_rng(7), 200_000, 1.0 / 12.0
    exposure = CPPI(80.0, 6.0, max_exposure=10.0).target(ShareView([50.0], START, np.array([100.0])))
    units = exposure.holdings[0, 0] + 10.0
    after = 50.0 * np.exp(0.3 * np.sqrt(step) * rng.standard_normal(paths) - 0.045 * step)
    broken = np.mean(100.0 + units * (after - 50.0) < 80.0)
    expected = gap_probability(6.0, step, GapMarket(0.3))
    assert broken == pytest.approx(expected, abs=4.0 * np.sqrt(expected / paths))


@pytest.mark.parametrize(
    "make",
    [
        lambda: SyntheticPut(0.0, "2027-01-15"),
        lambda: SyntheticPut(100.0, "2027-01-15", volatility=0.0),
        lambda: CPPI(-1.0, 4.0),
        lambda: CPPI(80.0, 0.0),
        lambda: CPPI(80.0, 4.0, max_exposure=0.0),
        lambda: CPPI(80.0, 4.0, lots=0.0),
    ],
)
def test_insurance_bad_arguments_are_refused(make):
    with pytest.raises(InputError, match="must"):
        make()


@pytest.mark.parametrize("hedger", [SyntheticPut(100.0, "2027-01-15"), CPPI(80.0, 4.0)])
def test_insurance_several_underlyings_are_refused(hedger):
    at = np.array([[[100.0, 50.0]]])
    view = PlainView(SHARES, (Spot("XYZ"), Spot("ABC")), at, at, ("XYZ", "ABC"))
    with pytest.raises(InputError, match="one underlying, not in XYZ, ABC"):
        hedger.target(view)
