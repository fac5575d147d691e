"""Half-spreads: a share of the value, or money per unit."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.costs import HalfSpread, HalfSpreadMoney, TradeSlip
from hedgerow.errors import InputError

SLIP = TradeSlip(np.array([[10.0, -4.0], [0.0, 2.0]]), np.array([2.0, -30.0]), np.array([0.1, 0.5]))


def test_half_spread_negative_price_still_costs() -> None:
    money = HalfSpread(5.0).charge(SLIP)["half_spread"]
    np.testing.assert_allclose(money, [5e-4 * (20 + 120), 5e-4 * 60])


def test_half_spread_one_per_hedge_applies_to_each() -> None:
    money = HalfSpread((5.0, 10.0)).charge(SLIP)["half_spread"]
    np.testing.assert_allclose(money, [5e-4 * 20 + 1e-3 * 120, 1e-3 * 60])


def test_half_spread_wrong_number_of_values_refused() -> None:
    with pytest.raises(InputError, match="3 half spreads were given for 2 hedges"):
        HalfSpread((1.0, 2.0, 3.0)).charge(SLIP)


def test_half_spread_in_money_does_not_depend_on_the_price() -> None:
    np.testing.assert_allclose(HalfSpreadMoney(0.5).charge(SLIP)["half_spread"], [7.0, 1.0])


def test_half_spread_in_money_is_a_fraction_of_a_price_only_where_one_is_given() -> None:
    cost = HalfSpreadMoney((0.005, 0.01))
    assert cost.proportional_rate == 0.0
    assert cost.one_way_rate(50.0) == pytest.approx(2e-4)
    assert cost.one_way_rate(-50.0) == pytest.approx(2e-4)
