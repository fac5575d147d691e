"""What trading costs: each model charges labelled, positive money for a batch of trades."""

from __future__ import annotations

from hedgerow.costs.linear import CostModel, Costs, HalfSpread, PerContract, PerTicket, TradeSlip, no_costs

__all__ = ["CostModel", "Costs", "HalfSpread", "PerContract", "PerTicket", "TradeSlip", "no_costs"]
