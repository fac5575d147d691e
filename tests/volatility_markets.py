"""Markets for tests of volatility hedges: made by hand, drawn at random with a futures curve, and the real one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data import shared_data
from hedgerow._types import FloatArray
from hedgerow.ledger import Ledger, Terms, record
from hedgerow.programmes import HedgeProgramme, OverlayMarket, Portfolio, PricedProgramme, on_futures_dates
from hedgerow.programmes.market import MarketQuotes


def market_of(price: object, vix: object, rate: float = 0.0, start: str = "2020-01-01") -> OverlayMarket:
    """Return a market of closes on business days."""
    prices = np.asarray(price, dtype=float)
    days = pd.bdate_range(start, periods=len(prices), name="date")
    levels = np.broadcast_to(np.asarray(vix, dtype=float), prices.shape)
    return OverlayMarket.of(pd.Series(prices, days), pd.Series(levels, days), rate=rate, dividend_yield=0.0)


def third_wednesdays(first: str, n_months: int) -> pd.DatetimeIndex:
    """Return the third Wednesday of each month."""
    return pd.date_range(first, periods=n_months, freq="WOM-3WED")


def drawn_market(n_dates: int = 400, seed: int = 5) -> OverlayMarket:
    """Return a random market with rates, dividends, other horizons and eight quoted futures."""
    rng = np.random.default_rng(seed)
    days = pd.bdate_range("2018-01-02", periods=n_dates, name="date")
    log_vix = np.zeros(n_dates)
    shocks = rng.normal(0.0, 0.07, n_dates)
    for row in range(1, n_dates):
        log_vix[row] = 0.97 * log_vix[row - 1] + shocks[row]
    vix = 18.0 * np.exp(log_vix)
    price = 2500.0 * np.exp(np.cumsum(vix / 100.0 / np.sqrt(252.0) * rng.normal(0.0, 0.8, n_dates) + 2e-4))
    expiries = third_wednesdays("2018-01-01", 40)
    place = expiries.searchsorted(days)
    columns = [f"M{number + 1}" for number in range(8)]
    expiry = pd.DataFrame({name: expiries[place + number] for number, name in enumerate(columns)}, index=days)
    ahead = expiry.apply(lambda column: (column - days).dt.days).to_numpy()
    points = 19.0 + (vix[:, None] - 19.0) * np.exp(-ahead / 90.0) + rng.normal(0.0, 0.05, ahead.shape)
    quotes = MarketQuotes(pd.DataFrame(points.round(2), days, columns), expiry, {93: pd.Series(0.8 * vix + 4.0, days)})
    return OverlayMarket.of(
        pd.Series(price, days), pd.Series(vix, days), rate=0.02, dividend_yield=0.018, quotes=quotes
    )


def real_market(start: str = "1998-01-01", positions: int = 0) -> OverlayMarket:
    """Return S&P 500 fund, index, bill rate and futures of the shared data; skips where they are absent."""
    columns = [f"M{number}" for number in range(1, 9)]
    names = [f"exp{number}" for number in range(1, 9)]

    def table(name: str, dates: list[str]) -> pd.DataFrame:
        return pd.read_csv(shared_data(name), parse_dates=dates).set_index("date").loc[start:]

    futures = table("vix_futures_m1_m8_daily.csv", ["date", *names])
    bills = table("us_treasury_par_yields_daily.csv", ["date"])["BC_3MONTH"].dropna() / 100.0
    market = OverlayMarket.of(
        table("spy_daily.csv", ["date"])["close"],
        table("vix_index_daily.csv", ["date"])["close"],
        rate=bills,
        dividend_yield=0.019,
        quotes=MarketQuotes(futures[columns], futures[names]),
    )
    return on_futures_dates(market, positions) if positions else market


def accounts(priced: PricedProgramme, multiplier: FloatArray | float = 1.0) -> Ledger:
    """Return the accounts of a programme held at a multiplier by date; refused by the ledger if they do not close."""
    held = priced.units * np.broadcast_to(np.asarray(multiplier, dtype=float), len(priced.dates))[:, None]
    traded = np.abs(np.diff(held, axis=0, prepend=0.0))
    costs = {label: (traded * money).sum(axis=1)[None] for label, money in priced.costs.items()}
    terms = Terms(priced.dates, priced.slots, ("hedge",), priced.prices, priced.price_changes, priced.carry)
    return record(terms, held[None], np.zeros(len(priced.slots)), costs, rate=0.0)


def same(one: PricedProgramme, other: PricedProgramme) -> bool:
    """Return whether two programmes are equal bit by bit."""
    arrays = ("units", "prices", "price_changes", "worst_loss")
    equal = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
    costs = one.costs.keys() == other.costs.keys() and all(
        np.array_equal(one.costs[label], other.costs[label]) for label in one.costs
    )
    return equal and costs and one.contracts == other.contracts and one.slots == other.slots


def price(hedge: HedgeProgramme, market: OverlayMarket, weight: float = 1.0) -> PricedProgramme:
    """Return a programme priced for a portfolio of 10 million of which a part is exposed."""
    return hedge.priced(market, Portfolio(10_000_000.0, weight))
