"""Parameters of a regression with hidden regimes: likelihood, exact slopes, EM from fixed starts, and information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.ratios.markov_kernels import filter_regimes, regime_moments, smooth_regimes

SMALLEST_VARIANCE = 1e-6
"""Variance of a regime, as a share of what one regression on all rows leaves, at which it has collapsed."""

LARGEST_VARIANCE = 1e8
MOST_UNLIKELY = 15.0
"""Bound of the logarithm of a transition's probability relative to staying, either way."""


@dataclass(frozen=True, eq=False)
class Regimes:
    """Parameters of K regimes over p scaled regressors.

    Attributes
    ----------
    coefficients : ndarray (K, p)
    variances : ndarray (K,)
    transition : ndarray (K, K)
        From the row's regime to the column's.
    """

    coefficients: FloatArray
    variances: FloatArray
    transition: FloatArray

    @property
    def ergodic(self) -> FloatArray:
        """Share of time (K,) spent in each regime in the long run."""
        return ergodic_probabilities(self.transition)

    def ordered(self, order: IntArray) -> Regimes:
        """Return the same regimes under other numbers."""
        return Regimes(self.coefficients[order], self.variances[order], self.transition[np.ix_(order, order)])


@dataclass(frozen=True, eq=False)
class Expectation:
    """What the rows say about the regimes under given parameters.

    Attributes
    ----------
    log_likelihood : float
    next_regime : ndarray (K,)
        Probabilities for the row after the last.
    first_regime : ndarray (K,)
        Smoothed probabilities of the first row.
    joint : ndarray (K, K)
        Expected number of transitions.
    weights : ndarray (K,)
        Expected number of rows.
    moments : ndarray (K, p + 1, p + 1)
        Weighted products of regressors and exposure, lower triangles.
    """

    log_likelihood: float
    next_regime: FloatArray
    first_regime: FloatArray
    joint: FloatArray
    weights: FloatArray
    moments: FloatArray


def ergodic_probabilities(transition: FloatArray) -> FloatArray:
    """Return the probabilities (K,) that one more transition leaves as they are."""
    if len(transition) == 2:
        into = np.array([transition[1, 0], transition[0, 1]])
        return into / (into[0] + into[1])
    # with one column replaced by ones, the balance equations are regular wherever the chain has one long run
    system = np.eye(len(transition)) - transition
    system[:, -1] = 1.0
    found: FloatArray = np.linalg.solve(system.T, np.eye(len(transition))[-1])
    return found


class RegimeLikelihood:
    """Log-likelihood of the rows with the chain started in its long-run probabilities, and its exact slopes.

    ``bounds`` (q, 2) hold the points of a search. Work arrays are written anew by each call.
    """

    def __init__(self, design: FloatArray, y: FloatArray, count: int, switching_variance: bool) -> None:
        self.design, self.y = design, y
        self.count, self.switching_variance = count, switching_variance
        variances = count if switching_variance else 1
        self.bounds = np.array(
            [(-1e6, 1e6)] * (count * design.shape[1])
            + [(np.log(SMALLEST_VARIANCE), np.log(LARGEST_VARIANCE))] * variances
            + [(-MOST_UNLIKELY, MOST_UNLIKELY)] * (count * (count - 1))
        )
        self.predicted = np.zeros((len(y) + 1, count))
        self.filtered = np.zeros((len(y), count))
        self.smoothed = np.zeros((len(y), count))

    def expect(self, regimes: Regimes) -> Expectation:
        """Filter and smooth all rows."""
        value = filter_regimes(
            self.design,
            self.y,
            regimes.coefficients,
            regimes.variances,
            regimes.transition,
            regimes.ergodic,
            self.predicted,
            self.filtered,
        )
        joint = np.zeros((self.count, self.count))
        smooth_regimes(self.predicted, self.filtered, regimes.transition, self.smoothed, joint)
        weights, moments = self.moments_of(self.smoothed)
        return Expectation(float(value), self.predicted[-1].copy(), self.smoothed[0].copy(), joint, weights, moments)

    def moments_of(self, probabilities: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return sums of ``probabilities`` (n, K), and products of regressors and exposure weighted by them."""
        size = self.design.shape[1] + 1
        moments, weights = np.zeros((self.count, size, size)), np.zeros(self.count)
        regime_moments(self.design, self.y, probabilities, moments, weights)
        return weights, moments

    def maximise(self, weights: FloatArray, moments: FloatArray, joint: FloatArray) -> Regimes:
        """Return the parameters that EM's second half takes from expected numbers and products."""
        p = self.design.shape[1]
        whole = moments + np.tril(moments, -1).transpose(0, 2, 1)
        ridge = 1e-10 * (1.0 + np.trace(whole[:, :p, :p], axis1=1, axis2=2))
        system = whole[:, :p, :p] + ridge[:, None, None] * np.eye(p)
        coefficients = np.linalg.solve(system, whole[:, :p, p:])[:, :, 0]
        squares = np.maximum(_squares(whole, coefficients), 0.0)
        if self.switching_variance:
            variances = squares / np.maximum(weights, 1.0)
        else:
            variances = np.full(self.count, np.sum(squares) / np.sum(weights))
        likely = joint + 1e-3
        transition = likely / np.sum(likely, axis=1, keepdims=True)
        return Regimes(coefficients, np.clip(variances, SMALLEST_VARIANCE, LARGEST_VARIANCE), transition)

    def pack(self, regimes: Regimes) -> FloatArray:
        """Return the point (q,) of the search: coefficients, log variances, log odds against staying."""
        logs = np.log(regimes.variances if self.switching_variance else regimes.variances[:1])
        odds = np.log(regimes.transition / np.diag(regimes.transition)[:, None])
        off = ~np.eye(self.count, dtype=bool)
        return np.concatenate([regimes.coefficients.ravel(), logs, np.clip(odds[off], -MOST_UNLIKELY, MOST_UNLIKELY)])

    def unpack(self, point: FloatArray) -> Regimes:
        """Return the parameters at a point of the search, drawn to its bounds."""
        point = np.clip(point, self.bounds[:, 0], self.bounds[:, 1])
        count, p = self.count, self.design.shape[1]
        coefficients = point[: count * p].reshape(count, p)
        logs = point[count * p : len(point) - count * (count - 1)]
        odds = np.zeros((count, count))
        odds[~np.eye(count, dtype=bool)] = point[len(point) - count * (count - 1) :]
        likely = np.exp(odds - np.max(odds, axis=1, keepdims=True))
        variances = np.exp(np.broadcast_to(logs, (count,)))
        return Regimes(coefficients, variances, likely / np.sum(likely, axis=1, keepdims=True))

    def slopes(self, regimes: Regimes, expected: Expectation) -> FloatArray:
        """Return slopes (q,) of the log-likelihood at the point of ``regimes``, by Fisher's identity."""
        p = self.design.shape[1]
        whole = expected.moments + np.tril(expected.moments, -1).transpose(0, 2, 1)
        pulls = whole[:, :p, p] - np.einsum("sij,sj->si", whole[:, :p, :p], regimes.coefficients)
        of_logs = 0.5 * (_squares(whole, regimes.coefficients) / regimes.variances - expected.weights)
        if not self.switching_variance:
            of_logs = np.sum(of_logs, keepdims=True)
        of_transition = expected.joint / regimes.transition + _slopes_of_start(regimes, expected.first_regime)
        inward = np.sum(of_transition * regimes.transition, axis=1, keepdims=True)
        of_odds = regimes.transition * (of_transition - inward)
        off = ~np.eye(self.count, dtype=bool)
        return np.concatenate([(pulls / regimes.variances[:, None]).ravel(), of_logs, of_odds[off]])

    def objective(self, point: FloatArray) -> tuple[float, FloatArray]:
        """Return minus the log-likelihood and its slopes at a point of the search."""
        regimes = self.unpack(point)
        expected = self.expect(regimes)
        outside = (point < self.bounds[:, 0]) | (point > self.bounds[:, 1])
        slopes = np.where(outside, 0.0, self.slopes(regimes, expected))
        return -expected.log_likelihood, -slopes


def _squares(whole: FloatArray, coefficients: FloatArray) -> FloatArray:
    """Return each regime's weighted sum of squared errors (K,)."""
    signed = np.concatenate([-coefficients, np.ones((len(coefficients), 1))], axis=1)
    return np.einsum("si,sij,sj->s", signed, whole, signed)


def _slopes_of_start(regimes: Regimes, first: FloatArray) -> FloatArray:
    """Return what transitions (K, K) do to the log of the first row's long-run probabilities."""
    ergodic, count = regimes.ergodic, len(first)
    fundamental = np.linalg.inv(np.eye(count) - regimes.transition + ergodic)
    shares = np.divide(first, ergodic, out=np.zeros(count), where=ergodic > 0.0)
    return np.outer(ergodic, fundamental @ shares)
