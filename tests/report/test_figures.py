"""Figures: what is drawn, with which units, at which size."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from hedgerow.effectiveness import cvar, variance_reduction
from hedgerow.report import (
    basis_figure,
    cost_reduction_figure,
    cumulative_figure,
    density_figure,
    effectiveness_bars_figure,
    hedge_ratio_figure,
    rolling_effectiveness_figure,
    scatter_figure,
)


def _changes(n: int = 300) -> pd.DataFrame:
    noise = np.random.default_rng(0).standard_normal((n, 2))
    dates = pd.date_range("2020-01-01", periods=n, name="date")
    return pd.DataFrame({"unhedged": noise[:, 0], "ols": 0.3 * noise[:, 0] + 0.1 * noise[:, 1]}, index=dates)


def _table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cost": [0.0, 0.1, 0.2],
            "variance_reduction": [0.8, 0.9, np.nan],
            "low": [0.7, 0.85, np.nan],
            "high": [0.85, 0.93, np.nan],
            "in_sample": [0.82, 0.95, 0.9],
            "out_of_sample": [0.8, 0.9, np.nan],
        },
        index=["naive", "ols", "rolling"],
    )


def test_hedge_ratio_figure_starts_with_the_first_ratio_and_keeps_gaps() -> None:
    paths = _changes().rename(columns={"unhedged": "rolling"})
    paths.iloc[:100] = np.nan
    paths.iloc[150:160, 0] = np.nan
    figure = hedge_ratio_figure(paths, unit="gal per gal")
    assert figure.data[0].x[0] == "2020-04-10"
    assert np.isnan(figure.data[0].y[50:60]).all()
    assert figure.layout.yaxis.title.text == "hedge ratio (gal per gal)"
    assert figure.layout.hovermode == "x unified"


def test_hedge_ratio_figure_band_is_drawn_first_and_named() -> None:
    paths = _changes()[["ols"]]
    band = pd.DataFrame({"low": paths["ols"] - 1, "high": paths["ols"] + 1})
    figure = hedge_ratio_figure(paths, band=band)
    assert [trace.name for trace in figure.data] == [None, "95 % interval", "ols"]
    assert figure.data[1].fill == "tonexty"


def test_hedge_ratio_figure_no_ratio_at_all_draws_an_empty_frame() -> None:
    assert len(hedge_ratio_figure(_changes() * np.nan).data) == 2


def test_cumulative_figure_ends_at_the_sum() -> None:
    changes = _changes()
    figure = cumulative_figure(changes, unit="USD")
    for trace in figure.data:
        assert trace.y[-1] == pytest.approx(changes[trace.name].sum(), rel=1e-6)


def test_rolling_effectiveness_figure_last_point_is_the_last_window() -> None:
    changes = _changes()
    figure = rolling_effectiveness_figure(changes["unhedged"], changes[["ols"]], window=60)
    last = changes.iloc[-60:]
    assert figure.data[0].y[-1] == pytest.approx(variance_reduction(last["unhedged"], last["ols"]), rel=1e-6)


def test_rolling_effectiveness_figure_fewer_rows_than_the_window_is_empty() -> None:
    changes = _changes(20)
    figure = rolling_effectiveness_figure(changes["unhedged"], changes[["ols"]], window=60)
    assert len(figure.data[0].y) == 0


def test_scatter_figure_line_is_the_ratio() -> None:
    changes = _changes()
    figure = scatter_figure(
        changes["unhedged"], changes["ols"], ratio=0.5, intercept=-0.25, units=("USD/gal", "USD/bbl")
    )
    line = figure.data[1]
    assert (line.y[1] - line.y[0]) / (line.x[1] - line.x[0]) == pytest.approx(0.5)
    assert line.name == "0.5 · hedge - 0.25"
    assert figure.layout.xaxis.title.text == "change of ols (USD/bbl)"


def test_scatter_figure_many_points_are_thinned_and_keep_the_farthest() -> None:
    noise = np.random.default_rng(0).standard_normal((50_000, 2))
    noise[777] = 40.0
    figure = scatter_figure(pd.Series(noise[:, 0]), pd.Series(noise[:, 1]), ratio=1.0)
    assert len(figure.data[0].x) <= 2000
    assert max(figure.data[0].x) == 40.0


def test_cost_reduction_figure_has_a_point_and_interval_per_method() -> None:
    figure = cost_reduction_figure(_table(), unit="USD/gal")
    assert [trace.name for trace in figure.data] == ["naive", "ols", "rolling"]
    assert figure.data[0].error_y.array[0] == pytest.approx(0.05)
    assert figure.data[0].error_y.arrayminus[0] == pytest.approx(0.1)
    assert len({trace.marker.symbol for trace in figure.data}) == 3


def test_cost_reduction_figure_no_costs_and_no_methods_do_not_fail() -> None:
    assert len(cost_reduction_figure(_table().assign(cost=0.0)).data) == 3
    assert len(cost_reduction_figure(_table().iloc[:0]).data) == 0


def test_effectiveness_bars_figure_tells_the_samples_apart() -> None:
    figure = effectiveness_bars_figure(_table())
    assert [trace.name for trace in figure.data] == ["out of sample", "in sample"]
    assert list(figure.data[1].x) == [0.82, 0.95, 0.9]


def test_effectiveness_bars_figure_equal_starts_of_long_names_stay_apart() -> None:
    table = _table()
    table.index = ["a" * 300 + "1", "a" * 300 + "2", "a" * 300 + "1"]
    bars = effectiveness_bars_figure(table).data[0]
    assert len(set(bars.y)) == 3


def test_density_figure_integrates_to_one_and_marks_cvar_as_a_loss() -> None:
    changes = _changes(2000)
    marks = (cvar(changes["unhedged"]), cvar(changes["ols"]))
    figure = density_figure(changes["unhedged"], changes["ols"], cvar=marks, unit="USD")
    for trace in figure.data[:2]:
        assert np.trapezoid(trace.y, trace.x) == pytest.approx(1.0, abs=0.02)
    assert [trace.x[0] for trace in figure.data[2:]] == [-marks[0], -marks[1]]


def test_density_figure_perfect_hedge_and_undefined_mark_do_not_fail() -> None:
    changes = _changes()["unhedged"]
    figure = density_figure(changes, 0 * changes, cvar=(2.0, float("nan")))
    assert len(figure.data) == 3
    assert np.isfinite(figure.data[1].y).all()


def test_basis_figure_names_its_mean() -> None:
    figure = basis_figure(pd.Series([1.0, 2.0], index=pd.date_range("2020-01-01", periods=2)), unit="USD")
    assert figure.data[1].name == "mean 1.5"


def test_figures_use_the_house_template_and_legend_beside_the_plot() -> None:
    figure = basis_figure(pd.Series([1.0, 2.0], index=pd.date_range("2020-01-01", periods=2)))
    assert figure.layout.template.layout.legend.x > 1
    assert figure.layout.template.layout.paper_bgcolor == "white"


def test_figures_time_of_day_is_kept_where_there_is_one() -> None:
    figure = basis_figure(pd.Series([1.0, 2.0], index=pd.date_range("2020-01-01 09:30", periods=2, freq="h")))
    assert figure.data[0].x[1] == "2020-01-01T10:30:00"


def test_report_import_loads_no_plotly_and_no_jinja() -> None:
    code = "import sys, hedgerow.report; print(sorted({'plotly', 'jinja2', 'arch', 'scipy'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
