"""Figures of cash and stress: they show what the tables hold, also for many rows, no call and strange names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow.report import margin_figure, stress_bars_figure
from hedgerow.report.margin_figures import MOST_CALLS


def account(n: int) -> pd.DataFrame:
    variation = np.random.default_rng(0).normal(size=n) * 100.0
    columns = {"initial": 1_000.0, "cumulative_variation": variation.cumsum(), "call": np.maximum(-variation, 0.0)}
    return pd.DataFrame(columns, index=pd.bdate_range("2010-01-01", periods=n))


def test_margin_path_marks_its_calls_where_they_came() -> None:
    table = account(60)
    initial, cumulative, calls = margin_figure(table, unit="USD").data
    assert np.asarray(initial.y).tolist() == [1_000.0] * 60
    np.testing.assert_allclose(np.asarray(cumulative.y), table["cumulative_variation"])
    called = table[table["call"] > 0.0]
    assert list(calls.x) == list(called.index)
    np.testing.assert_allclose(np.asarray(calls.customdata), called["call"])


def test_long_margin_path_marks_the_largest_calls_and_says_so() -> None:
    table = account(5_000)
    calls = margin_figure(table).data[2]
    assert len(calls.x) == MOST_CALLS
    assert str(MOST_CALLS) in calls.name
    assert min(calls.customdata) >= table["call"].nlargest(MOST_CALLS).min()


def test_margin_path_without_a_call_has_no_marks() -> None:
    assert len(margin_figure(account(30).assign(call=0.0)).data) == 2


def test_stress_bars_show_both_losses_and_escape_names() -> None:
    table = pd.DataFrame(
        {"loss_unhedged": [5.0, -5.0], "loss_hedged": [1.0, -1.0]}, index=["<a href='x'>down</a>", "up"]
    )
    figure = stress_bars_figure(table, unit="USD")
    assert [list(bar.x) for bar in figure.data] == [[5.0, -5.0], [1.0, -1.0]]
    assert figure.layout.yaxis.ticktext[0] == "&lt;a href='x'&gt;down&lt;/a&gt;"
    assert figure.layout.xaxis.title.text == "loss (USD)"
