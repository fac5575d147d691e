"""One of every scenario, on one market, for the tests of what they have in common."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.instruments import MarketState, Underlying
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios import (
    GBM,
    Dynamics,
    FilteredHistorical,
    GarchPaths,
    Heston,
    Kou,
    MeanRevertingVolatility,
    Merton,
    RegimeSwitching,
    StationaryBootstrap,
    StressPath,
)

SPOT = 100.0
MARKET = MarketState("2026-11-20", {"SPX": Underlying(SPOT, 0.2, rate=0.03, dividend_yield=0.01, borrow=0.005)})
GROWTH = 0.015
GRID = TimeGrid.even("2026-11-20 16:00", "2027-05-20 16:00", 8)


def past_returns(n: int = 600, seed: int = 11) -> FloatArray:
    """Return changes of a logarithm with bursts of volatility, falls that are larger than rises, and a drift."""
    rng = np.random.default_rng(seed)
    variance, found = 1e-4, np.empty(n)
    for row in range(n):
        shock = (rng.chisquare(5) - 5.0) / -np.sqrt(10.0)
        found[row] = 5e-4 + np.sqrt(variance) * shock
        variance = 4e-6 + (0.06 + 0.04 * (shock < 0.0)) * variance * shock**2 + 0.86 * variance
    return found


@cache
def scenario(name: str) -> Dynamics:
    """Return the scenario of one name; fits are made once."""
    made: dict[str, Any] = {
        "gbm": lambda: GBM(MARKET),
        "gbm with moving volatility": lambda: GBM(MARKET, implied=MeanRevertingVolatility(0.25, 3.0, 0.8, -0.6)),
        "gbm antithetic": lambda: GBM(MARKET, antithetic=True),
        "gbm quasi": lambda: GBM(MARKET, quasi=True),
        "heston": lambda: Heston(MARKET, kappa=2.0, theta=0.05, xi=0.6, rho=-0.7),
        "heston far from Feller": lambda: Heston(MARKET, kappa=0.5, theta=0.04, xi=1.0, rho=0.4, v0=0.01),
        "merton": lambda: Merton(MARKET, jump_intensity=2.0, jump_mean=-0.08, jump_vol=0.1),
        "kou": lambda: Kou(MARKET, jump_intensity=5.0, up_probability=0.4, up_mean=0.03, down_mean=0.05),
        "kou antithetic": lambda: Kou(MARKET, 5.0, 0.4, 0.03, 0.05, antithetic=True),
        "garch": lambda: GarchPaths(MARKET, alpha=0.1, beta=0.8),
        "gjr": lambda: GarchPaths(MARKET, alpha=0.03, beta=0.8, gamma=0.15, start_volatility=0.4),
        "filtered historical": lambda: FilteredHistorical(MARKET, past_returns()),
        "bootstrap": lambda: StationaryBootstrap(MARKET, past_returns(), mean_block=1.0),
        "regimes": lambda: RegimeSwitching(MARKET, (0.1, 0.4), ((0.8, 0.2), (0.4, 0.6))),
        "three regimes": lambda: RegimeSwitching(
            MARKET, (0.1, 0.2, 0.5), ((0.7, 0.2, 0.1), (0.3, 0.4, 0.3), (0.0, 0.5, 0.5)), start=2
        ),
        "stress": lambda: StressPath.named(MARKET, "crash week", at=1),
    }
    found: Dynamics = made[name]()
    return found


NAMES = (
    "gbm",
    "gbm with moving volatility",
    "gbm antithetic",
    "gbm quasi",
    "heston",
    "heston far from Feller",
    "merton",
    "kou",
    "kou antithetic",
    "garch",
    "gjr",
    "filtered historical",
    "bootstrap",
    "regimes",
    "three regimes",
    "stress",
)
STAGED = tuple(name for name in NAMES if name not in ("gbm quasi", "filtered historical", "bootstrap"))
FAIR = tuple(name for name in NAMES if name != "stress")
