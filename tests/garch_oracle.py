"""Likelihoods of variance and correlation models written as their papers do, matrix by matrix and row by row."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import gammaln


def slow_variances(residuals: Any, omega: float, alpha: float, gamma: float, beta: float, start: float) -> Any:
    variances = [omega + (alpha + gamma / 2 + beta) * start]
    for e in residuals:
        variances.append(omega + (alpha + gamma * (e < 0)) * e**2 + beta * variances[-1])
    return np.array(variances)


def slow_correlations(e: Any, target: Any, falls: Any, a: float, b: float, g: float) -> Any:
    q = target.copy()
    path = []
    for row in [*e, None]:
        path.append(q / np.sqrt(np.outer(np.diag(q), np.diag(q))))
        if row is not None:
            n = np.minimum(row, 0.0)
            q = (1 - a - b) * target - g * falls + a * np.outer(row, row) + g * np.outer(n, n) + b * q
    return np.array(path)


def slow_log_likelihood(residuals: Any, covariances: Any, freedom: float = 0.0) -> float:
    """Return the log-density summed over rows, of the normal or of a Student-t with these covariances."""
    k = residuals.shape[1]
    total = 0.0
    for row, covariance in zip(residuals, covariances, strict=False):
        distance = row @ np.linalg.solve(covariance, row)
        total -= 0.5 * np.linalg.slogdet(covariance)[1]
        if freedom:
            total += gammaln((freedom + k) / 2) - gammaln(freedom / 2) - k / 2 * np.log(np.pi * (freedom - 2))
            total -= (freedom + k) / 2 * np.log1p(distance / (freedom - 2))
        else:
            total -= 0.5 * (k * np.log(2 * np.pi) + distance)
    return float(total)


def moving_series(n_obs: int, k: int = 2, seed: int = 11, a: float = 0.04, b: float = 0.94, rho: float = 0.6) -> Any:
    """Return changes (n_obs, k) from a DCC whose series have GARCH variances of persistence 0.97 to 0.98."""
    rng = np.random.default_rng(seed)
    omega, alpha, beta = np.linspace(0.02, 0.03, k), np.linspace(0.06, 0.08, k), np.linspace(0.92, 0.89, k)
    target = np.full((k, k), rho) + (1 - rho) * np.eye(k)
    q, h = target.copy(), omega / (1 - alpha - beta)
    rows = np.empty((n_obs, k))
    for t in range(n_obs):
        roots = np.sqrt(np.diag(q))
        e = np.linalg.cholesky(q / np.outer(roots, roots)) @ rng.standard_normal(k)
        rows[t] = np.sqrt(h) * e
        h = omega + alpha * rows[t] ** 2 + beta * h
        q = (1 - a - b) * target + a * np.outer(e, e) + b * q
    return rows
