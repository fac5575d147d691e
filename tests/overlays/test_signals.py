"""Signals on calendars of their own: joined on common dates, what leaves is counted, nothing is filled forward."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError
from hedgerow.overlays import Signals

WEEK = pd.bdate_range("2024-07-01", periods=5, name="date")
HOLIDAY = pd.Timestamp("2024-07-04")
VIX = pd.Series([12.2, 12.0, 12.1, 12.3, 12.5], WEEK)
PRICE = pd.Series([545.0, 549.0, 551.0, 554.0], WEEK.delete(3))


def test_index_printed_on_a_holiday_of_the_price_leaves_with_a_count() -> None:
    signals = Signals.of({"vix": VIX, "price": PRICE})
    assert HOLIDAY not in signals.dates
    assert signals["vix"].tolist() == [12.2, 12.0, 12.1, 12.5]
    assert signals["price"].tolist() == PRICE.tolist()
    assert signals.dropped == 1
    assert signals.stated == ("1 dates left out on which a signal or the hedge is missing",)


def test_dates_on_which_the_hedge_does_not_trade_leave_with_a_count() -> None:
    signals = Signals.of({"vix": VIX}, hedge_dates=PRICE.index)
    assert list(signals.dates) == list(PRICE.index)
    assert signals.dropped == 1


def test_gap_of_one_signal_is_never_filled_from_the_day_before() -> None:
    gappy = VIX.copy()
    gappy.iloc[1] = np.nan
    signals = Signals.of({"vix": gappy, "price": PRICE})
    assert signals.dropped == 2
    assert list(signals.dates) == [WEEK[0], WEEK[2], WEEK[4]]


def test_values_that_are_blank_later_leave_the_past_as_it_was() -> None:
    later = VIX.copy()
    later.iloc[3:] = np.nan
    whole, cut = Signals.of({"vix": VIX}), Signals.of({"vix": later})
    assert np.array_equal(cut["vix"], whole["vix"][:3])
    assert cut.dropped == 2


def test_rows_of_signals_keep_what_was_said_of_them() -> None:
    signals = Signals.of({"vix": VIX, "price": PRICE}, delays={"vix": 1})
    some = signals.rows(slice(1, 3))
    assert list(some.dates) == list(signals.dates[1:3])
    assert some["vix"].tolist() == signals["vix"].tolist()[1:3]
    assert (some.stated, some.delays, some.dropped) == (signals.stated, {"vix": 1}, 2)


def test_signals_without_a_common_date_are_refused() -> None:
    with pytest.raises(DataError, match="no date has all signals vix, price"):
        Signals.of({"vix": VIX, "price": PRICE.set_axis(PRICE.index + pd.Timedelta(days=30))})
