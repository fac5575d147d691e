"""American quotes made European: the price without early exercise, at the volatility that each quote implies.

Each bid and ask is inverted by the American model at a rate and a dividend yield per expiry, and priced again as a
European option. Where the yield is not given it is found so that the European twins obey parity: start without
dividends, invert, read the forward F from the twins, set the yield to rate - ln(F / S) / years, and repeat.

Discrete dividends are spread into the yield: near the money that is harmless, deep in the money before a large dividend
it is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.surface.chain import OptionChain
from hedgerow.market.surface.parity import Discount, discount_factors, strike_pairs

_ROUNDS = 12
_SETTLED = 1e-6


@dataclass(frozen=True)
class EuropeanTwin:
    """A chain without early exercise, and what it was made with.

    Attributes
    ----------
    chain : OptionChain
        European bids and asks; missing where the American price has no volatility.
    forwards : DataFrame
        expiry, years, forward, discount, rate, dividend_yield, pairs: ready for :func:`fit_chain` as its forwards.
    lost : int
        Quotes of which a bid or ask was there and has no volatility: at or below immediate exercise, or stale.
    """

    chain: OptionChain = field(repr=False)
    forwards: pd.DataFrame
    lost: int


def de_americanise(
    chain: OptionChain, discount: Discount, *, dividend_yields: float | Mapping[Any, float] | None = None
) -> EuropeanTwin:
    """Return the European twin of an American chain.

    Parameters
    ----------
    chain : OptionChain
        Cleaned American quotes of one date with their spot.
    discount : float, mapping or callable
        A continuously compounded rate, discount factors by expiry, or years -> discount factor.
    dividend_yields : float or mapping of expiries to floats, optional
        Continuously compounded; found from the quotes within 5 % of the spot when None. Expiries with fewer than three
        strikes quoted on both sides there are left out.

    Returns
    -------
    EuropeanTwin
        The chain without early exercise, and forward, discount factor and yield of each expiry.

    Raises
    ------
    InputError
        For chains that are not American, without spot or without discount factors.
    DataError
        Where no yield can be found.
    """
    spot = _require_american(chain)
    chain = chain.where(chain.years > 0.0)
    terms = _terms(chain, discount)
    if dividend_yields is None:
        terms = _with_yields(chain, terms, spot)
    elif isinstance(dividend_yields, Mapping | pd.Series):
        known = {pd.Timestamp(key): float(value) for key, value in dict(dividend_yields).items()}
        terms = terms.assign(dividend_yield=terms["expiry"].map(known)).dropna(subset="dividend_yield")
    else:
        terms = terms.assign(dividend_yield=float(dividend_yields))
    if terms.empty:
        raise DataError("no expiry has a dividend yield: give dividend_yields, or quotes on both sides near the spot")
    terms = terms.assign(forward=spot * np.exp((terms["rate"] - terms["dividend_yield"]) * terms["years"]))
    kept = chain.where(chain.quotes["expiry"].isin(terms["expiry"]))
    rows = kept.quotes[["expiry", "strike", "kind"]].merge(terms, on="expiry")
    sides = {side: european_price(kept.quotes[side].to_numpy(), rows, spot) for side in ("bid", "ask")}
    lost = sum(np.isnan(sides[side]) & kept.quotes[side].notna().to_numpy() for side in sides)
    return EuropeanTwin(
        kept.with_columns(**sides, style="european"), terms.reset_index(drop=True), int(np.sum(lost > 0))
    )


def european_price(price: FloatArray, rows: pd.DataFrame, spot: float) -> FloatArray:
    """Return European prices at the volatilities that American prices imply, missing where there is none.

    Parameters
    ----------
    price : array of shape (options,)
        American prices; missing ones stay missing.
    rows : DataFrame
        strike, kind, years, rate, dividend_yield of each.
    spot : float
        Price of the underlying.
    """
    import hedgerow.pricing.american as american
    from hedgerow.pricing import black_scholes

    result = np.full(len(rows), np.nan)
    there = np.flatnonzero(~np.isnan(price))
    here = rows.iloc[there]
    strike, years, rate, payout = (here[name].to_numpy() for name in ("strike", "years", "rate", "dividend_yield"))
    sign = np.where(here["kind"] == "call", 1.0, -1.0)
    vol = american.implied_volatility(price[there], sign, spot, strike, years, rate, payout).volatility
    known = np.isfinite(vol)
    terms = (part[known] for part in (strike, years, vol, rate, payout))
    result[there[known]] = black_scholes.price(sign[known], spot, *terms)
    return result


def _require_american(chain: OptionChain) -> float:
    chain.at  # noqa: B018 - refuses several dates
    if chain.style != "american":
        raise InputError(f"only American chains are de-Americanised; this one's style is {chain.style or 'not stated'}")
    if not chain.has_prices:
        raise InputError("de-Americanising needs bid and ask; this chain holds volatilities")
    if chain.spot is None:
        raise InputError("de-Americanising needs the spot; give spot= when the chain is made")
    return chain.spot


def _terms(chain: OptionChain, discount: Discount) -> pd.DataFrame:
    years = chain.to_frame().groupby("expiry")["years"].first()
    factors = discount_factors(discount, pd.DatetimeIndex(years.index), years.to_numpy())
    rates = -np.log(factors) / years.to_numpy()
    return pd.DataFrame({"expiry": years.index, "years": years.to_numpy(), "discount": factors, "rate": rates})


def _with_yields(chain: OptionChain, terms: pd.DataFrame, spot: float) -> pd.DataFrame:
    """Return the terms with the yield under which the European twins of quotes near the money obey parity."""
    pairs = strike_pairs(chain, 0.05)
    counts = pairs.groupby("expiry").size().rename("pairs")
    pairs = pairs[pairs["expiry"].map(counts) >= 3]
    if pairs.empty:
        raise DataError("no expiry has three strikes quoted on both sides within 5 % of the spot; give dividend_yields")
    found = terms.merge(counts[counts >= 3], on="expiry").assign(dividend_yield=0.0)
    for _ in range(_ROUNDS):
        rows = pairs[["expiry", "strike"]].merge(found, on="expiry")
        twins = [
            european_price(0.5 * (pairs[f"{kind}_bid"] + pairs[f"{kind}_ask"]).to_numpy(), rows.assign(kind=kind), spot)
            for kind in ("call", "put")
        ]
        forwards = rows["strike"] + (twins[0] - twins[1]) / rows["discount"]
        middle = forwards.groupby(rows["expiry"]).median().reindex(found["expiry"]).to_numpy()
        update = found["rate"] - np.log(middle / spot) / found["years"]
        step = ((update - found["dividend_yield"]) * found["years"]).abs().max()
        found = found.assign(dividend_yield=update).dropna(subset="dividend_yield")
        if not step > _SETTLED:
            break
    return found
