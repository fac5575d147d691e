"""Tables, figures and one HTML file; takes frames and plain values, computes no result of its own.

Plotly is imported when a figure is made, Jinja when a document is rendered.
"""

from __future__ import annotations

from hedgerow.report.document import Picture, Report, Sample, Table, render_html, write_html
from hedgerow.report.figures import (
    basis_figure,
    cone_figure,
    cost_reduction_figure,
    cumulative_figure,
    density_figure,
    effectiveness_bars_figure,
    greek_curves_figure,
    heat_map_figure,
    hedge_ratio_figure,
    level_history_figure,
    rolling_effectiveness_figure,
    scatter_figure,
    smile_figure,
    surface_figure,
    term_structure_figure,
)
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
    "basis_figure",
    "comparison_table",
    "cone_figure",
    "cost_reduction_figure",
    "cumulative_figure",
    "density_figure",
    "effectiveness_bars_figure",
    "greek_curves_figure",
    "heat_map_figure",
    "hedge_ratio_figure",
    "interval_text",
    "level_history_figure",
    "number_text",
    "plain_table",
    "render_html",
    "rolling_effectiveness_figure",
    "scatter_figure",
    "smile_figure",
    "surface_figure",
    "term_structure_figure",
    "visible",
    "write_html",
]
