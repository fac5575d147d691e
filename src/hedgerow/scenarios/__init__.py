"""Where paths come from."""

from __future__ import annotations

from hedgerow.scenarios.base import Scenario
from hedgerow.scenarios.dynamics import Dynamics
from hedgerow.scenarios.filtered_historical import FilteredHistorical
from hedgerow.scenarios.garch import GarchPaths
from hedgerow.scenarios.gbm import GBM
from hedgerow.scenarios.heston import Heston
from hedgerow.scenarios.implied_volatility import (
    FixedVolatility,
    ImpliedVolatility,
    MeanRevertingVolatility,
    ModelVolatility,
)
from hedgerow.scenarios.kou import Kou
from hedgerow.scenarios.merton import Merton
from hedgerow.scenarios.paths import MarketPaths
from hedgerow.scenarios.regime_switching import RegimeSwitching
from hedgerow.scenarios.smile import SmilePaths, StickyDelta, StickyStrike
from hedgerow.scenarios.stationary_bootstrap import StationaryBootstrap
from hedgerow.scenarios.stress_path import NAMED_SHOCKS, StressPath

__all__ = [
    "GBM",
    "Dynamics",
    "FilteredHistorical",
    "FixedVolatility",
    "GarchPaths",
    "Heston",
    "ImpliedVolatility",
    "Kou",
    "MarketPaths",
    "MeanRevertingVolatility",
    "Merton",
    "ModelVolatility",
    "NAMED_SHOCKS",
    "RegimeSwitching",
    "Scenario",
    "SmilePaths",
    "StationaryBootstrap",
    "StickyDelta",
    "StickyStrike",
    "StressPath",
]
