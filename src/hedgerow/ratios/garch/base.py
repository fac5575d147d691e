"""What all GARCH ratios share: mean equation, scaling, the ratio from a covariance, and its standard error."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sklearn.utils.validation import check_is_fitted

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.ratios.base import Estimate, RatioEstimator
from hedgerow.ratios.checks import GARCH_ROWS_ADVISED
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.garch.mean import MeanEquation, MeanKind, check_mean, fit_mean

if TYPE_CHECKING:
    import pandas as pd

DISTRIBUTIONS = ("normal", "t")
MOST_HEDGES = 10
SINGULAR_FORECAST = "the covariance of the hedges forecast for the next row is singular, as wild rows make it"


@dataclass(frozen=True, eq=False)
class CovarianceFit:
    """Parameters of a covariance model on residuals scaled to unit variance.

    Attributes
    ----------
    names : tuple of str, length p
    parameters : ndarray (p,)
    covariance : ndarray (p, p)
        Of the parameters, robust to a wrong distribution (Bollerslev and Wooldridge); NaN where it is not identified.
    log_likelihood : float
        Of the scaled residuals, summed over rows, constants included.
    convergence : Convergence
    """

    names: tuple[str, ...]
    parameters: FloatArray
    covariance: FloatArray
    log_likelihood: float
    convergence: Convergence


class CovarianceEstimator(RatioEstimator):
    """Ratio ``inverse(H_xx) H_xy`` of the covariance H forecast for the next row by a model of covariances.

    A model writes ``_fit_covariance`` and ``_covariances``; everything else follows. Series are the hedges, then the
    exposure; every residual is divided by its standard deviation before the model sees it.

    Attributes
    ----------
    parameters_ : dict of str to float
        On the scale of residuals with unit variance.
    parameter_errors_ : dict of str to float
        Robust standard errors; NaN where not identified.
    log_likelihood_ : float
        Of the changes as given, summed over rows, constants included.
    covariance_ : ndarray (n_hedges + 1, n_hedges + 1)
        Forecast for the row after those that ``fit`` saw, in squared units of the changes.
    mean_ : MeanEquation
    """

    _filters = True
    _visits_per_row = 1000.0
    advised_rows = GARCH_ROWS_ADVISED
    """Rows below which a study warns that the parameters are uncertain."""
    distribution: str
    mean: MeanKind
    minimum_rows: int

    @abstractmethod
    def _fit_covariance(self, residuals: FloatArray) -> CovarianceFit:
        """Return the fit to scaled residuals (n_obs, n_series)."""

    @abstractmethod
    def _covariances(self, residuals: FloatArray, parameters: FloatArray) -> FloatArray:
        """Return covariances (n_obs + 1, n_series, n_series) of scaled residuals, row t forecast from rows before t.

        What else the model took from the rows of ``fit`` (targets, starting covariances) is held on ``self``.
        """

    def covariance_path(self, X: FloatArray, y: FloatArray) -> FloatArray:
        """Return covariances (n_obs + 1, n_series, n_series) in squared units of the changes.

        Row t is the forecast from rows before t with the parameters of ``fit`` held; the last is for the row after
        those given. Series are the hedges, then the exposure; rows must start where those of ``fit`` started.
        """
        check_is_fitted(self)
        changes = np.column_stack([np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)])
        scaled = self._covariances(self.mean_.residuals(changes) / self._scale, self._fit_.parameters)
        return scaled * np.outer(self._scale, self._scale)

    def volatility_path(self, X: FloatArray, y: FloatArray) -> FloatArray:
        """Return volatilities (n_obs + 1, n_series) per period, in units of the changes; rows as in covariance_path."""
        volatilities: FloatArray = np.sqrt(np.einsum("tii->ti", self.covariance_path(X, y)))
        return volatilities

    def correlation_path(self, X: FloatArray, y: FloatArray) -> FloatArray:
        """Return correlations (n_obs + 1, n_series, n_series); rows as in covariance_path."""
        covariances = self.covariance_path(X, y)
        volatilities = np.sqrt(np.einsum("tii->ti", covariances))
        correlations: FloatArray = covariances / (volatilities[:, :, None] * volatilities[:, None, :])
        return correlations

    def summary(self) -> pd.DataFrame:
        """Return a row per parameter: its estimate, robust standard error and t-statistic (estimate over error)."""
        import pandas as pd

        check_is_fitted(self)
        estimates, errors = np.array([*self.parameters_.values()]), np.array([*self.parameter_errors_.values()])
        with np.errstate(invalid="ignore", divide="ignore"):
            columns = {"estimate": estimates, "robust_error": errors, "t_statistic": estimates / errors}
        return pd.DataFrame(columns, index=pd.Index(list(self.parameters_), name="parameter"))

    def _next_covariance(self, residuals: FloatArray, parameters: FloatArray) -> FloatArray:
        """Return the last of ``_covariances``; a model overrides it where that is faster alone."""
        last: FloatArray = self._covariances(residuals, parameters)[-1]
        return last

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        changes = np.column_stack([X, y])
        self.mean_: MeanEquation = fit_mean(changes, self.mean)
        residuals = self.mean_.residuals(changes)
        self._scale = residuals.std(axis=0)
        if not np.all(self._scale > 0.0):
            raise DataError("a series does not move beyond its mean equation, so that it has no variance to model")
        residuals = residuals / self._scale
        fit = self._fit_ = self._fit_covariance(residuals)
        self.parameters_ = dict(zip(fit.names, fit.parameters.tolist(), strict=True))
        with np.errstate(invalid="ignore"):
            errors = np.sqrt(np.diag(fit.covariance))
        self.parameter_errors_ = dict(zip(fit.names, errors.tolist(), strict=True))
        self.log_likelihood_ = fit.log_likelihood - len(y) * float(np.sum(np.log(self._scale)))
        scaled = self._next_covariance(residuals, fit.parameters)
        self.covariance_ = scaled * np.outer(self._scale, self._scale)
        ratio, convergence = ratios_of(self.covariance_[None])[0], fit.convergence
        if not np.all(np.isfinite(ratio)):
            units = self._scale[-1] / self._scale[:-1]
            ratio = np.linalg.pinv(scaled[:-1, :-1], hermitian=True) @ scaled[:-1, -1] * units
            convergence = replace(convergence, converged=False, reason=SINGULAR_FORECAST)
        intercept = float(self.mean_.intercept[-1] - self.mean_.intercept[:-1] @ ratio)
        return Estimate(ratio, self._ratio_errors(residuals, fit), intercept, convergence=convergence)

    def _ratio_errors(self, residuals: FloatArray, fit: CovarianceFit) -> FloatArray:
        """Return standard errors (n_hedges,) of the next ratio: what uncertain parameters make of it (delta method).

        Parameters without an error of their own (held by a bound, or not identified) count as known.
        """
        n_hedges = residuals.shape[1] - 1
        identified = np.flatnonzero(np.isfinite(np.diag(fit.covariance)))
        if not len(identified):
            return np.full(n_hedges, np.nan)
        slopes = self._ratio_slopes(residuals, fit.parameters, identified)
        variance = np.einsum("ph,pq,qh->h", slopes, fit.covariance[np.ix_(identified, identified)], slopes)
        errors: FloatArray = np.sqrt(np.maximum(variance, 0.0)) * self._scale[-1] / self._scale[:-1]
        return errors

    def _ratio_slopes(self, residuals: FloatArray, parameters: FloatArray, numbers: IntArray) -> FloatArray:
        """Return derivatives (len(numbers), n_hedges) of the next ratio, of scaled residuals, by those parameters.

        By differences; a model that knows better overrides it.
        """
        slopes = np.zeros((len(numbers), residuals.shape[1] - 1))
        for row, number in enumerate(numbers):
            step = 1e-5 * max(abs(parameters[number]), 1e-2)
            sides = []
            for move in (step, -step):
                moved = parameters.copy()
                moved[number] += move
                sides.append(ratios_of(self._next_covariance(residuals, moved)[None])[0])
            slopes[row] = (sides[0] - sides[1]) / (2.0 * step)
        return slopes

    def _filtered(self, X: FloatArray, y: FloatArray) -> FloatArray:
        return ratios_of(self.covariance_path(X, y))

    def _fewest_rows(self, n_hedges: int) -> int:
        return max(self.minimum_rows, n_hedges + 3)

    def _check_options(self, n_hedges: int) -> None:
        check_mean(self.mean)
        if self.distribution not in DISTRIBUTIONS:
            raise InputError(f"distribution must be 'normal' or 't', not {self.distribution!r}")
        if self.minimum_rows < 1:
            raise InputError(f"minimum_rows must be at least 1, not {self.minimum_rows}")
        if n_hedges > MOST_HEDGES:
            raise DataError(
                f"{n_hedges} hedges are more than the {MOST_HEDGES} that a GARCH model is fitted to; "
                "hedge with fewer instruments, or use ols or ewma"
            )


def ratios_of(covariances: FloatArray) -> FloatArray:
    """Return ``inverse(H_xx) H_xy`` (n, k) of covariances (n, k + 1, k + 1), the exposure last.

    By elimination row by row of arrays, so that no ratio depends on how many rows there are. NaN where the hedges'
    covariance is singular.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratios = _eliminated(np.array(covariances, dtype=np.float64))
    ratios[~np.isfinite(ratios).all(axis=1)] = np.nan
    return ratios


def _eliminated(table: FloatArray) -> FloatArray:
    """Return the ratios (n, k); ``table`` (n, k + 1, k + 1) is overwritten."""
    k = table.shape[1] - 1
    for pivot in range(k):
        for row in range(pivot + 1, k):
            share = table[:, row, pivot] / table[:, pivot, pivot]
            table[:, row, pivot:] -= share[:, None] * table[:, pivot, pivot:]
    ratios = np.empty((len(table), k))
    for row in range(k - 1, -1, -1):
        known = table[:, row, k].copy()
        for later in range(row + 1, k):
            known -= table[:, row, later] * ratios[:, later]
        ratios[:, row] = known / table[:, row, row]
    return ratios
