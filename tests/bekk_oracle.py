"""BEKK by the book: the recursion and its likelihood as written, with scipy's densities, and simulated changes."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import multivariate_normal, multivariate_t


def slow_covariances(residuals: Any, start: Any, constant: Any, a: Any, b: Any) -> Any:
    """H_t = constant + A' e e' A + B' H B, written down."""
    path = [start]
    for e in residuals:
        path.append(constant + a.T @ np.outer(e, e) @ a + b.T @ path[-1] @ b)
    return np.array(path)


def slow_log_likelihood(residuals: Any, covariances: Any, freedom: float) -> float:
    zero = np.zeros(residuals.shape[1])
    total = 0.0
    for e, h in zip(residuals, covariances, strict=False):
        if freedom:
            total += multivariate_t(zero, h * (freedom - 2.0) / freedom, df=freedom).logpdf(e)
        else:
            total += multivariate_normal(zero, h).logpdf(e)
    return float(total)


def simulate(n_obs: int, a: Any, b: Any, long_run: Any, seed: int, freedom: float = 0.0) -> Any:
    """Return (n_obs, d) changes whose covariances follow BEKK with the long-run covariance given."""
    rng = np.random.default_rng(seed)
    constant = long_run - a.T @ long_run @ a - b.T @ long_run @ b
    h, out = long_run, np.empty((n_obs, len(a)))
    for t in range(n_obs):
        shock = rng.standard_normal(len(a))
        if freedom:
            shock *= np.sqrt((freedom - 2.0) / rng.chisquare(freedom))
        out[t] = np.linalg.cholesky(h) @ shock
        h = constant + a.T @ np.outer(out[t], out[t]) @ a + b.T @ h @ b
    return out
