"""The best hedge against a crash: closed form against a numerical minimum; when it is proportional, when it is zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import minimize_scalar

from hedgerow.errors import InputError
from hedgerow.overlays import CrashIntensity, HedgeTradeOff, optimal_intensity
from overlay_rule_cases import signals_of

weights = st.one_of(st.just(0.0), st.floats(0.01, 2.0))
trade_offs = st.builds(
    HedgeTradeOff,
    loss=st.floats(1.0, 50.0),
    gain=st.floats(0.1, 10.0),
    unit_cost=st.floats(0.001, 1.0),
    size_cost=weights,
    shortfall=weights,
    squared_shortfall=weights,
)


@settings(max_examples=40, deadline=None)
@given(trade_off=trade_offs, intensity=st.floats(0.0, 1.0))
def test_optimum_costs_no_more_than_the_numerical_minimum(trade_off, intensity) -> None:
    best = optimal_intensity(intensity, trade_off)
    cover = trade_off.loss / trade_off.gain
    found = minimize_scalar(lambda size: float(trade_off.expected_cost(size, intensity)), bounds=(0.0, 2.0 * cover))
    sizes = np.concatenate((np.linspace(0.0, 2.0 * cover, 201), [found.x]))
    least = trade_off.expected_cost(sizes, intensity).min()
    assert trade_off.expected_cost(best, intensity) <= least + 1e-9 * (1.0 + abs(least))
    assert 0.0 <= best <= cover


def test_optimum_equals_the_numerical_minimum_of_a_quadratic_shortfall() -> None:
    trade_off = HedgeTradeOff(loss=20.0, gain=5.0, unit_cost=0.4, size_cost=0.05, shortfall=0.0, squared_shortfall=0.1)
    odds = np.array([0.01, 0.05, 0.2, 0.85])
    found = [
        minimize_scalar(lambda n, p=p: float(trade_off.expected_cost(n, p)), bounds=(0, 8), options={"xatol": 1e-10}).x
        for p in odds
    ]
    np.testing.assert_allclose(optimal_intensity(odds, trade_off), found, atol=1e-6)


def test_optimum_is_proportional_to_the_intensity_where_the_premises_hold_and_only_there() -> None:
    odds = np.array([0.05, 0.25, 0.85])
    linear = HedgeTradeOff(loss=1000.0, gain=5.0, size_cost=0.1)
    assert linear.is_proportional
    best = optimal_intensity(odds, linear)
    np.testing.assert_allclose(best / best[1], odds / 0.25, rtol=1e-12)
    crash = CrashIntensity(0.05, 0.15).multiplier(signals_of(vix=[12.0, 40.0]))
    np.testing.assert_allclose(best[[0, 2]] / best[1], crash, rtol=1e-12)
    for change in ({"unit_cost": 0.05}, {"squared_shortfall": 0.01}):
        other = HedgeTradeOff(loss=1000.0, gain=5.0, size_cost=0.1, **change)
        assert not other.is_proportional
        sizes = optimal_intensity(odds, other)
        assert not np.allclose(sizes / sizes[1], odds / 0.25, rtol=1e-2)


def test_optimum_proportional_ends_at_full_cover() -> None:
    linear = HedgeTradeOff(loss=20.0, gain=5.0, size_cost=0.1)
    assert optimal_intensity([0.05, 0.25, 0.85], linear).tolist() == [2.5, 4.0, 4.0]
    assert optimal_intensity([0.05, 0.25, 0.85], linear, largest=1.0).tolist() == [1.0, 1.0, 1.0]


@settings(max_examples=30, deadline=None)
@given(intensity=st.floats(0.0, 1.0), cost=st.floats(1e-6, 10.0), shortfall=weights, square=weights)
def test_optimum_is_zero_where_the_loss_does_not_depend_on_the_hedge(intensity, cost, shortfall, square) -> None:
    for costs in ({"unit_cost": cost}, {"size_cost": cost}):
        fixed = HedgeTradeOff(loss=20.0, gain=0.0, shortfall=shortfall, squared_shortfall=square, **costs)
        assert optimal_intensity(intensity, fixed) == 0.0
        assert fixed.expected_cost(0.0, intensity) < fixed.expected_cost(1e-3, intensity) + 1e-300


def test_optimum_of_a_line_is_nothing_or_full_cover() -> None:
    line = HedgeTradeOff(loss=20.0, gain=5.0, unit_cost=0.5)
    assert optimal_intensity([0.0, 0.1, 0.1001, 1.0], line).tolist() == [0.0, 0.0, 4.0, 4.0]


@settings(max_examples=40, deadline=None)
@given(trade_off=trade_offs, odds=st.lists(st.floats(0.0, 1.0), min_size=2, max_size=10).map(sorted))
def test_optimum_rises_with_the_intensity(trade_off, odds) -> None:
    assert (np.diff(optimal_intensity(odds, trade_off)) >= -1e-12).all()


def test_optimum_of_a_vanishing_intensity_or_cost_is_an_end_and_no_overflow() -> None:
    square = HedgeTradeOff(loss=1.0, gain=1.0, unit_cost=1.0, shortfall=0.0, squared_shortfall=1.0)
    assert optimal_intensity([0.0, 2e-313, 1.0], square).tolist() == [0.0, 0.0, 0.0]
    assert optimal_intensity([0.0, 0.5], HedgeTradeOff(loss=1.0, gain=1.0, size_cost=5e-324)).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("intensity", [-0.1, 1.5, float("nan")])
def test_optimum_of_no_probability_refused(intensity) -> None:
    with pytest.raises(InputError, match="intensity must be a probability from 0 to 1"):
        optimal_intensity(intensity, HedgeTradeOff(20.0, 5.0, unit_cost=0.1))


def test_trade_off_without_cost_or_with_a_negative_gain_refused() -> None:
    with pytest.raises(InputError, match="a hedge that costs nothing has no optimum"):
        HedgeTradeOff(loss=20.0, gain=5.0)
    with pytest.raises(InputError, match="gain of HedgeTradeOff must be a number, 0 or more, not -5"):
        HedgeTradeOff(loss=20.0, gain=-5.0, unit_cost=0.1)
