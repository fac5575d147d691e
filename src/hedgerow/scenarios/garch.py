"""GARCH(1,1), symmetric or by Glosten, Jagannathan and Runkle: variance that follows the last move.

With v the variance per year over a step, z the standardised move and one step of the grid as the period::

    log S' = log S + drift dt - log E exp(sqrt(v dt) z) + sqrt(v dt) z
    v' = omega + (alpha + gamma 1[z < 0]) z**2 v + beta v,    omega = long_volatility**2 (1 - alpha - beta - gamma E)

where E is the share of z**2 that falls on z < 0: a half for the normal distribution.

>>> from hedgerow.instruments import MarketState, Underlying
>>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
>>> round(GarchPaths(market, alpha=0.05, beta=0.9).omega("SPX"), 6)
0.002

References
----------
T. Bollerslev, Journal of Econometrics 31 (1986) 307-327; L. R. Glosten, R. Jagannathan, D. E. Runkle, Journal of
Finance 48 (1993) 1779-1801.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.elementary import exp, sqrt, where
from hedgerow.kernels.rules import Stage, rule
from hedgerow.scenarios.arguments import ByUnderlying, numbers_by_underlying, require
from hedgerow.scenarios.course import Course
from hedgerow.scenarios.dynamics import Dynamics
from hedgerow.scenarios.gbm import check_volatility, own_or_market_volatility


@rule("spot_before", "spot", "log_spot", "variance", "shock")
def garch_move(
    spot: Any,
    log_spot: Any,
    variance: Any,
    normal: Any,
    *,
    drift: float,
    step: float,
    omega: float,
    alpha: float,
    gamma: float,
    beta: float,
) -> Any:
    """Move the spot by a normal shock at the variance of the step, and the variance by the shock."""
    moved = log_spot + drift - 0.5 * step * variance + sqrt(step * variance) * normal
    weight = alpha + where(normal < 0.0, gamma, 0.0)
    return spot, exp(moved), moved, omega + (weight * normal * normal + beta) * variance, normal + 0.0


@dataclass(frozen=True)
class GarchPaths(Dynamics):
    """Prices with GARCH(1,1) variance and normal shocks, a martingale after drift to the last digit.

    Attributes
    ----------
    alpha, beta : float
        Weights of the last squared shock and of the last variance, >= 0, for one step of the grid.
    gamma : float
        Extra weight where the shock was negative (alpha + gamma >= 0); 0 for the symmetric model.
    long_volatility : float, mapping of str to float, or None
        Root of the unconditional variance per year; None for the market's implied volatility. alpha + beta + gamma / 2
        must be below 1 for it to exist.
    start_volatility : float, mapping of str to float, or None
        Of the first step, per year; None for ``long_volatility``.
    drift, implied, correlation, antithetic, quasi
        As :class:`Dynamics` has them; the mark does not follow the variance.
    """

    alpha: float
    beta: float
    gamma: float = 0.0
    long_volatility: ByUnderlying | None = None
    start_volatility: ByUnderlying | None = None

    def _check(self) -> None:
        for argument in ("alpha", "beta"):
            found = getattr(self, argument)
            require(0.0 <= found < np.inf, argument, "0 or more", found, "give alpha=0.05, beta=0.9, say")
        low = self.alpha + self.gamma
        require(0.0 <= low < np.inf, "alpha + gamma", "0 or more", low, "raise one of them")
        found = self.persistence
        require(found < 1.0, "alpha + beta + gamma / 2", "below 1", found, "lower them: no variance lasts at 1")
        check_volatility(self, self.long_volatility)
        if self.start_volatility is not None:
            check_volatility(self, self.start_volatility)

    @property
    def persistence(self) -> float:
        """What is left of a variance's distance from the long run after one step."""
        return self.alpha + self.beta + 0.5 * self.gamma

    def omega(self, name: str) -> float:
        """Return the constant of the recursion, variance per year."""
        long_run = own_or_market_volatility(self, self.long_volatility, name)
        return long_run**2 * (1.0 - self.persistence)

    def law_rows(self, name: str) -> Mapping[str, float]:
        """Return the variance of the first step."""
        return {"variance": self.volatility_of(name) ** 2}

    def volatility_of(self, name: str) -> float:
        """Return the volatility per year of the first step."""
        if self.start_volatility is not None:
            return numbers_by_underlying(self.market, self.start_volatility, "start_volatility")[name]
        return own_or_market_volatility(self, self.long_volatility, name)

    def expected_volatility(self, name: str, years: float) -> float:
        """Return the root of the unconditional variance per year: how many steps the years hold is not known here."""
        return own_or_market_volatility(self, self.long_volatility, name)

    def moves(self, course: Course) -> tuple[Stage, ...]:
        """Return the one stage."""
        values: dict[str, float | FloatArray] = {
            "drift": self.growth_of(course.name) * course.steps,
            "step": course.steps,
            "omega": self.omega(course.name),
            "alpha": self.alpha,
            "gamma": self.gamma,
            "beta": self.beta,
        }
        return (Stage(garch_move, values),)
