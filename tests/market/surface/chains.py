"""Chains whose truth is known: European options priced from a smile, with bid and ask around them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.market.surface import OptionChain
from hedgerow.pricing import black_scholes

SPOT = 100.0
FORWARDS = {"2011-02-04": 100.1, "2011-07-04": 100.8, "2012-01-03": 101.5}
RATE = 0.02


def skew(strike: FloatArray, forward: float, years: float) -> FloatArray:
    place = np.log(strike / forward) / np.sqrt(years)
    return 0.2 - 0.05 * place + 0.03 * place**2


def quotes(
    strikes: FloatArray | None = None,
    half_spread: float = 0.05,
    smile: Callable[[FloatArray, float, float], FloatArray] = skew,
) -> pd.DataFrame:
    """Return a table of three expiries on one date: date, expiry, strike, kind, bid, ask, spot."""
    strikes = np.arange(80.0, 121.0, 2.0) if strikes is None else strikes
    parts = []
    for expiry, forward in FORWARDS.items():
        years = (pd.Timestamp(expiry) - pd.Timestamp("2011-01-03")).days / 365
        for kind in ("call", "put"):
            vol = smile(strikes, forward, years)
            mid = np.exp(-RATE * years) * black_scholes.price(kind, forward, strikes, years, vol)
            half = np.minimum(half_spread, 0.4 * mid)
            part = {"date": "2011-01-03", "expiry": expiry, "strike": strikes, "kind": kind}
            parts.append(pd.DataFrame({**part, "bid": mid - half, "ask": mid + half, "spot": SPOT}))
    return pd.concat(parts, ignore_index=True)


def chain(style: str | None = "european", **options: object) -> OptionChain:
    return OptionChain.from_frame(quotes(**options), style=style)  # type: ignore[arg-type]
