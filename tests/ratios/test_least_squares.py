"""OLS, its errors and the rolling ratio against statsmodels; recovery of a known truth; the textbook."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.regression.rolling import RollingOLS as RollingOracle

from hedgerow.errors import DataError, InputError
from hedgerow.ratios import (
    EWMA,
    OLS,
    ErrorCorrection,
    ExpandingOLS,
    RollingOLS,
    minimum_variance_ratio,
    minimum_variance_ratios,
    rolling_hedge_ratios,
)
from hedgerow.ratios.least_squares import default_lags


def changes(n_obs: int = 300, n_hedges: int = 2, seed: int = 5) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    X = 0.02 * rng.standard_normal((n_obs, n_hedges)) + 0.001
    noise = rng.standard_normal(n_obs)
    noise[1:] += 0.5 * noise[:-1]
    return X, X @ np.linspace(0.9, 0.4, n_hedges) + 0.3 * np.abs(X[:, 0]) * noise


@pytest.mark.parametrize("n_hedges", [1, 2, 4])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("lags", [None, 0, 3])
def test_ols_hac_equals_statsmodels(n_hedges: int, intercept: bool, lags: int | None) -> None:
    X, y = changes(n_hedges=n_hedges)
    ours = OLS(hac_lags=lags, intercept=intercept).fit(X, y)
    cov_kwds = {"maxlags": default_lags(len(y)) if lags is None else lags}
    oracle = sm.OLS(y, sm.add_constant(X) if intercept else X).fit(cov_type="HAC", cov_kwds=cov_kwds)
    np.testing.assert_allclose(ours.hedge_ratio_, oracle.params[int(intercept) :], rtol=1e-10)
    np.testing.assert_allclose(ours.standard_error_, oracle.bse[int(intercept) :], rtol=1e-10)
    if intercept:
        assert ours.intercept_ == pytest.approx(oracle.params[0], rel=1e-9)
        assert ours.r_squared_ == pytest.approx(oracle.rsquared, rel=1e-10)


@pytest.mark.parametrize("intercept", [True, False])
def test_ols_classical_errors_equal_statsmodels(intercept: bool) -> None:
    X, y = changes()
    ours = OLS(errors="classical", intercept=intercept).fit(X, y)
    oracle = sm.OLS(y, sm.add_constant(X) if intercept else X).fit()
    np.testing.assert_allclose(ours.standard_error_, oracle.bse[int(intercept) :], rtol=1e-10)


def test_default_lags_rule_of_thumb() -> None:
    assert [default_lags(n) for n in (100, 500, 1000, 8000)] == [4, 5, 6, 10]


@pytest.mark.parametrize("n_hedges", [1, 2])
def test_rolling_ratio_path_equals_statsmodels(n_hedges: int) -> None:
    X, y = changes(n_hedges=n_hedges)
    path = RollingOLS(window=60).fit(X, y).ratio_path(X, y)
    oracle = RollingOracle(y, sm.add_constant(X), window=60).fit(params_only=True).params[:, 1:]
    np.testing.assert_allclose(path[1:], oracle[:-1], rtol=1e-10, equal_nan=True)
    assert np.isnan(path[:60]).all()


def test_rolling_hedge_ratios_end_at_their_row_and_fill_the_array_given() -> None:
    X, y = changes(n_hedges=1)
    series = np.column_stack([y, 2.0 * y, y + 1.0])
    out = np.empty_like(series)
    assert rolling_hedge_ratios(series, X[:, 0], 60, out=out) is out
    oracle = RollingOracle(y, sm.add_constant(X), window=60).fit(params_only=True).params[:, 1]
    np.testing.assert_allclose(out, np.outer(oracle, [1.0, 2.0, 1.0]), rtol=1e-10)
    np.testing.assert_array_equal(rolling_hedge_ratios(pd.DataFrame(series), X[:, 0], 60), out)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((np.ones((5, 2)), np.ones(4), 2), DataError, "same n"),
        ((np.ones(5), np.ones(5), 2), DataError, "must be"),
        ((np.ones((5, 2)), np.arange(5.0), 1), InputError, "window must hold"),
        ((np.ones((5, 2)), np.arange(5.0), 2, np.empty((5, 3))), InputError, "out must be"),
        ((np.ones((5, 2)), np.arange(5.0), 2, np.empty((2, 5)).T), InputError, "out must be"),
        ((np.array([[1.0], [np.nan], [2.0]]), np.arange(3.0), 2), DataError, "at row 1"),
    ],
)
def test_rolling_hedge_ratios_bad_input_refused(arguments: Any, error: Any, sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        rolling_hedge_ratios(*arguments)


def test_expanding_path_equals_ols_on_all_rows_before() -> None:
    X, y = changes(100)
    path = ExpandingOLS().fit(X, y).ratio_path(X, y)
    assert np.isnan(path[:5]).all()
    for row in (5, 17, 99):
        oracle = sm.OLS(y[:row], sm.add_constant(X[:row])).fit()
        np.testing.assert_allclose(path[row], oracle.params[1:], rtol=1e-9)


@pytest.mark.parametrize("demean", [False, True])
def test_ewma_equals_weighted_least_squares(demean: bool) -> None:
    X, y = changes(200)
    ours = EWMA(decay=0.97, demean=demean).fit(X, y)
    weights = 0.97 ** np.arange(199, -1, -1)
    oracle = sm.WLS(y, sm.add_constant(X) if demean else X, weights=weights).fit()
    np.testing.assert_allclose(ours.hedge_ratio_, oracle.params[int(demean) :], rtol=1e-10)
    assert ours.r_squared_ == pytest.approx(oracle.rsquared, rel=1e-9)
    assert ours.intercept_ == pytest.approx(oracle.params[0] if demean else 0.0, rel=1e-8)


def test_ewma_half_life_halves_the_weight() -> None:
    X, y = changes(200)
    by_half_life = EWMA(halflife=10.0).fit(X, y).hedge_ratio_
    np.testing.assert_allclose(by_half_life, EWMA(decay=0.5**0.1).fit(X, y).hedge_ratio_, rtol=1e-12)


def test_ewma_single_hedge_is_the_textbook_recursion() -> None:
    X, y = changes(80, 1)
    path = EWMA(decay=0.94).fit(X, y).ratio_path(X, y)
    covariance = variance = 0.0
    for row in range(79):
        covariance = 0.94 * covariance + X[row, 0] * y[row]
        variance = 0.94 * variance + X[row, 0] ** 2
        if row >= 5:
            assert path[row + 1, 0] == pytest.approx(covariance / variance, rel=1e-12)


def test_ols_window_uses_last_rows_only() -> None:
    X, y = changes(200)
    windowed, short = OLS(window=50).fit(X, y), OLS().fit(X[150:], y[150:])
    np.testing.assert_allclose(windowed.hedge_ratio_, short.hedge_ratio_, rtol=1e-12)
    assert windowed.n_obs_ == 50
    assert windowed.r_squared_ == pytest.approx(short.r_squared_)


@pytest.mark.parametrize("method", ["ols", "error_correction"])
def test_recovery_known_ratio_unbiased_and_covered(method: str) -> None:
    rng = np.random.default_rng(20)
    samples, n_obs, truth = 200, 1000, 0.9
    estimates, covered = [], 0
    for _ in range(samples):
        x = rng.standard_normal(n_obs)
        if method == "ols":
            fitted = OLS().fit(x[:, None], truth * x + 0.5 * rng.standard_normal(n_obs))
        else:
            noise, gap, y = 0.5 * rng.standard_normal(n_obs), 0.0, np.empty(n_obs)
            for t in range(n_obs):
                y[t] = truth * x[t] - 0.1 * gap + noise[t]
                gap += y[t] - x[t]
            fitted = ErrorCorrection().fit(x[:, None], y)
        estimates.append(fitted.hedge_ratio_[0])
        covered += abs(fitted.hedge_ratio_[0] - truth) < 1.96 * fitted.standard_error_[0]
    assert abs(np.mean(estimates) - truth) < 0.005
    assert 0.90 <= covered / samples <= 0.985


def test_textbook_jet_fuel_and_heating_oil() -> None:
    # Hull, Options, Futures, and Other Derivatives: correlation 0.928, volatilities 0.0263 and 0.0313.
    assert minimum_variance_ratio(0.928, 0.0263, 0.0313) == pytest.approx(0.7798, abs=5e-5)


def test_textbook_ratios_equal_ols_of_the_same_moments() -> None:
    X, y = changes(200, 3)
    covariance = np.cov(np.column_stack([X, y]).T)
    ratios = minimum_variance_ratios(covariance[:3, :3], covariance[:3, 3])
    np.testing.assert_allclose(ratios, OLS().fit(X, y).hedge_ratio_, rtol=1e-9)
    spreads = np.std(X[:, 0], ddof=1), np.std(y, ddof=1)
    one = minimum_variance_ratio(np.corrcoef(X[:, 0], y)[0, 1], spreads[1], spreads[0])
    assert one == pytest.approx(OLS().fit(X[:, :1], y).hedge_ratio_[0], rel=1e-10)


@pytest.mark.parametrize("arguments", [(1.5, 1.0, 1.0), (0.5, -1.0, 1.0), (0.5, 1.0, 0.0), (np.nan, 1.0, 1.0)])
def test_textbook_ratio_bad_figures_refused(arguments: Any) -> None:
    with pytest.raises(InputError, match="must"):
        minimum_variance_ratio(*arguments)


@pytest.mark.parametrize(
    ("inner", "outer"), [(np.ones((2, 2)), np.ones(2)), (np.eye(2), np.ones(3)), (np.diag([1.0, 0.0]), np.ones(2))]
)
def test_textbook_ratios_singular_or_misshapen_refused(inner: Any, outer: Any) -> None:
    with pytest.raises(DataError):
        minimum_variance_ratios(inner, outer)


@pytest.mark.parametrize(("of_hedge", "of_exposure"), [(1e-12, 1e12), (1e12, 1e-12)])
def test_error_correction_units_far_apart_leave_the_ratio(of_hedge: float, of_exposure: float) -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal(200)
    y = 0.9 * x + 0.4 * rng.standard_normal(200)
    plain = ErrorCorrection().fit(x[:, None], y)
    scaled = ErrorCorrection().fit(of_hedge * x[:, None], of_exposure * y)
    unit = of_exposure / of_hedge
    np.testing.assert_allclose(scaled.hedge_ratio_ / unit, plain.hedge_ratio_, rtol=1e-9)
    np.testing.assert_allclose(scaled.standard_error_ / unit, plain.standard_error_, rtol=1e-9)
