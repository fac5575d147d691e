"""The market in which a volatility or tail hedge is priced day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.dates import written
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

if TYPE_CHECKING:
    from hedgerow.market.surface import VolatilitySurface


@dataclass(frozen=True, repr=False)
class OverlayMarket:
    """Closes of an index and its volatility index on the dates on which both exist, and what else is quoted on them.

    Made by :meth:`of`. Row t is what is known at the close of ``dates[t]``.

    Attributes
    ----------
    dates : DatetimeIndex (n_dates,)
    price : ndarray (n_dates,)
        Index or fund without its dividends: what options are struck on.
    vix : ndarray (n_dates,)
        Volatility index in points: 20 is 20 %.
    rate : ndarray (n_dates,)
        Simple interest per year of 365 days from this date to the next, as a decimal.
    dividend_yield : ndarray (n_dates,)
        Dividends per year as a decimal, which the portfolio earns and options' forwards leave out.
    futures, expiries : DataFrame (n_dates, n_positions), optional
        Futures on the volatility index, nearest first, in points, and the expiry behind each position.
    volatilities : mapping of int to ndarray (n_dates,)
        Volatility indices of other horizons, by calendar days (93 for three months), in points.
    vol_of_vol : ndarray (n_dates,), optional
        Volatility index of options on the volatility index (VVIX), in points.
    portfolio : ndarray (n_dates,), optional
        The user's own portfolio as a wealth index; None for the index with its dividends reinvested.
    dropped : int
        Dates that left because price, portfolio or a volatility index was missing on them.
    stated : tuple of str
        What was assumed because it was not given ("rate 0 %"), printed with every result.
    surfaces : tuple of VolatilitySurface or None (n_dates,), optional
        Quoted surface of each date; None where nothing was quoted on it.
    """

    dates: pd.DatetimeIndex
    price: FloatArray
    vix: FloatArray
    rate: FloatArray
    dividend_yield: FloatArray
    futures: pd.DataFrame | None = None
    expiries: pd.DataFrame | None = None
    volatilities: Mapping[int, FloatArray] = field(default_factory=dict)
    vol_of_vol: FloatArray | None = None
    portfolio: FloatArray | None = None
    dropped: int = 0
    stated: tuple[str, ...] = ()
    surfaces: tuple[VolatilitySurface | None, ...] | None = None

    @classmethod
    def of(
        cls,
        price: pd.Series,
        vix: pd.Series,
        *,
        rate: float | pd.Series | None = None,
        dividend_yield: float | pd.Series | None = None,
        quotes: MarketQuotes | None = None,
    ) -> OverlayMarket:
        """Return the market on the dates that price, portfolio and every volatility index share, others counted.

        A volatility index printed on a holiday of the price leaves with its date; nothing is filled forward but rates
        and dividend yields, which stand until the next is known.

        Parameters
        ----------
        price, vix : Series
            Sorted, unique dates; values above 0; ``vix`` in points.
        rate, dividend_yield : float or Series, optional
            Decimals per year; a series is taken as of each date, from the last value known before or on it. None is 0
            and says so in ``stated``.
        quotes : MarketQuotes, optional
            Futures, other horizons, volatility of volatility, an own portfolio.

        Raises
        ------
        DataError
            No common date, a level at or below zero, dates that repeat.
        """
        from hedgerow.programmes.market_joining import joined_market

        return joined_market(cls, price, vix, rate, dividend_yield, quotes or MarketQuotes())

    def __len__(self) -> int:
        return len(self.dates)

    def __repr__(self) -> str:
        further = [
            name for name in ("futures", "vol_of_vol", "portfolio", "surfaces") if getattr(self, name) is not None
        ]
        further += [f"volatility of {days} days" for days in self.volatilities]
        beside = f", with {', '.join(further)}" if further else ""
        first, last = written(self.dates[0]), written(self.dates[-1])
        return f"<OverlayMarket of {len(self):,} dates, {first} to {last}{beside}>"

    @property
    def years(self) -> FloatArray:
        """Years of 365 days over the step ending at each date, shape (n_dates,); 0 at the first."""
        days = np.diff(self.dates.to_numpy()).astype("timedelta64[D]").astype(float)
        return np.asarray(np.concatenate(([0.0], days / CALENDAR_DAYS_PER_YEAR)))

    @property
    def wealth(self) -> FloatArray:
        """The portfolio as wealth from 1 at the first date, dividends reinvested, shape (n_dates,)."""
        if self.portfolio is not None:
            return np.asarray(self.portfolio / self.portfolio[0])
        earned = np.concatenate(([0.0], self.dividend_yield[:-1])) * self.years
        growth = self.price / np.concatenate((self.price[:1], self.price[:-1])) * np.exp(earned)
        return np.asarray(np.cumprod(growth))

    def first(self, n_dates: int) -> OverlayMarket:
        """Return the market as it was known after the first ``n_dates`` rows."""
        if not 1 <= n_dates <= len(self):
            raise InputError(f"n_dates must be from 1 to {len(self)}, not {n_dates!r}")
        return self.at(slice(n_dates))

    def at(self, rows: slice | IntArray) -> OverlayMarket:
        """Return some of the rows; ``dropped`` stays as it is."""

        def chosen(values: FloatArray | None) -> FloatArray | None:
            return None if values is None else values[rows]

        places = range(len(self))[rows] if isinstance(rows, slice) else rows
        return OverlayMarket(
            self.dates[rows],
            self.price[rows],
            self.vix[rows],
            self.rate[rows],
            self.dividend_yield[rows],
            None if self.futures is None else self.futures.iloc[rows],
            None if self.expiries is None else self.expiries.iloc[rows],
            {days: values[rows] for days, values in self.volatilities.items()},
            chosen(self.vol_of_vol),
            chosen(self.portfolio),
            self.dropped,
            self.stated,
            None if self.surfaces is None else tuple(self.surfaces[place] for place in places),
        )


@dataclass(frozen=True)
class MarketQuotes:
    """What a volatility market quotes beside an index and its volatility; all optional.

    Parameters
    ----------
    futures, expiries : DataFrame
        Prices in points by position, nearest first, and the expiry date behind each; dates without a futures row stay,
        and :func:`on_futures_dates` leaves them out where a programme needs futures.
    volatilities : mapping of int to Series
        Volatility index by horizon in calendar days; its dates are required from the market's first on.
    vol_of_vol : Series
        Its dates are required too.
    portfolio : Series
        Wealth index of the user's own portfolio; its dates are required.
    surfaces : mapping of Timestamp to VolatilitySurface
        Quoted surfaces of the index's options by date.
    """

    futures: pd.DataFrame | None = None
    expiries: pd.DataFrame | None = None
    volatilities: Mapping[int, pd.Series] = field(default_factory=dict)
    vol_of_vol: pd.Series | None = None
    portfolio: pd.Series | None = None
    surfaces: Mapping[pd.Timestamp, VolatilitySurface] | None = None


HIGHEST_INDEX = 10_000.0
"""Points above which a volatility index is a slip: the highest ever printed was below 200."""


def require_levels(name: str, dates: pd.DatetimeIndex, values: FloatArray) -> None:
    """Refuse a level at or below zero, with its date."""
    low = ~(values > 0.0)
    if low.any():
        row = int(np.argmax(low))
        raise DataError(
            f"{name} is {values[row]:g} on {written(dates[row])}; it must be above 0: correct it or "
            "leave the cell empty"
        )
    if name == "vix" and (values > HIGHEST_INDEX).any():
        row = int(np.argmax(values > HIGHEST_INDEX))
        raise DataError(
            f"vix is {values[row]:g} on {written(dates[row])}, and no volatility index is above {HIGHEST_INDEX:,.0f} "
            "points: correct it or leave the cell empty"
        )
