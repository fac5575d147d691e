"""Regimes: shares of time, volatility of each, and drifts that are paid in their own state only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.kernels.rules import run_stages
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios import GBM, RegimeSwitching
from scenario_cases import GRID, MARKET, SPOT, scenario

MATRIX = ((0.7, 0.2, 0.1), (0.3, 0.4, 0.3), (0.0, 0.5, 0.5))


def states(law: RegimeSwitching, grid: TimeGrid, n: int) -> Any:
    stages = law.stages(grid, seed=6)
    assert stages is not None
    start = {"spot": SPOT, "log_spot": np.log(SPOT), **law.start_rows(grid)}
    rows: dict[str, Any] = {"path": np.arange(float(n))} | {row: np.full(n, value) for row, value in start.items()}
    found = [rows["regime"]]
    for step in range(grid.n_steps):
        run_stages(stages, rows, step)
        found.append(rows["regime"])
        np.testing.assert_allclose(rows["variance"], np.square(law.volatilities)[rows["regime"].astype(int)])
    return np.array(found)


def test_states_follow_the_matrix_step_by_step_and_in_the_long_run() -> None:
    law = scenario("three regimes")
    assert isinstance(law, RegimeSwitching)
    n = 10_000
    found = states(law, GRID, n)
    assert (found[0] == 2.0).all()
    share = np.array([0.0, 0.0, 1.0])
    for row in found[1:]:
        share = share @ np.array(MATRIX)
        np.testing.assert_allclose([(row == k).mean() for k in range(3)], share, atol=4.0 * 0.5 / np.sqrt(n))
    np.testing.assert_allclose(law.shares @ np.array(MATRIX), law.shares, atol=1e-12)
    np.testing.assert_allclose(share, law.shares, atol=0.02)


def test_moves_from_one_state_to_another_have_their_probabilities() -> None:
    law = scenario("three regimes")
    assert isinstance(law, RegimeSwitching)
    found = states(law, GRID, 10_000)
    for left in range(3):
        here = found[:-1] == left
        for right in range(3):
            assert (found[1:][here] == right).mean() == pytest.approx(MATRIX[left][right], abs=0.015)


def test_state_that_is_never_left_is_geometric_brownian_motion() -> None:
    stuck = RegimeSwitching(MARKET, (0.2, 0.9), ((1.0, 0.0), (0.0, 1.0)))
    np.testing.assert_allclose(stuck.draw(GRID, 30, 1).spots, GBM(MARKET).draw(GRID, 30, 1).spots, rtol=1e-13)


def test_drifts_of_states_are_earned_in_them() -> None:
    paid = RegimeSwitching(MARKET, (0.0, 0.0), ((0.0, 1.0), (1.0, 0.0)), drifts=(0.3, -0.1))
    logs = np.log(paid.draw(GRID, 1, seed=1).spots[0, :, 0])
    np.testing.assert_allclose(np.diff(logs) / GRID.steps, [0.3, -0.1] * 4, rtol=1e-9)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (((0.1, -0.2), np.eye(2)), "volatilities must be 0 or more"),
        (((0.1, 0.2), np.eye(3)), r"transition must have shape \(2, 2\)"),
        (((0.1, 0.2), ((0.5, 0.4), (0.0, 1.0))), "probabilities that add up to 1"),
        (((0.1, 0.2), ((1.5, -0.5), (0.0, 1.0))), "probabilities that add up to 1"),
        (((0.1, 0.2), np.eye(2), (0.1,)), "drifts must be 2 finite numbers"),
        (((0.1, 0.2), np.eye(2), None, 2), "start must be a state from 0 to 1, not 2"),
    ],
)
def test_bad_parameters_are_refused(given: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        RegimeSwitching(MARKET, *given)
