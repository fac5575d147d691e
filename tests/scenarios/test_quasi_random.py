"""Sobol points and the Brownian bridge."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.scenarios.quasi_random import MOST_COORDINATES, bridged_normals, sobol_points

LENGTHS = np.array([0.1, 0.3, 0.05, 0.2, 0.15])


def test_bridge_gives_independent_normals_of_steps_of_any_length() -> None:
    normals = bridged_normals(sobol_points(8192, len(LENGTHS), seed=3), LENGTHS)
    np.testing.assert_allclose(normals.mean(axis=0), 0.0, atol=0.01)
    np.testing.assert_allclose(np.cov(normals.T), np.eye(len(LENGTHS)), atol=0.03)


def test_first_coordinate_alone_decides_the_end() -> None:
    points = np.full((2, len(LENGTHS)), 0.5)
    points[1, 1:] = [0.1, 0.9, 0.3, 0.7]
    ends = (bridged_normals(points, LENGTHS) * np.sqrt(LENGTHS)).sum(axis=1)
    np.testing.assert_allclose(ends, 0.0, atol=1e-12)


def test_points_may_be_taken_from_any_number_on() -> None:
    np.testing.assert_array_equal(sobol_points(10, 4, seed=1)[6:], sobol_points(4, 4, seed=1, first=6))


def test_too_many_coordinates_or_points_are_refused() -> None:
    with pytest.raises(InputError, match="at most 21201 steps times random numbers"):
        sobol_points(1, MOST_COORDINATES + 1, seed=1)
    with pytest.raises(InputError, match=r"at most 2\*\*30 paths"):
        sobol_points(1, 1, seed=1, first=2**30)
