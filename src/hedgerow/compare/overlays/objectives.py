"""What "best" means when parameters of an overlay are chosen: one figure per set of parameters, more is better.

>>> steps = Steps(np.array([-0.04, 0.02, 0.01, 0.03]), np.zeros(4), np.full(4, 365 / 4))
>>> half = 0.5 * steps.unhedged
>>> cvar_per_cost(np.array([steps.unhedged, half]), steps, 0.75).round(2).tolist()  # 0.02 of CVaR for 0.01 a year
[0.0, 2.0]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.effectiveness.measures import quantile_place
from hedgerow.errors import InputError, did_you_mean
from hedgerow.units import CALENDAR_DAYS_PER_YEAR, TRADING_DAYS_PER_YEAR

LEAST_COST = 1e-4
"""Cost a year (1 basis point of the portfolio) as which a cheaper hedge, or one that earns, counts in a ratio."""


class Steps(NamedTuple):
    """What an objective knows beside the hedged returns: unhedged returns, interest, calendar days, each (k,)."""

    unhedged: FloatArray
    cash: FloatArray
    days: FloatArray


Objective: TypeAlias = Callable[[FloatArray, Steps], FloatArray]
"""From hedged returns (n_sets, k) and their steps to figures (n_sets,), finite."""


def cvar_of_rows(returns: FloatArray, level: float = 0.95) -> FloatArray:
    """Return CVaR (n_sets,) of returns (n_sets, k), ties with the quantile included; losses are positive."""
    rank, _weight = quantile_place(returns.shape[1], level)
    ordered = np.partition(returns, rank, axis=1)
    worst = ordered[:, rank]
    total, count = ordered[:, : rank + 1].sum(axis=1), rank + 1.0
    ties = (ordered[:, rank + 1 :] == worst[:, None]).sum(axis=1)
    return np.asarray(-(total + ties * worst) / (count + ties))


def cvar_per_cost(returns: FloatArray, steps: Steps, level: float = 0.95) -> FloatArray:
    """Return the CVaR taken away per cost a year: points of a day's CVaR per share of the portfolio a year.

    A hedge that costs less than 1 basis point a year counts as costing that; one that raises CVaR has the rise per
    basis point, below 0, whatever it costs.
    """
    cut = cvar_of_rows(steps.unhedged[None], level) - cvar_of_rows(returns, level)
    cost = -(returns - steps.unhedged).sum(axis=1) / (steps.days.sum() / CALENDAR_DAYS_PER_YEAR)
    return np.asarray(cut / np.where(cut > 0.0, np.maximum(cost, LEAST_COST), LEAST_COST))


def sharpe(returns: FloatArray, steps: Steps) -> FloatArray:
    """Return the Sharpe ratio of a year of the hedged account above interest; 0 where it does not vary."""
    excess = returns - steps.cash
    spread = excess.std(axis=1, ddof=1)
    ratio = excess.mean(axis=1) / np.where(spread > 0.0, spread, np.inf)
    return np.asarray(ratio * np.sqrt(TRADING_DAYS_PER_YEAR))


def return_per_cvar(returns: FloatArray, steps: Steps, level: float = 0.95) -> FloatArray:
    """Return the yearly return above interest per CVaR of a day; 0 where there is no loss."""
    tail = cvar_of_rows(returns, level)
    excess = (returns - steps.cash).mean(axis=1) * TRADING_DAYS_PER_YEAR
    return np.asarray(excess / np.where(tail > 0.0, tail, np.inf))


OBJECTIVES: dict[str, Objective] = {
    "cvar per cost": cvar_per_cost,
    "sharpe": sharpe,
    "return per cvar": return_per_cvar,
}
"""Objective by name."""


def objective_of(objective: str | Objective) -> Objective:
    """Return an objective by its name, or as it is; InputError for a name that is none."""
    if callable(objective):
        return objective
    if objective not in OBJECTIVES:
        hint = did_you_mean(str(objective), OBJECTIVES) or ";"
        raise InputError(f"there is no objective {objective!r}{hint} give {', '.join(OBJECTIVES)} or a function")
    return OBJECTIVES[objective]
