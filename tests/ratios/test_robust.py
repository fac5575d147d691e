"""Robust and orthogonal regressions, and error correction, against scipy, scikit-learn and statsmodels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize, stats
from sklearn.linear_model import TheilSenRegressor
from statsmodels.tsa.stattools import coint

from hedgerow.errors import DataError
from hedgerow.ratios import OLS, ErrorCorrection, Huber, TheilSen, TotalLeastSquares
from hedgerow.ratios.theil_sen import rank_interval


def changes(n_obs: int = 250, n_hedges: int = 1, seed: int = 5, level: float = 0.0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    X = level + rng.standard_normal((n_obs, n_hedges))
    y = level + X @ np.linspace(0.9, 0.4, n_hedges) + 0.5 * rng.standard_t(2, n_obs)
    return X, y


@pytest.mark.parametrize("n_hedges", [1, 2, 4])
@pytest.mark.parametrize("threshold", [1.345, 0.7])
def test_huber_equals_statsmodels_robust_regression(n_hedges: int, threshold: float) -> None:
    X, y = changes(n_hedges=n_hedges)
    ours = Huber(threshold=threshold).fit(X, y)
    oracle = sm.RLM(y, sm.add_constant(X), M=sm.robust.norms.HuberT(threshold)).fit(
        tol=1e-13, maxiter=3000, conv="coefs"
    )
    assert ours.converged_
    np.testing.assert_allclose(ours.hedge_ratio_, oracle.params[1:], rtol=1e-8)
    np.testing.assert_allclose(ours.standard_error_, oracle.bse[1:], rtol=1e-8)
    assert ours.intercept_ == pytest.approx(oracle.params[0], rel=1e-7)
    assert ours.scale_ == pytest.approx(oracle.scale, rel=1e-8)


def test_huber_large_threshold_is_least_squares() -> None:
    X, y = changes(n_hedges=2)
    np.testing.assert_allclose(Huber(threshold=1e6).fit(X, y).hedge_ratio_, OLS().fit(X, y).hedge_ratio_, rtol=1e-10)


def test_huber_wild_row_hardly_moves_the_ratio() -> None:
    X, y = changes()
    wild = y.copy()
    wild[7] = 1e6
    moved = abs(Huber().fit(X, wild).hedge_ratio_ - Huber().fit(X, y).hedge_ratio_)[0]
    assert moved < 0.05
    assert abs(OLS().fit(X, wild).hedge_ratio_ - OLS().fit(X, y).hedge_ratio_)[0] > 10.0


def test_huber_large_levels_keep_their_digits() -> None:
    X, y = changes()
    far = Huber().fit(X + 1e6, y + 1e6)
    np.testing.assert_allclose(far.hedge_ratio_, Huber().fit(X, y).hedge_ratio_, rtol=1e-8)


def test_huber_exact_relation_found_exactly() -> None:
    X, _ = changes()
    fitted = Huber().fit(X, 0.75 * X[:, 0])
    assert fitted.hedge_ratio_[0] == pytest.approx(0.75, rel=1e-13)


@pytest.mark.parametrize("n_obs", [6, 7, 40, 300])
@pytest.mark.parametrize("decimals", [None, 1, 0])
def test_theil_sen_equals_scipy_with_and_without_ties(n_obs: int, decimals: int | None) -> None:
    X, y = changes(n_obs, seed=n_obs)
    if decimals is not None:
        X, y = np.round(3 * X, decimals), np.round(3 * y, decimals)
    ours, oracle = TheilSen().fit(X, y), stats.theilslopes(y, X[:, 0], 0.95)
    assert ours.hedge_ratio_[0] == oracle.slope
    assert ours.intercept_ == pytest.approx(oracle.intercept, rel=1e-12)
    assert rank_interval(X[:, 0], y) == (oracle.low_slope, oracle.high_slope)


@pytest.mark.parametrize("decimals", [None, 1, 0])
def test_theil_sen_refits_equal_scipy(decimals: int | None) -> None:
    X, y = changes(400, seed=8)
    if decimals is not None:
        X, y = np.round(2 * X, decimals), np.round(2 * y, decimals)
    path = TheilSen().refit_path(X, y, 10)[:, 0]
    for row in (10, 11, 33, 120, 121, 250, 399):
        assert path[row] == stats.theilslopes(y[:row], X[:row, 0]).slope


def test_theil_sen_ratio_that_jumps_still_exact() -> None:
    X, y = changes(500, seed=8)
    y[200:] += 3.0 * X[200:, 0]
    path = TheilSen().refit_path(X, y, 150)[:, 0]
    for row in (150, 260, 300, 420, 499):
        assert path[row] == stats.theilslopes(y[:row], X[:row, 0]).slope


def test_theil_sen_several_hedges_is_scikit_learn() -> None:
    X, y = changes(60, 2)
    oracle = TheilSenRegressor(random_state=0).fit(X, y)
    np.testing.assert_allclose(TheilSen().fit(X, y).hedge_ratio_, oracle.coef_, rtol=1e-12)


def test_theil_sen_too_many_rows_refused_with_advice() -> None:
    X, y = changes(20_001)
    with pytest.raises(DataError, match="fewer rows or a coarser period"):
        TheilSen().fit(X, y)


@pytest.mark.parametrize("delta", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("n_hedges", [1, 2])
def test_total_least_squares_minimises_orthogonal_distances(delta: float, n_hedges: int) -> None:
    X, y = changes(n_hedges=n_hedges)

    def distances(parameters: Any) -> Any:
        ratio, intercept = parameters[:-1], parameters[-1]
        return (y - X @ ratio - intercept) / np.sqrt(delta + ratio @ ratio)

    start = np.append(OLS().fit(X, y).hedge_ratio_, 0.0)
    oracle = optimize.least_squares(distances, start, xtol=1e-15, ftol=1e-15, gtol=1e-15).x
    ours = TotalLeastSquares(error_variance_ratio=delta).fit(X, y)
    np.testing.assert_allclose(ours.hedge_ratio_, oracle[:-1], rtol=1e-6)


@pytest.mark.parametrize("n_hedges", [1, 3])
def test_total_least_squares_equals_singular_vector(n_hedges: int) -> None:
    X, y = changes(n_hedges=n_hedges)
    columns = np.column_stack([X, y])
    normal = np.linalg.svd(columns - columns.mean(axis=0))[2][-1]
    np.testing.assert_allclose(TotalLeastSquares().fit(X, y).hedge_ratio_, -normal[:-1] / normal[-1], rtol=1e-8)


def test_total_least_squares_jackknife_is_leave_one_out() -> None:
    X, y = changes(40, 2)
    keep = ~np.eye(40, dtype=bool)
    left_out = np.array([TotalLeastSquares().fit(X[rows], y[rows]).hedge_ratio_ for rows in keep])
    errors = np.sqrt(39 / 40 * np.sum((left_out - left_out.mean(axis=0)) ** 2, axis=0))
    np.testing.assert_allclose(TotalLeastSquares().fit(X, y).standard_error_, errors, rtol=1e-8)


def test_total_least_squares_all_error_in_exposure_is_least_squares() -> None:
    X, y = changes(n_hedges=2)
    ratio = TotalLeastSquares(error_variance_ratio=1e9).fit(X, y).hedge_ratio_
    np.testing.assert_allclose(ratio, OLS().fit(X, y).hedge_ratio_, rtol=1e-6)


def test_total_least_squares_both_sides_exchanged_inverts_the_ratio() -> None:
    X, y = changes()
    ratio = TotalLeastSquares().fit(X, y).hedge_ratio_[0]
    assert TotalLeastSquares().fit(y[:, None], X[:, 0]).hedge_ratio_[0] == pytest.approx(1.0 / ratio, rel=1e-10)


def cointegrated(n_obs: int = 400, n_hedges: int = 1, seed: int = 3) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n_obs, n_hedges))
    y, gap = np.empty(n_obs), 0.0
    for t in range(n_obs):
        y[t] = 0.8 * X[t].sum() - 0.2 * gap + 0.3 * rng.standard_normal()
        gap += y[t] - X[t].sum()
    return X, y


@pytest.mark.parametrize("n_hedges", [1, 2])
@pytest.mark.parametrize("lags", [0, 2])
def test_error_correction_equals_two_regressions_of_prices(n_hedges: int, lags: int) -> None:
    X, y = cointegrated(n_hedges=n_hedges)
    price_x = 50.0 + np.vstack([np.zeros(n_hedges), np.cumsum(X, axis=0)])
    price_y = 90.0 + np.append(0.0, np.cumsum(y))
    first = sm.OLS(price_y, sm.add_constant(price_x)).fit()
    past = [np.column_stack([X, y])[lags - lag : len(y) - lag] for lag in range(1, lags + 1)]
    design = sm.add_constant(np.column_stack([X[lags:], first.resid[lags:-1], *past]))
    second = sm.OLS(y[lags:], design).fit()
    ours = ErrorCorrection(lags=lags).fit(X, y)
    np.testing.assert_allclose(ours.long_run_ratio_, first.params[1:], rtol=1e-9)
    np.testing.assert_allclose(ours.hedge_ratio_, second.params[1 : n_hedges + 1], rtol=1e-9)
    assert ours.adjustment_ == pytest.approx(second.params[n_hedges + 1], rel=1e-8)
    assert -0.4 < ours.adjustment_ < -0.1
    assert ours.n_obs_ == len(y) - lags


def test_error_correction_cointegration_equals_statsmodels() -> None:
    X, y = cointegrated()
    found = ErrorCorrection().fit(X, y).cointegration_
    levels = [50.0 + np.append(0.0, np.cumsum(values)) for values in (y, X[:, 0])]
    statistic, p_value, critical = coint(*levels, return_results=False)
    assert found.statistic == pytest.approx(statistic, rel=1e-8)
    assert found.p_value == pytest.approx(p_value, rel=1e-6)
    assert list(found.critical_values.values()) == pytest.approx(list(critical))
    assert found.p_value < 0.01


def test_error_correction_cointegration_before_fit_is_absent() -> None:
    assert not hasattr(ErrorCorrection(), "cointegration_")


def test_error_correction_same_instrument_needs_no_correction() -> None:
    X, _ = cointegrated()
    fitted = ErrorCorrection().fit(X, 2.0 * X[:, 0])
    assert fitted.hedge_ratio_[0] == pytest.approx(2.0, rel=1e-12)
    assert fitted.adjustment_ == 0.0
