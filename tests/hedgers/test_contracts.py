"""Contracts: the textbook cases, the residual, and that returns are not prices."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import InputError
from hedgerow.hedgers import (
    ContractSize,
    Rounding,
    contracts_from_price_ratio,
    contracts_from_return_ratio,
    textbook_tailed_contracts,
    units_from_return_ratio,
)

# Hull, "Options, Futures, and Other Derivatives", hedging jet fuel with heating oil.
HULL_RATIO = 0.928 * 0.0263 / 0.0313
GALLONS, HEATING_OIL = 2_000_000, ContractSize(42_000)


def test_contracts_hull_jet_fuel_sells_37() -> None:
    sizing = contracts_from_price_ratio(HULL_RATIO, GALLONS, HEATING_OIL)
    assert round(HULL_RATIO, 4) == 0.7798
    assert round(sizing.exact, 2) == -37.13
    assert sizing.whole == -37.0
    assert sizing.residual_exposure == pytest.approx(HULL_RATIO * GALLONS - 37 * 42_000)


def test_contracts_hull_tailed_the_textbook_way_is_36_point_2() -> None:
    sizing = textbook_tailed_contracts(HULL_RATIO, GALLONS, HEATING_OIL, spot_price=1.94, futures_price=1.99)
    assert round(sizing.exact, 1) == -36.2
    assert sizing.whole == -36.0


def test_contracts_crude_per_barrel_against_gallons_uses_the_factor() -> None:
    crude = ContractSize(1_000, 1 / 42)
    sizing = contracts_from_price_ratio(1.0, 42_000_000, crude)
    assert sizing.exact == pytest.approx(-1_000)


def test_contracts_tailed_by_the_discount_factor() -> None:
    plain = contracts_from_price_ratio(HULL_RATIO, GALLONS, HEATING_OIL).exact
    tailed = contracts_from_price_ratio(HULL_RATIO, GALLONS, HEATING_OIL, discount_factor=0.97).exact
    assert tailed == pytest.approx(0.97 * plain)


def test_contracts_from_a_beta_go_through_values() -> None:
    sizing = contracts_from_return_ratio(1.2, 1_000_000, 50 * 2_000)
    assert sizing.whole == -12.0
    assert units_from_return_ratio(0.9, 10_000, 450) == pytest.approx(-20.0)


def test_contracts_short_exposure_buys() -> None:
    assert contracts_from_price_ratio(HULL_RATIO, -GALLONS, HEATING_OIL).whole == 37.0


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    ratio=st.floats(-3, 3),
    quantity=st.floats(-1e7, 1e7),
    rounding=st.sampled_from(list(Rounding)),
)
def test_contracts_whole_and_residual_add_up_to_the_hedge_wanted(
    ratio: float, quantity: float, rounding: Rounding
) -> None:
    sizing = contracts_from_price_ratio(ratio, quantity, HEATING_OIL, rounding=rounding)
    held = -sizing.whole * HEATING_OIL.size
    assert held + sizing.residual_exposure == pytest.approx(ratio * quantity, abs=1e-6)
    if rounding is Rounding.NEAREST:
        assert abs(sizing.exact - sizing.whole) <= 0.5 + 1e-9
    if rounding is Rounding.DOWN:
        assert abs(sizing.whole) <= abs(sizing.exact)
    if rounding is Rounding.UP:
        assert abs(sizing.whole) >= abs(sizing.exact)


def test_sizing_trade_from_todays_position() -> None:
    sizing = contracts_from_price_ratio(HULL_RATIO, GALLONS, HEATING_OIL)
    assert sizing.trade_from(-30) == -7.0
    assert sizing.trade_from(-40) == 3.0


@pytest.mark.parametrize("size", [0.0, -1.0, float("nan"), float("inf")])
def test_contract_size_not_positive_refused(size: float) -> None:
    with pytest.raises(InputError, match="positive"):
        ContractSize(size)


def test_contracts_beta_with_negative_contract_value_refused() -> None:
    with pytest.raises(InputError, match="must be positive"):
        contracts_from_return_ratio(1.0, 100.0, -36.98 * 1_000)


def test_contracts_textbook_tailing_with_negative_futures_price_refused() -> None:
    with pytest.raises(InputError, match="positive futures price"):
        textbook_tailed_contracts(1.0, 1.0, HEATING_OIL, spot_price=1.0, futures_price=-37.63)


def test_contracts_ratio_not_a_number_refused() -> None:
    with pytest.raises(InputError, match="not a finite number"):
        contracts_from_price_ratio(float("nan"), 1.0, HEATING_OIL)
