"""CCC, DCC and asymmetric DCC: against a slow likelihood, on simulated truth, and at the edges."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.base import clone

from garch_oracle import moving_series, slow_correlations, slow_log_likelihood, slow_variances
from hedgerow.errors import DataError, InputError
from hedgerow.kernels.compile import dense
from hedgerow.ratios import ADCC, CCC, DCC
from hedgerow.ratios.garch.base import CovarianceEstimator, ratios_of
from hedgerow.ratios.garch.correlation import CorrelationStage, Dynamics, correlations_of, q_path
from hedgerow.ratios.garch.margins import recursion_parameters
from laws import assert_causal

MODELS = [
    CCC(minimum_rows=50),
    CCC(margins="gjr", distribution="t", minimum_rows=50),
    DCC(minimum_rows=50),
    DCC(distribution="t", mean="error_correction", minimum_rows=50),
    DCC(mean="zero", variance_targeting=True, minimum_rows=50),
    ADCC(minimum_rows=50),
    ADCC(distribution="t", minimum_rows=50),
]


ROWS = 90 if os.environ.get("NUMBA_DISABLE_JIT") else 220
"""Where kernels run as plain Python, fewer rows say the same in a third of the time."""


def data(n_obs: int = ROWS, k: int = 2, seed: int = 5) -> tuple[Any, Any]:
    rows = moving_series(n_obs, k, seed, a=0.15, b=0.8)
    return rows[:, :-1], rows[:, -1]


def slow_covariances(fitted: Any, X: Any, y: Any) -> tuple[Any, Any]:
    """Return residuals and covariances of a fitted model from its parameters by name, row by row."""
    changes = np.column_stack([X, y])
    residuals = fitted.mean_.residuals(changes)
    k, values = changes.shape[1], np.array([*fitted.parameters_.values()])
    scaled = residuals / fitted._scale
    size = 4 if fitted.margins == "gjr" else 3
    variances = np.column_stack(
        [
            slow_variances(
                scaled[:, i],
                *recursion_parameters(values[i * size : (i + 1) * size], fitted.margins),
                fitted._start_variances[i],
            )
            for i in range(k)
        ]
    )
    e = scaled / np.sqrt(variances[:-1])
    a, b, g = (fitted.parameters_.get(name, 0.0) for name in "abg")
    falls = np.minimum(e, 0.0).T @ np.minimum(e, 0.0) / len(e) if g else np.zeros((k, k))
    correlations = slow_correlations(e, _about_zero(e), falls, a, b, g)
    volatilities = np.sqrt(variances) * fitted._scale
    return residuals, correlations * volatilities[:, :, None] * volatilities[:, None, :]


def _about_zero(e: Any) -> Any:
    moments = e.T @ e
    return moments / np.sqrt(np.outer(np.diag(moments), np.diag(moments)))


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_fit_log_likelihood_and_paths_equal_slow_ones(model: Any, k: int) -> None:
    X, y = data(k=k)
    fitted = clone(model).fit(X, y)
    residuals, covariances = slow_covariances(fitted, X, y)
    freedom = fitted.parameters_.get("degrees_of_freedom", 0.0)
    assert fitted.log_likelihood_ == pytest.approx(slow_log_likelihood(residuals, covariances, freedom), abs=1e-6)
    np.testing.assert_allclose(fitted.covariance_path(X, y), covariances, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(fitted.covariance_, covariances[-1], rtol=1e-9)
    ratio = np.linalg.solve(covariances[-1][:-1, :-1], covariances[-1][:-1, -1])
    np.testing.assert_allclose(fitted.hedge_ratio_, ratio, rtol=1e-9)
    volatilities = fitted.volatility_path(X, y)
    np.testing.assert_allclose(volatilities[:, 0] ** 2, covariances[:, 0, 0], rtol=1e-9)
    rebuilt = fitted.correlation_path(X, y) * volatilities[:, :, None] * volatilities[:, None, :]
    np.testing.assert_allclose(rebuilt, covariances, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("is_t", [False, True])
@pytest.mark.parametrize("asymmetric", [False, True])
def test_correlation_stage_gradient_and_adjoint_equal_differences(k: int, is_t: bool, asymmetric: bool) -> None:
    rows = moving_series(80, k, 7, a=0.1, b=0.8)
    e = rows / rows.std(axis=0)
    stage = CorrelationStage(e, True, asymmetric, is_t)
    whole = np.array([2.5, 2.0, 0.4 if asymmetric else 0.0, 1.0])
    _, gradient = stage.mean_loss(whole)
    np.testing.assert_allclose(stage.row_scores(whole).mean(axis=0), -gradient, rtol=1e-9, atol=1e-14)
    for number in stage.used:
        step = 1e-6 * np.eye(4)[number]
        difference = (stage.mean_loss(whole + step)[0] - stage.mean_loss(whole - step)[0]) / 2e-6
        assert gradient[number] == pytest.approx(difference, rel=1e-5, abs=1e-8)
    d = stage.dynamics(whole)

    def likelihood(e: Any, target: Any, falls: Any) -> float:
        return slow_log_likelihood(e, slow_correlations(e, target, falls, d.a, d.b, d.g), d.freedom)

    by_target, by_falls, by_e = stage.adjoint(whole)
    move = np.zeros((k, k))
    move[0, 1] = move[1, 0] = 1e-6
    up, down = (likelihood(e, d.target + side * move, d.falls) for side in (1, -1))
    assert 2.0 * by_target[0, 1] == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-5)
    if asymmetric:
        up, down = (likelihood(e, d.target, d.falls + side * move) for side in (1, -1))
        assert 2.0 * by_falls[0, 1] == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-5)
    for row in (0, 1, 40, 79):
        nudge = np.zeros_like(e)
        nudge[row, k - 1] = 1e-6
        up, down = (likelihood(e + side * nudge, d.target, d.falls) for side in (1, -1))
        assert by_e[row, k - 1] == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-5)


def test_pair_kernels_equal_those_for_any_number_of_series() -> None:
    from hedgerow.ratios.garch.correlation_kernels import series_adjoint, series_likelihood

    rows = moving_series(60, 2, 7)
    for is_t in (False, True):
        stage = CorrelationStage(rows / rows.std(axis=0), True, True, is_t)
        whole = np.array([2.5, 2.0, 0.4, 1.0])
        d, work, scales = stage.dynamics(whole), np.empty((6, 2, 2)), np.empty((2, 2))
        pair, scores = stage.mean_loss(whole), np.empty((60, 4))
        weights = (d.a, d.b, d.g, d.freedom)
        series_likelihood(stage.e, dense(d.target), dense(d.falls), *weights, True, True, scales, work, scores)
        np.testing.assert_allclose(stage.scores, scores, rtol=1e-9, atol=1e-12)
        assert np.isfinite(pair[0])
        general = np.empty((2, 2)), np.empty((2, 2)), np.empty((60, 2))
        series_adjoint(stage.e, dense(d.target), dense(d.falls), *weights, q_path(stage.e, d), scales, work, *general)
        for ours, theirs in zip(stage.adjoint(whole), general, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_ratio_slopes_equal_differences(model: Any, k: int) -> None:
    X, y = data(k=k)
    fitted = clone(model).fit(X, y)
    residuals = fitted.mean_.residuals(np.column_stack([X, y])) / fitted._scale
    parameters = fitted._fit_.parameters.copy()
    if "g" in fitted.parameters_:
        parameters[list(fitted.parameters_).index("g")] = 0.03
    numbers = np.arange(len(parameters))
    differences = CovarianceEstimator._ratio_slopes(fitted, residuals, parameters, numbers)
    exact = fitted._ratio_slopes(residuals, parameters, numbers)
    np.testing.assert_allclose(exact, differences, rtol=1e-4, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.0, 0.999), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(2, 4), st.integers(0, 1000)
)  # fmt: skip
def test_correlation_path_admissible_parameters_positive_definite(
    total: float, share: float, split: float, k: int, seed: int
) -> None:
    e = np.random.default_rng(seed).standard_t(3, (50, k)) @ (np.eye(k) + 0.5)
    stage = CorrelationStage(e, True, True, False)
    d = stage.dynamics(np.array([-np.log(1.0 - total), 16.0 * share, split, 0.0]))
    correlations = correlations_of(q_path(stage.e, d))
    assert np.linalg.eigvalsh(correlations).min() > 0.0
    np.testing.assert_array_equal(np.einsum("tii->ti", correlations), 1.0)
    assert np.abs(correlations).max() <= 1.0 + 1e-12


@pytest.mark.compiled
@pytest.mark.parametrize("k", [2, 4])
def test_dcc_simulated_truth_comes_back_within_its_errors(k: int) -> None:
    rows = moving_series(4000, k)
    fitted = DCC(mean="zero").fit(rows[:, :-1], rows[:, -1])
    assert fitted.convergence_.converged
    for name, truth in {"a": 0.04, "b": 0.94, "beta of exposure": 0.89, "alpha of exposure": 0.08}.items():
        error = fitted.parameter_errors_[name]
        assert 0.0 < error < 0.05
        assert abs(fitted.parameters_[name] - truth) < 3.0 * error, name
    assert np.all(fitted.persistence_ < 1.0)
    target = fitted.parameters_["correlation of exposure and hedge 0"]
    assert abs(target - 0.6) < 3.0 * fitted.parameter_errors_["correlation of exposure and hedge 0"] + 0.02


@pytest.mark.compiled
def test_dcc_ratio_follows_the_simulated_one_better_than_a_constant() -> None:
    rng, n_obs = np.random.default_rng(2), 3000
    rho = 0.5 + 0.4 * np.sin(np.arange(n_obs) * 2 * np.pi / 500)
    x, other = rng.standard_normal((2, n_obs))
    y = rho * x + np.sqrt(1 - rho**2) * other
    fitted = DCC().fit(x[:2000, None], y[:2000])
    path = fitted.ratio_path(x[:, None], y)[2000:, 0]
    truth = rho[2000:]
    assert np.mean((path - truth) ** 2) < 0.3 * np.mean((truth.mean() - truth) ** 2)


def test_dcc_correlation_that_does_not_move_leaves_b_without_error() -> None:
    fitted = None
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x = rng.standard_normal((150, 1))
        fitted = DCC(minimum_rows=50).fit(x, 0.5 * x[:, 0] + rng.standard_normal(150))
        if fitted.parameters_["a"] == 0.0:
            break
    assert fitted is not None
    assert fitted.parameters_["a"] == fitted.parameters_["b"] == 0.0
    assert np.isnan(fitted.parameter_errors_["b"])
    assert fitted.convergence_.converged
    assert np.isfinite(fitted.standard_error_).all()


@pytest.mark.parametrize("scale", [1e-8, 1e8])
@pytest.mark.parametrize("model", MODELS[:3] + MODELS[5:], ids=repr)
def test_ratio_other_units_scales_and_stays_finite(model: Any, scale: float) -> None:
    X, y = data()
    plain, scaled = clone(model).fit(X, y), clone(model).fit(X / scale, y)
    np.testing.assert_allclose(scaled.hedge_ratio_, scale * plain.hedge_ratio_, rtol=1e-6)
    assert scaled.log_likelihood_ == pytest.approx(plain.log_likelihood_ + ROWS * np.log(scale), abs=1e-4)


@pytest.mark.parametrize("model", MODELS, ids=repr)
@pytest.mark.parametrize("trouble", ["outlier", "identical", "opposite", "few"])
def test_fit_difficult_rows_finite_or_refused(model: Any, trouble: str) -> None:
    X, y = data()
    X = X.copy()
    if trouble == "outlier":
        X[50] = 1e6
    elif trouble in ("identical", "opposite"):
        y = X[:, 0] * (1.0 if trouble == "identical" else -1.0)
    else:
        X, y = X[:8], y[:8]
    fitted = clone(model).set_params(minimum_rows=5).fit(X, y)
    assert np.isfinite(fitted.hedge_ratio_).all()
    assert np.isfinite(fitted.ratio_path(X, y)).all()
    if trouble in ("identical", "opposite") and fitted.mean != "error_correction":
        assert fitted.hedge_ratio_[0] == pytest.approx(1.0 if trouble == "identical" else -1.0, rel=1e-6)
        assert "singular" in fitted.convergence_.reason


def test_summary_has_a_row_per_parameter_and_t_is_estimate_over_error() -> None:
    X, y = data()
    table = DCC(minimum_rows=50).fit(X, y).summary()
    assert list(table.columns) == ["estimate", "robust_error", "t_statistic"]
    assert table.index[-1] == "b"
    row = table.loc["correlation of exposure and hedge 0"]
    assert row.t_statistic == pytest.approx(row.estimate / row.robust_error)


def test_options_outside_their_rule_refused() -> None:
    X, y = data()
    for options in ({"margins": "egarch"}, {"distribution": "skewed"}, {"mean": "ar"}, {"minimum_rows": 0}):
        with pytest.raises(InputError):
            DCC(**options).fit(X, y)
    with pytest.raises(DataError, match="at least 750 rows"):
        DCC().fit(X, y)
    with pytest.raises(DataError, match="11 hedges are more than the 10"):
        CCC(minimum_rows=20).fit(np.random.default_rng(0).standard_normal((60, 11)), y[:60])


def test_dynamics_without_news_keep_the_target() -> None:
    target = np.array([[1.0, 0.3], [0.3, 1.0]])
    path = q_path(np.ones((5, 2)), Dynamics(target, np.zeros((2, 2)), 0.0, 0.9))
    np.testing.assert_allclose(path, np.tile(target, (6, 1, 1)), rtol=1e-14)


def test_refits_that_cannot_converge_give_no_ratio_and_say_why() -> None:
    X, _ = data()
    same = DCC(minimum_rows=40).refit(X, X[:, 0], np.array([50, 70]), "update")
    assert np.isnan(same.ratios).all()
    assert [failure.row for failure in same.failures] == [50, 70]
    assert all("singular" in failure.reason for failure in same.failures)


@pytest.mark.compiled
def test_ratio_with_error_correction_altered_future_leaves_past_bit_equal() -> None:
    X, y = data(90)
    assert_causal(DCC(mean="error_correction", margins="gjr", minimum_rows=40), X, y, first=82, cuts=2)


def test_ratio_of_a_singular_covariance_is_missing_and_leaves_the_others() -> None:
    sound = np.array([[2.0, 0.5, 0.9], [0.5, 1.0, 0.4], [0.9, 0.4, 3.0]])
    ratios = ratios_of(np.stack([sound, np.ones((3, 3)), sound]))
    assert np.isnan(ratios[1]).all()
    np.testing.assert_allclose(
        ratios[[0, 2]], np.tile(np.linalg.solve(sound[:2, :2], sound[:2, 2]), (2, 1)), rtol=1e-14
    )


def test_reads_before_fit_are_refused() -> None:
    from sklearn.exceptions import NotFittedError

    X, y = data()
    for read in (DCC().covariance_path, DCC().correlation_path, DCC().volatility_path):
        with pytest.raises(NotFittedError):
            read(X, y)
    with pytest.raises(NotFittedError):
        DCC().summary()


def test_singular_forecast_has_no_ratio_and_no_warning() -> None:
    one, all_alike = np.eye(3), np.ones((3, 3))
    ratios = ratios_of(np.stack([one + 1.0, all_alike]))
    np.testing.assert_allclose(ratios[0], [1.0 / 3.0, 1.0 / 3.0], rtol=1e-14)
    assert np.isnan(ratios[1]).all()
