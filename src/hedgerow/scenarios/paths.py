"""What the market did on every path: spots, implied volatilities and the start that rates and smiles come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.instruments import MarketState
from hedgerow.market.time_grid import TimeGrid


@dataclass(frozen=True, eq=False)
class MarketPaths:
    """Paths of one or more underlyings; one history is one path.

    Attributes
    ----------
    start : MarketState
        The market at time 0: rates, yields, borrow and dividends hold throughout unless ``rates`` says otherwise.
    grid : TimeGrid
    underlyings : tuple of str, length n_underlyings
    spots : ndarray, shape (n_paths, n_times, n_underlyings)
    vols : ndarray, shape (n_paths, n_times, n_underlyings)
        Implied volatility at which options on each are marked (at the money where there is a smile).
    first_path : int
        Number of the first path; with the seed it decides every random number of it.
    rates : ndarray, shape (n_times,), or None
        Rate on cash and for pricing at each time, where it moves.
    synthetic : str
        What in these prices is made and not observed, as a sentence; empty for nothing.
    """

    start: MarketState
    grid: TimeGrid
    underlyings: tuple[str, ...]
    spots: FloatArray
    vols: FloatArray
    first_path: int = 0
    rates: FloatArray | None = None
    synthetic: str = ""

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        return len(self.spots)

    def marks(self, time: int, underlying: str, strikes: FloatArray, years: FloatArray) -> FloatArray:
        """Return the implied volatility of strikes at one time on every path, shape (n_paths, n_strikes).

        Parameters
        ----------
        time : int
            Index into the grid.
        underlying : str
        strikes, years : ndarray, shape (n_strikes,)
            Strikes and years to expiry. Here every strike has the volatility of ``vols``; a smile says more.
        """
        level = self.vols[:, time, self.underlyings.index(underlying)]
        return np.broadcast_to(level[:, None], (self.n_paths, len(strikes)))
