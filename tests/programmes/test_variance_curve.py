"""Fair variance by horizon: interpolated, from futures, flat; what it refuses; dates without futures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hedgerow.errors import DataError
from hedgerow.programmes import on_futures_dates
from hedgerow.programmes.variance_curve import variance_curve
from volatility_markets import drawn_market, market_of

MARKET = drawn_market(80)


def test_curve_of_the_index_alone_is_flat_and_says_so() -> None:
    """Up to 30 days it is the index; beyond, the index held flat, which is stamped."""
    market = market_of(np.full(5, 100.0), [10.0, 12.0, 15.0, 20.0, 40.0])
    short = variance_curve(market, 30.0)
    assert short.volatility(np.array([1.0, 30.0])) == pytest.approx(np.column_stack([market.vix] * 2), rel=1e-14)
    assert len(short.synthetic) == 1
    long = variance_curve(market, 360.0)
    assert long.volatility(np.array([200.0]))[:, 0] == pytest.approx(market.vix, rel=1e-14)
    assert any("flat" in each for each in long.synthetic)


def test_curve_of_indices_is_linear_in_total_variance() -> None:
    """60 days between 30 and 93: weights 33/63 and 30/63 of total variance."""
    curve = variance_curve(MARKET, 90.0)
    three = MARKET.volatilities[93]
    total = (33.0 * MARKET.vix**2 * 30.0 + 30.0 * three**2 * 93.0) / 63.0
    assert curve.volatility(np.array([60.0]))[:, 0] == pytest.approx(np.sqrt(total / 60.0), rel=1e-13)
    assert curve.volatility(np.array([93.0]))[:, 0] == pytest.approx(three, rel=1e-13)


def test_curve_of_futures_chains_windows_of_thirty_days() -> None:
    """90 days are the index squared and two forward windows, read off the futures by days to expiry."""
    curve = variance_curve(MARKET, 90.0, "futures")
    assert MARKET.futures is not None
    assert MARKET.expiries is not None
    for row in (0, 40, 79):
        days = [0.0, *(MARKET.expiries.iloc[row] - MARKET.dates[row]).dt.days]
        squares = np.array([MARKET.vix[row], *MARKET.futures.iloc[row]]) ** 2
        windows = [np.interp(start, days, squares) for start in (0.0, 30.0, 60.0)]
        assert curve.volatility(np.array([90.0]))[row, 0] == pytest.approx(np.sqrt(np.mean(windows)), rel=1e-13)
    assert any("without their convexity" in each for each in curve.synthetic)


def test_curve_choice_depends_on_what_is_given_and_not_on_values() -> None:
    """Auto takes indices that reach, then futures, then flat."""
    assert not any("futures" in each for each in variance_curve(MARKET, 90.0).synthetic)
    assert any("futures" in each for each in variance_curve(MARKET, 180.0).synthetic)
    assert any("flat" in each for each in variance_curve(replace(MARKET, futures=None), 180.0).synthetic)


def test_curve_beyond_the_last_expiry_is_refused_with_its_date() -> None:
    """Eight months of futures do not reach a year."""
    with pytest.raises(DataError, match=r"360 days needs a volatility future of 323 days or more on 2018-01-02"):
        variance_curve(MARKET, 360.0)
    with pytest.raises(DataError, match="the longest volatility index given looks 93 days ahead"):
        variance_curve(MARKET, 180.0, "indices")


def test_curve_of_futures_without_futures_is_refused() -> None:
    """The sentence says what to give."""
    with pytest.raises(DataError, match=r"no futures on its volatility index; give MarketQuotes\(futures="):
        variance_curve(market_of(np.full(3, 100.0), 20.0), 90.0, "futures")


def test_futures_dates_leave_where_a_near_future_is_blank() -> None:
    """Rows 3 and 5 lack one of the nearest two, row 7 only the third."""
    assert MARKET.futures is not None
    futures = MARKET.futures.copy()
    futures.iloc[3, 0] = futures.iloc[5, 1] = futures.iloc[7, 2] = np.nan
    kept = on_futures_dates(replace(MARKET, futures=futures), 2)
    assert MARKET.dates.difference(kept.dates).tolist() == MARKET.dates[[3, 5]].tolist()
    assert kept.dropped == 2
    assert len(kept.price) == len(kept.vix) == len(kept.volatilities[93]) == 78
