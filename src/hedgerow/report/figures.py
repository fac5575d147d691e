"""Every figure by name; each is a function of frames that returns a plotly figure and draws nothing."""

from __future__ import annotations

from hedgerow.report.hedging_figures import (
    concept_figure,
    frontier_figure,
    policy_violin_figure,
    rebalancing_figure,
)
from hedgerow.report.margin_figures import margin_figure, stress_bars_figure
from hedgerow.report.method_figures import (
    cost_reduction_figure,
    density_figure,
    effectiveness_bars_figure,
    scatter_figure,
)
from hedgerow.report.option_figures import (
    cone_figure,
    greek_curves_figure,
    heat_map_figure,
    level_history_figure,
    smile_figure,
    surface_figure,
    term_structure_figure,
)
from hedgerow.report.overlay_figures import (
    cost_and_gain_figure,
    crisis_bars_figure,
    drawdown_figure,
    multiplier_figure,
    protection_figure,
    rolling_beta_figure,
)
from hedgerow.report.overlay_size_figures import cost_of_protection_figure, equity_figure, hedge_size_figure
from hedgerow.report.path_figures import (
    correlation_path_figure,
    regime_probabilities_figure,
    volatility_path_figure,
)
from hedgerow.report.ranking_figures import cost_benefit_figure, ranking_figure
from hedgerow.report.series_figures import (
    basis_figure,
    cumulative_figure,
    hedge_ratio_figure,
    rolling_effectiveness_figure,
)
from hedgerow.report.simulation_figures import (
    attribution_waterfall_figure,
    delta_through_time_figure,
    gamma_theta_figure,
    pnl_by_year_figure,
    pnl_decomposition_figure,
    pnl_distribution_figure,
)
from hedgerow.report.tail_figures import convexity_map_figure, payoff_fan_figure

__all__ = [
    "convexity_map_figure",
    "cost_and_gain_figure",
    "cost_of_protection_figure",
    "crisis_bars_figure",
    "drawdown_figure",
    "equity_figure",
    "hedge_size_figure",
    "multiplier_figure",
    "payoff_fan_figure",
    "protection_figure",
    "rolling_beta_figure",
    "attribution_waterfall_figure",
    "concept_figure",
    "delta_through_time_figure",
    "frontier_figure",
    "gamma_theta_figure",
    "pnl_by_year_figure",
    "pnl_decomposition_figure",
    "pnl_distribution_figure",
    "policy_violin_figure",
    "rebalancing_figure",
    "basis_figure",
    "cone_figure",
    "correlation_path_figure",
    "cost_benefit_figure",
    "cost_reduction_figure",
    "cumulative_figure",
    "density_figure",
    "effectiveness_bars_figure",
    "greek_curves_figure",
    "heat_map_figure",
    "hedge_ratio_figure",
    "level_history_figure",
    "ranking_figure",
    "regime_probabilities_figure",
    "margin_figure",
    "rolling_effectiveness_figure",
    "scatter_figure",
    "smile_figure",
    "stress_bars_figure",
    "surface_figure",
    "term_structure_figure",
    "volatility_path_figure",
]
