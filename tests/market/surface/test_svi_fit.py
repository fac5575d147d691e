"""SVI slices: the truth comes back, single wild quotes do not pull, and no fit admits arbitrage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow._types import FloatArray
from hedgerow.errors import DataError
from hedgerow.market.surface import fit_slice, fit_slices, fit_surface
from hedgerow.market.surface.svi_trial import wing_grid
from hedgerow.pricing import ssvi, svi
from hedgerow.pricing.ssvi import SSVI
from hedgerow.pricing.svi import SVI

TRUTH = SVI(0.01, 0.08, -0.4, 0.02, 0.15)
PLACES = np.linspace(-0.4, 0.3, 29)


def points(vols: FloatArray, years: float = 0.5, expiry: str = "2011-07-04", half: float = 0.002) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "expiry": pd.Timestamp(expiry),
            "years": years,
            "strike": 100.0 * np.exp(PLACES),
            "log_moneyness": PLACES,
            "bid_vol": vols - half,
            "mid_vol": vols,
            "ask_vol": vols + half,
            "half_width": half,
            "vega": np.exp(-(PLACES**2) / 0.04),
        }
    )


def vols_of(smile: SVI, years: float = 0.5) -> FloatArray:
    return np.asarray(svi.volatility(PLACES, years, smile))


def free(smile: SVI, before: SVI | None = None) -> bool:
    grid = wing_grid(PLACES, 5001)
    rising = before is None or np.all(svi.total_variance(grid, smile) >= svi.total_variance(grid, before))
    return bool(np.all(svi.density_factor(grid, smile) >= 0.0) and rising)


def test_exact_slice_comes_back() -> None:
    found = fit_slice(points(vols_of(TRUTH)))
    np.testing.assert_allclose(vols_of(found.parameters), vols_of(TRUTH), atol=2e-5)
    assert found.inside == 1.0
    assert found.mean_miss < 0.01
    assert found.rms_error < 2e-5
    assert free(found.parameters)


def test_wild_quotes_do_not_pull_the_smile_past_the_spread() -> None:
    vols = vols_of(TRUTH)
    vols[[4, 15, 22]] += [0.3, -0.12, 0.2]
    found = fit_slice(points(vols))
    rest = np.delete(np.arange(len(vols)), [4, 15, 22])
    assert np.abs(vols_of(found.parameters) - vols_of(TRUTH))[rest].max() < 0.002


def test_quotes_with_butterfly_arbitrage_get_a_smile_without() -> None:
    wrong = SVI(-0.0410, 0.1331, 0.3060, 0.3586, 0.4153)
    assert np.asarray(svi.density_factor(np.linspace(-1.5, 1.5, 301), wrong)).min() < 0.0
    found = fit_slice(points(vols_of(wrong, 1.0), years=1.0), reach=20.0)
    assert free(found.parameters)
    assert found.rms_error < 0.02


def test_later_expiry_below_the_earlier_is_lifted_above_it() -> None:
    early = fit_slice(points(vols_of(TRUTH)))
    late = points(0.75 * vols_of(TRUTH), years=0.6, expiry="2011-08-10")
    assert free(fit_slice(late, early.parameters).parameters, early.parameters)
    assert not free(fit_slice(late).parameters, early.parameters)


def test_quotes_beyond_the_reach_are_left_out_and_counted() -> None:
    found = fit_slice(points(vols_of(TRUTH)), reach=1.5)
    assert found.beyond > 0
    assert found.quotes + found.beyond == len(PLACES)


def test_fewer_than_five_volatilities_are_refused_and_left_out_of_a_surface() -> None:
    few = points(vols_of(TRUTH)).iloc[12:16]
    with pytest.raises(DataError, match="needs 5 strikes with a volatility; the smile of expiry 2011-07-04 has 4"):
        fit_slice(few)
    with pytest.raises(DataError, match="no expiry has 5 strikes"):
        fit_slices(few)
    other = points(vols_of(TRUTH), years=0.4, expiry="2011-05-30")
    assert list(fit_slices(pd.concat([few, other]))) == [pd.Timestamp("2011-05-30")]


def surface_points(truth: SSVI, thetas: tuple[float, ...], noise: float = 0.0) -> pd.DataFrame:
    rng, parts = np.random.default_rng(5), []
    for number, theta in enumerate(thetas):
        years = 0.25 * (number + 1)
        vols = np.sqrt(np.asarray(ssvi.total_variance(PLACES, theta, truth)) / years)
        parts.append(points(vols + rng.normal(0.0, noise, len(vols)), years, f"2011-{4 + 3 * number:02d}-04"))
    return pd.concat(parts, ignore_index=True)


def test_exact_surface_comes_back_with_its_three_numbers() -> None:
    truth, thetas = SSVI(-0.6, 0.9, 0.4), (0.01, 0.022, 0.03)
    found = fit_surface(surface_points(truth, thetas))
    assert found.parameters.correlation == pytest.approx(-0.6, abs=1e-3)
    assert found.parameters.steepness == pytest.approx(0.9, rel=1e-2)
    assert found.parameters.exponent == pytest.approx(0.4, abs=1e-2)
    np.testing.assert_allclose(list(found.variances.values()), thetas, rtol=1e-3)
    assert found.free_by_conditions
    assert all(fit.inside == 1.0 for fit in found.slices.values())


def test_surface_through_falling_variances_rises_all_the_same() -> None:
    found = fit_surface(surface_points(SSVI(-0.6, 0.9, 0.4), (0.02, 0.012, 0.03), noise=0.002))
    assert (np.diff(list(found.variances.values())) > 0.0).all()
    assert found.free_by_conditions
    with pytest.raises(DataError, match="more volatilities than its parameters"):
        fit_surface(surface_points(SSVI(-0.6, 0.9, 0.4), (0.02,)).iloc[:3])
