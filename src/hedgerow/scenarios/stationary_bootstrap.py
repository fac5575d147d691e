"""The stationary bootstrap: past returns in blocks of random length, wrapped around the end of the sample.

Each step goes on to the next past row, or with probability 1 / mean_block starts anew at any row. Underlyings take the
same rows. Blocks keep what lasts for days: bursts of volatility, trends, moves together.

>>> from hedgerow.instruments import MarketState, Underlying
>>> from hedgerow.market.time_grid import TimeGrid
>>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
>>> grid = TimeGrid.even("2026-11-20 16:00", "2026-11-25 16:00", 5)
>>> paths = StationaryBootstrap(market, [0.01, -0.02, 0.005, 0.0], mean_block=2.0).draw(grid, 3, seed=1)
>>> paths.spots.shape
(3, 6, 1)

References
----------
D. N. Politis, J. P. Romano, *The stationary bootstrap*, Journal of the American Statistical Association 89 (1994)
1303-1313.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from hedgerow.instruments import MarketState
from hedgerow.kernels.elementary import exp
from hedgerow.kernels.random_numbers import STREAM_JUMP_SIZE, STREAM_SAMPLE
from hedgerow.kernels.rules import Stage, rule
from hedgerow.market.history import History
from hedgerow.scenarios.arguments import require
from hedgerow.scenarios.course import Course, Draw
from hedgerow.scenarios.dynamics import Dynamics
from hedgerow.scenarios.filtered_historical import refuse_beside_sample
from hedgerow.scenarios.sample import log_returns, only_column, places, returns_by_underlying, row_years


@rule("spot_before", "spot", "log_spot")
def sampled_move(spot: Any, log_spot: Any, shock: Any, *, shift: float) -> Any:
    """Move the logarithm by a past return, shifted."""
    moved = log_spot + shift + shock
    return spot, exp(moved), moved


@dataclass(frozen=True, eq=False)
class StationaryBootstrap(Dynamics):
    """Paths made of blocks of past returns.

    Attributes
    ----------
    market : MarketState
        The start.
    returns : array (n,), or mapping of str to array (n,)
        Changes of the logarithm over periods as long as one step of the grid.
    mean_block : float
        Mean length of a block in steps, >= 1; 1 draws every row alone.
    recentre : bool
        Shift returns so that the mean of exp(return) is exp(drift x dt) over one step; over several, blocks keep the
        momentum or reversal that the sample has. Else returns stay as they were, with the drift of the past.
    row_years : float, optional
        Years between two rows of the sample; known where it comes from a history. A simulation whose steps are of
        another length says so.
    drift, implied, quasi
        As :class:`Dynamics` has them.
    correlation, antithetic
        Refused: the correlation is the history's, and a row drawn has no negative.
    """

    returns: Any
    mean_block: float = 20.0
    recentre: bool = True
    row_years: float | None = None

    elementwise: ClassVar[bool] = False

    def _check(self) -> None:
        require(1.0 <= self.mean_block < np.inf, "mean_block", "1 or more", self.mean_block, "give 20 steps, say")
        object.__setattr__(self, "returns", returns_by_underlying(self.market, self.returns))
        refuse_beside_sample(self)

    @classmethod
    def of(
        cls, market: MarketState, history: History, column: str | None = None, **options: Any
    ) -> StationaryBootstrap:
        """Return the scenario of a history's prices; arguments as :meth:`FilteredHistorical.of`."""
        columns = only_column(market, history, column)
        known = {"row_years": row_years(history, columns)} | options
        return cls(market, log_returns(history, columns), **known)

    def draws(self) -> tuple[Draw, ...]:
        """Return the uniforms that end blocks and that start them, one for all underlyings."""
        ends = Draw("uniform", STREAM_SAMPLE, uniform=True, shared=True)
        return (ends, Draw("uniform_size", STREAM_JUMP_SIZE, uniform=True, shared=True))

    def law_rows(self, name: str) -> Mapping[str, float]:
        """Return a place before the sample, from which every path starts a block."""
        return {"place": -1.0}

    def volatility_of(self, name: str) -> float:
        """Return the deviation of the past returns, per year of 252 periods."""
        return float(np.sqrt(252.0) * np.std(self.returns[name]))

    def gather(self, rows: dict[str, Any], course: Course) -> None:
        """Go on to the next row, or start a block anywhere."""
        sample = self.returns[course.name]
        anew = (rows["place"] < 0.0) | (rows["uniform"] <= 1.0 / self.mean_block)
        onward = np.where(rows["place"] + 1.0 >= len(sample), 0.0, rows["place"] + 1.0)
        rows["place"] = np.where(anew, places(rows["uniform_size"], len(sample)), onward)
        rows["shock"] = sample[rows["place"].astype(np.int64)]
        deviation = float(sample.std())
        rows["normal"] = (rows["shock"] - sample.mean()) / (deviation if deviation > 0.0 else 1.0)

    def moves(self, course: Course) -> tuple[Stage, ...]:
        """Return the one stage."""
        shift = course.each_step(0.0)
        if self.recentre:
            mean = float(np.log(np.mean(np.exp(self.returns[course.name]))))
            shift = self.growth_of(course.name) * course.steps - mean
        return (Stage(sampled_move, {"shift": shift}),)
