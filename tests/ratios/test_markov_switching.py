"""Markov switching: against statsmodels, a slow filter of its own, and simulated truth."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.ratios import OLS, MarkovSwitching
from laws import assert_causal


def switching(n_obs: int = 400, seed: int = 0, stay: float = 0.97, regimes: int = 2) -> tuple[Any, Any, Any]:
    """Return hedge (n, 1), exposure and the true regime; regime 0 is calm and has the highest ratio."""
    rng = np.random.default_rng(seed)
    regime = np.zeros(n_obs, dtype=int)
    for row in range(1, n_obs):
        leaves = rng.random() > stay
        regime[row] = (regime[row - 1] + leaves * rng.integers(1, regimes)) % regimes
    x = 0.01 * rng.standard_normal(n_obs)
    ratio, deviation = np.array([0.95, 0.6, 0.2])[regime], np.array([0.2, 0.8, 2.5])[regime]
    return x[:, None], ratio * x + 0.01 * deviation * rng.standard_normal(n_obs) + 1e-3, regime


def slow_filter(fitted: MarkovSwitching, X: Any, y: Any) -> tuple[Any, float]:
    """Return predicted probabilities and the log-likelihood, one row at a time in plain Python."""
    beliefs, total = np.array(fitted.ergodic_probabilities_), 0.0
    path = [beliefs]
    for x, change in zip(X, y, strict=True):
        errors = change - fitted.regime_intercepts_ - fitted.regime_ratios_ @ x
        variances = fitted.regime_variances_
        joint = beliefs * np.exp(-0.5 * errors**2 / variances) / np.sqrt(2.0 * np.pi * variances)
        total += np.log(joint.sum())
        beliefs = (joint / joint.sum()) @ fitted.transition_
        path.append(beliefs)
    return np.array(path), total


def statsmodels_of(X: Any, y: Any, regimes: int = 2, switching_variance: bool = True, intercept: bool = True) -> Any:
    trend = "c" if intercept else "n"
    return MarkovRegression(y, regimes, trend=trend, exog=X, switching_variance=switching_variance)


def parameters_of(fitted: MarkovSwitching) -> Any:
    """Return the parameters in statsmodels' order: column by column of transitions, then coefficients."""
    transitions = fitted.transition_.T[:-1].ravel()
    intercepts = fitted.regime_intercepts_ if fitted.intercept else []
    variances = fitted.regime_variances_ if fitted.switching_variance else fitted.regime_variances_[:1]
    return np.concatenate([transitions, intercepts, fitted.regime_ratios_.T.ravel(), variances])


@pytest.mark.parametrize(
    ("options", "n_hedges"),
    [({}, 1), ({"intercept": False}, 2), ({"switching_variance": False}, 1), ({"regimes": 3}, 1), ({}, 3)],
)
def test_likelihood_probabilities_equal_statsmodels_and_slow_filter(options: Any, n_hedges: int) -> None:
    X, y, _ = switching(300, seed=3, regimes=options.get("regimes", 2))
    X = np.column_stack([X, 0.02 * np.random.default_rng(1).standard_normal((len(y), n_hedges - 1))])
    fitted = MarkovSwitching(minimum_rows=100, **options).fit(X, y)
    model = statsmodels_of(X, y, **options)
    truth = model.smooth(parameters_of(fitted))
    assert fitted.log_likelihood_ == pytest.approx(truth.llf, rel=1e-8)
    path, value = slow_filter(fitted, X, y)
    assert fitted.log_likelihood_ == pytest.approx(value, rel=1e-10)
    predicted = fitted.probability_path(X, y)
    np.testing.assert_allclose(predicted, path, atol=1e-8)
    np.testing.assert_allclose(predicted[1:-1], truth.predicted_marginal_probabilities[1:], atol=1e-8)
    np.testing.assert_allclose(fitted.smoothed_probabilities(X, y), truth.smoothed_marginal_probabilities, atol=1e-8)
    np.testing.assert_allclose(fitted.next_probabilities_, path[-1], atol=1e-8)
    np.testing.assert_allclose(fitted.ergodic_probabilities_ @ fitted.transition_, fitted.ergodic_probabilities_)
    np.testing.assert_allclose(fitted.regime_shares_, truth.smoothed_marginal_probabilities.mean(axis=0), atol=1e-8)


@pytest.mark.compiled
@pytest.mark.parametrize("seed", [0, 5])
def test_fit_likelihood_not_below_statsmodels_and_errors_equal(seed: int) -> None:
    X, y, _ = switching(600, seed)
    fitted = MarkovSwitching().fit(X, y)
    model = statsmodels_of(100.0 * X, 100.0 * y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels warns of its own searches
        found = model.fit(disp=0)
        own = model.smooth(parameters_of(fitted) * np.repeat([1.0, 100.0, 1.0, 1e4], 2), cov_type="approx")
    assert fitted.convergence_.converged
    assert fitted.log_likelihood_ >= found.llf + len(y) * np.log(100.0) - 0.01
    np.testing.assert_allclose(fitted.regime_ratio_errors_[:, 0], np.asarray(own.bse)[4:6], rtol=1e-3)


@pytest.mark.compiled
def test_simulated_truth_recovered_within_errors() -> None:
    X, y, regime = switching(5000, seed=1)
    fitted = MarkovSwitching().fit(X, y)
    distance = np.abs(fitted.regime_ratios_[:, 0] - [0.95, 0.6]) / fitted.regime_ratio_errors_[:, 0]
    assert distance.max() < 3.0
    np.testing.assert_allclose(np.sqrt(fitted.regime_variances_), [0.002, 0.008], rtol=0.05)
    np.testing.assert_allclose(np.diag(fitted.transition_), 0.97, atol=0.01)
    np.testing.assert_allclose(fitted.expected_durations_, 1.0 / (1.0 - np.diag(fitted.transition_)))
    assert np.mean(fitted.smoothed_probabilities(X, y).argmax(axis=1) == regime) > 0.95
    np.testing.assert_allclose(fitted.regime_intercepts_, 1e-3, atol=5e-4)


def test_ratio_next_row_is_probability_weighted_or_most_likely() -> None:
    X, y, _ = switching(300)
    mean = MarkovSwitching(minimum_rows=100).fit(X, y)
    likely = MarkovSwitching(minimum_rows=100, combine="most_likely").fit(X, y)
    path = mean.probability_path(X, y)
    np.testing.assert_allclose(mean._filtered(X, y), path @ mean.regime_ratios_, rtol=1e-12)
    np.testing.assert_allclose(mean.hedge_ratio_, path[-1] @ mean.regime_ratios_, rtol=1e-12)
    np.testing.assert_array_equal(likely._filtered(X, y), likely.regime_ratios_[path.argmax(axis=1)])
    best = int(path[-1].argmax())
    np.testing.assert_allclose(likely.standard_error_, likely.regime_ratio_errors_[best], rtol=1e-10)
    assert mean.intercept_ == pytest.approx(path[-1] @ mean.regime_intercepts_)


@pytest.mark.compiled
def test_standard_error_of_next_ratio_equals_differences_of_refiltering() -> None:
    X, y, _ = switching(400, seed=2)
    fitted = MarkovSwitching(minimum_rows=100).fit(X, y)
    assert fitted.standard_error_[0] > 0.0
    # a regime that is all but certain leaves the error of its own ratio
    certain = int(fitted.next_probabilities_.argmax())
    assert fitted.standard_error_[0] < 3.0 * fitted.regime_ratio_errors_[certain, 0]
    model = statsmodels_of(X, y)
    theta = parameters_of(fitted)

    def next_ratio(point: Any) -> float:
        transition = np.array([[point[0], 1.0 - point[0]], [point[1], 1.0 - point[1]]])
        moved = clone(fitted).fit(X, y)
        moved.transition_, moved.regime_intercepts_ = transition, point[2:4]
        moved.regime_ratios_, moved.regime_variances_ = point[4:6, None], point[6:8]
        moved.ergodic_probabilities_ = np.array([point[1], 1.0 - point[0]]) / (1.0 - point[0] + point[1])
        return float(slow_filter(moved, X, y)[0][-1] @ point[4:6])

    steps = 1e-4 * np.abs(theta)
    slopes = []
    for number, step in enumerate(steps):
        sides = []
        for sign in (1.0, -1.0):
            point = theta.copy()
            point[number] += sign * step
            sides.append(next_ratio(point))
        slopes.append((sides[0] - sides[1]) / (2.0 * step))
    information = np.zeros((8, 8))
    scale = steps
    value = {}
    for i in range(8):
        for j in range(8):
            for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                point = theta.copy()
                point[i] += 3.0 * a * scale[i]
                point[j] += 3.0 * b * scale[j]
                value[a, b] = model.loglike(point)
            crossed = value[1, 1] - value[1, -1] - value[-1, 1] + value[-1, -1]
            information[i, j] = -crossed / (36.0 * scale[i] * scale[j])
    expected = np.sqrt(slopes @ np.linalg.inv(information) @ np.array(slopes))
    assert fitted.standard_error_[0] == pytest.approx(expected, rel=0.02)


@pytest.mark.compiled
def test_ratios_altered_future_leaves_past_bit_equal() -> None:
    X, y, _ = switching(240, seed=4, stay=0.95)
    estimator = MarkovSwitching(combine="most_likely", restarts=1, minimum_rows=100)
    assert_causal(estimator, X, y, first=120, cuts=2, every=16)


@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_ratio_other_units_scales(scale: float) -> None:
    X, y, _ = switching(300)
    plain = MarkovSwitching(minimum_rows=100).fit(X, y)
    scaled = MarkovSwitching(minimum_rows=100).fit(scale * X, y)
    np.testing.assert_allclose(scaled.hedge_ratio_ * scale, plain.hedge_ratio_, rtol=1e-8)
    np.testing.assert_allclose(scaled.standard_error_ * scale, plain.standard_error_, rtol=1e-6)
    assert scaled.log_likelihood_ == pytest.approx(plain.log_likelihood_, rel=1e-10)


@pytest.mark.compiled
def test_regimes_are_numbered_by_variance() -> None:
    X, y, _ = switching(900, seed=1, regimes=3)
    fitted = MarkovSwitching(regimes=3).fit(X, y)
    assert np.all(np.diff(fitted.regime_variances_) > 0.0)
    assert np.all(np.diff(fitted.regime_ratios_[:, 0]) < 0.0)
    shared = MarkovSwitching(switching_variance=False).fit(*switching(900, seed=1)[:2])
    assert np.ptp(shared.regime_variances_) == 0.0
    assert np.all(np.diff(shared.regime_ratios_[:, 0]) > 0.0)


def test_fit_one_wild_row_says_that_a_regime_emptied() -> None:
    X, y, _ = switching(300)
    y[100] = 1e6
    fitted = MarkovSwitching(minimum_rows=100).fit(X, y)
    assert not fitted.convergence_.converged
    assert "a regime emptied" in fitted.convergence_.reason
    assert np.isfinite(fitted.hedge_ratio_).all()
    assert np.isfinite(fitted.ratio_path(X, y)).all()


def test_fit_rows_without_change_says_that_a_variance_collapsed() -> None:
    X, y, _ = switching(400)
    X[100:250], y[100:250] = 0.0, 0.0
    fitted = MarkovSwitching(minimum_rows=100).fit(X, y)
    assert "collapsed" in fitted.convergence_.reason
    assert np.isfinite(fitted.hedge_ratio_).all()


def test_fit_hedge_that_explains_everything_says_so_and_keeps_its_ratio() -> None:
    X, y, _ = switching(300)
    fitted = MarkovSwitching(minimum_rows=100).fit(X, 2.0 * X[:, 0] + 1.0)
    assert "without a remainder" in fitted.convergence_.reason
    np.testing.assert_allclose(fitted.hedge_ratio_, 2.0, rtol=1e-12)
    np.testing.assert_allclose(fitted.ratio_path(X, y), 2.0, rtol=1e-12)
    np.testing.assert_allclose(fitted.probability_path(X, y), 0.5)


def test_refit_failure_is_a_value_with_its_row() -> None:
    X, y, _ = switching(400, seed=3)
    y[180] = 1e5
    refitted = MarkovSwitching(minimum_rows=100).refit(X, y, np.array([150, 200]), "update")
    assert [failure.row for failure in refitted.failures] == [200]
    assert "a regime" in refitted.failures[0].reason
    assert np.isfinite(refitted.ratios[150:200]).all()
    assert np.isnan(refitted.ratios[200:]).all()


@pytest.mark.compiled
@pytest.mark.parametrize("seed", range(6))
def test_fit_one_true_regime_never_gives_a_silent_nan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(500)
    y = 0.9 * x + rng.standard_normal(500)
    fitted = MarkovSwitching().fit(x[:, None], y)
    assert np.isfinite(fitted.hedge_ratio_).all()
    assert fitted.convergence_.converged or fitted.convergence_.reason
    if fitted.convergence_.converged:
        assert abs(fitted.hedge_ratio_[0] - OLS().fit(x[:, None], y).hedge_ratio_[0]) < 0.5
        assert fitted.standard_error_[0] > 0.0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"regimes": 1}, "regimes must be"),
        ({"restarts": 0}, "restarts must be"),
        ({"combine": "both"}, "combine must be"),
        ({"minimum_rows": 0}, "minimum_rows must be"),
    ],
)
def test_fit_unknown_option_is_refused(options: Any, sentence: str) -> None:
    X, y, _ = switching(300)
    with pytest.raises(InputError, match=sentence):
        MarkovSwitching(**options).fit(X, y)


def test_fit_too_few_rows_or_missing_rows_are_refused() -> None:
    X, y, _ = switching(499)
    with pytest.raises(DataError, match="at least 500 rows"):
        MarkovSwitching().fit(X, y)
    fitted = MarkovSwitching(minimum_rows=100).fit(X, y)
    y[7] = np.nan
    with pytest.raises(DataError, match="NaN at row 7"):
        fitted.probability_path(X, y)


@pytest.mark.compiled
def test_fit_gold_spot_by_futures_likelihood_not_below_statsmodels() -> None:
    spot = pd.read_csv(shared_data("gold_spot_daily.csv"), index_col="date")["mid_close"]
    futures = pd.read_csv(shared_data("gold_futures_daily.csv"), index_col="date")["adj_close"]
    table = pd.concat([spot, futures], axis=1, join="inner").diff().dropna().iloc[:1500]
    X, y = table[["adj_close"]].to_numpy(), table["mid_close"].to_numpy()
    fitted = MarkovSwitching().fit(X, y)
    assert fitted.convergence_.converged
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels warns of its own searches
        found = statsmodels_of(X, y).fit(disp=0)
    assert fitted.log_likelihood_ >= found.llf - 0.01
