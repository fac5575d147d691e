"""What a held option is worth when its quote does not say: never nothing, and never yesterday's bid.

The rule, in order; every mark carries its code, a band and a sentence:

* ``expired``: time is up: intrinsic value at the surface's spot, no band.
* ``two_sided``: bid and ask pass cleaning: the mid, band from bid to ask.
* ``one_sided``: bid alone, or ask alone (a zero bid counts as none): the smile's price, held inside the side that is
  there and the bounds.
* ``no_quote``: 0/0, no row, crossed, absurdly wide or outside the bounds: the smile's price inside the bounds.
* ``bounds_only``: no smile reaches the expiry: half-way between the bounds.

Bounds are the no-arbitrage bounds of the forward, tightened by the option's neighbours of the same expiry and kind: a
call is worth no more than the ask of any lower strike, no less than the bid of any higher one, and no more than the
straight line between the asks on both sides (convexity); a put the other way round.

>>> import numpy as np, pandas as pd
>>> from hedgerow.market.surface import OptionChain, PointSmile, VolatilitySurface, mark
>>> smile = PointSmile(np.zeros(1), np.array([0.2]), 0.5)
>>> surface = VolatilitySurface(100.0, np.array([0.5]), np.array([100.0]), np.ones(1), (smile,))
>>> quotes = pd.DataFrame({"date": "2011-01-03 16:00", "expiry": "2011-07-05 04:00", "strike": [80.0, 90.0],
...                        "kind": "put", "bid": [0.0, 1.9], "ask": [0.0, 2.1]})
>>> marks = mark(quotes[["expiry", "strike", "kind"]], OptionChain.from_frame(quotes, style="european"), surface)
>>> marks[["mark", "code"]].round(4).values.tolist()
[[0.3091, 'no_quote'], [2.0, 'two_sided']]
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.errors import InputError
from hedgerow.market.surface.chain import OptionChain
from hedgerow.market.surface.cleaning import CleaningOptions, clean
from hedgerow.market.surface.smile_quotes import LEAST_HALF_WIDTH
from hedgerow.market.surface.volatility_surface import VolatilitySurface

CODES = ("two_sided", "one_sided", "no_quote", "bounds_only", "expired")
_BEYOND = 1e-9


@dataclass(frozen=True)
class MarkingOptions:
    """Thresholds of marking.

    Attributes
    ----------
    cleaning : CleaningOptions
        When a two-sided quote is believed; a locked one is.
    vol_error : float
        Half-width in volatility of the band around a mark from the smile; the fit's error, or half the usual spread.
    """

    cleaning: CleaningOptions = field(default_factory=lambda: CleaningOptions(keep_locked=True))
    vol_error: float = 0.01

    def __post_init__(self) -> None:
        """Refuse a band of nothing."""
        if not self.vol_error >= LEAST_HALF_WIDTH:
            raise InputError(f"vol_error must be at least {LEAST_HALF_WIDTH}, got {self.vol_error!r}")


def mark(
    held: pd.DataFrame,
    chain: OptionChain,
    surface: VolatilitySurface,
    options: MarkingOptions = MarkingOptions(),
) -> pd.DataFrame:
    """Return a mark for each held option.

    Parameters
    ----------
    held : DataFrame
        ``expiry``, ``strike``, ``kind``; other columns stay.
    chain : OptionChain
        The quotes of that date as they come, of European options.
    surface : VolatilitySurface
        Fitted to that date.
    options : MarkingOptions
        When a quote is believed, and the width of the band around the smile.

    Returns
    -------
    DataFrame
        The rows of ``held`` with mark, low, high (money per unit; low <= mark <= high), code, reason (one sentence).

    Raises
    ------
    InputError
        Where a column is missing, or the chain holds several dates or no prices.
    """
    missing = [name for name in ("expiry", "strike", "kind") if name not in held]
    if missing:
        raise InputError(f"held options have no column {missing[0]!r}; give expiry, strike and kind")
    if not chain.has_prices:
        raise InputError("marks need bid and ask; this chain holds volatilities")
    at = chain.at
    forwards = pd.DataFrame({"expiry": chain.expiries})
    forwards["years"] = chain.times.years(pd.Series(at, forwards.index), forwards["expiry"])
    alive = forwards[forwards["years"] >= 0.0]
    alive = alive.assign(forward=surface.forward(alive["years"]), discount=surface.discount(alive["years"]))
    judged = clean(chain, options.cleaning, alive).quotes
    rows = [_one(row, judged, chain, surface, options) for row in _contracts(held)]
    marks = pd.DataFrame(rows, columns=["mark", "low", "high", "code", "reason"], index=held.index)
    return pd.concat([held, marks], axis=1)


def _contracts(held: pd.DataFrame) -> list[tuple[pd.Timestamp, float, str]]:
    found = []
    for place, (expiry, strike, kind) in enumerate(zip(held["expiry"], held["strike"], held["kind"], strict=True)):
        word = {"call": "call", "c": "call", "put": "put", "p": "put"}.get(str(kind).strip().lower())
        if word is None or not (np.isfinite(strike) and strike > 0.0):
            raise InputError(
                f"held option {place} must be a call or put with a strike above 0, not {kind!r} at {strike!r}"
            )
        found.append((pd.Timestamp(expiry), float(strike), word))
    return found


def _one(
    contract: tuple[pd.Timestamp, float, str],
    judged: pd.DataFrame,
    chain: OptionChain,
    surface: VolatilitySurface,
    options: MarkingOptions,
) -> tuple[float, float, float, str, str]:
    expiry, strike, kind = contract
    years = float(chain.times.years(pd.Series([chain.at]), pd.Series([expiry]))[0])
    sign = 1.0 if kind == "call" else -1.0
    if years <= 0.0:
        value = max(sign * (surface.spot - strike), 0.0)
        return value, value, value, "expired", f"expiry has passed: intrinsic value at spot {surface.spot:g}"
    same = judged[(judged["expiry"] == expiry) & (judged["kind"] == kind)]
    own = same[same["strike"] == strike]
    reason = str(own["reason"].iloc[0]) if len(own) else "absent"
    bid, ask = (float(own[side].iloc[0]) if len(own) else np.nan for side in ("bid", "ask"))
    if reason == "" or (reason == "stale" and bid > 0.0):
        return 0.5 * (bid + ask), bid, ask, "two_sided", "mid of bid and ask"
    low, high = _bounds(same[same["reason"] == ""], strike, sign, surface, years)
    code = "no_quote"
    if reason in ("zero_bid", "one_sided"):
        code = "one_sided"
        if bid > 0.0:
            low = max(low, bid)
        elif ask > 0.0:
            high = min(high, ask)
    high = max(high, low)
    if years > surface.years[-1] * (1.0 + _BEYOND) or years < surface.years[0] * (1.0 - _BEYOND):
        sentence = f"quote {_named(reason)} and no smile reaches the expiry: half-way between no-arbitrage bounds"
        return 0.5 * (low + high), low, high, "bounds_only", sentence
    prices = _model(kind, strike, years, surface, options.vol_error)
    value, least, most = (float(np.clip(price, low, high)) for price in prices)
    return value, least, most, code, f"quote {_named(reason)}: price of the smile inside the bounds that quotes leave"


def _named(reason: str) -> str:
    return {"absent": "absent", "zero_bid": "without a bid", "one_sided": "one-sided", "no_quote": "0/0"}.get(
        reason, reason.replace("_", " ")
    )


def _model(kind: str, strike: float, years: float, surface: VolatilitySurface, error: float) -> tuple[float, ...]:
    from hedgerow.pricing import black_scholes

    vol = float(surface.volatility(strike, years))
    vols = np.array([vol, max(vol - error, 0.0), vol + error])
    found = black_scholes.price(kind, surface.forward(years), strike, years, vols) * surface.discount(years)
    return tuple(float(price) for price in found)


def _bounds(
    others: pd.DataFrame, strike: float, sign: float, surface: VolatilitySurface, years: float
) -> tuple[float, float]:
    """Return what forward and neighbours allow: at ask for the upper side and at bid for the lower."""
    forward, factor = surface.forward(years), surface.discount(years)
    low = factor * max(sign * (forward - strike), 0.0)
    high = factor * (forward if sign > 0.0 else strike)
    dearer = others[sign * (others["strike"] - strike) < 0.0]
    cheaper = others[sign * (others["strike"] - strike) > 0.0]
    if len(dearer):
        high = min(high, float(dearer["ask"].min()))
    if len(cheaper):
        low = max(low, float(cheaper["bid"].max()))
    if len(dearer) and len(cheaper):
        high = min(high, _between(dearer, cheaper, strike))
    return low, max(low, high)


def _between(dearer: pd.DataFrame, cheaper: pd.DataFrame, strike: float) -> float:
    """Return the straight line between the nearest asks on both sides."""
    ends: list[Any] = [side.iloc[int((side["strike"] - strike).abs().argmin())] for side in (dearer, cheaper)]
    share = (strike - ends[0]["strike"]) / (ends[1]["strike"] - ends[0]["strike"])
    return float((1.0 - share) * ends[0]["ask"] + share * ends[1]["ask"])
