"""Moves that several scenarios share: a lognormal step, a price that follows its logarithm, a dividend that leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hedgerow.instruments.market_state import Underlying
from hedgerow.kernels.elementary import exp, log, maximum
from hedgerow.kernels.rules import Stage, rule
from hedgerow.market.time_grid import TimeGrid

_LEAST_LEFT = 0.01


@rule("spot_before", "spot", "log_spot")
def lognormal_move(spot: Any, log_spot: Any, normal: Any, *, drift: float, deviation: float) -> Any:
    """Move the logarithm of the spot by drift + deviation x normal."""
    moved = log_spot + (drift + deviation * normal)
    return spot, exp(moved), moved


@rule("spot_before", "spot")
def spot_follows(spot: Any, log_spot: Any) -> Any:
    """Keep the spot of before and take that of the logarithm."""
    return spot, exp(log_spot)


@rule("spot", "log_spot")
def dividend_leaves(spot: Any, *, amount: float) -> Any:
    """Lower the spot by a dividend in money, but never below a hundredth of what it was."""
    left = maximum(spot - amount, _LEAST_LEFT * spot)
    return left, log(left)


def dividend_stages(underlying: Underlying, grid: TimeGrid) -> tuple[Stage, ...]:
    """Return the stage that takes discrete dividends out of the spot at the end of the steps that hold an ex-date.

    Parameters
    ----------
    underlying : Underlying
    grid : TimeGrid

    Returns
    -------
    tuple of Stage
        Empty where no dividend falls within the grid.
    """
    amounts = np.zeros(grid.n_steps)
    for moment, amount in underlying.ex_dates():
        step = int(grid.times.searchsorted(pd.Timestamp(moment), side="left")) - 1
        if 0 <= step < grid.n_steps:
            amounts[step] += amount
    return (Stage(dividend_leaves, {"amount": amounts}, on=amounts > 0.0),) if amounts.any() else ()
