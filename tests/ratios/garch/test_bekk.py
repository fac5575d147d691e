"""BEKK against the recursion written down, differences of it, simulated truth and the laws of its parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone

from bekk_oracle import simulate, slow_covariances, slow_log_likelihood
from hedgerow.errors import DataError, InputError
from hedgerow.ratios import BEKK, OLS
from hedgerow.ratios.garch.bekk_likelihood import BEKKLikelihood
from hedgerow.ratios.garch.bekk_parameters import FORMS, Layout
from laws import assert_causal

A = np.array([[0.25, 0.05], [-0.03, 0.22]])
B = np.array([[0.94, -0.02], [0.02, 0.95]])
LONG_RUN = np.array([[1.0, 0.7], [0.7, 1.2]])


def clustered(n_obs: int, seed: int = 0, freedom: float = 0.0) -> tuple[Any, Any]:
    changes = simulate(n_obs, A, B, LONG_RUN, seed, freedom)
    return changes[:, :1], changes[:, 1]


def plain(n_obs: int, seed: int) -> tuple[Any, Any]:
    """Return changes whose ratio is 0.9 throughout and whose variances do not move."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n_obs, 1))
    return X, 0.9 * X[:, 0] + 0.5 * rng.standard_normal(n_obs)


def some_likelihood(form: Any, n_series: int, targeting: bool, student: bool) -> tuple[BEKKLikelihood, Any]:
    """Return a likelihood of 40 rows and parameters that are nobody's optimum."""
    rng = np.random.default_rng(n_series)
    residuals = rng.standard_normal((40, n_series)) + 0.5 * rng.standard_normal((40, 1))
    layout = Layout(form, n_series, targeting, student)
    parameters = np.zeros(layout.size)
    parameters[: layout.n_constant] = (0.3 * np.eye(n_series) + 0.05)[np.tril_indices(n_series)][: layout.n_constant]
    for column, level in zip(layout.columns(), (0.25, 0.85), strict=True):
        for i, j in np.argwhere(column >= 0):
            parameters[column[i, j]] = level + 0.02 * i if i == j else 0.03 * rng.standard_normal()
    if student:
        parameters[-1] = 6.0
    return BEKKLikelihood(layout, residuals, residuals.T @ residuals / 40), parameters


CASES = [(form, d, targeting, student) for form in FORMS for d in (2, 3) for targeting in (0, 1) for student in (0, 1)]


@pytest.mark.parametrize(("form", "n_series", "targeting", "student"), CASES)
def test_bekk_likelihood_equals_recursion_written_down(form: Any, n_series: int, targeting: int, student: int) -> None:
    likelihood, parameters = some_likelihood(form, n_series, bool(targeting), bool(student))
    target = likelihood.target
    made = likelihood.layout.matrices(parameters, target)
    constant = target - made.a.T @ target @ made.a - made.b.T @ target @ made.b if targeting else made.constant
    path = slow_covariances(likelihood.residuals, target, constant, made.a, made.b)
    slow = slow_log_likelihood(likelihood.residuals, path, made.freedom)
    assert likelihood.value(parameters) == pytest.approx(slow, rel=1e-12)


@pytest.mark.parametrize(("form", "n_series", "targeting", "student"), CASES)
def test_bekk_gradient_equals_differences(form: Any, n_series: int, targeting: int, student: int) -> None:
    likelihood, parameters = some_likelihood(form, n_series, bool(targeting), bool(student))
    steps = 1e-5 * np.eye(len(parameters))
    differences = [(likelihood.value(parameters + h) - likelihood.value(parameters - h)) / 2e-5 for h in steps]
    scores, information = likelihood.slopes(parameters)
    np.testing.assert_allclose(scores.sum(axis=0), differences, rtol=1e-6, atol=1e-5)
    assert np.linalg.eigvalsh(information)[0] > 0.0
    if targeting:
        barriers = [
            (likelihood.barrier(parameters + h)[0] - likelihood.barrier(parameters - h)[0]) / 2e-5 for h in steps
        ]
        np.testing.assert_allclose(likelihood.barrier(parameters)[1], barriers, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("form", "n_series", "targeting", "student"), CASES)
def test_bekk_gradient_backwards_equals_scores_carried_forward(
    form: Any, n_series: int, targeting: int, student: int
) -> None:
    likelihood, parameters = some_likelihood(form, n_series, bool(targeting), bool(student))
    value, gradient = likelihood.gradient(parameters, barrier=0.1)
    level, slopes, _ = likelihood.barrier(parameters)
    forwards = likelihood.slopes(parameters, informed=False)[0].sum(axis=0) + 0.1 * slopes
    assert value == pytest.approx(likelihood.value(parameters) + 0.1 * level, rel=1e-12)
    np.testing.assert_allclose(gradient, forwards, rtol=1e-9, atol=1e-9 * np.abs(forwards).max())
    beyond = np.full_like(parameters, np.nan)
    assert likelihood.gradient(beyond)[0] == -np.inf


def test_bekk_information_is_the_mean_product_of_scores_under_the_model() -> None:
    changes = simulate(6_000, A, B, LONG_RUN, 3)
    layout = Layout("full", 2, False, False)
    constant = LONG_RUN - A.T @ LONG_RUN @ A - B.T @ LONG_RUN @ B
    truth = np.concatenate([np.linalg.cholesky(constant)[np.tril_indices(2)], A.ravel(), B.ravel()])
    scores, information = BEKKLikelihood(layout, changes, LONG_RUN).slopes(truth)
    size = np.sqrt(np.diag(information))
    np.testing.assert_allclose(scores.T @ scores / np.outer(size, size), information / np.outer(size, size), atol=0.12)


def test_bekk_names_say_form_and_targeting() -> None:
    names = ("c11", "c21", "c22", "a11", "a12", "a21", "a22", "b11", "b12", "b21", "b22")
    assert Layout("full", 2, False, False).names == names
    assert Layout("diagonal", 2, True, True).names == ("a11", "a22", "b11", "b22", "degrees_of_freedom")
    assert Layout("scalar", 10, True, False).names == ("a", "b")
    assert Layout("diagonal", 10, True, False).names[9] == "a10,10"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("targeting", [False, True])
def test_bekk_signs_identify_and_leave_likelihood_alone(form: Any, targeting: bool) -> None:
    likelihood, parameters = some_likelihood(form, 3, targeting, False)
    turned = likelihood.layout.signed(-parameters)
    assert likelihood.value(turned) == pytest.approx(likelihood.value(-parameters), rel=1e-13)
    assert turned[likelihood.layout.n_constant] > 0.0
    assert turned[-likelihood.layout.n_loadings] > 0.0
    if not targeting:
        assert np.all(np.diag(likelihood.layout.root(turned)) > 0.0)


@pytest.mark.compiled
@pytest.mark.parametrize("freedom", [0.0, 6.0])
def test_bekk_full_recovers_simulated_truth_within_its_errors(freedom: float) -> None:
    X, y = clustered(4_000, seed=11, freedom=freedom)
    fitted = BEKK(distribution="t" if freedom else "normal", mean="zero").fit(X, y)
    assert fitted.convergence_.converged
    assert fitted.convergence_.starts == 2
    scale = fitted._scale
    for name, truth in (("a", A), ("b", B)):
        for i in range(2):
            for j in range(2):
                own = truth[i, j] * scale[i] / scale[j]  # parameters stand on residuals of unit variance
                key = f"{name}{i + 1}{j + 1}"
                assert abs(fitted.parameters_[key] - own) < 4.0 * fitted.parameter_errors_[key], key
    if freedom:
        assert (
            abs(fitted.parameters_["degrees_of_freedom"] - freedom)
            < 4.0 * fitted.parameter_errors_["degrees_of_freedom"]
        )
    assert fitted.persistence_ == pytest.approx(0.94, abs=0.04)


@pytest.mark.compiled
def test_bekk_robust_errors_agree_with_the_spread_over_samples() -> None:
    fits = [BEKK("diagonal", mean="zero").fit(*clustered(1_500, seed=seed)) for seed in range(24)]
    assert all(fitted.convergence_.converged for fitted in fits)
    for name in ("a11", "a22", "b11", "b22"):
        spread = np.std([fitted.parameters_[name] for fitted in fits], ddof=1)
        claimed = np.median([fitted.parameter_errors_[name] for fitted in fits])
        assert 0.5 < claimed / spread < 2.0, name


@pytest.mark.compiled
def test_bekk_interval_of_a_constant_ratio_covers_it() -> None:
    covered = 0
    for seed in range(40):
        X, y = plain(1_000, seed)
        fitted = BEKK("scalar").fit(X, y)
        covered += abs(fitted.hedge_ratio_[0] - 0.9) <= 1.959964 * fitted.standard_error_[0]
    assert covered >= 34


@pytest.mark.compiled
def test_bekk_richer_form_is_at_least_as_likely() -> None:
    X, y = clustered(1_200, seed=2)
    likelihoods = [BEKK(form).fit(X, y).log_likelihood_ for form in ("scalar", "diagonal", "full")]
    assert likelihoods[0] <= likelihoods[1] + 1e-3
    assert likelihoods[1] <= likelihoods[2] + 0.5  # the full form's constant is free, the others' is held


@pytest.mark.compiled
def test_bekk_path_of_covariances_is_positive_definite_and_gives_the_ratio() -> None:
    X, y = clustered(900, seed=4)
    fitted = BEKK().fit(X, y)
    path = fitted.covariance_path(X, y)
    assert path.shape == (901, 2, 2)
    assert np.linalg.eigvalsh(path).min() > 0.0
    np.testing.assert_allclose(fitted.ratio_path(X, y)[:, 0], path[:-1, 0, 1] / path[:-1, 0, 0], rtol=1e-12)
    assert fitted.hedge_ratio_[0] == pytest.approx(path[-1, 0, 1] / path[-1, 0, 0], rel=1e-12)
    np.testing.assert_allclose(path[-1], fitted.covariance_, rtol=1e-12)


@pytest.mark.compiled
@pytest.mark.parametrize("estimator", [BEKK(minimum_rows=40), BEKK("diagonal", "t", minimum_rows=40)], ids=repr)
def test_bekk_altered_future_leaves_past_bit_equal(estimator: BEKK) -> None:
    X, y = clustered(150, seed=5)
    assert_causal(estimator, X, y, first=146, cuts=1)


@pytest.mark.compiled
def test_bekk_rescaled_changes_rescale_ratio_and_likelihood() -> None:
    X, y = clustered(800, seed=6)
    plain, scaled = BEKK().fit(X, y), BEKK().fit(1e-8 * X, 1e8 * y)
    np.testing.assert_allclose(scaled.hedge_ratio_, 1e16 * plain.hedge_ratio_, rtol=1e-6)
    np.testing.assert_allclose(scaled.standard_error_, 1e16 * plain.standard_error_, rtol=1e-4)
    assert scaled.log_likelihood_ == pytest.approx(plain.log_likelihood_, rel=1e-8)


@pytest.mark.compiled
def test_bekk_hedge_turned_over_turns_ratio_over() -> None:
    X, y = clustered(800, seed=6)
    plain, turned = BEKK().fit(X, y), BEKK().fit(-X, y)
    np.testing.assert_allclose(turned.hedge_ratio_, -plain.hedge_ratio_, rtol=1e-5)
    assert turned.parameters_["a12"] == pytest.approx(-plain.parameters_["a12"], abs=1e-4)


@pytest.mark.compiled
@pytest.mark.parametrize("form", ["scalar", "diagonal"])
def test_bekk_reordered_hedges_reorder_ratios(form: Any) -> None:
    rng = np.random.default_rng(8)
    X = rng.standard_normal((120, 3)) * np.repeat([1.0, 2.0, 0.7], 40)[:, None]
    y = X @ [0.5, 0.3, -0.2] + 0.5 * rng.standard_normal(120)
    plain = BEKK(form, minimum_rows=50).fit(X, y)
    reordered = BEKK(form, minimum_rows=50).fit(X[:, [2, 0, 1]], y)
    np.testing.assert_allclose(reordered.hedge_ratio_, plain.hedge_ratio_[[2, 0, 1]], rtol=1e-4, atol=1e-5)


def test_bekk_changes_without_clusters_give_the_constant_ratio() -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_t(4, (150, 1))
    y = 0.9 * X[:, 0] + 0.4 * rng.standard_t(3, 150)
    fitted = BEKK("scalar", minimum_rows=100).fit(X, y)
    assert fitted.convergence_.converged
    assert fitted.hedge_ratio_[0] == pytest.approx(np.cov(X[:, 0], y)[0, 1] / np.var(X, ddof=1), rel=1e-3)
    assert np.isnan(fitted.parameter_errors_["b"]), "nothing tells b apart where a is zero"
    assert fitted.standard_error_[0] == pytest.approx(OLS().fit(X, y).standard_error_[0], rel=0.1)


def test_bekk_series_that_move_as_one_do_not_converge_and_keep_a_finite_ratio() -> None:
    X, _ = clustered(120)
    for distribution in ("normal", "t"):
        fitted = BEKK(distribution=distribution, minimum_rows=100).fit(X, 2.0 * X[:, 0])  # type: ignore[arg-type]
        assert not fitted.convergence_.converged
        assert "move as one" in fitted.convergence_.reason
        assert fitted.hedge_ratio_[0] == pytest.approx(2.0, rel=1e-9)
    path = BEKK(minimum_rows=100).refit(X, 2.0 * X[:, 0], np.array([110]), "update")
    assert "move as one" in path.failures[0].reason
    assert np.isnan(path.ratios).all()


@pytest.mark.compiled
def test_bekk_wild_row_is_a_failure_told_or_a_held_mean() -> None:
    X, y = clustered(120, seed=9)
    y = y.copy()
    y[60] = 1e6
    free, held = BEKK(targeting=False, minimum_rows=100).fit(X, y), BEKK(minimum_rows=100).fit(X, y)
    assert "no mean" in free.convergence_.reason
    assert held.targeting_
    assert held.persistence_ < 1.0
    for form in FORMS:
        fitted = BEKK(form, minimum_rows=100).fit(X, y)
        assert np.isfinite(fitted.hedge_ratio_).all()
        assert fitted.convergence_.converged == (not fitted.convergence_.reason)


@pytest.mark.parametrize("n_obs", [6, 12, 30])
def test_bekk_few_rows_end_in_a_value(n_obs: int) -> None:
    X, y = clustered(n_obs, seed=1)
    fitted = BEKK(minimum_rows=2).fit(X, y)
    assert np.isfinite(fitted.hedge_ratio_).all()


def test_bekk_refusals_are_sentences() -> None:
    X, y = clustered(100)
    many = np.random.default_rng(0).standard_normal((100, 6))
    with pytest.raises(DataError, match="at least 750 rows"):
        BEKK().fit(X, y)
    with pytest.raises(InputError, match="form must be one of"):
        BEKK("triangular").fit(X, y)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="targeting must be"):
        BEKK(targeting="yes").fit(X, y)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="use form='diagonal'"):
        BEKK(minimum_rows=50).fit(many, y)


@pytest.mark.compiled
def test_bekk_refit_leaves_errors_out_and_gives_the_same_ratio() -> None:
    X, y = clustered(800, seed=3)
    path = clone(BEKK()).refit(X, y, np.array([780]), "hold")
    np.testing.assert_array_equal(path.ratios[780], BEKK().fit(X[:780], y[:780]).hedge_ratio_)
