"""Surface SVI: slices of the surface formula, and its conditions against densities and calendars."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import ssvi, svi


def test_ssvi_slice_is_the_surface_formula() -> None:
    surface = ssvi.SSVI(-0.7, 1.2, 0.4)
    k, theta = np.linspace(-1, 1, 11)[:, None], np.array([0.01, 0.04, 0.3])
    phi = 1.2 / (theta**0.4 * (1 + theta) ** 0.6)
    expected = theta / 2 * (1 - 0.7 * phi * k + np.sqrt((phi * k - 0.7) ** 2 + 1 - 0.49))
    np.testing.assert_allclose(ssvi.total_variance(k, theta, surface), expected, rtol=1e-13)


def test_ssvi_conditions_hold_only_where_densities_and_calendars_do() -> None:
    theta, k = np.array([0.005, 0.02, 0.1, 0.5, 2.0]), np.linspace(-4, 4, 161)[:, None]
    fair = ssvi.SSVI(-0.7, 1.15, 0.5)
    assert ssvi.free_of_butterfly_arbitrage(theta, fair).all()
    assert (svi.density_factor(k, ssvi.slice_at(theta, fair)) >= 0.0).all()
    assert ssvi.free_of_calendar_arbitrage(theta, fair)
    assert (np.diff(ssvi.total_variance(k, theta, fair), axis=1) >= 0.0).all()
    steep = ssvi.SSVI(-0.7, 6.0, 0.5)
    assert not ssvi.free_of_butterfly_arbitrage(theta, steep).any()
    assert (svi.density_factor(k, ssvi.slice_at(theta, steep)) < 0.0).any()
    assert not ssvi.free_of_calendar_arbitrage(theta[::-1], fair)


@pytest.mark.parametrize(
    ("surface", "sentence"),
    [
        (ssvi.SSVI(1.0, 1.0, 0.5), "correlation must be inside -1 to 1: 1.0"),
        (ssvi.SSVI(0.0, -1.0, 0.5), "steepness must be above 0: -1.0"),
        (ssvi.SSVI(0.0, 1.0, 1.5), "exponent must be from 0 to 1: 1.5"),
    ],
)
def test_ssvi_impossible_surface_is_refused(surface: ssvi.SSVI, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        ssvi.slice_at(0.04, surface)
    assert str(caught.value) == sentence
