"""Quotes as implied volatilities: what a smile is fitted to, and how far it may miss.

>>> import pandas as pd
>>> from hedgerow.market.surface import OptionChain, smile_quotes
>>> quotes = pd.DataFrame({"date": "2011-01-03", "expiry": "2012-01-03", "strike": [90.0, 110.0],
...                        "kind": ["put", "call"], "bid": [3.5, 4.0], "ask": [3.7, 4.2]})
>>> forwards = pd.DataFrame({"expiry": pd.to_datetime(["2012-01-03"]), "forward": 100.0, "discount": 0.99})
>>> smile_quotes(OptionChain.from_frame(quotes), forwards)[["bid_vol", "mid_vol", "ask_vol"]].round(4).values.tolist()
[[0.1984, 0.2014, 0.2045], [0.1932, 0.1959, 0.1987]]
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.surface.chain import OptionChain

LEAST_HALF_WIDTH = 1e-4
"""Half a spread in volatility below which quotes are not told apart: one hundredth of a point."""


def smile_quotes(chain: OptionChain, forwards: pd.DataFrame, *, sides: str = "out_of_the_money") -> pd.DataFrame:
    """Return the quotes of a chain as bid, mid and ask volatilities at their log-moneyness.

    Parameters
    ----------
    chain : OptionChain
        Cleaned European quotes of one date, with prices or with volatilities.
    forwards : DataFrame
        ``expiry``, ``forward``, ``discount``: the table of :func:`parity_forwards`. Quotes of other expiries are left
        out.
    sides : {"out_of_the_money", "both"}
        Out of the money: puts below the forward and calls from it on. In the money the spread hides the volatility.

    Returns
    -------
    DataFrame
        expiry, years, forward, discount, strike, kind, log_moneyness = ln(K/F), bid_vol, mid_vol, ask_vol (missing
        where the price is no option price: code), vega (per 1.00, of the discounted price at the mid), half_width
        (half of bid to ask in volatility, at least one hundredth of a point), code (of the mid, 0 = converged), and
        bid, ask where the chain has them.

    Raises
    ------
    InputError
        For American chains, unknown sides, or forwards without their columns.
    """
    chain.at  # noqa: B018 - refuses several dates
    if chain.style not in ("european", None):
        raise InputError("implied volatilities here are European; de-Americanise the chain first")
    if sides not in ("out_of_the_money", "both"):
        raise InputError(f"sides must be 'out_of_the_money' or 'both', not {sides!r}")
    missing = [name for name in ("expiry", "forward", "discount") if name not in forwards]
    if missing:
        raise InputError(f"forwards has no column {missing[0]!r}; give expiry, forward and discount")
    quotes = chain.to_frame().merge(forwards[["expiry", "forward", "discount"]], on="expiry")
    quotes = quotes[quotes["years"] > 0.0].reset_index(drop=True)
    if sides == "out_of_the_money":
        call = quotes["kind"] == "call"
        quotes = quotes[call == (quotes["strike"] >= quotes["forward"])].reset_index(drop=True)
    if quotes.empty:
        raise DataError("no quote of the chain has a forward and time left; nothing to take volatilities of")
    quotes["log_moneyness"] = np.log(quotes["strike"] / quotes["forward"])
    return _with_vols(quotes, chain.has_prices)[_columns(chain.has_prices)]


def _with_vols(quotes: pd.DataFrame, from_prices: bool) -> pd.DataFrame:
    from hedgerow.pricing import black_scholes

    columns: dict[str, Any] = {}
    if from_prices:
        bid, ask = quotes["bid"].to_numpy(), quotes["ask"].to_numpy()
        for name, price in (("bid", bid), ("ask", ask), ("mid", 0.5 * (bid + ask))):
            # The last code stays: that of the mid.
            columns[f"{name}_vol"], columns["code"] = implied(price, quotes)
    else:
        columns = {name: quotes["vol"].to_numpy() for name in ("bid_vol", "mid_vol", "ask_vol")}
        columns["code"] = np.where(np.isnan(columns["mid_vol"]), -1, 0)
    known = np.where(np.isnan(columns["mid_vol"]), 0.0, columns["mid_vol"])
    arguments = (_signs(quotes), quotes["forward"].to_numpy(), quotes["strike"].to_numpy(), quotes["years"].to_numpy())
    vega = black_scholes.greeks(*arguments, known, names=("vega",)).vega * quotes["discount"].to_numpy()
    # A bid below intrinsic has no volatility: the width is then twice the upper half.
    lower = np.where(np.isnan(columns["bid_vol"]), 2.0 * known - columns["ask_vol"], columns["bid_vol"])
    half = np.maximum(0.5 * (columns["ask_vol"] - lower), LEAST_HALF_WIDTH)
    return quotes.assign(**columns, vega=np.where(np.isnan(columns["mid_vol"]), np.nan, vega), half_width=half)


def implied(price: FloatArray, quotes: pd.DataFrame) -> tuple[FloatArray, Any]:
    """Return volatility (missing where there is none) and code of discounted prices; quotes give strike and forward."""
    from hedgerow.pricing import black_scholes

    undiscounted = price / quotes["discount"].to_numpy()
    strike, years, forward = (quotes[name].to_numpy() for name in ("strike", "years", "forward"))
    found = black_scholes.implied_volatility(undiscounted, _signs(quotes), forward, strike, years)
    return np.asarray(found.volatility, dtype=np.float64), np.asarray(found.code)


def _signs(quotes: pd.DataFrame) -> FloatArray:
    return np.where(quotes["kind"] == "call", 1.0, -1.0)


def _columns(prices: bool) -> list[str]:
    found = ["expiry", "years", "forward", "discount", "strike", "kind", "log_moneyness"]
    found += ["bid_vol", "mid_vol", "ask_vol", "vega", "half_width", "code"]
    return found + (["bid", "ask"] if prices else [])
