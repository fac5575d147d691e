"""Policies: when to trade, and that an exact tie does not."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.policies import EveryPeriods, ToleranceBand

TARGET, HELD = np.array([[1.0, 0.5]]), np.array([[0.9, 0.5]])


def test_every_period_follows_the_target() -> None:
    np.testing.assert_array_equal(EveryPeriods(1).holding(TARGET, HELD, 7), TARGET)


def test_every_five_periods_trades_on_the_first_and_each_fifth() -> None:
    policy = EveryPeriods(5)
    traded = [step for step in range(11) if (policy.holding(TARGET, HELD, step) == TARGET).all()]
    assert traded == [0, 5, 10]


def test_tolerance_exact_tie_does_not_trade() -> None:
    np.testing.assert_array_equal(ToleranceBand(0.1).holding(TARGET, HELD, 0), HELD)


def test_tolerance_beyond_the_band_trades_to_the_target() -> None:
    np.testing.assert_array_equal(ToleranceBand(0.09).holding(TARGET, HELD, 0), TARGET)


def test_tolerance_each_hedge_decides_alone() -> None:
    target = np.array([[1.0, 0.8]])
    np.testing.assert_array_equal(ToleranceBand(0.2).holding(target, HELD, 0), [[0.9, 0.8]])


@pytest.mark.parametrize("periods", [0, -1])
def test_every_less_than_one_period_refused(periods: int) -> None:
    with pytest.raises(InputError, match="1 or more"):
        EveryPeriods(periods)


@pytest.mark.parametrize("width", [-0.1, float("nan"), float("inf")])
def test_tolerance_negative_or_not_a_number_refused(width: float) -> None:
    with pytest.raises(InputError, match="0 or more"):
        ToleranceBand(width)
