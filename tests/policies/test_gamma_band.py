"""The band of a price move."""

from __future__ import annotations

import pytest

from hedgerow.policies import GammaScaledBand
from policy_cases import terms


def test_gamma_band_width_is_the_delta_of_the_move() -> None:
    assert GammaScaledBand(0.02).half_width(terms(), spot=100.0, gamma=-0.03) == pytest.approx(0.06)
