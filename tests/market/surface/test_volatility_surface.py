"""A surface: volatility anywhere, its forwards, its moves with the spot, and the check for arbitrage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.market.surface import PointSmile, SVISmile, VolatilitySurface, check_surface
from hedgerow.pricing import black_scholes, ssvi, svi
from hedgerow.pricing.ssvi import SSVI
from hedgerow.pricing.svi import SVI

SHARED = SSVI(-0.6, 0.9, 0.4)
THETAS = (0.01, 0.022, 0.04)
YEARS = np.array([0.25, 0.5, 1.0])


def surface(thetas: tuple[float, ...] = THETAS) -> VolatilitySurface:
    smiles = tuple(SVISmile(ssvi.slice_at(theta, SHARED)) for theta in thetas)
    return VolatilitySurface(100.0, YEARS, 100.0 * np.exp(0.01 * YEARS), np.exp(-0.02 * YEARS), smiles)


def test_volatility_at_an_expiry_is_the_slices_own() -> None:
    strikes = np.array([60.0, 100.0, 150.0])
    for years, theta in zip(YEARS, THETAS, strict=True):
        k = np.log(strikes / (100.0 * np.exp(0.01 * years)))
        expected = svi.volatility(k, years, ssvi.slice_at(theta, SHARED))
        np.testing.assert_allclose(surface().volatility(strikes, years), expected, rtol=1e-13)


def test_total_variance_between_expiries_is_linear_in_time_at_fixed_moneyness() -> None:
    k = np.linspace(-0.5, 0.5, 11)
    middle = surface().total_variance(k, 0.75)
    ends = [surface().total_variance(k, years) for years in (0.5, 1.0)]
    np.testing.assert_allclose(middle, 0.5 * (ends[0] + ends[1]), rtol=1e-14)


def test_before_the_first_expiry_volatility_stays_and_after_the_last_variance_goes_on() -> None:
    here = surface()
    k = np.linspace(-0.5, 0.5, 11)
    np.testing.assert_allclose(here.total_variance(k, 0.1) / 0.1, here.total_variance(k, 0.25) / 0.25, rtol=1e-14)
    np.testing.assert_allclose(here.total_variance(k, 3.0) - here.total_variance(k, 1.0), 2.0 * 0.04, rtol=1e-13)
    assert here.total_variance(0.1, 0.0) == 0.0


def test_forward_and_discount_keep_their_rates_everywhere_and_start_at_spot_and_one() -> None:
    times = np.array([0.0, 0.1, 0.25, 0.6, 1.0, 4.0])
    np.testing.assert_allclose(surface().forward(times), 100.0 * np.exp(0.01 * times), rtol=1e-14)
    np.testing.assert_allclose(surface().discount(times), np.exp(-0.02 * times), rtol=1e-14)
    assert isinstance(surface().forward(0.5), float)


def test_price_is_blacks_at_the_surfaces_volatility_and_obeys_parity() -> None:
    here, strike, years = surface(), np.array([80.0, 100.0, 130.0]), 0.6
    call, put = (here.price(kind, strike, years) for kind in ("call", "put"))
    np.testing.assert_allclose(call - put, here.discount(years) * (here.forward(years) - strike), rtol=1e-12)
    vol = here.volatility(strike, years)
    plain = black_scholes.price("call", 100.0, strike, years, vol, 0.02, 0.01)
    np.testing.assert_allclose(call, plain, rtol=1e-12)


def test_broadcasting_and_the_table_agree() -> None:
    table = surface().table([90.0, 100.0], [0.3, 0.9, 2.0])
    assert table.shape == (2, 3)
    assert table.loc[90.0, 0.9] == surface().volatility(90.0, 0.9)


@pytest.mark.parametrize("thetas", [THETAS, (0.03,) * 3])
def test_sticky_strike_keeps_the_volatility_of_each_strike(thetas: tuple[float, ...]) -> None:
    here, strikes = surface(thetas), np.array([70.0, 95.0, 120.0])
    moved = here.shifted(112.0, "sticky_strike")
    for years in YEARS:
        np.testing.assert_allclose(moved.volatility(strikes, years), here.volatility(strikes, years), rtol=1e-12)
        assert moved.forward(years) == pytest.approx(1.12 * here.forward(years), rel=1e-14)
    assert moved.spot == 112.0
    assert here.spot == 100.0


@pytest.mark.parametrize("rule", ["sticky_delta", "sticky_moneyness"])
def test_sticky_delta_keeps_the_volatility_of_each_moneyness(rule: str) -> None:
    here, strikes = surface(), np.array([70.0, 95.0, 120.0])
    moved = here.shifted(112.0, rule)  # type: ignore[arg-type]
    np.testing.assert_allclose(moved.volatility(1.12 * strikes, 0.4), here.volatility(strikes, 0.4), rtol=1e-13)


def test_move_to_the_same_spot_changes_nothing_and_there_and_back_neither() -> None:
    here = surface()
    for rule in ("sticky_strike", "sticky_delta"):
        back = here.shifted(130.0, rule).shifted(100.0, rule)  # type: ignore[arg-type]
        assert back.volatility(90.0, 0.7) == pytest.approx(here.volatility(90.0, 0.7), rel=1e-13)
    points = PointSmile(np.array([-0.2, 0.0, 0.3]), np.array([0.3, 0.2, 0.25]), 0.5)
    moved = points.moved(0.1)
    assert float(moved.total_variance(np.array(0.05))) == pytest.approx(float(points.total_variance(np.array(0.15))))


def test_surface_of_ssvi_slices_is_free_of_arbitrage_and_sentences_say_so() -> None:
    report = check_surface(surface())
    assert report.free
    assert report.violations.empty
    assert "3 expiries and 2 times between them" in str(report)
    assert "No arbitrage found." in str(report)


def test_butterfly_of_the_published_example_is_found_by_density_and_by_prices() -> None:
    # Vogt's smile: Gatheral and Jacquier, section 3.2.
    wrong = SVISmile(SVI(-0.0410, 0.1331, 0.3060, 0.3586, 0.4153))
    one = VolatilitySurface(100.0, np.array([1.0]), np.array([100.0]), np.ones(1), (wrong,))
    report = check_surface(one)
    kinds = report.violations.groupby("kind")["log_moneyness"].agg(["min", "max"])
    # Negative densities so far out also make a probability pass 1: a call spread below nothing.
    assert set(kinds.index) == {"density", "butterfly", "vertical"}
    # Where the density is negative, prices are concave: the same strikes, found without the formula of g.
    np.testing.assert_allclose(kinds.loc["butterfly"], kinds.loc["density"], atol=0.01)
    assert "density arbitrage at 1.0000 years" in report.sentences[1]


def test_crossing_expiries_are_found_with_strike_and_amount() -> None:
    falling = surface((0.02, 0.018, 0.04))
    report = check_surface(falling)
    calendar = report.violations[report.violations["kind"] == "calendar"]
    assert (calendar["years"] == 0.5).all()
    finite = calendar[np.isfinite(calendar["log_moneyness"])]
    at_the_money = finite.iloc[int(finite["log_moneyness"].abs().argmin())]
    assert at_the_money["amount"] == pytest.approx(-0.002, rel=1e-9)
    assert at_the_money["strike"] == pytest.approx(falling.forward(0.5))


def test_wing_steeper_than_lee_allows_is_found() -> None:
    steep = SVISmile(SVI(0.1, 1.2, 0.9, 0.0, 0.3))
    report = check_surface(VolatilitySurface(100.0, np.array([1.0]), np.array([100.0]), np.ones(1), (steep,)))
    wing = report.violations[report.violations["kind"] == "wing"]
    assert wing["amount"].tolist() == [pytest.approx(2.28)]
    assert np.isposinf(wing["strike"].iloc[0])


def test_kinked_smile_of_points_is_judged_by_its_prices() -> None:
    kinked = PointSmile(np.array([-0.2, 0.0, 0.2]), np.array([0.2, 0.35, 0.2]), 0.5)
    report = check_surface(VolatilitySurface(100.0, np.array([0.5]), np.array([100.0]), np.ones(1), (kinked,)))
    assert "butterfly" in set(report.violations["kind"])


def test_impossible_surfaces_and_requests_are_refused() -> None:
    here = surface()
    with pytest.raises(InputError, match="years of a surface must rise"):
        replace(here, years=np.array([0.5, 0.25, 1.0]))
    with pytest.raises(InputError, match="a smile, forward and discount factor per expiry"):
        replace(here, smiles=here.smiles[:2])
    with pytest.raises(InputError, match="spot must be above 0"):
        replace(here, spot=0.0)
    with pytest.raises(InputError, match=r"strike must be above 0: -5\.0 at position 1"):
        here.volatility([100.0, -5.0], 0.5)
    with pytest.raises(InputError, match="years must be above 0"):
        here.volatility(100.0, 0.0)
    with pytest.raises(InputError, match="did you mean 'sticky_strike'"):
        here.shifted(100.0, "sticky_strikes")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="spot must be above 0"):
        here.shifted(-1.0)
    with pytest.raises(InputError, match="rise; sort them"):
        PointSmile(np.array([0.1, 0.0]), np.array([0.2, 0.2]), 0.5)
    with pytest.raises(InputError, match="as many volatilities as places"):
        PointSmile(np.array([0.1]), np.array([0.2, 0.2]), 0.5)
    with pytest.raises(InputError, match="volatilities of a smile must be above 0"):
        PointSmile(np.array([0.1, 0.2]), np.array([0.2, 0.0]), 0.5)
    with pytest.raises(InputError, match="its options have expired"):
        PointSmile(np.array([0.1]), np.array([0.2]), 0.0)
