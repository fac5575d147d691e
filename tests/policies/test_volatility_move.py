"""The move of implied volatility that triggers a trade."""

from __future__ import annotations

import pytest

from hedgerow.policies import VolatilityMove
from policy_cases import one

AWAY = {"target": 0.6, "held": 0.2}


@pytest.mark.parametrize(("implied", "trades"), [(0.22, False), (0.2201, True), (0.1799, True), (0.18, False)])
def test_volatility_move_more_than_the_points_trades_and_a_tie_does_not(implied: float, trades: bool) -> None:
    assert one(VolatilityMove(2.0), **AWAY, implied=implied, last_implied=0.2) == (0.6 if trades else 0.2)
