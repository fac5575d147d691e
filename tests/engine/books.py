"""Small markets and books for tests of the loop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow.hedgers import BookHedger, BookTarget
from hedgerow.instruments import Book, EuropeanOption, Instrument, MarketState, Underlying
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios.paths import MarketPaths

START = "2026-11-20 16:00"
END = "2026-12-20 16:00"
EXPIRY = "2026-12-20"


def paths(
    n_paths: int = 3,
    n_steps: int = 10,
    names: tuple[str, ...] = ("X",),
    seed: int = 0,
    vol: float = 0.2,
    end: str = END,
    **market: object,
) -> MarketPaths:
    """Return lognormal paths with moving volatilities; ``market`` are further fields of every Underlying."""
    rng = np.random.default_rng(seed)
    grid = TimeGrid.even(START, end, n_steps)
    shocks = rng.normal(size=(n_paths, n_steps, len(names))) * vol * np.sqrt(grid.steps[0])
    spots = 100.0 * np.exp(np.concatenate([np.zeros((n_paths, 1, len(names))), shocks.cumsum(axis=1)], axis=1))
    vols = vol * np.exp(0.02 * rng.normal(size=spots.shape).cumsum(axis=1)) if vol else np.zeros_like(spots)
    vols[:, 0] = vol
    start = MarketState(START, {name: Underlying(100.0, vol, **market) for name in names})  # type: ignore[arg-type]
    return MarketPaths(start, grid, names, spots, vols)


def option(
    kind: str = "call", strike: float = 100.0, expiry: str = EXPIRY, name: str = "X", **terms: float
) -> Instrument:
    """Return a European option."""
    return EuropeanOption(name, kind, strike, expiry, **terms)


@dataclass(frozen=True)
class Holding(BookHedger):
    """Hold so many contracts of given instruments throughout."""

    instruments: tuple[Instrument, ...]
    contracts: tuple[float, ...]

    def hedges(self, book: Book) -> tuple[Instrument, ...]:
        """Return the instruments."""
        return self.instruments

    def target(self, view: object) -> BookTarget:
        """Return the contracts."""
        held = view.held  # type: ignore[attr-defined]
        return BookTarget(np.broadcast_to(np.array(self.contracts, dtype=float), held.shape))


UNHEDGED = Holding((), ())
