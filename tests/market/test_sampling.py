from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.market import History


def _days(start: str, values: list[float], freq: str = "D") -> History:
    return History(pd.DataFrame({"a": values, "b": values}, index=pd.date_range(start, periods=len(values), freq=freq)))


def test_sample_by_friday_weeks_holds_the_weekend_before():
    history = _days("2024-01-01", [float(day) for day in range(1, 17)])  # Monday 1 to Tuesday 16 January
    assert history.sample("W-FRI").times.day.tolist() == [5, 12, 16]


def test_sample_by_month_is_the_last_row_of_each_month_under_its_own_date():
    history = _days("2024-01-01", [float(day) for day in range(80)], "B")
    times = history.sample("ME").times
    assert [str(stamp.date()) for stamp in times] == ["2024-01-31", "2024-02-29", "2024-03-29", "2024-04-19"]


def test_sample_takes_the_last_joint_row_and_apart_each_columns_own():
    frame = pd.DataFrame({"a": range(10), "b": range(10)}, index=pd.bdate_range("2024-01-01", periods=10), dtype=float)
    frame.loc["2024-01-05", "b"] = np.nan
    history = History(frame)
    assert history.sample("W-FRI").prices.iloc[0].tolist() == [3.0, 3.0]
    assert history.sample("W-FRI").times[0] == pd.Timestamp("2024-01-04")
    assert history.sample_apart("W-FRI").prices.iloc[0].tolist() == [4.0, 3.0]
    assert history.sample_apart("W-FRI").times[0] == pd.Timestamp("2024-01-05")


def test_sample_apart_of_a_column_with_an_empty_week_leaves_a_gap():
    frame = pd.DataFrame({"a": range(10), "b": range(10)}, index=pd.bdate_range("2024-01-01", periods=10), dtype=float)
    frame.loc[:"2024-01-05", "b"] = np.nan
    apart = History(frame).sample_apart("W-FRI").prices
    assert np.isnan(apart.iloc[0, 1])
    assert apart.iloc[1].tolist() == [9.0, 9.0]


def test_sample_daily_leaves_daily_rows_and_takes_the_last_of_each_day_otherwise():
    daily = _days("2024-01-01", [1.0, 2.0, 3.0])
    assert daily.sample("1D") is daily
    hourly = _days("2024-01-01", [float(hour) for hour in range(48)], "h")
    assert hourly.sample("1D").prices["a"].tolist() == [23.0, 47.0]
    assert hourly.sample("W-FRI").prices["a"].tolist() == [47.0]


def test_sample_of_a_week_with_times_of_day_counts_friday_evening_to_that_week():
    index = pd.DatetimeIndex(["2024-01-05 16:00", "2024-01-08 16:00"])
    history = History(pd.DataFrame({"a": [1.0, 2.0]}, index=index))
    assert len(history.sample("W-FRI").times) == 2


@pytest.mark.parametrize("every", ["weekly", "", "0D", "-1W", "M", None, 5])
def test_sample_by_something_else_names_the_periods(every: object):
    with pytest.raises(InputError, match="is not a period; write 1D, W-FRI, ME, QE or YE"):
        _days("2024-01-01", [1.0, 2.0]).sample(every)  # type: ignore[arg-type]
