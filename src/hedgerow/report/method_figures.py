"""Figures that compare: exposure against hedge, cost against reduction, in against out of sample, two densities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.report.style import COLOURS, NAME_LIMIT, UNHEDGED, marker_style, new_figure
from hedgerow.report.text import axis_title, number_text, plotly_text
from hedgerow.report.thinning import LIMIT

if TYPE_CHECKING:
    import plotly.graph_objects as go


def scatter_figure(
    exposure_change: pd.Series,
    hedge_change: pd.Series,
    *,
    ratio: float,
    intercept: float = 0.0,
    units: tuple[str, str] = ("", ""),
    title: str = "Exposure against hedge",
) -> go.Figure:
    """Return changes of the exposure against changes of the hedge, with the line ``intercept + ratio * hedge``.

    Parameters
    ----------
    exposure_change, hedge_change : pandas.Series of shape (n,)
        Same rows; rows missing on either side are left out.
    ratio, intercept : float
        Of the line; the ratio is the hedge ratio.
    units : tuple of two str
        Units of the exposure's and of the hedge's changes.
    """
    both = pd.DataFrame({"x": hedge_change.to_numpy(float), "y": exposure_change.to_numpy(float)}).dropna()
    names = [str(series.name) if series.name is not None else word
             for series, word in ((hedge_change, "hedge"), (exposure_change, "exposure"))]  # fmt: skip
    figure = new_figure(
        plotly_text(title),
        axis_title(f"change of {names[0]}", units[1]),
        axis_title(f"change of {names[1]}", units[0]),
        unified=False,
    )
    drawn = _outline(both)
    figure.add_scatter(
        x=drawn["x"].to_numpy(),
        y=drawn["y"].to_numpy(),
        mode="markers",
        name="changes",
        marker={"color": COLOURS[0], "size": 5, "opacity": 0.45},
    )
    if len(both):
        ends = np.array([both["x"].min(), both["x"].max()])
        sign = "-" if intercept < 0 else "+"
        words = f"{number_text(ratio)} · hedge" + (f" {sign} {number_text(abs(intercept))}" if intercept else "")
        line = {"color": COLOURS[1], "width": 2}
        figure.add_scatter(x=ends, y=intercept + ratio * ends, mode="lines", name=plotly_text(words), line=line)
    return figure


def cost_reduction_figure(
    table: pd.DataFrame, *, unit: str = "", title: str = "What each method costs and removes"
) -> go.Figure:
    """Return variance reduction (with its interval) against cost, one point per method.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: method; columns ``cost``, ``variance_reduction``, ``low``, ``high`` (decimals).
    unit : str
        Of the cost.
    """
    figure = new_figure(plotly_text(title), axis_title("cost", unit), "variance reduction (%)", unified=False)
    for position, (method, row) in enumerate(table.iterrows()):
        reach = _reach(row["variance_reduction"], row["low"], row["high"])
        figure.add_scatter(
            x=[row["cost"]],
            y=[row["variance_reduction"]],
            error_y={"type": "data", "array": [reach[1]], "arrayminus": [reach[0]], "thickness": 1.2, "width": 4},
            mode="markers",
            name=plotly_text(method, NAME_LIMIT),
            marker=marker_style(position),
            showlegend=True,
        )
    figure.update_yaxes(tickformat=".0%")
    most = float(table["cost"].max()) if len(table) else float("nan")
    if most > 0.0:  # zero cost stays in sight, a little off the axis so that its interval can be seen
        figure.update_xaxes(range=[min(0.0, float(table["cost"].min())) - 0.04 * most, 1.06 * most])
    return figure


def effectiveness_bars_figure(
    table: pd.DataFrame, *, title: str = "Variance reduction in and out of sample"
) -> go.Figure:
    """Return two bars per method, in sample (pale) and out of sample with its interval.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: method, best first; columns ``in_sample``, ``out_of_sample``, ``low``, ``high`` (decimals).
    """
    height = 130 + 44 * max(len(table), 2)
    figure = new_figure(plotly_text(title), "variance reduction (%)", "", unified=False, height=height)
    methods = [plotly_text(method, NAME_LIMIT) for method in table.index]
    places = list(range(len(methods)))  # numbers, since two long names may look the same once cut
    ends = [_reach(*row) for row in table[["out_of_sample", "low", "high"]].to_numpy(dtype=np.float64)]
    error = {
        "type": "data",
        "array": [high for _, high in ends],
        "arrayminus": [low for low, _ in ends],
        "color": "#1f2933",
        "thickness": 1.2,
        "width": 4,
    }
    for name, column, colour, bars in (
        ("out of sample", "out_of_sample", COLOURS[0], error),
        ("in sample", "in_sample", "#a6cfe5", None),
    ):
        values = table[column].to_numpy(dtype=np.float64)
        figure.add_bar(
            y=places,
            x=values,
            orientation="h",
            name=name,
            marker={"color": colour},
            error_x=bars,
            hovertemplate="%{x:.1%}",
        )
    figure.update_layout(barmode="group", bargap=0.3)
    figure.update_xaxes(tickformat=".0%")
    figure.update_yaxes(autorange="reversed", showgrid=False, zeroline=False, tickvals=places, ticktext=methods)
    return figure


def density_figure(
    unhedged: pd.Series,
    hedged: pd.Series,
    *,
    cvar: tuple[float, float],
    unit: str = "",
    title: str = "Distribution of changes, hedged and unhedged",
) -> go.Figure:
    """Return densities of two series of changes, with their CVaR marked as a loss (at minus its value).

    Parameters
    ----------
    unhedged, hedged : pandas.Series of shape (n,)
        Changes; missing ones are left out.
    cvar : tuple of two float
        CVaR of the unhedged and of the hedged changes, losses positive; NaN draws no mark.
    """
    figure = new_figure(plotly_text(title), axis_title("change", unit), "density (share per unit)", unified=False)
    samples = [series.dropna().to_numpy(dtype=np.float64) for series in (unhedged, hedged)]
    marks = [-mark for mark in cvar if np.isfinite(mark)]
    ends = [end for sample in samples if len(sample) for end in np.quantile(sample, [0.002, 0.998])]
    grid = np.linspace(min([*ends, *marks], default=-1.0) * 1.05, max([*ends, *marks], default=1.0) * 1.05, 400)
    looks = (("unhedged", UNHEDGED, "rgba(77,77,77,0.15)"), ("hedged", COLOURS[0], "rgba(0,114,178,0.18)"))
    curves = [_density(sample, grid) for sample in samples]
    top = max(float(curve.max()) for curve in curves)
    for curve, (name, colour, pale) in zip(curves, looks, strict=True):
        line = {"color": colour, "width": 2}
        figure.add_scatter(x=grid, y=curve, mode="lines", name=name, line=line, fill="tozeroy", fillcolor=pale)
    for (name, colour, _), mark in zip(looks, cvar, strict=True):
        if np.isfinite(mark):  # named in the legend: a label beside the line would cover a curve
            line = {"color": colour, "width": 1.5, "dash": "dash"}
            words = f"CVaR {name} {number_text(float(mark))}"
            figure.add_scatter(x=[-mark, -mark], y=[0.0, top], mode="lines", name=words, line=line)
    figure.update_yaxes(rangemode="tozero")
    return figure


def _reach(value: float, low: float, high: float) -> tuple[float, float]:
    """Return how far the interval reaches below and above the value; NaN, which draws nothing, where undefined."""
    return max(float(value - low), 0.0), max(float(high - value), 0.0)


def _outline(points: pd.DataFrame) -> pd.DataFrame:
    if len(points) <= LIMIT:
        return points
    # far points carry the picture, near ones only its shade: keep the farther half of the limit, thin the rest evenly
    spread = (points - points.mean()) / points.std().replace(0.0, 1.0)
    far = (spread**2).sum(axis=1).to_numpy().argsort(kind="stable")[-LIMIT // 2 :]
    near = np.setdiff1d(np.arange(len(points)), far)
    even = near[np.linspace(0, len(near) - 1, LIMIT // 2).astype(np.int64)]
    return points.iloc[np.sort(np.concatenate([far, even]))]


def _density(sample: FloatArray, grid: FloatArray) -> FloatArray:
    """Return a Gaussian kernel density; bandwidth by Silverman's rule, never under a grid step. 0 without rows."""
    if not len(sample):
        return np.zeros_like(grid)
    quartiles = np.quantile(sample, [0.25, 0.75])
    spreads = [spread for spread in (sample.std(), (quartiles[1] - quartiles[0]) / 1.34) if spread > 0]
    width = max(0.9 * min(spreads, default=0.0) * len(sample) ** -0.2, grid[1] - grid[0])
    density = np.zeros_like(grid)
    for start in range(0, len(sample), 5000):
        apart = (grid[:, None] - sample[None, start : start + 5000]) / width
        density += np.exp(-0.5 * apart**2).sum(axis=1)
    return np.asarray(density / (len(sample) * width * np.sqrt(2.0 * np.pi)))
