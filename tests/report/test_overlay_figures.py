"""Figures of overlays and tail hedges: they show what the tables hold, and say what was modelled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow.report.overlay_figures import (
    cost_and_gain_figure,
    crisis_bars_figure,
    drawdown_figure,
    multiplier_figure,
    percent_form,
    protection_figure,
    rolling_beta_figure,
)
from hedgerow.report.overlay_size_figures import cost_of_protection_figure, equity_figure, hedge_size_figure
from hedgerow.report.tail_figures import convexity_map_figure, payoff_fan_figure

DAYS = pd.bdate_range("2020-01-01", periods=4, name="date")


def test_multiplier_leaves_out_stages_that_changed_nothing_and_keeps_the_warm_up_blank() -> None:
    rule = pd.Series([np.nan, 0.4, 1.2, 3.0], DAYS)
    stages = pd.DataFrame({"rule": rule, "smooth": rule, "cap": rule.clip(upper=2.0)})
    figure = multiplier_figure(stages, pd.Series([12.0, 16.0, 28.0, 60.0], DAYS))
    assert [trace.name for trace in figure.data] == ["rule", "cap", "VIX"]
    np.testing.assert_allclose(np.asarray(figure.data[1].y, dtype=float), [np.nan, 0.4, 1.2, 2.0], rtol=1e-6)
    assert figure.data[2].yaxis == "y2"


def test_multiplier_draws_what_is_held_last_and_in_steps() -> None:
    stages = pd.DataFrame({"rule": [0.0, 1.0, 2.0, 2.0]}, index=DAYS)
    held = pd.Series([0.0, 0.0, 1.0, 2.0], DAYS)
    figure = multiplier_figure(stages, pd.Series([12.0, 16.0, 28.0, 60.0], DAYS), held=held)
    assert figure.data[1].name == "held"
    assert figure.data[1].line.shape == "hv"


def test_cost_and_gain_is_the_running_sum_and_carries_its_stamp() -> None:
    figure = cost_and_gain_figure(pd.DataFrame({"puts": [-1.0, -1.0, 5.0, -1.0]}, index=DAYS), stamp="synthetic: skew")
    np.testing.assert_allclose(np.asarray(figure.data[0].y, dtype=float), [-1.0, -2.0, 3.0, 2.0])
    assert figure.layout.annotations[0].text == "synthetic: skew"


def test_drawdown_is_measured_from_each_account_s_own_peak() -> None:
    wealth = pd.DataFrame({"unhedged": [100.0, 80.0, 90.0, 110.0], "hedged": [100.0, 95.0, 99.0, 100.0]}, index=DAYS)
    figure = drawdown_figure(wealth)
    np.testing.assert_allclose(np.asarray(figure.data[0].y, dtype=float), [0.0, -0.2, -0.1, 0.0], atol=1e-7)
    assert not figure.layout.annotations


def test_crisis_bars_name_what_the_data_lack() -> None:
    offsets = pd.DataFrame({"static": [0.4, np.nan], "vix": [0.5, np.nan]}, index=["2008", "2020 & <covid>"])
    figure = crisis_bars_figure(offsets)
    assert list(figure.data[0].x) == ["2008"]
    assert figure.layout.xaxis.title.text == "no data: 2020 &amp; &lt;covid&gt;"
    assert [list(bar.y) for bar in figure.data] == [[0.4], [0.5]]


def test_protection_draws_an_interval_only_where_there_is_one() -> None:
    table = pd.DataFrame({"cost": [0.01, 0.02], "risk": [0.02, 0.015]}, index=["static", "vix"])
    assert protection_figure(table).data[0].error_x.array is None
    figure = protection_figure(table.assign(cost_low=[0.0, 0.01], cost_high=[0.03, 0.04]))
    np.testing.assert_allclose([figure.data[1].error_x.array[0], figure.data[1].error_x.arrayminus[0]], [0.02, 0.01])


def test_payoff_fan_and_rolling_beta_draw_a_line_per_account() -> None:
    gains = pd.DataFrame({"puts": [0.0, 0.02, 0.09], "calls": [0.0, 0.01, 0.12]}, index=[0.0, -0.1, -0.2])
    assert [list(line.y) for line in payoff_fan_figure(gains).data] == [[0.0, 0.02, 0.09], [0.0, 0.01, 0.12]]
    betas = pd.DataFrame({"vix": [np.nan, 0.9, 0.8, 0.85]}, index=DAYS)
    figure = rolling_beta_figure(betas, days=2)
    assert "last 2 days" in figure.layout.title.text
    assert len(figure.data[0].y) == 3


def test_drawdown_shows_below_how_much_shallower_each_account_is() -> None:
    wealth = pd.DataFrame({"unhedged": [100.0, 80.0, 90.0, 110.0], "hedged": [100.0, 95.0, 99.0, 100.0]}, index=DAYS)
    below = drawdown_figure(wealth).data[2]
    np.testing.assert_allclose(np.asarray(below.y, dtype=float), [0.0, 0.15, 0.09, 0.0], atol=1e-7)
    assert below.yaxis == "y2"
    assert not below.showlegend


def test_equity_shows_growth_and_what_stands_over_the_unhedged() -> None:
    wealth = pd.DataFrame({"unhedged": [1.0, 0.8, 0.9, 1.0], "hedged": [1.0, 0.88, 0.9, 0.95]}, index=DAYS)
    figure = equity_figure(wealth, stamp="synthetic: skew")
    np.testing.assert_allclose(np.asarray(figure.data[1].y, dtype=float), wealth["hedged"], rtol=1e-6)
    np.testing.assert_allclose(np.asarray(figure.data[2].y, dtype=float), [0.0, 0.1, 0.0, -0.05], atol=1e-7)
    assert figure.layout.yaxis.title.text == "growth of 1"
    assert figure.layout.yaxis2.title.text == "over the unhedged (%)"


def test_account_that_dwarfs_the_others_leaves_the_frame_with_a_word() -> None:
    small = {f"puts {number}": [-1.0, -1.0, -1.0, 1.0] for number in range(3)}
    figure = cost_and_gain_figure(pd.DataFrame(small | {"trend": [0.0, 300.0, 0.0, 0.0]}, index=DAYS), unit="USD")
    assert figure.layout.yaxis.range[1] < 10.0
    assert figure.layout.annotations[0].text == "trend leaves the frame, 0 to 300 USD"
    assert cost_and_gain_figure(pd.DataFrame(small, index=DAYS)).layout.yaxis.range is None


def test_ticks_of_shares_differ_from_one_another() -> None:
    assert [percent_form(span) for span in (1.5, 0.05, 0.001, 0.0)] == [".0%", ".1%", ".3%", ".2%"]


def test_points_of_equal_risk_look_alike() -> None:
    table = pd.DataFrame({"cost": [0.01, 0.02], "risk": [0.02, 0.020001]}, index=["static", "vix"])
    low, high = protection_figure(table).layout.yaxis.range
    assert high - low > 0.0009


def test_hedge_size_draws_a_trace_per_rule_with_its_spread_and_its_own_function() -> None:
    sizes = pd.DataFrame(
        {
            "plan": ["a", "a", "b", "b"],
            "level": [12.0, 30.0, 12.0, 30.0],
            "held": [0.2, 1.0, 0.5, 0.6],
            "held_low": [0.1, 0.8, 0.5, 0.6],
            "held_high": [0.4, 1.5, 0.5, 0.6],
        }
    )
    functions = pd.DataFrame({"a": [0.0, 2.0]}, index=[10.0, 40.0])
    figure = hedge_size_figure(sizes, functions)
    assert [trace.name for trace in figure.data] == ["a", "the rule itself: a", "b"]
    np.testing.assert_allclose(figure.data[0].error_y.array, [0.2, 0.5])
    np.testing.assert_allclose(figure.data[0].error_y.arrayminus, [0.1, 0.2])
    assert list(figure.data[1].y) == [0.0, 2.0]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("VIX (points)", "multiplier held")


def test_cost_of_protection_draws_both_intervals_and_the_line_of_holding_less() -> None:
    row = {"cost": 0.01, "cost_low": 0.0, "cost_high": 0.03, "cut": 0.002, "cut_low": 0.001, "cut_high": 0.004}
    bare = {"cost": 0.02, "cut": 0.001} | dict.fromkeys(("cost_low", "cost_high", "cut_low", "cut_high"), np.nan)
    line = pd.DataFrame({"sold": [0.0, 0.1], "cost": [0.0, 0.01], "cut": [0.0, 0.002]})
    figure = cost_of_protection_figure(pd.DataFrame({"static": row, "vix": bare}).T, line)
    assert [trace.name for trace in figure.data] == ["holding less", "static", "vix"]
    point = figure.data[1]
    np.testing.assert_allclose([point.error_x.array[0], point.error_x.arrayminus[0]], [0.02, 0.01])
    np.testing.assert_allclose([point.error_y.array[0], point.error_y.arrayminus[0]], [0.002, 0.001])
    assert figure.data[2].error_x.array is None
    assert figure.layout.xaxis.title.text.startswith("cost (% of the portfolio a year")
    assert figure.layout.yaxis.title.text.startswith("CVaR 95 % of a day taken away")


def test_point_that_dwarfs_the_others_leaves_the_frame_of_cost_and_protection() -> None:
    nothing = dict.fromkeys(("cost_low", "cost_high", "cut_low", "cut_high"), np.nan)
    rows = {f"puts {n}": {"cost": 0.005, "cut": 0.001} | nothing for n in range(3)}
    table = pd.DataFrame(rows | {"trend": {"cost": -0.2, "cut": -0.01} | nothing}).T
    line = pd.DataFrame({"sold": [0.0, 0.1], "cost": [0.0, 0.01], "cut": [0.0, 0.002]})
    figure = cost_of_protection_figure(table, line)
    assert figure.layout.xaxis.range[0] > -0.01
    assert figure.layout.annotations[0].text == "trend leaves the frame: cost -20.00%, cut -1.00%"


def test_convexity_map_writes_every_gain_and_names_its_axes() -> None:
    gains = pd.DataFrame([[0.05, -1e-9], [0.08, 0.01]], index=[0.0, 15.0], columns=[-0.4, 0.1])
    figure = convexity_map_figure(gains, stamp="synthetic: skew")
    heat = figure.data[0]
    assert [list(row) for row in heat.text] == [["5.0%", "0.0%"], ["8.0%", "1.0%"]]
    assert (list(heat.x), list(heat.y)) == (["-40%", "+10%"], ["0", "+15"])
    assert (heat.zmin, heat.zmax) == (-0.08, 0.08)
    assert figure.layout.xaxis.title.text == "sudden move of the index (%)"
    assert figure.layout.yaxis.title.text == "change of the VIX (points)"
    assert figure.layout.annotations[0].text == "synthetic: skew"
