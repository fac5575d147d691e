"""Variances of one series: against arch, published estimates, a slow likelihood, and at the edges."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar

from data import shared_data
from garch_oracle import moving_series, slow_log_likelihood, slow_variances
from hedgerow.errors import DataError, InputError
from hedgerow.ratios.garch.margins import (
    MARGIN_NAMES,
    fit_margin,
    margin_path,
    margin_variance_path,
    margin_variance_slopes,
    recursion_parameters,
    starting_variance,
)


def mark_pound() -> Any:
    return pd.read_csv(shared_data("dem2gbp_daily_returns.csv"))["return_pct"].to_numpy()


def stocks() -> Any:
    from arch.data import sp500

    return 100.0 * sp500.load()["Adj Close"].pct_change().dropna().to_numpy()


def one_series(n_obs: int = 300, seed: int = 3) -> Any:
    return moving_series(n_obs, 2, seed)[:, 0]


@pytest.mark.compiled
@pytest.mark.parametrize("kind", ["garch", "gjr"])
@pytest.mark.parametrize("distribution", ["normal", "t"])
@pytest.mark.parametrize("series", [stocks, mark_pound])
def test_margin_real_returns_equal_arch(series: Any, distribution: Any, kind: Any) -> None:
    from arch import arch_model

    returns = series()
    residuals = returns - returns.mean()
    fit = fit_margin(residuals, kind, distribution=distribution)
    model = arch_model(residuals, mean="Zero", p=1, o=int(kind == "gjr"), q=1, dist=distribution, rescale=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = model.fit(disp="off", show_warning=False, options={"ftol": 1e-12})
    assert fit.convergence.converged, fit.convergence.reason
    np.testing.assert_allclose(fit.parameters, theirs.params.to_numpy(), atol=1e-3)
    assert fit.log_likelihood == pytest.approx(theirs.loglikelihood, abs=1e-2)
    np.testing.assert_allclose(margin_path(residuals, fit)[:-1], theirs.conditional_volatility**2, rtol=1e-3)
    if kind == "garch" and distribution == "normal":
        np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), theirs.std_err.to_numpy(), rtol=1e-2)


@pytest.mark.compiled
def test_margin_mark_pound_gives_published_estimates() -> None:
    # Bollerslev and Ghysels (1996); Fiorentini, Calzolari and Panattoni (1996): constant mean, first variance and
    # square the mean square
    returns = mark_pound()

    def loss(mean: float) -> float:
        return -fit_margin(returns - mean, start="mean_square").log_likelihood

    mean = float(minimize_scalar(loss, bounds=(-0.03, 0.01), method="bounded", options={"xatol": 1e-7}).x)
    fit = fit_margin(returns - mean, start="mean_square")
    assert mean == pytest.approx(-0.00619041, abs=1e-5)
    np.testing.assert_allclose(fit.parameters, [0.0107613, 0.153134, 0.805974], atol=2e-5)
    assert fit.log_likelihood == pytest.approx(-1106.608, abs=2e-3)


@pytest.mark.parametrize("freedom", [0.0, 6.0])
def test_margin_likelihood_equals_slow_one_and_its_gradient_differences(freedom: float) -> None:
    from hedgerow.ratios.garch.margin_kernels import margin_likelihood
    from hedgerow.ratios.garch.margins import squares_and_falls, student_constant

    residuals = one_series(61)
    data = squares_and_falls(residuals)
    parameters = np.array([0.05, 0.07, 0.06, 0.85, freedom])
    start = starting_variance(residuals, "backcast")

    def log_likelihood(values: Any) -> float:
        variances = slow_variances(residuals, *values[:4], start)
        return slow_log_likelihood(residuals[:, None], variances[:-1, None, None], values[4])

    value, *slopes = margin_likelihood(*data, *parameters[:4], start, freedom)
    constant, slope = student_constant(freedom, 1) if freedom else (0.0, 0.0)
    total = value + 61 * (constant - 0.5 * np.log(2 * np.pi))
    assert total == pytest.approx(log_likelihood(parameters), abs=1e-10)
    slopes[4] += 61 * slope
    for number in range(5 if freedom else 4):
        step = np.eye(5)[number] * 1e-5
        difference = (log_likelihood(parameters + step) - log_likelihood(parameters - step)) / 2e-5
        assert slopes[number] == pytest.approx(difference, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("kind", ["garch", "gjr"])
def test_margin_variance_slopes_equal_differences(kind: Any) -> None:
    residuals = one_series(40)
    parameters = np.array([0.05, 0.07, 0.06, 0.85] if kind == "gjr" else [0.05, 0.07, 0.85])
    variances, slopes = margin_variance_slopes(residuals, parameters, kind, 1.3)
    np.testing.assert_allclose(
        variances, slow_variances(residuals, *recursion_parameters(parameters, kind), 1.3), rtol=1e-13
    )
    for number in range(len(parameters)):
        step = np.eye(len(parameters))[number] * 1e-6
        above, below = (margin_variance_path(residuals, parameters + side * step, kind, 1.3) for side in (1, -1))
        np.testing.assert_allclose(slopes[:, number], (above - below) / 2e-6, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("kind", ["garch", "gjr"])
@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_margin_other_scale_same_but_for_omega(kind: Any, scale: float) -> None:
    residuals = one_series()
    plain, scaled = fit_margin(residuals, kind), fit_margin(scale * residuals, kind)
    np.testing.assert_allclose(scaled.parameters[1:], plain.parameters[1:], rtol=1e-6, atol=1e-9)
    assert scaled.parameters[0] / scale**2 == pytest.approx(plain.parameters[0], abs=1e-7)
    assert scaled.log_likelihood == pytest.approx(plain.log_likelihood - 300 * np.log(scale), abs=1e-6)


def test_margin_variance_targeting_gives_the_mean_square_in_the_long_run() -> None:
    residuals = one_series()
    targeted, free = fit_margin(residuals, variance_targeting=True), fit_margin(residuals)
    long_run = targeted.parameters[0] / (1.0 - targeted.persistence)
    assert long_run == pytest.approx(np.mean(residuals**2), rel=1e-9)
    assert targeted.log_likelihood <= free.log_likelihood + 1e-9
    assert np.all(np.isfinite(np.diag(targeted.covariance)))


def test_margin_squares_all_equal_give_that_variance() -> None:
    residuals = np.tile([1.0, -1.0], 100)
    fit = fit_margin(residuals)
    np.testing.assert_allclose(margin_path(residuals, fit), 1.0, rtol=1e-3)
    assert np.isfinite(fit.parameters).all()


@pytest.mark.parametrize("n_obs", [3, 5, 10, 40])
def test_margin_few_rows_finite(n_obs: int) -> None:
    fit = fit_margin(np.random.default_rng(n_obs).standard_normal(n_obs), "gjr")
    assert np.isfinite(fit.parameters).all()
    assert np.isfinite(margin_path(np.ones(5), fit)).all()


def test_margin_huge_outlier_finite_and_persistence_below_one() -> None:
    residuals = one_series()
    residuals[150] = 1e4
    fit = fit_margin(residuals, "gjr")
    assert np.isfinite(fit.parameters).all()
    assert fit.persistence < 1.0
    assert np.all(margin_path(residuals, fit) > 0.0)


def test_margin_random_walk_of_variance_stays_inside() -> None:
    rng = np.random.default_rng(4)
    residuals = np.exp(0.1 * np.cumsum(rng.standard_normal(400))) * rng.standard_normal(400)
    fit = fit_margin(residuals)
    assert fit.convergence.converged, fit.convergence.reason
    assert 0.9 < fit.persistence < 1.0


def test_margin_all_zero_or_unknown_kind_refused() -> None:
    with pytest.raises(DataError, match="all zero"):
        fit_margin(np.zeros(50))
    with pytest.raises(InputError, match="'garch' or 'gjr'"):
        fit_margin(np.ones(50), "arch")  # type: ignore[arg-type]
    assert set(MARGIN_NAMES) == {"garch", "gjr"}


def test_margin_variance_stays_above_omega_where_falls_do_not_count() -> None:
    residuals = np.array([0.5, -1e9, -3e9, 0.2, -0.1])
    path = margin_variance_path(residuals, np.array([0.1, 0.248514052, -0.248514052, 0.3]), "gjr", 1.0)
    assert (path >= 0.1).all()
    np.testing.assert_allclose(path[2:], 0.1 + 0.3 * path[1:-1] + [0.0, 0.0, 0.248514052 * 0.04, 0.0], rtol=1e-12)


def test_margin_likeliest_at_the_edge_of_persistence_is_found_on_the_edge() -> None:
    """A valley runs into the bound: the search once stopped beside it, where the likelihood still rose."""
    rng = np.random.default_rng(11)
    news = rng.standard_normal(1500)
    variance, residuals = 1.0, np.empty(1500)
    for row, shock in enumerate(news):
        residuals[row] = shock * np.sqrt(variance)
        variance = 1e-5 + 0.14 * residuals[row] ** 2 + 0.88 * variance
    for n_obs in range(600, 1500, 100):
        fit = fit_margin(residuals[:n_obs])
        assert fit.convergence.converged, fit.convergence
    assert fit.persistence == pytest.approx(1.0 - 1e-6, abs=1e-9)
    assert fit.convergence.gradient < 1e-8
