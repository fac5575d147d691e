"""Tables, figures and one HTML file; takes frames and plain values, computes no result of its own.

Plotly is imported when a figure is made, Jinja when a document is rendered.
"""

from __future__ import annotations

from hedgerow.report.accounting_figures import (
    autocorrelation_figure,
    cumulative_offset_figure,
    offset_fan_figure,
    rolling_regression_figure,
)
from hedgerow.report.document import Picture, Report, Sample, Table, render_html, write_html
from hedgerow.report.figures import (
    basis_figure,
    cone_figure,
    correlation_path_figure,
    cost_benefit_figure,
    cost_reduction_figure,
    cumulative_figure,
    density_figure,
    effectiveness_bars_figure,
    greek_curves_figure,
    heat_map_figure,
    hedge_ratio_figure,
    level_history_figure,
    margin_figure,
    ranking_figure,
    regime_probabilities_figure,
    rolling_effectiveness_figure,
    scatter_figure,
    smile_figure,
    stress_bars_figure,
    surface_figure,
    term_structure_figure,
    volatility_path_figure,
)
from hedgerow.report.markdown import render_markdown, write_markdown
from hedgerow.report.terminal import ComparisonTable, as_text, comparison_table, plain_table
from hedgerow.report.text import MISSING, interval_text, number_text, visible

__all__ = [
    "MISSING",
    "ComparisonTable",
    "Picture",
    "Report",
    "Sample",
    "Table",
    "as_text",
    "autocorrelation_figure",
    "basis_figure",
    "comparison_table",
    "cone_figure",
    "correlation_path_figure",
    "cost_benefit_figure",
    "cost_reduction_figure",
    "cumulative_figure",
    "cumulative_offset_figure",
    "density_figure",
    "effectiveness_bars_figure",
    "greek_curves_figure",
    "heat_map_figure",
    "hedge_ratio_figure",
    "interval_text",
    "level_history_figure",
    "margin_figure",
    "number_text",
    "offset_fan_figure",
    "plain_table",
    "ranking_figure",
    "regime_probabilities_figure",
    "render_html",
    "render_markdown",
    "rolling_effectiveness_figure",
    "rolling_regression_figure",
    "scatter_figure",
    "smile_figure",
    "stress_bars_figure",
    "surface_figure",
    "term_structure_figure",
    "visible",
    "volatility_path_figure",
    "write_html",
    "write_markdown",
]
