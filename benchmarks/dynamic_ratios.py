"""Ratios that move: time to fit, beside what people put together today.

``python benchmarks/dynamic_ratios.py`` runs all workloads, or those named. ``dcc``: two series of 5,000 simulated daily
changes, both variances, the correlation's dynamics and all robust errors, against ``arch`` for the variances and a
Python recursion for the correlation; ``max_error`` is the difference of the log-likelihoods. ``bekk``: the full form
against a Python recursion and scipy. ``kalman``: two states by maximum likelihood against ``statsmodels``.
``walk-forward``: all methods refitted monthly. A row marked ``limit`` has a target in seconds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from hedgerow.ratios import DCC
from interleave import interleave, print_row, skip

ROWS, TARGET, ROUNDS = 5_000, 200.0, 3


def simulated_changes(n_obs: int = ROWS, seed: int = 11) -> Any:
    """Return changes (n_obs, 2) of a DCC with a = 0.04, b = 0.94 around a correlation of 0.6."""
    rng = np.random.default_rng(seed)
    omega, alpha, beta = np.array([0.02, 0.03]), np.array([0.06, 0.08]), np.array([0.92, 0.89])
    target = np.array([[1.0, 0.6], [0.6, 1.0]])
    q, h, rows = target.copy(), omega / (1.0 - alpha - beta), np.empty((n_obs, 2))
    for t in range(n_obs):
        roots = np.sqrt(np.diag(q))
        e = np.linalg.cholesky(q / np.outer(roots, roots)) @ rng.standard_normal(2)
        rows[t] = np.sqrt(h) * e
        h = omega + alpha * rows[t] ** 2 + beta * h
        q = 0.02 * target + 0.04 * np.outer(e, e) + 0.94 * q
    return rows - rows.mean(axis=0)


def fit_with_arch_and_python(rows: Any) -> float:
    """Return the log-likelihood of arch's variances and a correlation recursion as its paper writes it."""
    from arch import arch_model
    from scipy.optimize import minimize

    models = [arch_model(series, mean="Zero", p=1, q=1, rescale=False) for series in rows.T]
    variances = np.column_stack([model.fit(disp="off").conditional_volatility ** 2 for model in models])
    e = rows / np.sqrt(variances)
    moments = e.T @ e / len(e)
    target = moments / np.sqrt(np.outer(np.diag(moments), np.diag(moments)))

    def loss(weights: Any) -> float:
        a, b = weights
        q, total = target.copy(), 0.0
        for row in e:
            scale = 1.0 / np.sqrt(np.diag(q))
            correlation = q * np.outer(scale, scale)
            total += np.log(np.linalg.det(correlation)) + row @ np.linalg.inv(correlation) @ row
            q = (1.0 - a - b) * target + a * np.outer(row, row) + b * q
        return 0.5 * total

    inside = {"type": "ineq", "fun": lambda weights: 0.9999 - weights[0] - weights[1]}
    bounds = ((1e-6, 0.5), (0.0, 0.9999))
    found = minimize(loss, (0.02, 0.95), method="SLSQP", bounds=bounds, constraints=inside, options={"ftol": 1e-10})
    constants = len(e) * np.log(2.0 * np.pi) + 0.5 * np.sum(np.log(variances))
    return float(-found.fun - constants)


def dcc() -> None:
    rows = simulated_changes()
    X, y = rows[:, :1], rows[:, 1]
    runs: dict[str, Callable[[], Any]] = {"ours": lambda: DCC(mean="zero").fit(X, y).log_likelihood_}
    try:
        import arch  # noqa: F401
    except ImportError:
        skip("arch")
    else:
        runs["peer"] = lambda: fit_with_arch_and_python(rows)
    seconds, results = interleave(runs, rounds=ROUNDS)
    error = abs(results["ours"] - results["peer"]) if "peer" in results else None
    workload = f"DCC fit, 2 series, {ROWS} rows, errors included"
    print_row(workload, "arch + python", seconds["ours"], seconds.get("peer"), error, TARGET)


def workload_of(module: str) -> Callable[[], object]:
    """Return the workload that stands in a file of its own; it is read when it runs."""
    return lambda: import_module(module).main()


WORKLOADS: dict[str, Callable[[], object]] = {
    "dcc": dcc,
    "bekk": workload_of("bekk"),
    "kalman": workload_of("kalman"),
    "walk-forward": workload_of("walk_forward_monthly"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", help=f"all unless some are given: {', '.join(WORKLOADS)}")
    wanted = parser.parse_args().workloads or list(WORKLOADS)
    for name in wanted:
        if name not in WORKLOADS:
            parser.error(f"there is no workload {name!r}; there are {', '.join(WORKLOADS)}")
        WORKLOADS[name]()


if __name__ == "__main__":
    main()
