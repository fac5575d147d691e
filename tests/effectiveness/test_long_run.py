"""Variances of means: equal to statsmodels', and the drawn bootstrap's own variance met by the formula."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.sandwich_covariance import S_hac_simple, weights_uniform

from hedgerow.effectiveness.long_run import (
    Kernel,
    long_run_covariance,
    settled_variance,
    stationary_bootstrap_variance,
)
from hedgerow.effectiveness.resampling import stationary_rows
from hedgerow.errors import InputError

ROWS = np.random.default_rng(3).standard_normal((80, 2)) @ np.array([[1.0, 0.4], [0.0, 2.0]])


@pytest.mark.parametrize("lags", [0, 1, 5])
def test_covariance_bartlett_and_rectangular_are_those_of_statsmodels(lags: int) -> None:
    centred = ROWS - ROWS.mean(axis=0)
    for kernel, weights in (("bartlett", None), ("rectangular", weights_uniform)):
        other = S_hac_simple(centred, lags) if weights is None else S_hac_simple(centred, lags, weights)
        np.testing.assert_allclose(long_run_covariance(ROWS, lags, kernel), other / len(ROWS), rtol=1e-12)  # type: ignore[arg-type]


def test_stationary_bootstrap_variance_is_that_of_its_draws() -> None:
    series = np.cumsum(ROWS, axis=0)[::2] * 0.1
    drawn = np.array([series[rows].mean(axis=0) for rows in stationary_rows(len(series), 4.0, 20_000, 1)])
    formula = stationary_bootstrap_variance(series, 4.0)
    np.testing.assert_allclose(formula, len(series) * drawn.var(axis=0), rtol=0.04)


def test_stationary_bootstrap_variance_single_rows_is_the_sample_variance() -> None:
    np.testing.assert_allclose(stationary_bootstrap_variance(ROWS, 1.0), ROWS.var(axis=0), rtol=1e-12)


def test_settled_variance_rectangular_not_positive_takes_bartlett_and_says_so() -> None:
    alternating = np.tile([1.0, -1.0], 30)
    variance, note = settled_variance(alternating, 1, "rectangular")
    assert variance == pytest.approx(float(long_run_covariance(alternating[:, None], 1, "bartlett")[0, 0]))
    assert variance > 0.0
    assert "Bartlett" in note


@pytest.mark.parametrize(("lags", "kernel"), [(-1, "bartlett"), (80, "bartlett"), (1, "parzen")])
def test_covariance_lags_or_kernel_that_do_not_exist_are_refused(lags: int, kernel: Kernel) -> None:
    with pytest.raises(InputError):
        long_run_covariance(ROWS, lags, kernel)
