"""How much of a hedge's effect survives a late trade: the same ratios held 0, 1, 2, ... rows after they are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from hedgerow.compare.comparison import Comparison
from hedgerow.compare.parallel import Progress
from hedgerow.compare.schedule import WalkForward
from hedgerow.compare.walk_forward import (
    first_common_row,
    refit_paths,
    require_judged_rows,
    wanted_paths,
)
from hedgerow.effectiveness import BootstrapOptions, reduction
from hedgerow.engine import Execution, LinearMarket, replay_targets
from hedgerow.errors import InputError
from hedgerow.ratios import RatioEstimator

LAGS = (0, 1, 2, 5)


def lag_sensitivity(
    market: LinearMarket,
    methods: Mapping[str, RatioEstimator],
    lags: Sequence[int] = LAGS,
    *,
    walk_forward: WalkForward | None = None,
    execution: Execution | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """Return the out-of-sample variance reduction of each method by execution lag, on the same judged rows.

    Each method is fitted once; only the trade comes later. A ratio that moves slowly hardly minds, and a result that
    falls apart after one row leans on information that was barely in time.

    Parameters
    ----------
    market : LinearMarket
    methods : mapping of str to RatioEstimator
    lags : sequence of int
        Rows between a decision and its trade, each 0 or more.
    walk_forward : WalkForward, optional
        With ``refit`` above 1 all lags share one schedule of refits, that of the longest lag.
    execution : Execution, optional
        Policy, costs, rounding and rate; its own lag is not used.
    progress : callable, optional
    workers : int, optional
        Processes among which slow methods are shared out, as in :func:`compare_methods`.

    Returns
    -------
    pandas.DataFrame, shape (n_methods, n_lags)
        Index ``method`` (each also with events where the walk-forward has some), columns ``lag`` in the order given;
        1 - Var(hedged, net of costs) / Var(unhedged).

    Raises
    ------
    InputError
        Where there is no method or lag, or a lag is negative or given twice.
    DataError
        Where too few rows are left to judge.
    """
    _require_lags(lags)
    if not methods:
        raise InputError("a comparison needs at least one method")
    split, execution = walk_forward or WalkForward(), execution or Execution()
    longest, first = max(lags), split.first_judged_row(market.times[1:])
    own = refit_paths(market, methods, first - longest, split, progress, workers)
    paths = wanted_paths(own, market, split)
    first = first_common_row(paths, first, longest)
    require_judged_rows(market.n_steps, first)
    columns = {}
    for lag in lags:
        targets = np.stack([path[first - lag :] for path in paths.values()])
        ledger = replay_targets(market.after(first - lag), targets, tuple(paths), replace(execution, lag=lag))
        race = Comparison(market, ledger, first, paths, split.refit, BootstrapOptions())
        unhedged = race.unhedged.to_numpy()
        columns[lag] = [reduction("variance", unhedged, race.hedged[name].to_numpy()) for name in paths]
    return pd.DataFrame(columns, index=pd.Index(paths, name="method")).rename_axis("lag", axis=1)


def _require_lags(lags: Sequence[int]) -> None:
    if not lags:
        raise InputError("give at least one lag, such as 0, 1, 2, 5")
    if min(lags) < 0:
        raise InputError(f"a lag must be 0 or more rows, not {min(lags)}; a trade cannot precede its decision")
    if len(set(lags)) < len(lags):
        raise InputError(f"each lag may be given once; got {', '.join(map(str, lags))}")
