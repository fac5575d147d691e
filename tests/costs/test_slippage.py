"""Slippage: like a spread, under its own label."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.costs import HalfSpread, Slippage, TradeSlip
from hedgerow.errors import InputError

SLIP = TradeSlip(np.array([[10.0, -4.0], [0.0, 2.0]]), np.array([2.0, -30.0]), np.array([0.1, 0.5]))


def test_slippage_is_a_line_of_its_own_and_the_money_of_a_half_spread() -> None:
    charged = (Slippage((5.0, 1.0)) + HalfSpread((5.0, 1.0))).charge(SLIP)
    assert list(charged) == ["slippage", "half_spread"]
    np.testing.assert_array_equal(charged["slippage"], charged["half_spread"])
    np.testing.assert_allclose(charged["slippage"], [5e-4 * 20 + 1e-4 * 120, 1e-4 * 60])


def test_slippage_negative_refused() -> None:
    with pytest.raises(InputError, match="slippage in basis points must be 0 or more, not -2"):
        Slippage(-2)
