"""Figures of how much hedge was held at which level, what protection costs, and accounts against the portfolio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.report.overlay_figures import GIANT, leaves_the_frame, percent_form, stamped
from hedgerow.report.series_figures import dates_as_text
from hedgerow.report.style import COLOURS, FAINT, NAME_LIMIT, UNHEDGED, line_style, marker_style, new_figure
from hedgerow.report.text import plotly_text
from hedgerow.report.thinning import thinned

if TYPE_CHECKING:
    import plotly.graph_objects as go

OWN = "the rule itself"


def hedge_size_figure(
    sizes: pd.DataFrame,
    functions: pd.DataFrame | None = None,
    *,
    x_title: str = "VIX (points)",
    title: str = "Hedge held at each level of the VIX",
    stamp: str = "",
) -> go.Figure:
    """Return the multiplier held by the level of a figure: a point per bin and rule, and the rule's own function.

    Parameters
    ----------
    sizes : pandas.DataFrame
        Columns ``plan``, ``level``, ``held``, ``held_low``, ``held_high``: a row per rule and bin, levels rising.
    functions : pandas.DataFrame (n_levels, n_rules), optional
        Index: level; what each rule says there, drawn as a thin dotted line of the rule's colour.
    x_title, title, stamp : str
    """
    figure = new_figure(plotly_text(title), plotly_text(x_title), "multiplier held", unified=False, height=440)
    for position, (plan, rows) in enumerate(sizes.groupby("plan", sort=False)):
        held = rows["held"].to_numpy(dtype=np.float64)
        reach = {
            "type": "data",
            "array": rows["held_high"].to_numpy(dtype=np.float64) - held,
            "arrayminus": held - rows["held_low"].to_numpy(dtype=np.float64),
            "thickness": 1.0,
            "width": 0,
            "color": _faded(COLOURS[position % len(COLOURS)]),
        }
        group = f"rule {position}"
        figure.add_scatter(
            x=rows["level"].to_numpy(dtype=np.float64),
            y=held,
            error_y=reach,
            mode="lines+markers",
            line={"color": COLOURS[position % len(COLOURS)], "width": 1.0},
            marker=marker_style(position, 7),
            name=plotly_text(plan, NAME_LIMIT),
            legendgroup=group,
            hovertemplate="at %{x:.3~g} held %{y:.2f}",
        )
        if functions is not None and plan in functions:
            figure.add_scatter(
                x=functions.index.to_numpy(dtype=np.float64),
                y=functions[plan].to_numpy(dtype=np.float64),
                mode="lines",
                line={"color": COLOURS[position % len(COLOURS)], "width": 2.2, "dash": "dot"},
                name=plotly_text(f"{OWN}: {plan}", NAME_LIMIT),
                legendgroup=group,
                hovertemplate="at %{x:.3~g} says %{y:.2f}",
            )
    figure.update_yaxes(rangemode="tozero")
    return stamped(figure, stamp)


def cost_of_protection_figure(
    table: pd.DataFrame, line: pd.DataFrame, *, stamp: str = "", title: str = "What protection costs"
) -> go.Figure:
    """Return a point per account with its intervals, and the line of holding less; up and left is better.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: account; columns ``cost``, ``cut`` and their ``_low`` and ``_high`` (shares; NaN without an interval).
    line : pandas.DataFrame
        Columns ``sold``, ``cost``, ``cut``: of selling a share of the portfolio.
    stamp, title : str
    """
    figure = new_figure(
        plotly_text(title),
        "cost (% of the portfolio a year; left of 0 the hedge earned)",
        "CVaR 95 % of a day taken away<br>(% of the portfolio)",
        unified=False,
        height=460,
    )
    figure.add_scatter(
        x=line["cost"].to_numpy(dtype=np.float64),
        y=line["cut"].to_numpy(dtype=np.float64),
        mode="lines",
        line={"color": UNHEDGED, "width": 1.8},
        name="holding less",
        customdata=line["sold"].to_numpy(dtype=np.float64),
        hovertemplate="sell %{customdata:.1%}: cost %{x:.2%}, cut %{y:.3%}",
    )
    for position, (plan, row) in enumerate(table.iterrows()):
        figure.add_scatter(
            x=[row["cost"]],
            y=[row["cut"]],
            error_x=_reach(row, "cost"),
            error_y=_reach(row, "cut"),
            mode="markers",
            marker=marker_style(position),
            name=plotly_text(plan, NAME_LIMIT),
            hovertemplate="cost %{x:.2%}, cut %{y:.3%}",
        )
    giants = _giants(table)
    if giants:
        rows = zip(giants, table.loc[giants, "cost"], table.loc[giants, "cut"], strict=True)
        said = (f"{name} leaves the frame: cost {cost:.2%}, cut {cut:.2%}" for name, cost, cut in rows)
        leaves_the_frame(figure, "; ".join(said))
    for axis, name in ((figure.update_xaxes, "cost"), (figure.update_yaxes, "cut")):
        low, high = _range(table.drop(index=giants), line, name)
        axis(tickformat=percent_form(high - low), range=[low, high])
    return stamped(figure, stamp)


def _giants(table: pd.DataFrame) -> list[str]:
    """Return the few accounts that reach so much farther from nothing than most that these would be one point."""
    far = np.zeros(len(table), dtype=bool)
    for name in ("cost", "cut"):
        reach = table[[name, f"{name}_low", f"{name}_high"]].abs().max(axis=1).to_numpy()
        far |= reach > GIANT * np.median(reach)
    return [str(name) for name in table.index[far]] if 0 < 2 * far.sum() < len(table) else []


def _range(table: pd.DataFrame, line: pd.DataFrame, name: str) -> tuple[float, float]:
    """Return the ends of an axis that shows points with their intervals, the line and 0."""
    points = table[[name, f"{name}_low", f"{name}_high"]].to_numpy(dtype=np.float64).ravel()
    every = np.concatenate((points[np.isfinite(points)], line[name].to_numpy(dtype=np.float64), [0.0]))
    room = 0.06 * float(every.max() - every.min()) or 0.001
    return float(every.min()) - room, float(every.max()) + room


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.35)"


def _reach(row: pd.Series, name: str) -> dict[str, object] | None:
    low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
    if not (np.isfinite(low) and np.isfinite(high)):
        return None
    value = float(row[name])
    ends = {"array": [max(high - value, 0.0)], "arrayminus": [max(value - low, 0.0)]}
    return {"type": "data", "color": FAINT, "thickness": 1.0, "width": 3, **ends}


def equity_figure(
    wealth: pd.DataFrame, *, stamp: str = "", title: str = "Equity, with and without the hedge"
) -> go.Figure:
    """Return the growth of each account, and below it how far each stands above or below the unhedged one.

    Parameters
    ----------
    wealth : pandas.DataFrame (n_dates, n_accounts)
        From 1, above 0; a column ``unhedged`` is the portfolio alone.
    stamp, title : str
    """
    apart = wealth.drop(columns="unhedged").div(wealth["unhedged"], axis=0) - 1.0
    figure = beside_unhedged(plotly_text(title), wealth, apart, ".4f")
    figure.update_yaxes(selector={"title.text": ""}, title_text="growth of 1")
    figure.update_layout(yaxis2={"title": {"text": "over the unhedged (%)"}, "tickformat": _form_of(apart)})
    return stamped(figure, stamp)


def beside_unhedged(title: str, upper: pd.DataFrame, apart: pd.DataFrame, hover: str) -> go.Figure:
    """Return accounts above, and below how each differs from the unhedged one; one legend entry for both.

    Parameters
    ----------
    title : str
        Safe for plotly.
    upper : pandas.DataFrame (n_dates, n_accounts)
        With a column ``unhedged``.
    apart : pandas.DataFrame (n_dates, n_accounts - 1)
        Differences by account, on the same dates.
    hover : str
        Format of the upper figures.
    """
    figure = new_figure(title, "", "", height=560)
    both = thinned(pd.concat({"account": upper, "apart": apart}, axis=1))
    dates = dates_as_text(both.index)
    position = 0
    for name in upper.columns:
        style = line_style(position, str(name))
        shared = {
            "x": dates,
            "mode": "lines",
            "line": style,
            "name": plotly_text(name, NAME_LIMIT),
            "legendgroup": name,
        }
        figure.add_scatter(
            y=both["account", name].to_numpy(dtype=np.float32), yhoverformat=hover, showlegend=True, **shared
        )
        position += name != "unhedged"
    for place, name in enumerate(apart.columns):
        figure.add_scatter(
            x=dates,
            y=both["apart", name].to_numpy(dtype=np.float32),
            mode="lines",
            line=line_style(place),
            name=plotly_text(f"{name} less unhedged", NAME_LIMIT),
            legendgroup=name,
            showlegend=False,
            yaxis="y2",
            yhoverformat=".2%",
        )
    figure.update_layout(
        yaxis={"domain": [0.46, 1.0]},
        yaxis2={"domain": [0.0, 0.40], "anchor": "x"},
        xaxis={"anchor": "y2"},
    )
    return figure


def _form_of(frame: pd.DataFrame) -> str:
    values = frame.to_numpy(dtype=np.float64)
    return percent_form(float(np.nanmax(values) - np.nanmin(values))) if np.isfinite(values).any() else ".1%"
