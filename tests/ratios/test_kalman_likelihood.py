"""Likelihood of moving ratios: exact slopes against differences, and two recursions that must say the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.ratios.kalman_likelihood import LOWEST, StateDesign, StateLikelihood, _lift, _settle, find_variances


def states_of(kind: str, n_obs: int = 150) -> StateDesign:
    rng = np.random.default_rng(5)
    x = rng.standard_normal(n_obs)
    ratio = 1.0 + np.cumsum(0.1 * rng.standard_normal(n_obs))
    y = ratio * x + rng.standard_normal(n_obs)
    y[[1, 30]] = np.nan
    ones = np.ones(n_obs)
    if kind == "pair":
        return StateDesign(np.column_stack([x, ones]), y, np.array([True, True]), np.zeros(2, bool), True)
    if kind == "no intercept":
        return StateDesign(x[:, None], y, np.array([True]), np.zeros(1, bool), False)
    moving, reverting = np.array([False, True, True]), np.array([False, True, False])
    return StateDesign(np.column_stack([x, x, ones]), y, moving, reverting, True)


def slopes_by_differences(likelihood: StateLikelihood, point: Any) -> Any:
    slopes = []
    for step in 1e-5 * np.eye(len(point)):
        slopes.append((likelihood.objective(point + step)[0] - likelihood.objective(point - step)[0]) / 2e-5)
    return np.array(slopes)


@pytest.mark.parametrize(
    ("kind", "point"),
    [("pair", [-4.0, -6.0]), ("pair", [-1.0, -14.0]), ("no intercept", [-3.0]), ("reverting", [-3.0, -5.0, 1.0])],
)
def test_slopes_equal_differences(kind: str, point: Any) -> None:
    likelihood = StateLikelihood(states_of(kind))
    slopes = likelihood.objective(np.array(point))[1]
    np.testing.assert_allclose(slopes, slopes_by_differences(likelihood, np.array(point)), rtol=1e-5, atol=1e-6)


def test_pair_recursion_equals_general_one() -> None:
    quick, general = StateLikelihood(states_of("pair")), StateLikelihood(states_of("pair"))
    general._pair = False
    for point in ([-4.0, -6.0], [10.0, 12.0]):
        (value, slopes), (slow_value, slow_slopes) = (
            quick.objective(np.array(point)),
            general.objective(np.array(point)),
        )
        assert value == pytest.approx(slow_value, rel=1e-10)
        np.testing.assert_allclose(slopes, slow_slopes, rtol=1e-6, atol=1e-8)


def test_variance_that_fell_too_far_is_lifted_again() -> None:
    likelihood = StateLikelihood(states_of("pair"))
    fallen = np.array([LOWEST, LOWEST])
    settled = _settle(likelihood, fallen)
    assert settled.rising[0], "at a variance of zero the likelihood of a ratio that moves still rises"
    lifted = _lift(likelihood, fallen, settled.rising)
    assert likelihood.objective(lifted)[0] < likelihood.objective(fallen)[0]
    found = find_variances(likelihood.states)
    assert found.convergence.converged
    assert found.relative[0] == pytest.approx(0.01, rel=1.5)
    assert found.log_likelihood >= -likelihood.objective(lifted)[0]
