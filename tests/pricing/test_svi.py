"""SVI smiles: derivatives, density, price and Greeks, and jump wings."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from scipy import integrate

from hedgerow.errors import InputError
from hedgerow.pricing import svi
from hedgerow.pricing.svi import SVI
from pricing.derivatives import ORDERS, in_many_digits

SMILE = SVI(level=0.02, slope=0.1, correlation=-0.6, shift=0.05, curvature=0.2)
VOGT = SVI(level=-0.0410, slope=0.1331, correlation=0.3060, shift=0.3586, curvature=0.4153)


def put_in_many_digits(spot: Any, shift: Any, years: Any, rate: Any, carry: Any) -> Any:
    """Return the price of a put struck at 90 whose volatility is the slice's at 0.7 years plus ``shift``."""
    forward = spot * mpmath.exp((rate - carry) * years)
    y = mpmath.log(90 / forward) - SMILE.shift
    w = SMILE.level + SMILE.slope * (SMILE.correlation * y + mpmath.sqrt(y * y + SMILE.curvature**2))
    deviation = (mpmath.sqrt(w / mpmath.mpf(0.7)) + shift) * mpmath.sqrt(years)
    d1 = mpmath.log(forward / 90) / deviation + deviation / 2
    gain = 90 * mpmath.ncdf(deviation - d1) - forward * mpmath.ncdf(-d1)
    return mpmath.exp(-rate * years) * gain


@pytest.mark.parametrize("name", ORDERS)
def test_svi_figures_equal_total_derivatives_in_many_digits(name: str) -> None:
    made = svi.greeks("put", 95.0, 90.0, 0.7, SMILE, 0.04, 0.015, names=name).to_dict()[name]
    exact = in_many_digits(put_in_many_digits, (95.0, 0.0, 0.7, 0.04, 0.015), name)
    assert made == pytest.approx(exact, rel=1e-11)


def test_svi_slope_and_curvature_are_derivatives_of_total_variance() -> None:
    k, h = np.linspace(-1.5, 1.5, 31), 1e-4
    up, mid, down = (svi.total_variance(k + move, SMILE) for move in (h, 0.0, -h))
    np.testing.assert_allclose(svi.slope(k, SMILE), (up - down) / (2 * h), atol=1e-8)
    np.testing.assert_allclose(svi.curvature(k, SMILE), (up - 2 * mid + down) / h**2, atol=1e-6)


def test_svi_flat_slice_is_black_scholes_and_keeps_parity() -> None:
    flat = SVI(level=0.04, slope=0.0, correlation=0.0, shift=0.0, curvature=0.1)
    # 100 (2 N(0.1) - 1): the at-the-money call without rates at a deviation of 0.2.
    assert svi.price("call", 100.0, 100.0, 1.0, flat) == pytest.approx(100.0 * float(mpmath.erf(0.1 / mpmath.sqrt(2))))
    both = svi.price(["call", "put"], 100.0, 93.0, 0.5, SMILE, 0.03, 0.01)
    assert both[0] - both[1] == pytest.approx(100.0 * np.exp(-0.005) - 93.0 * np.exp(-0.015), abs=1e-13)


def test_svi_density_factor_gives_a_density_that_integrates_to_one_and_prices_the_forward() -> None:
    def density(k: float) -> float:
        w = svi.total_variance(k, SMILE)
        d2 = -k / np.sqrt(w) - np.sqrt(w) / 2
        return float(svi.density_factor(k, SMILE) * np.exp(-d2 * d2 / 2) / np.sqrt(2 * np.pi * w))

    assert integrate.quad(density, -8, 8, points=[0.0])[0] == pytest.approx(1.0, abs=1e-7)
    assert integrate.quad(lambda k: density(k) * np.exp(k), -8, 8, points=[0.0])[0] == pytest.approx(1.0, abs=1e-6)


def test_svi_density_factor_finds_the_arbitrage_of_vogts_slice() -> None:
    # Gatheral and Jacquier (2014), section 2.2: Axel Vogt's slice has a negative density near k = 0.8.
    factor = svi.density_factor(np.linspace(-1.5, 1.5, 301), VOGT)
    assert factor.min() < 0.0
    assert np.linspace(-1.5, 1.5, 301)[factor.argmin()] == pytest.approx(0.8, abs=0.2)
    assert (svi.density_factor(np.linspace(-1.5, 1.5, 301), SMILE) > 0.0).all()


def test_svi_jump_wings_of_vogts_slice_are_those_printed_and_come_back() -> None:
    # Gatheral and Jacquier (2014), section 5.1, at one year.
    wings = svi.jump_wings(1.0, VOGT)
    printed = (0.01742625, -0.1752111, 0.6997381, 1.316798, 0.0116249)
    assert tuple(vars(wings).values()) == pytest.approx(printed, rel=2e-6)
    assert tuple(vars(svi.from_jump_wings(1.0, wings)).values()) == pytest.approx(tuple(vars(VOGT).values()), rel=1e-9)


def test_svi_at_expiry_is_intrinsic_and_says_so() -> None:
    figures = svi.greeks("call", [90.0, 100.0, 110.0], 100.0, 0.0, SMILE, names=["price", "delta", "gamma", "vega"])
    np.testing.assert_array_equal(figures.price, [0.0, 0.0, 10.0])
    np.testing.assert_allclose(figures.delta, [0.0, 0.5, 1.0], atol=1e-6)
    assert figures.gamma[1] == np.inf
    np.testing.assert_allclose(figures.vega, 0.0, atol=1e-9)
    assert figures.limit.all()
    assert svi.price("call", 100.0, 0.0, 1.0, SMILE, 0.0, 0.02) == pytest.approx(100.0 * np.exp(-0.02), rel=1e-15)


def test_svi_slice_without_variance_has_the_limits_of_black_scholes() -> None:
    nothing = SVI(level=0.0, slope=0.0, correlation=0.0, shift=0.0, curvature=0.1)
    every = svi.greeks("call", 100.0, 100.0, 1.0, nothing)
    assert not any(np.isnan(value) for value in every.to_dict().values())
    assert (every.gamma, every.limit) == (np.inf, True)
    assert every.delta == pytest.approx(0.5, abs=1e-6)
    # A wing that touches zero at the strike.
    corner = SVI(level=0.0, slope=0.1, correlation=-1.0, shift=0.0, curvature=1e-300)
    assert not any(np.isnan(v) for v in svi.greeks("call", 100.0, 110.0, 1.0, corner).to_dict().values())


@pytest.mark.parametrize(
    ("slice", "sentence"),
    [
        (SVI(0.02, -0.1, 0.0, 0.0, 0.1), "slope must not be negative: -0.1"),
        (SVI(0.02, 0.1, 1.5, 0.0, 0.1), "correlation must be from -1 to 1: 1.5"),
        (SVI(0.02, 0.1, 0.0, 0.0, 0.0), "curvature must be above 0: 0.0"),
        (SVI(-0.1, 0.1, 0.0, 0.0, 0.1), "least variance of the slice must not be negative: -0.09; raise the level"),
    ],
)
def test_svi_impossible_slice_is_refused(slice: SVI, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        svi.total_variance(0.0, slice)
    assert str(caught.value) == sentence
