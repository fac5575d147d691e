"""How the implied volatility at which options are marked moves beside the spot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.elementary import exp, log, maximum, sqrt
from hedgerow.kernels.random_numbers import STREAM_IMPLIED
from hedgerow.kernels.rules import Stage, rule
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios.arguments import require
from hedgerow.scenarios.course import Course, Draw
from hedgerow.scenarios.paths import MarketPaths

if TYPE_CHECKING:
    from hedgerow.scenarios.dynamics import Dynamics

_SMALLEST = 1e-12


@rule("implied_before", "implied")
def implied_stays(implied: Any) -> Any:
    """Keep the volatility; what it was before is the same."""
    return implied + 0.0, implied + 0.0


@rule("implied_before", "implied")
def implied_reverts(
    implied: Any, normal: Any, normal_implied: Any, *, kept: float, pull: float, along: float, own: float
) -> Any:
    """Move the logarithm to kept x itself + pull + along x the spot's normal + own x its own normal."""
    level = log(maximum(implied, _SMALLEST))
    return implied + 0.0, exp(kept * level + pull + along * normal + own * normal_implied)


@rule("implied_before", "implied")
def implied_of_variance(implied: Any, variance: Any, *, long_variance: float, share: float) -> Any:
    """Mark at the root of the expected average variance, long_variance + share x (variance - long_variance)."""
    return implied + 0.0, sqrt(maximum(long_variance + share * (variance - long_variance), 0.0))


@dataclass(frozen=True)
class ImpliedVolatility:
    """What moves the mark: stages for the row ``implied``, its start, and the paths that carry a smile."""

    elementwise: ClassVar[bool] = True
    """Whether one number per path marks every strike."""

    def check(self, scenario: Dynamics) -> None:
        """Refuse a scenario beside which this cannot stand; raises InputError."""

    def draws(self) -> tuple[Draw, ...]:
        """Return the random rows needed."""
        return ()

    def start(self, scenario: Dynamics, name: str, grid: TimeGrid | None) -> float:
        """Return the mark at the start; the market's unless the dynamics says otherwise."""
        return scenario.mark_of(name)

    def stages(self, scenario: Dynamics, course: Course) -> tuple[Stage, ...]:
        """Return the stages that write ``implied_before`` and ``implied`` once the spot has moved."""
        first = np.arange(course.grid.n_steps) == 0  # rows keep what they hold: once is enough
        return (Stage(implied_stays, on=first),)

    def paths(
        self, scenario: Dynamics, grid: TimeGrid, spots: FloatArray, vols: FloatArray, first_path: int
    ) -> MarketPaths:
        """Return the paths drawn."""
        made = f"paths drawn from {type(scenario).__name__}, not observed"
        names = tuple(scenario.market.underlyings)
        return MarketPaths(scenario.market, grid, names, spots, vols, first_path, synthetic=made)


@dataclass(frozen=True)
class FixedVolatility(ImpliedVolatility):
    """The mark stays where it is, for every strike.

    Examples
    --------
    >>> FixedVolatility()
    FixedVolatility()
    """


@dataclass(frozen=True)
class MeanRevertingVolatility(ImpliedVolatility):
    """The mark's logarithm is an Ornstein-Uhlenbeck process, drawn exactly for steps of any length.

    With x = log(implied)::

        dx = speed (log(level) - x) dt + vol_of_vol dW          dW dW_spot = correlation dt

    Attributes
    ----------
    level : float
        Volatility to which the logarithm reverts, > 0.
    speed : float
        Per year, >= 0; log 2 / speed is its half-life.
    vol_of_vol : float
        Volatility of the volatility per year, >= 0.
    correlation : float
        With the normal that moves the spot, from -1 to 1.

    Examples
    --------
    >>> MeanRevertingVolatility(0.2, 4.0, 0.9, -0.7).draws()[0].row
    'normal_implied'
    """

    level: float
    speed: float
    vol_of_vol: float
    correlation: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no volatility can do."""
        require(0.0 < self.level < np.inf, "level", "above 0", self.level, "give a volatility such as 0.2")
        require(0.0 <= self.speed < np.inf, "speed", "0 or more", self.speed, "give a rate per year such as 4")
        require(0.0 <= self.vol_of_vol < np.inf, "vol_of_vol", "0 or more", self.vol_of_vol, "give 0.9, say")
        require(-1.0 <= self.correlation <= 1.0, "correlation", "from -1 to 1", self.correlation, "give -0.7, say")

    def check(self, scenario: Dynamics) -> None:
        """Refuse a start from no volatility, whose logarithm is not there."""
        for name in scenario.market.underlyings:
            require(scenario.mark_of(name) > 0.0, f"vol of {name!r}", "above 0", 0.0, "or take FixedVolatility()")

    def draws(self) -> tuple[Draw, ...]:
        """Return the normal of the mark's own."""
        return (Draw("normal_implied", STREAM_IMPLIED),)

    def stages(self, scenario: Dynamics, course: Course) -> tuple[Stage, ...]:
        """Return one stage."""
        kept = np.exp(-self.speed * course.steps)
        pulled = self.speed * course.steps
        spread = _mean_decay(2.0 * pulled) * course.steps
        deviation = self.vol_of_vol * np.sqrt(spread)
        values = {
            "kept": kept,
            "pull": (1.0 - kept) * np.log(self.level),
            "along": self.correlation * deviation,
            "own": np.sqrt(1.0 - self.correlation**2) * deviation,
        }
        return (Stage(implied_reverts, values),)


@dataclass(frozen=True)
class ModelVolatility(ImpliedVolatility):
    """The mark is the root of the variance that Heston's model expects on average over the life left.

    With v the variance now, and T the years left::

        implied**2 = theta + (v - theta) (1 - exp(-kappa T)) / (kappa T)

    Attributes
    ----------
    years : float, or None
        Years left at the start, as of the option that is marked; None for up to the end of the grid. Once they are
        over the mark is the root of the variance itself.

    Examples
    --------
    >>> ModelVolatility(years=0.5)
    ModelVolatility(years=0.5)
    """

    years: float | None = None

    def __post_init__(self) -> None:
        """Refuse a life that is over."""
        if self.years is not None:
            require(0.0 < self.years < np.inf, "years", "above 0", self.years, "give the life of the option")

    def check(self, scenario: Dynamics) -> None:
        """Refuse a scenario whose variance does not revert."""
        if not hasattr(scenario, "kappa"):
            raise InputError(
                f"ModelVolatility needs the variance of Heston's model, which {type(scenario).__name__} has not; take"
                " Heston, or FixedVolatility()"
            )

    def start(self, scenario: Dynamics, name: str, grid: TimeGrid | None) -> float:
        """Return the model's own mark at the start."""
        if self.years is None and grid is None:
            raise InputError("ModelVolatility needs the life of the option: give its years, or a grid of times")
        return scenario.expected_volatility(name, self._life(grid))

    def stages(self, scenario: Any, course: Course) -> tuple[Stage, ...]:
        """Return one stage."""
        left = np.maximum(self._life(course.grid) - course.grid.years[1:], 0.0)
        kappa, long_variance = scenario.number("kappa", course.name), scenario.number("theta", course.name)
        return (Stage(implied_of_variance, {"long_variance": long_variance, "share": _mean_decay(kappa * left)}),)

    def _life(self, grid: TimeGrid | None) -> float:
        return float(grid.years[-1]) if self.years is None and grid is not None else float(self.years or 0.0)


def _mean_decay(x: FloatArray) -> FloatArray:
    """Return (1 - exp(-x)) / x, 1 at 0: the mean of exp(-u) for u from 0 to x."""
    safe = np.where(x > 0.0, x, 1.0)
    return np.asarray(np.where(x > 0.0, -np.expm1(-safe) / safe, 1.0))
