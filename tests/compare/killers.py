"""Parts of a comparison that end the process they run in, once: what a machine that is lost looks like."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compare.hedges import Walk
from compare.races import Looped
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios import MarketPaths


def die_once(home: int, mark: str) -> None:
    """End this process, unless it is the one at home or another was ended before it."""
    if os.getpid() == home:
        return
    try:
        Path(mark).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class DeadlyWalk(Walk):
    """A walk that ends a process once, when path ``at`` is drawn."""

    home: int = 0
    mark: str = ""
    at: int = 16

    def draw(self, grid: TimeGrid, n_paths: int, seed: int, first_path: int = 0) -> MarketPaths:
        """Return the paths of the walk, where there is still a process to do so."""
        if first_path == self.at:
            die_once(self.home, self.mark)
        return super().draw(grid, n_paths, seed, first_path)


class DeadlyOnce(Looped):
    """Least squares that ends the process of the first refit of ``at`` rows or more, once."""

    def __init__(self, home: int = 0, mark: str = "", at: int = 150) -> None:
        super().__init__()
        self.home, self.mark, self.at = home, mark, at

    def _estimate(self, X: Any, y: Any) -> Any:
        if len(y) >= self.at:
            die_once(self.home, self.mark)
        return super()._estimate(X, y)
