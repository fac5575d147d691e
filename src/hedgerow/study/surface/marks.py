"""Marks of held options: European ones by the surface, American ones with what early exercise adds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hedgerow.market.surface import OptionChain, VolatilitySurface, mark
from hedgerow.study.surface.fit import ChainFit


def marked(held: pd.DataFrame, chain: OptionChain, found: ChainFit) -> pd.DataFrame:
    """Return held options with mark, low, high, code and reason.

    A believed quote of an American option marks it as it stands. Where the smile marks it, the European price gains
    what early exercise is worth at the same volatility, and never falls below immediate exercise.

    Raises
    ------
    InputError
        Where a held option cannot be read, or the chain holds no prices.
    """
    surface = found.fitted.surface
    if found.terms is None:
        return mark(held, chain, surface)
    european = chain.with_columns(style="european")
    return _with_early_exercise(mark(held, european, surface), chain, surface, found.terms)


def _with_early_exercise(
    marks: pd.DataFrame, chain: OptionChain, surface: VolatilitySurface, terms: pd.DataFrame
) -> pd.DataFrame:
    import hedgerow.pricing.american as american
    from hedgerow.pricing import black_scholes

    result = marks.reset_index(drop=True)
    rows = result[~result["code"].isin(["two_sided", "expired"])]
    if rows.empty:
        return result
    years = chain.times.years(pd.Series(chain.at, rows.index), rows["expiry"])
    strike = rows["strike"].to_numpy(dtype=np.float64)
    sign = np.where(rows["kind"].str.strip().str.lower().str.startswith("c"), 1.0, -1.0)
    rate = -np.log(np.asarray(surface.discount(years))) / years
    payout = rate - np.log(np.asarray(surface.forward(years)) / surface.spot) / years
    market = (sign, surface.spot, strike, years, np.asarray(surface.volatility(strike, years)), rate, payout)
    premium = np.asarray(american.price(*market)) - np.asarray(black_scholes.price(*market))
    exercise = np.maximum(sign * (surface.spot - strike), 0.0)
    for name in ("low", "mark", "high"):
        result.loc[rows.index, name] = np.maximum(rows[name].to_numpy() + np.maximum(premium, 0.0), exercise)
    result.loc[rows.index, "reason"] = rows["reason"] + ", and what early exercise adds"
    return result
