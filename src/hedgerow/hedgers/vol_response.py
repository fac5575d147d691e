"""How implied volatility is expected to move with the spot: what turns a delta into one of minimum variance.

A book gains ``delta dS + vega d(sigma)``. The units of the underlying that leave least variance are those of
``delta + vega x E[d(sigma) dS] / E[dS^2]``: each class here says that last ratio, or its product with vega.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.hedgers.book_hedger import BookView
from hedgerow.instruments.base import require_number
from hedgerow.instruments.moments import years_between


class VolResponse(ABC):
    """What the volatility's expected answer to a move of the spot adds to the delta of a book."""

    @abstractmethod
    def added_delta(self, view: BookView, volatility: float | None = None) -> FloatArray:
        """Return units of each underlying, (n_paths, n_underlyings), to be added to the book's delta."""


@dataclass(frozen=True)
class SpotVolCorrelation(VolResponse):
    """Volatility is lognormal and correlated with the spot: ``vega x correlation x vol_of_vol / S``.

    With ``d(sigma) = vol_of_vol sigma dZ``, ``dS = sigma S dW``, ``dZ dW = correlation dt``.

    Parameters
    ----------
    correlation : float
        From -1 to 1; negative for shares.
    vol_of_vol : float
        Volatility of the volatility per year, relative: 0.8 is 80 %. Of Heston's xi (of the variance), give
        ``xi / (2 sigma)``.

    References
    ----------
    Bartlett, B. (2006), Hedging under SABR model, Wilmott Magazine, July, 2-4.

    Examples
    --------
    >>> SpotVolCorrelation(-0.7, 0.8)
    SpotVolCorrelation(correlation=-0.7, vol_of_vol=0.8)
    """

    correlation: float
    vol_of_vol: float

    def __post_init__(self) -> None:
        """Refuse what is no correlation, or a vol of vol below 0."""
        if not -1.0 <= self.correlation <= 1.0:
            raise InputError(f"correlation must lie between -1 and 1, not {self.correlation!r}")
        if not 0.0 <= self.vol_of_vol < np.inf:
            raise InputError(f"vol_of_vol must be 0 or more, not {self.vol_of_vol!r}")

    def added_delta(self, view: BookView, volatility: float | None = None) -> FloatArray:
        """Return vega times correlation times vol of vol over spot."""
        vega = view.book_greeks(("vega",), volatility)["vega"]
        return np.asarray(vega * (self.correlation * self.vol_of_vol) / view.spots)


@dataclass(frozen=True)
class EstimatedResponse(VolResponse):
    """The slope of changes of implied volatility on returns of the spot over the past: ``vega x slope / S``.

    Parameters
    ----------
    window : int
        Changes used, the last ones known; 2 or more. While fewer are known, or the spot stood still, nothing is added.
    """

    window: int = 60

    def __post_init__(self) -> None:
        """Refuse a window too short for a slope."""
        if self.window < 2:
            raise InputError(f"window must be 2 or more changes, not {self.window!r}; a slope needs two")

    def added_delta(self, view: BookView, volatility: float | None = None) -> FloatArray:
        """Return vega times the estimated slope over spot."""
        spots, vols = view.past_spots, view.past_vols
        if spots.shape[1] < self.window + 1:
            return np.zeros_like(view.spots)
        returns = spots[:, -self.window :] / spots[:, -self.window - 1 : -1] - 1.0
        moves = np.diff(vols[:, -self.window - 1 :], axis=1)
        centred = returns - returns.mean(axis=1, keepdims=True)
        spread = (centred**2).sum(axis=1)
        slope = np.divide((centred * moves).sum(axis=1), spread, out=np.zeros_like(spread), where=spread > 0.0)
        return np.asarray(view.book_greeks(("vega",), volatility)["vega"] * slope / view.spots)


@dataclass(frozen=True)
class QuadraticResponse(VolResponse):
    """Hull and White: each option's delta gains ``vega / (S sqrt(T)) x (a + b delta + c delta^2)``.

    ``delta`` is the option's own Black-Scholes delta per unit (negative for puts), T its years to expiry. The
    figures are estimated from past changes of implied volatilities, calls and puts apart; none are built in.

    Parameters
    ----------
    a, b, c : float
        For calls.
    puts : tuple of three float, optional
        For puts; those of calls at ``delta + 1``, the delta of the call of that strike, unless given.

    References
    ----------
    Hull, J. and White, A. (2017), Optimal delta hedging for options, Journal of Banking & Finance 82, 180-190.
    """

    a: float
    b: float
    c: float
    puts: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        """Refuse figures that are no numbers."""
        for name, value in zip("abc" * 2, (self.a, self.b, self.c, *(self.puts or ())), strict=False):
            require_number(name, value)

    def added_delta(self, view: BookView, volatility: float | None = None) -> FloatArray:
        """Return the sum over options of what the quadratic adds to each."""
        columns = view.positions
        found = view.position_greeks(("delta", "vega"), volatility)
        years = years_between(view.moment.to_datetime64(), columns.expiry)
        held = columns.weight * getattr(view, "position_shares", 1.0)  # less where exit rules scale a position down
        added = found["vega"] * self._response(found["delta"], held, columns.sign)
        added = added / np.sqrt(np.where(years > 0.0, years, np.inf))
        return np.asarray(by_underlying(added, view) / view.spots)

    def _response(self, delta: FloatArray, weight: FloatArray, sign: FloatArray) -> FloatArray:
        """Return the quadratic of each option's delta per unit, (n_paths, n_positions)."""
        own = np.divide(delta, weight, out=np.zeros_like(delta), where=np.broadcast_to(weight, delta.shape) != 0.0)
        is_put = sign < 0.0
        if self.puts is None:
            own = np.where(is_put, own + 1.0, own)
        a, b, c = (
            np.where(is_put, put, call)
            for call, put in zip((self.a, self.b, self.c), self.puts or (self.a, self.b, self.c), strict=True)
        )
        return np.asarray(a + own * (b + c * own))


def by_underlying(figures: FloatArray, view: BookView) -> FloatArray:
    """Return sums of (n_paths, n_positions) by underlying, (n_paths, n_underlyings)."""
    columns = view.positions
    codes = np.array([view.underlyings.index(columns.names[code]) for code in columns.underlying], dtype=np.int64)
    member = codes[:, None] == np.arange(len(view.underlyings))
    return np.asarray(figures @ member.astype(np.float64))
