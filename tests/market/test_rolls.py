"""Roll rules: nearest last trade with more than N days left; the busier contract, never a way back."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.market.rolls import (
    RollByDate,
    RollByOpenInterest,
    RollByVolume,
    contract_table,
    contracts_from_positions,
)

DATES = pd.bdate_range("2021-03-01", periods=10, name="date")
LAST = {"H": DATES[4].date(), "J": DATES[8].date(), "K": dt.date(2021, 5, 20)}
PRICES = pd.DataFrame(10.0, index=DATES, columns=list(LAST))
TABLE = contract_table(PRICES, LAST)


@pytest.mark.parametrize("days", [0, 1, 2, 3])
def test_roll_by_date_holds_the_nearest_with_more_than_n_days_left(days):
    held = RollByDate(days).held(TABLE)
    everyday = pd.bdate_range("2021-03-01", "2021-06-01")
    for row, date in enumerate(DATES):
        left = [int(((everyday > date) & (everyday <= pd.Timestamp(end))).sum()) for end in LAST.values()]
        assert held[row] == next(k for k, value in enumerate(left) if value > days)


def test_roll_by_date_counts_on_its_own_calendar():
    without_tuesday = DATES.delete(1)
    table = contract_table(PRICES.loc[without_tuesday], LAST)
    assert RollByDate(3).held(table)[0] == 1  # three days left where the Tuesday is a holiday
    assert RollByDate(3, calendar=list(DATES.date)).held(table)[0] == 0
    assert RollByDate(3).held(TABLE)[0] == 0


def test_roll_by_date_negative_count_is_refused():
    with pytest.raises(InputError, match="0 or more, got -1"):
        RollByDate(-1)


@pytest.mark.parametrize("rule", [RollByVolume, RollByOpenInterest])
def test_roll_by_activity_rolls_when_a_later_contract_is_busier_and_never_back(rule):
    activity = pd.DataFrame(
        {
            "H": [9, 9, 1, 9, 9, 0, 0, 0, 0, 0],
            "J": [1, 9, 2, 1, 1, 1, 1, 1, 1, 0],
            "K": [0, 0, 0, 0, 0, 0, 0, np.nan, 0, 5],
        },
        index=DATES,
        dtype=float,
    )
    # A tie stays; J from the third row on although H is busier again; K once J stops trading, though idle itself.
    assert RollByVolume(activity).held(TABLE).tolist() == [0, 0, 1, 1, 1, 1, 1, 1, 2, 2]
    assert rule(activity).held(TABLE).tolist() == [0, 0, 1, 1, 1, 1, 1, 1, 2, 2]


def test_roll_by_activity_missing_contract_or_date_is_refused():
    activity = pd.DataFrame(1.0, index=DATES, columns=["H", "J", "K"])
    with pytest.raises(ColumnError, match="volume has no column for contract 'K'"):
        RollByVolume(activity[["H", "J"]]).held(TABLE)
    with pytest.raises(DataError, match="open interest has no row for 2021-03-02"):
        RollByOpenInterest(activity.drop(DATES[1])).held(TABLE)


def test_contract_table_unsorted_or_empty_is_refused():
    with pytest.raises(DataError, match="sorted and each once"):
        contract_table(PRICES.iloc[::-1], LAST)
    with pytest.raises(DataError, match="at least one row"):
        contract_table(PRICES.iloc[:0], LAST)


def test_contracts_from_positions_puts_each_price_under_its_expiry():
    prices = pd.DataFrame({"M1": [10.0, 12.0], "M2": [11.0, np.nan]}, index=DATES[:2])
    expiries = pd.DataFrame({"e1": ["2021-03-01", "2021-04-21"], "e2": ["2021-04-21", None]}, index=DATES[:2])
    contracts, last = contracts_from_positions(prices, expiries)
    assert last == {"2021-03-01": dt.date(2021, 3, 1), "2021-04-21": dt.date(2021, 4, 21)}
    np.testing.assert_array_equal(contracts.to_numpy(), [[10.0, 11.0], [np.nan, 12.0]])
    twice = expiries.assign(e2="2021-04-21")
    with pytest.raises(DataError, match="two positions"):
        contracts_from_positions(prices.fillna(1.0), twice)
    with pytest.raises(DataError, match="same dates and positions"):
        contracts_from_positions(prices, expiries[["e1"]])
