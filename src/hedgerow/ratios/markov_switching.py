"""Markov switching: a ratio, an intercept and a variance per hidden regime, mixed by what the past says of the regime.

>>> import numpy as np
>>> rng = np.random.default_rng(0)
>>> calm = np.repeat([1, 0, 1, 0, 1], 150)
>>> x = rng.standard_normal(750)
>>> y = np.where(calm, 0.9, 0.4) * x + np.where(calm, 0.2, 0.8) * rng.standard_normal(750)
>>> fitted = MarkovSwitching().fit(x[:, None], y)
>>> [round(float(ratio), 1) for ratio in fitted.regime_ratios_[:, 0]]
[0.9, 0.4]
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import InputError
from hedgerow.ratios.base import Estimate, RatioEstimator
from hedgerow.ratios.checks import check_finite
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.least_squares import least_squares
from hedgerow.ratios.markov_kernels import filter_regimes, smooth_regimes
from hedgerow.ratios.markov_likelihood import RegimeLikelihood, Regimes
from hedgerow.ratios.markov_search import MOST_STARTS, RegimeFit, find_regimes

COMBINATIONS = ("mean", "most_likely")
MOST_REGIMES = 4

SMALLEST_REMAINDER = 1e-10
"""Deviation of what one regression leaves, as a share of the exposure's, below which there is nothing to switch."""


class MarkovSwitching(RatioEstimator):
    """Regression whose ratio, intercept and variance depend on a hidden Markov chain.

        y_t = a_s + x_t h_s + e_t,  Var(e_t) = v_s,  s the regime of row t,  P(s_t+1 = j | s_t = i) = p_ij

    Hamilton's filter turns the rows before t into probabilities of row t's regime, one step ahead, with the parameters
    of ``fit``; the ratio for row t is the regimes' ratios weighted by them. So it is made out of sample, row after
    row. Parameters maximise the likelihood, the chain started in its long-run probabilities: EM from fixed starts, then
    a search with exact slopes. Regimes are numbered by ascending variance, since labels are arbitrary.

    Parameters
    ----------
    regimes : int, default=2
        Number of regimes, 2 to 4.
    switching_variance : bool, default=True
        Whether each regime has a variance of its own; without, regimes are numbered by the first hedge's ratio.
    intercept : bool, default=True
        Whether each regime has an intercept.
    restarts : int, default=5
        Fixed starts of EM, at most 8: by local variance, by local slope, by time, and by single rows.
    combine : {"mean", "most_likely"}, default="mean"
        ``"mean"``: the probability-weighted ratio ``sum_s P(s) h_s``. ``"most_likely"``: the ratio of the regime that
        is most likely for the row, which jumps. Neither is the ratio of least variance where the hedges' own variance
        differs by regime: the model is of y given x, and says nothing about x.
    minimum_rows : int, default=500
        Rows below which ``fit`` refuses.

    Attributes
    ----------
    hedge_ratio_ : ndarray (n_hedges,)
        Ratio for the row after those of ``fit``.
    standard_error_ : ndarray (n_hedges,)
        Of that ratio, by the delta method from ``regime_ratios_`` and the next row's probabilities: what is uncertain
        about the parameters. Not knowing the regime is no part of it; NaN where the likelihood is flat.
    regime_ratios_, regime_ratio_errors_ : ndarray (regimes, n_hedges)
        Ratio in each regime, and its standard error from the observed information (second derivatives).
    regime_intercepts_, regime_variances_ : ndarray (regimes,)
        In units of the exposure's changes, and in squared units.
    transition_ : ndarray (regimes, regimes)
        Probability to go from the row's regime to the column's.
    expected_durations_ : ndarray (regimes,)
        Rows that a visit lasts on average, ``1 / (1 - p_ss)``.
    ergodic_probabilities_ : ndarray (regimes,)
        Share of time in each regime in the long run.
    next_probabilities_ : ndarray (regimes,)
        Of the regime of the row after those of ``fit``.
    regime_shares_ : ndarray (regimes,)
        Share of the rows of ``fit`` in each regime, by smoothed probabilities.
    log_likelihood_ : float
        Of the changes as given, constants included.

    Notes
    -----
    ``convergence_`` says so where a regime holds less than 5 % of the rows, a variance collapses, the likelihood is
    flat (rows do not tell the regimes apart), or the search ends early. The numbers are then the best found.

    References
    ----------
    Hamilton, J. D. (1989), A new approach to the economic analysis of nonstationary time series and the business
    cycle, Econometrica 57, 357-384.
    Alizadeh, A. and Nomikos, N. (2004), A Markov regime switching approach for hedging stock indices, Journal of
    Futures Markets 24, 649-674.
    """

    _filters = True
    _visits_per_row = 3000.0

    def __init__(
        self,
        regimes: int = 2,
        switching_variance: bool = True,
        intercept: bool = True,
        restarts: int = 5,
        combine: Literal["mean", "most_likely"] = "mean",
        minimum_rows: int = 500,
    ) -> None:
        self.regimes = regimes
        self.switching_variance = switching_variance
        self.intercept = intercept
        self.restarts = restarts
        self.combine = combine
        self.minimum_rows = minimum_rows

    def probability_path(self, X: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the probabilities (n_obs + 1, regimes) of each row's regime from the rows before it.

        With the parameters of ``fit``; the last row is for the row after those given.
        """
        X, y = self._complete_rows(X, y)
        return self._probabilities(X, y)[0]

    def smoothed_probabilities(self, X: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the probabilities (n_obs, regimes) of each row's regime given *all* rows: for display only.

        It looks ahead: a decision at a row could not have known it. No walk-forward uses it.
        """
        X, y = self._complete_rows(X, y)
        predicted, filtered = self._probabilities(X, y)
        smoothed = np.zeros_like(filtered)
        smooth_regimes(predicted, filtered, self._parameters.transition, smoothed, np.zeros_like(self.transition_))
        return smoothed

    def _complete_rows(self, X: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
        X, y = self._rows(X, y, reset=False)
        check_finite(X, y, self._hedge_names(X.shape[1]))
        return X, y

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        self._slopes, self._constant, residuals = least_squares(X, y, intercept=self.intercept)
        self._centre = X.mean(axis=0) if self.intercept else np.zeros(X.shape[1])
        self._scale = np.sqrt(np.mean((X - self._centre) ** 2, axis=0))
        self._unit = float(np.sqrt(np.mean(residuals**2)))
        if not self._unit > SMALLEST_REMAINDER * float(np.sqrt(np.mean(y**2))):
            return self._without_remainder(len(y))
        design, scaled = self._scaled(X, y)
        fit = find_regimes(RegimeLikelihood(design, scaled, self.regimes, self.switching_variance), self.restarts)
        self._tell(fit, len(y))
        weights = self._weights(fit.next_regime[None])
        errors = self._next_errors(fit, weights[0])
        constant = float(weights[0] @ self.regime_intercepts_)
        return Estimate(self._mixed(weights)[0], errors, constant, convergence=fit.convergence)

    def _tell(self, fit: RegimeFit, rows: int) -> None:
        """Set the fitted attributes, in the units of the changes."""
        k, count = len(self._scale), self.regimes
        found = self._parameters = fit.regimes
        to_unit = self._unit / self._scale
        self.regime_ratios_ = self._slopes + found.coefficients[:, :k] * to_unit
        p = found.coefficients.shape[1]
        with np.errstate(invalid="ignore"):
            errors = np.sqrt(np.diag(fit.covariance)[: count * p].reshape(count, p))
        self.regime_ratio_errors_ = errors[:, :k] * to_unit
        above = found.coefficients[:, k] * self._unit if self.intercept else np.zeros(count)
        of_centre = np.sum((self.regime_ratios_ - self._slopes) * self._centre, axis=1)
        self.regime_intercepts_ = self._constant + above - of_centre
        self.regime_variances_ = found.variances * self._unit**2
        self._tell_chain(found.transition, fit.next_regime, fit.shares)
        self.log_likelihood_ = fit.log_likelihood - rows * float(np.log(self._unit))

    def _tell_chain(self, transition: FloatArray, following: FloatArray, shares: FloatArray) -> None:
        self.transition_ = transition
        self.ergodic_probabilities_ = self._parameters.ergodic
        leaving = np.sum(np.where(np.eye(len(transition), dtype=bool), 0.0, transition), axis=1)
        self.expected_durations_ = np.divide(1.0, leaving, out=np.full(len(leaving), np.inf), where=leaving > 0.0)
        self.next_probabilities_ = following
        self.regime_shares_ = shares

    def _without_remainder(self, rows: int) -> Estimate:
        """Return one regression's answer where it explains the exposure exactly: nothing tells regimes apart."""
        count, k = self.regimes, len(self._slopes)
        even = np.full(count, 1.0 / count)
        self._unit = 1.0
        self._scale = np.where(self._scale > 0.0, self._scale, 1.0)
        self._parameters = Regimes(
            np.zeros((count, k + int(self.intercept))), np.ones(count), np.full((count, count), 1.0 / count)
        )
        self.regime_ratios_ = np.tile(self._slopes, (count, 1))
        self.regime_ratio_errors_ = np.zeros((count, k))
        self.regime_intercepts_ = np.full(count, self._constant)
        self.regime_variances_ = np.zeros(count)
        self._tell_chain(self._parameters.transition, even, even)
        self.log_likelihood_ = float("inf")
        reason = "the hedges explain the exposure without a remainder, so that nothing tells regimes apart"
        return Estimate(self._slopes, np.zeros(k), self._constant, convergence=Convergence(False, reason))

    def _next_errors(self, fit: RegimeFit, weights: FloatArray) -> FloatArray:
        """Return standard errors (n_hedges,) of the next ratio: the regimes' ratios and their probabilities move."""
        k, p = len(self._scale), fit.regimes.coefficients.shape[1]
        slopes = np.zeros((len(fit.covariance), k))
        if self.combine == "mean":
            slopes += fit.next_slopes @ self.regime_ratios_
        for regime, hedge in np.ndindex(self.regimes, k):
            slopes[regime * p + hedge, hedge] += weights[regime] * self._unit / self._scale[hedge]
        errors: FloatArray = np.sqrt(np.einsum("ph,pq,qh->h", slopes, fit.covariance, slopes))
        return errors

    def _scaled(self, X: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return regressors and what one regression leaves of the exposure, scaled as ``fit`` did, row by row."""
        rest = y - self._constant
        for hedge in range(X.shape[1]):
            rest = rest - X[:, hedge] * self._slopes[hedge]
        regressors = (X - self._centre) / self._scale
        if self.intercept:
            regressors = np.column_stack([regressors, np.ones(len(y))])
        return np.ascontiguousarray(regressors), rest / self._unit

    def _probabilities(self, X: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return predicted (n_obs + 1, regimes) and filtered (n_obs, regimes) probabilities."""
        design, scaled = self._scaled(X, y)
        found, count = self._parameters, self.regimes
        predicted, filtered = np.zeros((len(y) + 1, count)), np.zeros((len(y), count))
        chain = (found.coefficients, found.variances, found.transition, self.ergodic_probabilities_)
        filter_regimes(design, scaled, *chain, predicted, filtered)
        return predicted, filtered

    def _weights(self, probabilities: FloatArray) -> FloatArray:
        """Return what each regime's ratio counts for (rows, regimes)."""
        if self.combine == "mean":
            return probabilities
        weights = np.zeros_like(probabilities)
        weights[np.arange(len(weights)), np.argmax(probabilities, axis=1)] = 1.0
        return weights

    def _mixed(self, weights: FloatArray) -> FloatArray:
        """Return ratios (rows, n_hedges), element by element, so that no ratio depends on the number of rows."""
        ratios = np.zeros((len(weights), len(self._scale)))
        for regime in range(self.regimes):
            ratios += weights[:, regime, None] * self.regime_ratios_[regime]
        return ratios

    def _filtered(self, X: FloatArray, y: FloatArray) -> FloatArray:
        return self._mixed(self._weights(self._probabilities(X, y)[0]))

    def _fewest_rows(self, n_hedges: int) -> int:
        return max(self.minimum_rows, n_hedges + 3)

    def _check_options(self, n_hedges: int) -> None:
        if not 2 <= self.regimes <= MOST_REGIMES:
            raise InputError(f"regimes must be 2 to {MOST_REGIMES}, not {self.regimes}")
        if not 1 <= self.restarts <= MOST_STARTS:
            raise InputError(f"restarts must be 1 to {MOST_STARTS}, not {self.restarts}")
        if self.combine not in COMBINATIONS:
            raise InputError(f"combine must be 'mean' or 'most_likely', not {self.combine!r}")
        if self.minimum_rows < 1:
            raise InputError(f"minimum_rows must be at least 1, not {self.minimum_rows}")
