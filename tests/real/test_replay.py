"""Straddles on the S&P 500 fund from 1999 to 2016, and the crude oil option of 2015 through the fall of 2014."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from data import shared_data
from hedgerow.costs import HalfSpread, PerContract
from hedgerow.engine import BookExecution, BookRun, ReplayMarket, ReplayUnderlying, RollingBook, replay_book
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import Book, EuropeanOption, Future
from hedgerow.market import History
from hedgerow.market.surface import DeltaPillars
from hedgerow.policies import EveryPeriods, ToleranceBand


def daily(name: str) -> pd.DataFrame:
    return pd.read_csv(shared_data(name), index_col=0, parse_dates=True)


@cache
def spy() -> ReplayMarket:
    closes, rates = daily("spy_daily.csv")["close"], daily("us_treasury_par_yields_daily.csv")["BC_3MONTH"]
    table = pd.DataFrame({"spy": closes, "vix": daily("vix_index_daily.csv")["close"], "bill": rates})
    paid = daily("spy_dividends.csv")["implied_dividend"].dropna()
    days = closes.index  # the file dates a dividend by the last day with it
    ex = {days[int(days.searchsorted(day, side="right"))]: float(money) for day, money in paid.items() if money > 0.0}  # type: ignore[call-overload]
    spy = ReplayUnderlying("spy", "vix", vol_unit=0.01, dividends=ex)
    return ReplayMarket(History(table.loc[days]), {"SPY": spy}, "bill", 0.01, start="1999-01-01")


@cache
def straddles(quantity: float, width: float | None) -> BookRun:
    return replay_book(
        RollingBook.straddle("SPY", quantity, multiplier=100.0),
        spy(),
        hedger=DeltaHedger(),
        policy=EveryPeriods(1) if width is None else ToleranceBand(width),
        costs=HalfSpread(1.0),
        options=BookExecution(lag=1, option_costs=PerContract(0.65) + HalfSpread(100.0)),
    )


def test_eighteen_years_of_straddles_close_their_accounts_and_mirror_each_other() -> None:
    short, long = straddles(-1.0, None), straddles(1.0, None)
    for run in (short, long):
        assert run.ledger.breach() < 1e-12
        assert run.attribution().breach() < 1e-9
    assert len(short.positions) == 2 * (18 * 12 + 1)
    np.testing.assert_array_equal(short.ledger.trades, -long.ledger.trades)
    for label, money in short.ledger.costs.items():
        np.testing.assert_array_equal(money, long.ledger.costs[label])
    lines = short.lines(), long.lines()
    for name in ("book", "hedge", "dividends"):
        np.testing.assert_allclose(lines[0][name], -lines[1][name])
    costs = short.ledger.total_costs.sum()
    np.testing.assert_allclose(short.pnl + long.pnl, -2.0 * costs, rtol=0.2)  # interest on costs besides


def test_straddles_lose_on_gamma_what_they_earn_in_theta_with_the_sides_reversed() -> None:
    for quantity in (-1.0, 1.0):
        parts = {name: float(np.sum(money)) for name, money in straddles(quantity, None).attribution().parts.items()}
        assert quantity * parts["gamma"] > 0.0 > quantity * parts["theta"]


def test_straddles_by_year_add_up_and_a_band_trades_less() -> None:
    every, band = straddles(-1.0, None).by_year(), straddles(-1.0, 10.0).by_year()
    assert every.index.tolist() == list(range(1999, 2017))
    np.testing.assert_allclose(every["pnl"].sum(), straddles(-1.0, None).pnl[0])
    parts = every.drop(columns=["pnl", "trades"]).sum(axis=1)
    np.testing.assert_allclose(parts, every["pnl"], atol=1e-6)
    assert (band["trades"] < 0.7 * every["trades"]).all()
    assert band["cost half_spread"].sum() > every["cost half_spread"].sum()  # costs are negative there
    # the index implies more volatility than came: selling earned, but for what the stamp says of the prices
    assert every["pnl"].sum() > 0.0
    assert straddles(-1.0, 10.0).ledger.breach() < 1e-12
    assert "no option was quoted" in straddles(-1.0, None).synthetic


@cache
def crude(quantity: float) -> tuple[BookRun, DeltaPillars]:
    table = pd.read_csv(shared_data("option_surface_cl_j2015_daily.csv"), parse_dates=["date"])
    pillars = DeltaPillars.from_frame(table)
    history = History(table.set_index("date")[["future_price"]])
    quotes = ReplayUnderlying("future_price", pillars, is_future=True)
    market = ReplayMarket(history, {"CL": quotes}, 0.001, start="2014-08-01", end="2015-01-30")

    class WithFutures(DeltaHedger):
        def hedges(self, book: Book) -> tuple[Any, ...]:
            return (Future("CL", "2015-03-20", multiplier=1000.0),)

        def target(self, view: Any) -> Any:
            found = super().target(view)
            return type(found)(found.holdings / 1000.0, found.sensitivities)

    put = Book([(EuropeanOption("CL", "put", 90.0, "2015-03-17", multiplier=1000.0), quantity)])
    greeks = ("delta", "gamma", "theta", "vega", "vanna", "volga", "charm", "rho")
    run = replay_book(put, market, hedger=WithFutures(), options=BookExecution(lag=1, greeks=greeks))
    return run, pillars


def test_crude_put_is_marked_at_its_own_strike_through_the_fall_of_2014() -> None:
    run, pillars = crude(-10.0)
    expected = pillars.volatility(90.0).loc["2014-08-01":"2015-01-30"]  # type: ignore[misc]
    np.testing.assert_allclose(run.marks.vols[0, :, 0], expected.to_numpy())
    assert run.ledger.breach() < 1e-12
    assert expected.iloc[-1] > 2.0 * expected.iloc[0]


def test_short_crude_put_loses_on_gamma_and_vega_and_its_explanation_closes() -> None:
    short, long = (crude(quantity)[0] for quantity in (-10.0, 10.0))
    explained = short.attribution()
    parts = {name: float(np.sum(money)) for name, money in explained.parts.items()}
    assert explained.breach() < 1e-9
    np.testing.assert_allclose(sum(parts.values()), short.pnl[0])
    assert parts["gamma"] < 0.0 < parts["theta"]
    assert parts["vega"] < 0.0
    assert short.pnl[0] < 0.0
    np.testing.assert_allclose(short.pnl, -long.pnl)  # no costs here
