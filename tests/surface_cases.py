"""A chain whose every quote is known: Black prices under SVI slices, with a spread around them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow.pricing import black_scholes, svi
from hedgerow.pricing.svi import SVI

AT, SPOT, RATE, DIVIDEND_YIELD = "2024-01-02", 100.0, 0.03, 0.01
SLICES: Mapping[str, SVI] = {
    "2024-04-02": SVI(0.004, 0.04, -0.5, 0.02, 0.1),
    "2024-07-02": SVI(0.012, 0.05, -0.5, 0.02, 0.12),
    "2025-01-02": SVI(0.028, 0.07, -0.45, 0.02, 0.15),
}


def years_of(expiry: str) -> float:
    return (pd.Timestamp(expiry) - pd.Timestamp(AT)).days / 365


def forward_of(expiry: str) -> float:
    return SPOT * float(np.exp((RATE - DIVIDEND_YIELD) * years_of(expiry)))


def chain_frame(half_spread: float = 0.01) -> pd.DataFrame:
    parts = []
    for expiry, slice in SLICES.items():
        years, forward = years_of(expiry), forward_of(expiry)
        strikes = np.repeat(np.arange(70.0, 136.0, 2.5), 2)
        kinds = np.tile(["call", "put"], len(strikes) // 2)
        vols = svi.volatility(np.log(strikes / forward), years, slice)
        price = black_scholes.price(kinds, SPOT, strikes, years, vols, RATE, DIVIDEND_YIELD)
        quotes = {"bid": np.maximum(price - half_spread, 0.0), "ask": price + half_spread}
        parts.append(pd.DataFrame({"date": AT, "expiry": expiry, "strike": strikes, "kind": kinds, **quotes}))
    return pd.concat(parts, ignore_index=True)


def write_chain(folder: Path, frame: pd.DataFrame | None = None, name: str = "chain.csv") -> Path:
    (chain_frame() if frame is None else frame).to_csv(folder / name, index=False)
    return folder / name
