"""The variance risk premium: what was known when, alignment by hand, units."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.market.volatility import ex_ante_premium, ex_post_premium, realised_volatility
from laws import find_look_ahead
from market.volatility.sessions import bars_from, daily_bars


@pytest.fixture
def bars() -> pd.DataFrame:
    return daily_bars(np.random.default_rng(1), 120, steps=8)


@pytest.fixture
def implied(bars) -> pd.Series:
    return pd.Series(0.16 + 0.02 * np.random.default_rng(2).uniform(size=120), bars.index)


def test_ex_ante_premium_is_implied_less_trailing_realised(bars, implied) -> None:
    premium = ex_ante_premium(implied, bars, estimator="yang_zhang")
    realised = realised_volatility(bars, estimator="yang_zhang")
    row = premium.table.loc[bars.index[50]]
    assert row["realised"] == realised.iloc[50]
    assert row["points"] == pytest.approx(100 * (implied.iloc[50] - realised.iloc[50]), rel=1e-12)
    assert row["variance"] == pytest.approx(implied.iloc[50] ** 2 - realised.iloc[50] ** 2, rel=1e-12)
    assert premium.known_at_date
    assert (len(premium.table), premium.left_out) == (99, 21)


def test_ex_post_premium_uses_the_bars_after_its_date_and_says_when_it_is_known(bars, implied) -> None:
    premium = ex_post_premium(implied, bars, horizon=5)
    moves = np.diff(np.log(bars["close"].to_numpy()))
    row = premium.table.loc[bars.index[50]]
    assert row["realised"] == pytest.approx(np.sqrt(252 * np.mean(moves[50:55] ** 2)), rel=1e-12)
    assert row["known_on"] == bars.index[55]
    assert not premium.known_at_date
    assert (len(premium.table), premium.left_out) == (115, 5)
    assert premium.table["known_on"].iloc[-1] == bars.index[-1]


def test_ex_ante_premium_never_looks_ahead_and_ex_post_does(bars) -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.normal(size=(90, 4)), pd.bdate_range("2024-01-01", periods=90))
    level = pd.Series(0.2, table.index)

    def decided(known: pd.DataFrame, figure) -> pd.DataFrame:
        prices = bars_from(known)
        return figure(level.reindex(known.index), prices, horizon=10).table[["points", "variance"]]

    assert find_look_ahead(lambda known: decided(known, ex_ante_premium), table, first=30, cuts=15) == []
    assert find_look_ahead(lambda known: decided(known, ex_post_premium), table, first=30, cuts=15) != []


def test_ex_post_premium_is_known_from_known_on_and_not_a_row_earlier(bars, implied) -> None:
    whole = ex_post_premium(implied, bars, horizon=10).table
    row = whole.iloc[20]
    cut = bars.index.get_loc(row["known_on"])
    assert ex_post_premium(implied, bars.iloc[: cut + 1], horizon=10).table.loc[row.name].equals(row)
    assert row.name not in ex_post_premium(implied, bars.iloc[:cut], horizon=10).table.index


def test_summary_figures_are_means_of_the_table(bars, implied) -> None:
    premium = ex_ante_premium(implied, bars)
    assert premium.mean_points == pytest.approx(np.mean(premium.table["points"].to_numpy()))
    assert premium.mean_variance == pytest.approx(np.mean(premium.table["variance"].to_numpy()))
    assert premium.share_positive == np.mean(premium.table["implied"].to_numpy() > premium.table["realised"].to_numpy())


def test_dates_without_a_price_are_left_out_with_a_count_and_do_not_bend_realised(bars, implied) -> None:
    sparse = implied.iloc[::2]
    premium = ex_ante_premium(sparse, bars, horizon=10)
    assert premium.table["realised"].equals(
        realised_volatility(bars, window=10).reindex(premium.table.index).rename("realised")
    )
    assert premium.left_out == 5


def test_implied_volatility_in_points_is_refused(bars, implied) -> None:
    with pytest.raises(InputError, match="divide an index in points by 100"):
        ex_ante_premium(implied * 100, bars)


def test_implied_volatility_that_is_missing_is_refused(bars, implied) -> None:
    implied.iloc[3] = np.nan
    with pytest.raises(DataError, match="implied is missing on 1700-01-04"):
        ex_post_premium(implied, bars)


def test_no_date_in_common_is_refused(bars, implied) -> None:
    later = implied.set_axis(implied.index + pd.Timedelta(days=4000))
    with pytest.raises(DataError, match="no date in common"):
        ex_ante_premium(later, bars)
