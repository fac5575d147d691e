"""The factor of a correlation matrix, and what is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.scenarios.correlation import correlation_factor


@pytest.mark.parametrize(
    "matrix",
    [
        [[1.0, 0.3, -0.2], [0.3, 1.0, 0.5], [-0.2, 0.5, 1.0]],
        [[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]],
        [[1.0, -1.0], [-1.0, 1.0]],
    ],
    ids=["definite", "two that move as one", "opposites"],
)
def test_factor_times_itself_is_the_matrix(matrix: Any) -> None:
    factor = correlation_factor(matrix, len(matrix))
    np.testing.assert_allclose(factor @ factor.T, matrix, atol=1e-12)
    np.testing.assert_allclose(np.triu(factor, 1), 0.0, atol=1e-12)


def test_no_correlation_is_the_identity() -> None:
    np.testing.assert_array_equal(correlation_factor(None, 3), np.eye(3))


@pytest.mark.parametrize(
    ("matrix", "sentence"),
    [
        (
            [[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]],
            "not positive definite: its smallest eigenvalue is",
        ),
        ([[1.0, 0.5], [0.4, 1.0]], "not symmetric: 0.5 in row 0, column 1, but 0.4 across"),
        ([[1.0, 1.5], [1.5, 1.0]], "numbers from -1 to 1"),
        ([[1.0, np.nan], [np.nan, 1.0]], "numbers from -1 to 1"),
        ([[0.5, 0.0], [0.0, 1.0]], "ones on its diagonal"),
        ([[1.0]], r"shape \(2, 2\)"),
    ],
)
def test_what_is_no_correlation_is_refused(matrix: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        correlation_factor(matrix, 3 if len(matrix) == 3 else 2)
