"""Rolling least-squares hedge ratios, window 60, 10,000 rows of 1 to 500 series, beside the peers that are installed.

Ours writes into an output array given once. statsmodels is timed on one or two series and scaled to all.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from hedgerow.ratios import rolling_hedge_ratios
from interleave import interleave, print_row, skip

WINDOW, ROWS = 60, 10_000
PANDAS_TARGETS = {1: 10.0, 10: 10.0, 100: 10.0, 500: 4.0}
STATSMODELS_TARGET = 500.0
STATSMODELS_SERIES = 2


def with_pandas(y: Any, x: Any) -> Any:
    import pandas as pd

    regressor = pd.Series(x)
    return pd.DataFrame(y).rolling(WINDOW).cov(regressor).div(regressor.rolling(WINDOW).var(), axis=0).to_numpy()


def with_cumulative_sums(y: Any, x: Any) -> Any:
    def sums(values: Any) -> Any:
        total = np.cumsum(values, axis=0)
        total[WINDOW:] = total[WINDOW:] - total[:-WINDOW].copy()
        return total[WINDOW - 1 :]

    sum_x, sum_xx = sums(x)[:, None], sums(x * x)[:, None]
    slopes = (sums(y * x[:, None]) - sum_x * sums(y) / WINDOW) / (sum_xx - sum_x * sum_x / WINDOW)
    return np.vstack([np.full((WINDOW - 1, y.shape[1]), np.nan), slopes])


def with_statsmodels(y: Any, x: Any) -> Any:
    from statsmodels.regression.rolling import RollingOLS
    from statsmodels.tools import add_constant

    design = add_constant(x)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fits = [RollingOLS(column, design, window=WINDOW).fit(params_only=True) for column in y.T[:STATSMODELS_SERIES]]
    return np.column_stack([fit.params[:, 1] for fit in fits])


def installed(name: str) -> bool:
    from importlib.util import find_spec

    if find_spec(name) is None:
        skip(name)
        return False
    return True


def series(count: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(3)
    x = 0.01 * rng.standard_normal(ROWS)
    return 0.8 * x[:, None] + 0.005 * rng.standard_normal((ROWS, count)), x


def largest_error(ours: Any, theirs: Any) -> float:
    return float(np.nanmax(np.abs(ours[:, : theirs.shape[1]] - theirs)))


def main() -> None:
    pandas_here, statsmodels_here = installed("pandas"), installed("statsmodels")
    for count, target in PANDAS_TARGETS.items():
        y, x = series(count)
        out = np.empty_like(y)
        runs = {"ours": lambda y=y, x=x, out=out: rolling_hedge_ratios(y, x, WINDOW, out=out)}
        runs["numpy cumsum"] = lambda y=y, x=x: with_cumulative_sums(y, x)
        if pandas_here:
            runs["pandas"] = lambda y=y, x=x: with_pandas(y, x)
        seconds, results = interleave(runs, rounds=9 if count < 500 else 5)
        workload = f"rolling OLS window {WINDOW}, {ROWS} x {count}"
        for peer in runs:
            if peer != "ours":
                error = largest_error(results["ours"], results[peer])
                print_row(workload, peer, seconds["ours"], seconds[peer], error, target if peer == "pandas" else None)
        if statsmodels_here:
            timed, theirs = interleave({"statsmodels": lambda y=y, x=x: with_statsmodels(y, x)}, rounds=1)
            scale = count / min(count, STATSMODELS_SERIES)
            error = largest_error(results["ours"], theirs["statsmodels"])
            print_row(
                workload,
                "statsmodels",
                seconds["ours"],
                timed["statsmodels"] * scale,
                error,
                STATSMODELS_TARGET,
                scaled=scale > 1.0,
            )


if __name__ == "__main__":
    main()
