"""Did the hedge work: reductions of risk with intervals, performance, honesty of a backtest, basis, thresholds.

Plain arrays and pandas in, plain values out; ``arch`` is imported only when an interval is asked for.
"""

from __future__ import annotations

from hedgerow.effectiveness.annual import annual_compound_return, annual_return, annualised_volatility
from hedgerow.effectiveness.backtest_evidence import BacktestEvidence, RedFlagThresholds, gain_by_year
from hedgerow.effectiveness.backtest_overfitting import BacktestOverfitting, backtest_overfitting
from hedgerow.effectiveness.basis import (
    BasisSummary,
    basis,
    basis_summary,
    implied_carry,
    maturity_mismatch,
)
from hedgerow.effectiveness.break_even import BreakEvenCost, break_even_cost
from hedgerow.effectiveness.capture import beta, down_capture, up_capture
from hedgerow.effectiveness.deflated_sharpe import (
    DeflatedSharpe,
    deflated_sharpe,
    deflated_sharpe_ratio,
    expected_maximum_sharpe,
)
from hedgerow.effectiveness.diebold_mariano import LossTest, diebold_mariano
from hedgerow.effectiveness.dominance import Dominance, dominance
from hedgerow.effectiveness.drawdowns import Drawdown, drawdown_series, worst_drawdown
from hedgerow.effectiveness.economic_value import SwitchingFees, switching_fees
from hedgerow.effectiveness.independent_trials import independent_trials
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
from hedgerow.effectiveness.performance import Performance, PerformanceOptions, performance, performance_table
from hedgerow.effectiveness.performance_draws import PerformanceDraws, PerformanceIntervals, draw_performance
from hedgerow.effectiveness.probabilistic_sharpe import minimum_track_record_length, probabilistic_sharpe_ratio
from hedgerow.effectiveness.red_flags import RedFlag, red_flags
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
from hedgerow.effectiveness.reward_to_risk import calmar_ratio, omega_ratio, sortino_ratio, win_rate
from hedgerow.effectiveness.rolling import rolling_variance_reduction
from hedgerow.effectiveness.shape import excess_kurtosis, skewness
from hedgerow.effectiveness.sharpe import SharpeEstimate, sharpe_estimate, sharpe_ratio, sharpe_ratios
from hedgerow.effectiveness.thresholds import EffectivenessThresholds

__all__ = [
    "METRICS",
    "BacktestEvidence",
    "BacktestOverfitting",
    "BasisSummary",
    "BootstrapOptions",
    "BreakEvenCost",
    "ConditionalTest",
    "ConfidenceSet",
    "DeflatedSharpe",
    "Differences",
    "Dominance",
    "Drawdown",
    "EffectivenessThresholds",
    "Intervals",
    "LossTest",
    "Performance",
    "PerformanceDraws",
    "PerformanceIntervals",
    "PerformanceOptions",
    "RedFlag",
    "RedFlagThresholds",
    "ReductionDraws",
    "SharpeEstimate",
    "SuperiorAbility",
    "SwitchingFees",
    "annual_compound_return",
    "annual_return",
    "annualised_volatility",
    "backtest_overfitting",
    "basis",
    "basis_summary",
    "beta",
    "break_even_cost",
    "calmar_ratio",
    "choose_block_length",
    "clark_west",
    "confidence_set",
    "cvar",
    "cvar_reduction",
    "deflated_sharpe",
    "deflated_sharpe_ratio",
    "diebold_mariano",
    "dominance",
    "down_capture",
    "draw_performance",
    "draw_reductions",
    "drawdown_series",
    "excess_kurtosis",
    "expected_maximum_sharpe",
    "gain_by_year",
    "giacomini_white",
    "implied_carry",
    "independent_trials",
    "maturity_mismatch",
    "max_drawdown",
    "max_drawdown_reduction",
    "minimum_track_record_length",
    "omega_ratio",
    "performance",
    "performance_table",
    "probabilistic_sharpe_ratio",
    "red_flags",
    "reduction",
    "reduction_differences",
    "reduction_intervals",
    "rolling_variance_reduction",
    "semivariance",
    "semivariance_reduction",
    "sharpe_estimate",
    "sharpe_ratio",
    "sharpe_ratios",
    "skewness",
    "sortino_ratio",
    "squared_losses",
    "superior_ability",
    "switching_fees",
    "up_capture",
    "utility_gain",
    "utility_gain_interval",
    "value_at_risk",
    "value_at_risk_reduction",
    "variance",
    "variance_reduction",
    "win_rate",
    "worst_drawdown",
]
