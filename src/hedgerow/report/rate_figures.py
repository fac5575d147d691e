"""Figures of rate hedges: what each node of the curve costs, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.report.style import COLOURS, UNHEDGED, new_figure
from hedgerow.report.text import plotly_text

if TYPE_CHECKING:
    import plotly.graph_objects as go


def key_rate_figure(key_rates: pd.DataFrame, *, title: str = "") -> go.Figure:
    """Return bars by node of the curve: the position, each future's hedge, and what is left.

    Parameters
    ----------
    key_rates : pandas.DataFrame
        Index: years of the nodes; columns ``position``, one per future, and ``hedged``; money per basis point.
    title : str
        Heading.
    """
    figure = new_figure(plotly_text(title), "node of the curve (years)", "money lost per basis point", height=420)
    nodes = [f"{years:.3g}" for years in key_rates.index]
    colours = {"position": UNHEDGED, "hedged": COLOURS[1]}
    others = iter((COLOURS[0], *COLOURS[2:]) * 10)
    for name in key_rates.columns:
        colour = colours.get(str(name)) or next(others)
        values = key_rates[name].to_numpy(dtype=float)
        figure.add_bar(x=nodes, y=values, name=plotly_text(str(name)), marker_color=colour)
    figure.update_layout(barmode="group")
    figure.update_xaxes(type="category")
    return figure
