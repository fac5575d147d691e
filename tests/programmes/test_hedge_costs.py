"""Costs of hedges: the larger of share and half tick, vega times points, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.programmes import hedge_costs
from hedgerow.programmes.hedge_costs import HedgeCosts


def test_costs_of_quotes_cheap_option_pays_half_a_tick() -> None:
    """3 % of 0.50 points is 0.015, less than half a tick of 0.025; of 12 points it is 0.36."""
    paid = HedgeCosts(half_spread=0.03, half_spread_points=0.025, commission=1.3).of_quotes([0.5, 12.0], 100.0)
    assert paid["half_spread"].tolist() == pytest.approx([2.5, 36.0], rel=1e-15)
    assert paid["commission"].tolist() == [1.3, 1.3]


def test_costs_of_vega_short_swap_pays_like_a_long_one() -> None:
    """Half a point on 100,000 a point is 50,000 whichever way."""
    paid = HedgeCosts(volatility_points=0.5).of_vega(np.array([1e5, -1e5]))
    assert paid["half_spread"].tolist() == [5e4, 5e4]
    assert paid["commission"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("field", ["volatility_points", "half_spread", "half_spread_points", "commission"])
@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_costs_below_zero_or_undefined_are_refused_by_name(field: str, value: float) -> None:
    """The sentence names the field."""
    with pytest.raises(InputError, match=field):
        HedgeCosts(**{field: value})


def test_every_preset_states_its_source() -> None:
    """A default cost that nobody can check is no default."""
    presets = [name for name in vars(hedge_costs) if name.endswith("_costs")]
    assert len(presets) == 5
    for name in presets:
        preset = getattr(hedge_costs, name)
        assert "References" in (preset.__doc__ or "")
        assert preset() != HedgeCosts()
