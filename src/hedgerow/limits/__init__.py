"""What a hedge may cost in cash before it pays: margin, calls and the buffer that meets them; when to leave it."""

from __future__ import annotations

from hedgerow.limits.capital import capital_aware_ratio
from hedgerow.limits.exit_rules import (
    EXITS,
    ExitBeforeEvents,
    ExitBeforeExpiry,
    ExitOnProfit,
    ExitOnTrackingError,
    RollToNextExpiry,
    ScaleDown,
)
from hedgerow.limits.exits import ExitMoment, ExitRule
from hedgerow.limits.liquidity import LiquidityNeed, LiquidityOptions, liquidity_need, peak_calls
from hedgerow.limits.margin import HeldContracts, MarginPath, margin_path
from hedgerow.limits.margin_terms import EstimatedMargin, MarginTerms, estimated_margins
from hedgerow.limits.sizing import PositionSize, position_size

__all__ = [
    "EXITS",
    "EstimatedMargin",
    "ExitBeforeEvents",
    "ExitBeforeExpiry",
    "ExitMoment",
    "ExitOnProfit",
    "ExitOnTrackingError",
    "ExitRule",
    "HeldContracts",
    "LiquidityNeed",
    "LiquidityOptions",
    "MarginPath",
    "MarginTerms",
    "PositionSize",
    "RollToNextExpiry",
    "ScaleDown",
    "capital_aware_ratio",
    "estimated_margins",
    "liquidity_need",
    "margin_path",
    "peak_calls",
    "position_size",
]
