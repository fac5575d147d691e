"""What an overlay or a tail hedge buys, priced and rolled day by day: swaps, futures, options, trends."""

from __future__ import annotations

from hedgerow.programmes.bare_volatility import BareVolatilityDifference
from hedgerow.programmes.base import HedgeProgramme
from hedgerow.programmes.by_name import HEDGES, hedge_by_name, hedge_keys
from hedgerow.programmes.collars import Collars
from hedgerow.programmes.hedge_costs import HedgeCosts
from hedgerow.programmes.index_puts import IndexPuts, PutSpreads
from hedgerow.programmes.market import MarketQuotes, OverlayMarket
from hedgerow.programmes.monetise import AfterDays, AfterLife, MonetiseRule, TakeProfit, VolatilityAbove
from hedgerow.programmes.on_index import OnIndex, on_joint_dates
from hedgerow.programmes.portfolio import Portfolio
from hedgerow.programmes.priced import ContractRecord, PricedProgramme
from hedgerow.programmes.skew import SkewModel
from hedgerow.programmes.skew_fit import SmileQuotes, fit_reversion, fit_skew, fit_skew_index, skew_index
from hedgerow.programmes.split_hedge import split_hedge
from hedgerow.programmes.straddles import Straddles
from hedgerow.programmes.trend import TrendFollowing
from hedgerow.programmes.variance_curve import on_futures_dates
from hedgerow.programmes.variance_swaps import VarianceSwaps
from hedgerow.programmes.vix_futures import VixFutures
from hedgerow.programmes.vix_options import BudgetByLevel, VixCalls, VixPuts, vxth
from hedgerow.programmes.vol_of_vol import VolOfVol

__all__ = [
    "AfterDays",
    "AfterLife",
    "BareVolatilityDifference",
    "BudgetByLevel",
    "Collars",
    "ContractRecord",
    "HEDGES",
    "HedgeCosts",
    "HedgeProgramme",
    "IndexPuts",
    "MarketQuotes",
    "MonetiseRule",
    "OnIndex",
    "OverlayMarket",
    "Portfolio",
    "PricedProgramme",
    "PutSpreads",
    "SkewModel",
    "SmileQuotes",
    "Straddles",
    "TakeProfit",
    "TrendFollowing",
    "VarianceSwaps",
    "VixCalls",
    "VixFutures",
    "VixPuts",
    "VolOfVol",
    "VolatilityAbove",
    "fit_reversion",
    "fit_skew",
    "fit_skew_index",
    "hedge_by_name",
    "hedge_keys",
    "on_futures_dates",
    "on_joint_dates",
    "skew_index",
    "split_hedge",
    "vxth",
]
