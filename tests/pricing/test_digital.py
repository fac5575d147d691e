"""Digital options: laws, figures in many digits, and what is left without time or volatility."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import digital
from pricing.derivatives import ORDERS, in_many_digits

POINT = (95.0, 0.3, 0.7, 0.04, 0.015)


def formula(sign: int, pays: str) -> Any:
    def value(spot: Any, vol: Any, years: Any, rate: Any, carry: Any) -> Any:
        deviation = vol * mpmath.sqrt(years)
        d2 = (mpmath.log(spot / 100) + (rate - carry) * years) / deviation - deviation / 2
        if pays == "cash":
            return mpmath.exp(-rate * years) * mpmath.ncdf(sign * d2)
        return spot * mpmath.exp(-carry * years) * mpmath.ncdf(sign * (d2 + deviation))

    return value


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize(("sign", "pays"), [(1, "cash"), (-1, "asset")])
def test_digital_figures_equal_derivatives_in_many_digits(name: str, sign: int, pays: str) -> None:
    spot, vol, years, rate, carry = POINT
    made = digital.greeks(sign, spot, 100.0, years, vol, rate, carry, pays=pays, names=name).to_dict()[name]
    assert made == pytest.approx(in_many_digits(formula(sign, pays), POINT, name), rel=1e-12)


def test_digital_call_and_put_add_up_to_what_is_paid_for_certain() -> None:
    grid = np.array([60.0, 100.0, 140.0])
    for vol, years in ((0.3, 0.7), (0.0, 0.7), (0.3, 0.0), (0.0, 0.0)):
        for pays, certain in (("cash", np.exp(-0.04 * years)), ("asset", grid * np.exp(-0.02 * years))):
            both = digital.price([["call"], ["put"]], grid, 100.0, years, vol, 0.04, 0.02, pays=pays)
            np.testing.assert_allclose(both.sum(axis=0), certain * np.ones(3), rtol=1e-15)


def test_digital_asset_less_strikes_of_cash_is_a_european_call() -> None:
    asset = digital.price("call", 95.0, 100.0, 0.7, 0.3, 0.04, 0.015, pays="asset")
    cash = digital.price("call", 95.0, 100.0, 0.7, 0.3, 0.04, 0.015, pays="cash")
    ql = pytest.importorskip("QuantLib")
    deviation = 0.3 * np.sqrt(0.7)
    forward, discount = 95.0 * np.exp(0.025 * 0.7), np.exp(-0.028)
    european = ql.blackFormula(ql.Option.Call, 100.0, forward, deviation, discount)
    assert asset - 100.0 * cash == pytest.approx(european, abs=1e-12)


def test_digital_values_printed_by_haug() -> None:
    # Haug (2007): section 4.19.2 asks for the price of 10 in cash, 4.19.3 for one asset.
    assert 10.0 * digital.price("put", 100.0, 80.0, 0.75, 0.35, 0.06, 0.06) == pytest.approx(2.6710, abs=5e-5)
    assert digital.price("put", 70.0, 65.0, 0.5, 0.27, 0.07, 0.05, pays="asset") == pytest.approx(20.2069, abs=5e-5)


def test_digital_without_time_or_volatility_is_paid_or_not_and_half_at_the_strike() -> None:
    spots = np.array([99.0, 100.0, 101.0])
    for years, vol in ((0.0, 0.2), (1.0, 0.0), (0.0, 0.0)):
        figures = digital.greeks("call", spots, 100.0, years, vol, names=["price", "delta", "gamma", "vega", "theta"])
        np.testing.assert_array_equal(figures.price, [0.0, 0.5, 1.0])
        np.testing.assert_array_equal(figures.delta, [0.0, np.inf, 0.0])
        assert figures.limit.all()
        assert not any(np.isnan(values).any() for values in figures.to_dict().values())


def test_digital_of_strike_zero_far_strikes_and_tiny_volatility_is_certain() -> None:
    assert digital.price("call", 100.0, 0.0, 1.0, 0.2, 0.05) == pytest.approx(np.exp(-0.05), rel=1e-15)
    assert digital.price("put", 100.0, 0.0, 1.0, 0.2, 0.05) == 0.0
    every = digital.greeks("call", 100.0, [1e-200, 1.0, 99.0, 101.0, 1e200], 1.0, 1e-8).to_dict()
    assert all(np.isfinite(values).all() for values in every.values())


def test_digital_refuses_an_unknown_payment() -> None:
    with pytest.raises(InputError) as caught:
        digital.price("call", 100.0, 100.0, 1.0, 0.2, pays="cahs")
    assert str(caught.value) == "pays must be 'cash' or 'asset', not 'cahs'; did you mean 'cash'?"
