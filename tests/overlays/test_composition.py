"""Rules made of rules: arithmetic, needs, warm-up, printed as code."""

from __future__ import annotations

import numpy as np
import pytest

import hedgerow.overlays as overlays
from hedgerow.errors import InputError
from hedgerow.overlays import CorrelationAdjusted, DrawdownTriggered, RealisedVolatility, Sigmoid, Static, VixLinear
from overlay_rule_cases import known, signal_table

A, B, C = VixLinear(10, 15), Sigmoid(), DrawdownTriggered()


def test_product_and_sum_are_those_of_the_multipliers() -> None:
    signals = known(signal_table(60))
    a, b, c = (rule.multiplier(signals) for rule in (A, B, C))
    np.testing.assert_array_equal((A * B + 0.5 * C + 1).multiplier(signals), a * b + 0.5 * c + 1.0)
    np.testing.assert_array_equal((A * (B + C)).multiplier(signals), a * (b + c))


def test_composition_needs_each_signal_once_and_the_longer_warm_up() -> None:
    rule = A * CorrelationAdjusted() + B * RealisedVolatility(0.15, 20)
    assert rule.needs == ("vix", "correlation", "price")
    assert rule.warm_up == 20


@pytest.mark.parametrize(
    "rule",
    [A * B, A + B, A * (B + C), (A + B) * C, A + B * C, A * (B * C), A + (B + C), 0.123456789 * A, 2 * Static(3) * A,
     Static(1) + Static(2), 1 + A, (A + 1) * (B * 2)],
    ids=repr,
)  # fmt: skip
def test_composition_prints_as_the_code_that_makes_it(rule) -> None:
    assert eval(repr(rule), vars(overlays)) == rule  # noqa: S307 - the text is our own


@pytest.mark.parametrize("level", [-1, float("nan"), float("inf"), "2", None, True])
def test_number_that_is_no_size_refused_in_a_product(level) -> None:
    with pytest.raises(InputError, match="a static multiplier must be a number of 0 or more"):
        A * level
