"""Sharpe ratio: hand values, Lo's errors and scale from their own formulas, and coverage by simulation."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from hedgerow.effectiveness import sharpe_estimate, sharpe_ratio, sharpe_ratios
from hedgerow.errors import InputError

FOUR = [0.01, -0.02, 0.03, -0.01]
SKEWED = 0.002 - np.random.default_rng(1).standard_gamma(2.0, 500) * 0.001
RETURNS = np.random.default_rng(0).normal(0.0005, 0.01, 600)


def test_four_returns_have_their_hand_value() -> None:
    assert sharpe_ratio(FOUR) == pytest.approx(0.0025 / sqrt(0.001475 / 3.0) * sqrt(252.0), abs=1e-10)


def test_rate_is_taken_off_each_row_evenly() -> None:
    assert sharpe_ratio(RETURNS, rate=0.0252) == pytest.approx(sharpe_ratio(RETURNS - 0.0001), abs=1e-10)


def test_ratio_does_not_mind_the_unit_and_turns_with_the_side() -> None:
    assert sharpe_ratio(1e6 * RETURNS) == pytest.approx(sharpe_ratio(RETURNS), rel=1e-12)
    assert sharpe_estimate(1e-200 * RETURNS).robust_error == pytest.approx(sharpe_estimate(RETURNS).robust_error)
    assert sharpe_ratio(-RETURNS) == pytest.approx(-sharpe_ratio(RETURNS), rel=1e-12)


def test_columns_are_judged_one_by_one() -> None:
    both = np.column_stack([RETURNS, np.full(600, 0.1), 2.0 * RETURNS + 0.001])
    found = sharpe_ratios(both, 0.01)
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(sharpe_ratio(both[:, 2], 0.01), rel=1e-13)


def test_error_of_independent_rows_is_lo_s_equation() -> None:
    found = sharpe_estimate(RETURNS)
    per_row = RETURNS.mean() / RETURNS.std(ddof=1)
    assert found.standard_error == pytest.approx(sqrt((1 + per_row**2 / 2) / 600 * 252), abs=1e-10)


def test_robust_error_without_lags_is_that_of_skewness_and_kurtosis() -> None:
    per_row = SKEWED.mean() / SKEWED.std()
    variance = 1 - stats.skew(SKEWED) * per_row + (stats.kurtosis(SKEWED, fisher=False) - 1) / 4 * per_row**2
    assert sharpe_estimate(SKEWED, lags=0).robust_error == pytest.approx(sqrt(variance / 500 * 252), rel=1e-10)


def test_scale_to_a_year_is_lo_s_sum_over_autocorrelations() -> None:
    rows, lags, year = RETURNS[:200] + 0.5 * RETURNS[1:201], 5, 252
    z = rows - rows.mean()
    rho = [float(np.dot(z[k:], z[:-k]) / np.dot(z, z)) for k in range(1, lags + 1)]
    scale = year / sqrt(year + 2 * sum((year - k) * r for k, r in enumerate(rho, start=1)))
    found = sharpe_estimate(rows, lags=lags)
    assert found.adjusted_ratio == pytest.approx(scale * rows.mean() / rows.std(ddof=1), rel=1e-12)
    assert found.adjusted_ratio < found.ratio  # smoothed rows flatter the square root of time
    assert found.adjusted_error / found.robust_error == pytest.approx(found.adjusted_ratio / found.ratio)


def test_without_lags_nothing_is_adjusted() -> None:
    found = sharpe_estimate(RETURNS, lags=0)
    assert found.adjusted_ratio == pytest.approx(found.ratio, rel=1e-14)
    assert found.lags == 0


def test_a_year_without_variance_leaves_the_adjusted_ratio_open() -> None:
    found = sharpe_estimate(np.tile([0.011, -0.01], 40), lags=1)
    assert np.isnan(found.adjusted_ratio)
    assert np.isfinite(found.ratio)


def test_robust_error_covers_dependent_rows_where_the_other_one_does_not() -> None:
    shocks = np.random.default_rng(5).normal(size=(300, 701))
    rows = 0.1 + shocks[:, 1:] + 0.8 * shocks[:, :-1]
    found = [sharpe_estimate(one, periods_per_year=1, lags=8) for one in rows]
    spread = float(np.std([one.ratio for one in found]))
    assert np.mean([one.robust_error for one in found]) == pytest.approx(spread, rel=0.12)
    assert np.mean([one.standard_error for one in found]) < 0.85 * spread


def test_constant_and_single_rows_have_no_ratio() -> None:
    assert np.isnan([sharpe_ratio([0.1 + 0.2, 0.3]), sharpe_ratio([0.1]), sharpe_estimate([]).robust_error]).all()


def test_lags_and_rates_that_mean_nothing_are_refused() -> None:
    with pytest.raises(InputError, match="lags must be from 0 to 3 on 4 rows, got 4"):
        sharpe_estimate(FOUR, lags=4)
    with pytest.raises(InputError, match="rate"):
        sharpe_ratio(FOUR, rate=np.nan)
