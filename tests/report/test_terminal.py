"""Terminal tables: they fit, they drop from the least important, they are plain text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.report import as_text, comparison_table, plain_table


def _frame(**more: object) -> pd.DataFrame:
    columns = {
        "hedge_ratio": [0.8765, 0.9],
        "standard_error": [0.01, np.nan],
        "variance_reduction": [0.862, np.nan],
        "low": [0.82, np.nan],
        "high": [0.891, np.nan],
        "semivariance_reduction": [0.8, 0.7],
        "cvar_reduction": [0.6, 0.5],
        "max_drawdown_reduction": [0.5, 0.4],
        "turnover": [1.0, 30.25],
        "cost": [0.01, 0.12],
        "contracts": [-18.0, -19.0],
        "trade": ["sell 18", "sell 19"],
    }
    return pd.DataFrame({**columns, **more}, index=["ols", "total_least_squares"])


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 120, 200])
def test_comparison_table_fits_with_one_line_per_method(width: int) -> None:
    lines = as_text(comparison_table(_frame(), title="Out of sample"), width).splitlines()
    assert max(map(len, lines)) <= width
    assert sum(line.startswith((" ols ", "ols ")) for line in lines) == 1
    assert "…" not in "".join(lines) or width < 40


def test_comparison_table_eighty_columns_keep_what_matters_and_name_the_rest() -> None:
    text = as_text(comparison_table(_frame()), 80)
    for word in ("0.8765", "0.862 [0.820, 0.891]", "sell 18", "cost"):
        assert word in text
    assert "not shown at this width" in text
    assert "std." in text.split("not shown")[1]


def test_comparison_table_wide_shows_all_and_says_nothing() -> None:
    text = as_text(comparison_table(_frame()), 200)
    assert "not shown" not in text
    assert "30.25" in text


def test_comparison_table_undefined_figures_are_dashes() -> None:
    text = as_text(comparison_table(_frame()), 200)
    assert "nan" not in text.lower()
    assert text.count("–") == 2


def test_comparison_table_several_hedges_stand_in_one_cell() -> None:
    text = as_text(comparison_table(_frame(hedge_ratio=[[0.5, 0.25], np.array([0.4, np.nan])])), 120)
    assert "0.5000, 0.2500" in text
    assert "0.4000, –" in text


def test_comparison_table_markup_and_escapes_in_names_are_inert() -> None:
    frame = _frame()
    frame.index = ["[red]ols[/red]", "\x1b[31mtls"]
    text = as_text(comparison_table(frame, title="[bold]x"), 200)
    assert "[red]ols[/red]" in text
    assert "\x1b" not in text
    assert "[bold]x" in text


def test_plain_table_numbers_right_text_left() -> None:
    frame = pd.DataFrame({"count": [3, 1200], "what": ["stale", "outlier"]}, index=pd.Index(["gold", "oil"], name="in"))
    lines = as_text(plain_table(frame, title="Findings"), 60).splitlines()
    assert lines[0] == "Findings"
    assert any(line.split() == ["oil", "1,200", "outlier"] for line in lines)
