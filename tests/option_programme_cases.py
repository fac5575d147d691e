"""A market of an index, its volatility and volatility futures, made up, for programmes of options."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from hedgerow.programmes import HedgeProgramme, MarketQuotes, OverlayMarket, Portfolio, SkewModel, hedge_by_name
from hedgerow.programmes.expiries import third_friday
from hedgerow.programmes.monetise import AfterDays, AfterLife, TakeProfit, VolatilityAbove

PORTFOLIO = Portfolio(5_000_000.0, 0.8)
SKEW = SkewModel()

PROGRAMMES: dict[str, HedgeProgramme] = {
    "puts": hedge_by_name("index_puts"),
    "puts in a ladder": hedge_by_name("index_puts", moneyness=0.92, ladder=3),
    "exact puts to expiry": hedge_by_name("index_puts", days=60, roll_days_before=0, listed=False, hedged_fraction=0.5),
    "puts by premium": hedge_by_name("index_puts", delta=0.15, premium_budget=0.004, strike_step=1.0),
    "puts monetised": hedge_by_name(
        "index_puts", monetise=(TakeProfit(1.5, restrike=True), VolatilityAbove(25.0), AfterLife(0.6))
    ),
    "puts after days": hedge_by_name("index_puts", monetise=AfterDays(20, restrike=True), ladder=2),
    "spreads": hedge_by_name("put_spreads"),
    "free collars": hedge_by_name("collars"),
    "collars": hedge_by_name("collars", put_moneyness=0.9, call_delta=0.2, strike_step=0.5),
    "straddles": hedge_by_name("straddles", days=45, roll_days_before=10),
    "vix calls": hedge_by_name("vix_calls", monetise=TakeProfit(2.0)),
    "vix puts sold": hedge_by_name("vix_puts", side="short", moneyness=0.9, roll_days_before=5),
    "vix calls sold": hedge_by_name("vix_calls", side="short"),
    "vxth": hedge_by_name("vxth"),
}
"""Programmes that must keep every law, by what they are."""


@cache
def market(n_dates: int = 700, seed: int = 3) -> OverlayMarket:
    """Return a market with futures from row 40 on, blank on some dates and on every expiry."""
    random = np.random.default_rng(seed)
    dates = pd.bdate_range("2012-01-03", periods=n_dates + 8, name="date").delete([10, 60, 61, 200, 350, 351, 352, 500])
    shocks = random.standard_normal((2, n_dates))
    log_vix = np.empty(n_dates)
    level = np.log(17.0)
    for row in range(n_dates):
        level += 0.03 * (np.log(18.0) - level) + 0.075 * shocks[0, row]
        log_vix[row] = level
    vix = np.exp(log_vix)
    moves = vix / 100.0 / np.sqrt(252.0) * (-0.7 * shocks[0] + 0.7 * shocks[1])
    price = pd.Series(120.0 * np.exp(np.cumsum(0.0003 + moves)), dates)
    futures, expiries = _futures(dates, vix, random)
    rate = pd.Series(np.linspace(0.01, 0.03, n_dates), dates)
    quotes = MarketQuotes(futures, expiries)
    return OverlayMarket.of(price, pd.Series(vix, dates), rate=rate, dividend_yield=0.018, quotes=quotes)


def _futures(dates: pd.DatetimeIndex, vix: object, random: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    months = pd.period_range("2012-01", periods=len(dates) // 20 + 8, freq="M")
    every = pd.DatetimeIndex([pd.Timestamp(third_friday(month.year, month.month)) for month in months])
    known = every - pd.Timedelta(days=30)
    first = known.searchsorted(dates, side="right")
    expiries = np.column_stack([known[first + place] for place in range(4)])
    years = (expiries - dates.to_numpy()[:, None]) / np.timedelta64(365, "D")
    variance = 0.2**2 + (np.asarray(vix)[:, None] ** 2 * 1e-4 - 0.2**2) * np.exp(-3.0 * years)
    prices = 100.0 * np.sqrt(variance) * np.exp(0.01 * random.standard_normal(variance.shape))
    blank = np.isin(dates, known) | (np.arange(len(dates)) < 40) | (random.random(len(dates)) < 0.03)
    prices[blank] = np.nan
    columns = ["M1", "M2", "M3", "M4"]
    return pd.DataFrame(prices, dates, columns), pd.DataFrame(expiries, dates, columns)


def poisoned(known: OverlayMarket, row: int) -> OverlayMarket:
    """Return the market with everything after a row changed, and the calendar kept."""
    later = np.arange(len(known)) > row
    assert known.futures is not None
    return replace(
        known,
        price=np.where(later, known.price * 0.6, known.price),
        vix=np.where(later, known.vix * 2.1, known.vix),
        rate=np.where(later, 0.09, known.rate),
        dividend_yield=np.where(later, 0.05, known.dividend_yield),
        futures=known.futures * np.where(later, 1.7, 1.0)[:, None],
    )
