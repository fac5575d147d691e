"""Where the money came from: partitions of a change of wealth that add up, the remainder shown."""

from __future__ import annotations

from hedgerow.attribution.linear import HedgeSplit, HedgeSteps, split_hedge

__all__ = ["HedgeSplit", "HedgeSteps", "split_hedge"]
