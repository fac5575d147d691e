"""Figures of how a hedge works: option, hedge and both against the spot; trades at price levels; policies compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.report.simulation_figures import BOUGHT, SOLD, largest_trades
from hedgerow.report.style import COLOURS, FAINT, INK, NAME_LIMIT, UNHEDGED, line_style, marker_style, new_figure
from hedgerow.report.text import axis_title, plotly_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_ARROWS = 60
VIOLIN_POINTS = 400
"""Quantiles that stand for the paths of one policy in a violin: a page needs no more."""


def concept_figure(
    curves: pd.DataFrame, *, spot: float | None = None, unit: str = "", title: str = "Book, hedge and both"
) -> go.Figure:
    """Return what book, hedge and the two together gain when the spot moves now.

    Parameters
    ----------
    curves : pandas.DataFrame
        Index: spot after the move; columns ``book``, ``hedge``, ``combined``, profit against now in money.
    spot : float, optional
        Spot now, marked.
    unit, title : str
    """
    figure = new_figure(plotly_text(title), "spot after the move", axis_title("profit", unit))
    looks = {
        "book": {"color": UNHEDGED, "width": 1.8, "dash": "dash"},
        "hedge": {"color": COLOURS[4], "width": 1.8, "dash": "dot"},
        "combined": {"color": COLOURS[0], "width": 2.8},
    }
    spots = curves.index.to_numpy(dtype=np.float64)
    for name in ("book", "hedge", "combined"):
        values = curves[name].to_numpy(dtype=np.float32)
        figure.add_scatter(x=spots, y=values, mode="lines", name=name, line=looks[name], yhoverformat=",.5~g")
    if spot is not None:
        figure.add_vline(x=spot, line={"color": FAINT, "width": 1, "dash": "dot"})
    return figure


def rebalancing_figure(
    path: pd.DataFrame,
    curve: pd.DataFrame | None = None,
    *,
    unit: str = "units of the underlying",
    title: str = "Rebalancing: what is held at each price",
) -> go.Figure:
    """Return holdings against the spot, an arrow for each trade, and the band inside which nothing is traded.

    Parameters
    ----------
    path : pandas.DataFrame
        By time: ``spot``, ``holding`` after trading, ``trade`` (positive = bought).
    curve : pandas.DataFrame, optional
        Index: spot; ``target`` at the start, and ``low`` and ``high`` of the band round it where the policy has one.
    unit, title : str
    """
    figure = new_figure(plotly_text(title), "spot", axis_title("holding", unit), unified=False, height=440)
    if curve is not None:
        _draw_target(figure, curve)
    rows = largest_trades(path, MOST_ARROWS)
    for name, side, colour, symbol in (("buy", 1.0, BOUGHT, "triangle-up"), ("sell", -1.0, SOLD, "triangle-down")):
        chosen = rows[np.sign(rows["trade"]) == side]
        spots = chosen["spot"].to_numpy(dtype=np.float64)
        after = chosen["holding"].to_numpy(dtype=np.float64)
        before = after - chosen["trade"].to_numpy(dtype=np.float64)
        gaps = np.full(len(spots), np.nan)
        figure.add_scatter(
            x=np.column_stack([spots, spots, gaps]).ravel(),
            y=np.column_stack([before, after, gaps]).ravel(),
            mode="lines",
            line={"color": colour, "width": 1.2},
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            x=spots,
            y=after,
            mode="markers",
            name=name if len(rows) < MOST_ARROWS else f"{name}, the {MOST_ARROWS} largest",
            marker={"color": colour, "symbol": symbol, "size": 9},
            customdata=np.abs(after - before),
            hovertemplate=f"at %{{x:,.6~g}} {name} %{{customdata:,.5~g}}, hold %{{y:,.5~g}}<extra></extra>",
            showlegend=True,
        )
    return figure


def _draw_target(figure: go.Figure, curve: pd.DataFrame) -> None:
    spots = curve.index.to_numpy(dtype=np.float64)
    if {"low", "high"} <= set(curve.columns):
        edge = {"width": 0}
        low, high = (curve[name].to_numpy(dtype=np.float32) for name in ("low", "high"))
        figure.add_scatter(x=spots, y=low, mode="lines", line=edge, hoverinfo="skip", showlegend=False)
        figure.add_scatter(
            x=spots,
            y=high,
            mode="lines",
            line=edge,
            fill="tonexty",
            fillcolor="rgba(0,114,178,0.12)",
            name="no trade inside, at the start",
            hoverinfo="skip",
        )
    line = {"color": COLOURS[0], "width": 2}
    target = curve["target"].to_numpy(dtype=np.float32)
    figure.add_scatter(x=spots, y=target, mode="lines", line=line, name="target at the start", yhoverformat=",.5~g")


def frontier_figure(
    table: pd.DataFrame,
    *,
    unit: str = "",
    risk: str = "standard deviation of the profit",
    title: str = "Cost against risk, by family of policies",
) -> go.Figure:
    """Return what every policy costs against the risk it leaves, a line per family; the efficient ones are ringed.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: policy; columns ``family``, ``cost`` and ``risk`` (money), ``cost_error`` and ``risk_error`` (their
        standard errors), ``efficient`` (bool: no other policy is cheaper and safer).
    unit, risk, title : str
        Of the money; what the risk is; heading.
    """
    figure = new_figure(
        plotly_text(title), axis_title(plotly_text(risk), unit), axis_title("expected cost", unit), unified=False
    )
    for position, (family, rows) in enumerate(table.groupby("family", sort=False)):
        ordered = rows.sort_values("risk", kind="stable")
        figure.add_scatter(
            x=ordered["risk"].to_numpy(dtype=np.float64),
            y=ordered["cost"].to_numpy(dtype=np.float64),
            error_x=_errors(ordered, "risk_error"),
            error_y=_errors(ordered, "cost_error"),
            mode="lines+markers",
            line={"color": COLOURS[position % len(COLOURS)], "width": 1.0, "dash": "dot"},
            marker=marker_style(position, 8),
            name=plotly_text(str(family).replace("_", " "), NAME_LIMIT),
            text=[plotly_text(label, 60) for label in ordered.index],
            hovertemplate="%{text}: risk %{x:,.5~g}, cost %{y:,.5~g}<extra></extra>",
            showlegend=True,
        )
    best = table[table["efficient"].to_numpy(dtype=bool)].sort_values("risk", kind="stable")
    figure.add_scatter(
        x=best["risk"].to_numpy(dtype=np.float64),
        y=best["cost"].to_numpy(dtype=np.float64),
        mode="lines+markers",
        line={"color": INK, "width": 1.4},
        marker={"size": 15, "symbol": "circle-open", "color": INK, "line": {"width": 1.4}},
        name="efficient",
        hoverinfo="skip",
        showlegend=True,
    )
    figure.update_yaxes(rangemode="tozero")
    return figure


def _errors(rows: pd.DataFrame, column: str) -> dict[str, object] | None:
    if column not in rows.columns:
        return None
    array = 1.96 * rows[column].to_numpy(dtype=np.float64)
    return {"type": "data", "array": array, "color": FAINT, "thickness": 0.8, "width": 2}


def policy_violin_figure(
    profits: Mapping[str, FloatArray], *, unit: str = "", title: str = "Profit of each policy on the same paths"
) -> go.Figure:
    """Return the distribution of final profit of each policy as a violin with its quartiles.

    Parameters
    ----------
    profits : mapping of str to ndarray, shape (n_paths,)
        Policy to the profit of every path, money; drawn from 400 even quantiles, the outer 0.5 % left out.
    unit, title : str
    """
    figure = new_figure(plotly_text(title), "", axis_title("profit", unit), unified=False, height=440)
    levels = np.linspace(0.005, 0.995, VIOLIN_POINTS)
    for position, (name, values) in enumerate(profits.items()):
        figure.add_violin(
            y=np.quantile(np.asarray(values, dtype=np.float64), levels).astype(np.float32),
            name=plotly_text(name, NAME_LIMIT),
            line={"color": line_style(position)["color"], "width": 1.2},
            box={"visible": True},
            meanline={"visible": True},
            points=False,
            spanmode="hard",
            hoverinfo="y",
            showlegend=False,
        )
    return figure
