"""Waiting between trades, and what all triggers that look back have in common."""

from __future__ import annotations

import pytest

from hedgerow.errors import InputError
from hedgerow.policies import CostBenefit, MinimumInterval, PriceMove, VolatilityMove
from policy_cases import DAILY, one

AWAY = {"target": 0.6, "held": 0.2}


def test_triggers_first_decision_takes_up_the_hedge() -> None:
    same = {"spot": 100.0, "last_spot": 100.0, "implied": 0.2, "last_implied": 0.2, "waited": 0.0}
    for policy in (PriceMove(), VolatilityMove(), MinimumInterval(0.1)):
        assert one(policy, step=0, **AWAY, **same) == 0.6
        assert one(policy, step=1, **AWAY, **same) == 0.2


def test_minimum_interval_counts_from_the_last_trade_and_its_end_is_enough() -> None:
    step = float(DAILY.steps[0])
    assert one(MinimumInterval(2 * step), **AWAY, waited=step) == 0.2
    assert one(MinimumInterval(2 * step), **AWAY, waited=step + step) == 0.6


def test_triggers_negative_numbers_refused() -> None:
    for make in (PriceMove, VolatilityMove, MinimumInterval, lambda x: CostBenefit(x, risk_aversion=1.0)):
        for bad in (-1.0, float("nan")):
            with pytest.raises(InputError, match="must be 0 or more"):
                make(bad)
