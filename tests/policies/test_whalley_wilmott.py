"""The asymptotic band."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.policies import WhalleyWilmott
from hedgerow.policies.laws import whalley_wilmott_half_width
from policy_cases import terms


def test_whalley_wilmott_width_is_the_formula() -> None:
    at = terms(cost_rate=0.002)
    found = WhalleyWilmott(0.7).half_width(at, step=3, spot=90.0, gamma=-0.05)
    formula = (1.5 * np.exp(-0.02 * at.years_left[3]) * 0.002 * 90.0 * 0.05**2 / 0.7) ** (1 / 3)
    assert found == pytest.approx(formula, rel=1e-12)
    assert whalley_wilmott_half_width(90.0, -0.05, 0.002, 0.7, 0.02, at.years_left[3]) == pytest.approx(formula, 1e-12)


def test_whalley_wilmott_width_grows_with_two_thirds_of_the_size() -> None:
    one_option, many = (WhalleyWilmott(1.0).half_width(terms(), spot=100.0, gamma=gamma) for gamma in (0.02, 20.0))
    assert many / one_option == pytest.approx(1_000.0 ** (2 / 3), rel=1e-12)


def test_whalley_wilmott_cost_of_its_own_comes_before_that_of_the_model() -> None:
    own = WhalleyWilmott(1.0, cost=0.004).half_width(terms(cost_rate=0.1), spot=100.0, gamma=0.02)
    assert own == pytest.approx(WhalleyWilmott(1.0).half_width(terms(cost_rate=0.004), spot=100.0, gamma=0.02))


@pytest.mark.parametrize("gamma", [0.0, 0.02])
def test_whalley_wilmott_without_costs_or_gamma_follows_the_target(gamma: float) -> None:
    at = terms(cost_rate=0.0 if gamma else 0.001)
    assert WhalleyWilmott(1.0).half_width(at, spot=100.0, gamma=gamma) == 0.0
