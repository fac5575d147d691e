"""Variances of a state-space regression by maximum likelihood: likelihood, its exact slopes, and the search."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from hedgerow._types import BoolArray, FloatArray
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.kalman_kernels import filter_rows, score_rows
from hedgerow.ratios.kalman_pair_kernels import filter_pair, score_pair

LOWEST, HIGHEST = -35.0, 16.0
"""Bounds of the logarithm of a state's variance relative to the noise's, regressors scaled to mean square one."""

LOGIT_BOUNDS = (-4.0, 7.0)
"""Bounds of log(phi / (1 - phi)) of a persistence: 0.018 to 0.9991."""

FLATTEST = 1e-5
"""Largest slope of the mean log-likelihood at which the search counts as ended."""

NEGLIGIBLE = 0.1
"""A relative variance times the squared number of rows below which a state may as well be constant."""

SMALL = 0.01
"""A relative variance below which a ratio that reverts may hardly stray, whatever the number of rows."""

SAME_LIKELIHOOD = 1e-4
"""Log-likelihood that a state made constant may cost."""


@dataclass(frozen=True, eq=False)
class StateDesign:
    """A regression whose coefficients are states, scaled: what the search needs and what it may move.

    Attributes
    ----------
    design : ndarray (n_obs, n_states)
        Regressors, mean square one.
    y : ndarray (n_obs,)
        Observations, NaN where a row is not observed.
    moving : ndarray of bool (n_states,)
        States with a variance to be found; the others are constant.
    reverting : ndarray of bool (n_states,)
        Moving states that return to zero; the others walk at random from a diffuse start.
    intercept : bool
        Whether the last state is the intercept.
    """

    design: FloatArray
    y: FloatArray
    moving: BoolArray
    reverting: BoolArray
    intercept: bool

    @property
    def diffuse(self) -> int:
        """Number of states without a starting distribution."""
        return int(np.sum(~self.reverting))


@dataclass(frozen=True, eq=False)
class StateVariances:
    """What the search found.

    Attributes
    ----------
    relative : ndarray (n_states,)
        Variance of each state's noise relative to the observations'.
    persistence : ndarray (n_states,)
        One for a state that walks at random.
    noise : float
        Variance of the observations' noise.
    log_likelihood : float
        Of the scaled rows, diffuse start, constants included.
    convergence : Convergence
    """

    relative: FloatArray
    persistence: FloatArray
    noise: float
    log_likelihood: float
    convergence: Convergence


def model_of(relative: FloatArray, persistence: FloatArray, reverting: BoolArray) -> FloatArray:
    """Return the kernels' ``model`` (4, m): diffuse random walks, and reverting states started where they dwell."""
    dwelling = np.where(reverting, 0.0, np.inf)
    np.divide(relative, 1.0 - persistence**2, out=dwelling, where=reverting & (relative > 0.0))
    return np.vstack([persistence, relative, np.zeros(len(relative)), dwelling])


class StateLikelihood:
    """Log-likelihood of the rows, the noise's variance concentrated out, with its exact slopes."""

    def __init__(self, states: StateDesign) -> None:
        n, m = states.design.shape
        self.states = states
        self.rows = int(np.sum(~np.isnan(states.y))) - states.diffuse
        self._pair = m == 2 and not states.reverting.any()
        self._steps = np.zeros((n, m + 2))
        self._predicted = np.zeros((n + 1, m))
        self._kept = np.zeros((n if states.reverting.any() else 0, 2, m, m))
        self._carried = np.zeros((2 * m + 1, m))

    def split(self, point: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return relative variances and persistences (m,) of a point of the search."""
        states, moving = self.states, int(np.sum(self.states.moving))
        relative, persistence = np.zeros(len(states.moving)), np.ones(len(states.moving))
        relative[states.moving] = np.exp(np.clip(point[:moving], LOWEST, HIGHEST))
        persistence[states.reverting] = 1.0 / (1.0 + np.exp(-np.clip(point[moving:], *LOGIT_BOUNDS)))
        return relative, persistence

    def value(self, relative: FloatArray, persistence: FloatArray) -> tuple[float, float]:
        """Return the log-likelihood, and the variance of the noise that is best for it."""
        states = self.states
        self._model = model_of(relative, persistence, states.reverting)
        logs, squares, _, self._done = filter_rows(
            states.design,
            states.y,
            self._model,
            self._carried,
            self._steps,
            self._predicted,
            self._kept,
            self._pair,
        )
        if self._done < len(states.y):
            more = filter_pair(states.design, states.y, self._model, self._carried, self._steps, self._done)
            logs, squares = logs + more[0], squares + more[1]
        noise = max(squares / self.rows, np.finfo(float).tiny)
        constants = (self.rows + states.diffuse) * np.log(2.0 * np.pi) + self.rows * (np.log(noise) + 1.0)
        return -0.5 * float(logs + constants), float(noise)

    def slopes(self, noise: float) -> tuple[FloatArray, FloatArray]:
        """Return slopes (m,) in the relative variances and in the persistences, after ``value`` at the same point."""
        states, m, done = self.states, len(self.states.moving), self._done
        adjoint, spread, sums = np.zeros(m), np.zeros((m, m)), np.zeros((4, m))
        if done < len(states.y):
            score_pair(states.design, self._steps, done, adjoint, spread, sums)
        rows = states.design[:done], self._model, self._steps[:done], self._predicted, self._kept
        score_rows(*rows, adjoint, spread, sums)
        in_variance = 0.5 * (sums[0] / noise - sums[1])
        in_persistence = sums[2] / noise - sums[3]
        in_start = 0.5 * (adjoint**2 / noise - np.diag(spread))
        phi, relative, reverting = self._model[0], self._model[1], states.reverting
        dwelling = np.divide(1.0, 1.0 - phi**2, out=np.zeros(m), where=reverting)
        in_variance = in_variance + in_start * dwelling
        return in_variance, in_persistence + in_start * relative * 2.0 * phi * dwelling**2

    def objective(self, point: FloatArray) -> tuple[float, FloatArray]:
        """Return minus the log-likelihood and its slopes at a point of the search."""
        relative, persistence = self.split(point)
        value, noise = self.value(relative, persistence)
        in_variance, in_persistence = self.slopes(noise)
        moving, reverting = self.states.moving, self.states.reverting
        of_log = (in_variance * relative)[moving]
        of_logit = (in_persistence * persistence * (1.0 - persistence))[reverting]
        of_log[(point[: len(of_log)] <= LOWEST) | (point[: len(of_log)] >= HIGHEST)] = 0.0
        logits = point[len(of_log) :]
        of_logit[(logits <= LOGIT_BOUNDS[0]) | (logits >= LOGIT_BOUNDS[1])] = 0.0
        return -value, -np.concatenate([of_log, of_logit])


def find_variances(states: StateDesign) -> StateVariances:
    """Return the variances, and the persistences, under which the rows are most likely.

    A search by BFGS in logarithms from two of the best points of a fixed grid; the better maximum is kept. A state
    whose variance tends to zero is made constant, and must then be at a maximum too: its likelihood may not rise when
    the variance leaves zero.
    """
    likelihood = StateLikelihood(states)
    if not states.moving.any():
        value, noise = likelihood.value(*likelihood.split(np.empty(0)))
        return StateVariances(*likelihood.split(np.empty(0)), noise, value, Convergence(starts=1))
    starts = _starts(states)
    ends = [_ended(likelihood, point) for point in _promising(likelihood, starts)]
    settled = max((end for end, _ in ends), key=lambda end: (end.is_maximum, end.value))
    converged = settled.is_maximum
    reason = "" if converged else "the search for the variances of the states stopped before it found a maximum"
    iterations = sum(steps for _, steps in ends)
    convergence = Convergence(converged, reason, iterations, settled.slope, len(starts))
    return StateVariances(settled.relative, settled.persistence, settled.noise, settled.value, convergence)


@dataclass(frozen=True, eq=False)
class _Settled:
    relative: FloatArray
    persistence: FloatArray
    noise: float
    value: float
    slope: float
    rising: BoolArray

    @property
    def is_maximum(self) -> bool:
        """Whether the likelihood is flat there, and falls where a variance leaves zero."""
        return self.slope <= FLATTEST and not self.rising.any()


def _starts(states: StateDesign) -> list[FloatArray]:
    """Return fixed points to try: small and large variances, intercept (the last state) and ratios apart."""
    logs = np.log([1e-5, 1e-3, 1e-1])
    moving, reverting = int(np.sum(states.moving)), int(np.sum(states.reverting))
    intercept = states.intercept and bool(states.moving[-1]) and moving > 1
    of_intercept = np.log([1e-6, 1e-3]) if intercept else [0.0]
    logits = np.log([1.0, 19.0]) if reverting else [0.0]
    starts = []
    for ratio, constant, logit in product(logs, of_intercept, logits):
        variances = np.full(moving, ratio)
        if intercept:
            variances[-1] = constant
        starts.append(np.concatenate([variances, np.full(reverting, logit)]))
    return starts


def _promising(likelihood: StateLikelihood, starts: list[FloatArray]) -> list[FloatArray]:
    """Return the likeliest start, and the likeliest of those with another variance of the ratio.

    A ratio that crawls and one that jumps are often maxima both.
    """
    rated = sorted(starts, key=lambda start: -likelihood.value(*likelihood.split(start))[0])
    return [rated[0], *[start for start in rated if start[0] != rated[0][0]][:1]]


def _ended(likelihood: StateLikelihood, point: FloatArray) -> tuple[_Settled, int]:
    """Return where the search from a point settles, and its steps; it goes on where a variance was let fall too far."""
    iterations = 0
    for _ in range(3):
        search = _search(likelihood, point)
        iterations += int(search.nit)
        settled = _settle(likelihood, search.x)
        if not settled.rising.any():
            break
        point = _lift(likelihood, search.x, settled.rising)
    return settled, iterations


def _search(likelihood: StateLikelihood, point: FloatArray) -> Any:
    """Return scipy's account of a search by BFGS.

    Not L-BFGS-B: on a shared machine the threads that its linear algebra wakes cost it twenty times this one's time.
    """
    from scipy.optimize import minimize

    options: Any = {"maxiter": 200, "gtol": 1e-7 * likelihood.rows}
    return minimize(likelihood.objective, point, jac=True, method="BFGS", options=options)


def _settle(likelihood: StateLikelihood, point: FloatArray) -> _Settled:
    """Make constant what hardly moves where that costs nothing, and measure how flat the likelihood is there."""
    states = likelihood.states
    relative, persistence = likelihood.split(point)
    value, _ = likelihood.value(relative, persistence)
    nearly = states.moving & (relative * len(states.y) ** 2 < NEGLIGIBLE)
    for still in (nearly | (states.reverting & (relative < SMALL)), nearly):
        constant = np.where(still, 0.0, relative)
        constant_value = likelihood.value(constant, persistence)[0]
        if still.any() and constant_value >= value - SAME_LIKELIHOOD:
            relative = constant
            break
    value, noise = likelihood.value(relative, persistence)
    in_variance, in_persistence = likelihood.slopes(noise)
    rising = nearly & (in_variance * NEGLIGIBLE / len(states.y) ** 2 > SAME_LIKELIHOOD)
    in_log = np.where(states.moving & (relative < 0.99 * np.exp(HIGHEST)), in_variance * relative, 0.0)
    held = (persistence > 0.999) & (in_persistence > 0.0) | (persistence < 0.0181) & (in_persistence < 0.0)
    in_logit = np.where(states.reverting & ~held, in_persistence * persistence * (1.0 - persistence), 0.0)
    slope = float(np.max(np.abs([in_log, in_logit]))) / likelihood.rows
    return _Settled(relative, persistence, noise, value, slope, rising)


def _lift(likelihood: StateLikelihood, point: FloatArray, rising: BoolArray) -> FloatArray:
    """Return the point with the variances that were let fall too far set to the best of a few values."""
    lifted = np.zeros(len(point), dtype=bool)
    lifted[: int(np.sum(likelihood.states.moving))] = rising[likelihood.states.moving]
    tried = [np.where(lifted, level, point) for level in np.log([1e-6, 1e-4, 1e-2, 1.0])]
    return max(tried, key=lambda start: likelihood.value(*likelihood.split(start))[0])
