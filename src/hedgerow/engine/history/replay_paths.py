"""The one path that a history is: spots, volatilities of each strike by date, yields, dividends as they were paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.instruments.inputs import ask_surface
from hedgerow.scenarios.paths import MarketPaths


@dataclass(frozen=True, eq=False)
class ReplayPaths(MarketPaths):
    """Market paths of a history; made by :class:`~hedgerow.engine.ReplayMarket`.

    Attributes
    ----------
    yields : ndarray, shape (n_times, n_underlyings), or None
        Dividend yield at which options are priced at each time; None for that of ``start``, which is paid too.
    surfaces : mapping of str to sequence, length n_times
        By underlying, one surface per time: an object with ``volatility(strike, years)`` or a callable of (strike,
        years, forward).
    pays_yield : tuple of str
        Underlyings whose ``yields`` are paid continuously to holders; others pay what ``paid`` says.
    paid : mapping of str to tuple of (Timestamp, float)
        Dividends as they were paid, by underlying: ex-moments and amounts per unit.
    futures : tuple of str
        Underlyings that are futures: their yield is the rate, which pays back what holding them at full price costs.
    """

    yields: FloatArray | None = None
    surfaces: Mapping[str, Any] = field(default_factory=dict)
    pays_yield: tuple[str, ...] = ()
    paid: Mapping[str, tuple[tuple[pd.Timestamp, float], ...]] = field(default_factory=dict)
    futures: tuple[str, ...] = ()

    def marks(self, time: int, underlying: str, strikes: FloatArray, years: FloatArray) -> FloatArray:
        """Return the implied volatility of strikes at one time, shape (1, n_strikes): its surface's, or ``vols``."""
        if underlying not in self.surfaces:
            return super().marks(time, underlying, strikes, years)
        strikes = np.asarray(strikes, dtype=float)
        at = np.broadcast_to(np.asarray(years, dtype=float), strikes.shape)
        code = self.underlyings.index(underlying)
        known = self.start.underlying(underlying)
        rate = known.rate if self.rates is None else float(self.rates[time])
        carry = (known.dividend_yield if self.yields is None else float(self.yields[time, code])) + known.borrow
        forward = self.spots[0, time, code] * np.exp((rate - carry) * at)
        return np.asarray(ask_surface(self.surfaces[underlying][time], strikes, at, forward))[None, :]
