"""A small market, hedges made by hand, and overlays over them, for tests of what judges overlays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare import Crisis, OverlayJudging
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.ledger import Carry
from hedgerow.programmes import HedgeProgramme, OverlayMarket, Portfolio, PricedProgramme

FEW = BootstrapOptions(draws=100, seed=3)
CRASH = Crisis("crash", "2019-09-02", "2019-10-14")
LATER = Crisis("later", "2031-01-02", "2031-03-03")
JUDGING = OverlayJudging(bootstrap=FEW, crises=(CRASH, LATER), beta_days=50)
UNDRAWN = OverlayJudging(bootstrap=None, crises=(CRASH, LATER))


def market_of(rows: int = 500, seed: int = 0, rate: float = 0.0) -> OverlayMarket:
    """Return a market from 2018-06-01 on with a crash in September 2019 under a rising volatility index."""
    days = pd.bdate_range("2018-06-01", periods=rows, name="date")
    rng = np.random.default_rng(seed)
    struck = np.asarray((days > CRASH.start) & (days <= CRASH.end))
    vix = 16.0 + 4.0 * np.sin(np.arange(rows) / 15.0) + rng.normal(size=rows) + 18.0 * struck
    moves = 0.0006 + rng.normal(size=rows) * vix / 2400.0 - 0.008 * struck
    price = pd.Series(100.0 * np.exp(np.cumsum(moves)), days)
    return OverlayMarket.of(price, pd.Series(vix, days), rate=rate, dividend_yield=0.0)


@dataclass(frozen=True)
class Insurance(HedgeProgramme):
    """Pays a share of what the portfolio loses and takes a premium a day, with a cost of trading; a contract of margin.

    Gain of multiplier 1 over a step: ``beta * (portfolio loss) - premium * portfolio`` in money.
    """

    beta: float = 0.3
    premium: float = 0.0003
    fee: float = 0.0
    label: str = "insurance"

    @property
    def name(self) -> str:
        """As labelled."""
        return self.label

    def priced(self, market: OverlayMarket, portfolio: Portfolio) -> PricedProgramme:
        """One contract of 100 at multiplier 1."""
        wealth = portfolio.value * market.wealth
        change = np.concatenate(([0.0], -self.beta * np.diff(wealth) - self.premium * wealth[:-1]))
        n = len(market)
        column = np.full((n, 1), 100.0)
        return PricedProgramme(
            self.name, market.dates, ("contract",), (Carry.MARGIN,), np.ones((n, 1)), column, change[:, None],
            {"fee": np.full((n, 1), self.fee)}, column, "reserve", (), ("made by hand",), self,
        )  # fmt: skip

    def shocked_gain(
        self, market: OverlayMarket, priced: PricedProgramme, spot_change: float, vix_points: float
    ) -> FloatArray:
        """Return what the loss pays, and 1,000 a point of volatility."""
        return -self.beta * spot_change * 10_000_000.0 * market.wealth + 1_000.0 * vix_points


class NotRepriced(Insurance):
    """The same without a revaluation."""

    def shocked_gain(
        self, market: OverlayMarket, priced: PricedProgramme, spot_change: float, vix_points: float
    ) -> FloatArray:
        """Refuse."""
        return HedgeProgramme.shocked_gain(self, market, priced, spot_change, vix_points)
