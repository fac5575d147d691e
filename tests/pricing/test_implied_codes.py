"""Where an option has no implied volatility, a code says why; and the compiled form does what the NumPy form does."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import bachelier, black76, black_scholes, implied_blocks, implied_kernels
from hedgerow.pricing.implied import FEWEST_FOR_THE_KERNEL, OPTIONS_IN_PIECE, ImpliedCode
from implied_cases import EPS, chain

CODES = ["converged", "below_intrinsic", "above_bound", "expired", "not_finite"]
FIVE = {
    "price": np.array([10.0, 9.9, 100.0, 10.0, np.nan]),
    "spot": np.full(5, 100.0),
    "strike": np.array([100.0, 90.0, 100.0, 100.0, 100.0]),
    "years": np.array([1.0, 1.0, 1.0, 0.0, 1.0]),
}


def five(model, repeats=1):
    price, spot, strike, years = (np.tile(values, repeats) for values in FIVE.values())
    return model.implied_volatility(price, "call", spot, strike, years)


@pytest.mark.parametrize("model", [black_scholes, black76])
def test_each_code_has_its_reason_and_nan_goes_with_all_but_the_first(model):
    found = five(model)
    assert found.reasons().tolist() == CODES
    assert np.isnan(found.volatility).tolist() == [False, True, True, True, True]


def test_normal_model_has_no_bound():
    found = five(bachelier)
    assert found.reasons().tolist() == ["converged", "below_intrinsic", "converged", "expired", "not_finite"]
    assert np.isnan(found.volatility).tolist() == [False, True, False, True, True]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"price": np.inf}, "not_finite"),
        ({"price": -np.inf}, "not_finite"),
        ({"spot": np.nan}, "not_finite"),
        ({"strike": np.inf}, "not_finite"),
        ({"years": np.nan}, "not_finite"),
        ({"years": np.inf}, "not_finite"),
        ({"rate": np.nan}, "not_finite"),
        ({"dividend_yield": np.inf}, "not_finite"),
        ({"rate": 1e6}, "not_finite"),
        ({"years": -0.1}, "expired"),
        ({"years": 0.0, "price": np.nan}, "not_finite"),
        ({"years": 0.0, "price": 500.0}, "expired"),
        ({"price": -1e-9}, "below_intrinsic"),
    ],
)
@pytest.mark.parametrize("model", [black_scholes, bachelier])
def test_code_of_one_odd_argument(model, changed, code):
    arguments = {"price": 10.0, "spot": 100.0, "strike": 100.0, "years": 1.0, "rate": 0.0, "dividend_yield": 0.0}
    found = model.implied_volatility(kind="call", **(arguments | changed))
    assert found.reasons() == code
    assert math.isnan(found.volatility)


def test_price_at_the_intrinsic_value_has_no_volatility_to_the_last_digit():
    spot, strike = 100.0, np.array([130.0, 100.0, 99.99, 70.0, 1e-3])
    price = np.maximum(spot - strike, 0.0)
    found = black_scholes.implied_volatility(price, "call", spot, strike, 2.0)
    assert found.volatility.tolist() == [0.0] * 5
    assert found.reasons().tolist() == ["converged"] * 5
    np.testing.assert_array_equal(black_scholes.price("call", spot, strike, 2.0, found.volatility), price)


def test_price_at_the_discounted_intrinsic_value_is_not_below_it():
    strike = np.linspace(40.0, 90.0, 300)
    price = black_scholes.price("call", 100.0, strike, 1.3, 0.0, 0.037, 0.011)
    found = black_scholes.implied_volatility(price, "call", 100.0, strike, 1.3, 0.037, 0.011)
    assert (found.code == ImpliedCode.CONVERGED).all()
    again = black_scholes.price("call", 100.0, strike, 1.3, found.volatility, 0.037, 0.011)
    np.testing.assert_allclose(again, price, rtol=0.0, atol=100.0 * 8.0 * EPS)


def test_price_below_intrinsic_value_by_more_than_rounding_is_told():
    found = black_scholes.implied_volatility([30.0 * (1.0 - 1e-13), 30.0], "call", 100.0, 70.0, 1.0)
    assert found.reasons().tolist() == ["below_intrinsic", "converged"]


def test_price_one_digit_below_the_bound_still_has_a_volatility():
    found = black_scholes.implied_volatility([np.nextafter(100.0, 0.0), 100.0], "call", 100.0, 90.0, 1.0)
    assert found.reasons().tolist() == ["converged", "above_bound"]
    assert 16.0 < found.volatility[0] < 17.0


def test_strike_of_zero_leaves_nothing_to_find():
    calls = black_scholes.implied_volatility([100.0, 99.0], "call", 100.0, 0.0, 1.0)
    assert calls.reasons().tolist() == ["above_bound", "below_intrinsic"]
    assert black_scholes.implied_volatility(0.0, "put", 100.0, 0.0, 1.0).reasons() == "above_bound"


@pytest.mark.parametrize(
    ("model", "arguments", "sentence"),
    [
        (black_scholes, (1.0, "call", [100.0, -5.0], 100.0, 1.0), "spot must be above 0: -5.0 at position 1"),
        (black_scholes, (1.0, "call", 0.0, 100.0, 1.0), "spot must be above 0: 0.0"),
        (black76, (1.0, "call", 0.0, 100.0, 1.0), "forward must be above 0: 0.0"),
        (black_scholes, (1.0, "put", 100.0, -1.0, 1.0), "strike must not be negative: -1.0"),
        (black_scholes, (1.0, "cal", 100.0, 100.0, 1.0), "kind must be call or put, not 'cal'"),
        (black_scholes, ("much", "call", 100.0, 100.0, 1.0), "price must be a number or an array of numbers"),
        (bachelier, ([1.0, 2.0], "call", [1.0, 2.0, 3.0], 100.0, 1.0), "do not broadcast"),
    ],
)
def test_what_no_code_covers_is_refused_in_a_sentence(model, arguments, sentence):
    with pytest.raises(InputError, match=sentence):
        model.implied_volatility(*arguments)


@pytest.mark.compiled
def test_compiled_form_refuses_what_the_numpy_form_refuses():
    spot = np.full(FEWEST_FOR_THE_KERNEL, 100.0)
    spot[700] = -1.0
    with pytest.raises(InputError, match="position 700"):
        black_scholes.implied_volatility(1.0, "call", spot, 100.0, 1.0)


@pytest.mark.compiled
@pytest.mark.parametrize("model", [black_scholes, bachelier])
def test_compiled_form_gives_the_codes_of_the_numpy_form(model):
    few, many = five(model), five(model, repeats=FEWEST_FOR_THE_KERNEL // 5 + 7)
    np.testing.assert_array_equal(many.code.reshape(-1, 5), np.broadcast_to(few.code, (many.code.size // 5, 5)))
    np.testing.assert_array_equal(np.isnan(many.volatility), many.code != ImpliedCode.CONVERGED)


@pytest.mark.compiled
@pytest.mark.parametrize("model", [black_scholes, bachelier])
def test_compiled_form_gives_the_numbers_of_the_numpy_form(model):
    count = 4 * FEWEST_FOR_THE_KERNEL + 77
    kind, spot, strike, years, vol, _, _ = chain(count)
    strike[::9] = spot[::9]
    price = np.asarray(model.price(kind, spot, strike, years, vol))
    price[::7] = np.geomspace(1e-240, 1.0, price[::7].size) + np.maximum(kind * (spot - strike), 0.0)[::7]
    together = model.implied_volatility(price, kind, spot, strike, years)
    parts = [slice(left, left + 500) for left in range(0, count, 500)]
    apart = [
        model.implied_volatility(*(values[part] for values in (price, kind, spot, strike, years))) for part in parts
    ]
    np.testing.assert_array_equal(together.code, np.concatenate([part.code for part in apart]))
    np.testing.assert_allclose(together.volatility, np.concatenate([part.volatility for part in apart]), rtol=8e-15)


@pytest.mark.parametrize("name", ["lognormal", "normal"])
def test_loops_as_plain_python_give_what_the_formulas_give(name):
    count = implied_blocks.BLOCK + 2
    kind, spot, strike, years, *_ = chain(count)
    price = 0.2 * spot + np.maximum(kind * (spot - strike), 0.0)
    years[[3, 129]] = 0.0
    rates = np.array([0.03]), np.array([0.01])
    vol, code = np.empty(count), np.empty(count, dtype=np.int8)
    with np.errstate(all="ignore"):
        loops = getattr(implied_blocks, f"solve_{name}").definition
        loops(price, kind.astype(np.float64), spot, strike, years, *rates, vol, code, 0, count)
        formulas = getattr(implied_kernels, f"solved_{name}").definition
        expected_vol, expected_code = formulas(price, kind, spot, strike, years, *rates)
    np.testing.assert_allclose(vol, expected_vol, rtol=1e-14)
    np.testing.assert_array_equal(code, expected_code)


def test_rough_tail_is_good_to_two_millionths():
    from scipy.special import erfcx

    z = np.concatenate([[0.0], np.geomspace(1e-3, 1e6, 500)])
    rough = implied_kernels.rough_tail.definition(1.0 - 8.0 / (4.0 + z)) / (4.0 + z)
    np.testing.assert_allclose(rough, 0.5 * erfcx(z * np.sqrt(0.5)), rtol=2e-6)


@pytest.mark.compiled
def test_numbers_do_not_depend_on_the_number_of_threads(monkeypatch):
    kind, spot, strike, years, vol, rate, dividend_yield = chain(5 * OPTIONS_IN_PIECE + 77)
    price = black_scholes.price(kind, spot, strike, years, vol, rate, dividend_yield)
    found = []
    for cores in (1, 2, 3, 7):
        monkeypatch.setattr("hedgerow.kernels.compile._available_cores", lambda cores=cores: cores)
        found.append(black_scholes.implied_volatility(price, kind, spot, strike, years, rate, dividend_yield))
    for other in found[1:]:
        np.testing.assert_array_equal(other.volatility, found[0].volatility)
        np.testing.assert_array_equal(other.code, found[0].code)


@pytest.mark.compiled
def test_round_trip_of_200000_options_is_within_1e_minus_9_or_has_a_code():
    kind, spot, strike, years, vol, rate, dividend_yield = chain(200_000)
    years[::1000] = 0.0
    price = black_scholes.price(kind, spot, strike, years, vol, rate, dividend_yield)
    price[1::1000], price[2::1000], price[3::1000] = np.nan, 1e4, -1.0
    found = black_scholes.implied_volatility(price, kind, spot, strike, years, rate, dividend_yield)
    assert set(found.reasons().tolist()) == set(CODES)
    np.testing.assert_array_equal(np.isnan(found.volatility), found.code != ImpliedCode.CONVERGED)
    forward_value, strike_value = spot * np.exp(-dividend_yield * years), strike * np.exp(-rate * years)
    time_value = price - np.maximum(kind * (forward_value - strike_value), 0.0)
    told = (found.code == ImpliedCode.CONVERGED) & (time_value > 1e-4)
    assert told.sum() > 180_000
    assert np.max(np.abs(found.volatility - vol)[told]) < 1e-9
