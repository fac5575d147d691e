"""Matrices that are no covariance: moved a little and told, or refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import DataError
from hedgerow.ratios import minimum_variance_ratios, nearest_covariance

SLIGHTLY_OFF = np.array([[1.0, 0.9, 0.3], [0.9, 1.0, 0.69], [0.3, 0.69, 1.0]])
FAR_OFF = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])


def test_covariance_of_data_is_left_as_it_is() -> None:
    given = np.cov(np.random.default_rng(0).normal(size=(50, 4)), rowvar=False)
    found = nearest_covariance(given)
    np.testing.assert_array_equal(found.matrix, given)
    assert found.distance == 0.0
    assert nearest_covariance(np.ones((3, 3))).distance == 0.0, "perfectly correlated is allowed"


def test_nearest_is_positive_semidefinite_keeps_variances_and_says_how_far() -> None:
    size = np.array([2.0, 0.1, 30.0])
    found = nearest_covariance(SLIGHTLY_OFF * np.outer(size, size))
    correlations = found.matrix / np.outer(size, size)
    assert np.linalg.eigvalsh(correlations)[0] >= -1e-10
    np.testing.assert_allclose(np.diag(found.matrix), size**2, rtol=1e-12)
    assert found.distance == pytest.approx(
        np.linalg.norm(correlations - SLIGHTLY_OFF) / np.linalg.norm(SLIGHTLY_OFF), rel=1e-6
    )
    assert 0.0 < found.distance < 0.01
    assert found.least_eigenvalue == pytest.approx(np.linalg.eigvalsh(SLIGHTLY_OFF)[0])


def test_nearest_equals_semidefinite_program() -> None:
    cvxpy = pytest.importorskip("cvxpy")
    near = cvxpy.Variable((3, 3), PSD=True)
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.norm(near - SLIGHTLY_OFF, "fro")), [cvxpy.diag(near) == 1.0])
    problem.solve(solver=cvxpy.CLARABEL)
    np.testing.assert_allclose(nearest_covariance(SLIGHTLY_OFF).matrix, near.value, atol=1e-5)


@pytest.mark.parametrize(
    ("matrix", "sentence"),
    [
        (
            FAR_OFF,
            r"least eigenvalue of its correlations -0.8\) and the nearest that is lies \d+\.\d% away, above 1.0%",
        ),
        ([[1.0, np.nan], [np.nan, 1.0]], r"the covariance is nan at \(0, 1\)"),
        ([[1.0, np.inf], [np.inf, 1.0]], r"the covariance is inf at \(0, 1\)"),
        ([[1.0, 0.2], [0.3, 1.0]], "not symmetric"),
        ([[0.0, 0.0], [0.0, 1.0]], "variance at position 0 must be above 0"),
        ([1.0, 2.0], "must be a square matrix"),
    ],
)
def test_matrix_that_is_no_covariance_refused(matrix: Any, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        nearest_covariance(matrix)


def test_distance_allowed_is_an_option() -> None:
    assert nearest_covariance(FAR_OFF, largest_distance=0.5).distance > 0.01


def test_minimum_variance_ratios_refuse_what_is_missing_or_impossible() -> None:
    with pytest.raises(DataError, match=r"covariance is nan at \(0, 1\)"):
        minimum_variance_ratios([[1.0, np.nan], [np.nan, 1.0]], [0.5, 0.5])
    with pytest.raises(DataError, match=r"covariance with the exposure is nan at \(1\)"):
        minimum_variance_ratios(np.eye(2), [0.5, np.nan])
    with pytest.raises(DataError, match="away, above 1"):
        minimum_variance_ratios([[1.0, 0.9], [0.9, 1.0]], [0.9, -0.9], exposure_variance=1.0)


def test_minimum_variance_ratios_of_figures_slightly_off_leave_no_negative_variance() -> None:
    inner, outer = SLIGHTLY_OFF[:2, :2], SLIGHTLY_OFF[:2, 2]
    assert 1.0 - outer @ minimum_variance_ratios(inner, outer) < 0.0, "taken as they are, a hedge better than perfect"
    ratios = minimum_variance_ratios(inner, outer, exposure_variance=1.0)
    moved = nearest_covariance(SLIGHTLY_OFF).matrix
    assert 1.0 - 2.0 * ratios @ moved[:2, 2] + ratios @ moved[:2, :2] @ ratios == pytest.approx(0.0, abs=1e-9)


def test_minimum_variance_ratios_same_with_variance_of_real_data() -> None:
    joint = np.cov(np.random.default_rng(1).normal(size=(60, 3)), rowvar=False)
    plain = minimum_variance_ratios(joint[:2, :2], joint[:2, 2])
    np.testing.assert_array_equal(minimum_variance_ratios(joint[:2, :2], joint[:2, 2], joint[2, 2]), plain)
