"""The only place where the parts meet: the loop from decision to ledger."""

from __future__ import annotations

from hedgerow.engine.historical import Execution, LinearMarket, replay, run_history

__all__ = ["Execution", "LinearMarket", "replay", "run_history"]
