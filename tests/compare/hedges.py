"""A small book, the market it is hedged in, and a scenario in NumPy that the tests of grids and frontiers share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow.compare import GridOptions, GridResult, run_grid
from hedgerow.costs import HalfSpread
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import Band
from hedgerow.scenarios import MarketPaths, Scenario

MARKET = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2)})
BOOK = Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19"), -1.0)])
COSTS = HalfSpread(20)
DELTA = DeltaHedger()


@dataclass(frozen=True)
class Walk(Scenario):
    """A lognormal walk in NumPy alone: a path is a function of its number and the seed."""

    antithetic: bool = False

    def draw(self, grid: TimeGrid, n_paths: int, seed: int, first_path: int = 0) -> MarketPaths:
        """Return paths one by one, each from a stream of its own; mirrored ones share it."""
        start = self.market.underlying("XYZ")
        numbers = range(first_path, first_path + n_paths)
        normals = np.array([self._normals(grid.n_steps, seed, number) for number in numbers])
        moves = start.vol * np.sqrt(grid.steps) * normals - 0.5 * start.vol**2 * grid.steps
        spots = start.spot * np.exp(np.cumsum(np.column_stack([np.zeros(n_paths), moves]), axis=1))[:, :, None]
        return MarketPaths(self.market, grid, ("XYZ",), spots, np.full_like(spots, start.vol), first_path)

    def _normals(self, n_steps: int, seed: int, number: int) -> Any:
        stream = number // 2 if self.antithetic else number
        normals = np.random.Generator(np.random.Philox(key=[seed, stream])).standard_normal(n_steps)
        return -normals if self.antithetic and number % 2 else normals


BANDS = {"band 0": Band(0.0), "band 0.2": Band(0.2)}


def small_grid(**changes: Any) -> GridResult:
    """Return a grid of two bands on 32 paths of 3 steps, with parts or options of it changed."""
    parts: dict[str, Any] = {
        "books": {"short call": BOOK},
        "scenarios": {"walk": Walk(MARKET)},
        "hedgers": {"delta": DELTA},
        "policies": BANDS,
        "costs": {"20 bp": COSTS},
        "n_paths": 32,
        "n_steps": 3,
        "seed": 7,
        "options": GridOptions(piece_paths=16),
    }
    return run_grid(**(parts | changes))
