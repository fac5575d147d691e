"""Figures of cash and stress: a margin account through time, and each scenario's loss with and without the hedge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.report.style import COLOURS, NAME_LIMIT, UNHEDGED, new_figure
from hedgerow.report.text import axis_title, number_text, plotly_text
from hedgerow.report.thinning import thinned

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_CALLS = 50


def margin_figure(table: pd.DataFrame, *, unit: str = "", title: str = "Margin account of the hedge") -> go.Figure:
    """Return initial margin and cumulative variation margin through time, with calls marked.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: dates; columns ``initial``, ``cumulative_variation``, ``call``, in money. The 50 largest calls are
        marked, at the cumulative variation of their day.
    unit : str
        Of the money.
    """
    figure = new_figure(plotly_text(title), "", axis_title("cash", unit))
    drawn = thinned(table[["initial", "cumulative_variation"]])
    for name, column, line in (
        ("initial margin", "initial", {"color": COLOURS[4], "width": 1.8, "dash": "dash"}),
        ("cumulative variation margin", "cumulative_variation", {"color": COLOURS[0], "width": 1.8}),
    ):
        values = drawn[column].to_numpy(dtype=np.float64)
        figure.add_scatter(x=list(drawn.index), y=values, mode="lines", name=name, line=line)
    calls = table.loc[table["call"] > 0.0].nlargest(MOST_CALLS, "call").sort_index()
    if len(calls):
        sizes = 4.0 + 14.0 * np.sqrt(calls["call"].to_numpy(dtype=np.float64) / float(calls["call"].max()))
        marked = f"the {MOST_CALLS} largest calls" if (table["call"] > 0.0).sum() > MOST_CALLS else "calls"
        figure.add_scatter(
            x=list(calls.index),
            y=calls["cumulative_variation"].to_numpy(dtype=np.float64),
            mode="markers",
            name=f"{marked}, size by amount",
            marker={"color": COLOURS[1], "size": sizes, "opacity": 0.55, "symbol": "triangle-down"},
            customdata=calls["call"].to_numpy(dtype=np.float64),
            hovertemplate="call %{customdata:,.4~g}<extra></extra>",
        )
    return figure


def stress_bars_figure(
    table: pd.DataFrame, *, unit: str = "", title: str = "Loss in each scenario, with and without the hedge"
) -> go.Figure:
    """Return two bars per scenario: the loss of the exposure alone and with its hedge; gains reach to the left.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: scenario, in the order shown; columns ``loss_unhedged``, ``loss_hedged`` in money.
    unit : str
        Of the money.
    """
    figure = new_figure(
        plotly_text(title), axis_title("loss", unit), "", unified=False, height=140 + 34 * max(len(table), 2)
    )
    places = list(range(len(table)))  # numbers, since two long names may look the same once cut
    for name, column, colour in (
        ("without the hedge", "loss_unhedged", UNHEDGED),
        ("with the hedge", "loss_hedged", COLOURS[0]),
    ):
        values = table[column].to_numpy(dtype=np.float64)
        texts = [number_text(float(value)) for value in values]
        figure.add_bar(
            y=places, x=values, orientation="h", name=name, marker={"color": colour},
            customdata=texts, hovertemplate="%{customdata}",
        )  # fmt: skip
    figure.update_layout(barmode="group", bargap=0.25)
    labels = [plotly_text(name, NAME_LIMIT + 12) for name in table.index]
    figure.update_yaxes(autorange="reversed", showgrid=False, zeroline=False, tickvals=places, ticktext=labels)
    return figure
