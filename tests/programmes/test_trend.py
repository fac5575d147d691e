"""Trend following: direction, size, carry, when it trades."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.programmes import TrendFollowing
from hedgerow.programmes.trend import carried_changes, period_begins
from volatility_markets import drawn_market, market_of, price

MARKET = drawn_market()


def test_trend_units_follow_the_formula_at_the_close_before_each_month() -> None:
    """Worked date by date: sign of the excess return of 60 dates, over the volatility of 20, of exposed money."""
    hedge = TrendFollowing(lookback_days=60, volatility_window=20, max_leverage=1.5)
    units = price(hedge, MARKET).units[:, 0]
    excess = carried_changes(MARKET)[1:] / MARKET.price[:-1]
    for row in range(1, len(MARKET)):
        if MARKET.dates[row].month == MARKET.dates[row - 1].month:
            assert units[row] == units[row - 1]
            continue
        decided = row - 1
        if decided < 60:
            assert units[row] == 0.0
            continue
        sigma = np.sqrt(252.0 * np.mean(excess[decided - 20 : decided] ** 2))
        side = np.sign(np.prod(1.0 + excess[decided - 60 : decided]) - 1.0)
        size = min(0.10 / sigma, 1.5) * 10_000_000.0 * MARKET.wealth[decided] / MARKET.price[decided]
        assert units[row] == pytest.approx(side * size, rel=1e-12)
    assert len(set(np.sign(units))) == 3


def test_trend_skip_leaves_out_the_latest_dates() -> None:
    """A crash inside the skipped dates does not turn the position."""
    price_path = 100.0 * 1.001 ** np.arange(300)
    price_path[-25:] *= 0.6
    market = market_of(price_path, 20.0)
    assert price(TrendFollowing(100, volatility_window=20, rebalance="weekly"), market).units[-1, 0] < 0.0
    skipping = TrendFollowing(100, skip=40, volatility_window=20, rebalance="weekly")
    assert price(skipping, market).units[-1, 0] > 0.0


def test_trend_leverage_of_a_still_index_is_its_limit() -> None:
    """A rise of 0.001 % a day has hardly a volatility: leverage 2 and not infinity."""
    market = market_of(100.0 * 1.00001 ** np.arange(120), 20.0)
    units = price(TrendFollowing(40, volatility_window=20), market).units[:, 0]
    row = int(np.flatnonzero(units)[0])
    assert units[row] * market.price[row - 1] == pytest.approx(2.0 * 1e7 * market.wealth[row - 1], rel=1e-12)


def test_trend_future_pays_financing_and_earns_dividends() -> None:
    """A still index at 5 % interest loses 5 % x days / 365 of its price when held as a future."""
    market = market_of(np.full(6, 100.0), 20.0, rate=0.05)
    assert carried_changes(market)[1:] == pytest.approx(-100.0 * 0.05 * market.years[1:], rel=1e-10)
    assert carried_changes(market)[0] == 0.0


def test_trend_weeks_begin_on_the_first_date_after_a_sunday() -> None:
    """2018-01-02 is a Tuesday: the next weeks begin on the 8th, 15th, 22nd."""
    begins = MARKET.dates[period_begins(MARKET, "weekly")]
    assert [str(day.date()) for day in begins[:3]] == ["2018-01-08", "2018-01-15", "2018-01-22"]
    assert {day.weekday() for day in begins} == {0}


def test_trend_longer_than_the_data_holds_nothing() -> None:
    """The warm-up is no error: the position is 0 throughout."""
    assert not price(TrendFollowing(lookback_days=1000), MARKET).units.any()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"lookback_days": 0}, "lookback_days of trend following must be a whole number of 1 or more, not 0"),
        ({"skip": -1}, "skip of trend following"),
        ({"volatility_window": 1}, "volatility_window of trend following must be a whole number of 2 or more"),
        ({"target_volatility": 0.0}, "target_volatility of trend following must be above 0"),
        ({"max_leverage": float("inf")}, "max_leverage"),
        ({"rebalance": "daily"}, "rebalance must be one of 'monthly', 'weekly', not 'daily'"),
    ],
)
def test_trend_that_is_no_programme_is_refused_by_a_sentence(wrong: dict[str, Any], words: str) -> None:
    """Each names the field, the rule and the value."""
    with pytest.raises(InputError, match=words):
        TrendFollowing(**wrong)
