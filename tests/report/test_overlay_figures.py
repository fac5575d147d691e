"""Figures of overlays and tail hedges: they show what the tables hold, and say what was modelled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow.report.overlay_figures import (
    cost_and_gain_figure,
    crisis_bars_figure,
    drawdown_figure,
    multiplier_figure,
    payoff_fan_figure,
    protection_figure,
    rolling_beta_figure,
)

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
    assert list(figure.data[0].x) == ["2008", "2020 &amp; &lt;covid&gt;: no data"]
    assert [bar.y[0] for bar in figure.data] == [0.4, 0.5]


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
