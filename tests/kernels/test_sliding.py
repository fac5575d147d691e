"""Sliding kernels against their windows taken one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.kernels import compile
from hedgerow.kernels.sliding import rolling_slope, slide_regressor, slope_of_one, slope_of_tile, windowed_comoments


def series(n: int = 400, m: int = 3, level: float = 0.0, seed: int = 1) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n) * 0.01
    return level + 0.8 * x[:, None] + 0.005 * rng.standard_normal((n, m)), level + x


def slopes_one_by_one(y: Any, x: Any, window: int) -> Any:
    out = np.full(y.shape, np.nan)
    for t in range(window - 1, len(x)):
        dx = x[t - window + 1 : t + 1] - np.mean(x[t - window + 1 : t + 1])
        dy = y[t - window + 1 : t + 1] - np.mean(y[t - window + 1 : t + 1], axis=0)
        out[t] = dx @ dy / (dx @ dx)
    return out


@pytest.mark.parametrize("m", [1, 2, 3, 8, 9, 16, 40, 300])
@pytest.mark.parametrize("window", [2, 7, 60])
def test_rolling_slope_equals_windows_one_by_one(m: int, window: int) -> None:
    y, x = series(300, m)
    out = np.empty_like(y)
    assert rolling_slope(y, x, window, out)
    expected = slopes_one_by_one(y, x, window)
    np.testing.assert_allclose(out, expected, rtol=1e-10, atol=1e-12 * np.nanmax(np.abs(expected)))


@pytest.mark.parametrize("m", [1, 10, 30])
def test_rolling_slope_long_history_agrees_with_pandas(m: int) -> None:
    y, x = series(10_000, m)
    out = np.empty_like(y)
    rolling_slope(y, x, 60, out)
    expected = pd.DataFrame(y).rolling(60).cov(pd.Series(x)).div(pd.Series(x).rolling(60).var(), axis=0).to_numpy()
    assert np.nanmax(np.abs(out - expected)) < 1e-12
    assert np.isnan(out[:59]).all()


@pytest.mark.parametrize("m", [1, 5])
def test_rolling_slope_large_levels_keep_their_digits(m: int) -> None:
    rng = np.random.default_rng(0)
    x = 4000.0 + np.cumsum(rng.standard_normal(3000))
    y = 70_000.0 + 12.0 * x[:, None] + rng.standard_normal((3000, m))
    out = np.empty_like(y)
    rolling_slope(y, x, 60, out)
    np.testing.assert_allclose(out[59:], slopes_one_by_one(y, x, 60)[59:], rtol=1e-11)


@pytest.mark.parametrize("m", [1, 6, 40])
@pytest.mark.parametrize("size", [1e3, 1e6, 1e9])
def test_rolling_slope_after_an_outlier_has_left_as_if_it_never_came(m: int, size: float) -> None:
    y, x = series(400, m)
    clean = slopes_one_by_one(y, x, 30)
    y[100, 0] *= size
    x[200] *= size
    out = np.empty_like(y)
    rolling_slope(y, x, 30, out)
    np.testing.assert_allclose(out[130:200], clean[130:200], rtol=1e-10)
    np.testing.assert_allclose(out[230:], clean[230:], rtol=1e-10)


@pytest.mark.parametrize("m", [1, 4, 20])
def test_rolling_slope_still_hedge_has_no_slope_within_its_window(m: int) -> None:
    y, x = series(200, m)
    x[50:90] = x[49]
    out = np.empty_like(y)
    assert rolling_slope(y, x, 20, out)
    assert np.isnan(out[68:90]).all()
    assert np.isfinite(out[19:68]).all()
    assert np.isfinite(out[90:]).all()


@pytest.mark.parametrize("m", [1, 4, 300])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_rolling_slope_missing_value_is_reported(m: int, bad: float) -> None:
    y, x = series(200, m)
    y[150, m - 1] = bad
    assert not rolling_slope(y, x, 20, np.empty_like(y))


@pytest.mark.parametrize("m", [1, 4])
def test_rolling_slope_window_longer_than_history_is_all_missing(m: int) -> None:
    y, x = series(10, m)
    out = np.empty_like(y)
    assert rolling_slope(y, x, 60, out)
    assert np.isnan(out).all()


def test_rolling_slope_any_thread_count_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    y, x = series(500, 700)
    results = []
    for cores in (1, 2, 3, 8):
        monkeypatch.setattr(compile, "_available_cores", lambda cores=cores: cores)
        out = np.empty_like(y)
        rolling_slope(y, x, 60, out)
        results.append(out.tobytes())
    assert len(set(results)) == 1


def test_rolling_slope_column_alone_or_among_many_same_to_rounding() -> None:
    y, x = series(500, 40)
    together, alone = np.empty_like(y), np.empty((500, 1))
    rolling_slope(y, x, 60, together)
    rolling_slope(y[:, 17:18], x, 60, alone)
    np.testing.assert_allclose(together[:, 17:18], alone, rtol=1e-12)


def test_kernels_plain_python_and_compiled_agree() -> None:
    y, x = series(150, 3)
    results = []
    for plain in (False, True):
        regressor = (np.empty(150), np.empty(150), np.empty(150), np.empty(150, dtype=np.bool_))
        slopes, one = np.empty_like(y), np.empty(150)
        for kernel, arguments in [
            (slide_regressor, (x, 10, *regressor)),
            (slope_of_tile, (y, x, 10, 0, 3, *regressor, slopes)),
            (slope_of_one, (np.ascontiguousarray(y[:, 0]), x, 10, *regressor, one)),
        ]:
            (kernel.definition if plain else kernel)(*arguments)
        results.append((slopes, one))
    for fast, definition in zip(*results, strict=True):
        np.testing.assert_allclose(fast, definition, rtol=1e-11)


def test_windowed_comoments_after_an_outlier_has_left_keep_their_digits() -> None:
    columns = np.random.default_rng(3).standard_normal((200, 3))
    columns[80, 1] = 1e9
    moments = windowed_comoments(columns, np.arange(20, 201), 20)
    centred = columns[85:105] - columns[85:105].mean(axis=0)
    np.testing.assert_allclose(moments[105 - 20], centred.T @ centred, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("ends", [[10], [10, 11, 12, 40], list(range(10, 301)), [300], [12, 250, 251]])
def test_windowed_comoments_equal_windows_one_by_one(ends: list[int]) -> None:
    columns = 100.0 + np.cumsum(np.random.default_rng(3).standard_normal((300, 3)), axis=0)
    moments = windowed_comoments(columns, np.array(ends), 10)
    for moment, end in zip(moments, ends, strict=True):
        centred = columns[end - 10 : end] - columns[end - 10 : end].mean(axis=0)
        np.testing.assert_allclose(moment, centred.T @ centred, rtol=1e-10, atol=1e-10)
