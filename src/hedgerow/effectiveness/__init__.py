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
from hedgerow.effectiveness.thresholds import EffectivenessThresholds

__all__ = [
    "METRICS",
    "BasisSummary",
    "BootstrapOptions",
    "Differences",
    "EffectivenessThresholds",
    "Intervals",
    "ReductionDraws",
    "basis",
    "basis_summary",
    "choose_block_length",
    "cvar",
    "cvar_reduction",
    "draw_reductions",
    "implied_carry",
    "max_drawdown",
    "max_drawdown_reduction",
    "maturity_mismatch",
    "reduction",
    "reduction_differences",
    "reduction_intervals",
    "rolling_variance_reduction",
    "semivariance",
    "semivariance_reduction",
    "utility_gain",
    "utility_gain_interval",
    "value_at_risk",
    "value_at_risk_reduction",
    "variance",
    "variance_reduction",
]
