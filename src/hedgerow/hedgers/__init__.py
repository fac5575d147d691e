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
from hedgerow.hedgers.rates import RateHedge, hedge_rates
from hedgerow.hedgers.ratio import RatioHedger, Target
from hedgerow.hedgers.uncertainty import ErrorCost, RatioUncertainty, UncertaintyOptions, ratio_uncertainty
from hedgerow.hedgers.whole_contracts import WholeContractOptions, WholeContracts, best_whole_contracts

__all__ = [
    "RateHedge",
    "hedge_rates",
    "ContractSize",
    "ErrorCost",
    "RatioHedger",
    "RatioUncertainty",
    "Rounding",
    "Sizing",
    "Target",
    "UncertaintyOptions",
    "WholeContractOptions",
    "WholeContracts",
    "best_whole_contracts",
    "contracts_from_price_ratio",
    "contracts_from_return_ratio",
    "ratio_uncertainty",
    "textbook_tailed_contracts",
    "units_from_return_ratio",
]
