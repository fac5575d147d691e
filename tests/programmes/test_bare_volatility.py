"""The textbook shortcut: its formula, and that it never passes for something tradable."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.programmes import BareVolatilityDifference
from volatility_markets import drawn_market, price


def test_bare_difference_equals_notional_times_realised_less_implied() -> None:
    """``notional * (realized_vol[t] - implied_vol[t])`` with 20 returns of mean zero, by pandas."""
    market = drawn_market(120)
    returns = pd.Series(np.log(market.price)).diff()
    realised = 100.0 * np.sqrt(252.0 * (returns**2).rolling(20).mean())
    expected = 1_000.0 * (realised.to_numpy() - market.vix)
    gain = price(BareVolatilityDifference(1_000.0, 20), market).gain
    assert gain[21:] == pytest.approx(expected[21:], rel=1e-9)
    assert not gain[:21].any()


def test_bare_difference_carries_its_warning() -> None:
    """Name and stamp say that nothing pays it."""
    priced = price(BareVolatilityDifference(), drawn_market(60))
    assert "not tradable" in priced.name
    assert "no contract pays this" in priced.synthetic[0]


def test_bare_difference_shorter_than_its_window_holds_nothing() -> None:
    """Fewer dates than the window: no position and no record."""
    priced = price(BareVolatilityDifference(window=100), drawn_market(60))
    assert not priced.units.any()
    assert priced.contracts == ()


@pytest.mark.parametrize("wrong", [{"notional": 0.0}, {"window": 0}])
def test_bare_difference_of_nothing_is_refused(wrong: dict[str, float]) -> None:
    """The sentence names the field."""
    with pytest.raises(InputError, match=next(iter(wrong))):
        BareVolatilityDifference(**wrong)  # type: ignore[arg-type]
