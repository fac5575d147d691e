"""Bates: limits without jumps and without stochastic variance, 28 digits, sums over jumps, expiry, refusals."""

from __future__ import annotations

from math import lgamma
from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError, TransformError
from hedgerow.pricing import bates, heston, transform
from hedgerow.pricing.record import FIELD_NAMES
from heston_oracle import Case, call, call_greeks

JUMPS: dict[str, Any] = {"jump_intensity": 0.8, "jump_mean": -0.1, "jump_vol": 0.15}
CASE = Case(strike=105.0, **JUMPS)
MODEL = CASE.model(jumps=True)
STILL = {"mean_reversion": 0.0, "long_vol": 0.0, "vol_of_variance": 0.0, "correlation": 0.0}


def poisson_series(kind: float, spot: float, strike: Any, years: float, vol: float, rate: float, **jumps: float) -> Any:
    """Return Merton's prices: Black's formula averaged over the number of jumps (R. Merton, 1976)."""
    from scipy.special import ndtr

    intensity, mean, deviation = jumps["jump_intensity"], jumps["jump_mean"], jumps["jump_vol"]
    growth = mean + 0.5 * deviation**2
    total = 0.0 * strike
    for count in range(120):
        chance = np.exp(
            -intensity * years + (count * np.log(intensity * years) if count else 0.0) - lgamma(count + 1.0)
        )
        forward = spot * np.exp((rate - intensity * np.expm1(growth)) * years + count * growth)
        total_deviation = np.sqrt(vol * vol * years + count * deviation**2)
        if total_deviation == 0.0:
            value = np.maximum(kind * (forward - strike), 0.0)
        else:
            d1 = np.log(forward / strike) / total_deviation + 0.5 * total_deviation
            value = kind * (forward * ndtr(kind * d1) - strike * ndtr(kind * (d1 - total_deviation)))
        total = total + chance * np.exp(-rate * years) * value
    return total


@pytest.mark.parametrize(
    "case", [CASE, Case(years=1 / 365, strike=97.0, **JUMPS), Case(years=5.0, correlation=0.9, **JUMPS)]
)
def test_price_equals_two_probabilities_in_28_digits(case: Case) -> None:
    assert bates.price("call", *case.market(), **case.model(jumps=True)) == pytest.approx(call(case), abs=2e-13 * 100.0)


def test_greeks_from_numbers_of_jumps_equal_differences_in_28_digits() -> None:
    case = Case(strike=104.0, years=0.02, **JUMPS)
    made, exact = bates.greeks("call", *case.market(), **case.model(jumps=True)).to_dict(), call_greeks(case)
    for name, value in exact.items():
        assert made[name] == pytest.approx(value, rel=2e-8), name


@pytest.mark.parametrize("vol", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("years", [1e-4, 0.03, 1.0, 8.0])
@pytest.mark.parametrize("jumps", [(0.8, -0.1, 0.15), (3.0, 0.2, 0.0), (0.1, -0.6, 0.3)])
def test_constant_variance_equals_the_poisson_series(vol: float, years: float, jumps: tuple[float, ...]) -> None:
    given = dict(zip(JUMPS, jumps, strict=True))
    strikes = np.array([50.0, 90.0, 100.0, 101.0, 150.0])
    for kind in (1.0, -1.0):
        made = bates.price(kind, 100.0, strikes, years, vol, 0.03, **STILL, **given)
        exact = poisson_series(kind, 100.0, strikes, years, vol, 0.03, **given)
        np.testing.assert_allclose(made, exact, rtol=0.0, atol=3e-13 * 100.0)


def test_no_jumps_are_heston_to_the_last_digit() -> None:
    strikes = np.array([70.0, 100.0, 140.0])
    none = CASE.model() | {"jump_intensity": 0.0, "jump_mean": -0.5, "jump_vol": 0.4}
    made = bates.greeks("put", 100.0, strikes, 0.3, 0.2, 0.02, **none, names=FIELD_NAMES).to_dict()
    plain = heston.greeks("put", 100.0, strikes, 0.3, 0.2, 0.02, **CASE.model(), names=FIELD_NAMES).to_dict()
    for name in FIELD_NAMES:
        np.testing.assert_array_equal(made[name], plain[name])


def test_whole_integral_equals_the_sum_over_the_number_of_jumps() -> None:
    strikes = np.linspace(60.0, 150.0, 7)
    _, options, columns = transform.read(("put", 100.0, strikes, 0.5, 0.2, 0.02, 0.0), MODEL)
    model = bates.moments(options.years, options.vol, columns)
    whole, failed = transform.figures(FIELD_NAMES, model, options)
    parts, also_failed = bates._by_number_of_jumps(FIELD_NAMES, model, options)
    assert not (failed | also_failed).any()
    for name in FIELD_NAMES:
        np.testing.assert_allclose(parts[name], whole[name], rtol=1e-9, atol=1e-12)


def test_call_and_put_differ_by_the_forward() -> None:
    years = np.array([0.001, 0.5, 10.0])
    calls, puts = (bates.price(kind, 100.0, 108.0, years, 0.2, 0.03, 0.01, **MODEL) for kind in "cp")
    forward = 100.0 * np.exp(-0.01 * years) - 108.0 * np.exp(-0.03 * years)
    np.testing.assert_allclose(calls - puts, forward, rtol=0.0, atol=1e-12)


def test_at_expiry_theta_is_the_chance_of_a_jump_into_the_money() -> None:
    at, soon = (bates.greeks("put", 100.0, 90.0, years, 0.2, 0.02, **MODEL, names=FIELD_NAMES) for years in (0.0, 1e-7))
    assert at.limit is True
    assert soon.limit is False
    assert (at.price, at.delta, at.gamma) == pytest.approx((0.0, 0.0, 0.0), abs=1e-200)
    for name in ("theta", "charm", "color"):
        assert getattr(at, name) == pytest.approx(getattr(soon, name), rel=1e-5)
    assert at.theta < -0.1
    kink = bates.greeks("call", 100.0, 100.0, 0.0, 0.2, 0.02, **MODEL, names=FIELD_NAMES)
    assert (kink.price, kink.delta, kink.gamma, kink.theta) == pytest.approx((0.0, 0.5, np.inf, -np.inf), abs=1e-200)


def test_zero_strike_is_the_spot_without_its_dividends() -> None:
    made = bates.price(["call", "put"], 100.0, 0.0, [2.0, 0.01], 0.3, 0.05, 0.01, **MODEL)
    np.testing.assert_allclose(made, [100.0 * np.exp(-0.02), 0.0], rtol=1e-14)


def test_characteristic_function_is_one_at_the_ends() -> None:
    assert bates.characteristic_function(0.0, 0.75, 0.2, **MODEL) == 1.0
    assert bates.characteristic_function(-1j, 0.75, 0.2, **MODEL) == pytest.approx(1.0, abs=1e-15)


def test_more_jumps_than_can_be_summed_or_integrated_are_refused_not_guessed() -> None:
    wild = STILL | {"jump_intensity": 1e6, "jump_mean": 0.001, "jump_vol": 0.0}
    with pytest.raises(TransformError, match="did not converge for 1 of 2 options, first at position"):
        bates.price("call", 100.0, 100.0, 1.0, [0.2, 0.0], **wild)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"jump_intensity": -1.0}, "jump_intensity must not be negative: -1.0"),
        ({"jump_vol": [0.1, -0.1]}, "jump_vol must not be negative: -0.1 at position 1"),
        ({"jump_mean": float("inf")}, "jump_mean must be a finite number: inf"),
        ({"correlation": 1.5}, "correlation must lie from -1 to 1: 1.5"),
    ],
)
def test_parameters_that_break_a_rule_are_refused(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        bates.price("call", 100.0, 100.0, 1.0, 0.2, **MODEL | changed)
    assert str(caught.value).startswith(sentence)
