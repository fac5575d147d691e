"""Full BEKK of two series, 11 parameters: a whole fit with robust errors, and one refit of a walk-forward.

The peer is what people write: the recursion as a Python loop, its likelihood handed to scipy with a numerical gradient.
It is timed for a few evaluations and scaled to as many as the same likelihood, compiled, takes from the same start; so
is its end. The changes are those of a bivariate DCC, which no BEKK is.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from hedgerow.kernels.compile import compiled
from hedgerow.ratios import BEKK
from interleave import interleave, print_row

ROWS, REFIT_ROWS, TIMED_EVALUATIONS = 5_000, 2_500, 5
LIMIT_S = 0.5
"""Seconds that the fit of 5,000 rows may take."""

START = (0.1, 0.05, 0.1, 0.25, 0.0, 0.0, 0.25, 0.95, 0.0, 0.0, 0.95)


def simulated_changes(n_obs: int = ROWS, seed: int = 11) -> Any:
    """Return changes (n_obs, 2) of a DCC(0.04, 0.94) with GARCH margins, means removed."""
    rng = np.random.default_rng(seed)
    omega, alpha, beta = np.array([0.02, 0.03]), np.array([0.06, 0.08]), np.array([0.92, 0.89])
    target = np.array([[1.0, 0.6], [0.6, 1.0]])
    moving, variance, out = target.copy(), omega / (1.0 - alpha - beta), np.empty((n_obs, 2))
    for t in range(n_obs):
        size = np.sqrt(np.diag(moving))
        shock = np.linalg.cholesky(moving / np.outer(size, size)) @ rng.standard_normal(2)
        out[t] = np.sqrt(variance) * shock
        variance = omega + alpha * out[t] ** 2 + beta * variance
        moving = 0.02 * target + 0.04 * np.outer(shock, shock) + 0.94 * moving
    return out - out.mean(axis=0)


def minus_log_likelihood(parameters: Any, changes: Any, h11: float, h12: float, h22: float) -> float:
    """Return minus the likelihood of H = CC' + A' e e' A + B' H B, as one writes it down for two series."""
    c11, c21, c22 = parameters[0], parameters[1], parameters[2]
    a11, a12, a21, a22 = parameters[3], parameters[4], parameters[5], parameters[6]
    b11, b12, b21, b22 = parameters[7], parameters[8], parameters[9], parameters[10]
    total = 0.0
    for t in range(changes.shape[0]):
        x, y = changes[t, 0], changes[t, 1]
        determinant = h11 * h22 - h12 * h12
        if determinant <= 0.0 or h11 <= 0.0:
            return 1e10
        total += np.log(determinant) + (h22 * x * x - 2.0 * h12 * x * y + h11 * y * y) / determinant
        u, v = a11 * x + a21 * y, a12 * x + a22 * y
        g11 = c11 * c11 + u * u + b11 * b11 * h11 + 2.0 * b11 * b21 * h12 + b21 * b21 * h22
        g12 = c11 * c21 + u * v + b11 * b12 * h11 + (b11 * b22 + b12 * b21) * h12 + b21 * b22 * h22
        g22 = c21 * c21 + c22 * c22 + v * v + b12 * b12 * h11 + 2.0 * b12 * b22 * h12 + b22 * b22 * h22
        h11, h12, h22 = g11, g12, g22
    return 0.5 * total + changes.shape[0] * np.log(2.0 * np.pi)


def python_and_scipy(changes: Any) -> tuple[float, float]:
    """Return the seconds that the loop and scipy would take, and the log-likelihood that they end at."""
    from scipy.optimize import minimize

    quick = compiled(cache=False)(minus_log_likelihood)
    moments = changes.T @ changes / len(changes)
    start = (moments[0, 0], moments[0, 1], moments[1, 1])
    found = minimize(quick, np.array(START), args=(changes, *start), method="L-BFGS-B")
    begin = time.perf_counter()
    for _ in range(TIMED_EVALUATIONS):
        minus_log_likelihood(np.array(START), changes, *start)
    return (time.perf_counter() - begin) / TIMED_EVALUATIONS * found.nfev, -float(found.fun)


def bekk() -> None:
    """Print the rows of workload ``bekk``; ``max_error`` is how much likelier the peer's end is."""
    changes = simulated_changes()
    X, y = changes[:, :1], changes[:, 1]
    few = changes[:REFIT_ROWS]
    runs = {
        "fit": lambda: BEKK(mean="zero").fit(X, y),
        "refit": lambda: BEKK(mean="zero").refit_path(few[:, :1], few[:, 1], REFIT_ROWS - 1),
    }
    seconds, results = interleave(runs, rounds=5)
    for name, data in (("fit", changes), ("refit", few)):
        peer_s, log_likelihood = python_and_scipy(data)
        lost = max(0.0, log_likelihood - results["fit"].log_likelihood_) if name == "fit" else None
        limit = {"target": LIMIT_S, "limit": True} if name == "fit" else {"target": None}
        words = f"full BEKK {name}, 2 x {len(data)} rows"
        print_row(words, "python recursion + scipy", seconds[name], peer_s, lost, scaled=True, **limit)


def main() -> None:
    bekk()


if __name__ == "__main__":
    main()
