"""Implied volatility against roots in 60 digits and more, over the whole domain, and against QuantLib."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from hedgerow.pricing import bachelier, black_scholes
from hedgerow.pricing.implied import FEWEST_FOR_THE_KERNEL, ImpliedCode
from implied_cases import chain

LAST_DIGITS = 3e-15
"""Largest error relative to the volatility: some 13 units in the last place, whatever the price."""


def upper_tail(z):
    return mpmath.erfc(z / mpmath.sqrt(2)) / 2


def lognormal(sign, spot, strike, total):
    """Return price, price above intrinsic value, room to the bound and derivative to the total volatility."""
    d1 = mpmath.log(spot / strike) / total + total / 2
    d2 = d1 - total
    price = sign * (spot * upper_tail(-sign * d1) - strike * upper_tail(-sign * d2))
    bound = spot if sign > 0 else strike
    return price, price - max(sign * (spot - strike), 0), bound - price, spot * mpmath.npdf(d1)


def normal(sign, spot, strike, total):
    d = sign * (spot - strike) / total
    price = sign * (spot - strike) * upper_tail(-d) + total * mpmath.npdf(d)
    return price, price - max(sign * (spot - strike), 0), mpmath.inf, mpmath.npdf(d)


def root(model, sign, spot, strike, price, start):
    """Return the total volatility that gives exactly this price, by Newton's method on its logarithm."""
    sign, spot, strike, price, total = (mpmath.mpf(float(value)) for value in (sign, spot, strike, price, start))
    for _ in range(60):
        value, above, room, slope = model(sign, spot, strike, total)
        if above < room:
            step = mpmath.log((price - value + above) / above) * above / slope
        else:
            step = -mpmath.log((room + value - price) / room) * room / slope
        total += step
        if abs(step) < abs(total) * mpmath.mpf(10) ** -25:
            return total
    raise AssertionError("the reference did not converge")


def largest_error(model, module, options, least_size=1):
    sign, spot, strike, price = np.tile(options, (-(-least_size // len(options)), 1)).T
    found = module.implied_volatility(price, sign, spot, strike, 1.0)
    assert (found.code == ImpliedCode.CONVERGED).all()
    errors = []
    for row, volatility in zip(options, found.volatility[: len(options)], strict=True):
        above = row[3] - max(row[0] * (row[1] - row[2]), 0.0)
        with mpmath.workdps(80 + max(0, int(-2.0 * np.log10(above / row[2])))):
            exact = root(model, *row, volatility)
            errors.append(float(abs(volatility - exact) / exact))
    return max(errors)


def made_options(model, seed, count, moneyness, totals):
    """Draw log-moneyness and total volatility evenly in their logarithms; return kind, spot, strike and price."""
    rng = np.random.default_rng(seed)
    rows = []
    while len(rows) < count:
        sign, side = rng.choice([-1.0, 1.0], 2)
        x, total = side * 10.0 ** rng.uniform(*moneyness), 10.0 ** rng.uniform(*totals)
        spot, strike = float(100.0 * np.exp(x)) if model is lognormal else 100.0 + 100.0 * x, 100.0
        with mpmath.workdps(60):
            price = float(model(sign, mpmath.mpf(spot), mpmath.mpf(strike), mpmath.mpf(total))[0])
        above = price - max(sign * (spot - strike), 0.0)
        if above > 1e-230 and (model is normal or price < (spot if sign > 0 else strike)):
            rows.append((sign, spot, strike, price))
    return np.array(rows)


@pytest.mark.parametrize(
    ("moneyness", "totals"),
    [
        ((-12.0, 1.5), (-6.0, 1.2)),
        ((-3.0, 0.5), (-1.0, 0.7)),
        ((-9.0, -1.0), (-0.7, 0.3)),
        ((-15.0, -5.0), (-14.0, -5.0)),
    ],
)
def test_implied_volatility_equals_the_root_in_many_digits(moneyness, totals):
    assert largest_error(lognormal, black_scholes, made_options(lognormal, 3, 40, moneyness, totals)) < LAST_DIGITS


def test_normal_implied_volatility_equals_the_root_in_many_digits():
    assert largest_error(normal, bachelier, made_options(normal, 4, 60, (-9.0, 0.5), (-3.0, 3.0))) < LAST_DIGITS


EXTREMES = [
    (1.0, 100.0, 100.0, 1e-238),
    (1.0, 100.0, 100.0, 1e-300),
    (1.0, 100.0, 100.0, 99.9999999999),
    (-1.0, 100.0, np.nextafter(100.0, 0.0), 1e-10),
    (1.0, 100.0, 101.0, 1e-238),
    (-1.0, 100.0, 99.999999, 1e-238),
    (1.0, 100.0, 200.0, 1e-238),
    (-1.0, 100.0, 1e-10, 1e-250),
    (1.0, 1e-12, 100.0, 1e-250),
    (1.0, 1e-12, 100.0, 0.5e-12),
    (1.0, 1e-12, 100.0, 0.9999e-12),
    (1.0, 100.0, 1e-12, 100.0 * (1.0 - 2.0**-52)),
    (-1.0, 1e15, 1e-15, 1e-250),
    (1.0, 1e-150, 1e150, 1e-151),
    (-1.0, 1e150, 1e-150, 0.5e-150),
    (1.0, 100.0, 80.0, np.nextafter(20.0, 30.0)),
    (1.0, 100.0, 80.0, 100.0 * (1.0 - 2.0**-52)),
    (-1.0, 100.0, 80.0, 80.0 * (1.0 - 2.0**-52)),
]


@pytest.mark.parametrize("option", EXTREMES)
def test_implied_volatility_at_the_ends_of_the_domain(option):
    assert largest_error(lognormal, black_scholes, np.array([option])) < LAST_DIGITS


@pytest.mark.parametrize("option", [row for row in EXTREMES if max(row[1:3]) < 1e10])
def test_normal_implied_volatility_at_the_ends_of_the_domain(option):
    assert largest_error(normal, bachelier, np.array([option])) < LAST_DIGITS


@pytest.mark.compiled
def test_compiled_form_equals_the_root_in_many_digits():
    options = made_options(lognormal, 6, 25, (-9.0, 1.0), (-4.0, 1.0))
    options = np.concatenate([options, [row for row in EXTREMES if row[3] > 1e-270]])
    sign, spot, strike, price = np.tile(options, (FEWEST_FOR_THE_KERNEL // len(options) + 1, 1)).T
    found = black_scholes.implied_volatility(price, sign, spot, strike, 1.0).volatility[: len(options)]
    plain = black_scholes.implied_volatility(
        price[: len(options)], sign[: len(options)], *options.T[1:3], 1.0
    ).volatility
    np.testing.assert_allclose(found, plain, rtol=2.0 * LAST_DIGITS)


def test_implied_volatility_agrees_with_quantlib():
    ql = pytest.importorskip("QuantLib")
    kind, spot, strike, years, vol, rate, dividend_yield = chain(150)
    price = black_scholes.price(kind, spot, strike, years, vol, rate, dividend_yield)
    found = black_scholes.implied_volatility(price, kind, spot, strike, years, rate, dividend_yield).volatility
    discount = np.exp(-rate * years)
    forward = spot * np.exp((rate - dividend_yield) * years)
    compared = 0
    for i in range(len(price)):
        if price[i] - max(kind[i] * discount[i] * (forward[i] - strike[i]), 0.0) < 1e-3:
            continue
        side = ql.Option.Call if kind[i] > 0 else ql.Option.Put
        total = ql.blackFormulaImpliedStdDev(
            side, strike[i], forward[i], price[i], discount[i], 0.0, vol[i] * years[i] ** 0.5, 1e-13, 200
        )
        assert found[i] == pytest.approx(total / years[i] ** 0.5, rel=1e-8)
        compared += 1
    assert compared > 100


def test_normal_implied_volatility_agrees_with_quantlib():
    ql = pytest.importorskip("QuantLib")
    for strike, price in [(90.0, 12.0), (100.0, 3.0), (115.0, 0.4), (140.0, 1e-6)]:
        theirs = ql.bachelierBlackFormulaImpliedVol(ql.Option.Call, strike, 100.0, 0.7, price, 1.0)
        ours = bachelier.implied_volatility(price, "call", 100.0, strike, 0.7).volatility
        assert ours == pytest.approx(theirs, rel=1e-8)
