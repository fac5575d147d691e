"""Figures of tail hedges: what sudden falls pay, and gain over moves of index and volatility together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.report.overlay_figures import SHARE, percent_form, stamped
from hedgerow.report.style import NAME_LIMIT, line_style, new_figure
from hedgerow.report.text import plotly_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

LOSS_TO_GAIN = ((0.0, "#d55e00"), (0.5, "#ffffff"), (1.0, "#0072b2"))
"""Colours of a loss, of nothing and of a gain, that colour-blind readers can tell apart."""


def payoff_fan_figure(
    gains: pd.DataFrame, *, stamp: str = "", title: str = "What a sudden fall pays, for the same cost a year"
) -> go.Figure:
    """Return the gain of every hedge against the size of a sudden move.

    Parameters
    ----------
    gains : pandas.DataFrame (n_shocks, n_hedges)
        Index: move of the index as a decimal (-0.20); values: gain as a share of the portfolio.
    stamp, title : str
    """
    figure = new_figure(plotly_text(title), "sudden move of the index (%)", "gain (% of the portfolio)")
    moves = gains.index.to_numpy(dtype=np.float64)
    for position, hedge in enumerate(gains.columns):
        figure.add_scatter(
            x=moves,
            y=gains[hedge].to_numpy(dtype=np.float64),
            mode="lines+markers",
            line=line_style(position),
            name=plotly_text(hedge, NAME_LIMIT),
            yhoverformat=".2%",
        )
    figure.update_xaxes(tickvals=moves, ticktext=[_move(move) for move in moves])
    figure.update_yaxes(tickformat=SHARE)
    return stamped(figure, stamp)


def convexity_map_figure(
    gains: pd.DataFrame, *, stamp: str = "", title: str = "Gain when index and VIX move at once"
) -> go.Figure:
    """Return a heat map of the gain of a hedge over a move of the index and a change of its volatility at once.

    Parameters
    ----------
    gains : pandas.DataFrame (n_changes, n_moves)
        Index: change of the volatility index in points; columns: move of the index as a decimal; values: gain as a
        share of the portfolio.
    stamp, title : str
    """
    values = gains.to_numpy(dtype=np.float64)
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max()) if finite.size and finite.max() > 0.0 else 0.01
    figure = new_figure(
        plotly_text(title), "sudden move of the index (%)", "change of the VIX (points)", unified=False, height=340
    )
    form = ".0%" if largest >= 0.2 else ".1%" if largest >= 0.01 else ".2%"
    figure.add_heatmap(
        z=values,
        x=[_move(move) for move in gains.columns.to_numpy(dtype=np.float64)],
        y=[f"{points:+g}" if points else "0" for points in gains.index],
        zmin=-largest,
        zmax=largest,
        colorscale=[list(each) for each in LOSS_TO_GAIN],
        text=[[_unsigned(format(value, form)) for value in row] for row in values],
        texttemplate="%{text}",
        xgap=1,
        ygap=1,
        colorbar={
            "title": {"text": "gain (% of<br>the portfolio)", "font": {"size": 12}},
            "tickformat": form,
            "thickness": 14,
        },
        hovertemplate="index %{x}, VIX %{y}: %{z:.2%}<extra></extra>",
    )
    # categories: plotly would read "+15" as a number and "-40%" as none
    figure.update_xaxes(type="category", showgrid=False, zeroline=False)
    figure.update_yaxes(type="category", showgrid=False, zeroline=False)
    return stamped(figure, stamp)


def protection_by_bleed_figure(
    cuts: pd.DataFrame, *, stamp: str = "", title: str = "What each bleed a year buys"
) -> go.Figure:
    """Return the CVaR that every hedge takes away against what it bleeds a year; steeper is better.

    Parameters
    ----------
    cuts : pandas.DataFrame (n_bleeds, n_hedges)
        Index: bleed as a share of the portfolio a year, ascending; values: CVaR of a day taken away, a share.
    stamp, title : str
    """
    figure = new_figure(
        plotly_text(title),
        "bleed (% of the portfolio a year)",
        "CVaR of a day taken away<br>(% of the portfolio)",
        height=400,
    )
    bleeds = np.concatenate([[0.0], cuts.index.to_numpy(dtype=np.float64)])
    for position, hedge in enumerate(cuts.columns):
        figure.add_scatter(
            x=bleeds,
            y=np.concatenate([[0.0], cuts[hedge].to_numpy(dtype=np.float64)]),
            mode="lines+markers",
            line=line_style(position),
            name=plotly_text(hedge, NAME_LIMIT),
            yhoverformat=".3%",
        )
    spans = (float(np.nanmax(bleeds)), float(np.nanmax(np.abs(cuts.to_numpy(dtype=np.float64)))))
    for axis, span in zip((figure.update_xaxes, figure.update_yaxes), spans, strict=True):
        axis(tickformat=percent_form(span))
    return stamped(figure, stamp)


def _move(move: float) -> str:
    return f"{move:+.0%}" if move else "0%"


def _unsigned(text: str) -> str:
    """Return a figure whose zero has lost its sign."""
    return text if any(digit in text for digit in "123456789") else text.lstrip("-")
