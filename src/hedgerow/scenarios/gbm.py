"""Geometric Brownian motion: the world of Black, Scholes and Merton.

>>> from hedgerow.instruments import MarketState, Underlying
>>> from hedgerow.market.time_grid import TimeGrid
>>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
>>> grid = TimeGrid.even("2026-11-20 16:00", "2027-11-20 16:00", 12)
>>> GBM(market).draw(grid, n_paths=3, seed=1).spots.shape
(3, 13, 1)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow.kernels.rules import Stage
from hedgerow.scenarios.arguments import ByUnderlying, numbers_by_underlying, require
from hedgerow.scenarios.course import Course
from hedgerow.scenarios.dynamics import Dynamics
from hedgerow.scenarios.moves import lognormal_move


def own_or_market_volatility(scenario: Dynamics, given: ByUnderlying | None, name: str) -> float:
    """Return a scenario's own volatility, or else the market's implied one.

    Raises
    ------
    InputError
        Where there is neither.
    """
    if given is not None:
        return numbers_by_underlying(scenario.market, given, "volatility")[name]
    require(
        scenario.market.underlying(name).vol is not None, f"vol of {name!r}", "there", None, "or give the volatility"
    )
    return scenario.mark_of(name)


def check_volatility(scenario: Dynamics, given: ByUnderlying | None) -> None:
    """Refuse a volatility that is negative or missing; raises InputError."""
    for name in scenario.market.underlyings:
        found = own_or_market_volatility(scenario, given, name)
        require(found >= 0.0, f"volatility of {name!r}", "0 or more", found, "give it per year, 0.2 for 20 %")


@dataclass(frozen=True)
class GBM(Dynamics):
    """Lognormal prices of constant volatility, exact for steps of any length: dS / S = drift dt + volatility dW.

    Attributes
    ----------
    volatility : float, mapping of str to float, or None
        Per year, >= 0; None for the market's implied volatility.
    drift, implied, correlation, antithetic, quasi
        As :class:`Dynamics` has them.
    """

    volatility: ByUnderlying | None = None

    def _check(self) -> None:
        check_volatility(self, self.volatility)

    def volatility_of(self, name: str) -> float:
        """Return the volatility per year."""
        return own_or_market_volatility(self, self.volatility, name)

    def moves(self, course: Course) -> tuple[Stage, ...]:
        """Return the one stage."""
        volatility = self.volatility_of(course.name)
        drift = (self.growth_of(course.name) - 0.5 * volatility**2) * course.steps
        return (Stage(lognormal_move, {"drift": drift, "deviation": volatility * np.sqrt(course.steps)}),)
