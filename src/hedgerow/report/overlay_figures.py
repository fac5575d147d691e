"""Figures of volatility overlays and tail hedges: multiplier, money, crises, cost against protection, payoffs.

Where a price was modelled and not quoted, ``stamp`` says so on the picture itself.
"""

from __future__ import annotations

from textwrap import wrap
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
BELOW = "below the peak (%)"
GIANT = 8.0
"""How many times as far as most a line goes before it is left to leave the frame."""
LEAST_SPAN = 0.001
"""Least range of a day's CVaR on an axis: what differs by less than 0.1 % of the portfolio should look alike."""
TICKS = 12.0
"""Most marks that an axis is expected to have."""
LINE = 70
"""Characters of a line below an axis."""
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
        style = line_style(position)
        if name == "held":
            style = {"shape": "hv", "width": 1.3, "color": INK}
        elif not every and held is None and name == drawn.columns[-1]:
            style = style | {"shape": "hv", "width": 2.4}
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
    hedge_pnl: pd.DataFrame,
    *,
    unit: str = "",
    stamp: str = "",
    title: str = "What the hedges cost and brought in",
    heading: str = "gain since the start, net of costs",
) -> go.Figure:
    """Return the running sum of each hedge's gain net of its costs.

    A hedge that dwarfs all others would make lines of zero of them: the axis is then that of the others, and the
    figure says who leaves it and how far (a double click shows all).

    Parameters
    ----------
    hedge_pnl : pandas.DataFrame (n_dates, n_plans)
        Money per day, net of premium decay and costs.
    unit, stamp, title, heading : str
        Of the money; what was modelled; heading of the figure, and of its vertical axis.
    """
    figure = new_figure(plotly_text(title), "", axis_title(heading, unit))
    sums = hedge_pnl.cumsum()
    add_lines(figure, thinned(sums), ",.4~g")
    return stamped(_without_giants(figure, sums, unit), stamp)


def _without_giants(figure: go.Figure, sums: pd.DataFrame, unit: str) -> go.Figure:
    """Return the figure with the axis of most lines where few dwarf them, and a line on who leaves it."""
    lows, highs = sums.min().clip(upper=0.0), sums.max().clip(lower=0.0)
    spans = highs - lows
    giants = [name for name in sums.columns if spans[name] > GIANT * spans.median()]
    if not giants or len(giants) * 2 >= len(sums.columns):
        return figure
    low, high = float(lows.drop(giants).min()), float(highs.drop(giants).max())
    room = 0.35 * (high - low)
    figure.update_yaxes(range=[low - room, high + room])
    said = "; ".join(
        f"{name} leaves the frame, {lows[name]:,.0f} to {highs[name]:,.0f} {unit}".strip() for name in giants
    )
    return leaves_the_frame(figure, said)


def leaves_the_frame(figure: go.Figure, said: str) -> go.Figure:
    """Return the figure with a line inside the plot on who is not wholly in it."""
    figure.add_annotation(
        text=plotly_text(said, STAMP_LIMIT),
        x=0.01,
        y=0.99,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="top",
        showarrow=False,
        bgcolor="rgba(255,255,255,0.8)",
        font={"size": 12, "color": INK},
    )
    return figure


def drawdown_figure(
    wealth: pd.DataFrame, *, stamp: str = "", title: str = "Drawdown, with and without the hedge"
) -> go.Figure:
    """Return the fall of each account below its own peak, and below it how much shallower than the unhedged one.

    Parameters
    ----------
    wealth : pandas.DataFrame (n_dates, n_accounts)
        Money, above 0; a column ``unhedged`` is drawn in its own look. Without one there is no second part.
    stamp, title : str
    """
    falls = wealth / wealth.cummax() - 1.0
    if "unhedged" not in falls or len(falls.columns) < 2:
        figure = new_figure(plotly_text(title), "", BELOW)
        add_lines(figure, thinned(falls), SHARE)
        figure.update_yaxes(tickformat=".0%")
        return stamped(figure, stamp)
    from hedgerow.report.overlay_size_figures import beside_unhedged

    apart = falls.drop(columns="unhedged").sub(falls["unhedged"], axis=0)
    figure = beside_unhedged(plotly_text(title), falls, apart, SHARE)
    form = percent_form(float(apart.max().max() - apart.min().min()))
    figure.update_layout(
        yaxis={"title": {"text": BELOW}, "tickformat": ".0%"},
        yaxis2={"title": {"text": "shallower than<br>unhedged (% points)"}, "tickformat": form},
    )
    return stamped(figure, stamp)


def crisis_bars_figure(
    offsets: pd.DataFrame,
    *,
    stamp: str = "",
    title: str = "Crash offset: hedge gain over portfolio loss",
    of: str = "of the portfolio's loss,",
) -> go.Figure:
    """Return, for each crisis, a bar per plan; crises that the data lack are named below and take no room.

    Parameters
    ----------
    offsets : pandas.DataFrame (n_crises, n_plans)
        Decimals: 0.5 offset half of the loss; NaN where the data do not cover the crisis.
    stamp, title : str
    of : str
        What the gain is divided by, for the axis.
    """
    known = offsets[offsets.notna().any(axis=1)]
    names = [plotly_text(name) for name in known.index]
    figure = new_figure(plotly_text(title), _without(offsets), f"offset ({of} %)", unified=False, height=440)
    for position, plan in enumerate(offsets.columns):
        figure.add_bar(
            x=names,
            y=known[plan].to_numpy(dtype=np.float64),
            name=plotly_text(plan, NAME_LIMIT),
            marker={"color": COLOURS[position % len(COLOURS)]},
            hovertemplate="%{x}: %{y:.1%}",
        )
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=names)
    figure.update_yaxes(tickformat=percent_form(float(known.max().max() - min(known.min().min(), 0.0))))
    return stamped(figure, stamp)


def _without(offsets: pd.DataFrame) -> str:
    """Return the crises without a bar as the words below the axis, in lines."""
    lacking = [str(name) for name in offsets.index[offsets.isna().all(axis=1)]]
    lines = wrap(f"no data: {', '.join(lacking)}", LINE) if lacking else []
    return "<br>".join(plotly_text(line, LINE) for line in lines)


def percent_form(span: float) -> str:
    """Return the format in which the ticks of an axis of shares over a span differ from one another.

    Examples
    --------
    >>> percent_form(0.5), percent_form(0.03), percent_form(0.004), percent_form(0.0002)
    ('.0%', '.1%', '.2%', '.3%')
    """
    if not span > 0.0:
        return ".2%"
    return f".{min(max(int(np.ceil(-np.log10(span / TICKS))) - 2, 0), 4)}%"


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
    low, high = float(table["risk"].min()), float(table["risk"].max())
    room = max(LEAST_SPAN - (high - low), 0.2 * (high - low)) / 2.0
    figure.update_xaxes(tickformat=SHARE)
    figure.update_yaxes(tickformat=percent_form(high - low + 2.0 * room), range=[low - room, high + room])
    return stamped(figure, stamp)


def _reach(row: pd.Series) -> dict[str, object] | None:
    if not {"cost_low", "cost_high"} <= set(row.index):
        return None
    ends = {"array": [row["cost_high"] - row["cost"]], "arrayminus": [row["cost"] - row["cost_low"]]}
    return {"type": "data", "color": FAINT, "thickness": 1.0, "width": 3, **ends}


def rolling_beta_figure(betas: pd.DataFrame, *, days: int, stamp: str = "", title: str = "") -> go.Figure:
    """Return each account's beta against the unhedged portfolio over the last ``days`` rows.

    Parameters
    ----------
    betas : pandas.DataFrame (n_dates, n_accounts)
    days : int
    stamp, title : str
    """
    heading = title or f"Beta against the unhedged portfolio, last {days} days"
    figure = new_figure(plotly_text(heading), "", f"beta, last {days} days")
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
