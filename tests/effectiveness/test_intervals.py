"""Bootstrap intervals against a slow bootstrap under the same draws, and their laws."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.effectiveness import (
    METRICS,
    BootstrapOptions,
    choose_block_length,
    draw_reductions,
    reduction,
    reduction_differences,
    reduction_intervals,
    utility_gain,
    utility_gain_interval,
)
from hedgerow.effectiveness.resampling import stationary_rows
from hedgerow.errors import DataError, InputError


def _data(n: int = 300, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    noise = np.random.default_rng(seed)
    unhedged = noise.standard_t(4, n)
    hedged = np.column_stack([0.2 * unhedged, 0.5 * unhedged]) + 0.2 * noise.standard_normal((n, 2))
    return unhedged, hedged


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("rounded", [False, True], ids=["no ties", "many ties"])
def test_draws_equal_slow_bootstrap_of_the_same_rows(level: float, rounded: bool) -> None:
    unhedged, hedged = _data()
    if rounded:
        unhedged, hedged = unhedged.round(), hedged.round(1)
    options = BootstrapOptions(draws=100, seed=4, block_length=6.5, level=level)
    drawn = draw_reductions(unhedged, hedged, options=options)
    for row, rows in enumerate(stationary_rows(300, 6.5, 100, 4)):
        for metric in METRICS:
            slow = [reduction(metric, unhedged[rows], hedged[rows, j], level) for j in (0, 1)]
            np.testing.assert_allclose(drawn.reductions[metric][row], slow, rtol=0, atol=1e-12)


def test_intervals_are_percentiles_of_the_draws() -> None:
    unhedged, hedged = _data()
    options = BootstrapOptions(draws=200, confidence=0.9)
    drawn = draw_reductions(unhedged, hedged, options=options)
    intervals = reduction_intervals(unhedged, hedged, options=options)
    for metric in METRICS:
        low, high = np.quantile(drawn.reductions[metric], [0.05, 0.95], axis=0)
        np.testing.assert_allclose(intervals.low[metric], low, atol=1e-15)
        np.testing.assert_allclose(intervals.high[metric], high, atol=1e-15)


def test_intervals_same_seed_equal_other_seed_differ() -> None:
    unhedged, hedged = _data()
    first, again, other = (
        reduction_intervals(unhedged, hedged, metrics=["variance"], options=BootstrapOptions(seed=seed)).low["variance"]
        for seed in (1, 1, 2)
    )
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_intervals_chunks_do_not_change_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    unhedged, hedged = _data()
    whole = draw_reductions(unhedged, hedged)
    monkeypatch.setattr("hedgerow.effectiveness.resampled._COUNTS_BYTES", 300 * 8 * 7)
    pieces = draw_reductions(unhedged, hedged)
    for metric in METRICS:
        assert np.array_equal(whole.reductions[metric], pieces.reductions[metric])


def test_intervals_a_method_does_not_depend_on_its_company() -> None:
    unhedged, hedged = _data()
    options = BootstrapOptions(block_length=5.0)
    alone = draw_reductions(unhedged, hedged[:, :1], options=options)
    together = draw_reductions(unhedged, hedged, options=options)
    for metric in METRICS:
        np.testing.assert_allclose(alone.reductions[metric][:, 0], together.reductions[metric][:, 0], atol=1e-13)


def test_intervals_perfect_and_absent_hedge_have_no_width() -> None:
    unhedged, _ = _data()
    hedged = np.column_stack([np.zeros(300), unhedged])
    intervals = reduction_intervals(unhedged, hedged)
    for metric in METRICS:
        assert intervals.low[metric].tolist() == [1.0, 0.0]
        assert intervals.high[metric].tolist() == [1.0, 0.0]


def test_intervals_undefined_reduction_is_nan() -> None:
    rising = np.abs(_data()[0]) + 0.1
    intervals = reduction_intervals(rising, 0.5 * rising[:, None])
    assert np.isnan(intervals.low["max_drawdown"]).all()
    assert np.isfinite(intervals.low["variance"]).all()


def test_intervals_few_rows_are_nan() -> None:
    unhedged, hedged = _data(19)
    intervals = reduction_intervals(unhedged, hedged)
    assert np.isnan(intervals.block_length)
    assert all(np.isnan(intervals.low[metric]).all() for metric in METRICS)
    assert all(np.isnan(side).all() for side in utility_gain_interval(unhedged, hedged, 1.0))


def test_intervals_twenty_rows_exist() -> None:
    unhedged, hedged = _data(20)
    assert np.isfinite(reduction_intervals(unhedged, hedged).low["variance"]).all()


def test_intervals_future_altered_leaves_past_unchanged() -> None:
    unhedged, hedged = _data()
    altered = np.concatenate([unhedged[:200], unhedged[200:] * 1e3])
    before = reduction_intervals(unhedged[:200], hedged[:200])
    after = reduction_intervals(altered[:200], hedged[:200])
    assert all(np.array_equal(before.low[metric], after.low[metric]) for metric in METRICS)


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    # true variance reduction of independent normal changes hedged with noise: 1 - (0.25 + 0.09)
    noise = np.random.default_rng(11)
    hits, rounds = 0, 150
    for round_number in range(rounds):
        unhedged = noise.standard_normal(250)
        hedged = (0.5 * unhedged + 0.3 * noise.standard_normal(250))[:, None]
        options = BootstrapOptions(draws=200, seed=round_number, confidence=0.9)
        intervals = reduction_intervals(unhedged, hedged, metrics=["variance"], options=options)
        hits += intervals.low["variance"][0] <= 0.66 <= intervals.high["variance"][0]
    assert 0.82 <= hits / rounds <= 0.97


def test_differences_reference_is_zero_and_better_method_stands_apart() -> None:
    unhedged, hedged = _data()
    differences = reduction_differences(unhedged, hedged, reference=1)
    assert differences.low[1] == differences.high[1] == 0.0
    assert differences.low[0] > 0


def test_differences_same_draws_are_narrower_than_intervals_suggest() -> None:
    unhedged, hedged = _data()
    close = np.column_stack([hedged[:, 0], hedged[:, 0] * 1.01])
    drawn = draw_reductions(unhedged, close)
    width = drawn.intervals().high["variance"][0] - drawn.intervals().low["variance"][0]
    differences = drawn.differences(0)
    assert differences.high[1] < 0
    assert differences.high[1] - differences.low[1] < width / 5


def test_differences_reference_outside_is_refused() -> None:
    with pytest.raises(InputError, match="from 0 to 1, got 2"):
        reduction_differences(*_data(), reference=2)


def test_utility_gain_interval_holds_the_gain() -> None:
    unhedged, hedged = _data()
    low, high = utility_gain_interval(unhedged, hedged, 3.0)
    gains = [utility_gain(unhedged, hedged[:, j], 3.0) for j in (0, 1)]
    assert np.all(low < gains)
    assert np.all(gains < high)


def test_block_length_independent_rows_is_short_and_clustered_rows_long() -> None:
    noise = np.random.default_rng(0).standard_normal((2, 2000))
    clusters = noise * np.exp(np.cumsum(noise[0] * 0.05) * np.ones((2, 1)))
    assert 1 <= choose_block_length(noise) < 5
    assert choose_block_length(clusters) > 10


def test_block_length_constant_series_have_no_say() -> None:
    noise = np.random.default_rng(0).standard_normal((1, 500))
    assert choose_block_length(np.vstack([noise, np.full((1, 500), 0.1)])) == choose_block_length(noise)
    assert choose_block_length(np.full((1, 500), 0.1)) == 1.0


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"confidence": 95.0}, "confidence"),
        ({"draws": 10}, "draws"),
        ({"seed": -1}, "seed"),
        ({"block_length": 0.5}, "block_length"),
        ({"level": 0.0}, "level"),
    ],
)
def test_options_outside_their_range_are_refused(bad: dict[str, float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        BootstrapOptions(**bad)


def test_intervals_missing_values_are_refused() -> None:
    unhedged, hedged = _data()
    hedged[7, 1] = np.nan
    with pytest.raises(DataError, match="row 7"):
        reduction_intervals(unhedged, hedged)
