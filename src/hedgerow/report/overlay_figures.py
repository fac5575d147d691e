"""Figures of volatility overlays and tail hedges: multiplier, money, crises, cost against protection, payoffs.

Where a price was modelled and not quoted, ``stamp`` says so on the picture itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.report.series_figures import add_lines, dates_as_text
from hedgerow.report.style import COLOURS, FAINT, INK, NAME_LIMIT, UNHEDGED, line_style, marker_style, new_figure
from hedgerow.report.text import axis_title, plotly_text
from hedgerow.report.thinning import thinned

if TYPE_CHECKING:
    import plotly.graph_objects as go

SHARE = ".1%"
STAMP_LIMIT = 110
"""Characters of a stamp that stand beside the buttons of a figure; its caption has the rest."""


def multiplier_figure(
    stages: pd.DataFrame,
    vix: pd.Series,
    *,
    held: pd.Series | None = None,
    title: str = "Multiplier under the VIX",
    every: bool = False,
) -> go.Figure:
    """Return the volatility index above, and below it what every stage made of the rule's multiplier.

    Parameters
    ----------
    stages : pandas.DataFrame (n_dates, n_stages)
        A column per stage in the order in which they act; a stage that changed nothing is left out.
    vix : pandas.Series (n_dates,)
        In points.
    held : pandas.Series (n_dates,), optional
        What was held after trading at each close.
    title : str
    every : bool
        Draw every column, as where they are parts of one plan and no stages.
    """
    figure = new_figure(plotly_text(title), "", "multiplier", height=560)
    kept = stages if every else _changed(stages)
    drawn = kept if held is None else kept.assign(held=held)
    rows = thinned(drawn.assign(vix=vix))
    dates = dates_as_text(rows.index)
    for position, name in enumerate(drawn.columns):
        style = line_style(position) | ({"shape": "hv", "width": 2.4} if name in ("held", drawn.columns[-1]) else {})
        figure.add_scatter(
            x=dates,
            y=rows[name].to_numpy(dtype=np.float32),
            mode="lines",
            line=style,
            name=plotly_text(name),
            yhoverformat=".3f",
        )
    level = {"color": UNHEDGED, "width": 1.2}
    volatility = rows["vix"].to_numpy(dtype=np.float32)
    figure.add_scatter(x=dates, y=volatility, mode="lines", line=level, name="VIX", yaxis="y2", yhoverformat=".1f")
    figure.update_layout(
        yaxis={"domain": [0.0, 0.58]},
        yaxis2={"domain": [0.64, 1.0], "title": {"text": "VIX (points)"}, "anchor": "x", "tickmode": "auto"},
    )
    return figure


def _changed(stages: pd.DataFrame) -> pd.DataFrame:
    """Return the first stage and those that differ somewhere from the one before."""
    names = list(stages.columns)
    pairs = zip(names[1:], names[:-1], strict=True)
    return stages[[names[0], *(name for name, before in pairs if not stages[name].equals(stages[before]))]]


def cost_and_gain_figure(
    hedge_pnl: pd.DataFrame, *, unit: str = "", stamp: str = "", title: str = "What the hedges cost and brought in"
) -> go.Figure:
    """Return the running sum of each hedge's gain net of its costs.

    Parameters
    ----------
    hedge_pnl : pandas.DataFrame (n_dates, n_plans)
        Money per day, net of premium decay and costs.
    unit, stamp, title : str
        Of the money; what was modelled; heading.
    """
    figure = new_figure(plotly_text(title), "", axis_title("gain since the start, net of costs", unit))
    add_lines(figure, thinned(hedge_pnl.cumsum()), ",.4~g")
    return stamped(figure, stamp)


def drawdown_figure(
    wealth: pd.DataFrame, *, stamp: str = "", title: str = "Drawdown, with and without the hedge"
) -> go.Figure:
    """Return the fall of each account below its own peak.

    Parameters
    ----------
    wealth : pandas.DataFrame (n_dates, n_accounts)
        Money, above 0; a column ``unhedged`` is drawn in its own look.
    stamp, title : str
    """
    figure = new_figure(plotly_text(title), "", "below the peak (%)")
    add_lines(figure, thinned(wealth / wealth.cummax() - 1.0), SHARE)
    figure.update_yaxes(tickformat=".0%")
    return stamped(figure, stamp)


def crisis_bars_figure(
    offsets: pd.DataFrame, *, stamp: str = "", title: str = "Crash offset: hedge gain over portfolio loss"
) -> go.Figure:
    """Return, for each crisis, a bar per plan; a crisis that the data lack is named and has no bar.

    Parameters
    ----------
    offsets : pandas.DataFrame (n_crises, n_plans)
        Decimals: 0.5 offset half of the loss; NaN where the data do not cover the crisis.
    stamp, title : str
    """
    covered = offsets.notna().any(axis=1)
    names = [plotly_text(name if has else f"{name}: no data") for name, has in zip(offsets.index, covered, strict=True)]
    figure = new_figure(plotly_text(title), "", "offset (% of the portfolio's loss)", unified=False, height=440)
    for position, plan in enumerate(offsets.columns):
        figure.add_bar(
            x=names,
            y=offsets[plan].to_numpy(dtype=np.float64),
            name=plotly_text(plan, NAME_LIMIT),
            marker={"color": COLOURS[position % len(COLOURS)]},
            hovertemplate="%{x}: %{y:.1%}",
        )
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=names)
    figure.update_yaxes(tickformat=".0%")
    return stamped(figure, stamp)


def protection_figure(
    table: pd.DataFrame,
    *,
    unit: str = "% of the portfolio a year",
    stamp: str = "",
    title: str = "What protection costs: cost a year against the worst days it leaves",
) -> go.Figure:
    """Return a point per plan: cost a year against the risk that is left; left and down is better.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: plan; columns ``cost`` and ``risk`` (decimals), and where known ``cost_low`` and ``cost_high``.
    unit, stamp, title : str
    """
    figure = new_figure(
        plotly_text(title), axis_title("cost", unit), "CVaR 95 % of a day (%)", unified=False, height=440
    )
    for position, (plan, row) in enumerate(table.iterrows()):
        figure.add_scatter(
            x=[row["cost"]],
            y=[row["risk"]],
            error_x=_reach(row),
            mode="markers",
            marker=marker_style(position),
            name=plotly_text(plan, NAME_LIMIT),
            hovertemplate="cost %{x:.2%}, risk %{y:.2%}",
        )
    figure.update_xaxes(tickformat=SHARE)
    figure.update_yaxes(tickformat=".2%")
    return stamped(figure, stamp)


def _reach(row: pd.Series) -> dict[str, object] | None:
    if not {"cost_low", "cost_high"} <= set(row.index):
        return None
    ends = {"array": [row["cost_high"] - row["cost"]], "arrayminus": [row["cost"] - row["cost_low"]]}
    return {"type": "data", "color": FAINT, "thickness": 1.0, "width": 3, **ends}


def payoff_fan_figure(
    gains: pd.DataFrame, *, stamp: str = "", title: str = "What a sudden fall pays, for the same cost a year"
) -> go.Figure:
    """Return the gain of every hedge against the size of a sudden fall.

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
    figure.update_xaxes(tickformat=".0%")
    figure.update_yaxes(tickformat=SHARE)
    return stamped(figure, stamp)


def rolling_beta_figure(betas: pd.DataFrame, *, days: int, stamp: str = "", title: str = "") -> go.Figure:
    """Return each account's beta against the unhedged portfolio over the last ``days`` rows.

    Parameters
    ----------
    betas : pandas.DataFrame (n_dates, n_accounts)
    days : int
    stamp, title : str
    """
    heading = title or f"Beta against the unhedged portfolio, last {days} days"
    figure = new_figure(plotly_text(heading), "", "beta")
    add_lines(figure, thinned(betas.dropna(how="all")), ".3f")
    return stamped(figure, stamp)


def stamped(figure: go.Figure, stamp: str) -> go.Figure:
    """Return the figure with a line over the plot that says what was modelled, where anything was."""
    if stamp:
        figure.add_annotation(
            text=plotly_text(stamp, STAMP_LIMIT),
            x=0,
            y=1.0,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            font={"size": 11, "color": INK},
        )
    return figure
