"""Small hedges and markets for tests of overlays: five days by hand, rolling puts, and arrays at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow.ledger import Carry
from hedgerow.programmes import ContractRecord, HedgeProgramme, OverlayMarket, Portfolio, PricedProgramme

FIVE_DAYS = pd.bdate_range("2024-01-01", periods=5)


def five_day_market(rate: float = 0.0365) -> OverlayMarket:
    """Return five days of an index and its volatility; money grows by 0.0001 a day."""
    price, vix = [100.0, 99.0, 97.0, 98.0, 99.0], [20.0, 30.0, 30.0, 15.0, 20.0]
    return OverlayMarket.of(pd.Series(price, FIVE_DAYS), pd.Series(vix, FIVE_DAYS), rate=rate, dividend_yield=0.0)


def five_day_put() -> PricedProgramme:
    """Return ten puts a day: contract A, rolled on the fourth day at 8.00 into contract B at 4.00."""
    units = np.array([[10.0, 0.0], [10.0, 0.0], [10.0, 0.0], [0.0, 10.0], [0.0, 10.0]])
    prices = np.array([[5.0, 4.0], [6.0, 4.0], [9.0, 4.0], [8.0, 4.0], [8.0, 7.0]])
    changes = np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [-1.0, 0.0], [0.0, 3.0]])
    costs = {"half_spread": np.full((5, 2), 0.10), "commission": np.full((5, 2), 0.05)}
    contracts = (
        ContractRecord("put A", 0, 0, 3, 5.0, 8.0, "rolled"),
        ContractRecord("put B", 1, 3, 5, 4.0, 7.0, "held"),
    )
    carry = (Carry.VALUE, Carry.VALUE)
    return PricedProgramme(
        "put", FIVE_DAYS, ("one", "two"), carry, units, prices, changes, costs, prices, "premium", contracts, ()
    )


@dataclass(frozen=True)
class RollingPut(HedgeProgramme):
    """Puts struck at the index and rolled every so many rows, worth their intrinsic value and a little more."""

    every: int = 5
    size: float = 1.0

    @property
    def name(self) -> str:
        """As printed."""
        return "rolling put"

    def priced(self, market: OverlayMarket, portfolio: Portfolio) -> PricedProgramme:
        """Return two slots that take turns."""
        n = len(market)
        units, prices, changes = np.zeros((n, 2)), np.ones((n, 2)), np.zeros((n, 2))
        struck = np.zeros(2)
        for t in range(n):
            now, old = (t // self.every) % 2, (t // self.every + 1) % 2
            rolls = t % self.every == 0
            if rolls:
                struck[now] = market.price[t]
            units[t, now] = self.size * portfolio.exposed / market.price[0]
            left = 1.0 - (t % self.every) / self.every
            prices[t, now] = self._worth(market, t, struck[now], left)
            if t and not rolls:
                changes[t, now] = prices[t, now] - prices[t - 1, now]
            if t and rolls:
                prices[t, old] = self._worth(market, t, struck[old], 0.05)
                changes[t, old] = prices[t, old] - prices[t - 1, old]
            elif t:
                prices[t, old] = prices[t - 1, old]
        costs = {"half_spread": 0.05 * prices}
        carry = (Carry.VALUE, Carry.VALUE)
        return PricedProgramme(
            self.name, market.dates, ("odd", "even"), carry, units, prices, changes, costs, prices, "premium", (), ()
        )

    def _worth(self, market: OverlayMarket, t: int, strike: float, left: float) -> float:
        return max(strike - market.price[t], 0.0) + market.price[t] * market.vix[t] / 100.0 * 0.05 * left


def random_market(n: int, seed: int, days_apart: int = 1) -> OverlayMarket:
    """Return an index with falls at random and a volatility that follows them."""
    draws = np.random.default_rng(seed)
    moves = draws.normal(0.0, 0.015, n) - 0.15 * (draws.uniform(size=n) < 0.04)
    dates = pd.date_range("2019-06-03", periods=n, freq=f"{days_apart}D")
    vix = 18.0 + 200.0 * np.maximum(-moves, 0.0) + draws.uniform(0.0, 6.0, n)
    price = 100.0 * np.exp(np.cumsum(moves))
    return OverlayMarket.of(pd.Series(price, dates), pd.Series(vix, dates), rate=0.02, dividend_yield=0.01)


def random_hedge(n: int, seed: int, budget_by: str = "premium", n_slots: int = 2) -> PricedProgramme:
    """Return contracts that take turns every few rows at prices that jump; long throughout where by premium."""
    draws = np.random.default_rng(seed)
    shape = (n, n_slots)
    jumps = np.exp(draws.normal(0.0, 0.2, shape) + 2.0 * (draws.uniform(size=shape) < 0.03))
    prices = draws.uniform(0.01, 5.0, n_slots) * np.cumprod(jumps, axis=0)
    changes = np.diff(prices, axis=0, prepend=prices[:1])
    turn = (np.arange(n)[:, None] // 4 + np.arange(n_slots)) % 2 == 0
    sign = 1.0 if budget_by == "premium" else draws.choice([-1.0, 1.0])
    units = np.where(turn, draws.uniform(1.0, 4.0, n_slots), 0.0) * sign
    costs = {"half_spread": 0.03 * prices, "commission": np.full(shape, 0.05)}
    carry = (Carry.VALUE if budget_by == "premium" else Carry.MARGIN,) * n_slots
    dates = pd.date_range("2019-06-03", periods=n, freq="12D" if n < 1000 else "1D")
    names = tuple(f"slot {number}" for number in range(n_slots))
    worst = 1.5 * prices
    return PricedProgramme(budget_by, dates, names, carry, units, prices, changes, costs, worst, budget_by, (), ())


def random_orders(n_sets: int, n: int, seed: int, warm_up: int = 2) -> np.ndarray:
    """Return multipliers (n_sets, n) from 0 to 2 that move slowly, NaN in the warm-up."""
    draws = np.random.default_rng(seed)
    orders = np.clip(1.0 + np.cumsum(draws.normal(0.0, 0.3, (n_sets, n)), axis=1), 0.0, 2.0)
    orders[:, :warm_up] = np.nan
    return orders
