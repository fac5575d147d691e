"""Robust errors of parameters estimated in steps: the variances first, then moments, then the correlation's dynamics.

All steps solve "mean moments = 0" for one long list of moments, whose Jacobian is block triangular: a step's moments
depend on the steps before it. What later steps owe to earlier ones comes from the adjoint of the correlation recursion.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.ratios.garch.correlation import LOWER, UPPER, CorrelationStage
from hedgerow.ratios.garch.margins import MarginFit, robust_covariance
from hedgerow.ratios.garch.search import Optimum
from hedgerow.ratios.garch.sums import cross_sum

STEP = 1e-4
"""Step of the differences of the adjoint by a coordinate of the search."""


def two_step_covariance(margins: Sequence[MarginFit], stage: CorrelationStage, found: Optimum) -> FloatArray:
    """Return the covariance (p, p) of the parameters of all steps, NaN for those not identified.

    Parameters are those of each margin in turn, the correlations of S below its diagonal row by row, with asymmetry N
    up to its diagonal row by row, then a, b (moving), g (asymmetric) and ν (Student-t).

    References
    ----------
    Newey, W. and McFadden, D. (1994), Handbook of Econometrics IV, 2111-2245. Engle, R. and Sheppard, K. (2001),
    NBER working paper 8554.
    """
    whole = stage.whole(found.point)
    free = stage.identified(found)
    steps = _Steps(margins, stage)
    own = stage.row_scores(whole)[:, free] if free.any() else np.empty((len(stage.e), 0))
    moments = np.column_stack([*(margin.moments for margin in margins), steps.correlation_moments(), own])
    size = moments.shape[1]
    jacobian = np.zeros((size, size))
    first_own = size - own.shape[1]
    steps.fill(jacobian)
    jacobian[first_own:, :first_own] = _differences(steps, stage, whole, np.flatnonzero(free))
    jacobian[first_own:, first_own:] = -found.hessian[np.ix_(found.free, found.free)]
    directions = _directions(margins, steps.n_moments, stage.directions(whole)[:, free], stage)
    covariance = directions @ robust_covariance(moments, jacobian) @ directions.T
    unknown = ~np.any(directions != 0.0, axis=1)
    covariance[unknown, :] = covariance[:, unknown] = np.nan
    return covariance


class _Steps:
    """The moments that the correlation's dynamics are given: S and, with asymmetry, N."""

    def __init__(self, margins: Sequence[MarginFit], stage: CorrelationStage) -> None:
        self.margins, self.stage = margins, stage
        k = stage.e.shape[1]
        self.below = np.tril_indices(k, -1)
        self.up_to = np.tril_indices(k) if stage.asymmetric else (np.empty(0, int), np.empty(0, int))
        self.n_moments = len(self.below[0]) + len(self.up_to[0])
        self.z = stage.e / np.sqrt(np.mean(stage.e**2, axis=0))
        self.falls = np.minimum(stage.e, 0.0)
        self.firsts = np.cumsum([0, *(margin.moments.shape[1] for margin in margins)])

    def correlation_moments(self) -> FloatArray:
        """Return the estimating functions (n, m) of S and N."""
        z, (i, j), (p, q) = self.z, self.below, self.up_to
        of_target = z[:, i] * z[:, j] - 0.5 * self.stage.target[i, j] * (z[:, i] ** 2 + z[:, j] ** 2)
        return np.column_stack([of_target, self.falls[:, p] * self.falls[:, q] - self.stage.falls[p, q]])

    def fill(self, jacobian: FloatArray) -> None:
        """Write the blocks of the margins and of the moments of S and N."""
        z, falls, target = self.z, self.falls, self.stage.target
        row = self.firsts[-1]
        for series, margin in enumerate(self.margins):
            own = slice(self.firsts[series], self.firsts[series + 1])
            jacobian[own, own] = margin.jacobian
            slopes = margin.log_slopes / len(z)
            moved = z[:, series, None] * (z - z[:, series, None] * target[series])
            by_own = -0.5 * cross_sum(moved, slopes)
            by_falls = -0.5 * cross_sum(falls[:, series, None] * falls, slopes)
            for number, (i, j) in enumerate(zip(*self.below, strict=True)):
                if series in (i, j):
                    jacobian[row + number, own] = by_own[j if series == i else i]
            for number, (i, j) in enumerate(zip(*self.up_to, strict=True), start=len(self.below[0])):
                if series in (i, j):
                    jacobian[row + number, own] = by_falls[j if series == i else i] * (2.0 if i == j else 1.0)
        for number in range(row, row + self.n_moments):
            jacobian[number, number] = -1.0

    def slopes_of_likelihood(self, whole: FloatArray) -> FloatArray:
        """Return derivatives of the correlation's mean log-likelihood by the earlier steps' coordinates and moments."""
        by_target, by_falls, by_e = self.stage.adjoint(whole)
        (i, j), (p, q) = self.below, self.up_to
        both = by_falls + np.tril(by_falls.T, -1)
        moved = -0.5 * by_e * self.stage.e
        of_margins = [
            cross_sum(moved[:, series, None], margin.log_slopes)[0] for series, margin in enumerate(self.margins)
        ]
        slopes = np.concatenate([*of_margins, by_target[i, j] + by_target[j, i], both[p, q]])
        return slopes / len(self.z)


def _differences(steps: _Steps, stage: CorrelationStage, whole: FloatArray, coordinates: IntArray) -> FloatArray:
    """Return derivatives of the dynamics' mean scores by everything estimated before them."""
    rows = np.empty((len(coordinates), int(steps.firsts[-1]) + steps.n_moments))
    for row, coordinate in enumerate(coordinates):
        above, below = whole.copy(), whole.copy()
        above[coordinate] = min(whole[coordinate] + STEP, UPPER[coordinate])
        below[coordinate] = max(whole[coordinate] - STEP, LOWER[coordinate])
        rise = steps.slopes_of_likelihood(above) - steps.slopes_of_likelihood(below)
        rows[row] = rise / (above[coordinate] - below[coordinate])
    return rows


def _directions(
    margins: Sequence[MarginFit], n_moments: int, of_dynamics: FloatArray, stage: CorrelationStage
) -> FloatArray:
    """Return derivatives of the parameters by the coordinates of all steps: one block per step."""
    wanted = [0, 1] * stage.moving + [2] * stage.asymmetric + [3] * stage.is_t
    blocks = [*(margin.directions for margin in margins), np.eye(n_moments), of_dynamics[wanted]]
    directions = np.zeros((sum(len(block) for block in blocks), sum(block.shape[1] for block in blocks)))
    row = column = 0
    for block in blocks:
        directions[row : row + len(block), column : column + block.shape[1]] = block
        row, column = row + len(block), column + block.shape[1]
    return directions
