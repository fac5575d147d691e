"""Ready-made cost models give the sums of the schedules that they name."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.costs import TradeSlip, index_future, listed_option, us_equity_desk, us_equity_retail
from hedgerow.errors import InputError


def _one(units: float, price: float, size: float = float("nan")) -> TradeSlip:
    return TradeSlip(np.array([[units]]), np.array([price]), np.array([size]))


def test_retail_share_order_pays_its_minimum_and_half_a_cent() -> None:
    charged = us_equity_retail().charge(_one(-100, 50.0))
    assert {label: float(money[0]) for label, money in charged.items()} == {"half_spread": 0.5, "commission": 1.0}


def test_desk_pays_impact_only_where_a_volume_is_given() -> None:
    assert set(us_equity_desk().charge(_one(1e4, 50.0))) == {"half_spread", "commission"}
    charged = us_equity_desk(daily_volume=1e6, daily_volatility=0.02).charge(_one(1e4, 50.0))
    assert float(charged["impact"][0]) == pytest.approx(0.02 * 0.1 * 5e5)
    assert float(charged["commission"][0]) == pytest.approx(7.0)


def test_index_future_side_costs_half_a_tick_and_its_commission() -> None:
    charged = index_future().charge(_one(50.0, 5000.0))  # one contract, in units of one dollar a point
    assert float(charged["half_spread"][0]) == pytest.approx(6.25)
    assert float(charged["commission"][0]) == pytest.approx(2.25)
    assert index_future().one_way_rate(5000.0) == pytest.approx((6.25 + 2.25) / 250_000)


@pytest.mark.parametrize(("legs", "fill"), [(1, 1.35), (2, 1.332), (3, 1.312), (4, 1.306), (7, 1.306)])
def test_option_order_fills_where_the_source_says(legs: int, fill: float) -> None:
    # ORATS prints 1.35 for a purchase of one leg at 1.20 x 1.40; the others follow its formula
    middle, half = 1.30, 0.10
    paid = listed_option(1e4 * half / middle, legs).charge(_one(1.0, middle, 1.0))["half_spread"][0]
    assert middle + float(paid) == pytest.approx(fill, abs=1e-9)


def test_option_spread_paid_never_rises_with_the_legs() -> None:
    paid = [listed_option(legs=legs).proportional_rate for legs in range(1, 8)]
    assert paid == sorted(paid, reverse=True)


def test_index_future_without_multiplier_refused() -> None:
    with pytest.raises(InputError, match="multiplier of a future must be above 0, not 0"):
        index_future(multiplier=0.0)


def test_option_order_without_legs_refused() -> None:
    with pytest.raises(InputError, match="1 leg or more, not 0"):
        listed_option(legs=0)
