"""The walk-forward race of every method on 8,000 daily rows and one hedge, intervals, costs and verdict included.

``target`` is the limit of ``ours_s`` in seconds for all methods. The peer is what people write: a Python loop that
refits least squares with statsmodels at every row, timed on 40 rows spread over the second half and scaled; it does one
method and nothing else, so it is also held against our race of OLS alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hedgerow.compare import compare_methods
from hedgerow.costs import HalfSpread
from hedgerow.engine import Execution, LinearMarket
from hedgerow.ratios import METHODS
from interleave import interleave, print_row, skip

ROWS, SAMPLED, LIMIT_S = 8_000, 40, 5.0


def daily_market() -> LinearMarket:
    rng = np.random.default_rng(0)
    x = rng.standard_t(4, (ROWS, 1))
    y = 0.9 * x[:, 0] + 0.5 * rng.standard_t(3, ROWS)
    prices = 500.0 + np.vstack([np.zeros(1), np.cumsum(x, axis=0)])
    return LinearMarket(pd.bdate_range("1990-01-01", periods=ROWS + 1), y, x, prices, "spot", ("future",))


def loop_with_statsmodels(market: LinearMarket) -> Any:
    import statsmodels.api as sm

    rows = np.linspace(ROWS // 2, ROWS - 1, SAMPLED).astype(int)
    design = sm.add_constant(market.hedge_changes)
    return rows, np.array([sm.OLS(market.exposure_changes[:row], design[:row]).fit().params[1] for row in rows])


def main() -> None:
    market = daily_market()
    # methods that search for their parameters are not refitted daily: see dynamic_ratios.py
    methods = {
        name: kind(0.9) if name == "fixed" else kind() for name, kind in METHODS.items() if not kind.advised_rows
    }
    execution = Execution(costs=HalfSpread(2.0))
    runs: dict[str, Any] = {
        "all": lambda: compare_methods(market, methods, execution=execution).verdict,
        "ols": lambda: (race := compare_methods(market, {"ols": methods["ols"]}, execution=execution), race.verdict)[0],
    }
    try:
        import statsmodels  # noqa: F401
    except ImportError:
        skip("statsmodels")
    else:
        runs["loop"] = lambda: loop_with_statsmodels(market)
    seconds, results = interleave(runs, rounds=3)
    scale = (ROWS - ROWS // 2) / SAMPLED
    peer_s, error = None, None
    if "loop" in runs:
        rows, ratios = results["loop"]
        peer_s = seconds["loop"] * scale
        error = float(np.max(np.abs(results["ols"].refit_paths["ols"][rows, 0] - ratios)))
    marks = {"scaled": True}
    words = f"{ROWS} rows, 1 hedge, refit daily"
    print_row(f"walk-forward OLS, {words}", "statsmodels loop", seconds["ols"], peer_s, error, None, **marks)
    workload = f"walk-forward all {len(methods)} methods, {words}"
    print_row(workload, "statsmodels loop (OLS only)", seconds["all"], peer_s, None, LIMIT_S, **marks)


if __name__ == "__main__":
    main()
