"""The volatility market: what was realised, what is implied, how both compare, and the curve of futures on it.

>>> from hedgerow.market.volatility import ESTIMATORS
>>> ESTIMATORS["rogers_satchell"].drift_bias
0.0
"""

from __future__ import annotations

from hedgerow.market.volatility.cone import overlap_factor, volatility_cone
from hedgerow.market.volatility.estimators import ESTIMATORS, EstimatorFacts, estimator_table
from hedgerow.market.volatility.futures_curve import constant_maturity, contango_share, curve_measures
from hedgerow.market.volatility.inputs import flat_bars
from hedgerow.market.volatility.model_free import (
    ModelFreeVariance,
    VolatilityIndex,
    minutes_as_years,
    model_free_variance,
    volatility_index,
)
from hedgerow.market.volatility.premium import VariancePremium, ex_ante_premium, ex_post_premium
from hedgerow.market.volatility.rank import ImpliedStanding, implied_percentile, implied_rank, implied_standing
from hedgerow.market.volatility.realised import RealisedEstimate, realised_estimate, realised_volatility
from hedgerow.market.volatility.term_structure import (
    TermStructureSlope,
    forward_volatilities,
    interpolated_volatility,
    term_structure_slope,
)

__all__ = [
    "ESTIMATORS",
    "EstimatorFacts",
    "ImpliedStanding",
    "ModelFreeVariance",
    "RealisedEstimate",
    "TermStructureSlope",
    "VariancePremium",
    "VolatilityIndex",
    "constant_maturity",
    "contango_share",
    "curve_measures",
    "estimator_table",
    "ex_ante_premium",
    "ex_post_premium",
    "flat_bars",
    "forward_volatilities",
    "implied_percentile",
    "implied_rank",
    "implied_standing",
    "interpolated_volatility",
    "minutes_as_years",
    "model_free_variance",
    "overlap_factor",
    "realised_estimate",
    "realised_volatility",
    "term_structure_slope",
    "volatility_cone",
    "volatility_index",
]
