"""Fair variance by horizon on every date: from volatility indices, from volatility futures, or flat.

A curve is total variance (squared points x days) at knots of days and linear between them, so that the forward variance
is flat within a segment. Row t uses quotes of row t alone.

>>> from hedgerow.programmes.market import MarketQuotes
>>> days = pd.bdate_range("2024-01-02", periods=2)
>>> index, three_months = pd.Series([14.0, 20.0], days), pd.Series([16.0, 19.0], days)
>>> quotes = MarketQuotes(volatilities={93: three_months})
>>> market = OverlayMarket.of(pd.Series([100.0, 97.0], days), index, quotes=quotes)
>>> variance_curve(market, 60.0).volatility(np.array([30.0, 60.0])).round(2)
array([[14.  , 15.5 ],
       [20.  , 19.27]])
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.programmes.market import OverlayMarket

INDEX_DAYS = 30
"""Calendar days that the volatility index looks ahead."""
REACH = 7.0
"""Days by which the last future may fall short of the last window, over which it is held flat."""
TERMS = ("auto", "indices", "futures", "flat")


@dataclass(frozen=True)
class VarianceCurve:
    """Total variance by date and horizon.

    Attributes
    ----------
    days : ndarray (n_knots,)
        Horizons in calendar days, from 0 upwards.
    total : ndarray (n_dates, n_knots)
        Squared volatility points x days; 0 at day 0.
    synthetic : tuple of str
        What was assumed where no index of the horizon was given.
    """

    days: FloatArray
    total: FloatArray
    synthetic: tuple[str, ...]

    def volatility(self, days: FloatArray) -> FloatArray:
        """Return the fair volatility in points by date and horizon, shape (n_dates, n_days).

        Parameters
        ----------
        days : ndarray (n_days,)
            Horizons above 0, within the knots.
        """
        right = np.clip(np.searchsorted(self.days, days), 1, len(self.days) - 1)
        weight = (days - self.days[right - 1]) / (self.days[right] - self.days[right - 1])
        total = self.total[:, right - 1] * (1.0 - weight) + self.total[:, right] * weight
        return np.asarray(np.sqrt(total / days))


def variance_curve(market: OverlayMarket, longest: float, term: str = "auto") -> VarianceCurve:
    """Return fair variance up to a horizon.

    Parameters
    ----------
    market : OverlayMarket
    longest : float
        Longest horizon needed, in calendar days.
    term : str
        "indices" interpolates the volatility indices that the market has; "futures" joins the index with the futures on
        it, a future's squared price standing for the variance of the 30 days that follow its expiry (the last may fall
        short of the last 30 days by a week); "flat" holds the
        last index for every longer horizon. "auto" takes the first of them for which the market has the series: what
        it takes never depends on values.

    Raises
    ------
    DataError
        Series that are not there or do not reach the horizon; futures not quoted on a date, which is named.
    """
    if term not in TERMS:
        raise InputError(f"term must be one of {', '.join(map(repr, TERMS))}, not {term!r}")
    indices = {INDEX_DAYS: market.vix} | dict(market.volatilities)
    reach = max(indices)
    if term == "auto":
        term = "indices" if reach >= longest else "flat" if market.futures is None else "futures"
    if term == "futures":
        return _of_futures(market, longest)
    if term == "indices" and reach < longest:
        raise DataError(
            f"the longest volatility index given looks {reach} days ahead and {longest:g} are needed; "
            "give a longer one, or term='flat'"
        )
    days: list[float] = sorted(indices)
    total = np.column_stack([np.zeros(len(market)), *(indices[each] ** 2 * each for each in sorted(indices))])
    synthetic = _shorter(days[0])
    if reach < longest:
        total = np.column_stack([total, indices[reach] ** 2 * longest])
        synthetic += (f"variance beyond {reach} days held at the index of {reach} days (flat)",)
        days.append(longest)
    return VarianceCurve(np.array([0.0, *days]), total, synthetic)


def _shorter(first: float) -> tuple[str, ...]:
    return (f"variance of fewer than {first:g} days marked at the index of {first:g} days",)


def _of_futures(market: OverlayMarket, longest: float) -> VarianceCurve:
    """Return the curve whose windows of 30 days start at 0, 30, 60 ...: the index, then interpolated futures."""
    starts = np.arange(0.0, max(longest - 1e-9, INDEX_DAYS), INDEX_DAYS)
    prices, ahead = quoted_curve(market)
    forward = np.empty((len(market), len(starts)))
    for row, (points, days) in enumerate(zip(prices, ahead, strict=True)):
        known = np.isfinite(points) & (days > 0.0)
        reach = days[known].max(initial=-1.0)
        if reach < starts[-1] - REACH:
            raise DataError(
                f"a horizon of {longest:g} days needs a volatility future of {starts[-1] - REACH:g} days or more on "
                f"{market.dates[row]:%Y-%m-%d}, and the longest quoted has {max(reach, 0.0):g}: leave the date out "
                "with on_futures_dates(market, positions), give a volatility index of the horizon, or term='flat'"
            )
        spine = np.concatenate(([0.0], days[known]))
        forward[row] = np.interp(starts, spine, np.concatenate(([market.vix[row]], points[known])) ** 2)
    total = np.column_stack([np.zeros(len(market)), np.cumsum(forward, axis=1) * INDEX_DAYS])
    stamp = f"variance beyond {INDEX_DAYS} days from squared volatility futures, without their convexity"
    return VarianceCurve(np.append(starts, starts[-1] + INDEX_DAYS), total, (*_shorter(INDEX_DAYS), stamp))


def quoted_curve(market: OverlayMarket) -> tuple[FloatArray, FloatArray]:
    """Return the futures' prices in points and calendar days to expiry, both (n_dates, n_positions), NaN where blank.

    Raises
    ------
    DataError
        Where the market has no futures.
    """
    if market.futures is None or market.expiries is None:
        raise DataError(
            "the market has no futures on its volatility index; give MarketQuotes(futures=..., expiries=...), in a "
            "study file market: futures"
        )
    expiry = market.expiries.apply(_as_days).to_numpy()
    today = market.dates.to_numpy().astype("datetime64[D]").astype(float)
    return market.futures.to_numpy(dtype=float), expiry - today[:, None]


def _as_days(column: pd.Series) -> FloatArray:
    """Return dates as days since 1970, NaN where missing."""
    stamps = pd.to_datetime(column).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(stamps), np.nan, stamps.astype(float))


def on_futures_dates(market: OverlayMarket, positions: int = 2) -> OverlayMarket:
    """Return the market on the dates on which its nearest futures are all quoted; the others leave and are counted.

    Parameters
    ----------
    market : OverlayMarket
        With futures.
    positions : int
        How many of the nearest futures must be quoted.

    Returns
    -------
    OverlayMarket

    Raises
    ------
    DataError
        No date has so many futures quoted.
    """
    prices, ahead = quoted_curve(market)
    if not 1 <= positions <= prices.shape[1]:
        raise InputError(f"positions must be from 1 to {prices.shape[1]}, not {positions!r}")
    quoted = (np.isfinite(prices) & np.isfinite(ahead))[:, :positions].all(axis=1)
    kept = np.flatnonzero(quoted)
    if not kept.size:
        raise DataError(f"no date of the market has {positions} futures quoted; check the futures' dates")
    return replace(market.at(kept), dropped=market.dropped + len(market) - kept.size)
