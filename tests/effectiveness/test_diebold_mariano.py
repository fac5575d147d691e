"""Diebold and Mariano: the hand formula, a slow computation, size on equal methods, and losses without a test."""

from __future__ import annotations

from math import isnan, sqrt

import numpy as np
import pytest
from scipy import stats

from hedgerow.effectiveness import diebold_mariano
from hedgerow.errors import DataError, InputError

RNG = np.random.default_rng(11)
FIRST, SECOND = RNG.standard_normal((2, 200)) ** 2


def slow_statistic(first: list[float], second: list[float], horizon: int) -> float:
    """Sum row by row, as the papers write it."""
    d = [a - b for a, b in zip(first, second, strict=True)]
    n = len(d)
    mean = sum(d) / n
    variance = 0.0
    for k in range(-(horizon - 1), horizon):
        variance += sum((d[t] - mean) * (d[t - abs(k)] - mean) for t in range(abs(k), n)) / n
    return mean / sqrt(variance / n) * sqrt((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n)


@pytest.mark.parametrize("horizon", [1, 2, 5])
def test_statistic_and_p_values_are_those_of_the_slow_computation(horizon: int) -> None:
    test = diebold_mariano(FIRST, SECOND, horizon=horizon)
    slow = slow_statistic(FIRST.tolist(), SECOND.tolist(), horizon)
    assert test.statistic == pytest.approx(slow, rel=1e-12)
    assert test.p_value == pytest.approx(2.0 * stats.t.sf(abs(slow), 199), rel=1e-10)
    assert test.p_value_better == pytest.approx(stats.t.sf(slow, 199), rel=1e-10)
    assert test.p_value_better + test.p_value_worse == pytest.approx(1.0)
    assert (test.lags, test.n_obs) == (horizon - 1, 200)


def test_statistic_at_horizon_one_is_the_t_of_the_mean() -> None:
    test = diebold_mariano(FIRST, SECOND)
    same = stats.ttest_1samp(FIRST - SECOND, 0.0)
    assert test.statistic == pytest.approx(same.statistic, rel=1e-12)
    assert test.p_value == pytest.approx(same.pvalue, rel=1e-10)


def test_method_and_reference_swapped_change_the_sign_only() -> None:
    one, other = diebold_mariano(FIRST, SECOND, horizon=3), diebold_mariano(SECOND, FIRST, horizon=3)
    assert one.statistic == pytest.approx(-other.statistic)
    assert one.p_value == pytest.approx(other.p_value)
    assert one.p_value_better == pytest.approx(other.p_value_worse)


def test_losses_in_another_unit_give_the_same_test() -> None:
    one, other = diebold_mariano(FIRST, SECOND, horizon=2), diebold_mariano(1e-9 * FIRST, 1e-9 * SECOND, horizon=2)
    assert other.statistic == pytest.approx(one.statistic, rel=1e-12)
    assert other.mean_difference == pytest.approx(1e-9 * one.mean_difference)


def test_equal_methods_are_rejected_about_one_time_in_twenty() -> None:
    rng = np.random.default_rng(0)
    rejected = [diebold_mariano(*rng.standard_normal((2, 120)) ** 2).p_value < 0.05 for _ in range(600)]
    # a share of 0.05 on 600 samples has a standard error of 0.009
    assert 0.025 < np.mean(rejected) < 0.075


def test_dependent_differences_need_their_horizon() -> None:
    rng = np.random.default_rng(5)
    rejected = np.zeros(2)
    for _ in range(300):
        noise = rng.standard_normal(203)
        moving = noise[:-3] + noise[1:-2] + noise[2:-1] + noise[3:]
        for place, horizon in enumerate((1, 4)):
            rejected[place] += diebold_mariano(moving, np.zeros(200), horizon=horizon).p_value < 0.05
    assert rejected[0] / 300 > 0.25  # four rows overlap: taken as independent they prove too much
    assert rejected[1] / 300 < 0.10


def test_same_losses_but_for_rounding_give_p_one_and_say_so() -> None:
    test = diebold_mariano(FIRST, FIRST * (1.0 + 1e-15))
    assert (test.statistic, test.p_value, test.p_value_better) == (0.0, 1.0, 1.0)
    assert "same" in test.note


def test_constant_difference_is_no_test_and_says_why() -> None:
    test = diebold_mariano(np.ones(50), np.zeros(50))
    assert test.mean_difference == 1.0
    assert isnan(test.p_value)
    assert "nothing varies" in test.note


@pytest.mark.parametrize("n", [0, 1, 19])
def test_few_rows_are_no_test_and_say_why(n: int) -> None:
    test = diebold_mariano(FIRST[:n], SECOND[:n])
    assert isnan(test.p_value)
    assert f"{n} rows are too few" in test.note


def test_negative_rectangular_variance_is_replaced_and_noted() -> None:
    alternating = np.tile([1.0, -1.0], 30) + 0.01
    test = diebold_mariano(alternating, np.zeros(60), horizon=2)
    assert np.isfinite(test.statistic)
    assert "Bartlett" in test.note


def test_unequal_rows_missing_values_and_long_horizons_are_refused() -> None:
    with pytest.raises(DataError, match="same rows"):
        diebold_mariano(FIRST, SECOND[1:])
    with pytest.raises(DataError, match="finite"):
        diebold_mariano(np.append(FIRST, np.nan), np.append(SECOND, 1.0))
    for horizon in (0, 101):
        with pytest.raises(InputError, match="horizon"):
            diebold_mariano(FIRST, SECOND, horizon=horizon)
