"""The bridges from an estimate to a holding: ratio to target, target to contracts."""

from __future__ import annotations

from hedgerow.hedgers.contracts import (
    ContractSize,
    Rounding,
    Sizing,
    contracts_from_price_ratio,
    contracts_from_return_ratio,
    textbook_tailed_contracts,
    units_from_return_ratio,
)
from hedgerow.hedgers.ratio import RatioHedger, Target

__all__ = [
    "ContractSize",
    "RatioHedger",
    "Rounding",
    "Sizing",
    "Target",
    "contracts_from_price_ratio",
    "contracts_from_return_ratio",
    "textbook_tailed_contracts",
    "units_from_return_ratio",
]
