"""The robust companion: amber where few rows decide the ratio, quiet where they do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow._types import FloatArray
from hedgerow.compare import robust_check


def changes(n: int = 150, k: int = 1) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, k))
    return x, x @ np.full(k, 0.8) + 0.2 * rng.standard_normal(n)


def test_clean_rows_are_quiet() -> None:
    found = robust_check(*changes())
    assert not found.amber
    assert len(found.outlying_rows) == 0
    assert found.sentence.startswith("The ratio does not hang on outlying rows: 0.")


def test_finger_too_many_is_amber_and_names_the_day() -> None:
    x, y = changes()
    y[40] = 10.0 * 8.0
    x[40] = 8.0
    found = robust_check(x, y, times=pd.date_range("2021-01-01", periods=150))
    assert found.amber
    assert found.difference[0] > 0.20
    assert found.robust[0] == pytest.approx(0.8, abs=0.15)
    assert found.outlying_rows[0] == 40
    assert "hangs on few rows" in found.sentence
    assert "2021-02-10" in found.sentence


def test_threshold_is_an_option() -> None:
    x, y = changes()
    apart = float(robust_check(x, y).difference[0])
    assert robust_check(x, y, threshold=0.5 * apart).amber
    assert not robust_check(x, y, threshold=2.0 * apart).amber


def test_several_hedges_name_the_worst_and_many_rows_are_counted() -> None:
    x, y = changes(k=2)
    y[:5] = 60.0
    x[:5, 1] = 6.0
    found = robust_check(x, y, hedges=("gas", "oil"))
    assert "The ratio of oil hangs" in found.sentence
    assert "and 2 more lie more than" in found.sentence


def test_prices_times_ten_and_hedges_reordered_say_the_same() -> None:
    x, y = changes(k=2)
    one, ten = robust_check(x, y), robust_check(10.0 * x[:, ::-1], 10.0 * y)
    np.testing.assert_allclose(ten.least_squares[::-1], one.least_squares, rtol=1e-12)
    np.testing.assert_allclose(ten.robust[::-1], one.robust, rtol=1e-9)
    assert ten.amber == one.amber


def test_exact_fit_has_no_outlying_row() -> None:
    x, _ = changes()
    found = robust_check(x, 0.5 * x[:, 0])
    assert not found.amber
    assert len(found.outlying_rows) == 0
