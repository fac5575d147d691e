"""Least squares with bounds and costs, in fractions and in whole lots, against independent searches."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from hedgerow.hedgers.greek_least_squares import LeastSquares
from hedgerow.hedgers.greek_lots import NO_LOTS, in_best_lots

SIZES = np.array([1.0, 0.01, 3.0, 50.0])


def drawn(n_rows, n, seed, costs=0.0, bound=0.5, paths=40):
    rng, size = np.random.default_rng(seed), SIZES[:n]
    matrix = rng.standard_normal((paths, n_rows, n)) * size
    charged = costs * np.abs(rng.standard_normal((paths, n))) * size
    held = 0.5 * rng.standard_normal((paths, n)) / size
    return LeastSquares(matrix, rng.standard_normal((paths, n_rows)), -bound / size, bound / size, charged, held)


def objective(problem, x):
    miss = np.einsum("pij,pj->pi", problem.matrix, x) - problem.goal
    return 0.5 * (miss**2).sum(axis=1) + (problem.costs * np.abs(x - problem.held)).sum(axis=1)


@pytest.mark.parametrize(("n_rows", "n"), [(3, 2), (3, 3), (2, 4)])
def test_least_squares_bounds_cost_as_little_as_scipys(n_rows, n):
    from scipy.optimize import lsq_linear

    problem = drawn(n_rows, n, 1)
    x, unproven = problem.solve()
    assert not unproven.any()
    assert np.all((x >= problem.low) & (x <= problem.high))
    best = [
        lsq_linear(matrix, goal, (problem.low, problem.high), method="bvls", tol=1e-15).cost
        for matrix, goal in zip(problem.matrix, problem.goal, strict=True)
    ]
    free = LeastSquares(problem.matrix, problem.goal, problem.low, problem.high, 0.0 * problem.costs, problem.held)
    np.testing.assert_allclose(objective(free, x), best, atol=1e-12)


@pytest.mark.parametrize("bound", [0.5, np.inf])
@pytest.mark.parametrize(("n_rows", "n"), [(3, 2), (3, 3), (2, 4)])
def test_least_squares_with_costs_no_direction_is_downhill(n_rows, n, bound):
    problem = drawn(n_rows, n, 2, costs=0.3, bound=bound)
    x, unproven = problem.solve()
    assert not unproven.any()
    here, rng = objective(problem, x), np.random.default_rng(3)
    for size in (1e-5, 1e-2, 1.0):
        for _ in range(60):
            there = np.clip(x + size * rng.standard_normal(x.shape) / SIZES[:n], problem.low, problem.high)
            assert np.all(objective(problem, there) >= here - 1e-12)


@pytest.mark.parametrize("costs", [0.0, 0.05])
def test_best_lots_equal_a_search_of_all_lots(costs):
    problem = drawn(3, 3, 4, costs=costs, bound=2.0, paths=12)
    lots = 0.4 / SIZES[:3]
    found, reasons = in_best_lots(problem, problem.solve()[0], lots)
    assert reasons == ()
    all_lots = np.array(list(product(range(-5, 6), repeat=3))) * lots
    for path in range(12):
        every = [objective(problem, np.tile(each, (12, 1)))[path] for each in all_lots]
        assert objective(problem, found)[path] == pytest.approx(min(every), rel=1e-9)


def test_best_lots_instruments_that_move_nothing_or_the_same_are_held_least():
    matrix = np.array([[[1.0, 1.0, 0.0]]])
    no = np.zeros((1, 3))
    problem = LeastSquares(matrix, np.array([[4.0]]), np.full(3, -np.inf), np.full(3, np.inf), no, no)
    found, _ = in_best_lots(problem, problem.solve()[0], np.ones(3))
    np.testing.assert_array_equal(found, [[2.0, 2.0, 0.0]])


def test_best_lots_bounds_without_a_whole_lot_between_say_so():
    problem = drawn(2, 2, 5, bound=0.2, paths=2)
    shifted = LeastSquares(
        problem.matrix,
        problem.goal,
        problem.low + 0.5 / SIZES[:2],
        problem.high + 0.5 / SIZES[:2],
        *[np.zeros((2, 2))] * 2,
    )
    found, reasons = in_best_lots(shifted, shifted.solve()[0], 1.0 / SIZES[:2])
    assert not found.any()
    assert reasons == (f"whole lots are not proven the best on 2 paths: {NO_LOTS}",)
