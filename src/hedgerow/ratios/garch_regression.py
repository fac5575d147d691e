"""Linear regression whose errors have a GARCH or GJR variance, by (quasi-)maximum likelihood.

The coefficients move the errors and, through them, all later variances; both are searched for together. Estimates are
those of ``arch`` (its backcast of the first variance, from the errors of least squares, included).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.compile import compiled, dense
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.garch.margins import (
    LOG_2_PI,
    LOWER,
    MARGIN_NAMES,
    SHARE_SCALE,
    STARTS,
    UPPER,
    MarginKind,
    natural,
    natural_slopes,
    robust_covariance,
    starting_variance,
)
from hedgerow.ratios.garch.search import find_optimum

SMALLEST_ERROR = 1e-10
"""Size of least squares' errors, as a share of the regressand's, below which they are nothing but rounding."""

FARTHEST = 1e4
"""How far a fitted value's part may move from least squares, in standard deviations of its errors."""


@dataclass(frozen=True, eq=False)
class GARCHErrors:
    """The variance h_t = ω + (α + γ [e_{t-1} < 0]) e²_{t-1} + β h_{t-1} of a regression's errors e.

    Attributes
    ----------
    parameters : dict of str to float
        omega (squared units of the regressand), alpha, gamma of a GJR, and beta.
    parameter_errors : dict of str to float
        Robust (Bollerslev and Wooldridge); NaN where a bound holds a parameter or nothing identifies it.
    log_likelihood : float
        Normal, summed over rows, constants included.
    """

    parameters: dict[str, float]
    parameter_errors: dict[str, float]
    log_likelihood: float


@dataclass(frozen=True, eq=False)
class GARCHRegression:
    """A regression with such errors.

    Attributes
    ----------
    slopes : ndarray (k,)
    standard_errors : ndarray (k,)
        Robust.
    intercept : float
    errors : GARCHErrors or None
        None where least squares leaves no errors.
    convergence : Convergence
    """

    slopes: FloatArray
    standard_errors: FloatArray
    intercept: float
    errors: GARCHErrors | None
    convergence: Convergence


@compiled()
def regression_scores(design, regressand, coefficients, variance, start, slopes, scores):  # type: ignore[no-untyped-def]
    """Return the sum of -½ (log h + e²/h) and write every row's derivatives (n, k + 4) of it into ``scores``.

    They are by the ``coefficients`` (k,) of ``design`` (n, k), and by the ``variance`` ω, α, γ and β. ``start`` is e²
    and h before the first row, half of e² a fall; ``slopes`` (k + 4,) are the derivatives of h and are overwritten.
    """
    n, k = design.shape
    omega, alpha, gamma, beta = variance[0], variance[1], variance[2], variance[3]
    h = omega + (alpha + 0.5 * gamma + beta) * start
    for j in range(k):
        slopes[j] = 0.0
    slopes[k], slopes[k + 1], slopes[k + 2], slopes[k + 3] = 1.0, start, 0.5 * start, start
    total = 0.0
    for t in range(n):
        error = regressand[t]
        for j in range(k):
            error -= design[t, j] * coefficients[j]
        square = error * error
        total -= 0.5 * (np.log(h) + square / h)
        weight = 0.5 * (square / h - 1.0) / h
        for j in range(k + 4):
            scores[t, j] = weight * slopes[j]
        fall = 1.0 if error < 0.0 else 0.0
        pull = -2.0 * (alpha + gamma * fall) * error
        for j in range(k):
            scores[t, j] += error / h * design[t, j]
            slopes[j] = pull * design[t, j] + beta * slopes[j]
        slopes[k] = 1.0 + beta * slopes[k]
        slopes[k + 1] = square + beta * slopes[k + 1]
        slopes[k + 2] = square * fall + beta * slopes[k + 2]
        slopes[k + 3] = h + beta * slopes[k + 3]
        h = omega + (alpha + gamma * fall) * square + beta * h
    return total


def garch_regression(regressors: FloatArray, regressand: FloatArray, kind: MarginKind) -> GARCHRegression:
    """Return the fit of ``regressand`` (n,) on a constant and ``regressors`` (n, k), on any scale.

    References
    ----------
    Bollerslev, T. (1986), Journal of Econometrics 31, 307-327. Bollerslev, T. and Wooldridge, J. (1992), Econometric
    Reviews 11, 143-172.
    """
    n, k = regressors.shape
    size = np.maximum(regressors.std(axis=0), np.finfo(float).tiny)
    middle = regressors.mean(axis=0)
    basis, upper = np.linalg.qr(np.column_stack([np.ones(n), (regressors - middle) / size]))
    to_slopes = np.linalg.inv(np.asarray(upper)) * np.sqrt(n)  # coefficients of the basis of unit mean square
    basis = np.asarray(basis) * np.sqrt(n)
    least = basis.T @ regressand / n
    left = regressand - basis @ least
    scale = float(np.sqrt(np.mean(left * left)))
    unit = scale * to_slopes / np.concatenate([[1.0], size])[:, None]
    if not scale > SMALLEST_ERROR * float(np.std(regressand)):
        own = to_slopes @ least / np.concatenate([[1.0], size])
        reason = "the regression leaves no errors, so that they have no variance to model"
        return GARCHRegression(
            own[1:], np.full(k, np.nan), float(own[0] - middle @ own[1:]), None, Convergence(False, reason)
        )
    search = _Search(basis, left / scale, kind)
    found = find_optimum(search.mean_loss, search.starts(), search.lower, search.upper, "the regression's errors")
    coefficients = unit @ (least / scale + found.point[: k + 1])
    directions = search.directions(found.point)
    directions[: k + 1] = unit @ directions[: k + 1]
    directions[k + 1] *= scale * scale
    moments = search.scores(found.point)[:, found.free]
    spread = directions[:, found.free]
    covariance = spread @ robust_covariance(moments, -found.hessian[np.ix_(found.free, found.free)]) @ spread.T
    known = np.any(spread != 0.0, axis=1)
    standard_errors = np.where(known, np.sqrt(np.maximum(np.diag(covariance), 0.0)), np.nan)
    names = MARGIN_NAMES[kind]
    values = search.variance(found.point) * np.where(np.array(names) == "omega", scale * scale, 1.0)
    log_likelihood = -n * (found.value + 0.5 * LOG_2_PI + float(np.log(scale)))
    errors = GARCHErrors(
        dict(zip(names, values.tolist(), strict=True)),
        dict(zip(names, standard_errors[k + 1 :].tolist(), strict=True)),
        log_likelihood,
    )
    intercept = float(coefficients[0] - middle @ coefficients[1:])
    return GARCHRegression(coefficients[1:], standard_errors[1 : k + 1], intercept, errors, found.convergence)


class _Search:
    """The likelihood in the search's coordinates: the coefficients of a basis of unit mean square, then a margin's."""

    def __init__(self, basis: FloatArray, scaled: FloatArray, kind: MarginKind) -> None:
        self._basis, self._scaled = dense(basis), dense(scaled)
        self._start = starting_variance(scaled, "backcast")
        self._kept = [0, 1, 2] + [3] * (kind == "gjr")
        self._wanted = [0, 1] + [2] * (kind == "gjr") + [3]
        self.n_coefficients = basis.shape[1]
        far = np.full(self.n_coefficients, FARTHEST)
        self.lower = np.concatenate([-far, LOWER[self._kept]])
        self.upper = np.concatenate([far, UPPER[self._kept]])

    def starts(self) -> list[list[float]]:
        """Return least squares' coefficients beside each of a margin's starts."""
        none = [0.0] * self.n_coefficients
        margins = [[0.0, -np.log(1.0 - kept), SHARE_SCALE * share, 0.5] for kept, share in STARTS]
        return [[*none, *(float(margin[number]) for number in self._kept)] for margin in margins]

    def variance(self, point: FloatArray) -> FloatArray:
        """Return ω, α, (γ,) β of scaled errors."""
        return np.array(natural(self._whole(point), False))[self._wanted]

    def directions(self, point: FloatArray) -> FloatArray:
        """Return derivatives of coefficients and ω, α, (γ,) β by the coordinates."""
        k = self.n_coefficients
        out = np.zeros((k + len(self._wanted), len(point)))
        out[:k, :k] = np.eye(k)
        out[k:, k:] = natural_slopes(self._whole(point), False)[np.ix_(self._wanted, self._kept)]
        return out

    def mean_loss(self, point: FloatArray) -> tuple[float, FloatArray]:
        """Return minus the mean log-likelihood, constants left out, and its gradient."""
        value, scores = self._scores(point)
        n = len(self._scaled)
        gradient: FloatArray = -self._chained(scores.sum(axis=0)[None], point)[0] / n
        return -value / n, gradient

    def scores(self, point: FloatArray) -> FloatArray:
        """Return every row's derivatives (n, p) of its log-likelihood by the coordinates."""
        return self._chained(self._scores(point)[1], point)

    def _scores(self, point: FloatArray) -> tuple[float, FloatArray]:
        k = self.n_coefficients
        scores = np.empty((len(self._scaled), k + 4))
        variance = np.array(natural(self._whole(point), False)[:4])
        value = regression_scores(
            self._basis, self._scaled, dense(point[:k]), dense(variance), self._start, np.empty(k + 4), scores
        )
        return float(value), scores

    def _chained(self, scores: FloatArray, point: FloatArray) -> FloatArray:
        k = self.n_coefficients
        chain = natural_slopes(self._whole(point), False)[:4, self._kept]
        return np.column_stack([scores[:, :k], scores[:, k:] @ chain])

    def _whole(self, point: FloatArray) -> FloatArray:
        whole = np.array([0.0, 0.0, 0.0, 0.5, 1.0])
        whole[self._kept] = point[self.n_coefficients :]
        return whole
