"""Figures that rank: order, the confidence set, intervals, and tables without figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow.report import cost_benefit_figure, ranking_figure


def _table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "variance_reduction": [0.8, 0.9, 0.85],
            "low": [0.7, 0.85, np.nan],
            "high": [0.85, 0.93, np.nan],
            "turnover": [1.0, 0.9, 8.0],
            "cost": [0.0, 0.1, 2.5],
            "in_confidence_set": [False, True, True],
        },
        index=["naive", "ols", "dcc <b>"],
    )


def test_ranking_figure_best_on_top_and_the_set_in_its_colour() -> None:
    inside, outside = ranking_figure(_table(), level=0.75).data
    assert (inside.name, outside.name) == ("in the 75 % confidence set", "outside the 75 % confidence set")
    assert (list(inside.y), list(outside.y)) == ([0, 1], [2])
    np.testing.assert_allclose(inside.x, [0.9, 0.85])
    np.testing.assert_allclose(inside.error_x.array[0], 0.03)
    assert np.isnan(inside.error_x.array[1])
    assert inside.marker.color != outside.marker.color


def test_ranking_figure_names_are_safe_and_in_order() -> None:
    axis = ranking_figure(_table()).layout.yaxis
    assert axis.ticktext[0] == "ols"
    assert "<b>" not in axis.ticktext[1]
    assert axis.autorange == "reversed"


def test_cost_benefit_figure_hollows_what_the_set_leaves_out() -> None:
    figure = cost_benefit_figure(_table(), unit="USD")
    assert [trace.x[0] for trace in figure.data] == [1.0, 0.9, 8.0]
    assert [trace.marker.symbol.endswith("-open") for trace in figure.data] == [True, False, False]
    assert "cost 2.5 USD" in figure.data[2].hovertemplate
    assert figure.layout.xaxis.range[0] < 0.0


def test_figures_of_empty_tables_are_empty_frames() -> None:
    none = _table().iloc[:0]
    assert all(not len(trace.x) for trace in ranking_figure(none).data)
    assert len(cost_benefit_figure(none).data) == 0
