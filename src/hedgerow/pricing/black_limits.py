"""Figures of options without time or volatility: the limits of every Greek, worked out by hand.

Let h be the share of the payoff's jump in slope that counts: 1 in the money, 0 out of it, 1/2 at the kink (forward =
strike). Away from the kink the density vanishes faster than any power, so that only terms with h are left. At the kink
it matters which of time and volatility goes first:

* no volatility, some time: d1 and d2 go to 0 like +-d/2, ``n(d1) -> n(0)``;
* no time, some volatility: the spot stays at the strike, and ``d1 -> (r - q + s**2/2) sqrt(T) / s``.

Neither: the first, then time goes. What then grows without bound is infinite with its sign; what two infinities cancel
to is derived, never a NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.pricing.black_kernels import INVERSE_ROOT_OF_TWO_PI, NO_DEVIATION

if TYPE_CHECKING:
    from hedgerow.pricing.black_formula import Lognormal

ROUNDING = 4.0 * float(np.finfo(np.float64).eps)
"""A forward that growth has made is known to so much of itself: within it, forward and strike are equal."""


@dataclass(frozen=True)
class Kinked:
    """Where options without deviation stand.

    Attributes
    ----------
    at : bool array
        Forward equals strike.
    share : array
        1 in the money, 0 out of it, 1/2 at the kink.
    """

    at: BoolArray
    share: FloatArray

    @classmethod
    def of(cls, sign: FloatArray, spot: FloatArray, strike: FloatArray, years: FloatArray, carry: FloatArray) -> Kinked:
        """Compare the forward ``spot * exp(carry * years)`` with the strike."""
        growth = carry * years
        forward = spot * np.exp(growth)
        above = forward - strike
        at = np.abs(above) <= np.where(growth == 0.0, 0.0, ROUNDING) * np.abs(forward)
        return cls(at, np.where(at, 0.5, sign * above > 0.0))

    def infinite(self, towards: FloatArray) -> FloatArray:
        """Return an infinity of the sign of ``towards`` at the kink, 0 where that is 0 and away from the kink."""
        return np.where(self.at & (towards != 0.0), np.copysign(np.inf, towards), 0.0)


def is_limit(vol: FloatArray, years: FloatArray) -> Any:
    """Return where ``vol * sqrt(years)`` is nothing."""
    return np.asarray(vol * np.sqrt(years) < NO_DEVIATION)


def lognormal_limits(o: Lognormal, wanted: set[str]) -> dict[str, FloatArray]:
    """Return the named figures of lognormal options for ``vol * sqrt(years) -> 0``, money and units as ``greeks``.

    Parameters
    ----------
    o : Lognormal
        The options; only those without deviation get a meaningful figure.
    wanted : set of str
        Fields of :class:`~hedgerow.pricing.record.Greeks`.
    """
    kink = Kinked.of(o.sign, o.spot, o.strike, o.years, o.rate - o.dividend_yield)
    no_time = np.sqrt(o.years) < o.vol
    drift = o.rate - o.decay
    variance = o.vol * o.vol
    growth, root = np.exp(-o.dividend_yield * o.years), np.sqrt(o.years)
    asset = o.sign * growth * kink.share
    cash = o.sign * np.exp(-o.rate * o.years) * o.strike * kink.share
    density = np.where(kink.at, growth * INVERSE_ROOT_OF_TWO_PI, 0.0)
    # d log(gamma) / d time, times years: finite, and 1/2 without time
    pull = 0.5 + o.years * (2.0 * o.dividend_yield - o.decay + 0.5 * drift)
    found = {
        "price": np.where(kink.at, 0.0, o.spot * asset - cash),
        "delta": asset,
        "gamma": kink.infinite(np.ones_like(growth)),
        "vega": o.spot * density * root,
        "theta": o.decay * o.spot * asset - o.rate * cash - np.where(no_time, kink.infinite(o.vol), 0.0),
        "rho": o.years * cash,
        "dividend_rho": -o.years * o.spot * asset,
        "vanna": 0.5 * density * root,
        "volga": np.zeros_like(growth),
        "charm": o.dividend_yield * asset - kink.infinite(np.where(no_time, drift + 0.5 * variance, drift)),
        "speed": 0.0 - kink.infinite(np.where(no_time, drift + 1.5 * variance, 1.0)),
        "color": kink.infinite(np.where(no_time, 1.0, pull)),
        "zomma": 0.0 - kink.infinite(np.ones_like(growth)),
    }
    return {name: found[name] for name in wanted}
