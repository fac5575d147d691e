"""Costs: positive money, labelled, per unit traded."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.costs import Costs, HalfSpread, PerContract, PerTicket, TradeSlip, no_costs
from hedgerow.errors import InputError

SLIP = TradeSlip(np.array([[10.0, -4.0], [0.0, 2.0]]), np.array([2.0, -30.0]), np.array([0.1, 0.5]))


def test_half_spread_negative_price_still_costs() -> None:
    money = HalfSpread(5.0).charge(SLIP)["half_spread"]
    np.testing.assert_allclose(money, [5e-4 * (20 + 120), 5e-4 * 60])


def test_half_spread_one_per_hedge_applies_to_each() -> None:
    money = HalfSpread((5.0, 10.0)).charge(SLIP)["half_spread"]
    np.testing.assert_allclose(money, [5e-4 * 20 + 1e-3 * 120, 1e-3 * 60])


def test_commission_counts_contracts_not_units() -> None:
    np.testing.assert_allclose(PerContract(1.5).charge(SLIP)["commission"], [1.5 * (1.0 + 2.0), 1.5 * 1.0])


def test_ticket_counts_instruments_traded() -> None:
    np.testing.assert_allclose(PerTicket(3.0).charge(SLIP)["ticket"], [6.0, 3.0])


def test_costs_added_together_keep_their_labels() -> None:
    model = HalfSpread(5.0) + PerContract(1.5) + PerTicket(3.0) + PerTicket(1.0)
    charged = model.charge(SLIP)
    assert set(charged) == {"half_spread", "commission", "ticket"}
    np.testing.assert_allclose(charged["ticket"], [8.0, 4.0])


def test_costs_nothing_traded_costs_nothing() -> None:
    still = TradeSlip(np.zeros((1, 2)), SLIP.prices, SLIP.contracts_per_unit)
    charged = (HalfSpread(5.0) + PerContract(1.5) + PerTicket(3.0)).charge(still)
    assert all(float(money[0]) == 0.0 for money in charged.values())
    assert no_costs() == Costs()
    assert no_costs().charge(SLIP) == {}


def test_commission_without_contract_size_refused() -> None:
    unknown = TradeSlip(SLIP.units, SLIP.prices, np.array([0.1, np.nan]))
    with pytest.raises(InputError, match="contract size"):
        PerContract(1.0).charge(unknown)


@pytest.mark.parametrize("make", [HalfSpread, PerContract, PerTicket])
@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_cost_negative_or_not_finite_refused(make: type, value: float) -> None:
    with pytest.raises(InputError, match="0 or more"):
        make(value)


def test_half_spread_wrong_number_of_values_refused() -> None:
    with pytest.raises(InputError, match="3 half spreads were given for 2 hedges"):
        HalfSpread((1.0, 2.0, 3.0)).charge(SLIP)
