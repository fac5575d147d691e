"""Figures of options and volatility: axes with units, one trace per curve, zero in the middle of a scenario matrix."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.report import (
    cone_figure,
    greek_curves_figure,
    heat_map_figure,
    level_history_figure,
    smile_figure,
    surface_figure,
    term_structure_figure,
)

SPOTS = pd.Index([90.0, 100.0, 110.0], name="spot")


def test_greek_curves_figure_draws_each_greek_with_its_unit_and_names_each_line_once() -> None:
    frame = pd.DataFrame({"1 year": [0.3, 0.5, 0.7], "1 month": [0.1, 0.5, 0.9]}, index=SPOTS)
    figure = greek_curves_figure(dict.fromkeys(("delta", "gamma", "vega", "theta"), frame), units={"vega": "per 1.00"})
    assert len(figure.data) == 8
    assert [trace.name for trace in figure.data if trace.showlegend] == ["1 year", "1 month"]
    assert [note.text for note in figure.layout.annotations] == ["delta", "gamma", "vega (per 1.00)", "theta"]


def test_heat_map_figure_is_white_at_zero_and_keeps_its_axes() -> None:
    matrix = pd.DataFrame([[-5.0, 0.0], [1.0, np.nan]], index=[-0.01, 0.01], columns=["a", "<b>"])
    figure = heat_map_figure(matrix, x_title="vol", y_title="spot", unit="USD")
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("category", None)
    trace = figure.data[0]
    assert (trace.zmin, trace.zmax) == (-5.0, 5.0)
    assert list(trace.x) == ["a", "&lt;b&gt;"]
    assert list(trace.y) == [-0.01, 0.01]
    assert heat_map_figure(matrix * 0.0, x_title="", y_title="").data[0].zmax == 1.0
    assert heat_map_figure(matrix, x_title="", y_title="", diverging=False).data[0].zmax is None


def test_smile_figure_reaches_from_bid_to_ask_and_draws_the_fit_in_its_colour() -> None:
    expiry = pd.Timestamp("2011-02-18")
    quotes = pd.DataFrame({"expiry": expiry, "strike": [90.0, 100.0], "bid_vol": [0.2, 0.18], "ask_vol": [0.22, 0.19]})
    fit = pd.DataFrame({"expiry": expiry, "strike": [90.0, 95.0, 100.0], "vol": [0.21, 0.2, 0.185]})
    points, line = smile_figure(quotes, fit).data
    np.testing.assert_allclose(points.y + np.asarray(points.error_y.array), [0.22, 0.19])
    np.testing.assert_allclose(points.y - np.asarray(points.error_y.arrayminus), [0.2, 0.18])
    assert (points.name, line.mode, line.line.color) == ("2011-02-18", "lines", points.marker.color)


def test_surface_figure_has_years_against_moneyness() -> None:
    matrix = pd.DataFrame([[0.2, 0.21], [0.22, 0.23], [0.24, 0.25]], index=[0.1, 0.5, 1.0], columns=[-0.1, 0.1])
    trace = surface_figure(matrix).data[0]
    assert np.shape(trace.z) == (3, 2)
    assert list(trace.y) == [0.1, 0.5, 1.0]


def test_cone_figure_shows_quantiles_today_and_implied() -> None:
    cone = pd.DataFrame({"min": [0.1, 0.12], "max": [0.5, 0.4], "latest": [0.2, 0.21]}, index=[21, 63])
    figure = cone_figure(cone, implied=pd.Series({21: 0.25, 63: 0.26}))
    assert [trace.name for trace in figure.data] == ["min", "max", "latest", "implied"]
    assert figure.data[2].line.width > figure.data[0].line.width


def test_cone_figure_gives_only_mirrored_quantiles_the_same_line() -> None:
    names = ["minimum", "q10", "q25", "median", "q75", "q90", "maximum", "latest"]
    cone = pd.DataFrame(np.linspace(0.1, 0.4, 16).reshape(2, 8), index=[21, 63], columns=names)
    dashes = [trace.line.dash for trace in cone_figure(cone).data[:7]]
    assert dashes == dashes[::-1]
    assert len(set(dashes)) == 4


@pytest.mark.parametrize("percent", [True, False])
def test_term_structure_figure_leaves_gaps_out(percent: bool) -> None:
    curves = pd.DataFrame({"today": [0.2, np.nan, 0.25], "spare": [np.nan] * 3}, index=[0.1, 0.2, 0.3])
    figure = term_structure_figure(curves, percent=percent)
    assert list(figure.data[0].x) == [0.1, 0.3]
    assert len(figure.data[1].x) == 0
    assert (figure.layout.yaxis.tickformat == ".1%") is percent


def test_level_history_figure_draws_marks() -> None:
    dates = pd.date_range("2020-01-01", periods=3)
    figure = level_history_figure(
        pd.DataFrame({"rank": [0.1, 0.5, 0.9]}, index=dates), percent=True, marks={"half": 0.5}
    )
    assert figure.data[0].x[0] == "2020-01-01"
    assert figure.layout.shapes[0].y0 == 0.5
    assert level_history_figure(pd.DataFrame({"a": [1.0]}, index=dates[:1])).layout.shapes == ()
