"""Bachelier: any sign of spot and strike, parity, limits, 50 digits, QuantLib."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from black_oracle import figure, normal
from hedgerow.errors import InputError
from hedgerow.pricing import bachelier
from hedgerow.pricing.record import FIELD_NAMES

POINTS = [
    ("call", 100.0, 110.0, 0.7, 25.0, 0.03, 0.01),
    ("put", -0.5, 0.25, 2.0, 0.8, -0.02, 0.03),
    ("call", 0.0, 0.0, 1.0, 0.01, 0.05, 0.0),
    ("put", -37.63, -20.0, 1.0 / 365.0, 60.0, 0.01, 0.0),
]


@pytest.mark.parametrize("name", FIELD_NAMES)
@pytest.mark.parametrize("point", POINTS)
def test_figures_equal_derivatives_in_50_digits(point: tuple[Any, ...], name: str) -> None:
    kind, spot, strike, years, vol, rate, carry = point
    exact = figure(normal(1 if kind == "call" else -1, strike), name, (spot, vol, years, rate, carry))
    made = getattr(bachelier.greeks(*point, names=[name]), name)
    assert made == pytest.approx(exact, rel=1e-11, abs=1e-13)


def test_price_equals_quantlib() -> None:
    quantlib = pytest.importorskip("QuantLib")
    rng = np.random.default_rng(2)
    forward, strike, deviation = (
        rng.uniform(-50.0, 50.0, 500),
        rng.uniform(-50.0, 50.0, 500),
        rng.uniform(0.1, 60.0, 500),
    )
    ours = bachelier.price("call", forward, strike, 0.25, deviation * 2.0)
    rows = zip(strike, forward, deviation, strict=True)
    theirs = [quantlib.bachelierBlackFormula(quantlib.Option.Call, *map(float, row)) for row in rows]
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("vol", [0.0, 1e-12, 20.0])
@pytest.mark.parametrize("strike", [-90.0, 0.0, 100.0])
def test_call_less_put_is_the_discounted_distance_of_the_forward(vol: float, strike: float) -> None:
    call, put = (bachelier.price(kind, 100.0, strike, 2.0, vol, 0.05, 0.02) for kind in ("call", "put"))
    assert call - put == pytest.approx(100.0 * math.exp(-0.04) - strike * math.exp(-0.1), abs=1e-12)


def test_price_is_convex_and_monotone_in_strike() -> None:
    prices = bachelier.price("put", 1.0, np.linspace(-40.0, 40.0, 401), 0.5, 9.0, 0.02)
    assert np.all(np.diff(prices) >= 0.0)
    assert np.all(np.diff(prices, 2) >= -1e-14)


def test_greeks_at_the_kink_are_limits() -> None:
    expired = bachelier.greeks("put", -5.0, -5.0, 0.0, 3.0, 0.05, names=FIELD_NAMES)
    assert (expired.price, expired.delta, expired.vega, expired.vanna) == (0.0, -0.5, 0.0, 0.0)
    assert (expired.gamma, expired.theta, expired.color, expired.zomma) == (math.inf, -math.inf, math.inf, -math.inf)
    assert (expired.charm, expired.speed) == (math.inf, math.inf)  # the forward drifts down: d < 0 before expiry
    certain = bachelier.greeks("call", 5.0, 5.0, 4.0, 0.0, names=FIELD_NAMES)
    assert certain.vega == pytest.approx(2.0 / math.sqrt(2.0 * math.pi))
    assert (certain.theta, certain.vanna, certain.speed, certain.gamma) == (0.0, 0.0, 0.0, math.inf)


@pytest.mark.parametrize(("years", "vol"), [(1e-10, 3.0), (1.0, 1e-5)])
@pytest.mark.parametrize("rate", [-0.03, 0.0, 0.05])
def test_limits_at_the_kink_have_the_sign_that_the_formulas_run_to(rate: float, years: float, vol: float) -> None:
    carry = 0.01
    strike = -5.0 if years < 1.0 else -5.0 * math.exp(rate - carry)
    near = bachelier.greeks("call", -5.0, strike, years, vol, rate, carry)
    gone = (0.0, vol) if years < 1.0 else (years, 0.0)
    for name, limit in bachelier.greeks("call", -5.0, strike, *gone, rate, carry).to_dict().items():
        if math.isinf(limit):
            assert math.copysign(1.0, limit) * getattr(near, name) > 0.1, name
        elif name != "speed" or years < 1.0:
            assert getattr(near, name) == pytest.approx(limit, abs=1e-3), name


@pytest.mark.parametrize("years", [0.0, 1e-300, 1.0, 100.0])
@pytest.mark.parametrize("vol", [0.0, 1e-300, 1e-9, 20.0, 1e9])
@pytest.mark.parametrize("strike", [-1e9, 0.0, 100.0, 1e9])
def test_no_figure_is_ever_nan(years: float, vol: float, strike: float) -> None:
    found = bachelier.greeks("put", [-100.0, 0.0, 100.0], strike, years, vol, 0.03, names=FIELD_NAMES)
    for name, values in found.to_dict().items():
        assert not np.isnan(values).any(), name


def test_unfit_arguments_are_refused() -> None:
    with pytest.raises(InputError, match=r"vol must not be negative: -0\.2"):
        bachelier.price("call", -1.0, 0.0, 1.0, -0.2)
    with pytest.raises(InputError, match="expiry in the past"):
        bachelier.greeks("call", -1.0, 0.0, -1.0, 0.2)
