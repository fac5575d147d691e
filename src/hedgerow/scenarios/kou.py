"""Kou's jump diffusion: jumps up and down have exponential sizes, each side with its own mean.

>>> from hedgerow.instruments import MarketState, Underlying
>>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
>>> jumps = Kou(market, jump_intensity=3.0, up_probability=0.4, up_mean=0.02, down_mean=0.04)
>>> round(jumps.expected_volatility("SPX", 1.0), 4)
0.2161

References
----------
S. G. Kou, *A jump-diffusion model for option pricing*, Management Science 48 (2002) 1086-1101.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.elementary import log, maximum, minimum, where
from hedgerow.kernels.random_numbers import (
    STREAM_JUMP_COUNT,
    STREAM_JUMP_SIZE,
    STREAM_SPOT,
    STREAMS_PER_UNDERLYING,
    key_of,
    shared_uniform_pair,
    uniform_pair,
)
from hedgerow.kernels.rules import Stage, rule
from hedgerow.scenarios.arguments import ByUnderlying, require
from hedgerow.scenarios.course import Course, Draw
from hedgerow.scenarios.dynamics import Dynamics
from hedgerow.scenarios.gbm import check_volatility, own_or_market_volatility
from hedgerow.scenarios.jump_count import count_stages, jump_probabilities
from hedgerow.scenarios.moves import lognormal_move

_TAIL = 1e-9
_STREAMS_BETWEEN_JUMPS = 2**20
_SMALLEST = 2.0**-53


@rule("log_spot")
def jump_added(
    log_spot: Any, jumps: Any, uniform_size: Any, *, number: float, up_probability: float, up: float, down: float
) -> Any:
    """Add one jump to the logarithm where the step has that many: the inverse of the distribution at the uniform."""
    rises = uniform_size <= up_probability
    upwards = -up * log(minimum(uniform_size / maximum(up_probability, _SMALLEST), 1.0))
    downwards = down * log(maximum((1.0 - uniform_size) / maximum(1.0 - up_probability, _SMALLEST), _SMALLEST))
    return log_spot + where(jumps >= number, where(rises, upwards, downwards), 0.0)


@dataclass(frozen=True)
class Kou(Dynamics):
    """Diffusion with double exponential jumps of the logarithm; the drift is lowered by what jumps bring on average.

    Attributes
    ----------
    jump_intensity : float
        Jumps per year, >= 0.
    up_probability : float
        Share of jumps that go up, from 0 to 1.
    up_mean, down_mean : float
        Mean size of the logarithm of a jump up (0 < up_mean < 1, else the price has no mean) and down (> 0).
    volatility : float, mapping of str to float, or None
        Of the diffusion alone; None for the market's implied volatility.
    drift, implied, correlation, antithetic, quasi
        As :class:`Dynamics` has them; jumps of different underlyings are independent, and sizes stay pseudo-random.
    """

    jump_intensity: float
    up_probability: float
    up_mean: float
    down_mean: float
    volatility: ByUnderlying | None = None

    def _check(self) -> None:
        check_volatility(self, self.volatility)
        found, up = self.jump_intensity, self.up_probability
        require(0.0 <= found < np.inf, "jump_intensity", "0 or more", found, "give jumps per year")
        require(0.0 <= up <= 1.0, "up_probability", "from 0 to 1", up, "give 0.4, say")
        require(0.0 < self.up_mean < 1.0, "up_mean", "above 0 and below 1", self.up_mean, "give 0.02, say")
        require(0.0 < self.down_mean < np.inf, "down_mean", "above 0", self.down_mean, "give 0.04, say")

    def draws(self) -> tuple[Draw, ...]:
        """Return the normal of the diffusion and the uniform that counts jumps."""
        return (Draw("normal", STREAM_SPOT), Draw("uniform", STREAM_JUMP_COUNT, uniform=True))

    def volatility_of(self, name: str) -> float:
        """Return the volatility per year of the diffusion."""
        return own_or_market_volatility(self, self.volatility, name)

    def expected_volatility(self, name: str, years: float) -> float:
        """Return the root of the variance per year, jumps included."""
        up, down = self.up_probability, 1.0 - self.up_probability
        jumps = 2.0 * self.jump_intensity * (up * self.up_mean**2 + down * self.down_mean**2)
        return float(np.sqrt(self.volatility_of(name) ** 2 + jumps))

    def moves(self, course: Course) -> tuple[Stage, ...]:
        """Return the stages that count jumps, add each to the logarithm, and diffuse."""
        dt, volatility = course.steps, self.volatility_of(course.name)
        probabilities = jump_probabilities(self.jump_intensity * dt, _TAIL)
        factor = self.up_probability / (1.0 - self.up_mean) + (1.0 - self.up_probability) / (1.0 + self.down_mean)
        most = probabilities.shape[1] - 1
        brought = np.log(probabilities @ factor ** np.arange(most + 1))
        drift = (self.growth_of(course.name) - 0.5 * volatility**2) * dt - brought
        diffusion = Stage(lognormal_move, {"drift": drift, "deviation": volatility * np.sqrt(dt)})
        return (*count_stages(course, probabilities), *self._jumps(course, most), diffusion)

    def _jumps(self, course: Course, most: int) -> tuple[Stage, ...]:
        """Return the stages of up to ``most`` jumps; one draw serves two of them."""
        low, high = key_of(course.seed)
        sizes = {"up_probability": self.up_probability, "up": self.up_mean, "down": self.down_mean}
        renamed = {"uniform": "uniform_size", "uniform_spare": "uniform_size_spare"}
        steps, found = np.arange(course.grid.n_steps, dtype=float), list[Stage]()
        counter: dict[str, float | FloatArray]
        for number in range(1, most + 1):
            spare = number % 2 == 0
            if not spare:
                stream = STREAM_JUMP_SIZE + STREAMS_PER_UNDERLYING * course.place + _STREAMS_BETWEEN_JUMPS * number
                counter = {"step": steps, "stream": float(stream), "key_low": low, "key_high": high}
                pair = shared_uniform_pair if course.antithetic else uniform_pair
                found.append(Stage(pair, counter, renamed))
            bound = {"uniform_size": "uniform_size_spare"} if spare else {}
            found.append(Stage(jump_added, {"number": float(number), **sizes}, bound))
        return tuple(found)
