"""Error correction with GARCH errors: against arch, differences, least squares and simulated truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from arch.univariate import GARCH, LS

from hedgerow.errors import DataError, InputError
from hedgerow.ratios import ErrorCorrection
from hedgerow.ratios.error_correction import levels_of
from hedgerow.ratios.garch_regression import garch_regression, regression_scores
from hedgerow.ratios.least_squares import least_squares
from laws import assert_causal

TRUTH = 0.9


def clustered(rng: Any, n_obs: int = 1_000) -> tuple[Any, Any]:
    """Return changes whose levels are drawn back to spot = 0.9 future; the errors are GARCH(0.08, 0.87)."""
    x, errors, variance = rng.normal(size=n_obs), np.empty(n_obs), 0.25
    for t in range(n_obs):
        errors[t] = np.sqrt(variance) * rng.normal()
        variance = 0.0125 + 0.08 * errors[t] ** 2 + 0.87 * variance
    gap = np.zeros(n_obs + 1)
    for t in range(n_obs):
        gap[t + 1] = 0.9 * gap[t] + errors[t]
    return x[:, None], TRUTH * x + np.diff(gap)


@pytest.mark.parametrize(("kind", "falls"), [("garch", 0), ("gjr", 1)])
@pytest.mark.parametrize("seed", [1, 2])
def test_garch_regression_equals_arch(kind: Any, falls: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, y = clustered(rng)
    regressors = np.column_stack([X, rng.normal(size=len(y))])
    volatility = GARCH(1, falls, 1)
    theirs = LS(y, x=regressors, volatility=volatility, rescale=False).fit(disp="off", tol=1e-12)
    ours = garch_regression(regressors, y, kind)
    assert ours.errors is not None
    parameters = [ours.intercept, *ours.slopes, *ours.errors.parameters.values()]
    np.testing.assert_allclose(parameters, theirs.params.to_numpy(), atol=1e-4)
    assert ours.errors.log_likelihood == pytest.approx(theirs.loglikelihood, abs=1e-3)
    errors = [*ours.standard_errors, *ours.errors.parameter_errors.values()]
    np.testing.assert_allclose(errors, theirs.std_err.to_numpy()[1:], rtol=0.15)
    assert ours.convergence.converged


def test_garch_regression_scores_equal_differences() -> None:
    rng = np.random.default_rng(4)
    design, regressand = rng.standard_normal((30, 2)), rng.standard_normal(30)
    point = np.array([0.3, -0.2, 0.1, 0.08, 0.05, 0.8])

    def value(at: Any) -> float:
        scores = np.empty((30, 6))
        total: float = regression_scores(design, regressand, at[:2].copy(), at[2:].copy(), 1.3, np.empty(6), scores)
        return total

    scores = np.empty((30, 6))
    regression_scores(design, regressand, point[:2].copy(), point[2:].copy(), 1.3, np.empty(6), scores)
    differences = [(value(point + step) - value(point - step)) / 2e-6 for step in 1e-6 * np.eye(6)]
    np.testing.assert_allclose(scores.sum(axis=0), differences, rtol=1e-6, atol=1e-7)


def test_error_correction_garch_is_the_regression_of_step_two() -> None:
    X, y = clustered(np.random.default_rng(3), 600)
    fitted = ErrorCorrection(garch="garch").fit(X, y)
    levels = levels_of(X, y)
    _, _, gap = least_squares(levels[:, :-1], levels[:, -1])
    theirs = LS(y, x=np.column_stack([X, gap[:-1]]), volatility=GARCH(1, 0, 1), rescale=False)
    result = theirs.fit(disp="off", tol=1e-12)
    assert fitted.hedge_ratio_[0] == pytest.approx(result.params.iloc[1], abs=1e-4)
    assert fitted.adjustment_ == pytest.approx(result.params.iloc[2], abs=1e-4)
    assert fitted.intercept_ == pytest.approx(result.params.iloc[0], abs=1e-4)
    assert fitted.long_run_ratio_ == pytest.approx(ErrorCorrection().fit(X, y).long_run_ratio_)
    assert ErrorCorrection().fit(X, y).garch_errors_ is None


@pytest.mark.compiled
def test_error_correction_garch_recovers_truth_and_its_interval_covers_it() -> None:
    rng = np.random.default_rng(2)
    errors, covered, plain = [], 0, []
    for _ in range(120):
        X, y = clustered(rng)
        fitted = ErrorCorrection(garch="garch").fit(X, y)
        assert fitted.convergence_.converged
        errors.append(fitted.hedge_ratio_[0] - TRUTH)
        covered += abs(errors[-1]) <= 1.959964 * fitted.standard_error_[0]
        plain.append(ErrorCorrection().fit(X, y).hedge_ratio_[0] - TRUTH)
    assert abs(np.mean(errors)) <= 0.005
    assert 0.89 <= covered / 120 <= 0.99  # 500 samples give 0.962
    assert np.std(errors) < np.std(plain)


@pytest.mark.parametrize(("b", "a"), [(1e-8, 1e8), (1e8, 1e-8)])
def test_error_correction_garch_rescaled_changes_rescale_everything(b: float, a: float) -> None:
    X, y = clustered(np.random.default_rng(5), 520)
    plain, scaled = (ErrorCorrection(garch="gjr").fit(*changes) for changes in ((X, y), (b * X, a * y)))
    np.testing.assert_allclose(scaled.hedge_ratio_, a / b * plain.hedge_ratio_, rtol=1e-9)
    np.testing.assert_allclose(scaled.standard_error_, a / b * plain.standard_error_, rtol=1e-8)
    assert scaled.adjustment_ == pytest.approx(plain.adjustment_, rel=1e-8)
    assert plain.garch_errors_ is not None
    assert scaled.garch_errors_ is not None
    omega, beta = (plain.garch_errors_.parameters[name] for name in ("omega", "beta"))
    assert scaled.garch_errors_.parameters["omega"] == pytest.approx(a * a * omega, rel=1e-7)
    assert scaled.garch_errors_.parameters["beta"] == pytest.approx(beta, rel=1e-7)


def test_error_correction_garch_same_instrument_has_no_errors_to_model() -> None:
    X, _ = clustered(np.random.default_rng(6), 520)
    fitted = ErrorCorrection(garch="garch").fit(X, 2.0 * X[:, 0])
    assert not fitted.convergence_.converged
    assert "leaves no errors" in fitted.convergence_.reason
    assert fitted.hedge_ratio_[0] == pytest.approx(2.0, rel=1e-12)
    assert fitted.garch_errors_ is None


@pytest.mark.parametrize("n_obs", [12, 40])
def test_error_correction_garch_few_rows_or_a_wild_one_end_in_a_value(n_obs: int) -> None:
    X, y = clustered(np.random.default_rng(7), n_obs)
    assert np.isfinite(ErrorCorrection(garch="gjr", minimum_rows=5).fit(X, y).hedge_ratio_).all()
    y = y.copy()
    y[n_obs // 2] = 1e7
    fitted = ErrorCorrection(garch="garch", minimum_rows=5).fit(X, y)
    assert np.isfinite(fitted.hedge_ratio_).all()
    assert fitted.convergence_.converged == (not fitted.convergence_.reason)


@pytest.mark.compiled
def test_error_correction_garch_altered_future_leaves_past_bit_equal() -> None:
    X, y = clustered(np.random.default_rng(1), 160)
    assert_causal(ErrorCorrection(lags=1, garch="garch", minimum_rows=50), X, y, first=156, cuts=1)


def test_error_correction_garch_refusals_are_sentences() -> None:
    X, y = clustered(np.random.default_rng(9), 100)
    with pytest.raises(DataError, match="at least 500 rows"):
        ErrorCorrection(garch="garch").fit(X, y)
    with pytest.raises(InputError, match="garch must be None"):
        ErrorCorrection(garch="egarch").fit(X, y)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="minimum_rows must be"):
        ErrorCorrection(minimum_rows=0).fit(X, y)


def test_error_correction_advises_rows_with_garch_errors_only() -> None:
    assert ErrorCorrection().advised_rows == 0
    assert ErrorCorrection(garch="gjr").advised_rows == 1_000
