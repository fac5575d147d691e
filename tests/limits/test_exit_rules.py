"""When to leave a position: what each rule fires on, how rules join, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.limits import (
    EXITS,
    ExitBeforeEvents,
    ExitBeforeExpiry,
    ExitMoment,
    ExitOnProfit,
    ExitOnTrackingError,
    RollToNextExpiry,
    ScaleDown,
)
from hedgerow.market import Event, EventCalendar


def moment(at: str = "2026-12-07 16:00", **money: Any) -> ExitMoment:
    given = {"profit": [0.0, 0.0], "costs": [10.0, 10.0], "tracking_error": [0.0, 0.0], "notional": [1000.0, 1000.0]}
    ready = {name: np.array(money.get(name, each)) for name, each in given.items()}
    return ExitMoment(pd.Timestamp(at), np.array(money.get("days_left", [7.0, 8.0, np.inf])), **ready)


def test_before_expiry_fires_for_what_is_near_and_never_without_expiry() -> None:
    assert ExitBeforeExpiry(7).fires(moment()).tolist() == [[True, False, False]] * 2


def test_profit_of_exactly_twice_the_costs_does_not_fire_and_no_costs_never_do() -> None:
    assert ExitOnProfit(2.0).fires(moment(profit=[20.0, 20.01]))[:, 0].tolist() == [False, True]
    assert not ExitOnProfit(2.0).fires(moment(profit=[20.0, 20.0], costs=[0.0, 0.0])).any()


def test_tracking_error_is_measured_against_notional() -> None:
    now = moment(tracking_error=[50.0, 50.0], notional=[1000.0, 999.0])
    assert ExitOnTrackingError(0.05).fires(now)[:, 0].tolist() == [False, True]


def test_events_fire_in_their_window_once_they_are_announced() -> None:
    rule = ExitBeforeEvents.on("2026-12-09", weekdays=2, name="FOMC")
    days = ("2026-12-04", "2026-12-07", "2026-12-08", "2026-12-09")
    assert [bool(rule.fires(moment(f"{day} 16:00")).all()) for day in days] == [False, True, True, False]
    assert rule.reason == "before FOMC"
    late = Event("2026-12-09", "FOMC", 0.0, 2, announced="2026-12-08 10:00")
    assert not ExitBeforeEvents(EventCalendar((late,))).fires(moment()).any()


def test_scale_holds_the_last_row_reached() -> None:
    now = moment(days_left=[30.0, 21.0, 10.0, 7.0])
    assert ScaleDown().leaves(now)[0].tolist() == [1.0, 0.75, 0.5, 0.0]


def test_rules_join_and_print_as_the_code_that_makes_them() -> None:
    now = moment(profit=[100.0, 0.0])
    either = ExitBeforeExpiry(7) | ExitOnProfit(2)
    both = ExitBeforeExpiry(7) & ExitOnProfit(2)
    assert either.fires(now).tolist() == [[True] * 3, [True, False, False]]
    assert both.fires(now).tolist() == [[True, False, False], [False] * 3]
    assert (either.leaves(now) == ~either.fires(now)).all()
    assert (both.leaves(now) == ~both.fires(now)).all()
    assert repr(either & ScaleDown()).startswith("(ExitBeforeExpiry(days=7.0) | ExitOnProfit(times_costs=2.0)) & Scale")
    assert [each.reason for each in (either | ScaleDown()).alternatives()] == [
        "7 days to expiry", "profit over 2 x costs", "scaled down",
    ]  # fmt: skip
    assert (RollToNextExpiry(ExitBeforeExpiry(7), 2) & ExitOnProfit(2)).rolls_months == 2


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ExitBeforeExpiry(0), "days of ExitBeforeExpiry must be a number above 0, not 0"),
        (lambda: ExitOnTrackingError(float("nan")), "must be a number above 0"),
        (lambda: ExitBeforeEvents.on(), "needs a date"),
        (lambda: ScaleDown(((7.0, 0.5), (14.0, 0.2))), "both falling"),
        (lambda: ScaleDown(((7.0, 1.5),)), "both falling"),
        (lambda: RollToNextExpiry("weekly"), "rule must be an ExitRule"),
        (lambda: RollToNextExpiry(ExitBeforeExpiry(7), 0), "months must be"),
    ],
)
def test_exit_that_is_none_is_refused_in_a_sentence(make: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        make()


def test_every_rule_has_a_name_in_studies() -> None:
    assert set(EXITS) == {"before_expiry", "profit", "tracking_error", "before_events", "scale_down", "roll"}
