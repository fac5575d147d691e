"""Policies x hedgers x costs x scenarios x books on the same random numbers, shared out and resumable."""

from __future__ import annotations

from hedgerow.compare.grid.cells import CellFigures
from hedgerow.compare.grid.result import GridResult
from hedgerow.compare.grid.run import GridOptions, run_grid

__all__ = ["CellFigures", "GridOptions", "GridResult", "run_grid"]
