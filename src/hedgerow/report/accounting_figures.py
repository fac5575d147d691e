"""Figures of a hedging relationship: regression with its fan, offset in its corridor, rolling slope, residuals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.report.style import COLOURS, FAINT, new_figure
from hedgerow.report.text import axis_title, number_text
from hedgerow.report.thinning import thinned

if TYPE_CHECKING:
    import plotly.graph_objects as go

CORRIDOR = "rgba(0,158,115,0.14)"
NORMAL_95 = 1.959963984540054


def offset_fan_figure(
    changes: pd.DataFrame, *, slope: float, intercept: float, fan: tuple[float, float] = (0.8, 1.25), unit: str = ""
) -> go.Figure:
    """Return changes of the item against changes of the hedge held, the fitted line, and the fan of accepted slopes.

    Parameters
    ----------
    changes : pandas.DataFrame of shape (n, 2)
        Columns ``item`` and ``hedge``, money.
    slope, intercept : float
        Of the item on the hedge; NaN draws no line.
    fan : tuple of two float
        Smallest and largest size of an accepted slope.
    unit : str
        Of money.

    Returns
    -------
    plotly Figure
    """
    titles = axis_title("change of hedge held", unit), axis_title("change of hedged item", unit)
    figure = new_figure("", *titles, unified=False, height=460)
    reach = float(np.abs(changes["hedge"]).max()) * 1.05 if len(changes) else 1.0
    ends = np.array([-reach, reach])
    low, high = (-size * ends for size in fan)
    shared = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=ends, y=low, showlegend=False, **shared)
    name = f"slopes -{number_text(fan[0])} to -{number_text(fan[1])}"
    figure.add_scatter(x=ends, y=high, fill="tonexty", fillcolor=CORRIDOR, name=name, **shared)
    marks = {"color": COLOURS[0], "size": 6, "opacity": 0.55}
    days = pd.DatetimeIndex(changes.index).strftime("%Y-%m-%d").tolist()
    figure.add_scatter(
        x=changes["hedge"].to_numpy(), y=changes["item"].to_numpy(), mode="markers", name="changes", marker=marks,
        text=days, hovertemplate="%{text}<br>hedge %{x:,.4~g}<br>item %{y:,.4~g}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=ends, y=-ends, mode="lines", name="perfect: slope -1", line={"color": FAINT, "width": 1.2, "dash": "dot"}
    )
    if np.isfinite(slope):
        line = {"color": COLOURS[1], "width": 2}
        fitted = f"fit: slope {number_text(slope)}"
        figure.add_scatter(x=ends, y=intercept + slope * ends, mode="lines", name=fitted, line=line)
    return figure


def cumulative_offset_figure(offsets: pd.DataFrame, *, corridor: tuple[float, float] = (0.8, 1.25)) -> go.Figure:
    """Return the dollar offset per period and since designation in its corridor; the axis stops at -100 and 300 %.

    Parameters
    ----------
    offsets : pandas.DataFrame
        By period end: ``offset`` and ``cumulative_offset`` (ratios, NaN where undefined).
    corridor : tuple of two float

    Returns
    -------
    plotly Figure
    """
    figure = new_figure("", "", "dollar offset (%)", unified=False)
    ends = [str(end) for end in offsets.index]
    figure.add_hrect(y0=corridor[0], y1=corridor[1], fillcolor=CORRIDOR, line_width=0, layer="below")
    for place, (column, name) in enumerate((("cumulative_offset", "since designation"), ("offset", "period"))):
        values = offsets[column].to_numpy(dtype=np.float64)
        shown = np.clip(values, -1.0, 3.0)  # an offset is a ratio: one small divisor would flatten all the others
        colour = COLOURS[place]
        figure.add_scatter(
            x=ends, y=shown, customdata=values, mode="lines+markers" if place == 0 else "markers", name=name,
            line={"color": colour, "width": 2}, marker={"color": colour, "size": 9, "symbol": ("circle", "x")[place]},
            hovertemplate="%{x}: %{customdata:.1%}",
        )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", range=[-1.1, 3.1])
    figure.update_xaxes(type="category")
    return figure


def rolling_regression_figure(
    paths: pd.DataFrame, *, slopes: tuple[float, float] = (0.8, 1.25), r_squared: float = 0.8
) -> go.Figure:
    """Return rolling slope (with the sign of a hypothetical derivative) and R², with the lines the tests draw.

    Parameters
    ----------
    paths : pandas.DataFrame
        By date: ``slope`` of the item on the hedge held, and ``r_squared``.
    slopes : tuple of two float
    r_squared : float

    Returns
    -------
    plotly Figure
    """
    figure = new_figure("", "", "slope (sign turned), R²")
    drawn = thinned(paths.dropna(how="all"))
    dates = pd.DatetimeIndex(drawn.index).strftime("%Y-%m-%d").tolist()
    figure.add_hrect(y0=slopes[0], y1=slopes[1], fillcolor=CORRIDOR, line_width=0, layer="below")
    lines = (("slope, sign turned", -drawn["slope"], "solid"), ("R²", drawn["r_squared"], "dash"))
    for place, (name, values, dash) in enumerate(lines):
        style = {"color": COLOURS[place], "width": 1.8, "dash": dash}
        figure.add_scatter(
            x=dates, y=values.to_numpy(dtype=np.float32), mode="lines", name=name, line=style, yhoverformat=".3f"
        )
    least = {"color": COLOURS[1], "width": 1.2, "dash": "dot"}
    figure.add_hline(y=r_squared, line=least)
    return figure


def autocorrelation_figure(autocorrelation: pd.Series, n_obs: int) -> go.Figure:
    """Return the autocorrelation of residuals by lag, with the band that holds about 95 % of white noise.

    Parameters
    ----------
    autocorrelation : pandas.Series
        By lag from 1.
    n_obs : int
        Residuals it was made from.

    Returns
    -------
    plotly Figure
    """
    figure = new_figure("", "lag", "autocorrelation of residuals", unified=False, height=320)
    width = NORMAL_95 / np.sqrt(n_obs)
    figure.add_hrect(y0=-width, y1=width, fillcolor="rgba(97,110,124,0.16)", line_width=0, layer="below")
    lags, values = autocorrelation.index.tolist(), autocorrelation.to_numpy()
    figure.add_bar(x=lags, y=values, name="autocorrelation", marker={"color": COLOURS[0]}, width=0.4)
    reach = max(float(np.abs(autocorrelation).max()) if len(autocorrelation) else 0.0, width) * 1.15
    figure.update_yaxes(range=[-reach, reach])
    return figure
