"""The Black family over whole domains at once: laws on 10,000 options, QuantLib, published tables, round trips."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.pricing import bachelier, black76, black_scholes
from hedgerow.pricing.implied import ImpliedCode

HOUR = 1.0 / 8760.0
CASES = 10_000
pytestmark = pytest.mark.compiled

PUBLISHED = {  # spot 100, rate and yield 0.10; E. Haug, The Complete Guide to Option Pricing Formulas, futures options
    (1, 0.1, 0.15): (0.0205, 1.8734, 9.9413),
    (1, 0.1, 0.25): (0.3150, 3.1217, 10.3556),
    (1, 0.1, 0.35): (0.9474, 4.3693, 11.1381),
    (1, 0.5, 0.15): (0.8069, 4.0232, 10.5769),
    (1, 0.5, 0.25): (2.7026, 6.6997, 12.7857),
    (1, 0.5, 0.35): (4.9329, 9.3679, 15.3086),
    (-1, 0.1, 0.15): (9.9210, 1.8734, 0.0408),
    (-1, 0.1, 0.25): (10.2155, 3.1217, 0.4551),
    (-1, 0.1, 0.35): (10.8479, 4.3693, 1.2376),
    (-1, 0.5, 0.15): (10.3192, 4.0232, 1.0646),
    (-1, 0.5, 0.25): (12.2149, 6.6997, 3.2734),
    (-1, 0.5, 0.35): (14.4452, 9.3679, 5.7963),
}


def options(count: int, seed: int = 8) -> dict[str, Any]:
    """Return options of 0.01 to 10,000 of spot, an hour to ten years, 0.1 to 300 per cent, four deviations around."""
    rng = np.random.default_rng(seed)
    spot = np.exp(rng.uniform(np.log(0.01), np.log(1e4), count))
    years = np.exp(rng.uniform(np.log(HOUR), np.log(10.0), count))
    vol = np.exp(rng.uniform(np.log(0.001), np.log(3.0), count))
    rate, dividend_yield = rng.uniform(-0.05, 0.15, (2, count))
    away = np.clip(vol * np.sqrt(years) * rng.uniform(-4.0, 4.0, count), -2.0, 2.0)
    strike = spot * np.exp((rate - dividend_yield) * years + away)
    found = {"spot": spot, "strike": strike, "years": years, "vol": vol, "rate": rate}
    return {"kind": rng.choice([-1.0, 1.0], count), **found, "dividend_yield": dividend_yield}


def sides(option: dict[str, Any], names: tuple[str, ...]) -> tuple[Any, Any]:
    return tuple(black_scholes.greeks(**option | {"kind": kind}, names=names) for kind in ("call", "put"))


def test_laws_hold_for_ten_thousand_options() -> None:
    option = options(CASES)
    spot, strike, years, vol = (option[name] for name in ("spot", "strike", "years", "vol"))
    asset = spot * np.exp(-option["dividend_yield"] * years)
    cash = strike * np.exp(-option["rate"] * years)
    slack = 1e-12 * np.maximum(spot, strike)
    call, put = sides(option, ("price", "gamma", "vega"))
    assert np.all(np.abs(call.price - put.price - (asset - cash)) <= slack)
    np.testing.assert_allclose(call.gamma, put.gamma, rtol=1e-12)
    np.testing.assert_allclose(call.vega, put.vega, rtol=1e-12)
    for found, side, bound in ((call, 1.0, asset), (put, -1.0, cash)):
        assert np.all(found.price >= np.maximum(side * (asset - cash), 0.0) - slack)
        assert np.all(found.price <= bound + slack)
        more = black_scholes.price(**option | {"kind": side, "vol": vol * 1.01})
        assert np.all(more >= found.price - slack)
        higher = black_scholes.price(**option | {"kind": side, "spot": 7.0 * spot, "strike": 7.0 * strike})
        assert np.all(np.abs(higher - 7.0 * found.price) <= 7.0 * slack)


def test_call_and_put_at_the_forward_cost_the_same() -> None:
    option = options(CASES)
    forward = option["spot"] * np.exp((option["rate"] - option["dividend_yield"]) * option["years"])
    call, put = sides(option | {"strike": forward}, ("price",))
    assert np.all(np.abs(call.price - put.price) <= 1e-12 * np.maximum(option["spot"], forward))


def test_black_scholes_equation_holds_for_ten_thousand_options() -> None:
    option = options(CASES)
    found = black_scholes.greeks(**option, names=("price", "delta", "gamma", "theta"))
    spot, rate = option["spot"], option["rate"]
    drift = (rate - option["dividend_yield"]) * spot * found.delta
    curvature = 0.5 * (option["vol"] * spot) ** 2 * found.gamma
    residual = found.theta + drift + curvature - rate * found.price
    # A theta of thousands of spots a year, an hour before expiry, cannot be known to 1e-10 of one.
    assert np.all(np.abs(residual) <= 1e-10 * spot + 1e-14 * np.abs(found.theta))


@pytest.mark.parametrize("model", [black76, bachelier])
def test_price_equals_quantlib_over_the_domain(model: Any) -> None:
    quantlib = pytest.importorskip("QuantLib")
    option = options(3_000)
    years, vol, rate, kind = (option[name] for name in ("years", "vol", "rate", "kind"))
    forward = option["spot"] * np.exp((rate - option["dividend_yield"]) * years)
    if model is black76:
        formula, ours = quantlib.blackFormula, black76.price(kind, forward, option["strike"], years, vol, rate)
    else:
        vol = vol * option["spot"]
        formula, ours = quantlib.bachelierBlackFormula, bachelier.price(**option | {"vol": vol})
    types = {1.0: quantlib.Option.Call, -1.0: quantlib.Option.Put}
    rows = zip(kind, option["strike"], forward, vol * np.sqrt(years), np.exp(-rate * years), strict=True)
    theirs = np.array([formula(types[sign], *map(float, rest)) for sign, *rest in rows])
    assert np.all(np.abs(ours - theirs) <= 1e-12 * np.maximum(option["spot"], np.abs(theirs)))


@pytest.mark.parametrize(("key", "published"), PUBLISHED.items())
def test_price_equals_the_published_table(key: tuple[int, float, float], published: tuple[float, ...]) -> None:
    kind, years, vol = key
    prices = black_scholes.price(kind, [90.0, 100.0, 110.0], 100.0, years, vol, 0.10, 0.10)
    assert prices == pytest.approx(published, abs=1e-4)


def test_implied_volatility_of_200_000_prices_is_the_volatility_they_were_made_with() -> None:
    rng = np.random.default_rng(9)
    count = 200_000
    years, vol = np.exp(rng.uniform(np.log(1.0 / 365.0), np.log(5.0), count)), rng.uniform(0.02, 1.5, count)
    rate, dividend_yield = rng.uniform(-0.03, 0.1, (2, count))
    forward = 100.0 * np.exp((rate - dividend_yield) * years)
    strike = forward * np.exp(np.clip(vol * np.sqrt(years) * rng.uniform(-6.0, 6.0, count), -2.0, 2.0))
    kind = rng.choice([-1.0, 1.0], count)
    price = black_scholes.price(kind, 100.0, strike, years, vol, rate, dividend_yield)
    found = black_scholes.implied_volatility(price, kind, 100.0, strike, years, rate, dividend_yield)
    assert np.array_equal(np.isnan(found.volatility), found.code != ImpliedCode.CONVERGED)
    worth = price - np.exp(-rate * years) * np.maximum(kind * (forward - strike), 0.0)
    assert np.max(np.abs(found.volatility - vol)[worth > 1e-4]) <= 1e-9
    again = black_scholes.price(kind, 100.0, strike, years, found.volatility, rate, dividend_yield)
    assert np.max(np.abs(again - price) / np.maximum(strike, 100.0)) <= 1e-13
