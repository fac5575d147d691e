"""Merton's jumps: against the series of prices, and the variance that jumps bring."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import merton
from hedgerow.scenarios import GBM, Merton
from scenario_cases import GRID, MARKET, SPOT

JUMPS = {"jump_intensity": 3.0, "jump_mean": -0.08, "jump_vol": 0.1}


def test_call_prices_equal_the_series_of_prices() -> None:
    years = GRID.years[-1]
    ends = Merton(MARKET, **JUMPS, antithetic=False).draw(GRID, 20_000, seed=4).spots[:, -1, 0]
    for strike in (80.0, 100.0, 120.0):
        paid = np.exp(-0.03 * years) * np.maximum(ends - strike, 0.0)
        fair = merton.price("call", SPOT, strike, years, 0.2, 0.03, 0.015, **JUMPS)
        assert abs(paid.mean() - fair) < 3.0 * paid.std() / np.sqrt(len(paid))


def test_variance_of_the_logarithm_is_that_of_diffusion_and_jumps() -> None:
    scenario = Merton(MARKET, **JUMPS)
    logs = np.log(scenario.draw(GRID, 20_000, seed=4).spots[:, -1, 0])
    assert logs.std() / np.sqrt(GRID.years[-1]) == pytest.approx(scenario.expected_volatility("SPX", 1.0), rel=0.02)


def test_no_jumps_leave_geometric_brownian_motion() -> None:
    still = Merton(MARKET, jump_intensity=0.0, jump_mean=-0.1, jump_vol=0.1).draw(GRID, 50, seed=2)
    np.testing.assert_allclose(still.spots, GBM(MARKET).draw(GRID, 50, seed=2).spots, rtol=1e-13)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"jump_intensity": -1.0}, "jump_intensity must be 0 or more, not -1.0"),
        ({"jump_mean": float("nan")}, "jump_mean must be a finite number"),
        ({"jump_vol": -0.1}, "jump_vol must be 0 or more"),
    ],
)
def test_bad_parameters_are_refused(wrong: dict[str, float], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Merton(MARKET, **(JUMPS | wrong))


def test_step_that_would_hold_too_many_jumps_is_refused() -> None:
    with pytest.raises(InputError, match="at most 64 are counted; take shorter steps"):
        Merton(MARKET, jump_intensity=1000.0, jump_mean=0.0, jump_vol=0.01).draw(GRID, 5, seed=1)
