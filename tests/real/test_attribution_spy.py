"""A 30-day straddle on SPY, priced from the VIX of the day (synthetic), through the crash week of October 2008."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import shared_data
from hedgerow.attribution import Moves, attribution_test, explain, taylor_terms
from hedgerow.instruments import Book, MarketState, Underlying, straddle
from hedgerow.pricing import black_scholes

CRASH = ("2008-10-03", "2008-10-10")


def closes() -> pd.DataFrame:
    found = {
        name: pd.read_csv(shared_data(file), parse_dates=["date"], index_col="date")["close"]
        for name, file in (("spot", "spy_daily.csv"), ("vol", "vix_index_daily.csv"))
    }
    return pd.DataFrame(found).dropna().assign(vol=lambda frame: frame["vol"] / 100.0)


def market(day: str, row: pd.Series) -> MarketState:
    return MarketState(day, {"SPY": Underlying(float(row["spot"]), float(row["vol"]), rate=0.01)})


@pytest.mark.parametrize("quantity", [-100, 100])
def test_crash_week_leaves_a_large_shown_remainder_while_the_waterfall_closes(quantity: int) -> None:
    prices = closes()
    before, after = (market(day, prices.loc[day]) for day in CRASH)
    strike = round(float(prices.loc[CRASH[0], "spot"]))
    day = explain(Book(straddle("SPY", float(strike), "2008-11-03", quantity=quantity)), before, after)
    left = day.residuals()
    assert left.loc["predict", "share"] > 0.2
    assert abs(left.loc["explain", "residual"]) <= 1e-9 * abs(quantity) * 2 * strike
    assert np.sign(day.predict_totals()["gamma"]) == np.sign(quantity)
    assert np.sign(day.predict_totals()["theta"]) == -np.sign(quantity)
    assert day.predict_totals().drop("total").sum() == pytest.approx(day.pnl)


def test_greeks_follow_the_profit_of_a_year_of_days_and_the_history_says_so() -> None:
    prices = closes().loc["2012-01-01":"2012-12-31"]  # type: ignore[misc]
    spot, vol = prices["spot"].to_numpy(), prices["vol"].to_numpy()
    years = np.diff(prices.index.to_numpy()).astype("timedelta64[D]").astype(float) / 365
    actual, predicted = np.zeros(len(years)), np.zeros(len(years))
    for kind in ("call", "put"):
        start = black_scholes.price(kind, spot[:-1], spot[:-1], 30 / 365, vol[:-1], 0.0, 0.0)
        actual += black_scholes.price(kind, spot[1:], spot[:-1], 30 / 365 - years, vol[1:], 0.0, 0.0) - start
        greeks = black_scholes.greeks(kind, spot[:-1], spot[:-1], 30 / 365, vol[:-1], 0.0, 0.0)
        four = {name: getattr(greeks, name) for name in ("delta", "gamma", "theta", "vega")}
        predicted += sum(taylor_terms(four, Moves(np.diff(spot), np.diff(vol), years)).values())
    found = attribution_test(actual, predicted)
    assert found.zone == "green"
    assert found.spearman > 0.99
    assert found.unexplained_ratio < 0.1
