"""Numbers and names as text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.report.text import interval_text, number_text, plotly_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.000123456, "0.0001235"),
        (1234567.8, "1,234,568"),
        (37, "37"),
        (37.0, "37"),
        (np.int64(-18), "-18"),
        (np.float64("nan"), "–"),
        (float("inf"), "–"),
        (None, "–"),
        (pd.NaT, "–"),
        (True, "yes"),
        ([0.5, 0.25], "0.5, 0.25"),
        ("sell 18", "sell 18"),
    ],
)
def test_number_text_each_kind_reads_as_expected(value: object, text: str) -> None:
    assert number_text(value) == text


def test_interval_text_undefined_ends_leave_the_figure_alone() -> None:
    assert interval_text(0.5, float("nan"), 0.6) == "0.50"


def test_plotly_text_ampersand_is_not_doubled_by_accident() -> None:
    assert plotly_text("S&P 500") == "S&amp;P 500"
