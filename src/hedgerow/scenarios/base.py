"""What every scenario is: a start, a law of motion, and random numbers from which any path can be drawn again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from hedgerow.instruments import MarketState
from hedgerow.kernels.rules import Stage
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios.paths import MarketPaths


@dataclass(frozen=True)
class Scenario(ABC):
    """Where paths come from.

    Attributes
    ----------
    market : MarketState
        The start: moment, spots, implied volatilities, rates, yields.
    """

    market: MarketState

    @abstractmethod
    def draw(self, grid: TimeGrid, n_paths: int, seed: int, first_path: int = 0) -> MarketPaths:
        """Return ``n_paths`` paths from number ``first_path`` on, the same whoever draws them and in what order."""

    @property
    def has_stages(self) -> bool:
        """Whether :meth:`stages` gives any, whatever the grid."""
        return type(self).stages is not Scenario.stages

    def stages(self, grid: TimeGrid, seed: int) -> tuple[Stage, ...] | None:
        """Return the stages that move one underlying over each step, or None where only :meth:`draw` can.

        They read ``path`` (its number, whether antithetic or not), ``spot``, ``log_spot``, ``implied`` and write the
        last three with ``spot_before`` and ``implied_before``; they also write ``variance`` and rows of random numbers.
        """
        return None

    def start_rows(self, grid: TimeGrid | None = None) -> Mapping[str, float]:
        """Return rows that do not start at 0 beside spot and log_spot: ``{"implied": 0.2, "variance": 0.04}``."""
        return {}
