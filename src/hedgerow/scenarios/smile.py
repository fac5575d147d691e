"""Smiles beside a moving spot: held to the strike or to the moneyness, by arrays alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments.inputs import ask_surface
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios.implied_volatility import ImpliedVolatility
from hedgerow.scenarios.paths import MarketPaths

if TYPE_CHECKING:
    from hedgerow.scenarios.dynamics import Dynamics

MARK_YEARS = 30.0 / 365.0


@dataclass(frozen=True, eq=False)
class SmilePaths(MarketPaths):
    """Paths on which every strike has a volatility of its own.

    Attributes
    ----------
    smile : object with ``volatility(strike, years)``, or callable of (strike, years, forward)
    sticky_delta : bool
        The smile moves with the spot; else it stays with the strike.
    """

    smile: Any = field(default=None, kw_only=True)
    sticky_delta: bool = field(default=False, kw_only=True)

    def marks(self, time: int, underlying: str, strikes: FloatArray, years: FloatArray) -> FloatArray:
        """Return the implied volatility of strikes at one time on every path, shape (n_paths, n_strikes).

        Parameters
        ----------
        time : int
            Index into the grid.
        underlying : str
        strikes, years : ndarray, shape (n_strikes,)
            Where no years are left the volatility is 0: it no longer matters.

        Raises
        ------
        InputError
            Where the smile gives no volatility.
        """
        spots = self.spots[:, time, self.underlyings.index(underlying)]
        start = self.start.underlying(underlying).spot
        moved = start / spots[:, None] if self.sticky_delta else np.ones((self.n_paths, 1))
        return asked(self.smile, strikes * moved, np.broadcast_to(years, (self.n_paths, len(strikes))), start)


def asked(smile: Any, strikes: FloatArray, years: FloatArray, spot: float) -> FloatArray:
    """Return the volatilities of a smile, shape of ``strikes``; 0 where no time is left.

    Raises
    ------
    InputError
        Where the smile gives none.
    """
    vols = np.zeros(strikes.shape)
    alive = years > 0.0
    if alive.any():
        vols[alive] = ask_surface(smile, strikes[alive], years[alive], np.full(int(alive.sum()), spot))
    wrong = ~(np.isfinite(vols) & (vols >= 0.0))
    if wrong.any():
        raise InputError(
            f"the smile gives no volatility for strike {strikes[wrong][0]:.6g} with {years[wrong][0]:.6g} years left;"
            " widen it, or mark at FixedVolatility()"
        )
    return vols


@dataclass(frozen=True)
class StickyStrike(ImpliedVolatility):
    """Every strike keeps its volatility as the spot moves; the mark at the money slides along the smile.

    Attributes
    ----------
    smile : object with ``volatility(strike, years)``, or callable of (strike, years, forward)
        As :class:`~hedgerow.instruments.Underlying` takes it, at the start's spot.
    years : float
        Years to expiry at which the mark at the money is read.

    Examples
    --------
    >>> import numpy as np
    >>> StickyStrike(lambda strike, years, forward: 0.2 - 0.1 * np.log(strike / 100.0)).years
    0.0821917808219178
    """

    smile: Any
    years: float = MARK_YEARS

    elementwise: ClassVar[bool] = False
    sticky_delta: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse what is no smile."""
        if not (callable(self.smile) or hasattr(self.smile, "volatility")):
            raise InputError(f"smile must have volatility(strike, years) or be callable, not {self.smile!r}")
        if not self.years > 0.0:
            raise InputError(f"years must be above 0, not {self.years!r}; give those to an expiry")

    def start(self, scenario: Dynamics, name: str, grid: TimeGrid | None) -> float:
        """Return the smile's volatility at the money."""
        spot = scenario.market.underlying(name).spot
        return float(asked(self.smile, np.array([spot]), np.array([self.years]), spot)[0])

    def paths(
        self, scenario: Dynamics, grid: TimeGrid, spots: FloatArray, vols: FloatArray, first_path: int
    ) -> MarketPaths:
        """Return paths that carry the smile, marked at the money."""
        plain = super().paths(scenario, grid, spots, self._at_the_money(scenario, spots, vols), first_path)
        given = {"first_path": first_path, "synthetic": plain.synthetic}
        return SmilePaths(
            plain.start,
            grid,
            plain.underlyings,
            spots,
            plain.vols,
            **given,  # type: ignore[arg-type]
            smile=self.smile,
            sticky_delta=self.sticky_delta,
        )

    def _at_the_money(self, scenario: Dynamics, spots: FloatArray, vols: FloatArray) -> FloatArray:
        if self.sticky_delta:
            return vols
        starts = [underlying.spot for underlying in scenario.market.underlyings.values()]
        each = [asked(self.smile, spots[..., k], np.full(spots.shape[:2], self.years), s) for k, s in enumerate(starts)]
        return np.stack(each, axis=-1)


@dataclass(frozen=True)
class StickyDelta(StickyStrike):
    """The smile moves with the spot: a strike has the volatility that strike x start / spot had at the start.

    Attributes
    ----------
    smile : object with ``volatility(strike, years)``, or callable of (strike, years, forward)
        At the start's spot.
    years : float
        Years to expiry at which the mark at the money is read.
    """

    sticky_delta: ClassVar[bool] = True
