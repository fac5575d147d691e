"""What an option of a programme is worth on a date: from a skew model, a quoted surface, or a volatility future."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import written
from hedgerow.pricing.black_formula import Lognormal, with_limits
from hedgerow.programmes.expiries import day_numbers
from hedgerow.programmes.market import OverlayMarket
from hedgerow.programmes.skew import SkewModel
from hedgerow.programmes.vol_of_vol import VolOfVol
from hedgerow.units import CALENDAR_DAYS_PER_YEAR


@dataclass(frozen=True)
class Shock:
    """A move of the market at once, after which everything is priced again.

    Attributes
    ----------
    spot_change : float
        As a decimal, above -1.
    vix_points : float
        Added to the volatility index.
    """

    spot_change: float = 0.0
    vix_points: float = 0.0

    def index(self, market: OverlayMarket) -> FloatArray:
        """Return the volatility index after the move; InputError where nothing of it or of the price is left."""
        if not self.spot_change > -1.0:
            raise InputError(f"spot cannot fall by {-self.spot_change:.0%}; a change must be above -1")
        moved = market.vix + self.vix_points
        if not (moved > 0.0).all():
            row = int(np.argmin(moved))
            raise InputError(
                f"a shock of {self.vix_points:g} points takes the volatility index to {moved[row]:g} on "
                f"{written(market.dates[row])}; it must stay above 0"
            )
        return np.asarray(moved)


NO_SHOCK = Shock()


@dataclass(frozen=True)
class Quoted:
    """Underlying of options at so many places, all of shape (n_places,).

    Attributes
    ----------
    rows : ndarray of int
    spot, years, rate, dividend_yield : ndarray
        As ``black_scholes`` takes them; for a future the dividend yield is the rate.
    """

    rows: IntArray
    spot: FloatArray
    years: FloatArray
    rate: FloatArray
    dividend_yield: FloatArray

    @property
    def forward(self) -> FloatArray:
        """Forward price for each expiry."""
        return np.asarray(self.spot * np.exp((self.rate - self.dividend_yield) * self.years))


class OptionQuotes(Protocol):
    """Underlying and volatility of a programme's options by row and expiry."""

    @property
    def synthetic(self) -> tuple[str, ...]:
        """What is modelled."""

    def underlying(self, rows: IntArray, expiry: IntArray) -> Quoted:
        """Return the underlying on rows for expiries in days since 1970-01-01."""

    def first_priced(self, rows: IntArray, expiry: IntArray) -> IntArray:
        """Return the first row, from each row on, on which the underlying of an expiry has a price."""

    def volatility(self, at: Quoted, strike: FloatArray) -> FloatArray:
        """Return the implied volatility of strikes, as a decimal."""


def option_figures(
    quotes: OptionQuotes, at: Quoted, sign: float, strike: FloatArray, names: tuple[str, ...] = ("price",)
) -> list[FloatArray]:
    """Return named figures of calls (sign 1) or puts (-1) in points; Greeks to the spot, or to the future.

    One formula in plain NumPy whatever their number, so that a date is priced alike with many dates or few.
    """
    vol, signs = quotes.volatility(at, strike), np.full(strike.shape, sign)
    options = Lognormal(signs, at.spot, strike, at.years, vol, at.rate, at.dividend_yield, at.dividend_yield)
    found = with_limits(options, names)
    return [np.asarray(found[name]) for name in names]


@dataclass(frozen=True)
class IndexQuotes:
    """Options on the index: the market's surface where one is quoted, else a skew model.

    Attributes
    ----------
    market : OverlayMarket
    skew : SkewModel
    shock : Shock
        Volatility stays with the ratio of strike to forward when spot moves; a quoted one, and an index of another
        horizon, change with the index in the model's proportion.
    """

    market: OverlayMarket
    skew: SkewModel
    shock: Shock = NO_SHOCK

    @cached_property
    def index(self) -> FloatArray:
        """Volatility index after the shock, in points."""
        return self.shock.index(self.market)

    @property
    def synthetic(self) -> tuple[str, ...]:
        """The skew model, unless every date has a surface."""
        surfaces = self.market.surfaces
        missing = len(self.market) if surfaces is None else sum(each is None for each in surfaces)
        if not missing:
            return ()
        where = "" if missing == len(self.market) else f" on {missing} of {len(self.market)} dates"
        return (f"index options priced from the volatility index by {self.skew.in_words}{where}",)

    def first_priced(self, rows: IntArray, expiry: IntArray) -> IntArray:
        """Return the rows: the index has a price on every date."""
        return rows

    def underlying(self, rows: IntArray, expiry: IntArray) -> Quoted:
        """Return the index on rows."""
        years = np.maximum(expiry - day_numbers(self.market.dates)[rows], 0) / CALENDAR_DAYS_PER_YEAR
        spot = self.market.price[rows] * (1.0 + self.shock.spot_change)
        return Quoted(rows, spot, years, self.market.rate[rows], self.market.dividend_yield[rows])

    def volatility(self, at: Quoted, strike: FloatArray) -> FloatArray:
        """Return the implied volatility of strikes."""
        model = self._model(at, strike, self.index)
        if self.market.surfaces is None:
            return model
        found = model.copy()
        before = model if self.shock == NO_SHOCK else self._model(at, strike, self.market.vix)
        for row in np.unique(at.rows):
            surface = self.market.surfaces[row]
            here = (at.rows == row) & (at.years > 0.0)
            if surface is not None and here.any():
                years = at.years[here]
                quoted = np.log(strike[here] / at.forward[here])
                variance = np.asarray(surface.total_variance(quoted, years)) / years
                found[here] = np.sqrt(variance) * (model / before)[here]
        return found

    def _model(self, at: Quoted, strike: FloatArray, index: FloatArray) -> FloatArray:
        after = index[at.rows]
        horizons = {days: each[at.rows] for days, each in self.market.volatilities.items() if days != 30}
        if index is not self.market.vix and self.shock.vix_points:
            before = self.market.vix[at.rows]
            for days in horizons:
                years = days / CALENDAR_DAYS_PER_YEAR
                ratio = self.skew.at_the_money(years, after) / self.skew.at_the_money(years, before)
                horizons[days] = horizons[days] * ratio
        return self.skew.volatility(strike, at.forward, at.years, after, horizons)


@dataclass(frozen=True)
class VixQuotes:
    """Options on the volatility index, each by Black-76 on the future of its own expiry.

    A future without a price on a date keeps its last, and the last before its expiry settles the option: the exchange
    settles at the opening of that day, to which the close before is nearer than the next.

    Attributes
    ----------
    market : OverlayMarket
    vol_of_vol : VolOfVol
    skew : SkewModel
        Its reversion says how far a future follows a shock of the index.
    shock : Shock
    """

    market: OverlayMarket
    vol_of_vol: VolOfVol
    skew: SkewModel
    shock: Shock = NO_SHOCK

    @property
    def synthetic(self) -> tuple[str, ...]:
        """The volatility of volatility, always: even an index of it says nothing of single strikes; and settlement."""
        is_stated = self.market.vol_of_vol is None
        source = "a stated volatility of it" if is_stated else "the index of volatility of volatility"
        model = self.vol_of_vol.in_words if is_stated else self.vol_of_vol.smile
        return (f"options on the volatility index priced from {source}: {model}, settled at their future's last price",)

    @cached_property
    def table(self) -> tuple[FloatArray, IntArray]:
        """Prices in points, NaN where blank, and expiries in days since 1970-01-01 (-1 where blank), by position."""
        if self.market.futures is None or self.market.expiries is None:
            raise DataError(
                "options on the volatility index need its futures and their expiries; give them in "
                "MarketQuotes, in a study file under market: futures"
            )
        prices = self.market.futures.to_numpy(dtype=float)
        dates = self.market.expiries.to_numpy()
        if dates.dtype.kind != "M":
            dates = self.market.expiries.apply(pd.to_datetime).to_numpy()
        dates = dates.astype("datetime64[D]")
        blank = np.isnat(dates) | ~(prices > 0.0)
        days = np.where(blank, np.datetime64(-1, "D"), dates).astype(np.int64)
        return np.where(blank, np.nan, prices), days

    def underlying(self, rows: IntArray, expiry: IntArray) -> Quoted:
        """Return the futures of expiries on rows, each at its last price known by then."""
        prices, days = self.table
        today = day_numbers(self.market.dates)[rows]
        future = np.empty(len(rows))
        for each in np.unique(expiry):
            here, match = expiry == each, days == each
            last = np.maximum.accumulate(np.where(match.any(axis=1), np.arange(len(days)), 0))[rows[here]]
            future[here] = prices[last, match[last].argmax(axis=1)]
        years = np.maximum(expiry - today, 0) / CALENDAR_DAYS_PER_YEAR
        return Quoted(rows, self._moved(future, rows, years), years, self.market.rate[rows], self.market.rate[rows])

    def first_priced(self, rows: IntArray, expiry: IntArray) -> IntArray:
        """Return the first row with a price of the future, from each row on; the number of dates where none is."""
        _prices, days = self.table
        known = [np.flatnonzero((days[row:] == each).any(axis=1)) for row, each in zip(rows, expiry, strict=True)]
        found = [row + int(each[0]) if len(each) else len(days) for row, each in zip(rows, known, strict=True)]
        return np.array(found, dtype=np.int64)

    def volatility(self, at: Quoted, strike: FloatArray) -> FloatArray:
        """Return the volatility of the futures by strike; shocks move it as the model says, the smile with them."""
        after = self.vol_of_vol.volatility(at.years, self.shock.index(self.market)[at.rows])
        if self.market.vol_of_vol is not None:
            before = self.market.vix[at.rows]
            quoted = self.vol_of_vol.volatility(at.years, before, self.market.vol_of_vol[at.rows])
            after = quoted * after / self.vol_of_vol.volatility(at.years, before)
        return self.vol_of_vol.by_strike(strike / at.spot, at.years, after)

    def _moved(self, future: FloatArray, rows: IntArray, years: FloatArray) -> FloatArray:
        """Return futures after the shock: expected variance moves by what reversion leaves of it."""
        if self.shock.vix_points == 0.0:
            return future
        left, long_run = np.exp(-self.skew.reversion * years), (100.0 * self.skew.long_run) ** 2
        after, before = self.shock.index(self.market)[rows] ** 2, self.market.vix[rows] ** 2
        ratio = (long_run + (after - long_run) * left) / (long_run + (before - long_run) * left)
        return np.asarray(future * np.sqrt(ratio))
