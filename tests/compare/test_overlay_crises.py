"""Crises by fixed dates: which steps belong to them, what the data cover, which years were calm."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.compare.overlays.crises import CRISES, Crisis, calm_years, in_any_crisis
from hedgerow.errors import InputError


def test_crisis_s_steps_begin_after_the_peak_and_end_on_the_trough() -> None:
    crisis = Crisis("one", "2020-02-19", "2020-02-21")
    days = pd.DatetimeIndex(["2020-02-19", "2020-02-20", "2020-02-21", "2020-02-24"])
    assert crisis.rows(days).tolist() == [False, True, True, False]
    assert crisis.coverage(days) == "covered"
    assert crisis.coverage(days[1:]) == "partly covered"
    assert crisis.coverage(days[3:]) == "not covered"


def test_crisis_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InputError, match="must end after it begins"):
        Crisis("back", "2020-03-01", "2020-02-01")


def test_crises_are_in_order_and_every_one_is_a_fall_of_the_fund_that_follows_the_index() -> None:
    starts = [pd.Timestamp(crisis.start) for crisis in CRISES]
    assert starts == sorted(starts)
    fund = pd.read_csv(shared_data("spy_daily.csv"), index_col="date", parse_dates=True)["close"]
    covered = [crisis for crisis in CRISES if crisis.coverage(pd.DatetimeIndex(fund.index)) == "covered"]
    assert len(covered) >= 5
    for crisis in covered:
        inside = fund[crisis.start : crisis.end]
        assert inside.iloc[0] >= 0.99 * inside.max(), crisis
        assert inside.iloc[-1] <= 1.01 * inside.min(), crisis
        assert inside.iloc[-1] / inside.iloc[0] < 0.9, crisis


def test_calm_year_has_neither_a_crisis_nor_a_fall_of_a_tenth() -> None:
    days = pd.bdate_range("2012-01-02", "2014-12-31")
    wealth = np.linspace(100.0, 130.0, len(days))
    assert calm_years(days, wealth, ()) == (2012, 2013, 2014)
    wealth[days.get_loc("2013-06-03")] *= 0.85
    assert calm_years(days, wealth, ()) == (2012, 2014)
    assert calm_years(days, wealth, (Crisis("one", "2014-03-03", "2014-03-10"),)) == (2012,)
    assert int(in_any_crisis(days, (Crisis("one", "2014-03-03", "2014-03-10"),)).sum()) == 5
