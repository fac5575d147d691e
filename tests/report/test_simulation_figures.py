"""Figures of hedged books: marks where trades were, parts that add up to the total, axes with units."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.report import (
    attribution_waterfall_figure,
    concept_figure,
    delta_through_time_figure,
    frontier_figure,
    gamma_theta_figure,
    pnl_by_year_figure,
    pnl_decomposition_figure,
    pnl_distribution_figure,
    policy_violin_figure,
    rebalancing_figure,
)

DAYS = pd.date_range("2026-11-20 16:00", periods=4, freq="D")
PATH = pd.DataFrame(
    {
        "spot": [100.0, 102.0, 99.0, 101.0],
        "delta": [-50.0, -60.0, -45.0, -55.0],
        "target": [50.0, 60.0, 45.0, 55.0],
        "holding": [50.0, 60.0, 45.0, 45.0],
        "trade": [50.0, 10.0, -15.0, 0.0],
    },
    index=DAYS,
)


def test_distribution_marks_mean_value_at_risk_and_cvar_as_losses() -> None:
    pnl = np.arange(-50.0, 50.0)
    figure = pnl_distribution_figure(pnl, level=0.95, unit="USD")
    bars, mean, at_risk, cvar = figure.data
    assert sum(bars.y) == pytest.approx(1.0)
    assert (mean.x[0], mean.name) == (-0.5, "mean -0.5")
    assert at_risk.x[0] == pytest.approx(np.quantile(pnl, 0.05))
    assert cvar.x[0] == pytest.approx(pnl[pnl <= at_risk.x[0]].mean())
    assert cvar.name == "CVaR 95 % 48"
    assert figure.layout.xaxis.title.text == "profit (USD)"


def test_distribution_of_one_value_or_none_is_drawn() -> None:
    assert sum(pnl_distribution_figure(np.zeros(5)).data[0].y) == pytest.approx(1.0)
    assert not pnl_distribution_figure(np.array([np.nan])).data


def test_delta_through_time_marks_each_purchase_and_sale_at_what_is_held_after() -> None:
    figure = delta_through_time_figure(PATH)
    traces = {trace.name: trace for trace in figure.data}
    assert list(traces["buy"].y) == [50.0, 60.0]
    assert list(traces["sell"].y) == [45.0]
    assert list(traces["sell"].x) == ["2026-11-22T16:00:00"]
    assert traces["holding"].line.shape == "hv"
    assert traces["spot (right)"].yaxis == "y2"
    assert "spot (right)" not in {trace.name for trace in delta_through_time_figure(PATH.drop(columns="spot")).data}


def test_delta_through_time_marks_the_largest_of_many_trades() -> None:
    days = pd.date_range("2020-01-01", periods=500, freq="D")
    sizes = np.where(np.arange(500) % 2, 1.0, -1.0) * np.arange(500)
    path = pd.DataFrame({"target": 0.0, "holding": sizes, "trade": sizes}, index=days)
    marks = [trace for trace in delta_through_time_figure(path).data if trace.mode == "markers"]
    assert sum(len(trace.x) for trace in marks) == 200
    assert min(min(np.abs(trace.y)) for trace in marks) == 300.0
    assert marks[0].name == "buy, the 200 largest"


def test_decomposition_draws_each_part_and_their_sum_as_total() -> None:
    parts = pd.DataFrame({"gamma": [0.0, -2.0], "theta": [0.0, 3.0], "costs": [0.0, -0.5]}, index=DAYS[:2])
    figure = pnl_decomposition_figure(parts)
    assert [trace.name for trace in figure.data] == ["gamma", "theta", "costs", "total"]
    assert list(figure.data[-1].y) == [0.0, 0.5]


def test_gamma_theta_shows_what_is_left_of_the_two() -> None:
    parts = pd.DataFrame({"gamma": [0.0, -2.0], "theta": [0.0, 3.0]}, index=DAYS[:2])
    assert list(gamma_theta_figure(parts).data[-1].y) == [0.0, 1.0]


def test_waterfall_closes_at_the_total_given_or_added() -> None:
    parts = pd.Series({"gamma": -2.0, "theta": 3.0, "costs": -0.5})
    bars = attribution_waterfall_figure(parts).data[0]
    assert (bars.y[-1], bars.measure[-1], list(bars.x)) == (0.5, "total", ["gamma", "theta", "costs", "total"])
    framed = pd.DataFrame({"mean": [1.0, 2.0, 3.0]}, index=["gamma", "theta", "total"])
    assert list(attribution_waterfall_figure(framed).data[0].y) == [1.0, 2.0, 3.0]


def test_by_year_stacks_parts_and_marks_the_total() -> None:
    table = pd.DataFrame({"gamma": [-1.0, -2.0], "theta": [2.0, 1.0]}, index=[2008, 2009])
    figure = pnl_by_year_figure(table)
    assert list(figure.data[-1].y) == [1.0, -1.0]
    assert (figure.layout.barmode, list(figure.data[0].x)) == ("relative", ["2008", "2009"])


def test_concept_draws_book_hedge_and_both() -> None:
    curves = pd.DataFrame({"book": [-5.0, 0.0], "hedge": [4.0, 0.0], "combined": [-1.0, 0.0]}, index=[90.0, 100.0])
    figure = concept_figure(curves, spot=100.0)
    assert [trace.name for trace in figure.data] == ["book", "hedge", "combined"]
    assert figure.layout.shapes[0].x0 == 100.0


def test_rebalancing_arrow_runs_from_what_was_held_to_what_is() -> None:
    curve = pd.DataFrame({"target": [40.0, 60.0], "low": [35.0, 55.0], "high": [45.0, 65.0]}, index=[95.0, 105.0])
    figure = rebalancing_figure(PATH, curve)
    lines = [trace for trace in figure.data if trace.mode == "lines" and trace.showlegend is False and trace.line.width]
    np.testing.assert_allclose(lines[0].y[:2], [0.0, 50.0])
    np.testing.assert_allclose(lines[1].y[:2], [60.0, 45.0])
    assert "no trade inside, at the start" in {trace.name for trace in figure.data}
    assert "target at the start" not in {trace.name for trace in rebalancing_figure(PATH).data}


def test_frontier_rings_the_efficient_policies_in_order_of_risk() -> None:
    table = pd.DataFrame(
        {
            "family": ["band", "band", "every"],
            "cost": [1.0, 3.0, 4.0],
            "risk": [9.0, 5.0, 6.0],
            "cost_error": 0.1,
            "risk_error": 0.2,
            "efficient": [True, True, False],
        },
        index=["0.2", "0.1", "1"],
    )
    figure = frontier_figure(table, unit="USD")
    assert [trace.name for trace in figure.data] == ["band", "every", "efficient"]
    assert list(figure.data[-1].x) == [5.0, 9.0]
    np.testing.assert_allclose(figure.data[0].error_y.array, 0.196)


def test_violin_stands_for_any_number_of_paths_with_the_same_points() -> None:
    figure = policy_violin_figure({"daily": np.arange(10_000.0), "<b>": np.arange(10.0)})
    assert [len(trace.y) for trace in figure.data] == [400, 400]
    assert figure.data[1].name == "&lt;b&gt;"
