"""Markets and books that several tests of instruments share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from hedgerow.instruments import (
    EuropeanOption,
    Forward,
    Future,
    MarketState,
    Position,
    Spot,
    Underlying,
    VixFuture,
    VixOption,
)

AT = pd.Timestamp("2026-11-20 16:00")
SPX = Underlying(4000.0, 0.2, rate=0.04, dividend_yield=0.015, borrow=0.005)
XYZ = Underlying(50.0, 0.35, rate=0.04, dividends=(("2026-12-10", 0.6), ("2027-03-10", 0.6)))
VIX = Underlying(18.0, 0.9, rate=0.04, forwards={"2027-01-20": 19.5})
MARKET = MarketState(AT, {"SPX": SPX, "XYZ": XYZ, "VIX": VIX})


def changed(name: str, market: MarketState = MARKET, **fields: Any) -> MarketState:
    """Return the market with fields of one underlying replaced."""
    return replace(market, underlyings={**market.underlyings, name: replace(market.underlyings[name], **fields)})


def options(underlying: str, strikes: tuple[float, ...]) -> list[Position]:
    """Return calls bought and puts sold over strikes and two expiries."""
    held = []
    for number, strike in enumerate(strikes):
        for expiry in ("2027-01-15", "2027-06-18"):
            held.append(Position(EuropeanOption(underlying, "call", strike, expiry, multiplier=100), 2.0 + number))
            held.append(Position(EuropeanOption(underlying, "put", strike, expiry, multiplier=100), -1.0 - number))
    return held


def mixed() -> list[Position]:
    """Return positions of several types in three underlyings."""
    return [
        *options("SPX", (3600.0, 4000.0, 4400.0)),
        *options("XYZ", (45.0, 50.0, 60.0)),
        Position(Spot("XYZ"), -300.0),
        Position(Future("SPX", "2027-03-19", multiplier=50), -3.0),
        Position(Forward("XYZ", 48.0, "2027-06-18"), 1000.0),
        Position(VixFuture("VIX", "2027-01-20", multiplier=1000), 2.0),
        Position(VixOption("VIX", "call", 25.0, "2027-01-20", multiplier=100), 20.0),
    ]
