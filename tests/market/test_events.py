"""Event calendars: windows known in advance, factors that multiply, files refused with their line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import ColumnError, DataError, FileError, InputError
from hedgerow.market import Event, EventCalendar

DAYS = pd.bdate_range("2024-01-01", "2024-01-31")


def covered(event: Event) -> list[str]:
    factors = EventCalendar((event,)).factors(DAYS)
    assert set(factors) <= {1.0, event.factor}
    return [str(day.date()) for day in DAYS[factors != 1.0]]


def test_day_before_alone_is_held_over_the_event() -> None:
    assert covered(Event("2024-01-10", "report", 1.5)) == ["2024-01-09"]


def test_monday_event_is_decided_on_the_friday_before() -> None:
    assert covered(Event("2024-01-15", "report", 1.5)) == ["2024-01-12"]


@pytest.mark.parametrize("day", ["2024-01-13", "2024-01-14"])
def test_weekend_event_counts_for_the_monday_after(day: str) -> None:
    assert covered(Event(day, "election", 2.0)) == ["2024-01-12"]


def test_days_after_stay_multiplied() -> None:
    assert covered(Event("2024-01-10", "report", 0.0, days_before=2, days_after=1)) == [
        "2024-01-08",
        "2024-01-09",
        "2024-01-10",
    ]


def test_only_after_begins_at_the_close_of_the_event() -> None:
    assert covered(Event("2024-01-10", "report", 0.5, days_before=0, days_after=2)) == ["2024-01-10", "2024-01-11"]


def test_event_counts_from_its_announcement_on() -> None:
    event = Event("2024-01-10", "meeting", 1.5, days_before=3, announced="2024-01-09")
    assert covered(event) == ["2024-01-09"]


def test_overlapping_events_multiply() -> None:
    calendar = EventCalendar((Event("2024-01-10", "a", 1.5), Event("2024-01-10", "b", 0.5, days_before=2)))
    factors = pd.Series(calendar.factors(DAYS), DAYS)
    assert factors["2024-01-08"] == 0.5
    assert factors["2024-01-09"] == 0.75
    assert factors["2024-01-10"] == 1.0


def test_factor_of_a_day_depends_on_no_other_day() -> None:
    calendar = EventCalendar((Event("2024-01-10", "a", 1.5, 4), Event("2024-01-15", "b", 0.5, 2, 2)))
    whole = calendar.factors(DAYS)
    for cut in range(1, len(DAYS)):
        np.testing.assert_array_equal(calendar.factors(DAYS[:cut]), whole[:cut])


def test_empty_calendar_changes_nothing() -> None:
    np.testing.assert_array_equal(EventCalendar(()).factors(DAYS), np.ones(len(DAYS)))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"date": "soon"}, "the event date 'soon' is not a date"),
        ({"factor": -0.5}, "must be 0 or more, not -0.5"),
        ({"factor": float("nan")}, "must be 0 or more"),
        ({"days_before": -1}, "whole numbers"),
        ({"days_after": 1.5}, "whole numbers"),
        ({"days_before": 0}, "covers no day"),
        ({"announced": "later"}, "the announcement date 'later'"),
    ],
)
def test_event_that_breaks_a_rule_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Event(**({"date": "2024-01-10", "name": "report", "factor": 1.5} | options))  # type: ignore[arg-type]


def test_event_given_twice_refused() -> None:
    with pytest.raises(InputError, match="stands twice on 2024-01-10"):
        EventCalendar((Event("2024-01-10", "report", 1.5), Event("2024-01-10", "report", 1.2)))


def written(folder: Path, *lines: str, header: str = "date,name,factor,before,after") -> Path:
    path = folder / "events.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_calendar_from_a_file_equals_the_one_from_events(tmp_path: Path) -> None:
    path = written(tmp_path, "2024-01-10,crop report,1.25,1,0", "", "2024-01-31, rate decision ,0.8,2,1")
    assert EventCalendar.from_csv(path) == EventCalendar(
        (Event("2024-01-10", "crop report", 1.25, 1, 0), Event("2024-01-31", "rate decision", 0.8, 2, 1))
    )


def test_calendar_from_a_file_with_announcements(tmp_path: Path) -> None:
    header = "name;date;before;after;factor;announced"
    path = written(tmp_path, "a;2024-01-10;1;0;1.5;2024-01-09", "b;2024-01-11;1;0;1.5;", header=header)
    first, second = EventCalendar.from_csv(path).events
    assert first == Event("2024-01-10", "a", 1.5, announced="2024-01-09")
    assert second.announced is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("10 Jan,report,1.5,1,0", "line 3 of .*: date '10 Jan' is not a date"),
        (",report,1.5,1,0", "line 3 of .*: date '' is not a date"),
        ("2024-01-11,,1.5,1,0", "line 3 of .*: the event has no name"),
        ("2024-01-11,report,much,1,0", "line 3 of .*: factor 'much' is not a number"),
        ("2024-01-11,report,-1,1,0", "line 3 of .* must be 0 or more"),
        ("2024-01-11,report,inf,1,0", "line 3 of .* must be 0 or more"),
        ("2024-01-11,report,1.5,one,0", "line 3 of .*: before 'one' is not a whole number"),
        ("2024-01-11,report,1.5,1,0.5", "line 3 of .*: after '0.5' is not a whole number"),
        ("2024-01-11,report,1.5,0,0", "line 3 of .* covers no day"),
        ("2024-01-10,first,1.5,1,0", "line 3 of .* repeats 'first' on 2024-01-10"),
        ("2024-01-11,report,1.5,1", "line 3 of .* has 4 cells where the header has 5"),
    ],
)
def test_line_that_breaks_a_rule_refused_with_its_number(tmp_path: Path, line: str, words: str) -> None:
    path = written(tmp_path, "2024-01-10,first,1.5,1,0", line)
    with pytest.raises(DataError, match=words):
        EventCalendar.from_csv(path)


def test_file_without_a_column_refused(tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match=r"column 'factor' not found in .*events.csv; did you mean 'factors'"):
        EventCalendar.from_csv(written(tmp_path, "2024-01-10,a,1,1,0", header="date,name,factors,before,after"))


def test_missing_file_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        EventCalendar.from_csv(tmp_path / "none.csv")
