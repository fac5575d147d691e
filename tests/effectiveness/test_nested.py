"""Tests for nested methods: held to the regressions that define them, and to what they are for."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
import statsmodels.api as sm

from hedgerow.effectiveness import clark_west, diebold_mariano, giacomini_white, squared_losses
from hedgerow.errors import DataError, InputError
from hedgerow.ratios import Naive, RollingOLS

RNG = np.random.default_rng(2)
X, NOISE = RNG.standard_normal((2, 400))
Y = (0.8 + 0.2 * np.sin(np.arange(400) / 30)) * X + NOISE
FIRST = Y - 0.8 * X
SECOND = Y - (0.8 + 0.1 * np.sin(np.arange(400) / 30)) * X


def test_clark_west_is_the_t_of_its_regression_on_a_constant() -> None:
    adjusted = FIRST**2 - (SECOND**2 - (FIRST - SECOND) ** 2)
    test = clark_west(FIRST, SECOND)
    fitted = sm.OLS(adjusted, np.ones(400)).fit()
    assert test.statistic == pytest.approx(float(fitted.tvalues[0]), rel=1e-10)
    assert test.mean_difference == pytest.approx(float(adjusted.mean()), rel=1e-12)


@pytest.mark.parametrize(("kernel", "name"), [("rectangular", "uniform"), ("bartlett", "bartlett")])
def test_clark_west_further_ahead_is_the_regression_with_dependent_errors(kernel: str, name: str) -> None:
    adjusted = 2.0 * FIRST * (FIRST - SECOND)
    words = {"maxlags": 2, "kernel": name, "use_correction": True}
    fitted = sm.OLS(adjusted, np.ones(400)).fit(cov_type="HAC", cov_kwds=words)
    test = clark_west(FIRST, SECOND, horizon=3, kernel=kernel)  # type: ignore[arg-type]
    assert test.statistic == pytest.approx(float(fitted.tvalues[0]), rel=1e-10)
    assert test.p_value_better == pytest.approx(float(fitted.pvalues[0]) / 2.0, rel=1e-9)


def test_clark_west_forgives_the_noise_of_a_larger_method_where_the_losses_do_not() -> None:
    """A ratio of one is the truth; a rolling one estimates it: the plain test is biased towards the constant."""
    rng, plain, adjusted = np.random.default_rng(9), [], []
    for _ in range(60):
        x, noise = rng.standard_normal((2, 260))
        y = x + noise
        moving = RollingOLS(30).fit(x[:, None], y).ratio_path(x[:, None], y)[60:, 0]
        fixed, rolling = (y - x)[60:], y[60:] - moving * x[60:]
        plain.append(diebold_mariano(fixed**2, rolling**2).statistic)
        adjusted.append(clark_west(fixed, rolling).statistic)
    assert np.mean(plain) < -0.8
    assert abs(np.mean(adjusted)) < 0.35
    assert Naive().fit(x[:, None], y).hedge_ratio_[0] == 1.0


def test_giacomini_white_unconditional_is_the_square_of_the_mean_over_its_deviation() -> None:
    difference = FIRST**2 - SECOND**2
    test = giacomini_white(FIRST**2, SECOND**2, conditional=False)
    assert test.statistic == pytest.approx(400 * difference.mean() ** 2 / np.mean(difference**2), rel=1e-12)
    assert test.degrees == 1


def test_giacomini_white_conditional_is_n_times_r_squared_of_its_regression() -> None:
    difference = FIRST**2 - SECOND**2
    moments = np.column_stack([difference[1:], difference[1:] * difference[:-1]])
    fitted = sm.OLS(np.ones(399), moments).fit()
    test = giacomini_white(FIRST**2, SECOND**2)
    assert test.statistic == pytest.approx(399 * float(fitted.rsquared), rel=1e-9)
    assert (test.degrees, test.n_obs) == (2, 399)
    assert 0.0 <= test.share_ahead <= 1.0


def test_giacomini_white_sees_an_order_that_the_average_hides() -> None:
    state = np.repeat(np.tile([1.0, -1.0], 10), 20)  # one method is better for twenty rows, then the other
    first, second = 2.0 + 0.5 * state + 0.1 * NOISE, np.full(len(state), 2.0)
    assert giacomini_white(first, second, conditional=False).p_value > 0.2
    assert giacomini_white(first, second).p_value < 1e-6


def test_giacomini_white_size_on_equal_methods() -> None:
    rng = np.random.default_rng(4)
    for conditional in (True, False):
        drawn = (giacomini_white(*rng.standard_normal((2, 250)) ** 2, conditional=conditional) for _ in range(300))
        assert 0.02 < np.mean([test.p_value < 0.05 for test in drawn]) < 0.09


@pytest.mark.parametrize("horizon", [1, 3])
def test_nested_tests_do_not_mind_the_unit(horizon: int) -> None:
    for unit in (10.0, 1e-7):
        one, other = (
            clark_west(FIRST, SECOND, horizon=horizon),
            clark_west(unit * FIRST, unit * SECOND, horizon=horizon),
        )
        assert other.statistic == pytest.approx(one.statistic, rel=1e-12)
        losses = FIRST**2, SECOND**2
        plain = giacomini_white(*losses, horizon=horizon)
        scaled = giacomini_white(unit**2 * losses[0], unit**2 * losses[1], horizon=horizon)
        assert scaled.statistic == pytest.approx(plain.statistic, rel=1e-11)


def test_same_changes_give_p_one_and_say_so() -> None:
    west, white = clark_west(FIRST, FIRST), giacomini_white(FIRST**2, FIRST**2)
    assert (west.p_value_better, white.p_value) == (1.0, 1.0)
    assert "same" in west.note
    assert "same" in white.note


def test_few_rows_are_no_test_and_say_why() -> None:
    west, white = clark_west(FIRST[:10], SECOND[:10]), giacomini_white(FIRST[:10], SECOND[:10])
    assert isnan(west.p_value)
    assert isnan(white.p_value)
    assert "too few" in west.note
    assert "too few" in white.note


def test_giacomini_white_instrument_that_tells_nothing_is_left_out_with_a_note() -> None:
    once = np.zeros(60)
    once[30] = 1.0
    test = giacomini_white(once, np.zeros(60))
    assert test.degrees == 1
    assert "left out" in test.note


def test_squared_losses_missing_values_are_refused() -> None:
    np.testing.assert_array_equal(squared_losses([[1.0, -2.0]]), [[1.0, 4.0]])
    with pytest.raises(DataError, match="finite"):
        squared_losses([1.0, np.nan])
    with pytest.raises(InputError, match="horizon"):
        clark_west(FIRST, SECOND, horizon=0)
