"""A ratio that pays for its margin: free cash changes nothing, dear cash ends the hedge, and between is the minimum."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.limits import capital_aware_ratio

AMONG = np.array([[4.0, 1.5], [1.5, 2.0]])
SHARED = np.array([3.0, 1.8])


def objective(ratio: np.ndarray, cost: np.ndarray, aversion: float) -> float:
    return float(aversion / 2 * (ratio @ AMONG @ ratio - 2 * ratio @ SHARED) + np.abs(ratio) @ cost)


def test_free_cash_gives_the_ratio_of_least_variance() -> None:
    assert capital_aware_ratio(AMONG, SHARED, np.zeros(2), 3.0) == pytest.approx(np.linalg.solve(AMONG, SHARED))


def test_dear_cash_ends_the_hedge_and_dearer_cash_never_raises_it() -> None:
    assert capital_aware_ratio(AMONG, SHARED, np.array([9.0, 9.0]), 1.0).tolist() == [0.0, 0.0]
    one = [capital_aware_ratio(AMONG[:1, :1], SHARED[:1], np.array([cost]), 2.0)[0] for cost in (0.0, 1.0, 3.0, 6.0)]
    assert one == pytest.approx([0.75, 0.625, 0.375, 0.0])


@pytest.mark.parametrize("cost", [[0.2, 0.2], [1.0, 0.0], [0.1, 1.5]])
def test_ratio_is_the_minimum_of_its_objective(cost: list[float]) -> None:
    price = np.array(cost)
    best = capital_aware_ratio(AMONG, SHARED, price, 1.5)
    value = objective(best, price, 1.5)
    rng = np.random.default_rng(0)
    for step in (1e-6, 1e-3, 0.1, 1.0):
        for _ in range(50):
            assert objective(best + step * rng.normal(size=2), price, 1.5) >= value - 1e-12


def test_short_relation_mirrors_the_long_one() -> None:
    cost = np.array([0.3, 0.1])
    long = capital_aware_ratio(AMONG, SHARED, cost, 1.0)
    np.testing.assert_array_equal(capital_aware_ratio(AMONG, -SHARED, cost, 1.0), -long)


@pytest.mark.parametrize(("cost", "aversion"), [([-1.0, 0.0], 1.0), ([0.0, np.nan], 1.0), ([0.0, 0.0], 0.0)])
def test_impossible_prices_are_refused(cost: list[float], aversion: float) -> None:
    with pytest.raises(InputError):
        capital_aware_ratio(AMONG, SHARED, np.array(cost), aversion)


def test_hedge_without_variance_is_refused() -> None:
    with pytest.raises(InputError, match="without variance"):
        capital_aware_ratio(np.zeros((1, 1)), np.zeros(1), np.zeros(1), 1.0)
