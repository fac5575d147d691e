"""Policies of the clock: which decisions are theirs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import EveryDay, EveryHours, EveryPeriods, Moment, OnWeekdays, TimesOfDay
from policy_cases import DAILY, HOURLY, fired, terms

TARGET, HELD = np.array([[1.0, 0.5]]), np.array([[0.9, 0.5]])


def clock(steps: list[int], grid: TimeGrid) -> list[str]:
    return [f"{grid.times[step]:%a %H:%M}" for step in steps]


def test_every_period_follows_the_target() -> None:
    np.testing.assert_array_equal(EveryPeriods(1).holding(Moment(7, {"target": TARGET, "held": HELD})), TARGET)


def test_every_five_periods_trades_on_the_first_and_each_fifth_bound_or_not() -> None:
    policy = EveryPeriods(5)
    unbound = [
        step for step in range(21) if (policy.holding(Moment(step, {"target": TARGET, "held": HELD})) > 0.9).any()
    ]
    assert unbound == [0, 5, 10, 15, 20] == fired(policy, terms())


def test_every_day_is_the_first_decision_of_each_date() -> None:
    assert set(clock(fired(EveryDay(), terms(HOURLY))[1:], HOURLY)) == {
        f"{day} 00:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    }
    assert fired(EveryDay(), terms(HOURLY))[:2] == [0, 16]


def test_every_four_hours_counts_from_the_last_firing_through_the_night() -> None:
    opens = pd.to_datetime(["2026-01-05 09:00", "2026-01-05 12:00", "2026-01-05 13:30", "2026-01-06 09:00"])
    grid = TimeGrid(opens.append(pd.to_datetime(["2026-01-06 13:00", "2026-01-06 16:00"])))
    assert clock(fired(EveryHours(4), terms(grid)), grid) == ["Mon 09:00", "Mon 13:30", "Tue 09:00", "Tue 13:00"]


def test_times_of_day_first_decision_at_or_after_each() -> None:
    found = clock(fired(TimesOfDay("10:00", "15:30"), terms(HOURLY))[:4], HOURLY)
    assert found == ["Mon 10:00", "Mon 16:00", "Tue 10:00", "Tue 16:00"]


def test_times_of_day_two_times_on_one_decision_trade_once() -> None:
    assert fired(TimesOfDay("10:00", "15:00"), terms(DAILY)) == list(range(21))
    assert fired(TimesOfDay("16:00:01"), terms(DAILY)) == []


def test_weekdays_are_those_of_the_grid() -> None:
    days = {f"{DAILY.times[step]:%a}" for step in fired(OnWeekdays("Mon", "Wed", "Fri"), terms())}
    assert days == {"Mon", "Wed", "Fri"}
    assert len(fired(OnWeekdays("Mon", "Wed", "Fri"), terms())) == 9


def test_weekdays_trade_once_a_day_at_the_time_given() -> None:
    assert clock(fired(OnWeekdays("Tue", at="14:30"), terms(HOURLY)), HOURLY) == ["Tue 15:00", "Tue 15:00"]


@pytest.mark.parametrize("periods", [0, -1, 1.5, float("nan")])
def test_every_less_than_one_period_refused(periods: float) -> None:
    with pytest.raises(InputError, match="1 or more"):
        EveryPeriods(periods)  # type: ignore[arg-type]


@pytest.mark.parametrize("hours", [0, -4.0, float("nan"), float("inf")])
def test_every_no_hours_refused(hours: float) -> None:
    with pytest.raises(InputError, match="more than 0"):
        EveryHours(hours)


@pytest.mark.parametrize("time", ["25:00", "10", "10:60", "ten", "", "10:00:00:00", "-1:00", "1000"])
def test_times_of_day_malformed_refused(time: str) -> None:
    with pytest.raises(InputError, match="no time of day; write it as '10:00'"):
        TimesOfDay("10:00", time)
    with pytest.raises(InputError, match="no time of day"):
        OnWeekdays("Mon", at=time or "x")


def test_weekday_unknown_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="no day of the week; did you mean 'Mon'"):
        OnWeekdays("Monday")


@pytest.mark.parametrize("policy", [TimesOfDay, OnWeekdays])
def test_lists_empty_refused(policy: type) -> None:
    with pytest.raises(InputError, match="needs at least one"):
        policy()
