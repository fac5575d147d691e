"""The methods of the family in the settings that the contract tests run, and changes to run them on."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from hedgerow.ratios import (
    ADCC,
    BEKK,
    CCC,
    DCC,
    EWMA,
    OLS,
    VECM,
    ErrorCorrection,
    ExpandingOLS,
    Fixed,
    Huber,
    Kalman,
    MarkovSwitching,
    MinimumCVaR,
    MinimumLPM,
    MinimumVaR,
    Naive,
    QuadraticUtility,
    RollingOLS,
    TheilSen,
    TotalLeastSquares,
)

AS_PYTHON = os.environ.get("NUMBA_DISABLE_JIT", "0") != "0"
"""Whether kernels run as plain Python: fewer rows and fewer futures then, or a law would take minutes."""

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
    MinimumCVaR(),
    MinimumLPM(),
    MinimumLPM(order=1, window=18),
    MinimumVaR(),
    QuadraticUtility(risk_aversion=2000.0, expected_carry="sample"),
    CCC(minimum_rows=20),
    DCC(minimum_rows=20),
    ADCC(distribution="t", minimum_rows=20),
    Kalman(minimum_rows=20),
    MarkovSwitching(restarts=1, minimum_rows=20),
    ErrorCorrection(garch="gjr", minimum_rows=20),
    BEKK(form="scalar", minimum_rows=20),
    VECM(max_lags=1, minimum_rows=15),
]
GIVEN = [Naive(), Fixed(0.8)]
ALL = ESTIMATED + GIVEN


def changes(n_obs: int = 120, n_hedges: int = 1, seed: int = 0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    X = rng.standard_t(4, (n_obs, n_hedges)) * 0.02 + 0.001
    y = X @ np.linspace(0.9, 0.4, n_hedges) + 0.008 * rng.standard_t(3, n_obs)
    return X, y


SLOW_WITH_SEVERAL = (TheilSen, MinimumCVaR, MinimumLPM, MinimumVaR)
"""Methods that take milliseconds with several hedges; their own tests hold them to the same laws on fewer rows."""

WITHOUT_ERRORS = (MinimumCVaR, MinimumVaR)
"""Methods without a standard error, beside those of order below 2."""


def has_errors(estimator: Any) -> bool:
    return not isinstance(estimator, WITHOUT_ERRORS) and getattr(estimator, "order", 2) >= 2


def searches(estimator: Any) -> bool:
    """Return whether each refit takes milliseconds, so that a law can afford few of them."""
    return estimator._filters or isinstance(estimator, VECM) or getattr(estimator, "garch", None) is not None


def cuts_of(estimator: Any) -> int:
    """Return how many futures a law may afford to alter: a search at every refit is dear, and so is plain Python."""
    if searches(estimator):
        return 2
    return 8 if AS_PYTHON else 50


def rows_of(estimator: Any, rows: int) -> int:
    """Return how many rows a law is tried on: fewer for a search in plain Python."""
    return min(rows, 60) if AS_PYTHON and searches(estimator) else rows


def digits_of(estimator: Any) -> float:
    """Return the relative error that a law allows: a search that ends at a small gradient has no more digits."""
    if isinstance(estimator, BEKK):
        return 1e-5
    return 1e-6 if searches(estimator) else 1e-9


def hedges_of(estimator: Any) -> list[int]:
    if isinstance(estimator, MinimumVaR) and AS_PYTHON:
        return []  # minutes, where its kernel runs as Python; its own tests run it on fewer rows
    is_slow = isinstance(estimator, SLOW_WITH_SEVERAL) or (AS_PYTHON and searches(estimator))
    return [1] if is_slow else [1, 3]


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
