"""SABR: the expansion against QuantLib and in many digits, its limits, its smile's total derivatives, its failures."""

from __future__ import annotations

from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy import integrate

from hedgerow.errors import InputError
from hedgerow.pricing import sabr
from pricing.derivatives import ORDERS, in_many_digits

SMILE = {"beta": 0.6, "correlation": -0.35, "vol_of_vol": 0.45}


def volatility_in_many_digits(forward: Any, strike: Any, years: Any, alpha: Any) -> Any:
    beta, rho, nu = (mpmath.mpf(value) for value in SMILE.values())
    power, gap = 1 - beta, mpmath.log(forward / strike)
    scale = (forward * strike) ** (power / 2)
    z = nu / alpha * scale * gap
    x = mpmath.log((mpmath.sqrt(1 - 2 * rho * z + z * z) + z - rho) / (1 - rho))
    spread = 1 + power**2 / 24 * gap**2 + power**4 / 1920 * gap**4
    first = (
        power**2 * alpha**2 / (24 * scale**2) + rho * beta * nu * alpha / (4 * scale) + (2 - 3 * rho**2) * nu**2 / 24
    )
    return alpha / (scale * spread) * z / x * (1 + first * years)


def call_struck(strike: float) -> Any:
    def value(spot: Any, vol: Any, years: Any, rate: Any, carry: Any) -> Any:
        forward = spot * mpmath.exp((rate - carry) * years)
        deviation = volatility_in_many_digits(forward, strike, years, vol) * mpmath.sqrt(years)
        d1 = mpmath.log(forward / strike) / deviation + deviation / 2
        gain = forward * mpmath.ncdf(d1) - strike * mpmath.ncdf(d1 - deviation)
        return mpmath.exp(-rate * years) * gain

    return value


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("strike", [60.0, 97.0, 160.0])
def test_sabr_figures_equal_total_derivatives_in_many_digits(name: str, strike: float) -> None:
    # The strikes put abs(z) on both sides of where the series takes over from the logarithm.
    point = (95.0, 1.3, 0.7, 0.04, 0.015)
    made = sabr.greeks("call", 95.0, strike, 0.7, 1.3, 0.04, 0.015, **SMILE, names=name).to_dict()[name]
    assert made == pytest.approx(in_many_digits(call_struck(strike), point, name), rel=1e-9, abs=1e-12)


def test_sabr_volatility_equals_quantlib_over_a_grid() -> None:
    ql = pytest.importorskip("QuantLib")
    for beta, rho, nu, years in product((0.0, 0.5, 1.0), (-0.7, 0.0, 0.5), (1e-6, 0.4), (0.1, 3.0)):
        alpha = 0.2 * 100 ** (1 - beta)
        for strike in (70.0, 99.9999, 100.0, 140.0):
            made = sabr.volatility(100.0, strike, years, alpha, beta=beta, correlation=rho, vol_of_vol=nu)
            # QuantLib's at-the-money cut leaves a few 1e-9.
            assert made == pytest.approx(ql.sabrVolatility(strike, 100.0, years, alpha, beta, nu, rho), rel=1e-8)


def test_sabr_without_vol_of_vol_and_beta_one_is_flat() -> None:
    made = sabr.volatility(100.0, [1.0, 100.0, 300.0], 2.0, 0.25, beta=1.0, correlation=0.3, vol_of_vol=0.0)
    np.testing.assert_allclose(made, 0.25, rtol=1e-15)


def test_sabr_volatility_is_smooth_through_the_money_and_through_the_seam() -> None:
    strikes = 100.0 * np.exp(np.linspace(-1e-6, 1e-6, 41))
    vols = sabr.volatility(100.0, strikes, 1.0, 1.2, **SMILE)
    np.testing.assert_allclose(np.diff(vols, 2), 0.0, atol=2e-15)
    wide = sabr.volatility(100.0, np.linspace(60.0, 160.0, 2001), 1.0, 1.2, **SMILE)
    assert np.abs(np.diff(wide, 4)).max() < 1e-11


def test_sabr_keeps_parity_and_its_edges() -> None:
    both = sabr.price(["call", "put"], 100.0, 93.0, 0.5, 1.4, 0.03, 0.01, **SMILE)
    assert both[0] - both[1] == pytest.approx(100.0 * np.exp(-0.005) - 93.0 * np.exp(-0.015), abs=1e-13)
    every = sabr.greeks(
        np.array(["call", "put"])[:, None, None, None],
        100.0,
        np.array([0.0, 1e-3, 100.0, 1e5])[:, None, None],
        np.array([0.0, 1e-8, 2.0])[:, None],
        np.array([0.0, 1e-6, 1.5]),
        **SMILE,
    )
    for name, values in every.to_dict().items():
        assert not np.isnan(values).any(), name
    assert every.limit[0, 2, 0, 0]
    assert sabr.price("call", 100.0, 0.0, 1.0, 1.4, 0.0, 0.02, **SMILE) == pytest.approx(100 * np.exp(-0.02), rel=1e-15)


def test_sabr_density_integrates_to_one_and_turns_negative_for_long_expiries() -> None:
    tame = {"beta": 0.9, "correlation": -0.2, "vol_of_vol": 0.2}
    total = integrate.quad(lambda k: sabr.density(k, 100.0, 0.25, 0.3, **tame), 20.0, 400.0, epsabs=1e-10)[0]
    assert total == pytest.approx(1.0, abs=1e-6)
    assert sabr.negative_density_below(100.0, 0.25, 0.3, **tame) < 20.0
    wild = {"beta": 0.3, "correlation": -0.5, "vol_of_vol": 0.6}
    worst = sabr.negative_density_below(100.0, 10.0, 5.0, **wild)
    assert worst > 20.0
    assert sabr.density(worst, 100.0, 10.0, 5.0, **wild) < 0.0 < sabr.density(1.1 * worst, 100.0, 10.0, 5.0, **wild)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"beta": 1.2}, "beta must be from 0 to 1: 1.2"),
        ({"correlation": -1.0}, "correlation must be inside -1 to 1: -1.0"),
        ({"vol_of_vol": -0.1}, "vol_of_vol must not be negative: -0.1"),
        ({"correlation": -0.99, "vol_of_vol": 3.0}, "volatility of the SABR expansion must be above 0: "),
    ],
)
def test_sabr_impossible_parameters_are_refused(change: dict[str, float], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        sabr.price("call", 100.0, 100.0, 10.0, 1.4, **{**SMILE, **change})
    assert str(caught.value).startswith(sentence)
