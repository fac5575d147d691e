"""What closed-form models share: shapes, names, refusals, and limits where a payoff has its kink."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.pricing import by_jets
from hedgerow.pricing.by_jets import Model, Option, black, forward_at_strike, intrinsic
from hedgerow.pricing.jets import Jet
from hedgerow.pricing.record import FIELD_NAMES


def european(option: Option) -> Jet:
    asset, cash = option.discounted_forward, option.discount * option.strike
    return black(option.sign, asset, cash, option.log_moneyness, option.deviation)


EUROPEAN = Model(european, intrinsic, forward_at_strike)


def figures_of(*case: Any, names: Any = FIELD_NAMES) -> Any:
    return by_jets.greeks(EUROPEAN, by_jets.contract(*case), {}, names)


def test_closed_form_of_scalars_gives_floats_and_of_arrays_their_shape() -> None:
    one = figures_of("call", 100.0, 100.0, 1.0, 0.2, 0.0, 0.0)
    assert all(type(value) is float for value in one.to_dict().values())
    assert one.limit is False
    many = figures_of([["call"], ["put"]], [90.0, 100.0, 110.0], 100.0, 1.0, 0.2, 0.0, 0.0)
    assert all(values.shape == (2, 3) for values in many.to_dict().values())
    assert many.limit.shape == (2, 3)
    assert figures_of("call", [], 100.0, 1.0, 0.2, 0.0, 0.0).price.shape == (0,)


def test_closed_form_computes_only_the_names_asked_for() -> None:
    record = figures_of("put", 100.0, 90.0, 1.0, 0.2, 0.01, 0.0, names=["vega", "price"])
    assert list(record.to_dict()) == ["price", "vega"]


def test_closed_form_at_the_kink_without_volatility_has_the_limits_of_small_volatility() -> None:
    record = figures_of("call", 100.0, 100.0, 4.0, 0.0, 0.0, 0.0)
    assert record.limit is True
    assert (record.price, record.gamma) == (0.0, np.inf)
    assert record.delta == pytest.approx(0.5, abs=1e-6)
    # S sqrt(T) / sqrt(2 pi); rho is T K N(d2).
    assert record.vega == pytest.approx(200.0 * 0.3989422804014327, rel=1e-6)
    assert record.rho == pytest.approx(200.0, rel=1e-6)


def test_closed_form_at_expiry_at_the_strike_loses_value_without_bound() -> None:
    record = figures_of("put", 100.0, 100.0, 0.0, 0.3, 0.02, 0.0)
    assert (record.price, record.theta, record.gamma) == (0.0, -np.inf, np.inf)
    assert record.delta == pytest.approx(-0.5, abs=1e-3)
    assert not any(np.isnan(value) for value in record.to_dict().values())


def test_closed_form_off_the_kink_without_time_is_the_straight_line() -> None:
    record = figures_of("call", [90.0, 110.0], 100.0, [0.0, 0.5], [0.3, 0.0], 0.04, 0.0)
    np.testing.assert_allclose(record.price, [0.0, 110.0 - 100.0 * np.exp(-0.02)])
    np.testing.assert_array_equal(record.delta, [0.0, 1.0])
    np.testing.assert_array_equal(record.gamma, [0.0, 0.0])
    np.testing.assert_allclose(record.theta, [0.0, -4.0 * np.exp(-0.02)])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"spot": 0.0}, "spot must be above 0: 0.0; give the price of the underlying"),
        ({"strike": [100.0, -1.0]}, "strike must not be negative: -1.0 at position 1 (1 of 2 are); "),
        ({"years": -0.1}, "expiry in the past: years must not be negative: -0.1; an option whose expiry has passed"),
        ({"vol": [0.2, np.nan]}, "vol must be a finite number: nan at position 1 (1 of 2 are)"),
        ({"kind": "straddle"}, "kind must be call or put, not 'straddle'"),
        ({"spot": [1.0, 2.0], "rate": [0.0, 0.0, 0.0]}, "arguments have shapes that do not broadcast"),
    ],
)
def test_closed_form_refuses_with_field_and_position(change: dict[str, Any], sentence: str) -> None:
    case = {
        "kind": "call",
        "spot": 100.0,
        "strike": 100.0,
        "years": 1.0,
        "vol": 0.2,
        "rate": 0.0,
        "dividend_yield": 0.0,
    }
    with pytest.raises(InputError) as caught:
        by_jets.price(EUROPEAN, by_jets.contract(**{**case, **change}), {})
    assert str(caught.value).startswith(sentence)
