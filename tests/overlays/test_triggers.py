"""Triggers: when a rebalance is due, to the tie and to the holiday."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.overlays import DrawdownCrossed, EveryDays, Monthly, RelativeMove, SignalMove, Signals, Trigger, Weekly
from overlays.shaping_oracle import EVERY_TRIGGER, signals_of


def due(trigger: Trigger, dates: pd.DatetimeIndex, price: list[float] | None = None) -> list[str]:
    prices = np.ones(len(dates)) if price is None else np.asarray(price, float)
    signals = Signals.of({"price": pd.Series(prices, dates)})
    return [str(day.date()) for day in signals.dates[trigger.watched(signals) != 0.0]]


def test_weekly_with_a_holiday_friday_is_due_on_the_thursday() -> None:
    dates = pd.bdate_range("2024-03-25", "2024-04-12").drop(pd.Timestamp("2024-03-29"))  # Good Friday
    assert due(Weekly(), dates) == ["2024-03-28", "2024-04-05", "2024-04-12"]


def test_weekly_with_a_holiday_monday_changes_nothing() -> None:
    dates = pd.bdate_range("2024-05-20", "2024-06-05").drop(pd.Timestamp("2024-05-27"))
    assert due(Weekly(), dates) == ["2024-05-24", "2024-05-31"]


@pytest.mark.parametrize(
    ("last", "counts"), [("2024-03-27", False), ("2024-03-28", False), ("2024-03-29", True), ("2024-03-31", True)]
)
def test_weekly_on_the_last_row_counts_from_friday_on(last: str, counts: bool) -> None:
    assert (last in due(Weekly(), pd.date_range("2024-03-25", last))) is counts


def test_weekly_counts_sunday_with_the_days_before_it() -> None:
    dates = pd.DatetimeIndex(["2024-01-05", "2024-01-06", "2024-01-07", "2024-01-08"])
    assert due(Weekly(), dates) == ["2024-01-07"]


def test_weekly_over_a_turn_of_the_year_is_the_iso_week() -> None:
    dates = pd.bdate_range("2019-12-23", "2020-01-17")
    weeks = dates.isocalendar()
    last = dates.to_series().groupby([weeks["year"].to_numpy(), weeks["week"].to_numpy()]).last()
    assert due(Weekly(), dates) == [str(day.date()) for day in last]


def test_weekly_skips_a_week_that_has_no_signal_date() -> None:
    dates = pd.DatetimeIndex(["2024-01-02", "2024-01-16", "2024-01-17"])
    assert due(Weekly(), dates) == ["2024-01-02"]


def test_monthly_is_due_on_the_last_signal_date_of_each_month() -> None:
    dates = pd.bdate_range("2024-01-29", "2024-04-15").drop(pd.Timestamp("2024-03-29"))
    assert due(Monthly(), dates) == ["2024-01-31", "2024-02-29", "2024-03-28"]


@pytest.mark.parametrize(("last", "counts"), [("2024-03-28", False), ("2024-03-29", True), ("2024-03-31", True)])
def test_monthly_on_the_last_row_counts_where_no_weekday_is_left(last: str, counts: bool) -> None:
    assert (last in due(Monthly(), pd.date_range("2024-03-20", last))) is counts


def test_drawdown_crossed_fires_once_and_again_after_a_recovery() -> None:
    dates = pd.bdate_range("2024-01-01", periods=9)
    price = [100, 96, 94.9, 90, 93, 95.5, 94, 110, 104]
    assert due(DrawdownCrossed(0.05), dates, price) == ["2024-01-03", "2024-01-09", "2024-01-11"]


def test_drawdown_of_exactly_the_size_has_not_crossed_it() -> None:
    dates = pd.bdate_range("2024-01-01", periods=3)
    assert due(DrawdownCrossed(0.05), dates, [100, 95, 94]) == ["2024-01-03"]
    assert due(DrawdownCrossed(0.3), dates, [1.1, 0.77, 0.77]) == []  # 1 - 0.77 / 1.1 is 0.30000000000000004


def test_every_days_watches_the_date_whatever_the_hour() -> None:
    dates = pd.DatetimeIndex(["2024-01-01 16:00", "2024-01-08 09:00"])
    watched = EveryDays(7).watched(Signals.of({"vix": pd.Series([1.0, 2.0], dates)}))
    assert np.diff(watched).tolist() == [7.0]


@pytest.mark.parametrize("trigger", EVERY_TRIGGER, ids=repr)
def test_what_a_trigger_watches_is_finite_and_uses_no_later_value(trigger: Trigger) -> None:
    signals, cut = signals_of(3, 120), 80
    level = trigger.watched(signals)
    assert level.shape == (120,)
    assert np.isfinite(level).all()
    early = np.arange(120) < cut
    later = signals.with_values("vix", np.where(early, signals["vix"], 77.0))
    later = later.with_values("price", np.where(early, signals["price"], 1.0))
    np.testing.assert_array_equal(trigger.watched(later)[:cut], level[:cut])
    assert set(trigger.needs) <= {"vix", "price"}


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: SignalMove(-1.0), "points of SignalMove"),
        (lambda: SignalMove(float("nan")), "points of SignalMove"),
        (lambda: SignalMove(True), "points of SignalMove"),
        (lambda: RelativeMove(float("inf")), "share of RelativeMove"),
        (lambda: EveryDays(0), "days of EveryDays"),
        (lambda: EveryDays(1.5), "days of EveryDays"),  # type: ignore[arg-type]
        (lambda: DrawdownCrossed(0.0), "above 0 and below 1"),
        (lambda: DrawdownCrossed(5.0), "0.05 is 5 %"),
    ],
)
def test_trigger_with_a_size_that_is_none_is_refused(make: Callable[[], Trigger], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        make()
