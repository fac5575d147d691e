"""The volatility market on real data: SPY, the VIX, its futures, and S&P 500 options of January 2011."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.errors import DataError
from hedgerow.market.volatility import (
    ESTIMATORS,
    constant_maturity,
    contango_share,
    curve_measures,
    ex_ante_premium,
    ex_post_premium,
    flat_bars,
    implied_standing,
    minutes_as_years,
    model_free_variance,
    realised_volatility,
    volatility_cone,
    volatility_index,
)


def daily(name: str) -> pd.DataFrame:
    return pd.read_csv(shared_data(name), parse_dates=["date"], index_col="date")


def spx_index(day: str) -> float:
    """Return the 30-day index of a day's closing quotes: monthly expiries, settled at 8:30, bill yields between."""
    chain = pd.read_csv(shared_data("spx_chain_2011_01.csv")).rename(columns={"call/put": "kind"})
    yields = pd.read_csv(shared_data("fred_dgs_yields_daily.csv"), index_col="date").loc[day, ["DGS1MO", "DGS3MO"]]
    terms = []
    for expiry in ("2011-01-21", "2011-02-18"):
        years = minutes_as_years(f"{day} 15:15", f"{expiry} 08:30")
        rate = float(np.interp(years, [1 / 12, 3 / 12], yields.astype(float))) / 100
        quotes = chain[(chain["date"] == day) & (chain["option_expiration"] == expiry)]
        terms.append(model_free_variance(quotes, years=years, rate=rate))
    return volatility_index(*terms).index


@pytest.mark.parametrize(
    ("day", "difference"),
    [
        ("2011-01-03", -0.006),
        ("2011-01-04", 0.001),
        ("2011-01-05", -0.006),
        ("2011-01-06", -0.006),
        ("2011-01-07", 0.021),
    ],
)
def test_index_of_the_option_strip_stands_beside_the_published_vix(day, difference) -> None:
    published = daily("vix_index_daily.csv").loc[day, "close"]
    found = spx_index(day) - published
    assert abs(found) < 0.03
    assert found == pytest.approx(difference, abs=1e-3)


def test_vix_bars_before_their_opens_can_be_trusted_are_refused_and_flat_ones_flagged() -> None:
    vix = daily("vix_index_daily.csv")
    with pytest.raises(DataError, match=r"open lies outside high and low on 1992-02-11 \(and on \d+ later dates\)"):
        realised_volatility(vix, estimator="yang_zhang")
    assert flat_bars(vix.loc[:"1991"]).all()
    later = vix.loc["2006-03":]
    assert not flat_bars(later).all()
    assert realised_volatility(later, estimator="yang_zhang").iloc[-1] > 0.5


def test_spy_estimators_agree_on_the_level_and_ranges_miss_the_overnight_gap() -> None:
    spy = daily("spy_daily.csv").loc["2006":]
    level = {name: realised_volatility(spy, estimator=name, window=252).iloc[-1] for name in ESTIMATORS}
    assert level["yang_zhang"] == pytest.approx(level["close_to_close"], rel=0.15)
    assert level["garman_klass_gap"] > level["garman_klass"]
    assert level["parkinson"] < level["close_to_close"]
    table = pd.DataFrame({name: realised_volatility(spy, estimator=name, window=252).dropna() for name in ESTIMATORS})
    assert table.corr().loc["close_to_close"].min() > 0.95


def test_spy_cone_narrows_upwards_and_holds_the_crisis_as_its_maximum() -> None:
    cone = volatility_cone(daily("spy_daily.csv"), estimator="close_to_close")
    assert (np.diff(cone["maximum"]) < 0).all()
    assert (np.diff(cone["minimum"]) > 0).all()
    assert cone.loc[21, "maximum"] > 0.8


def test_variance_premium_of_the_vix_over_spy_was_positive_most_days() -> None:
    implied, spy = daily("vix_index_daily.csv")["close"] / 100, daily("spy_daily.csv")
    after, before = ex_post_premium(implied, spy), ex_ante_premium(implied, spy)
    assert after.mean_points == pytest.approx(3.9, abs=1.0)
    assert after.share_positive > 0.8
    assert before.share_positive > 0.8
    worst = after.table["points"].idxmin()
    assert pd.Timestamp("2008-09-01") < worst < pd.Timestamp("2008-10-31")
    assert (after.table["known_on"] > after.table.index).all()


def test_vix_standing_at_the_end_of_2016_is_the_definition_by_hand() -> None:
    close = daily("vix_index_daily.csv")["close"]
    standing = implied_standing(close)
    last = close.iloc[-252:]
    assert standing.rank == (14.04 - last.min()) / (last.max() - last.min())
    assert standing.percentile == (last < 14.04).sum() / 252
    assert standing.high == 28.14


def futures() -> tuple[pd.DataFrame, pd.DataFrame]:
    table = daily("vix_futures_m1_m8_daily.csv")
    names = [f"M{i}" for i in range(1, 9)]
    expiries = table[[f"exp{i}" for i in range(1, 9)]].apply(pd.to_datetime)
    return table[names], expiries.set_axis(names, axis=1)


def test_vix_futures_stood_in_contango_most_days_and_not_in_the_crisis() -> None:
    measures = curve_measures(*futures())
    assert contango_share(measures) == pytest.approx(0.81, abs=0.03)
    assert contango_share(measures.loc["2008-10"]) == 0.0
    assert contango_share(measures.loc["2013"]) > 0.9
    assert measures["roll_yield_month"].median() < -0.03
    assert measures.loc["2008-10", "ratio_1_3"].max() > 1.3


def test_constant_maturity_of_vix_futures_lies_between_its_contracts() -> None:
    prices, expiries = futures()
    found = constant_maturity(prices, expiries, days=30)
    inside = found[found["status"] == "between"]
    assert len(inside) / len(found) > 0.9
    assert (found.loc[found["price"].isna(), "status"] == "before_first").all()
    rows = np.arange(len(inside))
    table = prices.loc[inside.index]
    ends = [table.to_numpy()[rows, table.columns.get_indexer(inside[side])] for side in ("near", "far")]
    assert (inside["price"] <= np.maximum(*ends) + 1e-9).all()
    assert (inside["price"] >= np.minimum(*ends) - 1e-9).all()
