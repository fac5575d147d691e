"""Figures of options and volatility: Greeks against spot and time, smile, surface, cone, term structure, scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.report.style import COLOURS, FAINT, NAME_LIMIT, line_style, marker_style, new_figure, register_template
from hedgerow.report.text import axis_title, plotly_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

DIVERGING = ((0.0, "#b2182b"), (0.25, "#f4a582"), (0.5, "#f7f7f7"), (0.75, "#92c5de"), (1.0, "#2166ac"))
"""Red for losses, blue for gains, white at zero: told apart by colour-blind readers too."""


def greek_curves_figure(
    curves: Mapping[str, pd.DataFrame],
    *,
    units: Mapping[str, str] | None = None,
    x_title: str = "spot",
    title: str = "",
) -> go.Figure:
    """Return small plots, one per Greek, with a line per column.

    Parameters
    ----------
    curves : mapping of str to pandas.DataFrame
        Greek to its values: index spot, one column per time to expiry (or per option).
    units : mapping of str to str, optional
        Greek to its unit.
    x_title, title : str
        Name of the horizontal axis, and heading.
    """
    from plotly.subplots import make_subplots

    register_template()
    columns = min(3, len(curves))
    rows = -(-len(curves) // columns)
    heads = [axis_title(name, (units or {}).get(name, "")) for name in curves]
    gaps = {"horizontal_spacing": 0.08, "vertical_spacing": 0.25 / rows}
    figure = make_subplots(rows=rows, cols=columns, subplot_titles=heads, **gaps)
    for place, frame in enumerate(curves.values()):
        for position, label in enumerate(frame.columns):
            figure.add_scatter(
                x=frame.index.to_numpy(dtype=float),
                y=frame[label].to_numpy(dtype=np.float32),
                name=plotly_text(label, NAME_LIMIT),
                legendgroup=str(position),
                showlegend=place == 0,
                mode="lines",
                line=line_style(position),
                row=place // columns + 1,
                col=place % columns + 1,
            )
    figure.update_layout(template="hedgerow", height=90 + 230 * rows, title=plotly_text(title) or None)
    figure.update_annotations(font_size=13)
    figure.update_xaxes(title_text=plotly_text(x_title), row=rows)
    return figure


def heat_map_figure(
    matrix: pd.DataFrame, *, x_title: str, y_title: str, unit: str = "", title: str = "", diverging: bool = True
) -> go.Figure:
    """Return a matrix as colours: gains blue, losses red, zero white; or one scale from low to high.

    Parameters
    ----------
    matrix : pandas.DataFrame of shape (n_rows, n_columns)
        Index on the vertical axis, columns on the horizontal one.
    x_title, y_title, unit, title : str
        Names of the axes, unit of the values, heading.
    diverging : bool
        Colours centred on zero.
    """
    figure = new_figure(plotly_text(title), plotly_text(x_title), plotly_text(y_title), unified=False, height=440)
    values = matrix.to_numpy(dtype=float)
    scale: dict[str, Any] = {"colorscale": "Viridis"}
    if diverging:
        finite = np.abs(values[np.isfinite(values)])
        largest = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
        scale = {"colorscale": DIVERGING, "zmin": -largest, "zmax": largest}
    figure.add_heatmap(
        z=values,
        x=_labels(matrix.columns),
        y=_labels(matrix.index),
        colorbar={"title": {"text": plotly_text(unit)}},
        hovertemplate="%{x}, %{y}: %{z:,.6~g}<extra></extra>",
        **scale,
    )
    for axis, index in ((figure.update_xaxes, matrix.columns), (figure.update_yaxes, matrix.index)):
        if any(isinstance(value, str) for value in index):  # plotly would read "+5.0%" as the number 5
            axis(type="category")
    return figure


def smile_figure(
    quotes: pd.DataFrame,
    fitted: pd.DataFrame | None = None,
    *,
    title: str = "Implied volatility by strike",
    x_title: str = "strike",
) -> go.Figure:
    """Return implied volatilities of bid and ask as bars, and fitted smiles as lines, one colour per expiry.

    Parameters
    ----------
    quotes : pandas.DataFrame
        Columns ``expiry``, ``strike`` (or what ``x_title`` says), ``bid_vol``, ``ask_vol`` as decimals; NaN where a
        side has none.
    fitted : pandas.DataFrame, optional
        Columns ``expiry``, ``strike``, ``vol``.
    """
    figure = new_figure(plotly_text(title), plotly_text(x_title), "implied volatility (%)", unified=False)
    for position, (expiry, rows) in enumerate(quotes.groupby("expiry", sort=True)):
        middle = rows[["bid_vol", "ask_vol"]].mean(axis=1)
        reach = {"type": "data", "array": rows["ask_vol"] - middle, "arrayminus": middle - rows["bid_vol"]}
        figure.add_scatter(
            x=rows["strike"],
            y=middle,
            error_y=reach | {"thickness": 1, "width": 2, "color": COLOURS[position % len(COLOURS)]},
            mode="markers",
            marker=marker_style(position, 4),
            name=plotly_text(_label(expiry), NAME_LIMIT),
            legendgroup=str(expiry),
        )
        if fitted is not None:
            line = fitted[fitted["expiry"] == expiry]
            style = line_style(position) | {"dash": "solid"}
            figure.add_scatter(
                x=line["strike"], y=line["vol"], mode="lines", line=style, legendgroup=str(expiry), showlegend=False,
                name=plotly_text(f"{_label(expiry)} fit", NAME_LIMIT),
            )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", hoverformat=".2%")
    return figure


def surface_figure(
    matrix: pd.DataFrame, *, x_title: str = "log-moneyness ln(K/F)", title: str = "Implied volatility surface"
) -> go.Figure:
    """Return volatilities in three dimensions.

    Parameters
    ----------
    matrix : pandas.DataFrame of shape (n_expiries, n_strikes)
        Volatility as decimals; index years to expiry, columns log-moneyness (or strike).
    """
    figure = new_figure(plotly_text(title), "", "", unified=False, height=560)
    figure.add_surface(
        x=matrix.columns.to_numpy(dtype=float),
        y=matrix.index.to_numpy(dtype=float),
        z=matrix.to_numpy(dtype=float),
        colorscale="Viridis",
        colorbar={"tickformat": ".0%"},
        hovertemplate="%{x:.3f}, %{y:.3f} years: %{z:.2%}<extra></extra>",
    )
    axes = {"xaxis_title": plotly_text(x_title), "yaxis_title": "years", "zaxis_title": "volatility"}
    figure.update_layout(scene=axes | {"zaxis": {"tickformat": ".0%"}})
    return figure


def cone_figure(cone: pd.DataFrame, *, implied: pd.Series | None = None, title: str = "Volatility cone") -> go.Figure:
    """Return quantiles of realised volatility by horizon, today's figures, and implied volatility beside them.

    Parameters
    ----------
    cone : pandas.DataFrame
        Index horizon in trading days; numeric columns such as min, quantiles, max and ``latest``, decimals.
    implied : pandas.Series, optional
        Implied volatility by horizon in trading days.
    """
    figure = new_figure(plotly_text(title), "horizon (trading days)", "annual volatility (%)")
    ranks = [name for name in cone.columns if str(name) != "latest"]
    for name in cone.columns:
        latest = str(name) == "latest"
        style = {"color": COLOURS[1], "width": 3} if latest else {"color": COLOURS[0], "width": 1.4}
        # a line and its mirror across the median look alike; no other two do
        ring = 0 if latest else int(abs(ranks.index(name) - (len(ranks) - 1) / 2))
        dash = ("solid", "dash", "dot", "dashdot")[ring % 4]
        figure.add_scatter(
            x=cone.index.to_numpy(), y=cone[name], mode="lines+markers", line=style | {"dash": dash},
            marker={"size": 7 if latest else 4}, name=plotly_text(name, NAME_LIMIT),
        )  # fmt: skip
    if implied is not None:
        figure.add_scatter(
            x=implied.index.to_numpy(), y=implied, mode="lines+markers", name="implied",
            line={"color": COLOURS[2], "width": 2}, marker=marker_style(2, 9),
        )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", hoverformat=".2%")
    return figure


def term_structure_figure(
    curves: pd.DataFrame, *, x_title: str = "years to expiry", percent: bool = True, title: str = "Term structure"
) -> go.Figure:
    """Return one line with markers per column over the time to expiry.

    Parameters
    ----------
    curves : pandas.DataFrame
        Index time to expiry (unit in ``x_title``), one column per curve: volatilities as decimals, or futures prices.
    percent : bool
        Values are decimals to be shown in per cent.
    """
    unit = "volatility (%)" if percent else "price"
    figure = new_figure(plotly_text(title), plotly_text(x_title), unit)
    for position, name in enumerate(curves.columns):
        held = curves[name].dropna()
        figure.add_scatter(
            x=held.index.to_numpy(), y=held, mode="lines+markers", line=line_style(position),
            marker=marker_style(position, 7), name=plotly_text(name, NAME_LIMIT), showlegend=True,
        )  # fmt: skip
    if percent:
        figure.update_yaxes(tickformat=".1%", hoverformat=".2%")
    return figure


def level_history_figure(
    levels: pd.DataFrame,
    *,
    unit: str = "",
    percent: bool = False,
    marks: Mapping[str, float] | None = None,
    title: str = "",
) -> go.Figure:
    """Return levels through time (implied and realised volatility, rank, premium) with horizontal marks.

    Parameters
    ----------
    levels : pandas.DataFrame
        Index dates, one column per line.
    unit : str
        Of the vertical axis.
    percent : bool
        Values are decimals to be shown in per cent.
    marks : mapping of str to float, optional
        Name to height of a horizontal line.
    """
    figure = new_figure(plotly_text(title), "", plotly_text(unit))
    dates = pd.DatetimeIndex(levels.index).strftime("%Y-%m-%d")
    for position, name in enumerate(levels.columns):
        figure.add_scatter(
            x=dates, y=levels[name].to_numpy(dtype=np.float32), mode="lines", line=line_style(position),
            name=plotly_text(name, NAME_LIMIT), showlegend=True,
        )  # fmt: skip
    for name, height in (marks or {}).items():
        figure.add_hline(y=height, line={"color": FAINT, "dash": "dot", "width": 1}, annotation_text=plotly_text(name))
    if percent:
        figure.update_yaxes(tickformat=".0%", hoverformat=".2%")
    return figure


def _labels(index: pd.Index) -> list[Any]:
    return [_label(value) for value in index]


def _label(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    return float(value) if isinstance(value, (int, float, np.number)) else plotly_text(value, NAME_LIMIT)
