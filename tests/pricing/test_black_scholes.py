"""Black-Scholes: laws, limits, 50 digits, QuantLib, Haug's table."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from black_oracle import figure, lognormal, scale
from hedgerow.errors import InputError
from hedgerow.pricing import black_scholes
from hedgerow.pricing.record import FIELD_NAMES, GREEK_NAMES

HOUR = 1.0 / 8760.0
POINTS = [
    ("call", 100.0, 110.0, 0.7, 0.25, 0.03, 0.01),
    ("put", 100.0, 80.0, 2.0, 0.4, -0.02, 0.03),
    ("call", 0.01, 0.0099, 10.0, 3.0, 0.05, 0.0),
    ("put", 1e4, 1.0001e4, HOUR, 0.05, 0.1, 0.2),
    ("call", 100.0, 100.0, HOUR, 0.001, 0.0, 0.0),
    ("put", 100.0, 250.0, 0.5, 0.2, 0.04, 0.0),
    ("call", 100.0, 20.0, 0.25, 0.3, 0.0, 0.06),
]
AT_KINK = {"gamma": math.inf, "speed": -math.inf, "zomma": -math.inf, "color": math.inf, "volga": 0.0}

spots = st.floats(0.01, 1e4)
moneyness = st.floats(0.2, 5.0)
times = st.floats(HOUR, 10.0)
vols = st.floats(0.001, 3.0)
rates = st.floats(-0.1, 0.2)


@pytest.mark.parametrize("name", FIELD_NAMES)
@pytest.mark.parametrize("point", POINTS)
def test_figures_equal_derivatives_in_50_digits(point: tuple[Any, ...], name: str) -> None:
    kind, spot, strike, years, vol, rate, carry = point
    made = getattr(black_scholes.greeks(*point, names=[name]), name)
    exact = figure(lognormal(1 if kind == "call" else -1, strike), name, (spot, vol, years, rate, carry))
    tolerance = 1e-12 * spot if name == "price" else 1e-9 * min(scale(name, spot, vol, years), 1e300)
    if name in ("delta", "gamma", "vega"):
        tolerance *= 1e-2
    assert made == pytest.approx(exact, rel=1e-11, abs=tolerance)


def domain(count: int, widest: float) -> tuple[Any, ...]:
    """Return arguments: spots of cents to 10,000, an hour to ten years, volatilities of 0.1 to 300 per cent."""
    rng = np.random.default_rng(5)
    spot = np.exp(rng.uniform(np.log(0.01), np.log(1e4), count))
    years = np.exp(rng.uniform(np.log(HOUR), np.log(10.0), count))
    vol = np.exp(rng.uniform(np.log(0.001), np.log(3.0), count))
    rate, carry = rng.uniform(-0.05, 0.15, count), rng.uniform(-0.05, 0.15, count)
    away = np.clip(vol * np.sqrt(years) * rng.uniform(-4.0, 4.0, count), -widest, widest)
    strike = spot * np.exp((rate - carry) * years + away)
    return rng.choice([-1.0, 1.0], count), spot, strike, years, vol, rate, carry


def test_price_equals_50_digits_over_the_domain() -> None:
    for point in np.column_stack(domain(100, widest=20.0)):
        sign, spot, strike, years, vol, rate, carry = map(float, point)
        exact = figure(lognormal(int(sign), strike), "price", (spot, vol, years, rate, carry))
        assert black_scholes.price(*point) == pytest.approx(exact, rel=1e-12, abs=1e-13 * spot)


@pytest.mark.compiled
def test_price_equals_quantlib_over_the_domain() -> None:
    quantlib = pytest.importorskip("QuantLib")
    arguments = domain(20_000, widest=2.0)  # its distribution function loses digits of far strikes
    sign, spot, strike, years, vol, rate, carry = arguments
    forward, deviation = spot * np.exp((rate - carry) * years), vol * np.sqrt(years)
    rows = zip(sign, strike, forward, deviation, np.exp(-rate * years), strict=True)
    kinds = {1.0: quantlib.Option.Call, -1.0: quantlib.Option.Put}
    theirs = np.array([quantlib.blackFormula(kinds[w], *map(float, rest)) for w, *rest in rows])
    assert np.all(np.abs(black_scholes.price(*arguments) - theirs) <= 1e-12 * np.maximum(spot, theirs))


@pytest.mark.parametrize(
    ("arguments", "published"),
    [  # E. Haug, The Complete Guide to Option Pricing Formulas
        (("call", 60.0, 65.0, 0.25, 0.30, 0.08, 0.0), 2.1334),
        (("put", 100.0, 95.0, 0.5, 0.20, 0.10, 0.05), 2.4648),
        (("call", 1.56, 1.60, 0.5, 0.12, 0.06, 0.08), 0.0291),  # a currency: Garman-Kohlhagen
        (("put", 75.0, 70.0, 0.5, 0.35, 0.10, 0.05), 4.0870),
    ],
)
def test_price_equals_haugs_table(arguments: tuple[Any, ...], published: float) -> None:
    assert black_scholes.price(*arguments) == pytest.approx(published, abs=1e-4)


@settings(max_examples=150, deadline=None)
@given(spot=spots, ratio=moneyness, years=times, vol=vols, rate=rates, carry=rates)
def test_greeks_satisfy_parity_and_the_black_scholes_equation(
    spot: float, ratio: float, years: float, vol: float, rate: float, carry: float
) -> None:
    sides = [black_scholes.greeks(k, spot, spot * ratio, years, vol, rate, carry, names=FIELD_NAMES) for k in (1, -1)]
    call, put = sides
    growth, discount = math.exp(-carry * years), math.exp(-rate * years)
    assert call.price - put.price == pytest.approx(spot * (growth - ratio * discount), abs=1e-12 * spot * (1 + ratio))
    for name in ("gamma", "vega", "vanna", "volga", "speed", "zomma"):
        assert getattr(call, name) == pytest.approx(getattr(put, name), rel=1e-12)
    for side in sides:
        gains = (rate - carry) * spot * side.delta + 0.5 * vol**2 * spot**2 * side.gamma - rate * side.price
        size = abs(gains) + abs(side.theta)
        assert side.theta + gains == pytest.approx(0.0, abs=1e-10 * spot + 1e-12 * size)


@settings(max_examples=150, deadline=None)
@given(spot=spots, ratio=moneyness, years=times, vol=vols, rate=rates, factor=st.floats(0.01, 100.0))
def test_price_is_homogeneous_within_bounds_and_rises_with_volatility(
    spot: float, ratio: float, years: float, vol: float, rate: float, factor: float
) -> None:
    strike = spot * ratio
    price = black_scholes.price("call", spot, strike, years, vol, rate)
    larger = black_scholes.price("call", spot * factor, strike * factor, years, vol, rate)
    assert larger == pytest.approx(factor * price, rel=1e-12, abs=1e-12 * spot * factor)
    assert max(spot - strike * math.exp(-rate * years), 0.0) - 1e-12 * spot <= price <= spot * (1.0 + 1e-15)
    assert black_scholes.price("call", spot, strike, years, vol * 1.01, rate) >= price - 1e-13 * spot


@pytest.mark.parametrize("kind", ["call", "put"])
def test_price_is_monotone_and_convex_in_strike(kind: str) -> None:
    prices = black_scholes.price(kind, 100.0, np.linspace(0.0, 300.0, 901), 0.5, 0.3, 0.02, 0.01)
    steps = np.diff(prices)
    assert np.all((steps <= 1e-12) if kind == "call" else (steps >= -1e-12))
    assert np.all(np.diff(steps) >= -1e-12)


@pytest.mark.parametrize(("kind", "jump"), [("call", 0.5), ("put", -0.5)])
def test_greeks_at_expiry_at_the_kink_are_limits(kind: str, jump: float) -> None:
    found = black_scholes.greeks(kind, 100.0, 100.0, 0.0, 0.2, 0.05, names=FIELD_NAMES)
    assert found.limit is True
    assert found.delta == jump
    assert (found.price, found.vega, found.vanna, found.rho) == (0.0, 0.0, 0.0, 0.0)
    assert (found.theta, found.charm) == (-math.inf, -math.inf)
    assert {name: getattr(found, name) for name in AT_KINK} == AT_KINK


def test_greeks_without_volatility_at_the_forward_are_limits() -> None:
    years, rate, carry = 2.0, 0.05, 0.02
    strike = 100.0 * math.exp((rate - carry) * years)
    growth = math.exp(-carry * years)
    found = black_scholes.greeks("call", 100.0, strike, years, 0.0, rate, carry, names=FIELD_NAMES)
    assert found.price == 0.0
    assert found.delta == pytest.approx(0.5 * growth)
    assert found.vega == pytest.approx(100.0 * growth * math.sqrt(years) / math.sqrt(2.0 * math.pi))
    assert found.vanna == pytest.approx(0.5 * growth * math.sqrt(years) / math.sqrt(2.0 * math.pi))
    assert found.charm == -math.inf
    assert {name: getattr(found, name) for name in AT_KINK} == AT_KINK


@pytest.mark.parametrize("name", [name for name in FIELD_NAMES if name not in ("speed", "zomma")])
@pytest.mark.parametrize(
    ("kind", "strike", "small_years", "small_vol"),
    [("call", 90.0, 1.0, 1e-3), ("put", 90.0, 1.0, 1e-3), ("call", 90.0, 1e-9, 0.2), ("put", 110.0, 1e-9, 0.2)],
)
def test_limits_away_from_the_kink_continue_the_formulas(
    name: str, kind: str, strike: float, small_years: float, small_vol: float
) -> None:
    near = black_scholes.greeks(kind, 100.0, strike, small_years, small_vol, 0.03, 0.01, names=[name])
    years = small_years if small_vol < 0.1 else 0.0
    at = black_scholes.greeks(kind, 100.0, strike, years, 0.0 if years else small_vol, 0.03, 0.01, names=[name])
    assert not near.limit
    assert at.limit
    assert getattr(at, name) == pytest.approx(getattr(near, name), abs=1e-6)


@pytest.mark.parametrize("rate", [-0.03, 0.0, 0.05])
@pytest.mark.parametrize(("years", "vol"), [(1e-12, 0.2), (1.0, 1e-5)])
def test_limits_at_the_kink_have_the_sign_that_the_formulas_run_to(rate: float, years: float, vol: float) -> None:
    spot, carry = 100.0, 0.01
    strike = spot if years < 1.0 else spot * math.exp(rate - carry)
    near = black_scholes.greeks("put", spot, strike, years, vol, rate, carry)
    at = black_scholes.greeks(
        "put", spot, strike, 0.0 if years < 1.0 else years, vol if years < 1.0 else 0.0, rate, carry
    )
    for name in GREEK_NAMES:
        limit = getattr(at, name)
        if math.isinf(limit):
            assert math.copysign(1.0, limit) * getattr(near, name) > 1.0, name
        else:
            assert getattr(near, name) == pytest.approx(limit, abs=1e-3), name


@pytest.mark.parametrize("kind", ["call", "put"])
@pytest.mark.parametrize("strike", [0.0, 1e-300, 1e-9, 100.0, 1e9, 1e100])
@pytest.mark.parametrize("years", [0.0, 1e-300, 1e-9, 1.0, 100.0])
@pytest.mark.parametrize("vol", [0.0, 1e-300, 1e-150, 1e-9, 0.2, 100.0])
def test_no_figure_is_ever_nan(kind: str, strike: float, years: float, vol: float) -> None:
    found = black_scholes.greeks(kind, 100.0, strike, years, vol, [-0.5, 0.0, 0.05], 0.02, names=FIELD_NAMES)
    for name, values in found.to_dict().items():
        assert not np.isnan(values).any(), name


def test_strike_of_zero_makes_a_call_the_asset_and_a_put_nothing() -> None:
    call, put = (black_scholes.greeks(k, 100.0, 0.0, 1.0, 0.2, 0.05, 0.02, names=FIELD_NAMES) for k in ("c", "p"))
    growth = math.exp(-0.02)
    assert call.price == pytest.approx(100.0 * growth, rel=1e-15)
    assert call.theta == pytest.approx(2.0 * growth)
    assert all(value == 0.0 for value in put.to_dict().values())
    assert (call.gamma, call.vega, call.limit) == (0.0, 0.0, False)


def test_arrays_broadcast_and_scalars_give_floats() -> None:
    grid = black_scholes.greeks([["call"], ["put"]], 100.0, [90.0, 100.0, 110.0], 0.5, 0.2, names=("gamma", "delta"))
    assert grid.gamma.shape == grid.delta.shape == grid.limit.shape == (2, 3)
    assert grid.vega is None
    one = black_scholes.greeks("call", 100.0, 90.0, 0.5, 0.2)
    assert type(one.delta) is float
    assert type(one.limit) is bool
    assert one.price is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"spot": math.nan}, "spot must be a finite number: nan"),
        ({"spot": 0.0}, "spot must be above 0: 0.0; give the price"),
        ({"strike": -1.0}, "strike must not be negative: -1.0"),
        ({"years": [1.0, -0.1, -0.2]}, r"expiry in the past: years .*: -0.1 at position 1 \(2 of 3 are\)"),
        ({"vol": [-0.2]}, "vol must not be negative: -0.2"),
        ({"rate": math.inf}, "rate must be a finite number: inf"),
        ({"rate": 400.0}, "rate times years must be at most 300 in size: 400.0"),
        ({"spot": 1e200}, "spot must be at most"),
        ({"spot": 1e-200}, "spot must be at least"),
        ({"kind": "straddle"}, "kind must be call or put, not 'straddle'"),
        ({"kind": 2}, "kind must be call or put"),
        ({"vol": "high"}, "vol must be a number or an array of numbers, not 'high'"),
        ({"vol": [0.1, 0.2], "years": [1.0, 1.0, 1.0]}, "do not broadcast"),
    ],
)
@pytest.mark.parametrize("many", [False, pytest.param(True, marks=pytest.mark.compiled)])
def test_unfit_arguments_are_refused_in_one_sentence(change: dict[str, Any], sentence: str, many: bool) -> None:
    strike: Any = np.full((700, 3) if many else 3, 100.0)
    arguments = {"kind": "call", "spot": 100.0, "strike": strike, "years": 1.0, "vol": 0.2, "rate": 0.0} | change
    with pytest.raises(InputError, match=sentence):
        black_scholes.price(**arguments)


def test_unknown_greek_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="vomga"):
        black_scholes.greeks("call", 100.0, 100.0, 1.0, 0.2, names=["vomga"])
