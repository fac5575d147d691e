"""Figures of a hedged book: its final profit, one path through time, what the profit was made of, and year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.report.series_figures import add_lines, dates_as_text
from hedgerow.report.style import COLOURS, FAINT, INK, NAME_LIMIT, line_style, new_figure
from hedgerow.report.text import axis_title, number_text, plotly_text
from hedgerow.report.thinning import thinned

if TYPE_CHECKING:
    import plotly.graph_objects as go

BOUGHT, SOLD = COLOURS[2], COLOURS[1]
GAIN, LOSS, TOTAL = COLOURS[0], COLOURS[1], "#4d4d4d"
BARS = 80
MOST_MARKS = 200
"""Trades that a picture marks; the largest are chosen where there are more."""


def pnl_distribution_figure(
    pnl: FloatArray, *, level: float = 0.95, unit: str = "", title: str = "Profit and loss at the end"
) -> go.Figure:
    """Return the histogram of final profit over all paths, with its mean, value at risk and CVaR marked.

    Parameters
    ----------
    pnl : ndarray, shape (n_paths,)
        Profit of each path, money, gains positive.
    level : float
        Of value at risk and CVaR, which are marked where the loss of that size lies.
    unit : str
        Of the money.
    title : str
    """
    figure = new_figure(plotly_text(title), axis_title("profit", unit), "share of paths", unified=False)
    values = np.asarray(pnl, dtype=np.float64)
    values = values[np.isfinite(values)]
    if not values.size:
        return figure
    low, high = np.quantile(values, [0.001, 0.999])
    ends = (low, high) if high > low else (low - 0.5, high + 0.5)
    counts, edges = np.histogram(np.clip(values, *ends), bins=BARS, range=ends)
    shares = counts / len(values)
    figure.add_bar(
        x=0.5 * (edges[:-1] + edges[1:]),
        y=shares,
        width=float(edges[1] - edges[0]),
        marker={"color": GAIN, "opacity": 0.55, "line": {"width": 0}},
        name=f"{len(values):,} paths",
        hovertemplate="%{x:,.4~g}: %{y:.2%}<extra></extra>",
        showlegend=True,
    )
    at_risk = float(np.quantile(values, 1.0 - level))
    tail = float(values[values <= at_risk].mean())
    words = f"{100 * level:g} %"
    marks = (
        ("mean", float(values.mean()), INK),
        (f"value at risk {words}", at_risk, COLOURS[4]),
        (f"CVaR {words}", tail, LOSS),
    )
    for position, (name, place, colour) in enumerate(marks):
        shown = place if position == 0 else -place
        figure.add_scatter(
            x=[place, place],
            y=[0.0, float(shares.max())],
            mode="lines",
            line={"color": colour, "width": 1.6, "dash": ("solid", "dash", "dot")[position]},
            name=f"{name} {number_text(shown)}",
            hoverinfo="skip",
        )
    figure.update_yaxes(tickformat=".1%", rangemode="tozero")
    return figure


def delta_through_time_figure(
    path: pd.DataFrame, *, unit: str = "units of the underlying", title: str = "Delta and holdings through time"
) -> go.Figure:
    """Return delta of the book, target and holdings of one path, with a mark for every purchase and sale.

    Parameters
    ----------
    path : pandas.DataFrame
        By time: ``delta`` of the book, ``target``, ``holding`` after trading, ``trade`` (positive = bought); ``spot``
        too, if it is to be drawn on an axis of its own. All in units of the underlying.
    unit, title : str
    """
    figure = new_figure(plotly_text(title), "", axis_title("delta and holdings", unit), height=440)
    names = [name for name in ("delta", "target", "holding") if name in path.columns]
    drawn = thinned(path[[*names, *(["spot"] if "spot" in path.columns else [])]])
    dates = dates_as_text(drawn.index)
    looks = {"delta": FAINT, "target": COLOURS[4], "holding": COLOURS[0]}
    for name in names:
        line: dict[str, Any] = {"color": looks[name], "width": 2.0 if name == "holding" else 1.4}
        line |= {"shape": "hv"} if name == "holding" else {"dash": "dot" if name == "target" else "dash"}
        label = {"delta": "delta of the book", "target": "target", "holding": "holding"}[name]
        values = drawn[name].to_numpy(dtype=np.float32)
        figure.add_scatter(x=dates, y=values, mode="lines", name=label, line=line, yhoverformat=",.5~g")
    _mark_trades(figure, path)
    if "spot" in drawn:
        line = {"color": COLOURS[3], "width": 1.2}
        spots = drawn["spot"].to_numpy(dtype=np.float32)
        figure.add_scatter(x=dates, y=spots, name="spot (right)", yaxis="y2", mode="lines", line=line)
        figure.update_layout(
            yaxis2={
                "overlaying": "y",
                "side": "right",
                "title": {"text": "spot"},
                "showgrid": False,
                "tickmode": "auto",
            },
            legend={"x": 0, "y": -0.15, "orientation": "h", "xanchor": "left", "yanchor": "top"},
        )
    return figure


def largest_trades(path: pd.DataFrame, most: int = MOST_MARKS) -> pd.DataFrame:
    """Return the rows on which something was traded, in order; the largest ``most`` of them.

    Parameters
    ----------
    path : pandas.DataFrame
        With a column ``trade``, units, positive = bought.
    most : int
    """
    traded = path.loc[path["trade"].abs() > 0.0]
    if len(traded) <= most:
        return traded
    places = np.sort(np.argsort(-traded["trade"].abs().to_numpy(), kind="stable")[:most])
    return traded.iloc[places]


def worst_stretch(path: pd.DataFrame, moments: int) -> pd.DataFrame:
    """Return the moments over which most was lost, so that a long path can be looked at.

    Parameters
    ----------
    path : pandas.DataFrame
        By time: ``pnl``, cumulative money.
    moments : int
        How many to keep; the whole path where it has no more.
    """
    if len(path) <= moments:
        return path
    pnl = path["pnl"].to_numpy(dtype=np.float64)
    first = int(np.argmin(pnl[moments - 1 :] - pnl[: len(pnl) - moments + 1]))
    return path.iloc[first : first + moments]


def _mark_trades(figure: go.Figure, path: pd.DataFrame) -> None:
    marked = largest_trades(path)
    more = "" if len(marked) == int((path["trade"].abs() > 0.0).sum()) else f", the {MOST_MARKS} largest"
    for name, side, colour, symbol in (("buy", 1.0, BOUGHT, "triangle-up"), ("sell", -1.0, SOLD, "triangle-down")):
        rows = marked[np.sign(marked["trade"]) == side]
        figure.add_scatter(
            x=dates_as_text(rows.index),
            y=rows["holding"].to_numpy(dtype=np.float32),
            mode="markers",
            name=name + more,
            marker={"color": colour, "symbol": symbol, "size": 8, "line": {"color": "white", "width": 0.5}},
            customdata=rows["trade"].abs().to_numpy(dtype=np.float32),
            hovertemplate=f"{name} %{{customdata:,.5~g}}<extra></extra>",
            showlegend=True,
        )


def pnl_decomposition_figure(
    parts: pd.DataFrame, *, unit: str = "", title: str = "What the profit is made of"
) -> go.Figure:
    """Return cumulative parts of the profit of one path, a line each, and their total.

    Parameters
    ----------
    parts : pandas.DataFrame
        By time, cumulative money: a column per part (``gamma``, ``theta``, ``vega``, ``hedge``, ``costs`` ...), gains
        positive, costs negative. A column ``total`` is drawn stronger; without one the parts are added up.
    unit, title : str
    """
    figure = new_figure(plotly_text(title), "", axis_title("cumulative profit", unit))
    total = parts["total"] if "total" in parts.columns else parts.sum(axis=1)
    frame = parts.drop(columns="total", errors="ignore")
    drawn = thinned(frame.assign(total=total))
    add_lines(figure, drawn.drop(columns="total"), ",.5~g")
    figure.add_scatter(
        x=dates_as_text(drawn.index),
        y=drawn["total"].to_numpy(dtype=np.float32),
        mode="lines",
        name="total",
        line={"color": INK, "width": 2.8},
        yhoverformat=",.5~g",
    )
    return figure


def gamma_theta_figure(
    parts: pd.DataFrame, *, unit: str = "", title: str = "Gamma against theta, cumulative"
) -> go.Figure:
    """Return what gamma earned and what theta earned since the start, and what is left of the two.

    A book that is long options gains on gamma and pays theta; a short one the reverse: the signs are those of the
    accounts.

    Parameters
    ----------
    parts : pandas.DataFrame
        By time: ``gamma`` and ``theta``, cumulative money; ``break_even`` too where known, what gamma would have to
        earn for the two to meet.
    unit, title : str
    """
    figure = new_figure(plotly_text(title), "", axis_title("cumulative profit", unit))
    drawn = thinned(parts)
    dates = dates_as_text(drawn.index)
    for position, name in enumerate(drawn.columns):
        line = line_style(position) if name != "break_even" else {"color": FAINT, "dash": "dot", "width": 1.2}
        values = drawn[name].to_numpy(dtype=np.float32)
        label = plotly_text(str(name).replace("_", " "), NAME_LIMIT)
        figure.add_scatter(x=dates, y=values, mode="lines", name=label, line=line, yhoverformat=",.5~g")
    both = (drawn["gamma"] + drawn["theta"]).to_numpy(dtype=np.float32)
    figure.add_scatter(
        x=dates,
        y=both,
        mode="lines",
        name="gamma and theta",
        line={"color": INK, "width": 2.4},
        fill="tozeroy",
        fillcolor="rgba(31,41,51,0.08)",
        yhoverformat=",.5~g",
    )
    return figure


def attribution_waterfall_figure(
    parts: pd.Series | pd.DataFrame, *, unit: str = "", title: str = "Attribution: from nothing to the profit"
) -> go.Figure:
    """Return the parts of a profit as steps from zero to the total.

    Parameters
    ----------
    parts : pandas.Series or pandas.DataFrame
        By part, money; gains positive, costs negative. Of a frame the column ``mean`` (or ``value``) is drawn; a row
        ``total`` must be their sum and closes the waterfall; without one it is added.
    unit, title : str
    """
    values = _values_of(parts)
    steps = values.drop(index="total", errors="ignore")
    total = float(values["total"]) if "total" in values.index else float(steps.sum())
    figure = new_figure(plotly_text(title), "", axis_title("money", unit), unified=False, height=420)
    amounts = [*steps.to_numpy(dtype=np.float64), total]
    figure.add_waterfall(
        x=[*(plotly_text(str(name).replace("_", " "), NAME_LIMIT) for name in steps.index), "total"],
        y=amounts,
        measure=["relative"] * len(steps) + ["total"],
        text=[number_text(float(amount)) for amount in amounts],
        textposition="outside",
        cliponaxis=False,
        connector={"line": {"color": FAINT, "width": 0.8}},
        increasing={"marker": {"color": GAIN}},
        decreasing={"marker": {"color": LOSS}},
        totals={"marker": {"color": TOTAL}},
        hovertemplate="%{x}: %{text}<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(type="category", tickangle=-30)
    return figure


def _values_of(parts: pd.Series | pd.DataFrame) -> pd.Series:
    if isinstance(parts, pd.Series):
        return parts
    return parts["mean" if "mean" in parts.columns else "value"]


def pnl_by_year_figure(table: pd.DataFrame, *, unit: str = "", title: str = "Profit by year") -> go.Figure:
    """Return stacked bars, one per year, of what the profit was made of, and the total as a mark.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: year; a column per part, money; ``total`` where it is not their sum.
    unit, title : str
    """
    figure = new_figure(plotly_text(title), "", axis_title("profit", unit))
    total = table["total"] if "total" in table.columns else table.sum(axis=1)
    years = [str(year) for year in table.index]
    parts = table.drop(columns="total", errors="ignore")
    for position, name in enumerate(parts.columns):
        figure.add_bar(
            x=years,
            y=parts[name].to_numpy(dtype=np.float64),
            name=plotly_text(str(name).replace("_", " "), NAME_LIMIT),
            marker={"color": COLOURS[position % len(COLOURS)]},
            yhoverformat=",.5~g",
        )
    marker = {"color": INK, "symbol": "diamond", "size": 9}
    values = total.to_numpy(dtype=np.float64)
    figure.add_scatter(x=years, y=values, mode="markers", name="total", marker=marker, yhoverformat=",.5~g")
    figure.update_layout(barmode="relative", bargap=0.25)
    figure.update_xaxes(type="category")
    return figure
