"""Shaping: worked ties, laws of every stage, an oracle in plain Python, causality, many sets against one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.overlays import (
    STAGES,
    DrawdownCrossed,
    EveryDays,
    Monthly,
    RelativeMove,
    Shape,
    SignalMove,
    Signals,
    SmoothedSignal,
    Static,
    VixLinear,
    Weekly,
    shape_many,
    shaped,
    shaped_multiplier,
)
from overlays.shaping_oracle import EVERY_TRIGGER, shaped_slowly, signals_of

NAN = float("nan")
SHAPES = (
    Shape(),
    Shape(smooth=5),
    Shape(smooth=20, persist=3, floor=0.2, cap=2.0, threshold=(SignalMove(3.0), RelativeMove(0.15), Weekly())),
    Shape(persist=2, threshold=(DrawdownCrossed(0.05), EveryDays(30))),
    Shape(floor=0.5, threshold=(Monthly(),)),
    Shape(cap=0.3, threshold=(SignalMove(0.0),)),
    Shape(smooth=2, persist=2, threshold=(SignalMove(1.5, "price"),)),
)


def level_signals(*vix: float) -> Signals:
    return Signals.of({"vix": pd.Series(vix, pd.bdate_range("2024-01-01", periods=len(vix)))})


def held(values: list[float], shape: Shape, stage: str = "threshold") -> list[float]:
    """Shape multipliers that are a tenth of the volatility index."""
    return shaped_multiplier(np.array(values) / 10.0, level_signals(*values), shape).stages[stage].tolist()


def test_shape_that_is_off_leaves_the_rule_bit_for_bit() -> None:
    signals = signals_of(1, 200)
    path = shaped(VixLinear(10, 15), signals)
    for stage in STAGES:
        np.testing.assert_array_equal(path.stages[stage], VixLinear(10, 15).multiplier(signals))
    assert path.rebalanced.all()
    assert path.warm_up == 0
    assert list(path.to_frame().columns) == list(STAGES)


def test_move_from_18_to_21_is_no_move_beyond_3_and_a_hair_more_is_one() -> None:
    shape = Shape(threshold=(SignalMove(3.0),))
    assert held([18.0, 21.0], shape) == [1.8, 1.8]
    assert held([18.0, 21.0000001], shape) == [1.8, 2.10000001]
    assert held([18.0, 15.0], shape) == [1.8, 1.8]
    assert held([18.0, 14.9999999], shape) == [1.8, 1.49999999]


@pytest.mark.parametrize("start", [0.1, 10.1, 12.3, 17.7, 18.0, 33.3, 80.6])
@pytest.mark.parametrize("points", [0.1, 0.7, 2.3, 3.0])
def test_tie_of_a_move_does_not_depend_on_floating_point(start: float, points: float) -> None:
    shape = Shape(threshold=(SignalMove(points),))
    assert held([start, start + points], shape)[1] == start / 10
    assert held([start + points, start], shape)[1] == (start + points) / 10


def test_move_is_counted_from_the_last_rebalance_and_not_from_yesterday() -> None:
    shape = Shape(threshold=(SignalMove(3.0),))
    assert held([18.0, 20.0, 22.0, 24.0, 25.0, 22.5], shape) == [1.8, 1.8, 2.2, 2.2, 2.2, 2.2]
    assert held([18.0, 20.0, 22.0, 24.0, 25.5], shape)[-1] == 2.55


def test_relative_move_is_a_share_of_the_level_at_the_last_rebalance() -> None:
    shape = Shape(threshold=(RelativeMove(0.15),))
    assert held([20.0, 23.0, 23.0001], shape) == [2.0, 2.0, 2.30001]
    assert held([20.0, 17.0, 16.9999], shape) == [2.0, 2.0, 16.9999 / 10]
    assert held([14.1, 14.1 * 1.15], shape)[1] == 1.41


def test_any_trigger_suffices_and_takes_every_level_anew() -> None:
    dates = pd.DatetimeIndex(["2024-01-03", "2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09"])
    signals = Signals.of({"vix": pd.Series([18.0, 20.0, 20.5, 22.0, 23.6], dates)})
    path = shaped(0.1 * VixLinear(0, 1), signals, Shape(threshold=(SignalMove(3.0), Weekly())))
    # Friday the 5th takes the level 20.5, from which 22.0 is no move beyond 3 though it is one from 18; 23.6 is one
    assert path.rebalanced.tolist() == [True, False, True, False, True]
    np.testing.assert_allclose(path.multiplier, [1.8, 1.8, 2.05, 2.05, 2.36])


def test_rebalance_takes_the_level_anew_even_where_persistence_holds_the_multiplier() -> None:
    path = [18.0, 22.0, 22.5, 23.0]
    assert held(path, Shape(persist=2, threshold=(SignalMove(3.0),))) == [1.8, 1.8, 1.8, 1.8]
    assert held(path, Shape(persist=2), "persist") == [1.8, 1.8, 2.25, 2.25]


def test_every_seven_days_counts_from_whatever_rebalanced_last() -> None:
    dates = pd.DatetimeIndex(["2024-01-03", "2024-01-09", "2024-01-10", "2024-01-16", "2024-01-18"])
    signals = Signals.of({"vix": pd.Series([10.0, 11.0, 12.0, 13.0, 14.0], dates)})
    path = shaped(VixLinear(0, 10), signals, Shape(threshold=(EveryDays(7),)))
    assert path.rebalanced.tolist() == [True, False, True, False, True]


def test_drawdown_rebalances_once_and_not_on_every_day_beyond() -> None:
    dates = pd.bdate_range("2024-01-01", periods=6)
    price = pd.Series([100.0, 96.0, 94.0, 90.0, 85.0, 80.0], dates)
    signals = Signals.of({"vix": pd.Series([15.0, 20.0, 25.0, 30.0, 40.0, 50.0], dates), "price": price})
    path = shaped(VixLinear(0, 10), signals, Shape(threshold=(DrawdownCrossed(0.05),)))
    assert path.rebalanced.tolist() == [True, False, True, False, False, False]
    assert path.multiplier.tolist() == [1.5, 1.5, 2.5, 2.5, 2.5, 2.5]


def test_persistence_follows_after_so_many_closes_on_one_side() -> None:
    assert held([20, 25, 26, 27, 28, 29], Shape(persist=3), "persist") == [2.0, 2.0, 2.0, 2.7, 2.7, 2.7]
    assert held([20, 15, 14], Shape(persist=2), "persist") == [2.0, 2.0, 1.4]


def test_persistence_begins_anew_on_the_other_side_and_ends_at_a_tie() -> None:
    assert held([20, 25, 15, 25, 15], Shape(persist=2), "persist") == [2.0] * 5
    assert held([20, 25, 20, 25, 26], Shape(persist=2), "persist") == [2.0, 2.0, 2.0, 2.0, 2.6]
    tie = 20 * (1 + 4e-10)  # a multiplier of 2 and 8e-10
    assert held([20, tie, tie, tie], Shape(persist=2), "persist") == [2.0] * 4
    assert held([20, 25, tie, 25, 20], Shape(persist=2), "persist") == [2.0] * 5


def test_persistence_compares_with_what_is_held_and_not_with_the_day_before() -> None:
    assert held([20, 25, 24, 23], Shape(persist=3), "persist") == [2.0, 2.0, 2.0, 2.3]


@pytest.mark.parametrize("persist", [2, 3])
@pytest.mark.parametrize("spike", [5.0, 90.0])
def test_persistence_never_trades_on_a_spike_of_one_day(persist: int, spike: float) -> None:
    vix = np.full(60, 18.0)
    vix[30] = spike
    assert np.ptp(held(vix.tolist(), Shape(persist=persist))) == 0.0


def test_smoothing_counts_signal_dates_and_not_calendar_days() -> None:
    dates = pd.DatetimeIndex(["2024-01-05", "2024-01-08", "2024-03-01", "2024-03-04"])
    signals = Signals.of({"vix": pd.Series([10.0, 20.0, 30.0, 60.0], dates)})
    path = shaped(VixLinear(0, 10), signals, Shape(smooth=3))
    np.testing.assert_allclose(path.stages["smooth"], [NAN, NAN, 2.0, 11 / 3])
    assert path.warm_up == 2
    assert path.rebalanced.tolist() == [False, False, True, True]


def test_smoothing_skips_a_date_that_a_signal_lacks() -> None:
    dates = pd.bdate_range("2024-01-01", periods=4)
    vix = pd.Series([10.0, NAN, 20.0, 30.0], dates)
    signals = Signals.of({"vix": vix, "price": pd.Series(100.0, dates)})
    assert signals.dropped == 1
    assert shaped(VixLinear(0, 10), signals, Shape(smooth=2)).stages["smooth"][1:].tolist() == [1.5, 2.5]


def test_smoothing_leaves_no_trace_of_a_huge_value_that_left_the_window() -> None:
    values = np.full(400, 0.1)
    values[100] = 1e17
    signals = level_signals(*np.full(400, 20.0))
    smooth = shaped_multiplier(values, signals, Shape(smooth=21)).stages["smooth"]
    np.testing.assert_array_equal(smooth[121:], smooth[50])
    assert smooth[50] == pytest.approx(0.1, rel=1e-14)


def test_smoothed_value_depends_on_its_window_and_not_on_where_the_data_begin() -> None:
    values = np.random.default_rng(3).uniform(0, 2, 200)
    signals = level_signals(*np.full(200, 20.0))
    whole = shaped_multiplier(values, signals, Shape(smooth=21)).multiplier
    later = shaped_multiplier(np.where(np.arange(200) < 50, NAN, values), signals, Shape(smooth=21)).multiplier
    np.testing.assert_array_equal(later[70:], whole[70:])


def test_first_defined_date_rebalances_whatever_the_triggers_say() -> None:
    signals = level_signals(20.0, 20.0, 20.0, 20.0)
    path = shaped_multiplier(np.array([NAN, NAN, 1.0, 2.0]), signals, Shape(threshold=(SignalMove(3.0),)))
    assert path.rebalanced.tolist() == [False, False, True, False]
    np.testing.assert_array_equal(path.multiplier, [NAN, NAN, 1.0, 1.0])


def test_move_is_counted_from_the_first_defined_date_and_not_from_the_warm_up() -> None:
    signals = level_signals(10.0, 20.0, 22.0, 23.5)
    path = shaped_multiplier(np.array([NAN, 1.0, 2.0, 3.0]), signals, Shape(threshold=(SignalMove(3.0),)))
    np.testing.assert_array_equal(path.multiplier, [NAN, 1.0, 1.0, 3.0])


def test_rule_that_is_never_defined_is_never_held() -> None:
    path = shaped_multiplier(np.full(4, NAN), level_signals(1.0, 2.0, 3.0, 4.0), Shape(smooth=2))
    assert np.isnan(path.multiplier).all()
    assert not path.rebalanced.any()
    assert path.warm_up == 4


def test_window_longer_than_the_data_never_ends_its_warm_up() -> None:
    path = shaped(VixLinear(), level_signals(20.0, 30.0), Shape(smooth=3, persist=2, floor=0.2))
    assert path.warm_up == 2


def test_order_of_the_stages_matters() -> None:
    """Clip before smoothing, persist before the cap: each way gives another path."""
    values = [10.0, 10.0, 90.0, 10.0, 10.0]
    shape = Shape(smooth=2, cap=2.0)
    clipped = np.minimum(np.array(values) / 10.0, 2.0)
    signals = level_signals(*values)
    first = shaped_multiplier(clipped, signals, Shape(smooth=2)).multiplier
    assert shaped_multiplier(np.array(values) / 10.0, signals, shape).multiplier[2] == 2.0
    assert first[2] == 1.5


def test_smoothing_the_signal_and_the_multiplier_differ_where_the_rule_clips_and_only_there() -> None:
    signals = level_signals(*np.where(np.arange(60) == 30, 80.0, 20.0))
    for cap, same in ((None, True), (1.0, False)):
        rule = VixLinear(10, 15, cap=cap)
        on_signal = shaped(SmoothedSignal(rule, 5), signals).multiplier
        on_multiplier = shaped(rule, signals, Shape(smooth=5)).multiplier
        assert bool(np.allclose(on_signal, on_multiplier, equal_nan=True)) is same


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_stage_is_that_of_plain_python(shape: Shape, seed: int) -> None:
    signals = signals_of(seed, 260)
    values = VixLinear(10, 15).multiplier(signals).copy()
    values[:7] = NAN
    path, slow = shaped_multiplier(values, signals, shape), shaped_slowly(values, signals, shape)
    assert path.rebalanced.tolist() == [bool(day) for day in slow["rebalanced"]]
    for stage in STAGES:
        np.testing.assert_allclose(path.stages[stage], slow[stage], rtol=1e-12, atol=1e-14, err_msg=stage)
    np.testing.assert_array_equal(path.stages["budget"], path.stages["threshold"])


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(0, 40).map(lambda tenth: tenth / 10), min_size=1, max_size=40),
    smooth=st.integers(1, 6),
    persist=st.integers(1, 4),
    bounds=st.tuples(st.floats(0, 2), st.floats(0, 2)).map(sorted),
    triggers=st.lists(st.sampled_from(EVERY_TRIGGER), max_size=3),
    seed=st.integers(0, 5),
)
def test_any_shape_is_that_of_plain_python_and_lies_within_its_bounds(
    values: list[float], smooth: int, persist: int, bounds: list[float], triggers: list[object], seed: int
) -> None:
    signals = signals_of(seed, len(values))
    shape = Shape(smooth, persist, bounds[0], bounds[1], tuple(triggers))  # type: ignore[arg-type]
    path, slow = shaped_multiplier(np.array(values), signals, shape), shaped_slowly(values, signals, shape)
    np.testing.assert_allclose(path.multiplier, slow["threshold"], rtol=1e-12, atol=1e-14)
    defined = path.multiplier[path.warm_up :]
    assert ((defined >= bounds[0]) & (defined <= bounds[1])).all()
    assert np.isfinite(defined).all()
    assert path.warm_up == min(smooth - 1, len(values))
    kept = ~path.rebalanced[path.warm_up + 1 :]
    np.testing.assert_array_equal(np.diff(defined)[kept], 0.0)


def test_threshold_of_0_follows_every_day_on_which_the_signal_moves() -> None:
    signals = signals_of(4, 300)
    path = shaped(VixLinear(), signals, Shape(threshold=(SignalMove(0.0),)))
    np.testing.assert_array_equal(path.multiplier, path.stages["cap"])
    assert path.rebalanced[1:].tolist() == (np.diff(signals["vix"]) != 0.0).tolist()


@pytest.mark.parametrize("shape", [*SHAPES, Shape(threshold=EVERY_TRIGGER)], ids=repr)
def test_later_values_change_no_earlier_stage(shape: Shape) -> None:
    signals, rule = signals_of(5, 200), VixLinear(10, 15)
    whole = shaped(rule, signals, shape)
    rng = np.random.default_rng(0)
    for cut in (1, 7, 60, 199):
        early = np.arange(200) < cut
        other = signals
        for name, value in (("vix", rng.uniform(5, 90, 200)), ("price", rng.uniform(1, 1e9, 200))):
            other = other.with_values(name, np.where(early, signals[name], value))
        path = shaped(rule, other, shape)
        for stage in STAGES:
            np.testing.assert_array_equal(path.stages[stage][:cut], whole.stages[stage][:cut])
        np.testing.assert_array_equal(path.rebalanced[:cut], whole.rebalanced[:cut])


@pytest.mark.parametrize("shape", [*SHAPES, Shape(threshold=(Weekly(),))], ids=repr)
def test_data_that_end_on_a_friday_give_what_longer_data_give(shape: Shape) -> None:
    signals, rule = signals_of(6, 200), VixLinear(10, 15)
    whole = shaped(rule, signals, shape)
    fridays = np.flatnonzero((signals.dates.day_of_week == 4) & (signals.dates.day < 28))
    for cut in fridays[::9] + 1:
        path = shaped(rule, signals.first(cut), shape)
        np.testing.assert_array_equal(path.multiplier, whole.multiplier[:cut])


def test_many_sets_are_bit_for_bit_what_each_is_alone() -> None:
    signals = signals_of(7, 300)
    lows = np.linspace(5, 20, 150)
    multipliers = np.array([VixLinear(low, 12, cap=2.5).multiplier(signals) for low in lows])
    multipliers[3, :20] = multipliers[149, :299] = NAN
    shapes = [SHAPES[number % len(SHAPES)] for number in range(150)]
    grid = shape_many(multipliers, signals, shapes)
    for number in range(150):
        path = shaped_multiplier(multipliers[number], signals, shapes[number])
        np.testing.assert_array_equal(grid.multipliers[number], path.multiplier)
        np.testing.assert_array_equal(grid.rebalanced[number], path.rebalanced)
    one = shape_many(multipliers, signals, SHAPES[2])
    np.testing.assert_array_equal(one.multipliers[2], grid.multipliers[2])
    assert shape_many(multipliers[:0], signals, []).multipliers.shape == (0, 300)


def test_results_cannot_be_written_to() -> None:
    signals = signals_of(8, 30)
    values = np.ones(30)
    path, grid = shaped_multiplier(values, signals), shape_many(np.ones((2, 30)), signals, Shape())
    for array in (*path.stages.values(), path.rebalanced, grid.multipliers, grid.rebalanced):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    values[0] = 2.0  # the caller's own array stays the caller's


def test_multiplier_that_is_lost_after_its_warm_up_is_refused_with_its_date() -> None:
    signals = level_signals(20.0, 21.0, 22.0)
    for broken in (NAN, np.inf):
        with pytest.raises(DataError, match="2024-01-02"):
            shaped_multiplier(np.array([1.0, broken, 1.0]), signals)
    rows = np.ones((70, 3))
    rows[66, 1] = NAN
    with pytest.raises(DataError, match="of set 66 is nan on 2024-01-02"):
        shape_many(rows, signals, Shape())


def test_trigger_whose_signal_is_missing_is_named() -> None:
    with pytest.raises(ColumnError, match=r"DrawdownCrossed.*'price'"):
        shaped(VixLinear(), level_signals(20.0), Shape(threshold=(DrawdownCrossed(0.05),)))
    broken = level_signals(20.0, 21.0).with_values("vix", np.array([NAN, 21.0]))
    with pytest.raises(DataError, match=r"SignalMove.*nan on 2024-01-01"):
        shaped(Static(1.0), broken, Shape(threshold=(SignalMove(3.0),)))


def test_multipliers_of_another_shape_are_refused() -> None:
    signals = level_signals(20.0, 21.0)
    for call in (
        lambda: shaped_multiplier(np.ones(3), signals),
        lambda: shape_many(np.ones(2), signals, Shape()),
        lambda: shape_many(np.ones((3, 2)), signals, [Shape()]),
    ):
        with pytest.raises(InputError, match=r"shape"):
            call()
