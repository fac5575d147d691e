"""Commissions and tickets: minimums bind, caps bind harder."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.costs import PerContract, PerShare, PerTicket, TradeSlip
from hedgerow.errors import InputError

SLIP = TradeSlip(np.array([[10.0, -4.0], [0.0, 2.0]]), np.array([2.0, -30.0]), np.array([0.1, 0.5]))


def test_commission_counts_contracts_not_units() -> None:
    np.testing.assert_allclose(PerContract(1.5).charge(SLIP)["commission"], [1.5 * (1.0 + 2.0), 1.5 * 1.0])


def test_ticket_counts_instruments_traded() -> None:
    np.testing.assert_allclose(PerTicket(3.0).charge(SLIP)["ticket"], [6.0, 3.0])


def test_commission_without_contract_size_refused() -> None:
    unknown = TradeSlip(SLIP.units, SLIP.prices, np.array([0.1, np.nan]))
    with pytest.raises(InputError, match="contract size"):
        PerContract(1.0).charge(unknown)


def _one(units: float, price: float) -> TradeSlip:
    return TradeSlip(np.array([[units]]), np.array([price]), np.array([1.0]))


@pytest.mark.parametrize(
    ("units", "price", "money"), [(100, 25, 1.0), (1000, 25, 5.0), (1000, 0.25, 2.5), (-1000, 25, 5.0), (5, 12, 0.6)]
)
def test_commission_per_share_gives_the_brokers_own_examples(units: float, price: float, money: float) -> None:
    # Interactive Brokers, stocks, United States, fixed: its three examples; a sale; an order of 60 dollars
    charged = PerShare(0.005, minimum=1.0, maximum_share=0.01).charge(_one(units, price))["commission"]
    np.testing.assert_allclose(charged, [money], rtol=1e-14)


@pytest.mark.parametrize(("contracts", "money"), [(1, 1.0), (2, 1.3), (0, 0.0)])
def test_commission_per_contract_minimum_binds_per_ticket(contracts: float, money: float) -> None:
    charged = PerContract(0.65, minimum=1.0).charge(_one(contracts, 2.0))["commission"]
    np.testing.assert_allclose(charged, [money], rtol=1e-14)


def test_commission_minimum_counts_for_each_instrument_traded() -> None:
    np.testing.assert_allclose(PerShare(0.001, minimum=1.0).charge(SLIP)["commission"], [2.0, 1.0])


def test_commission_rates_need_price_and_size() -> None:
    assert PerContract(2.0).proportional_rate == 0.0
    assert PerContract(2.0).one_way_rate(100.0) == 0.0
    assert PerContract(2.0).one_way_rate(100.0, 0.02) == pytest.approx(4e-4)
    assert PerShare(0.005).one_way_rate(50.0) == pytest.approx(1e-4)
    assert PerShare(0.005, maximum_share=0.01).one_way_rate(0.1) == 0.01


@pytest.mark.parametrize("share", [0.0, -0.1, float("nan"), float("inf")])
def test_commission_cap_that_is_no_share_refused(share: float) -> None:
    with pytest.raises(InputError, match="above 0"):
        PerShare(0.005, maximum_share=share)


@pytest.mark.parametrize("make", [PerShare, PerContract])
def test_commission_negative_minimum_refused(make: type) -> None:
    with pytest.raises(InputError, match="minimum commission per ticket must be 0 or more, not -1"):
        make(0.005, minimum=-1)
