"""Figures of what a moving ratio is made of: correlation, volatilities, and the probabilities of regimes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.report.series_figures import add_lines, dates_as_text, from_first_value
from hedgerow.report.style import COLOURS, NAME_LIMIT, new_figure
from hedgerow.report.text import axis_title, plotly_text
from hedgerow.report.thinning import thinned

if TYPE_CHECKING:
    import plotly.graph_objects as go


def correlation_path_figure(
    paths: pd.DataFrame, *, constant: float | None = None, title: str = "Correlation of exposure and hedge"
) -> go.Figure:
    """Return correlations through time, one line per method or pair.

    Parameters
    ----------
    paths : pandas.DataFrame of shape (n, m)
        Correlations from -1 to 1 by date; NaN leaves a gap.
    constant : float, optional
        Correlation over the whole sample, drawn as a dashed line for comparison.
    """
    figure = new_figure(plotly_text(title), "", "correlation")
    drawn = thinned(from_first_value(paths))
    add_lines(figure, drawn, ".3f")
    if constant is not None and np.isfinite(constant) and len(drawn):
        ends = dates_as_text(drawn.index[[0, -1]])
        style = {"color": "#4d4d4d", "dash": "dash", "width": 1.5}
        name = f"whole sample {constant:.3f}"
        figure.add_scatter(x=ends, y=[constant, constant], mode="lines", name=name, line=style, hoverinfo="skip")
    figure.update_yaxes(range=_correlation_range(drawn, constant))
    return figure


def volatility_path_figure(paths: pd.DataFrame, *, unit: str = "", title: str = "Volatility through time") -> go.Figure:
    """Return volatilities through time, one line per series; the axis starts at zero.

    Parameters
    ----------
    paths : pandas.DataFrame of shape (n, m)
        Volatilities by date, 0 or more; NaN leaves a gap.
    unit : str
        Of the volatilities, such as "USD per day" or "% a year".
    """
    figure = new_figure(plotly_text(title), "", axis_title("volatility", unit))
    add_lines(figure, thinned(from_first_value(paths)), ",.4~g")
    figure.update_yaxes(rangemode="tozero")
    return figure


def regime_probabilities_figure(probabilities: pd.DataFrame, *, title: str = "Probability of each regime") -> go.Figure:
    """Return the probability of each regime through time, stacked to one.

    Parameters
    ----------
    probabilities : pandas.DataFrame of shape (n, n_regimes)
        By date; each row sums to 1. Rows missing everywhere leave a gap.
    """
    figure = new_figure(plotly_text(title), "", "probability")
    drawn = thinned(from_first_value(probabilities))
    dates = dates_as_text(drawn.index)
    for position, name in enumerate(drawn.columns):
        figure.add_scatter(
            x=dates,
            y=drawn[name].to_numpy(dtype=np.float32),
            mode="lines",
            name=plotly_text(name, NAME_LIMIT),
            stackgroup="regimes",
            line={"color": COLOURS[position % len(COLOURS)], "width": 0.5},
            yhoverformat=".1%",
            showlegend=True,
        )
    figure.update_yaxes(range=[0.0, 1.0], tickformat=".0%")
    return figure


def _correlation_range(paths: pd.DataFrame, constant: float | None) -> list[float]:
    """Return an axis that shows what moves, and never more than -1 to 1."""
    figures = paths.to_numpy(dtype=np.float64)
    seen = figures[np.isfinite(figures)].tolist() + ([constant] if constant is not None else [])
    if not seen:
        return [-1.0, 1.0]
    room = 0.05 * max(max(seen) - min(seen), 0.1)
    return [max(min(seen) - room, -1.02), min(max(seen) + room, 1.02)]
