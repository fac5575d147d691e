"""What methods have in common that look for the ratio at which a figure of the hedged change is best."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.ratios.base import MOST_WORK, Estimate, RatioEstimator
from hedgerow.ratios.bounds import Bounds, bounds_of
from hedgerow.ratios.convergence import CLOSED_FORM, Convergence
from hedgerow.ratios.least_squares import check_window
from hedgerow.ratios.refits import RefitLog

Side = Literal["long", "short"]
"""Whether a rise of the exposure is a gain (owned, to be sold) or a loss (owed, to be bought)."""


@dataclass(frozen=True)
class Solution:
    """What a solver found.

    Attributes
    ----------
    ratio
        (n_hedges,) the best ratio, or a ratio to look at where there is no best one.
    convergence
        Whether it may feed a decision.
    gap
        How much better, in the unit of the objective, any other ratio could be at most; None where no bound is known.
    standard_error
        (n_hedges,) or None.
    """

    ratio: FloatArray
    convergence: Convergence = CLOSED_FORM
    gap: float | None = None
    standard_error: FloatArray | None = None


@dataclass(frozen=True)
class Scaled:
    """Changes divided by their standard deviations, which makes a solver's tolerances mean the same everywhere.

    Attributes
    ----------
    X, y
        (n_obs, n_hedges) and (n_obs,).
    low, high
        (n_hedges,) bounds of the scaled ratio.
    unit
        Standard deviation of the exposure: a scaled figure times it is in the exposure's unit.
    per_ratio
        (n_hedges,) a scaled ratio times it is a ratio.
    """

    X: FloatArray
    y: FloatArray
    low: FloatArray
    high: FloatArray
    unit: float
    per_ratio: FloatArray

    @classmethod
    def of(cls, X: FloatArray, y: FloatArray, low: FloatArray, high: FloatArray) -> Scaled:
        """Return the changes of exposure and hedges in units of their standard deviations."""
        unit, sizes = float(y.std()), X.std(axis=0)
        return cls(np.asfortranarray(X / sizes), y / unit, low * sizes / unit, high * sizes / unit, unit, unit / sizes)

    def least_variance(self) -> FloatArray:
        """Return the scaled minimum-variance ratio (n_hedges,), moved into the bounds."""
        centred = self.X - self.X.mean(axis=0)
        if centred.shape[1] == 1:
            slopes = np.sum(centred * (self.y - self.y.mean())[:, None], axis=0) / np.sum(centred**2, axis=0)
        else:
            slopes = np.linalg.lstsq(centred, self.y - self.y.mean(), rcond=None)[0]
        return np.clip(slopes, self.low, self.high)


class ObjectiveEstimator(RatioEstimator):
    """A method that makes a figure of the hedged change ``y - X @ ratio`` as good as it can be.

    Of a short exposure the gain is minus that, and what is called the hedged change here is the gain. A new method
    writes ``_solve`` and ``_figure`` for gains.

    Attributes
    ----------
    objective_ : float
        The figure at ``hedge_ratio_`` on the rows used.
    unhedged_objective_ : float
        The figure of the exposure alone.
    gap_ : float or None
        How much better any other ratio could make the figure at most, proven by the solver; None where nothing is.
    skewness_, kurtosis_ : float
        Of the hedged change: third standardised moment, and the fourth minus 3 (0 for a normal variable).
    """

    bounds: Bounds
    window: int | None
    side: Side
    _visits_per_cell = 100.0

    def work(self, n_obs: int, first: int, every: int = 1, n_hedges: int = 1) -> float:
        """Return a rough count of visits to a number: all rows before each refit, many times over."""
        refits = len(range(first, n_obs, every))
        rows = 0.5 * (first + n_obs) if self.window is None else float(self.window)
        return self._visits_per_cell * refits * rows * (n_hedges + 1)

    @abstractmethod
    def _solve(self, X: FloatArray, y: FloatArray, low: FloatArray, high: FloatArray) -> Solution:
        """Return the best ratio within bounds for checked rows."""

    @abstractmethod
    def _figure(self, X: FloatArray, y: FloatArray, ratio: FloatArray) -> float:
        """Return the objective of the hedged change ``y - X @ ratio``."""

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        first = 0 if self.window is None else len(y) - self.window
        sign = self._sign
        X, y = sign * X[first:], sign * y[first:]
        solution = self._solve(X, y, *bounds_of(self.bounds, X.shape[1]))
        hedged = y - X @ solution.ratio
        self.objective_ = self._figure(X, y, solution.ratio)
        self.unhedged_objective_ = self._figure(X, y, np.zeros(X.shape[1]))
        self.gap_ = solution.gap
        self.skewness_, self.kurtosis_ = shape_of(hedged)
        return Estimate(
            solution.ratio,
            solution.standard_error,
            sign * float(hedged.mean()),
            first_row=first,
            convergence=solution.convergence,
        )

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        low, high = bounds_of(self.bounds, X.shape[1])
        ratios = np.full((len(rows), X.shape[1]), np.nan)
        X, y = self._sign * X, self._sign * y
        for i, row in enumerate(rows):
            first = 0 if self.window is None else int(row) - self.window
            try:
                self._check_rows(X[:row], y[:row])
                solution = self._solve(X[first:row], y[first:row], low, high)
            except DataError as error:
                log.failed(int(row), str(error))
                continue
            if solution.convergence.converged:
                ratios[i] = solution.ratio
            else:
                log.failed(int(row), solution.convergence.reason)
            log.done(i + 1, len(rows))
        return ratios

    @property
    def _sign(self) -> float:
        """1.0 where a rise of the exposure is a gain, -1.0 where it is a loss."""
        return -1.0 if self.side == "short" else 1.0

    def _fewest_rows(self, n_hedges: int) -> int:
        return n_hedges + 3 if self.window is None else self.window

    def _check_rows(self, X: FloatArray, y: FloatArray) -> None:
        super()._check_rows(X, y)
        if self.window is not None and len(y) > self.window:
            super()._check_rows(X[-self.window :], y[-self.window :])

    def _check_options(self, n_hedges: int) -> None:
        if self.side not in ("long", "short"):
            raise InputError(f"side must be 'long' or 'short', not {self.side!r}")
        bounds_of(self.bounds, n_hedges)
        check_window(self.window, n_hedges + 3)

    def _check_work(self, n_obs: int, first: int, every: int, n_hedges: int) -> None:
        if self.work(n_obs, first, every, n_hedges) > MOST_WORK:
            raise InputError(
                f"refitting {type(self).__name__} every {every} rows on {n_obs} rows of {n_hedges} hedges would take "
                "minutes; refit less often (every, --refit), use a window, or give fewer rows"
            )


def check_level(level: float) -> None:
    """Raise InputError unless ``level`` is the probability of a VaR or CVaR."""
    if not 0.0 < level < 1.0:
        raise InputError(f"level must lie between 0 and 1, such as 0.95, not {level}")


def shape_of(changes: FloatArray) -> tuple[float, float]:
    """Return skewness and excess kurtosis of changes (n,); both 0 where they do not move.

    Moments are plain means over the rows.

    Examples
    --------
    >>> shape_of(np.array([-1.0, 1.0, -1.0, 1.0]))
    (0.0, -2.0)
    """
    centred = changes - changes.mean()
    spread = float(np.sqrt(np.mean(centred**2)))
    if not spread > 1e-14 * float(np.max(np.abs(changes), initial=0.0)):
        return 0.0, 0.0
    standardised = centred / spread
    return float(np.mean(standardised**3)), float(np.mean(standardised**4)) - 3.0
