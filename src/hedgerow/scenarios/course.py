"""The course of one underlying through a grid of times: its steps, its random streams, its rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.random_numbers import STREAMS_PER_UNDERLYING, draw_stages
from hedgerow.kernels.rules import Stage
from hedgerow.market.time_grid import TimeGrid


@dataclass(frozen=True)
class Draw:
    """A row that is filled with fresh random numbers before the underlying moves.

    Attributes
    ----------
    row : str
        Its twin is kept in ``<row>_spare``.
    stream : int
    uniform : bool
        Uniforms on (0, 1] instead of standard normals.
    shared : bool
        The same numbers for every underlying, as where all move by one day of a sample.
    """

    row: str
    stream: int
    uniform: bool = False
    shared: bool = False


@dataclass(frozen=True)
class Course:
    """Where one underlying stands among others, and when.

    Attributes
    ----------
    grid : TimeGrid
    seed : int
    name : str
    place : int
        Of the underlying in its market; it decides the streams.
    antithetic : bool
    """

    grid: TimeGrid
    seed: int
    name: str
    place: int = 0
    antithetic: bool = False

    @property
    def steps(self) -> FloatArray:
        """Length of each step in years, shape (n_steps,)."""
        return self.grid.steps

    def stages_of(self, draw: Draw) -> tuple[Stage, ...]:
        """Return the stages that fill a row."""
        return draw_stages(
            self.grid.n_steps,
            self.seed,
            draw.stream + (0 if draw.shared else STREAMS_PER_UNDERLYING * self.place),
            (draw.row, f"{draw.row}_spare"),
            uniform=draw.uniform,
            antithetic=self.antithetic,
        )

    def each_step(self, value: float) -> FloatArray:
        """Return a number once for every step, shape (n_steps,)."""
        return np.full(self.grid.n_steps, value)
