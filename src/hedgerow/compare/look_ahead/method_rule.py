"""A hedge-ratio method as a rule from prices to decisions, so that a search for look-ahead can ask it like any other.

>>> import numpy as np
>>> import pandas as pd
>>> from hedgerow.compare import check_look_ahead
>>> from hedgerow.ratios import OLS
>>> days = pd.bdate_range("2024-01-01", periods=120)
>>> future = 100.0 + np.random.default_rng(0).normal(size=120).cumsum()
>>> prices = pd.DataFrame({"spot": 0.8 * future + 3.0, "future": future}, index=days)
>>> check_look_ahead(decisions_of(OLS(), "spot", ["future"], first=60), prices, cuts=5).label
'clean'
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from hedgerow.compare.schedule import WalkForward
from hedgerow.compare.walk_forward import held_over
from hedgerow.ratios import RatioEstimator


def decisions_of(
    estimator: RatioEstimator,
    exposure: str,
    hedges: Sequence[str],
    *,
    first: int,
    walk_forward: WalkForward | None = None,
    changes: Literal["diff", "percent"] = "diff",
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return a method as a rule that a search for look-ahead can ask: from prices to the ratio decided at each close.

    Parameters
    ----------
    estimator : RatioEstimator
    exposure, hedges
        Columns of the prices.
    first : int
        Row of prices at whose close the first ratio is decided; counted from the start, so that it does not move with
        the end of the data.
    walk_forward : WalkForward, optional
        Refits, what happens between and the crisis rule; its training part is not used.
    changes : {"diff", "percent"}

    Returns
    -------
    callable
        From prices (n, m) to ratios (n, n_hedges), one column per hedge.
    """
    split = walk_forward or WalkForward()

    def decide(prices: pd.DataFrame) -> pd.DataFrame:
        levels = prices[[*hedges, exposure]].to_numpy(dtype=np.float64)
        moves = np.diff(levels, axis=0) / (levels[:-1] if changes == "percent" else 1.0)
        moves = np.vstack([moves, moves[-1:]])  # stands for the row that the last close decides for, not known yet
        dates = pd.DatetimeIndex(prices.index)
        times = pd.DatetimeIndex(dates.append(dates[-1:].shift(1, freq="D")))
        rows = split.rows(times, moves[:, -1], first)
        path = estimator.refit(moves[:, :-1], moves[:, -1], rows, split.between).ratios
        return pd.DataFrame(held_over(path), prices.index, columns=list(hedges))

    return decide
