"""Regime switching: states with volatilities and drifts of their own, left by the clock of a Markov chain.

>>> from hedgerow.instruments import MarketState, Underlying
>>> market = MarketState("2026-11-20", {"SPX": Underlying(4000.0, 0.2)})
>>> calm_and_wild = RegimeSwitching(market, (0.12, 0.35), ((0.98, 0.02), (0.05, 0.95)))
>>> calm_and_wild.shares.round(4).tolist()
[0.7143, 0.2857]

References
----------
J. D. Hamilton, *A new approach to the economic analysis of nonstationary time series and the business cycle*,
Econometrica 57 (1989) 357-384.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.elementary import where
from hedgerow.kernels.random_numbers import STREAM_REGIME, STREAM_SPOT
from hedgerow.kernels.rules import Stage, rule
from hedgerow.scenarios.arguments import require
from hedgerow.scenarios.course import Course, Draw
from hedgerow.scenarios.dynamics import Dynamics
from hedgerow.scenarios.moves import spot_follows


@rule("log_spot")
def moved_in_regime(log_spot: Any, regime: Any, normal: Any, *, state: float, drift: float, deviation: float) -> Any:
    """Move the logarithm of the paths that are in one state."""
    return log_spot + where(abs(regime - state) < 0.5, drift + deviation * normal, 0.0)


@rule("place")
def switch_starts(regime: Any) -> Any:
    """Start to count at state 0."""
    return regime * 0.0


@rule("place")
def switch_counted(place: Any, regime: Any, uniform: Any, *, state: float, level: float) -> Any:
    """Go one state on where the uniform lies above a level of the row of the state that a path is in."""
    return place + where((abs(regime - state) < 0.5) & (uniform > level), 1.0, 0.0)


@rule("regime")
def switch_ends(place: Any) -> Any:
    """Enter the state counted."""
    return place + 0.0


@rule("variance")
def variance_of_regime(variance: Any, regime: Any, *, state: float, level: float) -> Any:
    """Write the variance of the paths that are in one state."""
    return where(abs(regime - state) < 0.5, level, variance)


@dataclass(frozen=True)
class RegimeSwitching(Dynamics):
    """Lognormal steps whose volatility and drift depend on a state; every underlying has the same state.

    Attributes
    ----------
    market : MarketState
        The start.
    volatilities : sequence of float, length k
        Per year, >= 0.
    transition : matrix (k, k)
        Row i: probabilities of the state after one step of the grid, from state i; rows add up to 1.
    drifts : sequence of float, length k, or None
        Growth per year in each state; None for the scenario's drift in all.
    start : int
        State of the first step, 0 to k - 1.
    drift, implied, correlation, antithetic, quasi
        As :class:`Dynamics` has them; the mark does not follow the state.
    """

    volatilities: Sequence[float]
    transition: Any
    drifts: Sequence[float] | None = None
    start: int = 0

    def _check(self) -> None:
        levels = tuple(float(each) for each in self.volatilities)
        k = len(levels)
        require(k >= 1 and all(0.0 <= each < np.inf for each in levels), "volatilities", "0 or more", levels, "see k")
        matrix = np.asarray(self.transition, dtype=float)
        if matrix.shape != (k, k):
            raise InputError(f"transition must have shape ({k}, {k}), a row for each volatility, not {matrix.shape}")
        if not (matrix >= 0.0).all() or not np.allclose(matrix.sum(axis=1), 1.0, rtol=0.0, atol=1e-9):
            raise InputError(f"each row of transition must hold probabilities that add up to 1, not {matrix.tolist()}")
        require(self.start in range(k), "start", f"a state from 0 to {k - 1}", self.start, "states count from 0")
        if self.drifts is not None:
            right = len(self.drifts) == k and all(abs(each) < np.inf for each in self.drifts)
            require(right, "drifts", f"{k} finite numbers", self.drifts, "give one for each state")
            require(self.drift is None, "drift", "left out beside drifts", self.drift, "give one of them")
            object.__setattr__(self, "drifts", tuple(float(each) for each in self.drifts))
        object.__setattr__(self, "volatilities", levels)
        object.__setattr__(self, "transition", tuple(tuple(row) for row in matrix.tolist()))

    @property
    def shares(self) -> FloatArray:
        """Share of time in each state in the long run, shape (k,)."""
        matrix = np.asarray(self.transition)
        balance = np.vstack([matrix.T - np.eye(len(matrix)), np.ones(len(matrix))])
        return np.asarray(np.linalg.lstsq(balance, np.append(np.zeros(len(matrix)), 1.0), rcond=None)[0])

    @property
    def grows_as_said(self) -> bool:
        """Whether the expected price grows by one drift: not where each state has its own."""
        return self.drifts is None

    def draws(self) -> tuple[Draw, ...]:
        """Return the normal of the spot and the uniform of the state, one for all underlyings."""
        return (Draw("normal", STREAM_SPOT), Draw("uniform", STREAM_REGIME, uniform=True, shared=True))

    def law_rows(self, name: str) -> Mapping[str, float]:
        """Return the first state and its variance."""
        return {"regime": float(self.start), "variance": self.volatility_of(name) ** 2}

    def volatility_of(self, name: str) -> float:
        """Return the volatility per year of the first state."""
        return float(self.volatilities[self.start])

    def expected_volatility(self, name: str, years: float) -> float:
        """Return the root of the long-run variance per year: how many steps the years hold is not known here."""
        return float(np.sqrt(self.shares @ np.square(self.volatilities)))

    def moves(self, course: Course) -> tuple[Stage, ...]:
        """Return the stages that move the spot in its state, and then switch it."""
        states = range(len(self.volatilities))
        moved = (Stage(moved_in_regime, {"state": float(k), **self._step(k, course)}) for k in states)
        levels = np.cumsum(np.asarray(self.transition), axis=1)
        counted = (
            Stage(switch_counted, {"state": float(k), "level": float(levels[k, after])})
            for k in states
            for after in states[:-1]
        )
        variances = (
            Stage(variance_of_regime, {"state": float(k), "level": each**2}) for k, each in enumerate(self.volatilities)
        )
        return (
            *moved, Stage(spot_follows), Stage(switch_starts), *counted, Stage(switch_ends), *variances
        )  # fmt: skip

    def _step(self, state: int, course: Course) -> dict[str, FloatArray]:
        growth = self.growth_of(course.name) if self.drifts is None else self.drifts[state]
        volatility = self.volatilities[state]
        dt = course.steps
        return {"drift": (growth - 0.5 * volatility**2) * dt, "deviation": volatility * np.sqrt(dt)}
