"""The search for two regimes: two other searches as oracles, many starts, bounds, and reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.overlays import RegimeModel
from hedgerow.overlays.regime_search import find_two_regimes
from hedgerow.ratios.markov_likelihood import RegimeLikelihood
from hedgerow.ratios.markov_search import find_regimes


def scaled(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std()


def real_windows() -> list[np.ndarray]:
    """Return log levels of the real index: expanding and rolling, calm and wild."""
    vix = pd.read_csv(shared_data("vix_index_daily.csv"), index_col=0)["close"]
    values = np.log(vix.to_numpy())
    return [values[:700], values[:2000], values[1000:2500], values[2500:4000], values[4300:5300], values[5200:6700]]


@pytest.mark.compiled
def test_search_is_no_worse_than_that_of_the_ratios_on_real_windows() -> None:
    for values in real_windows():
        y = scaled(values)
        other = find_regimes(RegimeLikelihood(np.ones((len(y), 1)), y, 2, True), 8)
        found = find_two_regimes(y)
        assert found.log_likelihood > other.log_likelihood - 1e-6
        if found.log_likelihood < other.log_likelihood + 1e-6:
            order = np.argsort(found.point[2:4])
            np.testing.assert_allclose(found.point[:2][order], other.regimes.coefficients[:, 0], atol=1e-5)
            errors = np.sqrt(np.diag(found.covariance))[:2][order]
            np.testing.assert_allclose(errors, np.sqrt(np.diag(other.covariance))[:2], rtol=1e-4)


@pytest.mark.compiled
def test_search_is_no_worse_than_statsmodels_and_of_the_same_likelihood_at_its_point() -> None:
    from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

    for values in (real_windows()[0], real_windows()[4]):
        other = MarkovRegression(values, 2, switching_variance=True)
        start = [0.98, 0.02, *np.quantile(values, [0.25, 0.75]), values.var() / 2.0, values.var() / 2.0]
        best = other.fit(start_params=start, em_iter=0, maxiter=200, disp=False)  # its own start finds a variance of 0
        found = RegimeModel.fit(values)
        assert found.log_likelihood > best.llf - 1e-6
        variances = [found.low_deviation**2, found.high_deviation**2]
        point = [1.0 - found.chain.p_low_high, found.chain.p_high_low, found.low_mean, found.high_mean, *variances]
        assert found.log_likelihood == pytest.approx(other.loglike(np.array(point)), abs=1e-8)


@pytest.mark.compiled
def test_search_leaves_no_slope_and_does_not_feel_what_was_fitted_before() -> None:
    y = scaled(np.random.default_rng(2).standard_normal(400) + 2.0 * (np.arange(400) // 80 % 2))
    first = find_two_regimes(y)
    find_two_regimes(scaled(y**3))
    again = find_two_regimes(y.copy())
    np.testing.assert_array_equal(first.point, again.point)
    assert (first.reason, first.log_likelihood) == ("", again.log_likelihood)


@pytest.mark.compiled
@pytest.mark.parametrize("seed", range(6))
def test_search_says_why_where_nothing_tells_regimes_apart(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lonely = rng.standard_normal(150)
    lonely[70:73] = 60.0
    found = find_two_regimes(scaled(lonely))
    assert found.reason.startswith("a regime emptied: it holds ")
    assert np.isfinite(found.log_likelihood)


@pytest.mark.compiled
def test_search_of_a_state_that_sticks_collapses_and_says_so() -> None:
    sticks = np.random.default_rng(1).standard_normal(300)
    sticks[100:200] = 0.25
    assert "variance of a regime collapsed" in find_two_regimes(scaled(sticks)).reason


@pytest.mark.compiled
def test_search_of_a_state_that_never_stays_ends_on_its_bound() -> None:
    """Single high rows: the chance to leave is 1 but for what 15 log odds leave of it, and not uncertain."""
    single = 0.3 * np.random.default_rng(1).standard_normal(400)
    single[np.arange(7, 400, 10) + np.random.default_rng(2).integers(0, 5, 40)] += 5.0
    found = find_two_regimes(scaled(single))
    high = int(np.argmax(found.point[:2]))
    assert found.reason == ""
    assert found.point[4 + high] == 15.0
    errors = np.diag(found.covariance)
    assert (errors == 0.0).tolist() == [False] * 4 + [high == 0, high == 1]
