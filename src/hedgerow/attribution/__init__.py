"""Where the money came from: partitions of a change of wealth that add up, the remainder shown."""

from __future__ import annotations

from hedgerow.attribution.book_day import BookExplained, Trade, explain
from hedgerow.attribution.explained import Explained
from hedgerow.attribution.gamma_theta import GammaTheta, gamma_theta
from hedgerow.attribution.linear import HedgeSplit, HedgeSteps, split_hedge
from hedgerow.attribution.marks import Marks
from hedgerow.attribution.mixed_states import MOVES
from hedgerow.attribution.pla import AttributionTest, attribution_test
from hedgerow.attribution.revaluation import Waterfall, waterfall
from hedgerow.attribution.taylor import AccountLines, Moves, explain_ledger, explain_steps, taylor_terms
from hedgerow.attribution.volatility_crush import VolatilityCrush, volatility_crush

__all__ = [
    "MOVES",
    "AccountLines",
    "AttributionTest",
    "BookExplained",
    "Explained",
    "GammaTheta",
    "HedgeSplit",
    "HedgeSteps",
    "Marks",
    "Moves",
    "Trade",
    "VolatilityCrush",
    "Waterfall",
    "attribution_test",
    "explain",
    "explain_ledger",
    "explain_steps",
    "gamma_theta",
    "split_hedge",
    "taylor_terms",
    "volatility_crush",
    "waterfall",
]
