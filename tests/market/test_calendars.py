from __future__ import annotations

import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.market import missing_sessions, trading_days


def test_trading_days_of_new_york_in_2020_number_253():
    days = trading_days("NYSE", "2020-01-01", "2020-12-31")  # 262 weekdays less 9 holidays
    assert len(days) == 253
    assert days.tz is None
    assert pd.Timestamp("2020-12-25") not in days


def test_missing_sessions_are_trading_days_without_a_row():
    days = trading_days("NYSE", "2020-01-01", "2020-01-31")
    assert missing_sessions(days, "NYSE").empty
    assert list(missing_sessions(days.delete(5), "NYSE")) == [days[5]]
    evenings = days.delete(5) + pd.Timedelta(hours=16)
    assert list(missing_sessions(evenings, "NYSE")) == [days[5]]


def test_calendar_unknown_names_close_ones():
    with pytest.raises(InputError, match="no calendar 'nyse1'; did you mean 'NYSE'"):
        trading_days("nyse1", "2020-01-01", "2020-12-31")
    with pytest.raises(InputError, match="start 2021-01-01 is after end 2020-01-01"):
        trading_days("NYSE", "2021-01-01", "2020-01-01")
