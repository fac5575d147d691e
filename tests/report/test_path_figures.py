"""Figures of paths: correlations on their scale, volatilities from zero, probabilities that fill the axis."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow.report import correlation_path_figure, regime_probabilities_figure, volatility_path_figure

DATES = pd.date_range("2020-01-01", periods=200)
WAVE = np.sin(np.arange(200) / 15.0)


def test_correlation_figure_starts_with_the_first_figure_and_stays_within_one() -> None:
    paths = pd.DataFrame({"dcc": 0.9 + 0.09 * WAVE, "bekk": 0.8 + 0.1 * WAVE}, DATES)
    paths.iloc[:50] = np.nan
    figure = correlation_path_figure(paths, constant=0.85)
    assert [trace.name for trace in figure.data] == ["dcc", "bekk", "whole sample 0.850"]
    assert figure.data[0].x[0] == "2020-02-20"
    low, high = figure.layout.yaxis.range
    assert 0.6 < low < 0.7
    assert high <= 1.02


def test_correlation_figure_without_any_path_is_an_empty_frame() -> None:
    figure = correlation_path_figure(pd.DataFrame({"dcc": np.full(200, np.nan)}, DATES))
    assert list(figure.layout.yaxis.range) == [-1.0, 1.0]


def test_volatility_figure_starts_at_zero_and_names_the_unit() -> None:
    figure = volatility_path_figure(pd.DataFrame({"spot": 0.2 + 0.1 * WAVE}, DATES), unit="USD per day")
    assert figure.layout.yaxis.rangemode == "tozero"
    assert figure.layout.yaxis.title.text == "volatility (USD per day)"
    np.testing.assert_allclose(figure.data[0].y, 0.2 + 0.1 * WAVE, rtol=1e-6)


def test_regime_figure_is_stacked_to_one() -> None:
    calm = 0.5 + 0.5 * WAVE
    figure = regime_probabilities_figure(pd.DataFrame({"calm": calm, "turbulent": 1.0 - calm}, DATES))
    np.testing.assert_allclose(sum(np.asarray(trace.y) for trace in figure.data), 1.0, atol=1e-6)
    assert {trace.stackgroup for trace in figure.data} == {"regimes"}
    assert list(figure.layout.yaxis.range) == [0.0, 1.0]
