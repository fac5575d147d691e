"""Expiries and schedules: third Fridays and their holidays, tenor, roll, ladder."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.programmes.expiries import RollRule, day_numbers, listed_expiries, third_friday

DATES = pd.bdate_range("1990-01-02", "2016-12-30")


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2016, 12, "2016-12-16"),
        (2008, 3, "2008-03-20"),  # Good Friday: S&P 500 options of March 2008 expired on the Thursday
        (2014, 4, "2014-04-17"),  # Good Friday
        (2026, 6, "2026-06-18"),  # Juneteenth
        (2020, 6, "2020-06-19"),  # before it was a holiday
        (2015, 5, "2015-05-15"),
    ],
)
def test_third_friday_avoids_the_exchange_s_holidays(year: int, month: int, expected: str) -> None:
    """Published expiries."""
    assert str(third_friday(year, month)) == expected


def test_listed_expiries_are_four_or_five_weeks_apart() -> None:
    """One in each month; a day less or more around a holiday."""
    gaps = set(np.diff(listed_expiries()).tolist())
    assert {28, 35} <= gaps <= {27, 28, 29, 34, 35, 36}


@pytest.mark.parametrize(
    "rule", [RollRule(), RollRule(listed=False), RollRule(60, 0), RollRule(180, 30, 5), RollRule(90, 30, 3)]
)
def test_schedule_holds_each_rung_always_and_rolls_when_due(rule: RollRule) -> None:
    """Every date is covered by every rung, tenors are at least those asked, rolls are on the first due date."""
    schedule, days = rule.schedule(DATES), day_numbers(DATES)
    for rung in range(rule.ladder):
        mine = schedule.rung == rung
        entered, leaves, expiry = schedule.entered[mine], schedule.leaves[mine], schedule.expiry[mine]
        assert entered[0] == 0
        np.testing.assert_array_equal(entered[1:], leaves[:-1])
        assert leaves[-1] == len(days)
        assert (expiry[1:] - days[entered[1:]] >= rule.days).all()
        done = leaves < len(days)
        assert (days[leaves[done]] >= expiry[done] - rule.roll_days_before).all()
        assert (days[leaves[done] - 1] < expiry[done] - rule.roll_days_before).all()
        if not rule.listed:
            assert set((expiry[1:] - days[entered[1:]]).tolist()) == {rule.days}
        else:
            assert np.isin(expiry, listed_expiries()).all()


def test_rungs_of_a_ladder_never_hold_the_same_expiry() -> None:
    """On any of 27 years' dates, although four and five weeks alternate."""
    schedule = RollRule(90, 30, 3).schedule(DATES)
    held = np.zeros((3, len(DATES)), dtype=np.int64)
    for rung, entered, leaves, expiry in zip(
        schedule.rung, schedule.entered, schedule.leaves, schedule.expiry, strict=True
    ):
        held[rung, entered:leaves] = expiry
    assert all((held[left] != held[right]).all() for left, right in ((0, 1), (0, 2), (1, 2)))


def test_first_contracts_of_exact_ladder_stand_at_equal_distances() -> None:
    """90 days rolled at 30 in three rungs begin with 50, 70 and 90."""
    schedule = RollRule(90, 30, 3, listed=False).schedule(DATES)
    first = schedule.entered == 0
    assert (schedule.expiry[first] - day_numbers(DATES)[0]).tolist() == [50, 70, 90]


def test_gap_in_the_market_longer_than_the_tenor_rolls_on_the_next_date() -> None:
    """No position is held for no time."""
    dates = DATES[:5].append(DATES[200:210])
    schedule = RollRule(30, 5).schedule(dates)
    assert (schedule.leaves > schedule.entered).all()
    assert schedule.leaves[0] == 5


@pytest.mark.parametrize(
    "wrong", [{"days": 0}, {"days": 30}, {"roll_days_before": -1}, {"ladder": 0}, {"ladder": 61}, {"days": 90.5}]
)
def test_rule_that_cannot_roll_is_refused(wrong: dict[str, float]) -> None:
    """In one sentence."""
    with pytest.raises(InputError):
        RollRule(**wrong)  # type: ignore[arg-type]
