"""Merton's jump diffusion against its series in many digits, its characteristic function, and its limits."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import merton
from pricing.derivatives import ORDERS, in_many_digits

POINT = (95.0, 0.2, 0.7, 0.04, 0.015)
JUMPS = {"jump_intensity": 1.3, "jump_mean": -0.1, "jump_vol": 0.15}


def put_in_many_digits(spot: Any, vol: Any, years: Any, rate: Any, carry: Any) -> Any:
    intensity, mean, deviation = (mpmath.mpf(value) for value in JUMPS.values())
    kappa = mpmath.exp(mean + deviation**2 / 2) - 1
    total = mpmath.mpf(0)
    for n in range(60):
        forward = spot * mpmath.exp((rate - carry - intensity * kappa) * years) * (1 + kappa) ** n
        root = mpmath.sqrt(vol**2 * years + n * deviation**2)
        d1 = mpmath.log(forward / 100) / root + root / 2
        gain = 100 * mpmath.ncdf(root - d1) - forward * mpmath.ncdf(-d1)
        total += (intensity * years) ** n / mpmath.factorial(n) * gain
    return total * mpmath.exp(-(rate + intensity) * years)


@pytest.mark.parametrize("name", ORDERS)
def test_merton_figures_equal_derivatives_in_many_digits(name: str) -> None:
    spot, vol, years, rate, carry = POINT
    made = merton.greeks("put", spot, 100.0, years, vol, rate, carry, **JUMPS, names=name).to_dict()[name]
    assert made == pytest.approx(in_many_digits(put_in_many_digits, POINT, name, 30), rel=1e-11)


@pytest.mark.parametrize("intensity", [0.0, 0.1, 5.0, 60.0, 800.0])
def test_merton_keeps_parity_and_agrees_with_its_characteristic_function(intensity: float) -> None:
    mean, deviation, vol, years = -0.02, 0.05, 0.2, 1.5
    made = merton.price(
        ["call", "put"], 100.0, 110.0, years, vol, 0.03, 0.01, jump_intensity=intensity, jump_mean=mean, jump_vol=0.05
    )
    forward, discount = 100.0 * np.exp(0.02 * years), np.exp(-0.03 * years)
    assert made[0] - made[1] == pytest.approx(discount * (forward - 110.0), abs=1e-11)

    # Lewis (2001): C = D (F - sqrt(F K) / pi * integral of Re(exp(i u x) phi(u - i/2)) / (u^2 + 1/4)).
    nodes, weights = np.polynomial.legendre.leggauss(400)
    u = 0.5 * (nodes + 1.0) * 60.0
    z = u - 0.5j
    kappa = np.expm1(mean + deviation**2 / 2)
    diffusion = -0.5 * vol**2 * years * (z * z + 1j * z)
    jumps = intensity * years * (np.exp(1j * z * mean - 0.5 * deviation**2 * z * z) - 1.0 - 1j * z * kappa)
    wave = np.real(np.exp(1j * u * np.log(forward / 110.0) + diffusion + jumps)) / (u * u + 0.25)
    call = discount * (forward - np.sqrt(forward * 110.0) / np.pi * np.sum(weights * wave) * 30.0)
    assert made[0] == pytest.approx(call, abs=1e-10)


def test_merton_of_jumps_that_do_nothing_is_black_scholes() -> None:
    ql = pytest.importorskip("QuantLib")
    european = ql.blackFormula(ql.Option.Call, 100.0, 95.0, 0.3)
    still = {"jump_mean": 0.0, "jump_vol": 0.0}
    made = merton.price("call", 95.0, 100.0, 1.0, 0.3, jump_intensity=[0.0, 2.0], **still)
    np.testing.assert_allclose(made, european, atol=1e-13)


def test_merton_without_diffusion_still_prices_its_jumps() -> None:
    # sigma = 0 is the limit of small sigma: figures approach it as sigma^2.
    small = merton.greeks("call", 95.0, 100.0, 0.7, 1e-5, **JUMPS, names=["price", "delta", "gamma"])
    none = merton.greeks("call", 95.0, 100.0, 0.7, 0.0, **JUMPS, names=["price", "delta", "gamma"])
    assert none.limit is True
    assert list(none.to_dict().values()) == pytest.approx(list(small.to_dict().values()), rel=1e-7)
    assert none.price > 1.0


def test_merton_theta_at_expiry_is_the_worth_of_a_jump_in_the_next_instant() -> None:
    spot, strike = 105.0, 100.0
    figures = merton.greeks("put", spot, strike, 0.0, 0.2, 0.0, **JUMPS, names=["price", "theta"])
    # Out of the money: only one jump pays, a put on spot exp(N(m, d)) without discount.
    d1 = (np.log(spot / strike) + JUMPS["jump_mean"] + JUMPS["jump_vol"] ** 2) / JUMPS["jump_vol"]
    forward = spot * np.exp(JUMPS["jump_mean"] + JUMPS["jump_vol"] ** 2 / 2)
    worth = strike * float(mpmath.ncdf(0.15 - d1)) - forward * float(mpmath.ncdf(-d1))
    assert figures.price == 0.0
    assert figures.theta == pytest.approx(-JUMPS["jump_intensity"] * worth, rel=1e-12)


def test_merton_edges_have_no_silent_nan() -> None:
    every = merton.greeks(
        ["call", "put"],
        100.0,
        np.array([0.0, 1e-9, 100.0, 1e9])[:, None, None],
        np.array([0.0, 1e-8, 5.0])[:, None],
        np.array([0.0, 0.2])[:, None, None, None],
        jump_intensity=0.5,
        jump_mean=-0.1,
        jump_vol=0.0,
    )
    assert not any(np.isnan(values).any() for values in every.to_dict().values())
    assert merton.price("call", 100.0, 0.0, 1.0, 0.2, 0.05, 0.02, **JUMPS) == pytest.approx(
        100 * np.exp(-0.02), rel=1e-14
    )


def test_merton_refuses_a_negative_intensity() -> None:
    with pytest.raises(InputError, match=r"jump_intensity must not be negative: -1\.0"):
        merton.price("call", 100.0, 100.0, 1.0, 0.2, jump_intensity=-1.0, jump_mean=0.0, jump_vol=0.1)
