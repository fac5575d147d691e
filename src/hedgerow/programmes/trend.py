"""Trend following as a hedge: long an index that has risen over a year, short one that has fallen.

>>> TrendFollowing(target_volatility=0.15).name
'trend following 252 days'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.errors import InputError
from hedgerow.ledger import Carry
from hedgerow.market.daily import require_daily
from hedgerow.programmes.base import HedgeProgramme
from hedgerow.programmes.hedge_costs import HedgeCosts, index_future_costs
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.portfolio import Portfolio
from hedgerow.programmes.priced import ContractRecord, PricedProgramme
from hedgerow.units import TRADING_DAYS_PER_YEAR

REBALANCES = ("monthly", "weekly")
STAMP = "index future carried from the index by interest and dividends: no future was quoted, its rolls cost nothing"
LEAST_VOLATILITY = 1e-4
"""Below it a series does not move, and the leverage is at its limit anyway."""


@dataclass(frozen=True)
class TrendFollowing(HedgeProgramme):
    """Time-series momentum on the index by itself, at a target volatility.

    A contract is one unit of the index, held like a future with the carry that interest and dividends imply::

        change_t = S_t - S_(t-1) (1 + (r_(t-1) - q_(t-1)) years_t)

    With x_t = change_t / S_(t-1) its excess return, known at the close of t::

        direction_t = sign of the product of (1 + x) over the lookback that ends skip dates before t, less 1
        leverage_t  = min(target_volatility / sigma_t, max_leverage),   sigma_t^2 = 252 x mean of x^2 over the window
        units       = direction x leverage x exposed money / S_t

    The position is decided at the last close of a month (or week) and traded at the next close, the first of the new
    one: no calendar is needed and no row uses its own close. The exposed money follows the unhedged portfolio. It is 0
    until lookback and window are full.

    Parameters
    ----------
    lookback_days : int
        Dates of the lookback; 252 is a year.
    skip : int
        Latest dates left out of it.
    target_volatility : float
        Annual decimal.
    volatility_window : int
        Dates; mean zero.
    max_leverage : float
    rebalance : str
        "monthly" or "weekly".
    costs : HedgeCosts

    Raises
    ------
    InputError
        For a window below 2, numbers that are not above 0, an unknown rebalance.

    References
    ----------
    T. J. Moskowitz, Y. H. Ooi and L. H. Pedersen (2012), *Time series momentum*, Journal of Financial Economics 104,
    228-250: sign of the excess return of 12 months, monthly. They weigh squared returns exponentially around 60 days
    and aim at 40 % for each of 58 instruments; here the window is flat and the aim is of the one position.
    """

    lookback_days: int = 252
    skip: int = 0
    target_volatility: float = 0.10
    volatility_window: int = 60
    max_leverage: float = 2.0
    rebalance: str = "monthly"
    costs: HedgeCosts = field(default_factory=index_future_costs)

    def __post_init__(self) -> None:
        """Refuse what is no programme."""
        for name, least in (("lookback_days", 1), ("skip", 0), ("volatility_window", 2)):
            value = getattr(self, name)
            if not (isinstance(value, int) and value >= least):
                raise InputError(f"{name} of trend following must be a whole number of {least} or more, not {value!r}")
        for name in ("target_volatility", "max_leverage"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value > 0.0):
                raise InputError(f"{name} of trend following must be above 0, not {value!r}")
        if self.rebalance not in REBALANCES:
            raise InputError(f"rebalance must be one of {', '.join(map(repr, REBALANCES))}, not {self.rebalance!r}")

    @property
    def name(self) -> str:
        """As "trend following 252 days"."""
        return f"trend following {self.lookback_days} days"

    @property
    def warm_up(self) -> int:
        """Rows before the first close at which a position can be decided."""
        return max(self.lookback_days + self.skip, self.volatility_window)

    def priced(self, market: OverlayMarket, portfolio: Portfolio) -> PricedProgramme:
        """Return the one slot of multiplier 1, whose units change through time.

        ``worst_loss`` of a unit is the price of the index plus the cost of closing: all of it for a long position, a
        doubling of the index for a short one.
        """
        require_daily("trends sized by volatility", market.dates)
        changes = carried_changes(market)
        units = self._units(market, portfolio, changes)
        prices = market.price[:, None]
        costs = {label: money for label, money in self.costs.of_quotes(prices, 1.0).items() if money.any()}
        return PricedProgramme(
            self.name,
            market.dates,
            ("index future",),
            (Carry.MARGIN,),
            units[:, None],
            np.array(prices),
            changes[:, None],
            costs,
            prices + sum(costs.values(), np.zeros(prices.shape)),
            "reserve",
            _spells(market, units),
            (STAMP,),
            self,
        )

    def shocked_gain(
        self, market: OverlayMarket, priced: PricedProgramme, spot_change: float, vix_points: float
    ) -> FloatArray:
        """Return the gain of multiplier 1 if spot moved at once: units x price x move; the index adds nothing."""
        return np.asarray((priced.units * priced.prices).sum(axis=1) * spot_change)

    def _units(self, market: OverlayMarket, portfolio: Portfolio, changes: FloatArray) -> FloatArray:
        """Return units held after each close, decided at the close before and kept until the next rebalance."""
        excess = np.zeros(len(market))
        excess[1:] = changes[1:] / market.price[:-1]
        level = np.cumprod(1.0 + excess)
        wanted = np.zeros(len(market))
        first = self.warm_up
        if first < len(market):
            rows = np.arange(first, len(market))
            past = level[rows - self.skip] / level[rows - self.skip - self.lookback_days] - 1.0
            windows = np.lib.stride_tricks.sliding_window_view(excess**2, self.volatility_window)
            sigma = np.sqrt(TRADING_DAYS_PER_YEAR * windows[rows - self.volatility_window + 1].mean(axis=1))
            leverage = np.minimum(self.target_volatility / np.maximum(sigma, LEAST_VOLATILITY), self.max_leverage)
            exposed = portfolio.exposed * market.wealth[rows]
            wanted[rows] = np.sign(past) * leverage * exposed / market.price[rows]
        traded = period_begins(market, self.rebalance)
        last = np.maximum.accumulate(np.where(traded, np.arange(len(market)), 0))
        return np.asarray(np.where(last > 0, wanted[np.maximum(last - 1, 0)], 0.0))


def carried_changes(market: OverlayMarket) -> FloatArray:
    """Return the change of a future on the index by date, price change less financing plus dividends, (n_dates,)."""
    price, carry = market.price, market.rate - market.dividend_yield
    changes = np.zeros(len(market))
    changes[1:] = price[1:] - price[:-1] * (1.0 + carry[:-1] * market.years[1:])
    return changes


def period_begins(market: OverlayMarket, period: str) -> BoolArray:
    """Return whether each date is the first of its month or week (Monday to Sunday); the first row never is."""
    days = market.dates.to_numpy().astype("datetime64[D]").astype(np.int64)
    # Day 0, 1970-01-01, was a Thursday: three days on, weeks begin on a Monday.
    number = (days + 3) // 7 if period == "weekly" else market.dates.year * 12 + market.dates.month
    values = np.asarray(number)
    return np.concatenate(([False], values[1:] != values[:-1]))


def _spells(market: OverlayMarket, units: FloatArray) -> tuple[ContractRecord, ...]:
    """Return each spell in one direction as a record."""
    side, n_dates = np.sign(units), len(units)
    edges = [0, *(np.flatnonzero(side[1:] != side[:-1]) + 1).tolist(), n_dates]
    records = []
    for start, end in pairwise(edges):
        if side[start] == 0.0:
            continue
        label = f"index {'long' if side[start] > 0.0 else 'short'} from {market.dates[start]:%Y-%m-%d}"
        exit_price = float(market.price[min(end, n_dates - 1)])
        reason = "turned" if end < n_dates else "held"
        records.append(ContractRecord(label, 0, start, end, float(market.price[start]), exit_price, reason))
    return tuple(records)
