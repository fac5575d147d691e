"""Options on the volatility index, and the Cboe VIX Tail Hedge rule.

>>> vxth().name
'VIX calls 30 delta 30 days, budget by level'
>>> vxth().premium_budget.of([15.0, 15.1, 30.0, 50.0, 50.1]).tolist()
[0.0, 0.01, 0.01, 0.005, 0.0]
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.overlays.triggers import TIE
from hedgerow.programmes.expiries import Schedule, day_numbers
from hedgerow.programmes.hedge_costs import HedgeCosts, vix_option_costs
from hedgerow.programmes.index_options import bought_for, require_size, written_strike
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.marks import Marks, held_after
from hedgerow.programmes.option_positions import Leg
from hedgerow.programmes.option_programme import OptionProgramme
from hedgerow.programmes.option_quotes import NO_SHOCK, OptionQuotes, Quoted, Shock, VixQuotes
from hedgerow.programmes.portfolio import Portfolio
from hedgerow.programmes.priced import PricedProgramme
from hedgerow.programmes.skew import SkewModel
from hedgerow.programmes.strike_choice import chosen_strike, require_strike
from hedgerow.programmes.vol_of_vol import VolOfVol

VIX_STRESS = 100.0
"""A sold call is taken to end at worst with the volatility index here, in points; its highest close was 82.69."""


@dataclass(frozen=True)
class BudgetByLevel:
    """Share of the exposed value spent at a roll, by the level of the volatility future bought on.

    Parameters
    ----------
    thresholds : tuple of float
        In points, rising.
    shares : tuple of float
        One more than thresholds, 0 to 1; each holds strictly above its threshold, a tie belongs below.
    """

    thresholds: tuple[float, ...] = (15.0, 30.0, 50.0)
    shares: tuple[float, ...] = (0.0, 0.01, 0.005, 0.0)

    def __post_init__(self) -> None:
        """Refuse steps out of order."""
        if len(self.shares) != len(self.thresholds) + 1 or not (np.diff(self.thresholds) > 0.0).all():
            raise InputError(
                f"a budget by level takes rising thresholds and one share more, not {self.thresholds!r} and "
                f"{self.shares!r}"
            )
        if not all(0.0 <= share <= 1.0 for share in self.shares):
            raise InputError(f"shares of a budget by level lie between 0 and 1, not {self.shares!r}")

    def of(self, levels: Any) -> FloatArray:
        """Return the share at levels in points, of their shape."""
        edges = np.array(self.thresholds) * (1.0 + TIE)
        return np.asarray(np.array(self.shares)[np.searchsorted(edges, np.asarray(levels, dtype=float), side="left")])


@dataclass(frozen=True, kw_only=True, repr=False)
class VixOptions(OptionProgramme):
    """Options on the volatility index, priced by Black-76 on the future of the same expiry.

    Parameters
    ----------
    delta, moneyness : float, optional
        Size of the delta to the future, or strike as a share of it; a delta of 0.30 unless stated. The delta is that
        in which options are quoted: Black-76, discounted, at the strike's own volatility. The delta of the smile
        itself, which moves with the future, is smaller: 0.26 where this is 0.30, at 30 days and a volatility of 86 %.
    days : int
        The quoted expiry nearest to so many calendar days is bought, the earlier of two alike.
    roll_days_before : int
        Calendar days before expiry at which it is rolled; 0 holds it to expiry.
    side : {"long", "short"}
        Sold options are held against a reserve: ``budget_by`` is then "reserve".
    premium_budget : float or BudgetByLevel
        Share of the exposed value that each roll spends on premium, or receives.
    costs : HedgeCosts
    vol_of_vol : VolOfVol
        The market's index of volatility of volatility is used where there is one.
    skew : SkewModel
        Says how far a future follows a shock of the index.

    Notes
    -----
    Before the futures begin nothing is held. A future without a price on a date keeps its last; purchases wait for a
    date with one. An option settles at the last price of its future known by its expiry, where the exchange takes a
    special opening quotation of that morning. Against the index's own opening on 121 expiries of 2006-2016 that price
    was 0.5 % high on average, with a standard deviation of 4.2 %; the close of that day 6.5 %, of the next 10.5 %. A
    sold call's worst loss is counted to an index of 100, by assumption.
    """

    delta: float | None = None
    moneyness: float | None = None
    days: int = 30
    roll_days_before: int = 0
    side: Literal["long", "short"] = "long"
    premium_budget: float | BudgetByLevel = 0.005
    costs: HedgeCosts = field(default_factory=vix_option_costs)
    vol_of_vol: VolOfVol = field(default_factory=VolOfVol)
    skew: SkewModel = field(default_factory=SkewModel)

    def __post_init__(self) -> None:
        """Refuse what cannot be held."""
        super().__post_init__()
        if self.delta is None and self.moneyness is None:
            object.__setattr__(self, "delta", 0.30)
        require_strike("an option on the volatility index", self.delta, self.moneyness)
        if self.side not in ("long", "short"):
            raise InputError(f"side must be 'long' or 'short', not {self.side!r}")
        if not isinstance(self.premium_budget, BudgetByLevel):
            require_size(None, self.premium_budget)
        if not 0 <= self.roll_days_before < self.days:
            raise InputError(
                f"roll_days_before must be 0 or more and below days, not {self.roll_days_before!r} and {self.days!r}"
            )

    @property
    @abstractmethod
    def sign(self) -> float:
        """1 for calls, -1 for puts."""

    @property
    def name(self) -> str:
        """Kind, strike and tenor, and whether the budget follows the level."""
        kind = "calls" if self.sign > 0.0 else "puts"
        sold = "short " if self.side == "short" else ""
        budget = ", budget by level" if isinstance(self.premium_budget, BudgetByLevel) else ""
        return f"{sold}VIX {kind} {written_strike(self.delta, self.moneyness)} {self.days} days{budget}"

    @property
    def legs(self) -> tuple[Leg, ...]:
        """One option."""
        return (Leg("call" if self.sign > 0.0 else "put", self.sign, 1.0 if self.side == "long" else -1.0),)

    @property
    def rungs(self) -> int:
        """One rung."""
        return 1

    @property
    def trading_costs(self) -> HedgeCosts:
        """Costs of a trade."""
        return self.costs

    @property
    def budget_by(self) -> str:
        """The premium of what is bought, the worst loss of what is sold."""
        return "premium" if self.side == "long" else "reserve"

    def quotes(self, market: OverlayMarket, shock: Shock = NO_SHOCK) -> VixQuotes:
        """Return how options are priced in a market."""
        return VixQuotes(market, self.vol_of_vol, self.skew, shock)

    def strikes(self, quotes: OptionQuotes, at: Quoted) -> FloatArray:
        """Return the strike, shape (n_places, 1)."""
        return chosen_strike(quotes, at, self.sign, self.delta, self.moneyness)[:, None]

    def marks(self, market: OverlayMarket, priced: PricedProgramme) -> Marks:
        """Return every date held as marked by the model, and as stale where the future beneath has no price of it."""
        seen = market.first(len(priced.dates))
        book, held = self.book(seen), held_after(priced)
        _prices, days = self.quotes(seen).table
        rows, expiry = book.cells.row, book.positions.expiry[book.cells.position]
        old = ~(days[rows] == expiry[:, None]).any(axis=1) & ~book.is_exit
        stale = np.zeros_like(held)
        stale[rows[old]] = True
        return Marks(held, held & stale)

    def rise(self, at: Quoted) -> FloatArray:
        """Return the index at 100, or where the future stands above it."""
        return np.maximum(at.spot, VIX_STRESS)

    def units(self, market: OverlayMarket, portfolio: Portfolio, at: Quoted, premium: FloatArray) -> FloatArray:
        """Return contracts at each place."""
        value = portfolio.exposed * market.wealth[at.rows]
        return bought_for(self.name, self._share(at.spot) * value, np.abs(premium) * self.multiplier, market, at)

    def _share(self, level: FloatArray) -> FloatArray:
        budget = self.premium_budget
        return budget.of(level) if isinstance(budget, BudgetByLevel) else np.full(level.shape, budget)

    def schedule(self, market: OverlayMarket, quotes: OptionQuotes) -> Schedule:
        """Return which expiry is held when; nothing where the budget at a roll is 0."""
        prices, expiries = (quotes if isinstance(quotes, VixQuotes) else self.quotes(market)).table
        days = day_numbers(market.dates)
        left = np.where(np.isfinite(prices), expiries - days[:, None], -1)
        purchases = np.flatnonzero((left > self.roll_days_before).any(axis=1))
        if not len(purchases):
            raise DataError("no future on the volatility index has a price before its expiry on any date of the market")
        rows: list[tuple[int, int, int]] = []
        row = int(purchases[0])
        while row < len(days):
            place = self._nearest(left[row])
            expiry = int(expiries[row, place])
            leaves = max(int(np.searchsorted(days, expiry - self.roll_days_before)), row + 1)
            if self._share(prices[row, place : place + 1])[0] > 0.0:
                rows.append((row, leaves, expiry))
            later = int(np.searchsorted(purchases, leaves))
            row = int(purchases[later]) if later < len(purchases) else len(days)
        entered, leaving, expiry_of = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return Schedule(np.zeros(len(rows), dtype=np.int64), entered, leaving, expiry_of)

    def _nearest(self, left: IntArray) -> int:
        """Return the position whose days to expiry are nearest to those asked for, the earlier of two alike."""
        fit = np.flatnonzero(left > self.roll_days_before)
        return int(fit[np.lexsort((left[fit], np.abs(left[fit] - self.days)))[0]])


@dataclass(frozen=True, kw_only=True, repr=False)
class VixCalls(VixOptions):
    """Calls on the volatility index; parameters as in :class:`VixOptions`."""

    @property
    def sign(self) -> float:
        """A call."""
        return 1.0


@dataclass(frozen=True, kw_only=True, repr=False)
class VixPuts(VixOptions):
    """Puts on the volatility index; parameters as in :class:`VixOptions`."""

    @property
    def sign(self) -> float:
        """A put."""
        return -1.0


def vxth() -> VixCalls:
    """Return the VIX calls of the Cboe VIX Tail Hedge index (VXTH).

    One-month calls of a delta of 0.30, bought at each expiry and held to the next. Their weight follows the one-month
    forward of the index: nothing at 15 and below, 1 % above 15 to 30, 0.5 % above 30 to 50, nothing above 50. The
    forward is taken as the future bought on. The index holds the S&P 500 with dividends beside them: the portfolio.

    Returns
    -------
    VixCalls

    Notes
    -----
    That the calls have a delta of 0.30 and follow the forward, and that none are bought outside 15 to 50, Cboe says
    itself; the steps, with their ties, are as the sponsor of a fund on the index gives them, whose registration says,
    in Cboe's words, that the weight rises to 1 % between 15 and 30 and falls to 0.5 % between 30 and 50. The index
    buys on the morning of the expiry and spends a share of its own value; here it is a share of the unhedged portfolio,
    bought at the close of the expiry or, where futures have no prices on it, of the next date. ``roll_days_before=1``
    rolls on the eve instead.

    References
    ----------
    Cboe, *Cboe VIX Tail Hedge Index (VXTH)*, index dashboard; press release of 2011 as in Hedgeweek. First Trust, *Cboe
    S&P 500 VIX Tail Hedge Fund (VIXH)*, fund overview (2012), and its registration (2011) as in ETF Daily News,
    2011-10-18.
    """
    return VixCalls(delta=0.30, days=30, roll_days_before=0, premium_budget=BudgetByLevel())
