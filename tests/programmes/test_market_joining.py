"""Series on calendars of their own become one market: common dates, counted, and nothing filled forward but rates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError
from hedgerow.programmes import MarketQuotes, OverlayMarket

DAYS = pd.bdate_range("2024-07-01", periods=6, name="date")
PRICE = pd.Series([100.0, 101.0, 99.0, 98.0, 99.5, 100.5], DAYS)
VIX = pd.Series([12.0, 12.5, 14.0, 15.0, 13.0, 12.0], DAYS)
THREE_MONTHS, VVIX = VIX + 2.0, VIX * 6.0


def without(series: pd.Series, *rows: int) -> pd.Series:
    return series.drop(series.index[list(rows)])


@pytest.mark.parametrize(
    ("price", "vix", "kept"),
    [
        (without(PRICE, 3), VIX, [0, 1, 2, 4, 5]),
        (PRICE, without(VIX, 2, 3), [0, 1, 4, 5]),
        (without(PRICE, 0), without(VIX, 5), [1, 2, 3, 4]),
        (PRICE.where(PRICE != 98.0), VIX, [0, 1, 2, 4, 5]),
    ],
)
def test_date_that_one_series_lacks_leaves_and_is_counted(price: pd.Series, vix: pd.Series, kept: list[int]) -> None:
    market = OverlayMarket.of(price, vix)
    assert list(market.dates) == list(DAYS[kept])
    assert market.price.tolist() == PRICE.iloc[kept].tolist()
    assert market.vix.tolist() == VIX.iloc[kept].tolist()
    assert market.dropped == len(DAYS) - len(kept)


def test_other_volatility_indices_are_never_filled_forward() -> None:
    quotes = MarketQuotes(volatilities={93: without(THREE_MONTHS, 2)}, vol_of_vol=without(VVIX, 4))
    market = OverlayMarket.of(PRICE, VIX, quotes=quotes)
    kept = [0, 1, 3, 5]
    assert list(market.dates) == list(DAYS[kept])
    assert market.volatilities[93].tolist() == THREE_MONTHS.iloc[kept].tolist()
    assert market.vol_of_vol is not None
    assert market.vol_of_vol.tolist() == VVIX.iloc[kept].tolist()
    assert market.dropped == 2


def test_own_portfolio_with_another_holiday_leaves_that_date_out() -> None:
    market = OverlayMarket.of(PRICE, VIX, quotes=MarketQuotes(portfolio=without(PRICE, 1) * 7.0))
    assert market.dropped == 1
    assert market.wealth.tolist() == (PRICE.drop(DAYS[1]) / 100.0).tolist()


def test_index_that_begins_after_the_market_is_refused_and_does_not_shorten_it() -> None:
    with pytest.raises(DataError, match="vol_of_vol has no value on or before 2024-07-01"):
        OverlayMarket.of(PRICE, VIX, quotes=MarketQuotes(vol_of_vol=VVIX.iloc[2:]))


def test_rate_alone_stands_until_the_next_is_known() -> None:
    rate = pd.Series([0.05, 0.04], [DAYS[0] - pd.Timedelta(days=3), DAYS[3]])
    market = OverlayMarket.of(PRICE, VIX, rate=rate)
    assert market.rate.tolist() == [0.05, 0.05, 0.05, 0.04, 0.04, 0.04]
    assert np.array_equal(OverlayMarket.of(PRICE, VIX, rate=rate.iloc[:1]).rate[:3], market.rate[:3])


def test_series_that_share_no_date_are_refused_by_name() -> None:
    far = VIX.set_axis(VIX.index + pd.Timedelta(days=90))
    with pytest.raises(DataError, match="no date has all of price, vix"):
        OverlayMarket.of(PRICE, far)


def test_market_prints_its_span_and_what_it_quotes_beside_the_index() -> None:
    assert repr(OverlayMarket.of(PRICE, VIX)) == "<OverlayMarket of 6 dates, 2024-07-01 to 2024-07-08>"
    quoted = OverlayMarket.of(PRICE, VIX, quotes=MarketQuotes(volatilities={93: THREE_MONTHS}, vol_of_vol=VVIX))
    assert repr(quoted).endswith("2024-07-08, with vol_of_vol, volatility of 93 days>")
