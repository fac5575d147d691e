"""Spreads that widen with volatility: never narrower than normal, never wider than the cap."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.costs import HalfSpread, SpreadInStress, TradeSlip
from hedgerow.errors import InputError

VOLS = np.linspace(0.05, 1.2, 24)


def _slip(units: float = 10.0) -> TradeSlip:
    return TradeSlip(np.full((24, 1), units), np.array([100.0]), np.ones(1), VOLS[:, None])


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_stress_spread_widens_monotonically_between_normal_and_cap(power: float) -> None:
    money = SpreadInStress(3.0, normal=0.2, power=power, cap=4.0).charge(_slip())["half_spread"]
    assert (np.diff(money) >= 0.0).all()
    assert money[0] == pytest.approx(HalfSpread(3.0).charge(_slip())["half_spread"][0], rel=1e-15)
    assert money[-1] == pytest.approx(money[0] * min(4.0, (1.2 / 0.2) ** power), rel=1e-14)


def test_stress_spread_power_zero_is_a_plain_half_spread() -> None:
    money = SpreadInStress(3.0, normal=0.2, power=0.0).charge(_slip())["half_spread"]
    np.testing.assert_allclose(money, HalfSpread(3.0).charge(_slip())["half_spread"], rtol=1e-15)


def test_stress_spread_rate_is_the_normal_one() -> None:
    assert SpreadInStress(3.0, normal=0.2).proportional_rate == pytest.approx(3e-4)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"normal": 0.0}, "normal volatility"),
        ({"normal": 0.2, "power": -1.0}, "power"),
        ({"normal": 0.2, "cap": 0.5}, "1 or more and finite, not 0.5"),
    ],
)
def test_stress_spread_without_sense_refused(words: dict[str, float], why: str) -> None:
    with pytest.raises(InputError, match=why):
        SpreadInStress(3.0, **words)


def test_stress_spread_without_volatility_refused() -> None:
    with pytest.raises(InputError, match="needs the implied volatility of every trade"):
        SpreadInStress(3.0, normal=0.2).charge(TradeSlip(np.ones((1, 1)), np.ones(1), np.ones(1)))
