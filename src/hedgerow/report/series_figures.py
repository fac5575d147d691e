"""Figures along the time axis: hedge ratio, cumulative change, rolling effectiveness, basis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow.effectiveness import rolling_variance_reduction
from hedgerow.report.style import COLOURS, NAME_LIMIT, line_style, new_figure
from hedgerow.report.text import axis_title, plotly_text
from hedgerow.report.thinning import thinned

if TYPE_CHECKING:
    import plotly.graph_objects as go


def hedge_ratio_figure(
    paths: pd.DataFrame,
    *,
    band: pd.DataFrame | None = None,
    unit: str = "",
    title: str = "Hedge ratio through time",
    band_name: str = "95 % interval",
) -> go.Figure:
    """Return each method's hedge ratio through time.

    Parameters
    ----------
    paths : pandas.DataFrame of shape (n, n_methods)
        Ratio held over the step that ends at the row's date; NaN before a method's first ratio.
    band : pandas.DataFrame of shape (n, 2), optional
        Columns ``low`` and ``high``, drawn behind the lines.
    unit : str
        Of the ratio, such as "gal hedged per gal".
    title, band_name : str
        Heading, and the band's name in the legend.
    """
    figure = new_figure(plotly_text(title), "", axis_title("hedge ratio", unit))
    if band is not None:
        _add_band(figure, thinned(from_first_value(band[["low", "high"]])), band_name)
    add_lines(figure, thinned(from_first_value(paths)), ".4f")
    return figure


def cumulative_figure(
    changes: pd.DataFrame, *, unit: str = "", title: str = "Cumulative change, hedged and unhedged"
) -> go.Figure:
    """Return running sums of changes; columns ``unhedged`` and one per method, rows missing everywhere left out."""
    figure = new_figure(plotly_text(title), "", axis_title("cumulative change", unit))
    add_lines(figure, thinned(changes.dropna(how="all").cumsum()), ",.4~g")
    return figure


def rolling_effectiveness_figure(
    unhedged: pd.Series, hedged: pd.DataFrame, *, window: int, title: str = "Rolling variance reduction"
) -> go.Figure:
    """Return the variance reduction over the last ``window`` rows per method; see :mod:`hedgerow.effectiveness`.

    The axis stops at -100 %: below that a hedge is bad beyond telling apart.
    """
    rolled = rolling_variance_reduction(unhedged, hedged, window).iloc[window - 1 :]
    figure = new_figure(plotly_text(title), "", f"variance reduction, last {window} rows (%)")
    add_lines(figure, thinned(rolled), ".1%")
    seen = rolled.to_numpy()[np.isfinite(rolled.to_numpy())]
    low, high = (max(float(seen.min()), -1.0), float(seen.max())) if len(seen) else (0.0, 1.0)
    figure.update_yaxes(tickformat=".0%", range=[low - 0.05, max(high, low) + 0.05])
    return figure


def basis_figure(basis: pd.Series, *, unit: str = "", title: str = "Basis: spot less hedge price") -> go.Figure:
    """Return the basis through time with its mean."""
    figure = new_figure(plotly_text(title), "", axis_title("basis", unit))
    add_lines(figure, thinned(basis.rename("basis").to_frame()), ",.4~g")
    mean = float(basis.mean())
    if np.isfinite(mean):
        ends = dates_as_text(basis.index[[0, -1]])
        style = {"color": COLOURS[1], "dash": "dash", "width": 1.5}
        figure.add_scatter(x=ends, y=[mean, mean], mode="lines", name=f"mean {mean:.4g}", line=style, hoverinfo="skip")
    return figure


def add_lines(figure: go.Figure, frame: pd.DataFrame, hover: str) -> None:
    """Add a line per column; ``hover`` is the format of its figures."""
    dates = dates_as_text(frame.index)
    position = 0
    for name in frame.columns:
        figure.add_scatter(
            x=dates,
            y=frame[name].to_numpy(dtype=np.float32),  # seven digits, more than a screen has
            mode="lines",
            name=plotly_text(name, NAME_LIMIT),
            line=line_style(position, str(name)),
            yhoverformat=hover,
            showlegend=True,
        )
        position += name != "unhedged"


def _add_band(figure: go.Figure, band: pd.DataFrame, name: str) -> None:
    dates = dates_as_text(band.index)
    shared: dict[str, Any] = {"x": dates, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(y=band["low"].to_numpy(dtype=np.float32), showlegend=False, **shared)
    figure.add_scatter(
        y=band["high"].to_numpy(dtype=np.float32),
        fill="tonexty",
        fillcolor="rgba(0,114,178,0.15)",
        name=plotly_text(name, NAME_LIMIT),
        **shared,
    )


def from_first_value(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows from the first that has a figure: the training part would be half a picture of nothing."""
    some = frame.notna().any(axis=1).to_numpy()
    return frame.iloc[int(some.argmax()) :] if some.any() else frame


def dates_as_text(index: pd.Index) -> list[Any]:
    """Return dates as text, which is the same bytes for every pandas and plotly; a day needs no hours."""
    if not isinstance(index, pd.DatetimeIndex):
        return list(index)
    days = bool((index == index.normalize()).all())
    return index.strftime("%Y-%m-%d" if days else "%Y-%m-%dT%H:%M:%S").tolist()
