"""Likelihood of hidden regimes: exact slopes against differences, and EM that never goes down."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.ratios.markov_likelihood import RegimeLikelihood, Regimes, ergodic_probabilities
from hedgerow.ratios.markov_search import _inverse


def likelihood_of(count: int, switching_variance: bool, n_obs: int = 120) -> RegimeLikelihood:
    rng = np.random.default_rng(2)
    x = rng.standard_normal(n_obs)
    calm = np.arange(n_obs) // 30 % 2 == 0
    y = np.where(calm, 0.9, 0.3) * x + np.where(calm, 0.3, 1.0) * rng.standard_normal(n_obs)
    return RegimeLikelihood(np.column_stack([x, np.ones(n_obs)]), y, count, switching_variance)


def regimes_of(count: int, switching_variance: bool) -> Regimes:
    rng = np.random.default_rng(3)
    variances = np.linspace(0.2, 1.0, count) if switching_variance else np.full(count, 0.5)
    return Regimes(rng.standard_normal((count, 2)), variances, rng.dirichlet(np.ones(count), count))


@pytest.mark.parametrize(("count", "switching_variance"), [(2, True), (2, False), (3, True)])
def test_slopes_equal_differences(count: int, switching_variance: bool) -> None:
    likelihood = likelihood_of(count, switching_variance)
    point = likelihood.pack(regimes_of(count, switching_variance))
    differences: list[Any] = []
    for step in 1e-5 * np.eye(len(point)):
        differences.append((likelihood.objective(point + step)[0] - likelihood.objective(point - step)[0]) / 2e-5)
    np.testing.assert_allclose(likelihood.objective(point)[1], differences, rtol=1e-6, atol=1e-5)


def test_point_of_search_unpacks_to_the_same_regimes() -> None:
    likelihood, regimes = likelihood_of(3, True), regimes_of(3, True)
    again = likelihood.unpack(likelihood.pack(regimes))
    np.testing.assert_allclose(again.coefficients, regimes.coefficients)
    np.testing.assert_allclose(again.variances, regimes.variances)
    np.testing.assert_allclose(again.transition, regimes.transition)


def test_em_step_does_not_lower_the_likelihood() -> None:
    likelihood, regimes = likelihood_of(2, True), regimes_of(2, True)
    values = []
    for _ in range(15):
        expected = likelihood.expect(regimes)
        values.append(expected.log_likelihood)
        regimes = likelihood.maximise(expected.weights, expected.moments, expected.joint)
    # the first row's long-run probabilities, which EM leaves out, may cost a little near the end
    assert np.min(np.diff(values)) > -0.02
    assert values[-1] > values[0] + 1.0


@pytest.mark.parametrize("count", [2, 4])
def test_ergodic_probabilities_stay_as_they_are(count: int) -> None:
    transition = np.random.default_rng(0).dirichlet(np.ones(count), count)
    long_run = ergodic_probabilities(transition)
    np.testing.assert_allclose(long_run @ transition, long_run, atol=1e-14)
    assert long_run.sum() == pytest.approx(1.0)


def test_information_without_curvature_is_flat() -> None:
    nothing_held = np.zeros(2, dtype=bool)
    for information in (np.ones((2, 2)), np.diag([1.0, 0.0]), np.diag([1.0, -1.0])):
        covariance, flat = _inverse(information, nothing_held)
        assert flat
        assert np.isnan(covariance).all()
    covariance, flat = _inverse(np.diag([4.0, 0.0]), np.array([False, True]))
    assert not flat
    np.testing.assert_array_equal(covariance, np.diag([0.25, 0.0]))
