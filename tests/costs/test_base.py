"""Costs: positive money, labelled, per unit traded."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.costs import (
    CostModel,
    Costs,
    CostTerms,
    HalfSpread,
    PerContract,
    PerShare,
    PerTicket,
    Slippage,
    SquareRootImpact,
    TradeSlip,
    no_costs,
)
from hedgerow.errors import InputError
from hedgerow.kernels.rules import run_stages

SLIP = TradeSlip(np.array([[10.0, -4.0], [0.0, 2.0]]), np.array([2.0, -30.0]), np.array([0.1, 0.5]))


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


@pytest.mark.parametrize("make", [HalfSpread, PerContract, PerTicket])
@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_cost_negative_or_not_finite_refused(make: type, value: float) -> None:
    with pytest.raises(InputError, match="0 or more"):
        make(value)


def test_costs_of_one_label_add_up_in_stages_as_in_charges() -> None:
    model = PerTicket(3.0) + PerTicket(1.0) + PerShare(0.5) + PerContract(2.0)
    rows = {"units": np.array([0.0, 7.0]), "spot": np.array([2.0, 2.0]), "cost_ticket": 0.0, "cost_commission": 0.0}
    stages = model.stages(CostTerms(contracts_per_unit=0.1))
    assert stages is not None
    run_stages(stages, rows, 0)
    np.testing.assert_array_equal(rows["cost_ticket"], [0.0, 4.0])
    np.testing.assert_array_equal(rows["cost_commission"], [0.0, 3.5 + 1.4])


def test_proportional_rate_of_a_sum_is_the_sum_and_counts_no_ticket() -> None:
    model = HalfSpread((1.0, 3.0)) + Slippage(2.0) + PerTicket(9.0) + SquareRootImpact(1e6)
    assert model.proportional_rate == pytest.approx(5e-4, rel=1e-12)
    assert no_costs().proportional_rate == 0.0


def test_costs_with_a_part_that_is_no_rule_have_no_stages_but_charge() -> None:
    class PerUnit(CostModel):
        def charge(self, slip: TradeSlip) -> dict[str, np.ndarray]:
            return {"per_unit": np.abs(slip.units).sum(axis=-1)}

    model = PerUnit() + HalfSpread(5.0)
    assert model.stages(CostTerms()) is None
    assert set(model.charge(SLIP)) == {"per_unit", "half_spread"}
    assert model.proportional_rate == 5e-4


def test_costs_one_per_hedge_refuse_to_be_stages_of_one_hedge() -> None:
    with pytest.raises(InputError, match="2 half spreads were given for 1 hedge"):
        HalfSpread((1.0, 2.0)).stages(CostTerms())
    assert len(HalfSpread((1.0,)).stages(CostTerms())) == 1


def test_costs_on_a_batch_of_moments_equal_moment_by_moment() -> None:
    rng = np.random.default_rng(4)
    units, prices, sizes = rng.normal(size=(3, 6, 2)), rng.uniform(1, 2, (6, 2)), rng.uniform(0.1, 1, (6, 2))
    model = HalfSpread((2.0, 4.0)) + PerContract(1.0, minimum=0.3) + PerTicket(2.0)
    together = model.charge(TradeSlip(units, prices, sizes))
    for moment in range(6):
        alone = model.charge(TradeSlip(units[:, moment], prices[moment], sizes[moment]))
        for label, money in alone.items():
            np.testing.assert_array_equal(together[label][:, moment], money)
