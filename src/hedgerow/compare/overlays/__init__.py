"""Overlays and tail hedges judged: against the static hedge, holding less, one another at equal cost, and chance."""

from __future__ import annotations

from hedgerow.compare.overlays.choice import OverlayChoice
from hedgerow.compare.overlays.choose import OverlayChoosing, choose_overlay
from hedgerow.compare.overlays.claims import measure_claims
from hedgerow.compare.overlays.comparison import OverlayComparison, compare_overlays
from hedgerow.compare.overlays.crises import CRISES, Crisis
from hedgerow.compare.overlays.diversified import DiversifiedPlan
from hedgerow.compare.overlays.plan import OverlayJudging, OverlayPlan
from hedgerow.compare.overlays.tail import TailComparison, compare_tail_hedges
from hedgerow.compare.overlays.tail_shocks import TailShock

__all__ = [
    "CRISES",
    "Crisis",
    "DiversifiedPlan",
    "OverlayChoice",
    "OverlayChoosing",
    "OverlayComparison",
    "OverlayJudging",
    "OverlayPlan",
    "TailComparison",
    "TailShock",
    "choose_overlay",
    "compare_overlays",
    "compare_tail_hedges",
    "measure_claims",
]
