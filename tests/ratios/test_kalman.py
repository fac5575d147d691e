"""The Kalman filter: against statsmodels' state space, and on simulated truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from statsmodels.tsa.statespace.initialization import Initialization
from statsmodels.tsa.statespace.mlemodel import MLEModel

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.ratios import OLS, Kalman
from laws import assert_causal


def moving(n_obs: int = 400, seed: int = 0, noise: float = 0.5, drift: float = 0.02) -> tuple[Any, Any, Any]:
    """Return hedge (n, 1), exposure and the true ratio, a random walk."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n_obs) + 0.3
    ratio = 1.0 + np.cumsum(rng.standard_normal(n_obs) * drift)
    intercept = np.cumsum(rng.standard_normal(n_obs) * 0.01)
    return x[:, None], intercept + ratio * x + noise * rng.standard_normal(n_obs), ratio


class Oracle(MLEModel):
    """The same model in statsmodels: hedges' states first (levels, then deviations), the intercept last."""

    def __init__(self, X: Any, y: Any, reverting: bool = False, intercept: bool = True) -> None:
        k = X.shape[1]
        blocks = [X, X] if reverting else [X]
        design = np.column_stack([*blocks, np.ones((len(y), int(intercept)))])
        y = np.where(np.isnan(X).any(axis=1), np.nan, y)
        super().__init__(y, k_states=design.shape[1], k_posdef=design.shape[1])
        self.ssm["design"] = np.nan_to_num(design).T[None]
        self.ssm["selection"] = np.eye(design.shape[1])
        self.ssm["transition"] = np.eye(design.shape[1])
        self.deviations = range(k, 2 * k) if reverting else range(0)
        self.ssm.initialize_diffuse()

    @property
    def start_params(self) -> Any:
        """Logarithms of the variances of noise, ratio and intercept."""
        return np.log([0.3, 1e-4, 1e-4])

    def update(self, params: Any, **kwargs: Any) -> None:
        """Take log variances, as a search does."""
        self.put(np.exp(params[0]), np.exp(params[1:]), np.ones(len(params) - 1))

    def put(self, noise: float, variances: Any, persistence: Any) -> None:
        self["obs_cov", 0, 0] = noise
        for state, (variance, phi) in enumerate(zip(variances, persistence, strict=True)):
            self["state_cov", state, state] = variance
            self["transition", state, state] = phi
        if self.deviations:
            start = Initialization(self.k_states)
            for state in range(self.k_states):
                if state in self.deviations:
                    dwelling = np.array([[variances[state] / (1.0 - persistence[state] ** 2)]])
                    start.set(state, "known", constant=np.zeros(1), stationary_cov=dwelling)
                else:
                    start.set(state, "diffuse")
            self.ssm.initialize(start)


def oracle_of(fitted: Kalman, X: Any, y: Any) -> Any:
    """Return statsmodels' smoother with the parameters of ``fitted``."""
    k, reverting = X.shape[1], fitted.ratio == "mean_reverting"
    oracle = Oracle(X, y, reverting, fitted.intercept is not False)
    levels = [np.zeros(k)] if reverting else []
    last = [] if fitted.intercept is False else [[fitted.intercept_variance_]]
    variances = np.concatenate([*levels, fitted.ratio_variance_, *last])
    phi = np.concatenate([*[np.ones(k) for _ in levels], np.nan_to_num(fitted.persistence_), *[[1.0] for _ in last]])
    oracle.put(fitted.noise_variance_, variances, phi)
    return oracle.ssm.smooth()


@pytest.mark.parametrize(
    ("options", "n_hedges"),
    [
        ({}, 1),
        ({"intercept": False}, 1),
        ({"intercept": "constant"}, 2),
        ({}, 3),
        ({"ratio": "mean_reverting"}, 1),
        ({"ratio": "mean_reverting", "intercept": False}, 2),
    ],
)
@pytest.mark.parametrize("missing", [False, True])
def test_filter_smoother_likelihood_equal_statsmodels(options: Any, n_hedges: int, missing: bool) -> None:
    X, y, _ = moving(120, seed=4)
    X = np.column_stack([X, 0.02 * np.random.default_rng(1).standard_normal((len(y), n_hedges - 1))])
    if missing:
        y[[1, 40, 41, 42]], X[77, -1] = np.nan, np.nan
    fitted = Kalman(**options).fit(X, y)
    truth = oracle_of(fitted, X, y)
    blocks = 2 if fitted.ratio == "mean_reverting" else 1

    def ratios(states: Any) -> Any:
        return sum(states[block * n_hedges : (block + 1) * n_hedges] for block in range(blocks)).T

    path = fitted._filtered(X, y)
    known = np.isfinite(path).all(axis=1)
    assert known.sum() >= len(path) - n_hedges - 1 - 1 * missing
    np.testing.assert_allclose(path[known], ratios(truth.predicted_state)[known], rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(fitted.smoothed_path(X, y), ratios(truth.smoothed_state), rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(fitted.hedge_ratio_, path[-1], rtol=1e-12)
    last = truth.predicted_state_cov[:, :, -1]
    loads = np.hstack([np.eye(n_hedges)] * blocks + [np.zeros((n_hedges, len(last) - blocks * n_hedges))])
    np.testing.assert_allclose(fitted.standard_error_, np.sqrt(np.diag(loads @ last @ loads.T)), rtol=1e-7)
    assert fitted.log_likelihood_ == pytest.approx(float(truth.llf), rel=1e-8)


@pytest.mark.parametrize("seed", [0, 1])
def test_variances_likelihood_equals_statsmodels_search(seed: int) -> None:
    X, y, _ = moving(800, seed)
    oracle = Oracle(X, y)
    found = oracle.fit(disp=0)
    fitted = Kalman().fit(X, y)
    assert fitted.convergence_.converged
    assert fitted.log_likelihood_ > float(found.llf) - 0.01
    assert fitted.log_likelihood_ == pytest.approx(float(found.llf), abs=0.01)


def test_variances_zero_is_recursive_least_squares() -> None:
    rng = np.random.default_rng(8)
    X = rng.standard_normal((400, 2))
    y = X @ [0.9, 0.3] + 0.2 + 0.4 * rng.standard_normal(400)
    fitted = Kalman().fit(X, y)
    assert fitted.convergence_.converged
    np.testing.assert_array_equal(fitted.ratio_variance_ == 0.0, True)
    assert fitted.intercept_variance_ == 0.0
    ols = OLS(errors="classical").fit(X, y)
    np.testing.assert_allclose(fitted.hedge_ratio_, ols.hedge_ratio_, rtol=1e-10)
    np.testing.assert_allclose(fitted.standard_error_, ols.standard_error_, rtol=1e-10)
    assert fitted.intercept_ == pytest.approx(ols.intercept_, rel=1e-9)


@pytest.mark.compiled
def test_ratio_simulated_constant_truth_recovered_and_covered() -> None:
    rng = np.random.default_rng(20)
    errors, covered, samples = [], 0, 150
    for _ in range(samples):
        x = rng.standard_normal(1000)
        y = 0.9 * x + 0.1 + 0.5 * rng.standard_normal(1000)
        fitted = Kalman().fit(x[:, None], y)
        errors.append(float(fitted.hedge_ratio_[0]) - 0.9)
        covered += abs(errors[-1]) < 1.96 * fitted.standard_error_[0]
    assert abs(np.mean(errors)) <= 0.005
    assert 0.91 <= covered / samples <= 0.99


@pytest.mark.compiled
def test_variances_simulated_moving_truth_recovered() -> None:
    X, y, ratio = moving(3000, seed=2)
    fitted = Kalman().fit(X, y)
    assert fitted.noise_variance_ == pytest.approx(0.25, rel=0.1)
    assert fitted.ratio_variance_[0] == pytest.approx(4e-4, rel=0.5)
    inside = np.abs(fitted.ratio_path(X, y)[500:, 0] - ratio[500:]) < 1.96 * fitted.standard_error_[0] * 1.1
    assert 0.9 < inside.mean() < 0.99
    smoothed = np.mean((fitted.smoothed_path(X, y)[:, 0] - ratio) ** 2)
    assert smoothed < np.nanmean((fitted.ratio_path(X, y)[:, 0] - ratio) ** 2)


@pytest.mark.compiled
def test_persistence_simulated_truth_recovered() -> None:
    rng = np.random.default_rng(6)
    n = 4000
    deviation = np.zeros(n)
    for row in range(1, n):
        deviation[row] = 0.9 * deviation[row - 1] + 0.1 * rng.standard_normal()
    x = rng.standard_normal(n)
    y = (0.8 + deviation) * x + 0.3 * rng.standard_normal(n)
    fitted = Kalman(ratio="mean_reverting").fit(x[:, None], y)
    assert fitted.convergence_.converged
    assert fitted.persistence_[0] == pytest.approx(0.9, abs=0.04)
    assert fitted.level_[0] == pytest.approx(0.8, abs=0.06)
    assert fitted.ratio_variance_[0] == pytest.approx(0.01, rel=0.4)


@pytest.mark.compiled
@pytest.mark.parametrize(
    "estimator",
    [
        Kalman(ratio="mean_reverting", minimum_rows=20),
        Kalman(start="steady_state", intercept="constant", minimum_rows=20),
    ],
    ids=repr,
)
def test_ratios_altered_future_leaves_past_bit_equal(estimator: Any) -> None:
    X, y, _ = moving(80)
    assert_causal(estimator, X, y, cuts=2, every=12)


@pytest.mark.parametrize("ratio", ["random_walk", "mean_reverting"])
@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_ratio_other_units_scales(ratio: Any, scale: float) -> None:
    X, y, _ = moving(150)
    plain = Kalman(ratio=ratio).fit(X, y)
    scaled = Kalman(ratio=ratio).fit(scale * X, y)
    np.testing.assert_allclose(scaled.hedge_ratio_ * scale, plain.hedge_ratio_, rtol=1e-6)
    np.testing.assert_allclose(scaled.standard_error_ * scale, plain.standard_error_, rtol=1e-5)


def test_missing_rows_teach_nothing_and_path_goes_on() -> None:
    X, y, _ = moving(200)
    y[60:80] = np.nan
    fitted = Kalman(intercept="constant").fit(X, y)
    path = fitted.ratio_path(X, y)
    np.testing.assert_array_equal(path[61:80], np.tile(path[60], (19, 1)))
    assert np.isfinite(path[2:]).all()
    assert fitted.n_obs_ == 180
    assert 0.0 < fitted.r_squared_ < 1.0
    refitted = clone(fitted).refit(X, y, np.array([100, 150]), "update")
    assert np.isfinite(refitted.ratios[100:]).all()
    assert not refitted.failures


def test_infinite_change_is_refused_and_ends_the_path() -> None:
    X, y, _ = moving(150)
    fitted = Kalman().fit(X, y)
    y[100] = np.inf
    assert np.isnan(fitted.ratio_path(X, y)[101:]).all()
    assert np.isfinite(fitted.ratio_path(X, y)[2:101]).all()
    with pytest.raises(DataError, match="inf at row 100"):
        Kalman().fit(X, y)
    with pytest.raises(DataError, match="smoothed path"):
        fitted.smoothed_path(X, y)


def test_steady_state_start_has_a_ratio_at_once_and_forgets() -> None:
    X, y, _ = moving(400)
    diffuse, steady = Kalman().fit(X, y), Kalman(start="steady_state").fit(X, y)
    assert np.isnan(diffuse.ratio_path(X, y)[:2]).all()
    path = steady.ratio_path(X, y)
    assert path[0] == pytest.approx(OLS().fit(X, y).hedge_ratio_)
    assert np.isfinite(path).all()
    np.testing.assert_allclose(steady.hedge_ratio_, diffuse.hedge_ratio_, rtol=1e-3)
    np.testing.assert_allclose(steady.standard_error_, diffuse.standard_error_, rtol=1e-3)


def test_hedge_that_explains_everything_keeps_its_ratio() -> None:
    X, _, _ = moving(100)
    fitted = Kalman().fit(X, 2.5 * X[:, 0] + 1.0)
    assert fitted.convergence_.converged
    np.testing.assert_allclose(fitted.hedge_ratio_, 2.5, rtol=1e-12)
    np.testing.assert_array_equal(fitted.standard_error_, 0.0)
    np.testing.assert_allclose(fitted.ratio_path(X, 2.5 * X[:, 0] + 1.0)[2:], 2.5, rtol=1e-9)


@pytest.mark.parametrize(
    "awkward",
    [
        "outlier",
        "hedge stands still at first",
        "almost collinear",
        pytest.param("ten hedges", marks=pytest.mark.compiled),
    ],
)
def test_fit_awkward_rows_gives_finite_ratios(awkward: str) -> None:
    X, y, _ = moving(160)
    if awkward == "outlier":
        y[100] = 1e6
    elif awkward == "hedge stands still at first":
        X[:60] = 0.0
    elif awkward == "almost collinear":
        X = np.column_stack([X, X + 1e-6 * np.random.default_rng(3).standard_normal(X.shape)])
    else:
        X = np.column_stack([X, np.random.default_rng(3).standard_normal((len(y), 9))])
    fitted = Kalman().fit(X, y)
    assert np.isfinite(fitted.hedge_ratio_).all()
    assert np.isfinite(fitted.standard_error_).all()
    path = fitted.ratio_path(X, y)
    first = int(np.argmax(np.isfinite(path[:, 0])))
    assert first <= {"hedge stands still at first": 62, "almost collinear": 20}.get(awkward, X.shape[1] + 1)
    assert np.isfinite(path[first:]).all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"ratio": "jumps"}, "ratio must be"),
        ({"intercept": "moving"}, "intercept must be"),
        ({"start": "cold"}, "start must be"),
        ({"minimum_rows": 0}, "minimum_rows must be"),
    ],
)
def test_fit_unknown_option_is_refused(options: Any, sentence: str) -> None:
    X, y, _ = moving(80)
    with pytest.raises(InputError, match=sentence):
        Kalman(**options).fit(X, y)


def test_fit_too_few_observed_rows_or_too_many_hedges_is_refused() -> None:
    X, y, _ = moving(80)
    y[10:40] = np.nan
    with pytest.raises(DataError, match="at least 60 rows"):
        Kalman().fit(X, y)
    with pytest.raises(InputError, match="at most 10 hedges"):
        Kalman().fit(np.random.default_rng(0).standard_normal((80, 11)), moving(80)[1])


def test_fit_hardly_identified_ratios_is_a_failure_with_finite_ratios() -> None:
    X, y, _ = moving(100)
    X = np.column_stack([X, X + 1e-7 * np.random.default_rng(3).standard_normal(X.shape)])
    fitted = Kalman().fit(X, y)
    assert not fitted.convergence_.converged
    assert "hardly identify" in fitted.convergence_.reason
    assert np.isfinite(fitted.hedge_ratio_).all()
    np.testing.assert_allclose(fitted.hedge_ratio_.sum(), OLS().fit(X[:, :1], y).hedge_ratio_[0], rtol=0.1)


@pytest.mark.compiled
def test_fit_gold_spot_by_futures_equals_statsmodels_likelihood() -> None:
    spot = pd.read_csv(shared_data("gold_spot_daily.csv"), index_col="date")["mid_close"]
    futures = pd.read_csv(shared_data("gold_futures_daily.csv"), index_col="date")["adj_close"]
    table = pd.concat([spot, futures], axis=1, join="inner").diff().dropna().iloc[:1000]
    X, y = table[["adj_close"]].to_numpy(), table["mid_close"].to_numpy()
    fitted = Kalman().fit(X, y)
    assert fitted.convergence_.converged
    found = Oracle(X, y).fit(np.log([y.var() * 0.2, 1e-4, 1e-4]), method="lbfgs", maxiter=200, disp=0)
    assert fitted.log_likelihood_ >= float(found.llf) - 0.01


def test_kalman_reverting_ratio_of_a_perfect_hedge_is_that_hedge() -> None:
    x = np.random.default_rng(0).standard_normal(100)
    fitted = Kalman(ratio="mean_reverting").fit(x[:, None], 0.5 * x)
    assert fitted.hedge_ratio_[0] == pytest.approx(0.5, abs=1e-12)


def test_kalman_ratio_that_jumps_is_found_beside_one_that_crawls() -> None:
    # both are maxima on jet fuel against heating oil; the likelier one has a ratio that jumps from day to day
    spot = pd.read_csv(shared_data("energy_spot_daily.csv"), index_col=0)["usgc_jet_usd_gal"]
    future = pd.read_csv(shared_data("energy_futures_contract1_4_daily.csv"), index_col=0)["HO1"]
    changes = pd.concat([spot, future], axis=1).dropna().diff().dropna().to_numpy()[-2500:]
    fitted = Kalman().fit(changes[:, 1:], changes[:, 0])
    assert fitted.log_likelihood_ > 4390.0
    assert fitted.ratio_variance_[0] > 0.1
