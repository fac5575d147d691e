"""A book between two markets: some moves made and others not, every position valued there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.instruments.columns import VIX_TYPES, VOLATILITY_TYPES, Columns
from hedgerow.instruments.inputs import Inputs, ask_surface, forwards, is_margined, resolve
from hedgerow.instruments.market_state import MarketState
from hedgerow.instruments.model import Model
from hedgerow.instruments.pricers import figures
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

MOVES = ("carry", "spot", "volatility level", "skew and term", "rates", "dividends", "currencies", "trades", "fees")
"""Moves from one market to the next, in the order in which they are made unless said otherwise.

``carry`` lets time pass with every position's own volatility, rate and yield; ``spot`` moves prices at those; the
``volatility level`` is the change at the money of the held expiry nearest to 30 days, one number per underlying, and
``skew and term`` the rest of each own strike's change; ``dividends`` are yields, borrow, discrete dividends and quoted
forwards; ``trades`` are worth what they gained since they were done; ``fees`` are money paid.
"""
LEVEL_DAYS = 30.0


@dataclass(frozen=True, eq=False)
class MixedStates:
    """Positions and the two markets between which they are revalued.

    Attributes
    ----------
    columns : Columns
        n positions, alive in both markets.
    before, after : MarketState
    model : Model
    convert : bool
        Whether money is converted to the market's currency, because several currencies are held.
    paid : float array, (n,), or None
        Price per unit at which the positions were traded between the two; None for what was held before.
    fees : float array, (n,), or None
        Positive money paid for those trades.
    """

    columns: Columns
    before: MarketState
    after: MarketState
    model: Model
    convert: bool = False
    paid: FloatArray | None = None
    fees: FloatArray | None = None

    @cached_property
    def start(self) -> Inputs:
        """Arguments of formulas in the market before."""
        return resolve(self.columns, self.before)

    @cached_property
    def end(self) -> Inputs:
        """Arguments of formulas in the market after; a variance swap's fixing stays, so that the move accrues to it."""
        first = self.start
        last = resolve(self.columns, self.after)
        return replace(last, fixing=first.fixing, weight_left=first.weight_left, accrued=first.accrued)

    @cached_property
    def reference(self) -> FloatArray:
        """Price per unit that counts as no gain: what was paid, what a margined position last settled at, or 0."""
        if self.paid is not None:
            return self.paid
        margined = is_margined(self.columns)
        return np.where(margined, self.prices(self.start), 0.0) if margined.any() else np.zeros(len(self.columns))

    @cached_property
    def level(self) -> FloatArray:
        """Change of the volatility level of each position's underlying; 0 where the position has a mark of its own."""
        change = np.zeros(len(self.columns.names))
        for code in range(len(change)):
            change[code] = self._level_change(code)
        moves = np.isnan(self.columns.mark) & self.columns.is_type(*VOLATILITY_TYPES)
        return np.where(moves, change[self.columns.underlying], 0.0)

    def worth(self, made: Mapping[str, bool]) -> FloatArray:
        """Return what each position is worth once some of ``MOVES`` are made, in the account's currency, (n,)."""
        fees = self.fees if made["fees"] and self.fees is not None else 0.0
        if self.paid is not None and not made["trades"]:
            return np.zeros(len(self.columns)) - fees
        gained = (self.prices(self._inputs(made)) - self.reference) * self.columns.weight
        return gained * self.rates_of_exchange(made["currencies"]) - fees

    def prices(self, inputs: Inputs) -> FloatArray:
        """Return prices per unit, (n,)."""
        return figures(self.columns, inputs, ("price",), self.model)[0]["price"]

    def rates_of_exchange(self, after: bool) -> FloatArray:
        """Return units of the account's currency per unit of each position's, (n,)."""
        if not self.convert:
            return np.ones(len(self.columns))
        market, held = self.after if after else self.before, self.columns.held_currencies
        rates = [market.rate_of_exchange(name) if name in held else 1.0 for name in self.columns.currencies]
        return np.array(rates)[self.columns.currency]

    def _inputs(self, made: Mapping[str, bool]) -> Inputs:
        """Return the arguments of formulas with some moves made."""
        side = {name: self.end if done else self.start for name, done in made.items()}
        clock = resolve(self.columns, self._clock(made))  # years, rates and what dividends are worth at them
        return replace(
            side["carry"],
            spot=side["spot"].spot,
            fixing=self.start.fixing,
            vol=self._vol(made),
            rate=clock.rate,
            carry=side["dividends"].carry,
            dividends=clock.dividends,
            dividend_duration=clock.dividend_duration,
            schedules=clock.schedules,
        )

    def _clock(self, made: Mapping[str, bool]) -> MarketState:
        markets = {name: self.after if made[name] else self.before for name in ("carry", "rates", "dividends")}
        known = {}
        for name in self.columns.names:
            yields = markets["dividends"].underlying(name)
            known[name] = replace(
                yields,
                spot=self.before.underlying(name).spot,
                vol=0.0,  # looked up once per market, and not again here
                rate=markets["rates"].underlying(name).rate,
            )
        return MarketState(markets["carry"].at, known)

    def _vol(self, made: Mapping[str, bool]) -> FloatArray:
        first, last = self.start.vol, self.end.vol
        if made["volatility level"] and made["skew and term"]:
            return last
        if made["volatility level"]:
            return np.maximum(first + self.level, 0.0)
        return np.maximum(last - self.level, 0.0) if made["skew and term"] else first

    def _level_change(self, code: int) -> float:
        """Return the change at the money-forward of the held expiry nearest to 30 days, 0 where none lives on."""
        name = self.columns.names[code]
        vols = [market.underlying(name).vol for market in (self.before, self.after)]
        alive = (self.columns.underlying == code) & (self.end.years > 0.0) & self.columns.is_type(*VOLATILITY_TYPES)
        rows = np.flatnonzero(alive)
        if not len(rows) or any(vol is None for vol in vols):
            return 0.0
        distance = np.abs(self.start.years[rows] - LEVEL_DAYS / CALENDAR_DAYS_PER_YEAR)
        row = rows[[int(np.argmin(distance))]]
        on_index = self.columns.is_type(*VIX_TYPES)[row]
        first, last = (
            _at_the_money(vol, inputs.take(row), on_index)
            for vol, inputs in zip(vols, (self.start, self.end), strict=True)
        )
        return last - first


def _at_the_money(vol: Any, inputs: Inputs, on_index: Any) -> float:
    """Return the volatility at the forward of one position's expiry."""
    if not (callable(vol) or hasattr(vol, "volatility")):
        return float(vol)
    forward = forwards(inputs, on_index)
    return float(ask_surface(vol, forward, inputs.years, forward)[0])
