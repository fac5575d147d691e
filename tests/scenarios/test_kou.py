"""Kou's jumps: cumulants and characteristic function of the logarithm, and sizes one side at a time."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.scenarios import GBM, Kou
from scenario_cases import GRID, GROWTH, MARKET, SPOT

JUMPS = {"jump_intensity": 5.0, "up_probability": 0.4, "up_mean": 0.03, "down_mean": 0.05}


def exponent(u: complex) -> complex:
    """Return log E (S_T / S_0)**u per year, from Kou (2002)."""
    intensity, up, rise, fall = JUMPS.values()
    size = up / (1.0 - u * rise) + (1.0 - up) / (1.0 + u * fall) - 1.0
    mean = up / (1.0 - rise) + (1.0 - up) / (1.0 + fall) - 1.0
    return u * (GROWTH - 0.02 - intensity * mean) + 0.02 * u * u + intensity * size


def test_logarithm_has_the_characteristic_function_of_the_law() -> None:
    n = 20_000
    logs = np.log(Kou(MARKET, **JUMPS).draw(GRID, n, seed=9).spots[:, -1, 0] / SPOT)
    for frequency in (1.0, 4.0, 10.0, 20.0):
        wanted = np.exp(GRID.years[-1] * exponent(1j * frequency))
        assert abs(np.exp(1j * frequency * logs).mean() - wanted) < 4.0 / np.sqrt(n)


def test_first_two_moments_are_those_of_the_law() -> None:
    n, years = 20_000, GRID.years[-1]
    scenario = Kou(MARKET, **JUMPS)
    logs = np.log(scenario.draw(GRID, n, seed=9).spots[:, -1, 0] / SPOT)
    step = 1e-4
    mean = (exponent(step) - exponent(-step)).real / (2.0 * step) * years
    assert abs(logs.mean() - mean) < 4.0 * logs.std() / np.sqrt(n)
    assert logs.std() / np.sqrt(years) == pytest.approx(scenario.expected_volatility("SPX", 1.0), rel=0.03)


@pytest.mark.parametrize("up", [0.0, 1.0])
def test_jumps_of_one_side_go_one_way_and_are_exponential(up: float) -> None:
    scenario = Kou(MARKET, 1.0, up, 0.03, 0.05, volatility=0.0)
    logs = np.diff(np.log(scenario.draw(GRID, 4000, seed=9).spots[:, :, 0]), axis=1)
    still = np.median(logs, axis=0)
    sizes = (logs - still)[np.abs(logs - still) > 1e-9]
    assert (np.sign(sizes) == (1.0 if up else -1.0)).all()
    expected = 1.0 * GRID.steps[0]  # jumps in a step, so that some sizes are sums of two
    mean = (0.03 if up else 0.05) * expected / -np.expm1(-expected)
    assert np.abs(sizes).mean() == pytest.approx(mean, rel=0.08)


def test_no_jumps_leave_geometric_brownian_motion() -> None:
    still = Kou(MARKET, 0.0, 0.4, 0.03, 0.05).draw(GRID, 50, seed=2)
    np.testing.assert_allclose(still.spots, GBM(MARKET).draw(GRID, 50, seed=2).spots, rtol=1e-13)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"jump_intensity": -1.0}, "jump_intensity must be 0 or more, not -1.0"),
        ({"up_probability": 1.2}, "up_probability must be from 0 to 1"),
        ({"up_mean": 1.0}, "up_mean must be above 0 and below 1"),
        ({"down_mean": 0.0}, "down_mean must be above 0"),
    ],
)
def test_bad_parameters_are_refused(wrong: dict[str, float], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Kou(MARKET, **(JUMPS | wrong))
