"""Scenarios that move step by step: drift, correlation, antithetic and quasi-random numbers, implied volatility."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from hedgerow.errors import InputError
from hedgerow.kernels.random_numbers import STREAM_SPOT
from hedgerow.kernels.rules import Stage
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios.arguments import ByUnderlying, numbers_by_underlying
from hedgerow.scenarios.array_draw import draw_paths
from hedgerow.scenarios.base import Scenario
from hedgerow.scenarios.correlation import correlation_factor
from hedgerow.scenarios.course import Course, Draw
from hedgerow.scenarios.implied_volatility import FixedVolatility, ImpliedVolatility
from hedgerow.scenarios.moves import dividend_stages
from hedgerow.scenarios.paths import MarketPaths
from hedgerow.scenarios.smile import MARK_YEARS, asked


@dataclass(frozen=True)
class Dynamics(Scenario):
    """A law of motion: what one step does to one underlying, written once as stages.

    Attributes
    ----------
    market : MarketState
        The start. Its discrete dividends leave the spot at the end of the step that holds their ex-date.
    drift : float, mapping of str to float, or None
        Growth of the expected price per year, continuously compounded, before discrete dividends; None for the
        risk-neutral rate - dividend_yield - borrow, under which nobody is paid for waiting.
    implied : ImpliedVolatility
        How the volatility at which options are marked moves beside the spot.
    correlation : matrix (n_underlyings, n_underlyings), or None
        Of the normals that move the spots; None for none.
    antithetic : bool
        Paths 2k and 2k + 1 share the draws of number k, the second with its normals negated.
    quasi : bool
        Sobol points with a Brownian bridge in place of pseudo-random numbers; by arrays alone. Standard errors are
        those of independent paths, and overstate the error of a mean.
    """

    drift: ByUnderlying | None = field(default=None, kw_only=True)
    implied: ImpliedVolatility = field(default_factory=FixedVolatility, kw_only=True)
    correlation: Any = field(default=None, kw_only=True)
    antithetic: bool = field(default=False, kw_only=True)
    quasi: bool = field(default=False, kw_only=True)

    elementwise: ClassVar[bool] = True
    """Whether a step is a formula of each path's own rows; drawing from a sample is not."""

    def __post_init__(self) -> None:
        """Refuse what no path can be drawn from."""
        if not self.market.underlyings:
            raise InputError("a scenario needs a market with an underlying; give MarketState(at, {name: Underlying()})")
        for name, underlying in self.market.underlyings.items():
            if underlying.spot <= 0.0:
                raise InputError(f"spot of {name!r} must be above 0 where logarithms move, not {underlying.spot!r}")
            self.growth_of(name)
        if self.antithetic and self.quasi:
            raise InputError("antithetic and quasi exclude each other: Sobol points are mirrored already; drop one")
        if self.correlation is not None:
            correlation_factor(self.correlation, len(self.market.underlyings))
            frozen = tuple(tuple(float(cell) for cell in row) for row in self.correlation)
            object.__setattr__(self, "correlation", frozen)
        self._check()
        self.implied.check(self)

    def _check(self) -> None:
        """Refuse parameters of the law itself; raises InputError."""

    @abstractmethod
    def moves(self, course: Course) -> tuple[Stage, ...]:
        """Return the stages that move one underlying once its draws are there."""

    @abstractmethod
    def volatility_of(self, name: str) -> float:
        """Return the volatility per year at the start, without jumps."""

    def expected_volatility(self, name: str, years: float) -> float:
        """Return the root of the expected variance per year over the coming years, with jumps."""
        return self.volatility_of(name)

    def draws(self) -> tuple[Draw, ...]:
        """Return the random rows that a step needs; ``normal`` moves the spot and is what correlates."""
        return (Draw("normal", STREAM_SPOT),)

    def law_rows(self, name: str) -> Mapping[str, float]:
        """Return rows of the law that do not start at 0."""
        return {}

    def gather(self, rows: dict[str, Any], course: Course) -> None:
        """Fill rows from a sample between the draws and the move; only where ``elementwise`` is false."""

    def growth_of(self, name: str) -> float:
        """Return the growth of the expected price per year, continuously compounded.

        Raises
        ------
        InputError
            Where forwards are quoted and no drift is given; for a drift that is no number.
        """
        if self.drift is not None:
            return numbers_by_underlying(self.market, self.drift, "drift")[name]
        underlying = self.market.underlying(name)
        if callable(underlying.forwards) or underlying.forwards:
            raise InputError(
                f"the market quotes forwards of {name!r}, which decide its carry expiry by expiry; give drift, growth"
                " of the expected price per year"
            )
        return underlying.rate - underlying.dividend_yield - underlying.borrow

    @property
    def grows_as_said(self) -> bool:
        """Whether the expected price grows by :meth:`growth_of` and discrete dividends, to the last digit."""
        return True

    def mark_of(self, name: str) -> float:
        """Return the market's implied volatility: its number, its surface at the money in 30 days, or else the law's.

        Raises
        ------
        InputError
            Where neither the market nor the law knows one.
        """
        underlying = self.market.underlying(name)
        if underlying.vol is None:
            return self.volatility_of(name)
        if callable(underlying.vol) or hasattr(underlying.vol, "volatility"):
            return float(asked(underlying.vol, np.array([underlying.spot]), np.array([MARK_YEARS]), underlying.spot)[0])
        return float(underlying.vol)

    def rows_of(self, name: str, grid: TimeGrid | None) -> dict[str, float]:
        """Return all rows of an underlying that do not start at 0, but spot and its logarithm."""
        return {"implied": self.implied.start(self, name, grid), **self.law_rows(name)}

    def start_rows(self, grid: TimeGrid | None = None) -> Mapping[str, float]:
        """Return the rows at the start of the first underlying.

        Parameters
        ----------
        grid : TimeGrid, optional
            Needed where the mark depends on the time left.
        """
        return self.rows_of(next(iter(self.market.underlyings)), grid)

    def draw(self, grid: TimeGrid, n_paths: int, seed: int, first_path: int = 0) -> MarketPaths:
        """Return paths ``first_path`` to ``first_path + n_paths - 1``; any chunk of them has the same numbers.

        Raises
        ------
        InputError
            For fewer than one path, or a seed out of range.
        """
        return draw_paths(self, grid, n_paths, seed, first_path)

    @property
    def has_stages(self) -> bool:
        """Whether one underlying moves by formulas alone: no sample, no Sobol points, no smile."""
        formulas = self.elementwise and self.implied.elementwise and not self.quasi
        return formulas and len(self.market.underlyings) == 1

    def stages(self, grid: TimeGrid, seed: int) -> tuple[Stage, ...] | None:
        """Return the stages of one underlying; None for several, for samples, Sobol points and smiles."""
        if not self.has_stages:
            return None
        course = Course(grid, seed, next(iter(self.market.underlyings)), 0, self.antithetic)
        drawn = (stage for draw in self.all_draws() for stage in course.stages_of(draw))
        return (*drawn, *self.moves_and_marks(course))

    def all_draws(self) -> tuple[Draw, ...]:
        """Return the random rows of the law and of implied volatility."""
        return (*self.draws(), *self.implied.draws())

    def moves_and_marks(self, course: Course) -> tuple[Stage, ...]:
        """Return the stages of the law, of dividends and of implied volatility, in this order."""
        dividends = dividend_stages(self.market.underlying(course.name), course.grid)
        return (*self.moves(course), *dividends, *self.implied.stages(self, course))
