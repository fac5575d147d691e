"""Figures of a hedging relationship: what they draw, and that outliers and gaps do not break them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow.report import (
    autocorrelation_figure,
    cumulative_offset_figure,
    offset_fan_figure,
    rolling_regression_figure,
)

DAYS = pd.bdate_range("2024-01-01", periods=4)


def test_fan_holds_the_accepted_slopes_and_the_fitted_line() -> None:
    changes = pd.DataFrame({"item": [1.0, -2.0, 3.0, 0.0], "hedge": [-1.0, 2.0, -3.0, 0.1]}, index=DAYS)
    figure = offset_fan_figure(changes, slope=-1.1, intercept=0.5, unit="USD")
    low, high, points, _, line = figure.data
    assert np.allclose(np.array(low.y) / low.x, -0.8)
    assert np.allclose(np.array(high.y) / high.x, -1.25)
    assert np.allclose(line.y, 0.5 - 1.1 * np.array(line.x))
    assert list(points.text) == [f"{day:%Y-%m-%d}" for day in DAYS]
    assert "USD" in figure.layout.xaxis.title.text
    assert len(offset_fan_figure(changes, slope=float("nan"), intercept=0.0).data) == 4
    assert len(offset_fan_figure(changes.iloc[:0], slope=-1.0, intercept=0.0).data) == 5


def test_offset_beyond_the_axis_is_drawn_at_its_edge_and_told() -> None:
    table = pd.DataFrame({"offset": [1.0, 65.0, np.nan], "cumulative_offset": [1.0, 2.0, -7.0]}, index=["a", "b", "c"])
    together, single = cumulative_offset_figure(table).data
    assert list(together.y) == [1.0, 2.0, -1.0]
    assert single.y[1] == 3.0
    assert single.customdata[1] == 65.0
    assert np.isnan(single.y[2])


def test_rolling_slope_is_shown_with_its_sign_turned() -> None:
    paths = pd.DataFrame({"slope": [np.nan, -1.0, -0.9, -1.1], "r_squared": [np.nan, 0.9, 0.8, 0.7]}, index=DAYS)
    slope, fit = rolling_regression_figure(paths).data
    assert np.allclose(slope.y, [1.0, 0.9, 1.1])
    assert np.allclose(fit.y, [0.9, 0.8, 0.7])
    assert len(slope.x) == 3


def test_autocorrelation_has_its_band_even_without_lags() -> None:
    figure = autocorrelation_figure(pd.Series([0.5, -0.1], index=[1, 2]), n_obs=100)
    assert list(figure.data[0].y) == [0.5, -0.1]
    assert figure.layout.shapes[0].y1 == 0.1959963984540054
    assert len(autocorrelation_figure(pd.Series([], dtype=float), n_obs=4).data) == 1
