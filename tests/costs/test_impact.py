"""Square-root impact: cost grows with size to the power 1.5."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.costs import SquareRootImpact, TradeSlip
from hedgerow.errors import InputError


def _charged(model: SquareRootImpact, units: float, price: float = 50.0, volatility: float | None = None) -> float:
    marked = None if volatility is None else np.array([[volatility]])
    return float(model.charge(TradeSlip(np.array([[units]]), np.array([price]), np.ones(1), marked))["impact"][0])


def test_impact_of_a_days_volume_is_a_days_volatility_of_its_value() -> None:
    assert _charged(SquareRootImpact(1e6, 0.02), -1e6) == pytest.approx(0.02 * 50e6, rel=1e-14)


@pytest.mark.parametrize("factor", [0.25, 4.0, 100.0])
def test_impact_cost_grows_with_size_to_the_power_three_halves(factor: float) -> None:
    model = SquareRootImpact(1e6, 0.02, coefficient=0.7)
    assert _charged(model, 5_000 * factor) / _charged(model, 5_000) == pytest.approx(factor**1.5, rel=1e-13)


def test_impact_at_implied_volatility_equals_the_same_daily_volatility() -> None:
    daily = SquareRootImpact(1e6, 0.32 / np.sqrt(252))
    assert _charged(SquareRootImpact(1e6), 7_000, volatility=0.32) == pytest.approx(_charged(daily, 7_000), rel=1e-14)


def test_impact_without_a_volatility_to_read_refused() -> None:
    with pytest.raises(InputError, match="needs the implied volatility"):
        _charged(SquareRootImpact(1e6), 7_000)


@pytest.mark.parametrize("volume", [0.0, -1.0, float("nan")])
def test_impact_without_volume_refused(volume: float) -> None:
    with pytest.raises(InputError, match="daily volume of an impact must be above 0"):
        SquareRootImpact(volume)
