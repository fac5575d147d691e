"""When it is worth trading towards the target, and how far."""

from __future__ import annotations

from hedgerow.policies.rebalancing import EveryPeriods, Policy, ToleranceBand

__all__ = ["EveryPeriods", "Policy", "ToleranceBand"]
