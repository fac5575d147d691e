"""A prescribed path: shocks by name or by number, the same on every path.

>>> from hedgerow.instruments import MarketState, Underlying
>>> from hedgerow.market.time_grid import TimeGrid
>>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
>>> grid = TimeGrid.even("2026-11-20 16:00", "2026-11-24 16:00", 4)
>>> paths = StressPath.named(market, "gap", at=1).draw(grid, n_paths=1, seed=0)
>>> paths.spots[0, :, 0].round().tolist()
[4000.0, 4000.0, 3600.0, 3600.0, 3600.0]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hedgerow.errors import InputError, did_you_mean
from hedgerow.instruments import MarketState
from hedgerow.kernels.elementary import maximum
from hedgerow.kernels.rules import Stage, rule
from hedgerow.scenarios.arguments import numbers_by_underlying, require
from hedgerow.scenarios.course import Course, Draw
from hedgerow.scenarios.dynamics import Dynamics
from hedgerow.scenarios.implied_volatility import FixedVolatility
from hedgerow.scenarios.moves import dividend_stages

NAMED_SHOCKS: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "gap": ((-0.10,), (0.10,)),
    "rally": ((0.08,), (-0.03,)),
    "crash week": ((-0.03, -0.05, -0.20, 0.05, -0.04), (0.03, 0.06, 0.40, -0.10, 0.02)),
    "volatility spike": ((-0.04,), (0.20,)),
    "volatility crush": ((0.0,), (-0.05,)),
    "whipsaw": ((-0.06, 0.07, -0.07, 0.06), (0.06, -0.02, 0.05, -0.03)),
    "slow grind": ((-0.005,) * 20, (0.002,) * 20),
}
"""Relative moves of the spot and changes of implied volatility, step by step: sizes that have been seen, rounded, and
no record of any one week."""


@rule("spot_before", "spot", "log_spot", "implied_before", "implied")
def stressed_move(spot: Any, log_spot: Any, implied: Any, *, factor: float, move: float, vol_move: float) -> Any:
    """Move spot by a factor whose logarithm is ``move``, and implied volatility, which stops at 0."""
    return spot, spot * factor, log_spot + move, implied + 0.0, maximum(implied + vol_move, 0.0)


@dataclass(frozen=True)
class StressPath(Dynamics):
    """One prescribed path, however many are drawn; between shocks nothing moves but by ``drift``.

    Attributes
    ----------
    market : MarketState
        The start.
    spot_moves : sequence of float
        Relative change of the spot over each step, -0.1 for a fall of 10 %; above -1.
    vol_moves : sequence of float
        Change of implied volatility over the same steps, 0.1 for ten points; empty for none.
    at : int
        Step at which the first shock falls, from 0.
    betas : mapping of str to float
        How much of the spot moves each underlying takes; 1 where it is not named.
    drift : float, mapping of str to float, or None
        Growth per year beside the shocks; None for 0 here: a prescribed path owes nobody a fair price.
    implied, correlation, antithetic, quasi
        Refused: the path is prescribed.
    """

    spot_moves: Sequence[float]
    vol_moves: Sequence[float] = ()
    at: int = 0
    betas: Mapping[str, float] = field(default_factory=dict)

    def _check(self) -> None:
        moves, vols = (tuple(float(each) for each in given) for given in (self.spot_moves, self.vol_moves))
        require(len(moves) > 0 and all(-1.0 < each < np.inf for each in moves), "spot_moves", "above -1", moves, "-0.1")
        require(len(vols) in (0, len(moves)), "vol_moves", f"{len(moves)} changes, or none", vols, "one for each step")
        require(all(abs(each) < np.inf for each in vols), "vol_moves", "finite", vols, "0.1 is ten points")
        require(self.at >= 0, "at", "0 or more", self.at, "steps count from 0")
        for name in self.betas:
            self.market.underlying(name)
        for name in self.market.underlyings:
            worst = min(moves) * self.betas.get(name, 1.0)
            require(worst > -1.0, f"betas of {name!r}", "such that its price stays above 0", worst, "lower it")
        unused = self.antithetic or self.quasi or self.correlation is not None
        if unused or self.implied != FixedVolatility():
            raise InputError("a stress path is prescribed: leave out antithetic, quasi, correlation and implied")
        object.__setattr__(self, "spot_moves", moves)
        object.__setattr__(self, "vol_moves", vols)

    @classmethod
    def named(cls, market: MarketState, name: str, **options: Any) -> StressPath:
        """Return a shock by its name, one of :data:`NAMED_SHOCKS`.

        Raises
        ------
        InputError
            For an unknown name, with the nearest known one.
        """
        if name not in NAMED_SHOCKS:
            raise InputError(
                f"shock {name!r} is not known{did_you_mean(name, NAMED_SHOCKS)} (shocks: {', '.join(NAMED_SHOCKS)})"
            )
        spot_moves, vol_moves = NAMED_SHOCKS[name]
        return cls(market, spot_moves, vol_moves, **options)

    @property
    def grows_as_said(self) -> bool:
        """Whether the price grows by the drift alone: it does not."""
        return False

    def draws(self) -> tuple[Draw, ...]:
        """Return nothing: no number is random."""
        return ()

    def growth_of(self, name: str) -> float:
        """Return the drift, 0 unless it is given."""
        return 0.0 if self.drift is None else numbers_by_underlying(self.market, self.drift, "drift")[name]

    def volatility_of(self, name: str) -> float:
        """Return the market's implied volatility."""
        known = self.market.underlying(name).vol is not None
        require(known, f"vol of {name!r}", "there", None, "give Underlying(vol=...)")
        return self.mark_of(name)

    def moves_and_marks(self, course: Course) -> tuple[Stage, ...]:
        """Return the moves, and nothing for implied volatility, which they hold."""
        return (*self.moves(course), *dividend_stages(self.market.underlying(course.name), course.grid))

    def moves(self, course: Course) -> tuple[Stage, ...]:
        """Return the one stage.

        Raises
        ------
        InputError
            Where the grid ends before the last shock.
        """
        n_steps, last = course.grid.n_steps, self.at + len(self.spot_moves)
        if last > n_steps:
            raise InputError(
                f"the shocks need {last} steps, but the grid has {n_steps}; take a longer one, or lower at"
            )
        beta = self.betas.get(course.name, 1.0)
        move, vol_move = self.growth_of(course.name) * course.steps, np.zeros(n_steps)
        move[self.at : last] += np.log1p(beta * np.array(self.spot_moves))
        vol_move[self.at : self.at + len(self.vol_moves)] = self.vol_moves
        return (Stage(stressed_move, {"factor": np.exp(move), "move": move, "vol_move": vol_move}),)
