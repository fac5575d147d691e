"""Black-76: rates at a fixed forward, parity, 50 digits, Haug's table."""

from __future__ import annotations

import math
from typing import Any

import pytest

from black_oracle import figure, lognormal
from hedgerow.errors import InputError
from hedgerow.pricing import black76
from hedgerow.pricing.record import FIELD_NAMES


@pytest.mark.parametrize("name", [name for name in FIELD_NAMES if name != "dividend_rho"])
@pytest.mark.parametrize(
    "point",
    [("call", 100.0, 90.0, 0.5, 0.3, 0.04), ("put", 0.02, 0.03, 4.0, 0.6, -0.01), ("put", 50.0, 50.0, 1e-3, 0.1)],
)
def test_figures_equal_derivatives_at_a_fixed_forward(point: tuple[Any, ...], name: str) -> None:
    kind, forward, strike, years, vol, rate = (*point, 0.0)[:6]
    on_spot = lognormal(1 if kind == "call" else -1, strike)
    exact = figure(lambda f, v, t, r: on_spot(f, v, t, r, r), name, (forward, vol, years, rate))
    found = black76.greeks(*point, names=FIELD_NAMES)
    assert getattr(found, name) == pytest.approx(exact, rel=1e-11, abs=1e-13)
    assert found.dividend_rho == 0.0


def test_price_equals_haugs_table() -> None:
    assert black76.price("call", 19.0, 19.0, 0.75, 0.28, 0.10) == pytest.approx(1.7011, abs=1e-4)
    assert black76.price("put", 19.0, 19.0, 0.75, 0.28, 0.10) == pytest.approx(1.7011, abs=1e-4)


@pytest.mark.parametrize("vol", [0.0, 0.2, 3.0])
def test_call_less_put_is_the_discounted_distance_of_the_forward(vol: float) -> None:
    call, put = (black76.price(kind, 100.0, 90.0, 2.0, vol, 0.05) for kind in ("call", "put"))
    assert call - put == pytest.approx(10.0 * math.exp(-0.1), abs=1e-13)


def test_kink_without_volatility_is_forward_at_strike_whatever_the_rate() -> None:
    found = black76.greeks("call", 100.0, 100.0, 2.0, 0.0, 0.07, names=FIELD_NAMES)
    discount = math.exp(-0.14)
    assert found.delta == pytest.approx(0.5 * discount)
    assert (found.price, found.theta, found.rho, found.gamma, found.limit) == (0.0, 0.0, 0.0, math.inf, True)
    assert found.vega == pytest.approx(100.0 * discount * math.sqrt(2.0) / math.sqrt(2.0 * math.pi))


def test_forward_of_nothing_is_refused_by_its_name() -> None:
    with pytest.raises(InputError, match=r"forward must be above 0: 0\.0; give the forward price"):
        black76.price("call", 0.0, 100.0, 1.0, 0.2)
