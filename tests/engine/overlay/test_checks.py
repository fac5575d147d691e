"""The obvious wrong thing in the place of a rule, a hedge, a market: one sentence that names the place."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import hedgerow as hg

SWAPS, LINEAR = hg.VarianceSwaps(vega_notional=2_000), hg.VixLinear(10, 15)
DAYS = pd.bdate_range("2024-01-01", periods=5)
PRICE, VIX = pd.Series([100.0, 99.0, 98.0, 99.0, 100.0], DAYS), pd.Series([20.0, 22.0, 25.0, 21.0, 19.0], DAYS)
MARKET = hg.OverlayMarket.of(PRICE, VIX)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rule": "vix_linear"}, "rule must be one such as VixLinear"),
        ({"rule": hg.VixLinear}, "not the class VixLinear; make one of it"),
        ({"rule": SWAPS, "hedge": LINEAR}, "rule must be one such as .*, not a VarianceSwaps"),
        ({"hedge": "variance_swaps"}, "hedge must be one such as VarianceSwaps"),
        ({"market": pd.DataFrame({"price": PRICE})}, "market must be one such as OverlayMarket.of.*, not a DataFrame"),
        ({"shape": {"floor": 1}}, "shape must be one such as Shape"),
        ({"portfolio": 1e6}, "portfolio must be one such as Portfolio"),
        ({"options": {"lag": 0}}, "options must be one such as OverlayOptions"),
    ],
)
def test_run_of_something_else_is_refused_by_its_place(given: dict[str, Any], said: str) -> None:
    arguments: dict[str, Any] = {"rule": LINEAR, "hedge": SWAPS, "market": MARKET} | given
    with pytest.raises(hg.InputError, match=said):
        hg.run_overlay(**arguments)


def test_parts_of_another_form_are_refused() -> None:
    with pytest.raises(hg.InputError, match="each part is a rule, its hedge and its shape"):
        hg.run_overlays([(LINEAR, SWAPS)], MARKET)  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("plans", "said"),
    [
        ([hg.OverlayPlan(LINEAR, SWAPS)], "give a mapping from names.*, not a list"),
        ({"mine": LINEAR}, "'mine' must be one such as OverlayPlan.*, not a VixLinear"),
    ],
)
def test_comparison_takes_plans_by_name(plans: Any, said: str) -> None:
    with pytest.raises(hg.InputError, match=said):
        hg.compare_overlays(plans, MARKET)
    with pytest.raises(hg.InputError, match="rule must be one such as"):
        hg.OverlayPlan(SWAPS, LINEAR)  # type: ignore[arg-type]


def test_tail_comparison_takes_hedges_by_name_and_shocks() -> None:
    with pytest.raises(hg.InputError, match="give a mapping from names"):
        hg.compare_tail_hedges([SWAPS], MARKET)  # type: ignore[arg-type]
    with pytest.raises(hg.InputError, match="shocks are such as TailShock"):
        hg.compare_tail_hedges({"swaps": SWAPS}, MARKET, shocks=[("a bad day", -0.1, 15.0)])  # type: ignore[list-item]


def test_market_takes_series_and_decimal_rates() -> None:
    with pytest.raises(hg.InputError, match="price must be one column"):
        hg.OverlayMarket.of(pd.DataFrame({"price": PRICE}), VIX)  # type: ignore[arg-type]
    with pytest.raises(hg.InputError, match=r"rate must be a finite decimal per year.*'5%'"):
        hg.OverlayMarket.of(PRICE, VIX, rate="5%")  # type: ignore[arg-type]
    with pytest.raises(hg.InputError, match="rate is 5 on 2024-01-01, which is 500% a year"):
        hg.OverlayMarket.of(PRICE, VIX, rate=5.0)
    percent = pd.Series([0.01, 2.5], DAYS[[0, 3]])
    with pytest.raises(hg.InputError, match=r"dividend_yield is 2\.5 on 2024-01-04"):
        hg.OverlayMarket.of(PRICE, VIX, dividend_yield=percent)


def test_grid_of_a_single_number_is_refused() -> None:
    with pytest.raises(hg.InputError, match="the grid of 'low' must be a sequence"):
        hg.choose_overlay("vix_linear", {"low": 10}, MARKET, hedge=SWAPS)  # type: ignore[dict-item]
