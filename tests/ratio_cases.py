"""The methods of the family in the settings that the contract tests run, and changes to run them on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.ratios import (
    EWMA,
    OLS,
    ErrorCorrection,
    ExpandingOLS,
    Fixed,
    Huber,
    Naive,
    RollingOLS,
    TheilSen,
    TotalLeastSquares,
)

ESTIMATED = [
    OLS(),
    OLS(errors="classical", intercept=False),
    OLS(window=15),
    RollingOLS(window=15),
    ExpandingOLS(),
    EWMA(),
    EWMA(halflife=20.0, demean=True),
    TotalLeastSquares(),
    TotalLeastSquares(error_variance_ratio=0.5),
    Huber(),
    TheilSen(),
    ErrorCorrection(),
    ErrorCorrection(lags=1),
]
GIVEN = [Naive(), Fixed(0.8)]
ALL = ESTIMATED + GIVEN


def changes(n_obs: int = 120, n_hedges: int = 1, seed: int = 0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    X = rng.standard_t(4, (n_obs, n_hedges)) * 0.02 + 0.001
    y = X @ np.linspace(0.9, 0.4, n_hedges) + 0.008 * rng.standard_t(3, n_obs)
    return X, y


def hedges_of(estimator: Any) -> list[int]:
    return [1] if isinstance(estimator, TheilSen) else [1, 3]


CASES = [
    pytest.param(estimator, n_hedges, id=f"{estimator!r}-{n_hedges}")
    for estimator in ALL
    for n_hedges in hedges_of(estimator)
]
ESTIMATED_CASES = [
    pytest.param(estimator, n_hedges, id=f"{estimator!r}-{n_hedges}")
    for estimator in ESTIMATED
    for n_hedges in hedges_of(estimator)
]
