"""Displaced diffusion: 50 digits, both of its ends, limits, refusals after the shift."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from black_oracle import figure, lognormal
from hedgerow.errors import InputError
from hedgerow.pricing import bachelier, black_scholes, displaced
from hedgerow.pricing.record import FIELD_NAMES

POINTS = [
    ("call", 100.0, 110.0, 0.7, 0.15, 0.03, 0.01, 50.0),
    ("put", -0.01, -0.005, 2.0, 0.3, -0.02, 0.03, 0.04),
    ("put", 100.0, 90.0, 1.5, 0.4, 0.05, 0.02, -30.0),
]


@pytest.mark.parametrize("name", FIELD_NAMES)
@pytest.mark.parametrize("point", POINTS)
def test_figures_equal_derivatives_in_50_digits(point: tuple[Any, ...], name: str) -> None:
    kind, spot, strike, years, vol, rate, carry, shift = point
    price = lognormal(1 if kind == "call" else -1, strike, shift)
    exact = figure(price, name, (spot, vol, years, rate, carry))
    made = getattr(displaced.greeks(*point[:7], displacement=shift, names=[name]), name)
    assert made == pytest.approx(exact, rel=1e-11, abs=1e-13)


def test_no_displacement_is_black_scholes_and_a_large_one_bachelier() -> None:
    strikes = np.array([80.0, 100.0, 120.0])
    plain = displaced.price("put", 100.0, strikes, 1.0, 0.2, 0.03, displacement=0.0)
    np.testing.assert_allclose(plain, black_scholes.price("put", 100.0, strikes, 1.0, 0.2, 0.03), rtol=1e-14)
    shift = 1e7
    far = displaced.price("put", 100.0, strikes, 1.0, 20.0 / shift, 0.03, displacement=shift)
    np.testing.assert_allclose(far, bachelier.price("put", 100.0, strikes, 1.0, 20.0, 0.03), atol=1e-4)


def test_call_less_put_is_the_discounted_distance_of_the_forward() -> None:
    call, put = (displaced.price(k, 1.0, 2.0, 2.0, 0.3, 0.05, 0.02, displacement=5.0) for k in ("call", "put"))
    assert call - put == pytest.approx(math.exp(-0.04) - 2.0 * math.exp(-0.1), abs=1e-14)


@pytest.mark.parametrize("rate", [-0.03, 0.01, 0.05])
@pytest.mark.parametrize("shift", [-50.0, 20.0])
def test_limits_at_the_kink_have_the_sign_that_the_formulas_run_to(rate: float, shift: float) -> None:
    point = ("call", 100.0, 100.0 * math.exp(2.0 * (rate - 0.01)), 2.0)
    near = displaced.greeks(*point, 1e-5, rate, 0.01, displacement=shift)
    at = displaced.greeks(*point, 0.0, rate, 0.01, displacement=shift)
    assert at.limit is True
    for name, limit in at.to_dict().items():
        if math.isinf(limit):
            assert math.copysign(1.0, limit) * getattr(near, name) > 1.0, name
        else:
            assert getattr(near, name) == pytest.approx(limit, abs=2e-2), name


def test_refusals_speak_of_the_shifted_figures_and_of_those_given() -> None:
    with pytest.raises(InputError, match=r"spot plus displacement must be above 0: -5\.0"):
        displaced.price("call", -10.0, 0.0, 1.0, 0.2, displacement=5.0)
    with pytest.raises(InputError, match=r"strike plus displacement must not be negative: -5\.0 at position 1"):
        displaced.price("call", 10.0, [0.0, -10.0], 1.0, 0.2, displacement=5.0)
    with pytest.raises(InputError, match="displacement must be a finite number"):
        displaced.greeks("call", 10.0, 10.0, 1.0, 0.2, displacement=math.nan)
    with pytest.raises(InputError, match="expiry in the past"):
        displaced.greeks("call", 10.0, 10.0, -1.0, 0.2, displacement=1.0)
    with pytest.raises(InputError, match="spot must be a number"):
        displaced.greeks("call", "ten", 10.0, 1.0, 0.2, displacement=1.0)
