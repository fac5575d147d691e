"""Moves of the exposure and its hedges over one row: so many standard deviations, stated, a gap, a shock, history.

A move answers what each instrument does; a scenario (:mod:`hedgerow.compare.stress.scenarios`) may change volatilities
and correlations first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.stress.moments import Moments
from hedgerow.compare.stress.position import HedgedPosition
from hedgerow.errors import DataError, InputError, did_you_mean


@dataclass(frozen=True, eq=False)
class StressedMarket:
    """What a move may know: the position, the rows up to the day of the test, and the stressed moments.

    Attributes
    ----------
    position : HedgedPosition
    changes : ndarray, shape (n_rows, 1 + n_hedges)
        Rows up to the day of the test, the exposure first.
    times : pandas.DatetimeIndex, shape (n_rows,)
    moments : Moments
        Volatilities and correlations after the scenario's changes to them.
    """

    position: HedgedPosition
    changes: FloatArray
    times: pd.DatetimeIndex
    moments: Moments

    @property
    def side(self) -> float:
        """1.0 for a long exposure, -1.0 for a short one."""
        return float(np.sign(self.position.market.quantity))

    @property
    def hedge_side(self) -> FloatArray:
        """Sign of what is held of each hedge, shape (n_hedges,); 0 where none is."""
        sides: FloatArray = -self.side * np.sign(np.array(self.position.ratio))
        return sides


class Move(ABC):
    """What the exposure and each hedge do over one row of a scenario; a new move is one class with two methods."""

    @abstractmethod
    def changes(self, stressed: StressedMarket) -> FloatArray:
        """Return the change of one unit of each instrument, the exposure first; shape (1 + n_hedges,)."""

    @abstractmethod
    def words(self, stressed: StressedMarket) -> str:
        """Return what moves, as a phrase for a table."""


@dataclass(frozen=True)
class SigmaMove(Move):
    """The exposure moves by so many of its (stressed) standard deviations.

    Parameters
    ----------
    sigmas : float
        Signed: -7 is a fall.
    follow : {"beta", "none"}
        Each hedge moves by its regression on the exposure, ``rho sigma_x / sigma_y`` per unit, under the stressed
        moments; or not at all.
    """

    sigmas: float
    follow: Literal["beta", "none"] = "beta"

    def __post_init__(self) -> None:
        if not np.isfinite(self.sigmas):
            raise InputError(f"a move of {self.sigmas} standard deviations is no move; give a number")

    def changes(self, stressed: StressedMarket) -> FloatArray:
        """Return the moves, shape (1 + n_hedges,)."""
        moments = stressed.moments
        share = moments.correlations[0] if self.follow == "beta" else np.eye(len(moments.volatilities))[0]
        moves: FloatArray = self.sigmas * share * moments.volatilities
        return moves

    def words(self, stressed: StressedMarket) -> str:
        """Return the phrase."""
        how = "following by their betas" if self.follow == "beta" else "standing still"
        return f"exposure {self.sigmas:+g} standard deviations, hedges {how}"


@dataclass(frozen=True)
class StatedMove(Move):
    """Instruments move by stated amounts; those not named stand still.

    Parameters
    ----------
    moves : mapping of str to float
        Instrument to its signed move.
    unit : {"change", "percent", "sigma"}
        In the unit of the changes, as a decimal fraction of the latest price (-0.10 is 10 % down), or in stressed
        standard deviations.
    """

    moves: Mapping[str, float]
    unit: Literal["change", "percent", "sigma"] = "change"

    def changes(self, stressed: StressedMarket) -> FloatArray:
        """Return the moves, shape (1 + n_hedges,); InputError for an unknown name or a missing price."""
        position = stressed.position
        for name in self.moves:
            if name not in position.names:
                hint = did_you_mean(name, position.names)
                raise InputError(
                    f"a scenario moves {name!r}, which is not held{hint}; held: {', '.join(position.names)}"
                )
        moves = np.array([float(self.moves.get(name, 0.0)) for name in position.names])
        if not np.isfinite(moves).all():
            raise InputError(f"the moves of a scenario must be finite numbers, not {dict(self.moves)}")
        if self.unit == "sigma":
            return np.asarray(moves * stressed.moments.volatilities)
        if self.unit == "percent":
            if position.prices is None:
                raise InputError("moves in per cent need the latest prices; give them, or move in price units")
            scales = np.array(position.scales or (1.0,) * len(moves))
            return np.asarray(moves * np.array(position.prices) / scales)
        return moves

    def words(self, stressed: StressedMarket) -> str:
        """Return the phrase."""
        form = {"percent": "{:+.4g} %", "sigma": "{:+.4g} standard deviations", "change": "{:+.4g}"}[self.unit]
        factor = 100.0 if self.unit == "percent" else 1.0
        return ", ".join(f"{name} {form.format(factor * move)}" for name, move in self.moves.items())


@dataclass(frozen=True)
class RollGap(Move):
    """The contracts held move against the hedge on the day they are rolled, and the exposure stands still.

    Parameters
    ----------
    sigmas : float
        Size in standard deviations of each hedge, where ``gap`` is not given; 0 or more.
    gap : float, optional
        Size in the unit of the changes, 0 or more.
    """

    sigmas: float = 7.0
    gap: float | None = None

    def changes(self, stressed: StressedMarket) -> FloatArray:
        """Return the moves, shape (1 + n_hedges,): up where the hedge is sold, down where it is bought."""
        _require_size("gap", self.gap, self.sigmas)
        size = self.sigmas * stressed.moments.volatilities[1:] if self.gap is None else self.gap
        return np.concatenate([[0.0], -stressed.hedge_side * size])

    def words(self, stressed: StressedMarket) -> str:
        """Return the phrase."""
        size = f"{self.sigmas:g} standard deviations" if self.gap is None else f"{self.gap:g}"
        return f"hedges {size} against their holder at a roll, exposure unmoved"


@dataclass(frozen=True)
class BasisShock(Move):
    """The exposure moves against its holder and no hedge does: basis alone.

    Parameters
    ----------
    sigmas : float
        Size in standard deviations of what the best hedge leaves (the residual of the regression on the hedges), where
        ``shock`` is not given; 0 or more.
    shock : float, optional
        Size in the unit of the changes, 0 or more.
    """

    sigmas: float = 7.0
    shock: float | None = None

    def changes(self, stressed: StressedMarket) -> FloatArray:
        """Return the moves, shape (1 + n_hedges,)."""
        _require_size("shock", self.shock, self.sigmas)
        moments = stressed.moments
        residual = moments.deviation(np.concatenate([[1.0], -moments.best_ratio()]))
        moves = np.zeros(len(moments.volatilities))
        moves[0] = -stressed.side * (self.sigmas * residual if self.shock is None else self.shock)
        return moves

    def words(self, stressed: StressedMarket) -> str:
        """Return the phrase."""
        size = f"{self.sigmas:g} residual standard deviations" if self.shock is None else f"{self.shock:g}"
        return f"exposure {size} against its holder, hedges unmoved"


@dataclass(frozen=True)
class WorstWindow(Move):
    """The consecutive rows in which the unhedged exposure lost most are lived through again, at the ratio held now.

    Parameters
    ----------
    rows : int
        Length of the window, 1 or more. Changes are summed, also where they are returns.
    """

    rows: int = 1

    def changes(self, stressed: StressedMarket) -> FloatArray:
        """Return the summed moves, shape (1 + n_hedges,); DataError where the history is shorter than the window."""
        start = self._start(stressed)
        return np.asarray(stressed.changes[start : start + self.rows].sum(axis=0))

    def words(self, stressed: StressedMarket) -> str:
        """Return the phrase, with the dates of the window."""
        start = self._start(stressed)
        first, last = stressed.times[start].date(), stressed.times[start + self.rows - 1].date()
        return f"{first}" if self.rows == 1 else f"{first} to {last}"

    def _start(self, stressed: StressedMarket) -> int:
        if self.rows < 1:
            raise InputError(f"the worst window needs 1 row or more, not {self.rows}")
        if len(stressed.changes) < self.rows:
            raise DataError(f"the worst {self.rows} rows are asked for and {len(stressed.changes)} are known by then")
        gains = stressed.side * stressed.changes[:, 0]
        return int(np.convolve(gains, np.ones(self.rows), mode="valid").argmin())


def _require_size(what: str, size: float | None, sigmas: float) -> None:
    value = sigmas if size is None else size
    if not (np.isfinite(value) and value >= 0.0):
        raise InputError(f"the {what} of a scenario must be 0 or more, not {value}; it goes against the hedge anyway")
