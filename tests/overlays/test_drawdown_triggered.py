"""Drawdown-triggered size: the corrected worked value, the plain loop, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import DataError, InputError
from hedgerow.overlays import DrawdownTriggered
from overlay_rule_cases import signals_of


def test_drawdown_of_10_per_cent_with_a_half_alpha_is_1_025() -> None:
    multiplier = DrawdownTriggered(0.05, 0.5).multiplier(signals_of(price=[100.0, 95.0, 90.0, 50.0, 110.0, 99.0]))
    np.testing.assert_allclose(multiplier, [1.0, 1.0, 1.025, 1.225, 1.0, 1.025], rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(price=st.lists(st.floats(1.0, 1000.0), min_size=1, max_size=30), alpha=st.floats(0.0, 20.0))
def test_drawdown_equals_the_plain_loop_and_lies_between_one_and_one_plus_alpha(price, alpha) -> None:
    expected, peak = [], 0.0
    for level in price:
        peak = max(peak, level)
        expected.append(1.0 + alpha * max(0.0, (peak - level) / peak - 0.05))
    found = DrawdownTriggered(0.05, alpha).multiplier(signals_of(price=price))
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert ((found >= 1.0) & (found <= 1.0 + alpha)).all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"start": 5}, "start of DrawdownTriggered must be a number, 0 or more and at most 1, not 5; a decimal: 0.05"),
        ({"start": -0.05}, "start of DrawdownTriggered must be a number, 0 or more"),
        ({"alpha": -1}, "alpha of DrawdownTriggered must be a number, 0 or more, not -1"),
    ],
)
def test_drawdown_figures_out_of_range_refused(arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        DrawdownTriggered(**arguments)


def test_drawdown_of_a_price_at_zero_refused_with_its_date() -> None:
    with pytest.raises(DataError, match="'fund' is 0 on 2024-01-02; a drawdown needs prices above 0"):
        DrawdownTriggered(price="fund").multiplier(signals_of(fund=[1.0, 0.0]))
