"""What every programme of options shares: positions by schedule and strike, sold early where told, priced at once."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, fields, replace

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.programmes.base import HedgeProgramme
from hedgerow.programmes.expiries import Schedule, day_numbers
from hedgerow.programmes.hedge_costs import HedgeCosts
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.monetise import HeldPath, MonetiseRule, first_rule
from hedgerow.programmes.option_account import OptionBook, account
from hedgerow.programmes.option_positions import Cells, Leg, Positions, leg_prices
from hedgerow.programmes.option_quotes import NO_SHOCK, OptionQuotes, Quoted, Shock
from hedgerow.programmes.portfolio import Portfolio
from hedgerow.programmes.priced import PricedProgramme
from hedgerow.programmes.strike_choice import listed_strikes, require_step


@dataclass(frozen=True, kw_only=True, repr=False)
class OptionProgramme(HedgeProgramme):
    """Options bought by a schedule; subclasses say which, on what, and how many.

    Parameters
    ----------
    multiplier : float
        Money per point of one contract.
    strike_step : float, optional
        Points between listed strikes, to which strikes are rounded; None takes them as they come.
    monetise : MonetiseRule or tuple of them, optional
        When a position is sold before its roll; the first that fires counts.
    """

    multiplier: float = 100.0
    strike_step: float | None = None
    monetise: MonetiseRule | tuple[MonetiseRule, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what no contract has."""
        if not (np.isfinite(self.multiplier) and self.multiplier > 0.0):
            raise InputError(f"the multiplier is money per point of a contract, above 0, not {self.multiplier!r}")
        require_step(self.strike_step)

    def __repr__(self) -> str:
        given = ((each.name, getattr(self, each.name)) for each in fields(self))
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in given if value is not None)})"

    @property
    @abstractmethod
    def legs(self) -> tuple[Leg, ...]:
        """Options of one position."""

    @property
    @abstractmethod
    def rungs(self) -> int:
        """Rungs of the ladder."""

    @property
    @abstractmethod
    def trading_costs(self) -> HedgeCosts:
        """Costs of a trade."""

    @property
    def budget_by(self) -> str:
        """What a budget binds: the premium."""
        return "premium"

    @abstractmethod
    def quotes(self, market: OverlayMarket, shock: Shock = NO_SHOCK) -> OptionQuotes:
        """Return how options are priced in a market, after a shock."""

    @abstractmethod
    def schedule(self, market: OverlayMarket, quotes: OptionQuotes) -> Schedule:
        """Return which expiry is held when."""

    @abstractmethod
    def strikes(self, quotes: OptionQuotes, at: Quoted) -> FloatArray:
        """Return the strike of each leg for purchases at these places, shape (n_places, n_legs)."""

    @abstractmethod
    def units(self, market: OverlayMarket, portfolio: Portfolio, at: Quoted, premium: FloatArray) -> FloatArray:
        """Return contracts bought at each place, shape (n_places,), from the premium in points of all legs."""

    @abstractmethod
    def rise(self, at: Quoted) -> FloatArray:
        """Return the level of the underlying at which a sold call is taken to end at worst."""

    def priced(self, market: OverlayMarket, portfolio: Portfolio) -> PricedProgramme:
        """Return what multiplier 1 holds and what it is worth on every date of the market."""
        book = self.book(market)
        entries = book.quotes.underlying(book.positions.entered, book.positions.expiry)
        premium = net_points(book.legs, book.points[book.is_entry])
        units = self.units(market, portfolio, entries, premium)
        rise = self.rise(book.quotes.underlying(book.cells.row, book.positions.expiry[book.cells.position]))
        return account(book, self.name, units, self.trading_costs, rise, self, self.budget_by)

    def shocked_gain(
        self, market: OverlayMarket, priced: PricedProgramme, spot_change: float, vix_points: float
    ) -> FloatArray:
        """Return the gain of multiplier 1 if, at each close, spot moved by a share and the index by points at once."""
        seen = market.first(len(priced.dates))
        book = self.book(seen)
        after = leg_prices(self.quotes(seen, Shock(spot_change, vix_points)), book.legs, book.positions, book.cells)
        gain = book.spread((after - book.points) * book.multiplier)
        return np.asarray((gain * priced.units).sum(axis=1))

    def book(self, market: OverlayMarket) -> OptionBook:
        """Return every position of the programme with its prices; whatever the size of the portfolio."""
        quotes = self.quotes(market)
        schedule = self.schedule(market, quotes)
        strikes = self._listed(market, quotes, schedule.entered, schedule.expiry)
        positions = Positions.of(schedule, strikes, day_numbers(market.dates))
        if self.monetise:
            positions = self._monetised(market, quotes, positions)
        cells = Cells.of(positions, len(market))
        points = leg_prices(quotes, self.legs, positions, cells)
        return OptionBook(market, quotes, self.legs, positions, cells, points, self.rungs, self.multiplier)

    def _listed(self, market: OverlayMarket, quotes: OptionQuotes, rows: IntArray, expiry: IntArray) -> FloatArray:
        at = quotes.underlying(rows, expiry)
        return listed_strikes(self.strikes(quotes, at), self.strike_step, market, at)

    def _monetised(self, market: OverlayMarket, quotes: OptionQuotes, positions: Positions) -> Positions:
        """Return positions with those that a rule sells closed a close later, and struck again where it says so."""
        rules = self.monetise if isinstance(self.monetise, tuple) else (self.monetise,)
        known = tuple(rule for rule in rules if rule is not None)
        done = positions.take(np.empty(0, dtype=np.int64))
        while len(positions):
            places, rows, numbers = self._sales(market, quotes, positions, known)
            closed = positions.closed(places, rows, [known[number].reason for number in numbers])
            done = done.joined(closed)
            again = np.array([known[number].restrike for number in numbers], dtype=bool)
            positions = positions.take(places[again])
            entered = quotes.first_priced(rows[again], positions.expiry)
            positions = replace(positions, entered=entered).take(np.flatnonzero(entered < positions.leaves))
            if len(positions):
                fresh = self._listed(market, quotes, positions.entered, positions.expiry)
                positions = replace(positions, strikes=fresh)
        return done

    def _sales(
        self, market: OverlayMarket, quotes: OptionQuotes, positions: Positions, rules: tuple[MonetiseRule, ...]
    ) -> tuple[IntArray, IntArray, IntArray]:
        """Return which positions are sold early, on which row, and by which rule."""
        cells = Cells.of(positions, len(market))
        value = net_points(self.legs, leg_prices(quotes, self.legs, positions, cells))
        days, entered = day_numbers(market.dates), positions.entered[cells.position]
        is_entry = cells.row == entered
        bought = days[entered]
        held = HeldPath(
            value,
            value[is_entry][cells.position],
            market.vix[cells.row],
            market.vix[np.maximum(cells.row - 1, 0)],
            (days[cells.row] - bought).astype(float),
            (positions.expiry[cells.position] - bought).astype(float),
        )
        found = first_rule(rules, held)
        due = ~is_entry & np.isfinite(found) & (cells.row + 1 < positions.leaves[cells.position])
        places, first = np.unique(cells.position[due], return_index=True)
        return places, cells.row[due][first] + 1, found[due][first].astype(np.int64)


def net_points(legs: tuple[Leg, ...], points: FloatArray) -> FloatArray:
    """Return what positions are worth from the price of each leg, shape (n_cells,), by plain sums."""
    return np.asarray((points * np.array([leg.side for leg in legs])).sum(axis=1))
