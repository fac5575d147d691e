"""Rebalancing policies for linear hedges: by the calendar of steps, or when the ratio has drifted far enough.

A policy sees the target and what is held at one moment and answers with the new holding; it never sees the future.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError


class Policy(ABC):
    """Says what to hold, given what one would like to hold."""

    @abstractmethod
    def holding(self, target: FloatArray, held: FloatArray, step: int) -> FloatArray:
        """Return the new holding.

        Parameters
        ----------
        target, held : ndarray, shape (n_paths, n_instruments)
            Hedge wanted and hedge held, per unit of exposure.
        step : int
            Steps since the first moment at which trading was possible.

        Returns
        -------
        ndarray, shape (n_paths, n_instruments)
        """


@dataclass(frozen=True)
class EveryPeriods(Policy):
    """Trade to the target every ``periods`` steps, the first one included; 1 follows the target.

    Parameters
    ----------
    periods : int
        1 or more.
    """

    periods: int = 1

    def __post_init__(self) -> None:
        if self.periods < 1:
            raise InputError(f"rebalancing every {self.periods} periods is not possible; give 1 or more")

    def holding(self, target: FloatArray, held: FloatArray, step: int) -> FloatArray:
        """Return the target on trading steps and what is held on the others; shapes as in :class:`Policy`."""
        return target if step % self.periods == 0 else held


@dataclass(frozen=True)
class ToleranceBand(Policy):
    """Trade to the target when the held ratio is further than ``width`` from it; an exact tie does not trade.

    Parameters
    ----------
    width : float
        Half-width of the band in units of hedge per unit of exposure; 0 or more.
    """

    width: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.width < np.inf:
            raise InputError(f"the tolerance must be 0 or more, not {self.width}")

    def holding(self, target: FloatArray, held: FloatArray, step: int) -> FloatArray:
        """Return the target for hedges outside the band and what is held for the others."""
        return np.where(np.abs(target - held) > self.width * (1.0 + 1e-9) + 1e-12, target, held)
