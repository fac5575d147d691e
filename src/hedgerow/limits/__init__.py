"""What a hedge may cost in cash before it pays: margin, calls and the buffer that meets them."""

from __future__ import annotations

from hedgerow.limits.capital import capital_aware_ratio
from hedgerow.limits.liquidity import LiquidityNeed, LiquidityOptions, liquidity_need, peak_calls
from hedgerow.limits.margin import HeldContracts, MarginPath, margin_path
from hedgerow.limits.margin_terms import EstimatedMargin, MarginTerms, estimated_margins

__all__ = [
    "EstimatedMargin",
    "HeldContracts",
    "LiquidityNeed",
    "LiquidityOptions",
    "MarginPath",
    "MarginTerms",
    "capital_aware_ratio",
    "estimated_margins",
    "liquidity_need",
    "margin_path",
    "peak_calls",
]
