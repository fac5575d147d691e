"""Currency smiles as they are quoted: at the money, risk reversals and butterflies by delta, made into strikes.

Volatility of the call and of the put at a delta, from at-the-money A, risk reversal R and (smile) butterfly B::

    call = A + B + R / 2,    put = A + B - R / 2

>>> from hedgerow.market.surface import DeltaConvention, FxQuotes, fx_smile
>>> quotes = FxQuotes(0.10, {0.25: -0.01, 0.10: -0.018}, {0.25: 0.002, 0.10: 0.007})
>>> found = fx_smile(quotes, 0.5, forward=1.31, convention=DeltaConvention("forward"))
>>> found.points[["name", "vol"]].round(6).values.tolist()
[['10P', 0.116], ['25P', 0.107], ['ATM', 0.1], ['25C', 0.097], ['10C', 0.098]]
>>> found.points["strike"].round(4).tolist()
[1.1833, 1.2484, 1.3133, 1.3753, 1.4351]

References
----------
D. Reiswich and U. Wystup, *FX volatility smile construction*, Wilmott (2012) 58-69.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.market.surface.smile_quotes import LEAST_HALF_WIDTH
from hedgerow.market.surface.smiles import PointSmile
from hedgerow.market.surface.svi_fit import SliceFit, fit_slice

_SVI_PARAMETERS = 5


@dataclass(frozen=True)
class DeltaConvention:
    """What a quoted delta and "at the money" mean.

    Attributes
    ----------
    delta : {"spot", "forward"}
        Spot delta contains the foreign discount factor (usual to one year in the main pairs); forward delta does not.
    premium_adjusted : bool
        Whether the premium, paid in the foreign currency, is part of the hedge: delta less price / spot.
    at_the_money : {"delta_neutral", "forward", "spot"}
        Strike at which the straddle has no delta, or the forward, or the spot.
    """

    delta: Literal["spot", "forward"] = "spot"
    premium_adjusted: bool = False
    at_the_money: Literal["delta_neutral", "forward", "spot"] = "delta_neutral"

    def __post_init__(self) -> None:
        """Refuse unknown words."""
        if self.delta not in ("spot", "forward"):
            raise InputError(f"delta must be 'spot' or 'forward', not {self.delta!r}")
        if self.at_the_money not in ("delta_neutral", "forward", "spot"):
            raise InputError(f"at_the_money must be 'delta_neutral', 'forward' or 'spot', not {self.at_the_money!r}")


@dataclass(frozen=True)
class FxQuotes:
    """One expiry's quotes, volatilities as decimals.

    Attributes
    ----------
    at_the_money : float
        Volatility of the at-the-money strike.
    risk_reversals : mapping of float to float
        By delta (0.25, 0.10): call volatility less put volatility.
    butterflies : mapping of float to float
        By the same deltas: volatility of the wings above at the money.
    butterfly : {"smile", "market"}
        Smile: mean of the two wings less at the money. Market: at the money plus the butterfly is the one volatility at
        which a strangle, struck at its deltas by that volatility, costs what the smile makes it cost.
    """

    at_the_money: float
    risk_reversals: Mapping[float, float] = field(default_factory=dict)
    butterflies: Mapping[float, float] = field(default_factory=dict)
    butterfly: Literal["smile", "market"] = "smile"

    def __post_init__(self) -> None:
        """Refuse quotes that do not make a smile."""
        if not (np.isfinite(self.at_the_money) and self.at_the_money > 0.0):
            raise InputError(f"at_the_money volatility must be above 0, got {self.at_the_money!r}")
        if set(self.risk_reversals) != set(self.butterflies):
            raise InputError("risk reversals and butterflies must be quoted at the same deltas")
        for delta in self.risk_reversals:
            if not 0.0 < delta < 0.5:
                raise InputError(f"a quoted delta must lie between 0 and 0.5, got {delta!r}; write 0.25 for 25 delta")
        if self.butterfly not in ("smile", "market"):
            raise InputError(f"butterfly must be 'smile' or 'market', not {self.butterfly!r}")

    def vols(self, delta: float, butterfly: float) -> tuple[float, float]:
        """Return the volatilities of put and call at a delta, given the smile butterfly."""
        middle, half = self.at_the_money + butterfly, 0.5 * self.risk_reversals[delta]
        if not min(middle - half, middle + half) > 0.0:
            raise InputError(
                f"quotes at {100 * delta:g} delta give a volatility that is not above 0; look at their signs"
            )
        return middle - half, middle + half


@dataclass(frozen=True)
class FxSmile:
    """A currency smile of one expiry.

    Attributes
    ----------
    points : DataFrame
        name (``25P``, ``ATM``, ``10C``), delta (signed; missing at the money), vol, strike; rising in strike.
    forward, years : float
        Of the expiry.
    """

    points: pd.DataFrame = field(repr=False)
    forward: float
    years: float

    @property
    def smile(self) -> PointSmile:
        """Volatility linear in log-moneyness through the points and flat outside."""
        places = np.log(self.points["strike"].to_numpy() / self.forward)
        return PointSmile(places, self.points["vol"].to_numpy(), self.years)

    def svi(self) -> SliceFit:
        """Return the SVI slice nearest to the points, free of butterfly arbitrage; five points or more.

        Its misses are in hundredths of a volatility point.
        """
        if len(self.points) < _SVI_PARAMETERS:
            raise DataError(f"an SVI slice needs five points; this smile has {len(self.points)}: quote two deltas")
        vol = self.points["vol"]
        frame = pd.DataFrame(
            {
                "strike": self.points["strike"],
                "log_moneyness": np.log(self.points["strike"] / self.forward),
                "years": self.years,
                "bid_vol": vol - LEAST_HALF_WIDTH,
                "mid_vol": vol,
                "ask_vol": vol + LEAST_HALF_WIDTH,
                "half_width": LEAST_HALF_WIDTH,
                "vega": 1.0,
            }
        )
        return fit_slice(frame, reach=np.inf)


def strike_of_delta(
    delta: float,
    vol: float,
    years: float,
    forward: float,
    foreign_discount: float = 1.0,
    convention: DeltaConvention = DeltaConvention(),
) -> float:
    """Return the strike whose option has a delta.

    Parameters
    ----------
    delta : float
        Signed: above 0 for a call, below 0 for a put, such as -0.25.
    vol, years, forward : float
        Volatility of that strike, time > 0 and forward > 0.
    foreign_discount : float
        Discount factor of the foreign (base) currency; enters spot deltas only.
    convention : DeltaConvention
        Spot or forward, premium-adjusted or not.

    Raises
    ------
    InputError
        For a delta that no strike has: beyond the discount factor, or above the largest premium-adjusted call delta.

    Notes
    -----
    With w = 1 for calls and -1 for puts and D the foreign discount factor (1 for forward delta), delta is w D N(w d1),
    and premium-adjusted w D (K/F) N(w d2). The latter of a call has two strikes; the one out of the money is meant.
    """
    from scipy.special import ndtri

    _check(vol, years, forward, foreign_discount)
    sign = 1.0 if delta > 0.0 else -1.0
    share = abs(delta) / (foreign_discount if convention.delta == "spot" else 1.0)
    if not (np.isfinite(delta) and delta != 0.0 and (share < 1.0 or (convention.premium_adjusted and sign < 0.0))):
        raise InputError(f"delta {delta!r} belongs to no strike; give one between 0 and 1, below 0 for a put")
    deviation = vol * np.sqrt(years)
    if not convention.premium_adjusted:
        return float(forward * np.exp(-sign * deviation * ndtri(share) + 0.5 * deviation**2))
    return float(forward * np.exp(_adjusted(share, sign, deviation)))


def _adjusted(share: float, sign: float, deviation: float) -> float:
    """Return ln(K/F) at which (K/F) N(w d2) equals the share."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    def second(place: float) -> float:
        return -place / deviation - 0.5 * deviation

    def excess(place: float) -> float:
        return float(np.exp(place) * ndtr(sign * second(place)) - share)

    far = 12.0 * deviation + deviation**2 + 2.0
    if sign < 0.0:
        return float(brentq(excess, np.log(share) - far, far, xtol=1e-15))

    def slope(place: float) -> float:
        z = second(place)
        return float(deviation * ndtr(z) - np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))

    # The top lies where the root of variance times N(d2) / n(d2) is 1, eight deviations to either side at most.
    low, high = (-deviation * (z + 0.5 * deviation) for z in (8.0, -8.0))
    top = float(brentq(slope, low, high, xtol=1e-15))
    if excess(top) < 0.0:
        raise InputError(f"no call has a premium-adjusted delta of {share:g}; the largest is {excess(top) + share:.4g}")
    return float(brentq(excess, top, far, xtol=1e-15))


def at_the_money_strike(
    vol: float, years: float, forward: float, spot: float | None = None, convention: DeltaConvention = DeltaConvention()
) -> float:
    """Return the at-the-money strike: F exp(vol^2 years / 2) (minus if premium-adjusted), the forward or the spot."""
    _check(vol, years, forward, 1.0)
    if convention.at_the_money == "forward":
        return forward
    if convention.at_the_money == "spot":
        if spot is None or not spot > 0.0:
            raise InputError(f"at the money is at the spot, which must be above 0, got {spot!r}; give it")
        return spot
    sign = -1.0 if convention.premium_adjusted else 1.0
    return float(forward * np.exp(sign * 0.5 * vol**2 * years))


def fx_smile(
    quotes: FxQuotes,
    years: float,
    *,
    forward: float,
    spot: float | None = None,
    foreign_discount: float = 1.0,
    convention: DeltaConvention = DeltaConvention(),
) -> FxSmile:
    """Return the points of a currency smile.

    Parameters
    ----------
    quotes : FxQuotes
        One expiry's quotes.
    years : float
        Time to expiry, above 0.
    forward, spot : float
        Domestic per foreign unit; the spot only where at the money stands at the spot.
    foreign_discount : float
        Discount factor of the foreign currency; enters spot deltas only.
    convention : DeltaConvention
        What the deltas mean.

    Raises
    ------
    InputError
        For impossible quotes.
    DataError
        Where strikes do not rise from put to call, or no smile meets the market strangles.
    """
    state = _State(quotes, years, forward, spot, foreign_discount, convention)
    butterflies = np.array([quotes.butterflies[delta] for delta in state.deltas])
    if quotes.butterfly == "market" and len(butterflies):
        butterflies = state.smile_butterflies(butterflies)
    points = state.points(butterflies)
    if not (np.diff(points["strike"]) > 0.0).all():
        raise DataError("strikes of the quoted deltas do not rise from put to call; look at the quotes and their signs")
    return FxSmile(points, forward, years)


@dataclass(frozen=True)
class _State:
    """Quotes with all that makes strikes of them."""

    quotes: FxQuotes
    years: float
    forward: float
    spot: float | None
    foreign_discount: float
    convention: DeltaConvention

    @property
    def deltas(self) -> list[float]:
        return sorted(self.quotes.risk_reversals)

    def strike(self, delta: float, vol: float) -> float:
        return strike_of_delta(delta, vol, self.years, self.forward, self.foreign_discount, self.convention)

    def points(self, butterflies: FloatArray) -> pd.DataFrame:
        middle = at_the_money_strike(self.quotes.at_the_money, self.years, self.forward, self.spot, self.convention)
        rows: list[tuple[str, float, float, float]] = []
        for delta, butterfly in zip(self.deltas, butterflies, strict=True):
            put, call = self.quotes.vols(delta, float(butterfly))
            name = f"{100 * delta:g}"
            rows.insert(len(rows) // 2, (f"{name}P", -delta, put, self.strike(-delta, put)))
            rows.insert(len(rows) // 2 + 1, (f"{name}C", delta, call, self.strike(delta, call)))
        rows.insert(len(rows) // 2, ("ATM", np.nan, self.quotes.at_the_money, middle))
        return pd.DataFrame(rows, columns=["name", "delta", "vol", "strike"])

    def smile_butterflies(self, market: FloatArray) -> FloatArray:
        """Return the smile butterflies under which market strangles cost the same by smile and by one volatility."""
        from scipy.optimize import least_squares

        from hedgerow.pricing import black_scholes

        signs = np.array([-1.0, 1.0])
        vols = self.quotes.at_the_money + market
        wings = zip(self.deltas, vols, strict=True)
        strikes = np.array([[self.strike(sign * delta, vol) for sign in signs] for delta, vol in wings])

        def value(vol: FloatArray) -> FloatArray:
            prices = black_scholes.price(signs, self.forward, strikes, self.years, vol)
            return np.asarray(prices.sum(axis=1) / self.forward)

        target = value(np.broadcast_to(vols[:, None], strikes.shape))

        def misses(smile: FloatArray) -> FloatArray:
            found = FxSmile(self.points(smile), self.forward, self.years).smile
            return (value(np.sqrt(found.total_variance(np.log(strikes / self.forward)) / self.years)) - target) * 1e4

        found = least_squares(misses, market, xtol=1e-14, ftol=1e-14, gtol=1e-14)
        if np.abs(found.fun).max() > 1e-6:
            raise DataError("no smile meets the market strangles; take the butterflies as smile butterflies")
        return np.asarray(found.x)


def _check(vol: float, years: float, forward: float, discount: float) -> None:
    for name, value in (("vol", vol), ("years", years), ("forward", forward), ("foreign_discount", discount)):
        if not (np.isfinite(value) and value > 0.0):
            raise InputError(f"{name} must be above 0, got {value!r}")
