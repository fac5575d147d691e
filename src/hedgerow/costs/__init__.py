"""What trading costs: each model charges labelled, positive money for a batch of trades."""

from __future__ import annotations

from collections.abc import Callable

from hedgerow.costs.account_rates import AccountRates
from hedgerow.costs.base import CostModel, Costs, CostTerms, RuleCost, TradeSlip, no_costs
from hedgerow.costs.commission import PerContract, PerShare, PerTicket
from hedgerow.costs.impact import SquareRootImpact
from hedgerow.costs.leland import leland_number, leland_volatility
from hedgerow.costs.presets import index_future, listed_option, us_equity_desk, us_equity_retail
from hedgerow.costs.slippage import Slippage
from hedgerow.costs.spread import HalfSpread, HalfSpreadMoney
from hedgerow.costs.stress_spread import SpreadInStress

COSTS: dict[str, type[RuleCost]] = {
    "half_spread": HalfSpread,
    "half_spread_money": HalfSpreadMoney,
    "spread_in_stress": SpreadInStress,
    "slippage": Slippage,
    "per_share": PerShare,
    "per_contract": PerContract,
    "per_ticket": PerTicket,
    "square_root_impact": SquareRootImpact,
}
"""Every cost of a trade by the name that a study file writes."""

PRESETS: dict[str, Callable[..., Costs]] = {
    "none": no_costs,
    "us_equity_retail": us_equity_retail,
    "us_equity_desk": us_equity_desk,
    "index_future": index_future,
    "listed_option": listed_option,
}
"""Every ready-made cost model by the name that a study file writes."""

__all__ = [
    "COSTS",
    "PRESETS",
    "AccountRates",
    "CostModel",
    "CostTerms",
    "Costs",
    "HalfSpread",
    "HalfSpreadMoney",
    "PerContract",
    "PerShare",
    "PerTicket",
    "RuleCost",
    "Slippage",
    "SpreadInStress",
    "SquareRootImpact",
    "TradeSlip",
    "index_future",
    "leland_number",
    "leland_volatility",
    "listed_option",
    "no_costs",
    "us_equity_desk",
    "us_equity_retail",
]
