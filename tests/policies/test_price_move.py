"""The move of the price that triggers a trade."""

from __future__ import annotations

import pytest

from hedgerow.policies import PriceMove
from policy_cases import one

AWAY = {"target": 0.6, "held": 0.2}


@pytest.mark.parametrize(("spot", "trades"), [(102.0, False), (102.01, True), (97.99, True), (98.0, False)])
def test_price_move_more_than_the_move_trades_and_a_tie_does_not(spot: float, trades: bool) -> None:
    assert one(PriceMove(0.02), **AWAY, spot=spot, last_spot=100.0) == (0.6 if trades else 0.2)
