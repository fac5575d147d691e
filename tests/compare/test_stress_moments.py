"""Correlations made possible again: what is possible stays, what is nearly so is moved and said, the rest refused."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.compare.stress.moments import Moments, nearest_correlations, rescaled_sample
from hedgerow.errors import DataError, InputError
from stress_cases import exact_changes

BASE = np.array([[1.0, 0.8, 0.6], [0.8, 1.0, 0.5], [0.6, 0.5, 1.0]])


def test_possible_correlations_are_left_alone() -> None:
    matrix, distance = nearest_correlations(BASE)
    np.testing.assert_array_equal(matrix, BASE)
    assert distance == 0.0


def test_nearly_possible_correlations_are_moved_to_the_nearest_and_the_distance_said() -> None:
    broken = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, 0.61], [0.9, 0.61, 1.0]])
    matrix, distance = nearest_correlations(broken)
    assert np.linalg.eigvalsh(matrix)[0] > -1e-9
    np.testing.assert_array_equal(np.diag(matrix), 1.0)
    assert distance == pytest.approx(np.linalg.norm(matrix - broken) / np.linalg.norm(broken), rel=1e-12)
    assert 0.0 < distance < 0.01
    # no possible matrix near by is nearer: shrinking towards any of many others moves away
    rng = np.random.default_rng(0)
    for _ in range(200):
        raw = rng.normal(size=(3, 4))
        other = np.corrcoef(raw)
        for step in (1e-3, 1e-2, 0.1):
            near = (1 - step) * matrix + step * other
            assert np.linalg.norm(near - broken) >= np.linalg.norm(matrix - broken) - 1e-7


def test_example_of_higham_is_reproduced_before_it_is_refused() -> None:
    # Higham (2002), section 4: the nearest to this matrix has 0.7607 beside and 0.1573 across
    broken = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    with pytest.raises(InputError, match="contradict one another"):
        nearest_correlations(broken)
    expected = np.array([[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]])
    share = 100 * np.linalg.norm(expected - broken) / np.linalg.norm(broken)
    with pytest.raises(InputError, match=f"{share:.1f} %"):
        nearest_correlations(broken)


def test_rescaled_history_has_the_covariance_asked_for() -> None:
    changes = exact_changes(BASE, np.array([1.0, 2.0, 3.0])) + 5.0
    now = Moments.of(changes)
    stressed = now.moved(correlation=0.3, factors=np.array([1.0, 2.0, 0.5]))
    sample = rescaled_sample(changes, now, stressed)
    assert sample is not None
    np.testing.assert_allclose(np.cov(sample, rowvar=False), stressed.covariance, atol=1e-12)
    np.testing.assert_allclose(sample[:, 0], changes[:, 0] - changes[:, 0].mean(), atol=1e-12)


def test_all_correlations_at_one_give_the_shortest_of_the_right_ratios() -> None:
    moments = Moments(np.array([2.0, 1.0, 4.0]), BASE).moved(correlation=1.0)
    ratio = moments.best_ratio()
    assert ratio == pytest.approx([1.0, 0.25], rel=1e-9)
    assert moments.deviation(np.array([1.0, *-ratio])) == 0.0


def test_hedge_without_volatility_gets_no_ratio() -> None:
    moments = Moments(np.array([2.0, 1.0]), BASE[:2, :2]).moved(factors=np.array([1.0, 0.0]))
    assert moments.best_ratio().tolist() == [0.0]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (np.ones((2, 2)), "at least 3 rows"),
        (np.array([[1.0, np.nan]] * 4), "not finite"),
        (np.ones((4, 2)), "exposure"),
    ],
)
def test_rows_without_moments_are_refused(rows: np.ndarray, words: str) -> None:
    with pytest.raises(DataError, match=words):
        Moments.of(rows)
