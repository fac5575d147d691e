"""Cost against benefit."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.policies import CostBenefit
from policy_cases import DAILY, one, terms


@pytest.mark.parametrize("off", [0.01, 0.05, 0.2, 0.5])
def test_cost_benefit_variance_is_weighed_by_hand(off: float) -> None:
    step = float(DAILY.steps[1])
    benefit, cost = 0.5 * 3.0 * (off * 100.0 * 0.2) ** 2 * step, 0.0002 * off * 100.0
    policy = CostBenefit(2.0, "variance", risk_aversion=3.0, cost=0.0002)
    trades = one(policy, target=0.5, held=0.5 - off, spot=100.0, implied=0.2) == 0.5
    assert trades == (benefit > 2.0 * cost)


def test_cost_benefit_variance_waits_for_a_large_error() -> None:
    policy = CostBenefit(risk_aversion=3.0, cost=0.0002)
    held = [one(policy, target=0.5, held=0.5 - off, spot=100.0, implied=0.2) for off in (0.01, 0.4)]
    assert held == [0.49, 0.5]


def test_cost_benefit_delta_error_against_a_ticket_is_weighed_by_hand() -> None:
    policy = CostBenefit(2.0, "delta_error", cost=0.0, ticket=0.05)
    threshold = 2.0 * 0.05 / (100.0 * 0.2 * np.sqrt(DAILY.steps[1]))
    for share, trades in ((0.99, False), (1.01, True)):
        off = share * threshold
        assert (one(policy, target=0.5, held=0.5 - off, spot=100.0, implied=0.2) == 0.5) is trades


def test_cost_benefit_costs_are_those_of_the_model_unless_given() -> None:
    policy = CostBenefit(risk_aversion=3.0)
    now = {"target": 0.5, "held": 0.1, "spot": 100.0, "implied": 0.2}
    assert one(policy, at=terms(cost_rate=0.0), **now) == 0.5
    assert one(policy, at=terms(cost_rate=0.05), **now) == 0.1


def test_cost_benefit_variance_without_a_risk_aversion_refused() -> None:
    with pytest.raises(InputError, match="give risk_aversion"):
        CostBenefit()
    with pytest.raises(InputError, match="'variance' or 'delta_error'"):
        CostBenefit(benefit="profit")  # type: ignore[arg-type]
