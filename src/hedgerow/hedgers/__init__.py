"""The bridges from an estimate to a holding: ratio to target, target to contracts."""

from __future__ import annotations

from hedgerow.hedgers.book_hedger import BookHedger, BookTarget, BookView
from hedgerow.hedgers.contracts import (
    ContractSize,
    Rounding,
    Sizing,
    contracts_from_price_ratio,
    contracts_from_return_ratio,
    textbook_tailed_contracts,
    units_from_return_ratio,
)
from hedgerow.hedgers.delta import DeltaHedger
from hedgerow.hedgers.gap_risk import GapMarket, PriceJumps, gap_probability
from hedgerow.hedgers.greek_match import (
    DeltaGammaHedger,
    DeltaGammaVegaHedger,
    DeltaVegaHedger,
    GreekHedger,
    GreekMatching,
    GreekMatchOptions,
)
from hedgerow.hedgers.insurance import CPPI, SyntheticPut
from hedgerow.hedgers.leland import LelandHedger, leland_number, leland_volatility
from hedgerow.hedgers.proxy import ProxyHedger, proxy_units, stressed_residual
from hedgerow.hedgers.rates import RateHedge, hedge_rates
from hedgerow.hedgers.ratio import RatioHedger, Target
from hedgerow.hedgers.uncertainty import ErrorCost, RatioUncertainty, UncertaintyOptions, ratio_uncertainty
from hedgerow.hedgers.vol_response import EstimatedResponse, QuadraticResponse, SpotVolCorrelation, VolResponse
from hedgerow.hedgers.whole_contracts import WholeContractOptions, WholeContracts, best_whole_contracts

HEDGERS: dict[str, type[BookHedger]] = {
    "delta": DeltaHedger,
    "leland": LelandHedger,
    "delta_gamma": DeltaGammaHedger,
    "delta_vega": DeltaVegaHedger,
    "delta_gamma_vega": DeltaGammaVegaHedger,
    "greeks": GreekHedger,
    "proxy": ProxyHedger,
    "cppi": CPPI,
    "synthetic_put": SyntheticPut,
}
"""Hedgers of option books by the name that study files use."""

__all__ = [
    "CPPI",
    "HEDGERS",
    "DeltaGammaHedger",
    "DeltaGammaVegaHedger",
    "DeltaVegaHedger",
    "GapMarket",
    "GreekHedger",
    "GreekMatchOptions",
    "GreekMatching",
    "LelandHedger",
    "PriceJumps",
    "ProxyHedger",
    "SyntheticPut",
    "gap_probability",
    "leland_number",
    "leland_volatility",
    "proxy_units",
    "stressed_residual",
    "BookHedger",
    "BookTarget",
    "BookView",
    "DeltaHedger",
    "EstimatedResponse",
    "QuadraticResponse",
    "SpotVolCorrelation",
    "VolResponse",
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
