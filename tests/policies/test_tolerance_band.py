"""The band of an absolute width."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.policies import Moment, ToleranceBand
from policy_cases import rows, terms

TARGET, HELD = np.array([[1.0, 0.5]]), np.array([[0.9, 0.5]])


def test_tolerance_exact_tie_does_not_trade() -> None:
    np.testing.assert_array_equal(ToleranceBand(0.1).holding(Moment(0, {"target": TARGET, "held": HELD})), HELD)


def test_tolerance_beyond_the_band_trades_to_the_target() -> None:
    np.testing.assert_array_equal(ToleranceBand(0.09).holding(Moment(0, {"target": TARGET, "held": HELD})), TARGET)


def test_tolerance_each_hedge_decides_alone() -> None:
    target = np.array([[1.0, 0.8]])
    np.testing.assert_array_equal(ToleranceBand(0.2).holding(Moment(0, {"target": target, "held": HELD})), [[0.9, 0.8]])


@pytest.mark.parametrize("to", ["edge", "middle", "target"])
def test_tolerance_bound_and_unbound_agree(to: str) -> None:
    policy = ToleranceBand(0.3, to)  # type: ignore[arg-type]
    np.testing.assert_array_equal(policy.holding(Moment(0, rows())), policy.bound(terms()).holding(Moment(0, rows())))
