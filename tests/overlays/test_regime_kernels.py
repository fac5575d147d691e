"""Recursions of two normal regimes: a slow filter and smoother side by side, derivatives against differences."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.overlays.regime_kernels import curvature, expect, high_chances
from hedgerow.overlays.regime_search import _Rows

POINT = np.array([-0.8, 1.1, -0.5, -0.9, -2.0, -1.3])


def rows_of(n: int = 250) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.where(np.arange(n) // 40 % 2, 1.0, -1.0) + 0.7 * rng.standard_normal(n)


def slow(y: np.ndarray, point: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """Return log-likelihood, filtered and smoothed chances of both states, and transitions, by scaled matrices."""
    u, d = 1.0 / (1.0 + np.exp(-point[4:]))
    move = np.array([[1.0 - u, u], [d, 1.0 - d]])
    variances = np.exp(point[2:4])
    densities = np.exp(-0.5 * (y[:, None] - point[:2]) ** 2 / variances) / np.sqrt(2.0 * np.pi * variances)
    forward, value, ahead = np.zeros((len(y), 2)), 0.0, np.array([d, u]) / (u + d)
    for t, density in enumerate(densities):
        both = ahead * density
        value += np.log(both.sum())
        forward[t] = both / both.sum()
        ahead = forward[t] @ move
    backward, joint = np.ones((len(y), 2)), np.zeros((2, 2))
    for t in range(len(y) - 2, -1, -1):
        onward = densities[t + 1] * backward[t + 1]
        pairs = forward[t][:, None] * move * onward
        joint += pairs / pairs.sum()
        backward[t] = move @ onward / (move @ onward).sum()
    smoothed = forward * backward
    return value, forward, smoothed / smoothed.sum(axis=1)[:, None], joint


def expected(y: np.ndarray, point: np.ndarray) -> tuple[float, np.ndarray]:
    sums = np.zeros(8)
    return expect(y, y.sum(), (y * y).sum(), point, np.zeros(len(y) + 1), np.zeros(len(y)), sums), sums


def test_expectation_equals_that_of_a_slow_filter_and_smoother() -> None:
    y = rows_of()
    value, filtered, smoothed, joint = slow(y, POINT)
    found, sums = expected(y, POINT)
    assert found == pytest.approx(value, rel=1e-13)
    high = smoothed[:, 1]
    by_hand = [high.sum(), high @ y, high @ (y * y), *joint.ravel(), high[0]]
    np.testing.assert_allclose(sums, by_hand, rtol=1e-10)
    chances = np.zeros(len(y))
    high_chances(y, np.r_[POINT[:4], 1.0 / (1.0 + np.exp(-POINT[4:]))], chances)
    np.testing.assert_allclose(chances, filtered[:, 1], rtol=1e-12)


def test_expectation_of_wild_rows_is_that_of_logarithms() -> None:
    """Rows a hundred deviations away, either way, whose densities no floating point holds."""
    y = rows_of(60)
    y[[10, 30, 31, 50]] = [120.0, -90.0, 95.0, 1e-9]
    logs = -0.5 * ((y[:, None] - POINT[:2]) ** 2 / np.exp(POINT[2:4]) + POINT[2:4] + np.log(2.0 * np.pi))
    u, d = 1.0 / (1.0 + np.exp(-POINT[4:]))
    move, ahead, value = np.log([[1.0 - u, u], [d, 1.0 - d]]), np.log(np.array([d, u]) / (u + d)), 0.0
    for row in logs:
        both = ahead + row
        total = np.logaddexp(*both)
        value += total
        ahead = np.logaddexp(*((both - total)[:, None] + move))
    found, sums = expected(y, POINT)
    assert found == pytest.approx(value, rel=1e-12)
    assert np.isfinite(sums).all()


def test_slopes_and_curvature_equal_differences() -> None:
    rows = _Rows(rows_of())
    rows.climbed()
    second = np.zeros((6, 6))
    curvature(rows.y, POINT, second)
    sides = [(rows.at(POINT + step), rows.at(POINT - step)) for step in 1e-5 * np.eye(6)]
    slopes = [(up.value - down.value) / 2e-5 for up, down in sides]
    np.testing.assert_allclose(rows.at(POINT).slopes, slopes, rtol=1e-6, atol=1e-6)
    bends = [(up.slopes - down.slopes) / 2e-5 for up, down in sides]
    np.testing.assert_allclose(second, bends, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(second, second.T)
