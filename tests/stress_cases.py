"""Positions that the tests of stress share, with moments that are known exactly."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow.compare import HedgedPosition
from hedgerow.engine import LinearMarket

SIGMA_Y, SIGMA_X, RHO = 2.0, 1.25, 0.8
BEST = RHO * SIGMA_Y / SIGMA_X


def exact_changes(correlations: np.ndarray, volatilities: np.ndarray, n: int = 400, seed: int = 0) -> np.ndarray:
    """Return rows whose sample covariance (divisor n - 1) is the one asked for, to rounding."""
    raw = np.random.default_rng(seed).standard_t(6, size=(n, len(volatilities)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False))).T
    return np.asarray(white @ np.linalg.cholesky(correlations).T * volatilities)


def market_of_changes(changes: np.ndarray, quantity: float = 1_000.0, contract: float | None = 50.0) -> LinearMarket:
    """Return the market of changes, the exposure first, called spot, f1, f2."""
    n, k = len(changes), changes.shape[1] - 1
    per_unit = None if contract is None else np.full((n + 1, k), 1.0 / contract)
    names = tuple(f"f{number + 1}" for number in range(k))
    times = pd.bdate_range("2015-01-01", periods=n + 1)
    return LinearMarket(times, changes[:, 0], changes[:, 1:], np.ones((n + 1, k)), "spot", names, quantity, per_unit)


def position(ratio: float = BEST, rho: float = RHO, quantity: float = 1_000.0) -> HedgedPosition:
    """Return one hedge at a ratio; prices 100 and 80."""
    matrix = np.array([[1.0, rho], [rho, 1.0]])
    market = market_of_changes(exact_changes(matrix, np.array([SIGMA_Y, SIGMA_X])), quantity)
    return HedgedPosition(market, (ratio,), prices=(100.0, 80.0))
