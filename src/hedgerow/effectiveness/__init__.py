"""Did the hedge work: reductions of risk with intervals, basis, and the thresholds people know.

Plain arrays and pandas in, plain values out; ``arch`` is imported only when an interval is asked for.
"""

from __future__ import annotations

from hedgerow.effectiveness.basis import (
    BasisSummary,
    basis,
    basis_summary,
    implied_carry,
    maturity_mismatch,
)
from hedgerow.effectiveness.break_even import BreakEvenCost, break_even_cost
from hedgerow.effectiveness.diebold_mariano import LossTest, diebold_mariano
from hedgerow.effectiveness.economic_value import SwitchingFees, switching_fees
from hedgerow.effectiveness.intervals import (
    BootstrapOptions,
    Differences,
    Intervals,
    ReductionDraws,
    draw_reductions,
    reduction_differences,
    reduction_intervals,
    utility_gain_interval,
)
from hedgerow.effectiveness.measures import cvar, max_drawdown, semivariance, value_at_risk, variance
from hedgerow.effectiveness.model_sets import ConfidenceSet, SuperiorAbility, confidence_set, superior_ability
from hedgerow.effectiveness.nested import ConditionalTest, clark_west, giacomini_white, squared_losses
from hedgerow.effectiveness.reductions import (
    METRICS,
    cvar_reduction,
    max_drawdown_reduction,
    reduction,
    semivariance_reduction,
    utility_gain,
    value_at_risk_reduction,
    variance_reduction,
)
from hedgerow.effectiveness.resampling import choose_block_length
from hedgerow.effectiveness.rolling import rolling_variance_reduction
from hedgerow.effectiveness.shape import excess_kurtosis, skewness
from hedgerow.effectiveness.thresholds import EffectivenessThresholds

__all__ = [
    "METRICS",
    "BasisSummary",
    "BootstrapOptions",
    "BreakEvenCost",
    "ConditionalTest",
    "ConfidenceSet",
    "Differences",
    "EffectivenessThresholds",
    "Intervals",
    "LossTest",
    "ReductionDraws",
    "SuperiorAbility",
    "SwitchingFees",
    "basis",
    "basis_summary",
    "break_even_cost",
    "choose_block_length",
    "clark_west",
    "confidence_set",
    "cvar",
    "cvar_reduction",
    "diebold_mariano",
    "draw_reductions",
    "excess_kurtosis",
    "giacomini_white",
    "implied_carry",
    "maturity_mismatch",
    "max_drawdown",
    "max_drawdown_reduction",
    "reduction",
    "reduction_differences",
    "reduction_intervals",
    "rolling_variance_reduction",
    "semivariance",
    "semivariance_reduction",
    "skewness",
    "squared_losses",
    "superior_ability",
    "switching_fees",
    "utility_gain",
    "utility_gain_interval",
    "value_at_risk",
    "value_at_risk_reduction",
    "variance",
    "variance_reduction",
]
