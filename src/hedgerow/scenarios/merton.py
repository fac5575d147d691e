"""Merton's jump diffusion: lognormal jumps by a Poisson clock on top of a lognormal diffusion.

>>> from hedgerow.instruments import MarketState, Underlying
>>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
>>> jumps = Merton(market, jump_intensity=2.0, jump_mean=-0.1, jump_vol=0.15)
>>> round(jumps.expected_volatility("SPX", 1.0), 4)
0.324

References
----------
R. C. Merton, *Option pricing when underlying stock returns are discontinuous*, Journal of Financial Economics 3 (1976)
125-144.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow.kernels.elementary import exp, sqrt
from hedgerow.kernels.random_numbers import STREAM_JUMP_COUNT, STREAM_JUMP_SIZE, STREAM_SPOT
from hedgerow.kernels.rules import Stage, rule
from hedgerow.scenarios.arguments import ByUnderlying, require
from hedgerow.scenarios.course import Course, Draw
from hedgerow.scenarios.dynamics import Dynamics
from hedgerow.scenarios.gbm import check_volatility, own_or_market_volatility
from hedgerow.scenarios.jump_count import count_stages, jump_probabilities

_TAIL = 1e-12


@rule("spot_before", "spot", "log_spot")
def merton_move(
    spot: Any,
    log_spot: Any,
    normal: Any,
    normal_jump: Any,
    jumps: Any,
    *,
    drift: float,
    deviation: float,
    jump_mean: float,
    jump_vol: float,
) -> Any:
    """Move the logarithm by the diffusion and the sum of the step's jumps, normal given how many."""
    moved = log_spot + drift + deviation * normal + jumps * jump_mean + sqrt(jumps) * jump_vol * normal_jump
    return spot, exp(moved), moved


@dataclass(frozen=True)
class Merton(Dynamics):
    """Diffusion with normal jumps of the logarithm; the drift is lowered by what jumps bring on average.

    Attributes
    ----------
    jump_intensity : float
        Jumps per year, >= 0.
    jump_mean, jump_vol : float
        Mean and standard deviation (>= 0) of the logarithm of a jump.
    volatility : float, mapping of str to float, or None
        Of the diffusion alone; None for the market's implied volatility.
    drift, implied, correlation, antithetic, quasi
        As :class:`Dynamics` has them; jumps of different underlyings are independent.
    """

    jump_intensity: float
    jump_mean: float
    jump_vol: float
    volatility: ByUnderlying | None = None

    def _check(self) -> None:
        check_volatility(self, self.volatility)
        found = self.jump_intensity
        require(0.0 <= found < np.inf, "jump_intensity", "0 or more", found, "give jumps per year")
        require(abs(self.jump_mean) < np.inf, "jump_mean", "a finite number", self.jump_mean, "give -0.1, say")
        require(0.0 <= self.jump_vol < np.inf, "jump_vol", "0 or more", self.jump_vol, "give 0.15, say")

    def draws(self) -> tuple[Draw, ...]:
        """Return the normals of diffusion and jumps, and the uniform that counts them."""
        count = Draw("uniform", STREAM_JUMP_COUNT, uniform=True)
        return (Draw("normal", STREAM_SPOT), count, Draw("normal_jump", STREAM_JUMP_SIZE))

    def volatility_of(self, name: str) -> float:
        """Return the volatility per year of the diffusion."""
        return own_or_market_volatility(self, self.volatility, name)

    def expected_volatility(self, name: str, years: float) -> float:
        """Return the root of the variance per year, jumps included."""
        jumps = self.jump_intensity * (self.jump_mean**2 + self.jump_vol**2)
        return float(np.sqrt(self.volatility_of(name) ** 2 + jumps))

    def moves(self, course: Course) -> tuple[Stage, ...]:
        """Return the stages that count jumps and the one that moves."""
        dt, volatility = course.steps, self.volatility_of(course.name)
        probabilities = jump_probabilities(self.jump_intensity * dt, _TAIL)
        factor = np.exp(self.jump_mean + 0.5 * self.jump_vol**2)
        brought = np.log(probabilities @ factor ** np.arange(probabilities.shape[1]))
        values = {
            "drift": (self.growth_of(course.name) - 0.5 * volatility**2) * dt - brought,
            "deviation": volatility * np.sqrt(dt),
            "jump_mean": self.jump_mean,
            "jump_vol": self.jump_vol,
        }
        return (*count_stages(course, probabilities), Stage(merton_move, values))
