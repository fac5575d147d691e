"""How figures look: one template, colours that colour-blind readers can tell apart, dashes as a second cue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

TEMPLATE = "hedgerow"
NAME_LIMIT = 36
"""Characters of a method's name that a legend shows."""
UNHEDGED = "#4d4d4d"
INK, FAINT, GRID = "#1f2933", "#616e7c", "#e4e7eb"
# after Okabe and Ito, without the yellow that white paper swallows, and four darker tones for further methods
COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
    "#56b4e9", "#882255", "#332288", "#999933", "#44aa99",
)  # fmt: skip
DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down", "pentagon", "star", "hexagon")


def line_style(position: int, name: str = "") -> dict[str, Any]:
    """Return colour, dash and width for the line at ``position``; the unhedged series has a look of its own."""
    if name == "unhedged":
        return {"color": UNHEDGED, "width": 1.5, "dash": "solid"}
    dash = DASHES[(position // 3) % len(DASHES)]
    return {"color": COLOURS[position % len(COLOURS)], "width": 1.8, "dash": dash}


def marker_style(position: int, size: int = 11) -> dict[str, Any]:
    """Return colour and symbol for the point at ``position``."""
    return {"color": COLOURS[position % len(COLOURS)], "symbol": SYMBOLS[position % len(SYMBOLS)], "size": size}


def new_figure(title: str, x_title: str, y_title: str, *, unified: bool = True, height: int = 400) -> go.Figure:
    """Return an empty figure in the house template; the titles must already be safe for plotly."""
    import plotly.graph_objects as go

    register_template()
    figure = go.Figure()
    figure.update_layout(
        template=TEMPLATE,
        title={"text": title} if title else None,
        height=height,
        hovermode="x unified" if unified else "closest",
        margin={"t": 56 if title else 24},
    )
    figure.update_xaxes(title_text=x_title)
    figure.update_yaxes(title_text=y_title)
    return figure


def register_template() -> None:
    """Make the template known to plotly under the name ``hedgerow``; done once, at the first figure."""
    import plotly.io

    if TEMPLATE not in plotly.io.templates:
        plotly.io.templates[TEMPLATE] = _template()


def _template() -> go.layout.Template:
    import plotly.graph_objects as go

    axis = {
        "showgrid": True,
        "gridcolor": GRID,
        "zeroline": True,
        "zerolinecolor": "#9aa5b1",
        "zerolinewidth": 1,
        "showline": True,
        "linecolor": "#9aa5b1",
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "#9aa5b1",
        "automargin": True,
        "title": {"font": {"size": 13, "color": FAINT}, "standoff": 10},
    }
    return go.layout.Template(
        layout={
            "font": {"family": "system-ui, -apple-system, Segoe UI, Roboto, sans-serif", "size": 13, "color": INK},
            "title": {"x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 16}},
            "colorway": list(COLOURS),
            "paper_bgcolor": "white",
            "plot_bgcolor": "white",
            "margin": {"l": 64, "r": 24, "t": 56, "b": 56},
            # beside the plot, where it can cover neither the curves nor the title
            "legend": {
                "x": 1.01,
                "xanchor": "left",
                "y": 1,
                "yanchor": "top",
                "traceorder": "normal",
                "bgcolor": "rgba(255,255,255,0)",
            },
            "hoverlabel": {"bgcolor": "white", "bordercolor": "#9aa5b1", "font": {"color": INK}, "namelength": 40},
            "xaxis": axis,
            "yaxis": axis,
        }
    )
