"""What CCC, DCC and asymmetric DCC share: a variance recursion per series, and correlations apart from them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.garch.base import CovarianceEstimator, CovarianceFit, ratios_of
from hedgerow.ratios.garch.correlation import CorrelationStage, Dynamics, correlations_of, q_path
from hedgerow.ratios.garch.forecast_slopes import next_covariance_slopes
from hedgerow.ratios.garch.margins import (
    LOG_2_PI,
    MARGIN_NAMES,
    MarginFit,
    MarginKind,
    fit_margin,
    margin_variance_path,
    margin_variance_slopes,
    persistence_of,
)
from hedgerow.ratios.garch.search import Optimum
from hedgerow.ratios.garch.two_step import two_step_covariance


class ConditionalCorrelation(CovarianceEstimator):
    """H_t = D_t R_t D_t: D the volatilities of GARCH or GJR recursions, R the correlations, estimated in two steps.

    The variances are fitted series by series by normal quasi-likelihood, the correlations then to the residuals over
    their volatility. Starting variances (arch's backcast of the first 75 rows) and everything else that was fitted is
    held where the covariances are filtered on.
    """

    margins: MarginKind
    variance_targeting: bool
    _moves = True

    @property
    def _asymmetric(self) -> bool:
        return False

    @property
    def persistence_(self) -> FloatArray:
        """α + γ/2 + β of each series' variance (n_hedges + 1,), the exposure last: 1 is a shock that never fades."""
        k = len(self._start_variances)
        return np.array([persistence_of(self._of_margin(self._fit_.parameters, i), self.margins) for i in range(k)])

    def _fit_covariance(self, residuals: FloatArray) -> CovarianceFit:
        margins = [
            fit_margin(np.ascontiguousarray(column), self.margins, variance_targeting=self.variance_targeting)
            for column in residuals.T
        ]
        self._start_variances = np.array([margin.start_variance for margin in margins])
        n_obs, k = residuals.shape
        own = np.concatenate([margin.parameters for margin in margins])
        variances = self._variances(residuals, own)[:-1]
        e = residuals / np.sqrt(variances)
        stage = CorrelationStage(e, self._moves, self._asymmetric, self.distribution == "t")
        found = stage.run()
        dynamics = stage.dynamics(stage.whole(found.point))
        parameters = np.concatenate([own, self._moments_of(dynamics), self._weights_of(dynamics)])
        log_likelihood = -n_obs * (found.value + 0.5 * k * LOG_2_PI) - 0.5 * float(np.sum(np.log(variances)))
        covariance = two_step_covariance(margins, stage, found)
        convergence = _convergence_of_all(margins, found)
        return CovarianceFit(self._names(k), parameters, covariance, log_likelihood, convergence)

    def _names(self, k: int) -> tuple[str, ...]:
        series = [f"hedge {number}" for number in range(k - 1)] + ["exposure"]
        names = [f"{name} of {one}" for one in series for name in MARGIN_NAMES[self.margins]]
        names += [f"correlation of {series[i]} and {series[j]}" for i, j in zip(*np.tril_indices(k, -1), strict=True)]
        if self._asymmetric:
            pairs = zip(*np.tril_indices(k), strict=True)
            names += [f"moment of falls of {series[i]} and {series[j]}" for i, j in pairs]
        names += ["a", "b"] * self._moves + ["g"] * self._asymmetric
        return (*names, *["degrees_of_freedom"] * (self.distribution == "t"))

    def _moments_of(self, dynamics: Dynamics) -> FloatArray:
        k = len(dynamics.target)
        correlations = dynamics.target[np.tril_indices(k, -1)]
        return np.concatenate([correlations, dynamics.falls[np.tril_indices(k)]]) if self._asymmetric else correlations

    def _weights_of(self, dynamics: Dynamics) -> FloatArray:
        of_moves = [dynamics.a, dynamics.b] * self._moves + [dynamics.g] * self._asymmetric
        return np.array(of_moves + [dynamics.freedom] * (self.distribution == "t"))

    def _dynamics_from(self, parameters: FloatArray, k: int) -> Dynamics:
        """Return the dynamics that a flat array of all parameters holds."""
        at = k * len(MARGIN_NAMES[self.margins])
        n_below = k * (k - 1) // 2
        target, falls = _symmetric(parameters[at : at + n_below], k, -1) + np.eye(k), np.zeros((k, k))
        at += n_below
        if self._asymmetric:
            n_up_to = k * (k + 1) // 2
            falls = _symmetric(parameters[at : at + n_up_to], k, 0)
            at += n_up_to
        weights = parameters[at:].tolist()
        freedom = weights.pop() if self.distribution == "t" else 0.0
        a, b, g = (*weights, 0.0, 0.0, 0.0)[:3]
        return Dynamics(target, falls, a, b, g, freedom)

    def _of_margin(self, parameters: FloatArray, series: int) -> FloatArray:
        size = len(MARGIN_NAMES[self.margins])
        return parameters[series * size : (series + 1) * size]

    def _variances(self, residuals: FloatArray, parameters: FloatArray) -> FloatArray:
        """Return variances (n_obs + 1, k) of all series."""
        columns = [
            margin_variance_path(
                np.ascontiguousarray(residuals[:, i]), self._of_margin(parameters, i), self.margins, start
            )
            for i, start in enumerate(self._start_variances.tolist())
        ]
        return np.column_stack(columns)

    def _covariances(self, residuals: FloatArray, parameters: FloatArray) -> FloatArray:
        return self._covariances_of(residuals, parameters, last_only=False)

    def _next_covariance(self, residuals: FloatArray, parameters: FloatArray) -> FloatArray:
        last: FloatArray = self._covariances_of(residuals, parameters, last_only=True)[-1]
        return last

    def _covariances_of(self, residuals: FloatArray, parameters: FloatArray, last_only: bool) -> FloatArray:
        volatilities = np.sqrt(self._variances(residuals, parameters))
        dynamics = self._dynamics_from(parameters, residuals.shape[1])
        correlations = correlations_of(q_path(residuals / volatilities[:-1], dynamics, last_only))
        if last_only:
            volatilities = volatilities[-1:]
        covariances: FloatArray = correlations * (volatilities[:, :, None] * volatilities[:, None, :])
        return covariances

    def _ratio_slopes(self, residuals: FloatArray, parameters: FloatArray, numbers: IntArray) -> FloatArray:
        k = residuals.shape[1]
        margins = [
            margin_variance_slopes(
                np.ascontiguousarray(residuals[:, i]), self._of_margin(parameters, i), self.margins, start
            )
            for i, start in enumerate(self._start_variances.tolist())
        ]
        dynamics = self._dynamics_from(parameters, k)
        covariance, moves = next_covariance_slopes(residuals, margins, dynamics, self._asymmetric)
        ratio = ratios_of(covariance[None])[0]
        by_all = np.linalg.solve(covariance[:-1, :-1], (moves[:, :-1, -1] - moves[:, :-1, :-1] @ ratio).T).T
        slopes = np.zeros((len(parameters), k - 1))  # degrees of freedom leave the covariance as it is
        n_moving = len(parameters) - (self.distribution == "t")
        slopes[:n_moving] = by_all[:n_moving]
        return slopes[numbers]

    def _check_options(self, n_hedges: int) -> None:
        super()._check_options(n_hedges)
        if self.margins not in MARGIN_NAMES:
            raise InputError(f"margins must be 'garch' or 'gjr', not {self.margins!r}")


def _symmetric(values: FloatArray, k: int, diagonal: int) -> FloatArray:
    """Return the symmetric table (k, k) whose lower triangle holds ``values`` row by row."""
    table = np.zeros((k, k))
    rows, columns = np.tril_indices(k, diagonal)
    table[rows, columns] = values
    table[columns, rows] = values
    return table


def _convergence_of_all(margins: Sequence[MarginFit], found: Optimum) -> Convergence:
    """Return how the whole fit ended: as its worst step did."""
    steps = [margin.convergence for margin in margins] + [found.convergence]
    reason = next((step.reason for step in steps if not step.converged), "")
    return Convergence(
        not reason,
        reason,
        sum(step.iterations for step in steps),
        max(step.gradient for step in steps),
        max(step.starts for step in steps),
    )
