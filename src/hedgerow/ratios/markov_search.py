"""The search for hidden regimes: EM from fixed starts, a quicker ending, and the information in the rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray, IntArray
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.markov_likelihood import (
    LARGEST_VARIANCE,
    SMALLEST_VARIANCE,
    RegimeLikelihood,
    Regimes,
)

MOST_STARTS = 8
EM_STEPS = 12
"""Steps of EM from each start; the best of them goes on to the search that ends it."""

MOST_STEPS = 150

FEWEST_SHARE = 0.05
"""Share of the rows below which a regime counts as emptied."""

FLATTEST = 1e-6
"""Largest slope of the mean log-likelihood at which the search counts as ended."""

DIFFERENCE = 1e-4
"""Step of the differences of slopes that make the information matrix, in scaled parameters."""

SMALLEST_INFORMATION = 1e-9
"""Least eigenvalue of the scaled information matrix, relative to its largest, of a likelihood that is not flat."""


@dataclass(frozen=True, eq=False)
class RegimeFit:
    """What the search found.

    Attributes
    ----------
    regimes : Regimes
        By ascending variance; by the first ratio where the variance is one.
    covariance : ndarray (q, q)
        Of the point of the search, inverse of the observed information; NaN where it is not identified, zero in
        directions held by a bound.
    next_regime : ndarray (K,)
        Probabilities for the row after the last.
    next_slopes : ndarray (q, K)
        What each parameter does to them.
    log_likelihood : float
    shares : ndarray (K,)
        Share of the rows in each regime, smoothed.
    convergence : Convergence
    """

    regimes: Regimes
    covariance: FloatArray
    next_regime: FloatArray
    next_slopes: FloatArray
    log_likelihood: float
    shares: FloatArray
    convergence: Convergence


def find_regimes(likelihood: RegimeLikelihood, restarts: int) -> RegimeFit:
    """Return the regimes under which the rows are most likely, from ``restarts`` fixed starts."""
    from scipy.optimize import minimize

    candidates = [_improved(likelihood, start) for start in islice(_starts(likelihood), restarts)]
    best = max(candidates, key=lambda candidate: candidate[1])[0]
    bounds = likelihood.bounds
    point = np.clip(likelihood.pack(best), bounds[:, 0], bounds[:, 1])
    # not L-BFGS-B: on a shared machine the threads that its linear algebra wakes cost it twenty times the others' time
    options: Any = {
        "maxiter": MOST_STEPS,
        "gtol": 1e-6 * len(likelihood.y),
        "hess_inv0": np.diag(_guessed_variance(likelihood, best)),
    }
    search = minimize(likelihood.objective, point, jac=True, method="BFGS", options=options)
    regimes = likelihood.unpack(search.x)
    order = _order(regimes, likelihood.switching_variance)
    point = likelihood.pack(regimes.ordered(order))
    held = _held(point, bounds)
    information, next_slopes = _information(likelihood, point)
    point = _polished(likelihood, point, information, held)
    regimes = likelihood.unpack(point)
    expected = likelihood.expect(regimes)
    slope = float(np.max(np.abs(np.where(held, 0.0, likelihood.slopes(regimes, expected))))) / len(likelihood.y)
    shares = expected.weights / len(likelihood.y)
    covariance, flat = _inverse(information, held)
    reason = _reason(regimes, shares, slope, flat, likelihood.switching_variance)
    return RegimeFit(
        regimes,
        covariance,
        expected.next_regime,
        next_slopes,
        expected.log_likelihood,
        shares,
        Convergence(not reason, reason, int(search.nit), slope, len(candidates)),
    )


def _starts(likelihood: RegimeLikelihood) -> list[IntArray]:
    """Return each row's regime (n,) in several fixed guesses: by local variance, by local slope, by time."""
    y, first = likelihood.y, likelihood.design[:, 0]
    n, count = len(y), likelihood.count
    return [
        _ranked(_running_mean(y * y, 20), count),
        _ranked(_running_mean(first * y, 40), count),
        np.arange(n) * count // n,
        _ranked(_running_mean(y * y, 5), count),
        _ranked(_running_mean(y * y, max(2, n // 8)), count),
        _ranked(_running_mean(first * y, max(2, n // 8)), count),
        _ranked(y * y, count),
        _ranked(first * y, count),
    ]


def _running_mean(values: FloatArray, window: int) -> FloatArray:
    """Return means (n,) over about ``window`` rows around each row: a look at all rows, as any fit takes."""
    n = len(values)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    low = np.maximum(np.arange(n) - window // 2, 0)
    high = np.minimum(low + window, n)
    return (sums[high] - sums[low]) / (high - low)


def _ranked(values: FloatArray, count: int) -> IntArray:
    """Return which of ``count`` equally large groups each value (n,) belongs to, smallest first."""
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks * count // len(values)


def _improved(likelihood: RegimeLikelihood, guess: IntArray) -> tuple[Regimes, float]:
    """Return what a few steps of EM make of a guess, and its log-likelihood."""
    count = likelihood.count
    probabilities = np.full((len(guess), count), 0.1 / count)
    probabilities[np.arange(len(guess)), guess] += 0.9
    joint = np.full((count, count), 0.05 / max(count - 1, 1))
    np.fill_diagonal(joint, 0.95)
    weights, moments = likelihood.moments_of(probabilities)
    regimes = likelihood.maximise(weights, moments, 1e3 * joint)
    for _ in range(EM_STEPS):
        expected = likelihood.expect(regimes)
        regimes = likelihood.maximise(expected.weights, expected.moments, expected.joint)
    return regimes, expected.log_likelihood


def _guessed_variance(likelihood: RegimeLikelihood, regimes: Regimes) -> FloatArray:
    """Return the variance (q,) that each parameter would have if the regimes were seen: a scale for first steps."""
    expected = likelihood.expect(regimes)
    p = likelihood.design.shape[1]
    squares = np.diagonal(expected.moments[:, :p, :p], axis1=1, axis2=2)
    of_coefficients = regimes.variances[:, None] / np.maximum(squares, 1.0)
    weights = expected.weights if likelihood.switching_variance else np.sum(expected.weights, keepdims=True)
    moves = expected.joint * (1.0 - regimes.transition)
    off = ~np.eye(likelihood.count, dtype=bool)
    return np.concatenate([of_coefficients.ravel(), 2.0 / np.maximum(weights, 1.0), 1.0 / np.maximum(moves[off], 1.0)])


def _order(regimes: Regimes, switching_variance: bool) -> IntArray:
    """Return the regimes' numbers by variance, or by the first ratio where they share it: labels are arbitrary."""
    return np.argsort(regimes.variances if switching_variance else regimes.coefficients[:, 0], kind="stable")


def _held(point: FloatArray, bounds: FloatArray) -> BoolArray:
    """Return which parameters lie on a bound of the search."""
    margin = 1e-6 * (bounds[:, 1] - bounds[:, 0])
    held: BoolArray = (point <= bounds[:, 0] + margin) | (point >= bounds[:, 1] - margin)
    return held


def _information(likelihood: RegimeLikelihood, point: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return minus the second derivatives (q, q) of the log-likelihood, and slopes (q, K) of the next regime."""
    size = len(point)
    information, next_slopes = np.zeros((size, size)), np.zeros((size, likelihood.count))
    for number in range(size):
        sides = []
        for step in (DIFFERENCE, -DIFFERENCE):
            moved = point.copy()
            moved[number] += step
            regimes = likelihood.unpack(moved)
            expected = likelihood.expect(regimes)
            sides.append((likelihood.slopes(regimes, expected), expected.next_regime))
        information[number] = (sides[1][0] - sides[0][0]) / (2.0 * DIFFERENCE)
        next_slopes[number] = (sides[0][1] - sides[1][1]) / (2.0 * DIFFERENCE)
    return 0.5 * (information + information.T), next_slopes


def _polished(likelihood: RegimeLikelihood, point: FloatArray, information: FloatArray, held: BoolArray) -> FloatArray:
    """Return the point after a few of Newton's steps, as long as each makes the likelihood flatter and no lower."""
    free = np.flatnonzero(~held)
    value, slopes = likelihood.objective(point)
    for _ in range(3):
        try:
            step = np.linalg.solve(information[np.ix_(free, free)], slopes[free])
        except np.linalg.LinAlgError:
            return point
        moved = point.copy()
        moved[free] -= step
        if not np.all(np.abs(step) < 0.1):
            return point
        new_value, new_slopes = likelihood.objective(moved)
        if not np.max(np.abs(new_slopes[free]), initial=0.0) < np.max(np.abs(slopes[free]), initial=0.0):
            return point
        if new_value > value + 1e-12 * abs(value):
            return point
        point, value, slopes = moved, new_value, new_slopes
    return point


def _inverse(information: FloatArray, held: BoolArray) -> tuple[FloatArray, bool]:
    """Return the inverse over the free parameters, zero elsewhere, and whether the likelihood is flat there."""
    free = np.flatnonzero(~held)
    covariance = np.zeros_like(information)
    inner = information[np.ix_(free, free)]
    size = np.sqrt(np.abs(np.diag(inner)))
    if not np.all(np.isfinite(inner)) or not np.all(size > 0.0):
        return np.full_like(information, np.nan), True
    roots = np.linalg.eigvalsh(inner / np.outer(size, size))
    if not roots[0] > SMALLEST_INFORMATION * roots[-1]:
        return np.full_like(information, np.nan), True
    covariance[np.ix_(free, free)] = np.linalg.inv(inner)
    return covariance, False


def _reason(regimes: Regimes, shares: FloatArray, slope: float, flat: bool, switching_variance: bool) -> str:
    """Return why the regimes may not feed a decision, empty where they may."""
    if np.min(shares) < FEWEST_SHARE:
        return f"a regime emptied: regime {int(np.argmin(shares))} holds {np.min(shares):.1%} of the rows"
    if np.min(regimes.variances) <= 1.01 * SMALLEST_VARIANCE or np.max(regimes.variances) >= 0.99 * LARGEST_VARIANCE:
        return "the variance of a regime collapsed, so that the likelihood has no maximum"
    if flat:
        return "the likelihood is flat: the rows do not tell the regimes apart"
    if not slope <= FLATTEST:
        return "the search for the regimes stopped before it found a maximum"
    return ""
