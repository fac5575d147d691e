"""Volatility at any strike and expiry, with the forwards and discount factors that belong to it.

>>> import numpy as np
>>> from hedgerow.market.surface import SVISmile, VolatilitySurface
>>> from hedgerow.pricing.svi import SVI
>>> smiles = (SVISmile(SVI(0.005, 0.05, -0.5, 0.0, 0.2)), SVISmile(SVI(0.02, 0.08, -0.5, 0.0, 0.3)))
>>> surface = VolatilitySurface(100.0, np.array([0.5, 1.0]), np.array([101.0, 102.0]), np.array([0.99, 0.98]), smiles)
>>> surface.volatility([90.0, 100.0, 110.0], 0.75).round(4).tolist()
[0.2165, 0.2, 0.1922]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.market.surface.moves import moved_smiles
from hedgerow.market.surface.smiles import Smile
from hedgerow.pricing.arguments import as_given, numbers, refuse_below


@dataclass(frozen=True)
class VolatilitySurface:
    """Smiles of several expiries and what lies between them.

    Attributes
    ----------
    spot : float
        Price of the underlying, above 0.
    years : array of shape (expiries,)
        Time to each expiry, rising, above 0.
    forwards, discounts : array of shape (expiries,)
        Forward price and discount factor of each expiry, above 0.
    smiles : tuple of Smile
        Total variance of each expiry against log-moneyness.
    expiries : tuple of Timestamp
        Dates of the expiries, where known.

    Notes
    -----
    Between expiries total variance is linear in time at fixed log-moneyness, so that it rises where the smiles do not
    cross. Before the first expiry volatility is the first smile's at the same log-moneyness: scaling total variance
    down keeps the density factor positive. After the last, total variance grows at every log-moneyness by the last
    smile's at-the-money variance per year, which leaves the slopes of the wings as they are; calendar arbitrage cannot
    arise from it, and :func:`check_surface` says whether butterflies do. Logarithms of the forward and of the discount
    factor are linear in time from spot and 1 at time 0, and go on at the last piece's slope.
    """

    spot: float
    years: FloatArray
    forwards: FloatArray
    discounts: FloatArray
    smiles: tuple[Smile, ...]
    expiries: tuple[pd.Timestamp, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no surface."""
        arrays = numbers({"spot": self.spot, "years": self.years, "forward": self.forwards, "discount": self.discounts})
        for name, values in arrays.items():
            refuse_below(name, values, allow_equal=False)
        lengths = {len(self.smiles), *(np.size(arrays[name]) for name in ("years", "forward", "discount"))}
        if len(lengths) != 1 or 0 in lengths:
            raise InputError(f"a surface needs a smile, forward and discount factor per expiry, got {sorted(lengths)}")
        if not (np.diff(arrays["years"]) > 0.0).all():
            raise InputError("years of a surface must rise from expiry to expiry; sort the smiles")

    def forward(self, years: Any) -> Any:
        """Return the forward price at the years given; spot at 0."""
        return as_given(np.exp(self._carried(years, np.log(self.forwards), float(np.log(self.spot)))))

    def discount(self, years: Any) -> Any:
        """Return the discount factor at the years given; 1 at 0."""
        return as_given(np.exp(self._carried(years, np.log(self.discounts), 0.0)))

    def total_variance(self, log_moneyness: Any, years: Any) -> Any:
        """Return w(k, T), implied volatility squared times years; the two arguments broadcast."""
        read = numbers({"log_moneyness": log_moneyness, "years": years})
        refuse_below("years", read["years"], allow_equal=True)
        k, time = np.broadcast_arrays(read["log_moneyness"], read["years"])
        shape, k, time = k.shape, k.ravel(), time.ravel()
        last = len(self.years) - 1
        right = np.clip(np.searchsorted(self.years, time), 0, last)
        result = np.empty(time.shape)
        for place in np.unique(right):
            here = right == place
            result[here] = self._between(int(place), k[here], time[here])
        return as_given(result.reshape(shape))

    def _between(self, place: int, k: FloatArray, time: FloatArray) -> FloatArray:
        upper, end = self.smiles[place].total_variance(k), self.years[place]
        if place == 0:
            found = upper * np.minimum(time, end) / end
        else:
            start = self.years[place - 1]
            share = (np.minimum(time, end) - start) / (end - start)
            found = (1.0 - share) * self.smiles[place - 1].total_variance(k) + share * upper
        growth = float(self.smiles[-1].total_variance(np.zeros(1))[0]) / self.years[-1]
        return np.asarray(found + np.maximum(time - end, 0.0) * growth)

    def volatility(self, strike: Any, years: Any) -> Any:
        """Return the annual implied volatility of strikes at times; the two arguments broadcast.

        Raises
        ------
        InputError
            For strikes or years that are not above 0.
        """
        read = numbers({"strike": strike, "years": years})
        for name, values in read.items():
            refuse_below(name, values, allow_equal=False)
        k = np.log(read["strike"] / np.asarray(self.forward(read["years"])))
        return as_given(np.sqrt(np.asarray(self.total_variance(k, read["years"])) / read["years"]))

    def price(self, kind: Any, strike: Any, years: Any) -> Any:
        """Return the discounted price of European options, money per unit."""
        from hedgerow.pricing import black_scholes

        vol, forward = self.volatility(strike, years), self.forward(years)
        return as_given(np.asarray(black_scholes.price(kind, forward, strike, years, vol)) * self.discount(years))

    def shifted(
        self, spot: float, rule: Literal["sticky_strike", "sticky_delta", "sticky_moneyness"] = "sticky_strike"
    ) -> VolatilitySurface:
        """Return the surface after a move of the spot; forwards move in proportion.

        Parameters
        ----------
        spot : float
            The new spot, above 0.
        rule : {"sticky_strike", "sticky_delta", "sticky_moneyness"}
            Sticky strike: each strike keeps its volatility. Sticky delta (the same as sticky moneyness, since a forward
            delta depends on strike / forward alone): each ratio of strike to forward keeps it.
        """
        read = numbers({"spot": spot})["spot"]
        refuse_below("spot", read, allow_equal=False)
        ratio = float(read) / self.spot
        smiles = moved_smiles(self.smiles, float(np.log(ratio)), rule)
        return replace(self, spot=float(read), forwards=np.asarray(self.forwards) * ratio, smiles=smiles)

    def table(self, strikes: Any, years: Any = None) -> pd.DataFrame:
        """Return volatilities with one row per strike and one column per time (the expiries' own when None)."""
        times = np.asarray(self.years if years is None else years, dtype=np.float64)
        places = np.asarray(strikes, dtype=np.float64)
        vols = self.volatility(places[:, None], times[None, :])
        return pd.DataFrame(vols, index=pd.Index(places, name="strike"), columns=pd.Index(times, name="years"))

    def _carried(self, years: Any, logs: FloatArray, at_zero: float) -> FloatArray:
        time = numbers({"years": years})["years"]
        refuse_below("years", time, allow_equal=True)
        places = np.concatenate(([0.0], self.years))
        values = np.concatenate(([at_zero], logs))
        slope = (values[-1] - values[-2]) / (places[-1] - places[-2])
        return np.asarray(np.interp(time, places, values) + np.maximum(time - places[-1], 0.0) * slope)
