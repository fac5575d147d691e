"""Laws of implied volatility: it undoes the price, says why where it cannot, and does not depend on how it is asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.pricing import bachelier, black76, black_scholes
from hedgerow.pricing.implied import ImpliedCode
from implied_cases import EPS, chain

MODELS = [black_scholes, bachelier]


def round_trip_error(model, kind, spot, strike, years, vol, rate, dividend_yield):
    """Return the error in units of what the price's own rounding, taken as 16 of its last digits, allows."""
    options = (kind, spot, strike, years, vol, rate, dividend_yield)
    price = np.asarray(model.price(*options))
    found = model.implied_volatility(price, kind, spot, strike, years, rate, dividend_yield)
    vega = np.asarray(model.greeks(*options, names="vega").vega)
    converged = np.asarray(found.code) == ImpliedCode.CONVERGED
    with np.errstate(divide="ignore", over="ignore"):
        allowed = 16.0 * EPS * (vol + (np.abs(spot) + np.abs(strike)) / vega)
    return np.where(converged, np.abs(found.volatility - vol) / allowed, 0.0), np.asarray(found.code)


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["call", "put"]),
    moneyness=st.floats(-3.0, 3.0) | st.floats(-1e-9, 1e-9) | st.just(0.0),
    total=st.floats(1e-3, 6.0) | st.floats(1e-9, 1e-3),
    years=st.floats(1e-4, 40.0),
    rate=st.floats(-0.05, 0.2),
)
def test_implied_volatility_of_a_price_is_the_volatility_that_made_it(kind, moneyness, total, years, rate):
    strike = 100.0 * np.exp(moneyness)
    vol = total / np.sqrt(years)
    error, _ = round_trip_error(black_scholes, kind, 100.0, strike, years, vol, rate, 0.01)
    assert error <= 1.0


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["call", "put"]),
    spot=st.floats(-50.0, 50.0),
    distance=st.floats(-20.0, 20.0) | st.just(0.0),
    years=st.floats(1e-4, 40.0),
    vol=st.floats(0.01, 50.0),
)
def test_normal_implied_volatility_of_a_price_is_the_volatility_that_made_it(kind, spot, distance, years, vol):
    error, _ = round_trip_error(bachelier, kind, spot, spot + distance, years, vol, 0.03, 0.0)
    assert error <= 1.0


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["call", "put"]),
    strike=st.floats(20.0, 500.0),
    place=st.floats(1e-6, 1.0 - 1e-6),
    years=st.floats(1e-3, 20.0),
    rate=st.floats(-0.05, 0.1),
)
def test_price_at_the_implied_volatility_is_the_price(kind, strike, place, years, rate):
    spot, growth = 100.0, np.exp(-rate * years)
    bound = spot if kind == "call" else strike * growth
    intrinsic = max(0.0, (spot - strike * growth) * (1.0 if kind == "call" else -1.0))
    price = intrinsic + place * (bound - intrinsic)
    found = black_scholes.implied_volatility(price, kind, spot, strike, years, rate)
    assert found.code is ImpliedCode.CONVERGED
    again = black_scholes.price(kind, spot, strike, years, found.volatility, rate)
    assert again == pytest.approx(price, abs=1e-14 * (spot + strike))


@pytest.mark.parametrize("model", MODELS)
def test_implied_volatility_of_a_chain_is_its_volatility(model):
    kind, spot, strike, years, vol, rate, dividend_yield = chain(900)
    vol = vol * np.where(model is bachelier, spot, 1.0)
    error, codes = round_trip_error(model, kind, spot, strike, years, vol, rate, dividend_yield)
    assert np.mean(codes == ImpliedCode.CONVERGED) > 0.98
    assert np.max(error) <= 1.0


def test_implied_volatility_rises_with_the_price():
    prices = np.concatenate([np.geomspace(1e-240, 1.0, 300), np.linspace(1.0, 99.9, 300)])
    found = black_scholes.implied_volatility(prices, "call", 100.0, 130.0, 1.0).volatility
    assert (np.diff(found) >= 0.0)[prices[1:] > prices[:-1]].all()


def test_call_and_put_have_one_volatility_by_parity():
    strike = np.array([60.0, 90.0, 100.0, 110.0, 160.0])
    call = black_scholes.price("call", 100.0, strike, 0.5, 0.4)
    put = call - (100.0 - strike)
    of_call = black_scholes.implied_volatility(call, "call", 100.0, strike, 0.5).volatility
    of_put = black_scholes.implied_volatility(put, "put", 100.0, strike, 0.5).volatility
    np.testing.assert_allclose(of_call, of_put, rtol=1e-12)


def test_implied_volatility_does_not_depend_on_the_unit_of_money():
    kind, spot, strike, years, vol, rate, _ = chain(200)
    price = black_scholes.price(kind, spot, strike, years, vol, rate)
    plain = black_scholes.implied_volatility(price, kind, spot, strike, years, rate)
    scaled = black_scholes.implied_volatility(1024.0 * price, kind, 1024.0 * spot, 1024.0 * strike, years, rate)
    np.testing.assert_array_equal(plain.volatility, scaled.volatility)


def test_normal_implied_volatility_follows_a_shift_of_spot_and_strike():
    price = np.array([0.5, 1.0, 4.0])
    plain = bachelier.implied_volatility(price, "call", 4.0, 6.0, 0.5)
    shifted = bachelier.implied_volatility(price, "call", -4.0, -2.0, 0.5)
    np.testing.assert_array_equal(plain.volatility, shifted.volatility)


def test_implied_volatility_at_the_money_is_the_closed_form():
    from scipy.special import erfinv

    price = np.array([1e-200, 1e-9, 0.5, 20.0, 99.0])
    found = black_scholes.implied_volatility(price, "put", 100.0, 100.0, 4.0)
    np.testing.assert_allclose(found.volatility, np.sqrt(2.0) * erfinv(price / 100.0), rtol=3e-15)
    normal = bachelier.implied_volatility(price, "put", 100.0, 100.0, 4.0)
    np.testing.assert_allclose(normal.volatility, 0.5 * price * np.sqrt(2.0 * np.pi), rtol=1e-15)


def test_black76_is_black_scholes_on_a_spot_that_yields_the_rate():
    price = np.array([1.0, 5.0, 9.0])
    on_forward = black76.implied_volatility(price, "call", 100.0, 105.0, 0.75, rate=0.04)
    on_spot = black_scholes.implied_volatility(price, "call", 100.0, 105.0, 0.75, 0.04, 0.04)
    np.testing.assert_array_equal(on_forward.volatility, on_spot.volatility)


def test_scalar_arguments_give_a_float_and_one_code():
    found = black_scholes.implied_volatility(10.0, "call", 100, 100, 1)
    assert type(found.volatility) is float
    assert found.code is ImpliedCode.CONVERGED
    assert found.reasons() == "converged"


def test_arguments_broadcast():
    found = black_scholes.implied_volatility([[5.0], [10.0]], ["call", "put", "c"], 100.0, 100.0, [0.5, 1.0, 2.0])
    assert found.volatility.shape == found.code.shape == (2, 3)
    assert black_scholes.implied_volatility([], "call", 100.0, 100.0, 1.0).volatility.shape == (0,)
