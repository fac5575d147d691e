"""BEKK: a covariance matrix that follows the shocks of all series, positive definite by construction."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from sklearn.base import clone

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.garch.base import CovarianceEstimator, CovarianceFit
from hedgerow.ratios.garch.bekk_errors import targeted_ratio_errors
from hedgerow.ratios.garch.bekk_likelihood import BEKKLikelihood, bekk_path, sandwich
from hedgerow.ratios.garch.bekk_parameters import FORMS, Form, Layout, persistence
from hedgerow.ratios.garch.bekk_search import convergence_of, persistence_at, search, simple_fits
from hedgerow.ratios.garch.mean import MeanKind

MOST_SERIES_IN_FULL = 5
"""Series beyond which the full form is refused: its parameters grow with their square, and a fit takes minutes."""

SMALLEST_EIGENVALUE = 1e-10
"""Of the residuals' correlation matrix; below it the series move as one and no likelihood exists."""


class BEKK(CovarianceEstimator):
    """BEKK(1,1) covariance of hedges and exposure, and the ratio ``inverse(H_xx) H_xy`` it forecasts.

    With e the residuals of the mean equation, the hedges first and the exposure last,

        H_t = C C' + A' e_{t-1} e_{t-1}' A + B' H_{t-1} B,

    C lower triangular; H before the first row is the mean of e e', and with targeting C C' is what makes that mean the
    long-run covariance: C C' = S - A'S A - B'S B. Every H is positive definite by construction. The search starts from
    the likeliest of five scalar models, goes by the scalar and the diagonal form with targeting to the form asked for,
    and for the full form also straight from the scalar one; no start depends on an earlier fit.

    Parameters
    ----------
    form : {"full", "diagonal", "scalar"}, default="full"
        A and B with all elements (every shock and covariance moves every other), diagonal, or one number each. The full
        form takes up to five series; a fit to 1,000 rows takes about a second with four, some seconds with five.
    distribution : {"normal", "t"}, default="normal"
        Quasi-likelihood. Student's t has unit variance and degrees of freedom between 2.05 and 500 to be estimated.
    mean : {"zero", "constant", "error_correction"}, default="constant"
        Mean equation.
    targeting : bool or None, default=None
        Whether the long-run covariance is held at the residuals' own. None: in the diagonal and scalar forms, which
        then have few parameters however many series there are; in the full form (11 parameters with two series) only
        where the likeliest free constant belongs to covariances without a mean, as wild rows make it.
    minimum_rows : int, default=750
        Rows below which ``fit`` refuses.

    Attributes
    ----------
    targeting_ : bool
        Whether the long-run covariance was held.
    persistence_ : float
        Largest modulus of the eigenvalues of A⊗A + B⊗B; below 1 the covariances have a mean. A fit with 1 or more has
        not converged.

    Notes
    -----
    Signs are not identified by the data and are fixed: C's diagonal, a11 and b11 are positive. Standard errors are
    robust (scores and Hessian); with targeting those of the parameters take the long-run covariance as known, and that
    of the ratio does not. They are NaN where the likelihood is flat (no reaction to shocks leaves B without meaning);
    such parameters count as known in the error of the ratio. Exposure and hedges that move as one have no
    likelihood: the fit says so and holds the ratio of their covariance. Refits of a walk-forward leave errors out.

    References
    ----------
    Engle, R. F. and Kroner, K. F. (1995), Econometric Theory 11, 122-150. Bollerslev, T. and Wooldridge, J. M. (1992),
    Econometric Reviews 11, 143-172.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((400, 1)) * np.repeat([1.0, 3.0], 200)[:, None]
    >>> y = 0.8 * X[:, 0] + rng.standard_normal(400)
    >>> fitted = BEKK(form="diagonal", minimum_rows=300).fit(X, y)
    >>> fitted.convergence_.converged, sorted(fitted.parameters_)
    (True, ['a11', 'a22', 'b11', 'b22'])
    """

    _errors_wanted = True

    _visits_per_row = 3000.0

    def __init__(
        self,
        form: Form = "full",
        distribution: Literal["normal", "t"] = "normal",
        mean: MeanKind = "constant",
        targeting: bool | None = None,
        minimum_rows: int = 750,
    ) -> None:
        self.form = form
        self.distribution = distribution
        self.mean = mean
        self.targeting = targeting
        self.minimum_rows = minimum_rows

    def _fit_covariance(self, residuals: FloatArray) -> CovarianceFit:
        n_series = residuals.shape[1]
        self.targeting_ = self.form != "full" if self.targeting is None else self.targeting
        layout = self._layout = self._layout_of(n_series)
        target = self._target = residuals.T @ residuals / len(residuals)
        if not np.linalg.eigvalsh(target)[0] > SMALLEST_EIGENVALUE:
            return self._fit_of_one_movement(layout, target)
        likelihood = BEKKLikelihood(layout, residuals, target)
        simple = simple_fits(likelihood)
        found, starts = search(likelihood, simple)
        if self.targeting is None and not persistence_at(likelihood, found.parameters) < 1.0:
            self.targeting_ = True
            layout = self._layout = self._layout_of(n_series)
            likelihood = BEKKLikelihood(layout, residuals, target)
            found, starts = search(likelihood, simple)
        parameters = layout.signed(found.parameters)
        made = layout.matrices(parameters, target)
        self.persistence_ = persistence(made.a, made.b)
        self._curvature = np.full((layout.size, layout.size), np.nan)
        if self._errors_wanted:
            self._curvature = likelihood.curvature(parameters)
        covariance = sandwich(self._curvature, likelihood.slopes(parameters, informed=False)[0])
        return CovarianceFit(
            layout.names, parameters, covariance, found.value, convergence_of(likelihood, found, starts)
        )

    def _fit_of_one_movement(self, layout: Layout, target: FloatArray) -> CovarianceFit:
        """Return the constant covariance of series that move as one: it has a ratio, but no likelihood."""
        parameters = np.zeros(layout.size)
        if not layout.targeting:
            upper = np.asarray(np.linalg.qr(_root(target).T, mode="r"))
            parameters[: layout.n_constant] = upper.T[np.tril_indices(layout.n_series)]
        if layout.student:
            parameters[-1] = np.inf
        self.persistence_ = 0.0
        reason = "exposure and hedges move as one, so that their covariance is singular and has no likelihood"
        unknown = np.full((layout.size, layout.size), np.nan)
        return CovarianceFit(layout.names, layout.signed(parameters), unknown, np.nan, Convergence(False, reason))

    def _ratio_errors(self, residuals: FloatArray, fit: CovarianceFit) -> FloatArray:
        scorable = self._errors_wanted and np.isfinite(fit.log_likelihood)
        if not (self._layout.targeting and scorable):
            return super()._ratio_errors(residuals, fit)
        slopes = self._ratio_slopes(residuals, fit.parameters, np.arange(self._layout.size))
        likelihood = BEKKLikelihood(self._layout, residuals, self._target)
        errors = targeted_ratio_errors(likelihood, fit.parameters, self._curvature, slopes)
        return errors * self._scale[-1] / self._scale[:-1]

    def _covariances(self, residuals: FloatArray, parameters: FloatArray) -> FloatArray:
        return bekk_path(self._layout, parameters, self._target, residuals)

    def _layout_of(self, n_series: int) -> Layout:
        return Layout(self.form, n_series, self.targeting_, self.distribution == "t")

    def _fitted_clone(self, X: FloatArray, y: FloatArray) -> Self | str:
        fresh = clone(self)
        fresh._errors_wanted = False  # a refit is asked for its ratio alone
        return super(BEKK, fresh)._fitted_clone(X, y)

    def __sklearn_clone__(self) -> Self:
        fresh: Self = super().__sklearn_clone__()
        fresh._errors_wanted = self._errors_wanted
        return fresh

    def _check_options(self, n_hedges: int) -> None:
        super()._check_options(n_hedges)
        if self.form not in FORMS:
            raise InputError(f"form must be one of {', '.join(FORMS)}, not {self.form!r}")
        if self.targeting not in (None, True, False):
            raise InputError(f"targeting must be True, False or None, not {self.targeting!r}")
        if self.form == "full" and n_hedges + 1 > MOST_SERIES_IN_FULL:
            raise InputError(
                f"a full BEKK of {n_hedges + 1} series is more than {MOST_SERIES_IN_FULL} and would take minutes per "
                "fit; use form='diagonal' or form='scalar'"
            )


def _root(target: FloatArray) -> FloatArray:
    """Return a square root (d, d) of a covariance that may be singular."""
    eigenvalues, directions = np.linalg.eigh(target)
    return directions * np.sqrt(np.maximum(eigenvalues, 0.0))
