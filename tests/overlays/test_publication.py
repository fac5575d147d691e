"""Signals known later than their date: joined by the moment of publication, on the dates of the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from hedgerow.errors import ColumnError, DataError, InputError
from hedgerow.overlays import Signals, VixLinear
from hedgerow.overlays.publication import known_values, time_of_day

DAYS = pd.bdate_range("2024-01-01", periods=12, name="date")
PRICE = pd.Series(100.0 + np.arange(12), DAYS)
FRIDAYS = pd.DatetimeIndex(["2023-12-29", "2024-01-05", "2024-01-12"])
STOCKS = pd.Series([430.0, 431.0, 429.0], FRIDAYS)
WEDNESDAYS = pd.Series(pd.DatetimeIndex(["2024-01-03 10:30", "2024-01-10 10:30", "2024-01-18 11:00"]), FRIDAYS)
VIX = pd.Series(12.0 + np.arange(12), DAYS)
AT_415 = pd.Series(DAYS + pd.Timedelta("16:15:00"), DAYS)


def test_weekly_figure_counts_from_the_close_after_its_publication_until_the_next() -> None:
    signals = Signals.of({"price": PRICE, "stocks": STOCKS}, available_at={"stocks": WEDNESDAYS})
    assert list(signals.dates) == list(DAYS[2:])
    assert signals.dropped == 2
    known = pd.Series(signals["stocks"], signals.dates)
    assert (known["2024-01-03":"2024-01-09"] == 430.0).all()
    assert (known["2024-01-10":] == 431.0).all()
    assert signals.stated == (
        "2 dates left out on which a signal or the hedge is missing",
        "stocks is joined by its moment of publication, decisions at 16:00: on 10 of 12 dates its value is of an "
        "earlier date, 11 days at most",
    )


def test_weekly_figure_joined_by_its_date_would_be_known_days_too_early() -> None:
    """What the moments prevent: by its own date the figure of Friday the 5th is there on that Friday."""
    with pytest.raises(InputError, match=r"a value every 7 days, others every 1: .* say when with available_at"):
        Signals.of({"price": PRICE, "stocks": STOCKS})
    late = Signals.of({"price": PRICE, "stocks": STOCKS}, delays={"stocks": 1})
    assert list(late.dates) == [pd.Timestamp("2024-01-12")]
    by_moment = Signals.of({"price": PRICE, "stocks": STOCKS}, available_at={"stocks": WEDNESDAYS})
    assert by_moment["stocks"][list(by_moment.dates).index(pd.Timestamp("2024-01-05"))] == 430.0


@pytest.mark.parametrize(
    ("decided_at", "first", "late"), [("16:00", 1, 1), ("16:14:59", 1, 1), ("16:15", 0, 0), ("16:30", 0, 0)]
)
def test_volatility_index_of_a_quarter_past_four_is_yesterday_s_at_an_earlier_close(
    decided_at: str, first: int, late: int
) -> None:
    signals = Signals.of({"price": PRICE, "vix": VIX}, available_at={"vix": AT_415}, decided_at=decided_at)
    assert list(signals.dates) == list(DAYS[first:])
    assert signals["vix"].tolist() == VIX.tolist()[: len(VIX) - late]
    assert signals["price"].tolist() == PRICE.tolist()[first:]


def test_index_joined_by_its_moment_equals_one_delayed_by_a_row() -> None:
    by_moment = Signals.of({"price": PRICE, "vix": VIX}, available_at={"vix": AT_415})
    by_delay = Signals.of({"price": PRICE, "vix": VIX}, delays={"vix": 1})
    rule = VixLinear(10, 15)
    assert by_moment.dates.equals(by_delay.dates)
    assert np.array_equal(rule.multiplier(by_moment), rule.multiplier(by_delay))


def test_older_figure_published_late_does_not_replace_a_newer_one() -> None:
    moments = pd.Series(pd.DatetimeIndex(["2024-01-15 09:00", "2024-01-10 10:30", "2024-01-18"]), FRIDAYS)
    known = known_values("stocks", STOCKS, moments, DAYS, "16:00")
    assert np.isnan(known.values[:7]).all()
    assert known.values[7:].tolist() == [431.0] * 5


def test_delay_of_rows_comes_on_top_of_the_moment() -> None:
    once = Signals.of({"price": PRICE, "stocks": STOCKS}, available_at={"stocks": WEDNESDAYS})
    twice = Signals.of({"price": PRICE, "stocks": STOCKS}, available_at={"stocks": WEDNESDAYS}, delays={"stocks": 1})
    assert twice["stocks"].tolist() == once["stocks"].tolist()[:-1]


@settings(max_examples=40, deadline=None)
@given(lags=st.lists(st.integers(0, 120), min_size=12, max_size=12), hour=st.integers(0, 23))
def test_value_of_each_date_is_the_newest_published_by_then(lags: list[int], hour: int) -> None:
    moments = pd.Series(DAYS + pd.to_timedelta(lags, unit="h"), DAYS)
    known = known_values("vix", VIX, moments, DAYS, f"{hour:02d}:00").values
    for day, value in zip(DAYS, known, strict=True):
        published = VIX[(moments <= day + pd.Timedelta(hours=hour)).to_numpy()]
        assert (np.isnan(value) and not len(published)) or value == published.iloc[-1]


def test_later_publications_change_nothing_known_before_them() -> None:
    whole = known_values("stocks", STOCKS, WEDNESDAYS, DAYS, "16:00").values
    other = known_values("stocks", STOCKS * [1.0, 1.0, 1e9], WEDNESDAYS, DAYS, "16:00").values
    fewer = known_values("stocks", STOCKS[:2], WEDNESDAYS[:2], DAYS, "16:00").values
    assert np.array_equal(whole, other, equal_nan=True)
    assert np.array_equal(whole, fewer, equal_nan=True)


def test_signals_that_are_all_published_stand_on_the_dates_of_the_hedge() -> None:
    signals = Signals.of({"stocks": STOCKS}, available_at={"stocks": WEDNESDAYS}, hedge_dates=DAYS)
    assert list(signals.dates) == list(DAYS[2:])
    with pytest.raises(InputError, match="give hedge_dates"):
        Signals.of({"stocks": STOCKS}, available_at={"stocks": WEDNESDAYS})


@pytest.mark.parametrize(
    ("moments", "error", "words"),
    [
        (WEDNESDAYS[:2], DataError, "no moment of publication for 2024-01-12"),
        (WEDNESDAYS - pd.Timedelta(days=9), DataError, "cannot be published before the date"),
        (WEDNESDAYS.dt.tz_localize("America/New_York"), InputError, "tz_convert"),
        (STOCKS, InputError, "Series of moments"),
        (list(WEDNESDAYS), InputError, "Series of moments"),
        (pd.concat([WEDNESDAYS, WEDNESDAYS]), DataError, "repeats a date"),
    ],
)
def test_moments_that_cannot_be_are_refused(moments: pd.Series, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        Signals.of({"price": PRICE, "stocks": STOCKS}, available_at={"stocks": moments})


def test_moments_of_a_signal_that_is_not_there_are_named() -> None:
    with pytest.raises(ColumnError, match="available_at names the signal 'stock'"):
        Signals.of({"price": PRICE, "stocks": STOCKS}, available_at={"stock": WEDNESDAYS})


@pytest.mark.parametrize("text", ["25:00", "noon", "2024-01-01", "16:00+02:00", ""])
def test_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="time of the day"):
        time_of_day(text)
