"""Overlays run: rules, shapes and budgets over priced hedges, with the accounts that follow."""

from __future__ import annotations

from hedgerow.engine.overlay.accounts import AccountLimits, OverlayAccounts, overlay_accounts
from hedgerow.engine.overlay.options import OverlayOptions
from hedgerow.engine.overlay.result import OverlayResult
from hedgerow.engine.overlay.running import run_overlay, run_overlays
from hedgerow.engine.overlay.today import OverlayToday

__all__ = [
    "AccountLimits",
    "OverlayAccounts",
    "OverlayOptions",
    "OverlayResult",
    "OverlayToday",
    "overlay_accounts",
    "run_overlay",
    "run_overlays",
]
