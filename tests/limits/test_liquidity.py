"""The buffer: the peak of the calls within a window, its quantile, and an interval that holds the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.limits import LiquidityOptions, liquidity_need, peak_calls

N = 500
RNG = np.random.default_rng(2)
CHANGES = RNG.normal(size=(N, 1)) * 400.0
TIMES = pd.bdate_range("2015-01-01", periods=N)
QUICK = LiquidityOptions(rows=5, draws=200)


@pytest.mark.parametrize("rows", [1, 3, 10, 700])
def test_peak_of_each_window_equals_a_slow_search(rows: int) -> None:
    calls = RNG.normal(size=60)
    length = min(rows, 60)
    expected = [max(0.0, *np.cumsum(calls[i : i + length])) for i in range(60 - length + 1)]
    np.testing.assert_allclose(peak_calls(calls, rows), expected, atol=1e-12)


def test_buffer_is_the_quantile_of_the_peaks_and_lies_in_its_interval() -> None:
    need = liquidity_need(np.array([-10.0]), CHANGES, TIMES, QUICK)
    peaks = peak_calls(10.0 * CHANGES[:, 0], 5)
    assert need.buffer == pytest.approx(np.quantile(peaks, 0.99), rel=1e-12)
    assert need.worst == pytest.approx(peaks.max(), rel=1e-12)
    assert need.low <= need.buffer <= need.high
    assert need.windows == N - 4
    assert need.block_length >= 5.0
    start = TIMES.get_loc(need.worst_start) + 1
    assert np.cumsum(10.0 * CHANGES[start : start + 5, 0]).max() == pytest.approx(need.worst)


def test_buffer_scales_with_the_contracts_and_grows_with_the_horizon() -> None:
    one, two = (liquidity_need(np.array([-size]), CHANGES, TIMES, QUICK) for size in (1.0, 2.0))
    assert two.buffer == pytest.approx(2.0 * one.buffer)
    assert two.high == pytest.approx(2.0 * one.high)
    longer = liquidity_need(np.array([-1.0]), CHANGES, TIMES, LiquidityOptions(rows=20, draws=200))
    assert longer.buffer > one.buffer


def test_long_hedge_needs_what_a_short_one_would_on_the_mirrored_prices() -> None:
    long = liquidity_need(np.array([3.0]), CHANGES, TIMES, QUICK)
    assert long.buffer == liquidity_need(np.array([-3.0]), -CHANGES, TIMES, QUICK).buffer


def test_same_seed_same_interval() -> None:
    need = [liquidity_need(np.array([1.0]), CHANGES, TIMES, QUICK) for _ in range(2)]
    assert need[0] == need[1]


def test_interval_holds_the_true_quantile_most_of_the_time() -> None:
    # independent normal losses, one row: the 90 % quantile of max(loss, 0) is 1.2816 standard deviations
    options = LiquidityOptions(0.90, 1, 0.95, 200)
    inside = 0
    for seed in range(40):
        changes = np.random.default_rng(100 + seed).normal(size=(300, 1))
        need = liquidity_need(np.array([1.0]), changes, pd.bdate_range("2015-01-01", periods=300), options)
        inside += need.low <= 1.2815515655446004 <= need.high
    assert inside >= 34


def test_position_without_contracts_needs_nothing() -> None:
    need = liquidity_need(np.array([0.0]), CHANGES, TIMES, QUICK)
    assert (need.buffer, need.low, need.high, need.worst) == (0.0, 0.0, 0.0, 0.0)


def test_too_few_rows_and_impossible_options_are_refused() -> None:
    with pytest.raises(DataError, match="needs at least 6 rows"):
        liquidity_need(np.array([1.0]), CHANGES[:5], TIMES[:5], QUICK)
    for words in ({"confidence": 99.0}, {"interval": 0.0}, {"rows": 0}, {"draws": 10}, {"seed": -1}):
        with pytest.raises(InputError):
            LiquidityOptions(**words)  # type: ignore[arg-type]
