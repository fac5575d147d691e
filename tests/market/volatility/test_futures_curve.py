"""Futures on volatility: a constant maturity between two contracts, what a roll gives away, words for the shape."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.market.volatility import constant_maturity, contango_share, curve_measures
from laws import find_look_ahead

NAMES = ["M1", "M2", "M3"]


def curve(rows: int = 60, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    dates = pd.bdate_range("2024-01-01", periods=rows)
    prices = pd.DataFrame(np.random.default_rng(seed).uniform(12, 30, (rows, 3)), dates, NAMES)
    months = pd.date_range("2024-01-17", periods=12, freq="28D")
    first = np.searchsorted(months.to_numpy(), dates.to_numpy())
    expiries = pd.DataFrame({name: months[first + i] for i, name in enumerate(NAMES)}, dates)
    return prices, expiries


def test_price_at_a_contract_s_own_maturity_is_its_price() -> None:
    prices, expiries = curve()
    row = prices.index[3]
    days = (expiries.loc[row, "M2"] - row).days
    found = constant_maturity(prices, expiries, days=days).loc[row]
    assert (found["price"], found["near"], found["far"]) == (prices.loc[row, "M2"], "M2", "M2")


def test_price_of_a_straight_curve_lies_on_the_line() -> None:
    prices, expiries = curve()
    ahead = (expiries - prices.index.to_numpy()[:, None]) / pd.Timedelta(days=1)
    straight = 12.0 + 0.05 * ahead
    found = constant_maturity(straight, expiries, days=40)
    assert (found["status"] == "between").all()
    assert found["price"].to_numpy() == pytest.approx(12.0 + 0.05 * 40, rel=1e-13)
    assert found["weight_near"].between(0.0, 1.0).all()


def test_price_outside_the_curve_is_absent_with_its_reason() -> None:
    prices, expiries = curve(3)
    early, late = constant_maturity(prices, expiries, days=5), constant_maturity(prices, expiries, days=300)
    assert early["price"].isna().all()
    assert (early["status"] == "before_first").all()
    assert early["near"].isna().all()
    assert (late["status"] == "after_last").all()
    assert late["far"].isna().all()


def test_contract_without_a_price_is_passed_over() -> None:
    prices, expiries = curve(1)
    prices.loc[:, "M2"] = np.nan
    found = constant_maturity(prices, expiries, days=30).iloc[0]
    assert (found["near"], found["far"]) == ("M1", "M3")


def test_measures_equal_their_formulas() -> None:
    prices, expiries = curve()
    measures = curve_measures(prices, expiries)
    row = prices.index[10]
    first, second, third = prices.loc[row]
    days = (expiries.loc[row, "M2"] - expiries.loc[row, "M1"]).days
    found = measures.loc[row]
    assert found["slope"] == second - first
    assert found["slope_relative"] == pytest.approx(second / first - 1)
    assert found["roll_yield_year"] == pytest.approx(np.log(first / second) * 365 / days)
    assert found["roll_yield_month"] == pytest.approx(found["roll_yield_year"] / 12)
    assert found["ratio_1_3"] == first / third
    assert found["shape"] == ("contango" if second > first else "backwardation")
    assert found["days_2"] - found["days_1"] == days


def test_long_holder_of_a_curve_that_stands_still_earns_the_roll_yield() -> None:
    prices, expiries = curve(1)
    prices.loc[:] = [15.0, 16.5, 17.0]
    year = curve_measures(prices, expiries)["roll_yield_year"].iloc[0]
    assert np.exp(year * 28 / 365) == pytest.approx(15.0 / 16.5)


def test_shapes_and_their_share() -> None:
    prices, expiries = curve(3)
    prices.loc[:] = [[14, 15, 16], [15, 15, 15], [20, 18, 17]]
    measures = curve_measures(prices, expiries)
    assert measures["shape"].tolist() == ["contango", "flat", "backwardation"]
    assert contango_share(measures) == pytest.approx(1 / 3)


@pytest.mark.parametrize("figure", [constant_maturity, curve_measures])
def test_figures_of_the_curve_never_look_ahead(figure) -> None:
    prices, expiries = curve()

    def decided(known: pd.DataFrame) -> pd.DataFrame:
        return figure(known, expiries.loc[known.index]).select_dtypes("number")

    assert find_look_ahead(decided, prices, cuts=15) == []


def changed(table: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    table = table.copy()
    table.loc[table.index[2], column] = value
    return table


def test_tables_that_cannot_be_are_refused_with_contract_and_date() -> None:
    prices, expiries = curve(10)
    with pytest.raises(DataError, match="'M2' has a price that is not above 0 on 2024-01-03"):
        constant_maturity(changed(prices, "M2", 0.0), expiries)
    with pytest.raises(DataError, match="'M1' has expired on 2024-01-03"):
        constant_maturity(prices, changed(expiries, "M1", pd.Timestamp("2023-12-20")))
    with pytest.raises(DataError, match="'M2' does not expire after the one before on 2024-01-03"):
        constant_maturity(prices, changed(expiries, "M2", pd.Timestamp("2024-01-10")))
    with pytest.raises(DataError, match="'M3' has no expiry on 2024-01-03"):
        constant_maturity(prices, changed(expiries, "M3", pd.NaT))
    with pytest.raises(DataError, match="'M3' has no price on 2024-01-03"):
        curve_measures(changed(prices, "M3", np.nan), expiries)


def test_tables_that_do_not_fit_together_are_refused() -> None:
    prices, expiries = curve(10)
    with pytest.raises(InputError, match="prices' shape"):
        constant_maturity(prices, expiries[["M1", "M2"]])
    with pytest.raises(InputError, match="must have the dates of prices"):
        constant_maturity(prices, expiries.shift(1, freq="D"))
    with pytest.raises(InputError, match="does not hold dates"):
        constant_maturity(prices, prices)
    with pytest.raises(InputError, match="days must be above 0"):
        constant_maturity(prices, expiries, days=0)
    with pytest.raises(InputError, match="at least three contracts"):
        curve_measures(prices[["M1", "M2"]], expiries[["M1", "M2"]])
    with pytest.raises(InputError, match="table of curve_measures"):
        contango_share(prices)
