"""Expiries become moments and years."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import EuropeanOption, MarketState
from hedgerow.instruments.moments import moment_of, settled, since_midnight, years_between


def test_day_without_a_time_stands_for_its_close() -> None:
    assert moment_of(dt.date(2026, 11, 20), "at") == pd.Timestamp("2026-11-20 16:00")
    assert MarketState("2026-11-20", {}).moment == pd.Timestamp("2026-11-20 16:00")


def test_moment_with_a_time_stays_itself() -> None:
    assert moment_of(pd.Timestamp("2026-11-20 15:55"), "at") == pd.Timestamp("2026-11-20 15:55")


def test_settlement_time_moves_the_moment_of_a_day() -> None:
    assert settled("2027-01-15", "09:30", "") == pd.Timestamp("2027-01-15 09:30")
    assert since_midnight(dt.time(9, 30)) == pd.Timedelta(hours=9, minutes=30)


@pytest.mark.parametrize(
    ("expiry", "close"),
    [
        ("2014-01-18", "2014-01-17 16:00"),  # the Saturday on which listed options expired
        ("2026-11-27", "2026-11-27 13:00"),  # the short session after Thanksgiving
        ("2026-11-25", "2026-11-25 16:00"),
    ],
)
def test_calendar_settles_on_the_last_session_at_its_close(expiry: str, close: str) -> None:
    assert settled(expiry, "", "NYSE") == pd.Timestamp(close)


def test_years_are_days_over_365_and_five_minutes_count() -> None:
    ends = np.array(["2027-11-20T16:00", "2026-11-20T16:05", "NaT"], dtype="M8[us]")
    years = years_between(np.datetime64("2026-11-20T16:00"), ends)
    assert years == pytest.approx([1.0, 5.0 / (365 * 24 * 60), 0.0], rel=1e-15)


@pytest.mark.parametrize(
    ("expiry", "terms", "sentence"),
    [
        ("soon", {}, "expiry 'soon' is not a date; write it as YYYY-MM-DD"),
        ("2027-01-15", {"settlement_time": "4 pm"}, "settlement_time '4 pm' is not a time of day"),
        ("2027-01-15", {"calendar": "NYSEE"}, "there is no calendar 'NYSEE'; did you mean"),
        (pd.NaT, {}, "expiry NaT is not a date"),
    ],
)
def test_expiry_that_cannot_be_read_is_refused(expiry: object, terms: dict[str, str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        EuropeanOption("SPX", "call", 100.0, expiry, **terms)
