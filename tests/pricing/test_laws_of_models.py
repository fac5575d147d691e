"""Laws that hold for every European model: parity, bounds, order and convexity in the strike, homogeneity."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

HESTON = {"mean_reversion": 1.5, "long_vol": 0.25, "vol_of_variance": 0.6, "correlation": -0.7}
JUMPS = {"jump_intensity": 0.5, "jump_mean": -0.1, "jump_vol": 0.15}
MODELS: dict[str, dict[str, Any]] = {
    "black_scholes": {},
    "bachelier": {},
    "displaced": {"displacement": 10.0},
    "heston": HESTON,
    "merton": JUMPS,
    "bates": HESTON | JUMPS,
    "sabr": {"beta": 1.0, "correlation": -0.3, "vol_of_vol": 0.4},
}
MONEY = {"bachelier": ("vol",), "displaced": ("displacement",)}
"""Arguments beside spot and strike that are money."""
SPOT, STRIKES = 100.0, np.linspace(60.0, 160.0, 41)
MARKETS = [(0.05, 0.2, -0.02, 0.03), (1.0, 0.35, 0.04, 0.01), (3.0, 0.15, 0.01, 0.06)]


def figures(name: str, kind: str, market: tuple[float, ...], scale: float = 1.0, names: Any = "price") -> Any:
    years, vol, rate, dividend_yield = market
    given = {"vol": vol * SPOT if name == "bachelier" else vol} | MODELS[name]
    given |= {word: given[word] * scale for word in MONEY.get(name, ())}
    vol = given.pop("vol")
    model = import_module(f"hedgerow.pricing.{name}")
    return model.greeks(kind, SPOT * scale, STRIKES * scale, years, vol, rate, dividend_yield, **given, names=names)


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("name", MODELS)
def test_european_prices_keep_parity_bounds_order_and_convexity(name: str, market: tuple[float, ...]) -> None:
    call, put = (figures(name, kind, market).price for kind in ("call", "put"))
    years, _, rate, dividend_yield = market
    asset, cash = SPOT * np.exp(-dividend_yield * years), STRIKES * np.exp(-rate * years)
    np.testing.assert_allclose(call - put, asset - cash, rtol=0.0, atol=1e-12 * SPOT)
    for price, floor in ((call, asset - cash), (put, cash - asset)):
        assert (price >= np.maximum(floor, 0.0) - 1e-13 * SPOT).all()
        assert (np.diff(price, 2) >= -1e-12 * SPOT).all()
    step = np.exp(-rate * years) * np.diff(STRIKES)
    assert (np.diff(call) <= 1e-12 * SPOT).all()
    assert (np.diff(put) >= -1e-12 * SPOT).all()
    assert (np.diff(put) <= step + 1e-12 * SPOT).all()


@pytest.mark.parametrize("kind", ["call", "put"])
@pytest.mark.parametrize("name", MODELS)
def test_ten_times_the_money_is_ten_times_the_price_and_the_same_delta(name: str, kind: str) -> None:
    names = ("price", "delta", "gamma", "theta", "rho")
    one, ten = (figures(name, kind, MARKETS[1], scale, names) for scale in (1.0, 10.0))
    for word, power in {"price": 1, "delta": 0, "gamma": -1, "theta": 1, "rho": 1}.items():
        expected = getattr(one, word) * 10.0**power
        np.testing.assert_allclose(getattr(ten, word), expected, rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize("name", MODELS)
def test_greeks_of_call_and_put_differ_by_those_of_the_forward(name: str) -> None:
    names = ("delta", "gamma", "vega", "theta", "rho", "dividend_rho", "vanna", "volga", "charm", "speed", "color")
    years, _, rate, dividend_yield = MARKETS[1]
    call, put = (figures(name, kind, MARKETS[1], 1.0, names) for kind in ("call", "put"))
    asset, cash = np.exp(-dividend_yield * years) * SPOT, np.exp(-rate * years) * STRIKES
    differs = {
        "delta": asset / SPOT,
        "theta": dividend_yield * asset - rate * cash,
        "rho": years * cash,
        "dividend_rho": -years * asset,
        "charm": dividend_yield * asset / SPOT,
    }
    for word in names:
        found = getattr(call, word) - getattr(put, word)
        np.testing.assert_allclose(found, differs.get(word, 0.0) + 0.0 * STRIKES, rtol=0.0, atol=1e-9, err_msg=word)
