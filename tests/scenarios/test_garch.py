"""GARCH paths: unconditional variance, bursts, and the extra weight of falls."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios import GBM, GarchPaths
from scenario_cases import GRID, MARKET

DAYS = TimeGrid.even("2026-11-20 16:00", "2027-01-19 16:00", 60)


def standardised(scenario: GarchPaths, n: int = 3000) -> FloatArray:
    moves = np.diff(np.log(scenario.draw(DAYS, n, seed=2).spots[:, :, 0]), axis=1)
    return (moves - moves.mean()) / np.sqrt(DAYS.steps)


@pytest.mark.parametrize("gamma", [0.0, 0.1])
def test_variance_of_moves_is_the_unconditional_one(gamma: float) -> None:
    moves = standardised(GarchPaths(MARKET, alpha=0.05, beta=0.8, gamma=gamma, long_volatility=0.3))
    by_path = (moves**2).mean(axis=1)
    assert abs(by_path.mean() - 0.09) < 4.0 * by_path.std() / np.sqrt(len(by_path)) + 1e-4


def test_expected_variance_decays_to_the_long_run() -> None:
    scenario = GarchPaths(MARKET, alpha=0.1, beta=0.75, start_volatility=0.6)
    by_step = (standardised(scenario, 8000) ** 2).mean(axis=0)
    wanted = 0.04 + (0.36 - 0.04) * 0.85 ** np.arange(DAYS.n_steps)
    np.testing.assert_allclose(by_step[:10], wanted[:10], rtol=0.15)
    assert by_step[40:].mean() == pytest.approx(0.04, rel=0.1)


def test_squared_moves_follow_each_other_and_falls_raise_variance_more() -> None:
    moves = standardised(GarchPaths(MARKET, alpha=0.02, beta=0.8, gamma=0.25))
    before, after = moves[:, :-1].ravel(), moves[:, 1:].ravel() ** 2
    assert np.corrcoef(before**2, after)[0, 1] > 0.05
    large = np.abs(before) > 0.25
    assert after[large & (before < 0.0)].mean() > 1.3 * after[large & (before > 0.0)].mean()


def test_no_memory_leaves_geometric_brownian_motion() -> None:
    still = GarchPaths(MARKET, alpha=0.0, beta=0.0).draw(GRID, 50, seed=2)
    np.testing.assert_allclose(still.spots, GBM(MARKET).draw(GRID, 50, seed=2).spots, rtol=1e-13)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"alpha": -0.1}, "alpha must be 0 or more, not -0.1"),
        ({"beta": 0.96}, r"alpha \+ beta \+ gamma / 2 must be below 1"),
        ({"gamma": -0.1}, r"alpha \+ gamma must be 0 or more"),
        ({"start_volatility": -0.1}, "volatility of 'SPX' must be 0 or more"),
    ],
)
def test_bad_parameters_are_refused(wrong: dict[str, float], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        GarchPaths(MARKET, **({"alpha": 0.05, "beta": 0.9} | wrong))
