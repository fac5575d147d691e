"""The walk-forward race of every method on two series of 2,500 daily rows, refitted monthly, moving in between.

``target`` is the limit of ``ours_s`` in seconds with two workers; no peer offers the methods, so none is timed. The
bits of all paths are compared with those of one process when ``--check`` is given, which takes as long again.
"""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np
import pandas as pd

from hedgerow.compare import Comparison, WalkForward, compare_methods
from hedgerow.costs import HalfSpread
from hedgerow.engine import Execution, LinearMarket
from hedgerow.ratios import METHODS, compile_kernels
from interleave import print_row

ROWS, REFIT, LIMIT_S, WORKERS = 2_500, 21, 60.0, 2


def two_series() -> LinearMarket:
    """Return an exposure and a future with clustered volatility and a correlation that moves."""
    rng = np.random.default_rng(0)
    shocks = rng.standard_t(6, (ROWS, 2)) / np.sqrt(1.5)
    changes, variances = np.empty((ROWS, 2)), np.ones(2)
    for row in range(ROWS):
        correlation = 0.75 + 0.2 * np.sin(row / 200.0)
        mixed = np.array([correlation * shocks[row, 1] + np.sqrt(1 - correlation**2) * shocks[row, 0], shocks[row, 1]])
        changes[row] = np.sqrt(variances) * mixed
        variances = 0.03 + 0.07 * changes[row] ** 2 + 0.9 * variances
    y, x = 0.9 * changes[:, 0], changes[:, 1:]
    prices = 500.0 + np.vstack([np.zeros(1), np.cumsum(x, axis=0)])
    return LinearMarket(pd.bdate_range("2015-01-01", periods=ROWS + 1), y, x, prices, "spot", ("future",))


def race(workers: int) -> Comparison:
    """Return the race of whatever methods there are."""
    return compare_methods(
        two_series(),
        {name: kind(0.9) if name == "fixed" else kind() for name, kind in METHODS.items()},
        walk_forward=WalkForward(refit=REFIT, between="update"),
        execution=Execution(costs=HalfSpread(2.0)),
        workers=workers,
    )


def main() -> None:
    """Print one line: the seconds of the whole race, kernels loaded before."""
    compile_kernels()
    start = perf_counter()
    result = race(WORKERS)
    print(result.verdict, file=sys.stderr)
    seconds = perf_counter() - start
    error = None
    if "--check" in sys.argv:
        alone = race(1)
        error = max(float(np.nanmax(np.abs(result.refit_paths[name] - alone.refit_paths[name]))) for name in METHODS)
    failed = sum(len(failures) for failures in result.failures.values())
    words = f"walk-forward of all {len(METHODS)} methods, 2 x {ROWS} rows, refit every {REFIT}, {WORKERS} workers"
    print_row(words, "none", seconds, None, error, LIMIT_S, limit=True, failed_refits=failed)


if __name__ == "__main__":
    main()
