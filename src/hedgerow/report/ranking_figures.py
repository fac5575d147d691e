"""Figures that rank methods: reduction with its interval, and reduction against trading, the best set marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.report.style import COLOURS, FAINT, INK, NAME_LIMIT, marker_style, new_figure
from hedgerow.report.text import number_text, plotly_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

PALE = "#c3cfd9"


def ranking_figure(
    table: pd.DataFrame, *, level: float = 0.90, title: str = "Methods ranked, and those that may be the best"
) -> go.Figure:
    """Return a bar per method, the best on top, with its interval; methods in the confidence set stand out.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: method; columns ``variance_reduction``, ``low``, ``high`` (decimals) and ``in_confidence_set`` (bool).
    level : float
        Level of the confidence set, a decimal.
    """
    ranked = table.sort_values("variance_reduction", ascending=False, kind="stable")
    height = 140 + 34 * max(len(ranked), 3)
    figure = new_figure(plotly_text(title), "variance reduction (%)", "", unified=False, height=height)
    inside = ranked["in_confidence_set"].to_numpy(dtype=bool)
    words = f"{level:.0%} confidence set".replace("%", " %")
    for name, chosen, colour in ((f"in the {words}", inside, COLOURS[0]), (f"outside the {words}", ~inside, PALE)):
        rows = ranked[chosen]
        value = rows["variance_reduction"].to_numpy(dtype=np.float64)
        figure.add_bar(
            y=np.flatnonzero(chosen),
            x=value,
            orientation="h",
            name=name,
            marker={"color": colour},
            error_x=_reach(rows),
            hovertemplate="%{x:.1%}",
        )
    names = [plotly_text(method, NAME_LIMIT) for method in ranked.index]
    places = list(range(len(names)))  # numbers, since two long names may look the same once cut
    figure.update_layout(barmode="overlay", bargap=0.35)
    figure.update_xaxes(tickformat=".0%")
    figure.update_yaxes(autorange="reversed", showgrid=False, zeroline=False, tickvals=places, ticktext=names)
    return figure


def cost_benefit_figure(
    table: pd.DataFrame, *, unit: str = "", title: str = "What the trading buys: reduction against turnover"
) -> go.Figure:
    """Return variance reduction against turnover, a point per method; hollow where the confidence set leaves it out.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: method; columns ``turnover`` (units of hedge per unit of exposure), ``cost`` (money per unit of
        exposure), ``variance_reduction``, ``low``, ``high`` (decimals), ``in_confidence_set`` (bool).
    unit : str
        Of the cost.
    """
    figure = new_figure(
        plotly_text(title), "turnover (units of hedge per unit of exposure)", "variance reduction (%)", unified=False
    )
    for position, (method, row) in enumerate(table.iterrows()):
        style = marker_style(position)
        if not row["in_confidence_set"]:
            style = style | {"symbol": f"{style['symbol']}-open", "line": {"width": 2}}
        money = number_text(float(row["cost"])) + (f" {plotly_text(unit)}" if unit else "")
        figure.add_scatter(
            x=[row["turnover"]],
            y=[row["variance_reduction"]],
            error_y={"type": "data", **_ends(row.to_frame().T), "color": FAINT, "thickness": 1.0, "width": 3},
            mode="markers",
            name=plotly_text(method, NAME_LIMIT),
            marker=style,
            hovertemplate=f"turnover %{{x:.3~g}}, %{{y:.1%}}, cost {money}",
            showlegend=True,
        )
    figure.update_yaxes(tickformat=".0%")
    most = float(table["turnover"].max()) if len(table) else float("nan")
    if most > 0.0:  # a ratio that is traded once stays in sight, a little off the axis
        figure.update_xaxes(range=[-0.04 * most, 1.06 * most])
    return figure


def _reach(rows: pd.DataFrame) -> dict[str, Any]:
    return {"type": "data", **_ends(rows), "color": INK, "thickness": 1.2, "width": 4}


def _ends(rows: pd.DataFrame) -> dict[str, Any]:
    """Return how far intervals reach beyond the values; NaN, which draws nothing, where undefined."""
    value, low, high = (rows[name].to_numpy(dtype=np.float64) for name in ("variance_reduction", "low", "high"))
    return {"array": np.maximum(high - value, 0.0), "arrayminus": np.maximum(value - low, 0.0), "symmetric": False}
