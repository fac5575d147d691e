"""A clock and rows on which policies are tested."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import Moment, PolicyTerms, RulePolicy

HOURLY = TimeGrid.even("2026-01-05 08:00", "2026-01-15 08:00", 240)
"""From a Monday on, every hour."""

DAILY = TimeGrid.even("2026-01-05 16:00", "2026-01-26 16:00", 21)


def terms(grid: TimeGrid = DAILY, **changes: Any) -> PolicyTerms:
    """Return the terms of one option of a strike of 100 that expires when the grid ends."""
    left = grid.years[-1] - grid.years[:-1]
    known = {"size": 1.0, "years_left": left, "rate": 0.02, "cost_rate": 0.001, "strike": 100.0} | changes
    return PolicyTerms(grid, **known)


def rows(n_paths: int = 64, seed: int = 3) -> dict[str, np.ndarray]:
    """Return every row that a policy may ask for, at random, each (n_paths, 2)."""
    draw = np.random.default_rng(seed)
    shape = (n_paths, 2)
    spot, gamma = draw.uniform(80.0, 120.0, shape), -draw.uniform(0.001, 0.1, shape)
    return {
        "target": draw.uniform(0.0, 1.0, shape),
        "held": draw.uniform(0.0, 1.0, shape),
        "spot": spot,
        "log_spot": np.log(spot),
        "gamma": gamma,
        "log_gamma": np.log(-gamma),
        "implied": draw.uniform(0.1, 0.4, shape),
        "waited": draw.uniform(0.0, 0.02, shape),
        "last_spot": spot * draw.uniform(0.96, 1.04, shape),
        "last_implied": draw.uniform(0.1, 0.4, shape),
    }


def fired(policy: RulePolicy, at: PolicyTerms) -> list[int]:
    """Return the steps on which a policy trades a hedge that is always off its target."""
    bound = policy.bound(at)
    now = {name: values[:1, :1] for name, values in rows().items()} | {"target": np.ones((1, 1))}
    now["held"] = np.zeros((1, 1))
    return [step for step in range(at.grid.n_steps) if bound.holding(Moment(step, now)).item() != 0.0]


def one(policy: RulePolicy, step: int = 1, at: PolicyTerms | None = None, **values: float) -> float:
    """Return the new holding of one path with the rows given."""
    bound = policy.bound(at or terms())
    return float(bound.holding(Moment(step, {name: np.full((1, 1), value) for name, value in values.items()})).item())
