"""Simulated truth is found again with honest intervals, and what a method forgets it really forgets."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.ratios import EWMA, OLS, ErrorCorrection, ExpandingOLS, RatioEstimator, RollingOLS

SAMPLES, ROWS, TRUTH = 500, 1_000, 0.9
START_UPS = (199, 399, 499, 999, 1999)


def plain_sample(rng: np.random.Generator, n: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    x = rng.normal(size=(n, 1))
    return x, TRUTH * x[:, 0] + 0.5 * rng.normal(size=n)


def cointegrated_sample(rng: np.random.Generator, n: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """Return changes whose levels are drawn back to spot = 0.9 future by a tenth of the gap per row."""
    x, noise = rng.normal(size=n), 0.5 * rng.normal(size=n)
    gap = np.zeros(n + 1)
    for row in range(n):
        gap[row + 1] = 0.9 * gap[row] + noise[row]
    return x[:, None], TRUTH * x + np.diff(gap)


@pytest.mark.parametrize(
    ("estimator", "draw", "seed"),
    [(OLS(errors="classical"), plain_sample, 1), (OLS(), plain_sample, 1), (ErrorCorrection(), cointegrated_sample, 2)],
    ids=["ols classical", "ols hac", "error correction"],
)
def test_truth_recovered_and_intervals_cover_it(estimator: RatioEstimator, draw: object, seed: int) -> None:
    rng = np.random.default_rng(seed)
    errors, covered = [], 0
    for _ in range(SAMPLES):
        fitted = estimator.fit(*draw(rng))  # type: ignore[operator]
        errors.append(fitted.hedge_ratio_[0] - TRUTH)
        covered += abs(errors[-1]) <= 1.959964 * fitted.standard_error_[0]
    assert abs(np.mean(errors)) <= 0.005
    assert 0.93 <= covered / SAMPLES <= 0.97


@pytest.mark.parametrize("method", [EWMA(), RollingOLS(window=60)], ids=["ewma", "rolling"])
@pytest.mark.parametrize("start_up", START_UPS)
def test_warm_up_beyond_the_memory_changes_the_last_ratio_by_less_than_one_per_cent(
    method: RatioEstimator, start_up: int
) -> None:
    X, y = plain_sample(np.random.default_rng(5), 4_000)
    whole = method.fit(X, y).hedge_ratio_[0]
    short = method.fit(X[-start_up:], y[-start_up:]).hedge_ratio_[0]
    drift = abs(short / whole - 1.0)
    # what 0.94 weights leave out after k rows is 0.94**k: 4.5e-6 of the whole after 199 rows
    assert drift < (1e-9 if isinstance(method, RollingOLS) else max(1e-4 * 0.94 ** (start_up - 199), 1e-9))
    assert drift < 0.01


@pytest.mark.parametrize("method", [ExpandingOLS(), ErrorCorrection()], ids=["expanding", "error correction"])
def test_methods_with_all_rows_as_memory_drift_as_their_standard_error_says(method: RatioEstimator) -> None:
    X, y = cointegrated_sample(np.random.default_rng(6), 4_000)
    whole = method.fit(X, y).hedge_ratio_[0]
    drifts = {}
    for start_up in START_UPS:
        fitted = method.fit(X[-start_up:], y[-start_up:])
        drifts[start_up] = abs(fitted.hedge_ratio_[0] / whole - 1.0)
        assert abs(fitted.hedge_ratio_[0] - whole) < 3.0 * fitted.standard_error_[0]
    # they have no warm-up to end: even 1,999 of 4,000 rows may move the ratio by a few parts in a thousand
    assert drifts[199] < 0.10
    assert drifts[1999] < 0.02
