"""Paths of a scenario from a later number on, so that one simulation can be cut among workers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hedgerow.kernels.rules import Stage, rule
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios import MarketPaths, Scenario


@rule("path")
def counted_from(path, *, first):  # type: ignore[no-untyped-def]
    """Return the number of the path, which decides all its random numbers, counted from ``first``."""
    return path + first


@dataclass(frozen=True)
class LaterPaths(Scenario):
    """Paths ``first``, ``first + 1``, ... of a scenario: path k here is path ``first + k`` there, to the bit.

    Attributes
    ----------
    scenario : Scenario
    first : int
        Even, so that mirrored paths stay together.
    """

    scenario: Scenario
    first: int

    def draw(self, grid: TimeGrid, n_paths: int, seed: int, first_path: int = 0) -> MarketPaths:
        """Return paths from number ``first + first_path`` of the scenario on."""
        return self.scenario.draw(grid, n_paths, seed, self.first + first_path)

    @property
    def antithetic(self) -> bool:
        """Whether paths 2k and 2k + 1 share their draws, as those of the scenario do."""
        return bool(getattr(self.scenario, "antithetic", False))

    @property
    def has_stages(self) -> bool:
        """Whether the scenario has them."""
        return self.scenario.has_stages

    def stages(self, grid: TimeGrid, seed: int) -> tuple[Stage, ...] | None:
        """Return the scenario's stages, behind one that counts the paths once, at the first step."""
        found = self.scenario.stages(grid, seed)
        if found is None:
            return None
        return (Stage(counted_from, {"first": float(self.first)}, on=np.arange(grid.n_steps) == 0), *found)

    def start_rows(self, grid: TimeGrid | None = None) -> Mapping[str, float]:
        """Return the scenario's own."""
        return self.scenario.start_rows(grid)


def from_path(scenario: Scenario, first: int) -> Scenario:
    """Return a scenario whose paths begin at number ``first``."""
    return LaterPaths(scenario.market, scenario, first) if first else scenario
