"""Vector error correction: all prices drawn to their long-run relations, and the ratio of what nobody expected."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.ratios.base import Estimate, RatioEstimator
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.error_correction import levels_of
from hedgerow.ratios.johansen import (
    MOST_SERIES,
    Deterministic,
    check_johansen_options,
    check_significance,
    is_free,
    johansen_of_scaled,
)
from hedgerow.ratios.least_squares import least_squares, slope_errors

Criterion = Literal["aic", "bic"]

UNIDENTIFIED = "the levels do not identify a vector error correction; give a longer history or fewer lags"


class VECM(RatioEstimator):
    """Vector error correction by Johansen's maximum likelihood, and the ratio of its unexpected changes.

    With z the levels (exposure first, then the hedges: running sums of the changes, from 0),

        Δz_t = α β' z_{t-1} + Γ_1 Δz_{t-1} + ... + Γ_lags Δz_{t-lags} + constant + u_t,

    and the ratio is ``inverse(S_xx) S_xy`` of the covariance S of u: the minimum-variance hedge of the change of the
    next period that the past does not tell. It holds until the next refit. Without a long-run relation (rank 0) this is
    a vector autoregression of the changes, with as many relations as series one of the levels. Changes must be simple
    differences (or logs), so that their sums are levels.

    Parameters
    ----------
    lags : int or None, default=None
        Lagged changes; None chooses from 0 to ``max_lags`` by ``criterion``.
    max_lags : int, default=8
        Most lagged changes to choose from.
    criterion : {"bic", "aic"}, default="bic"
        Schwarz's or Akaike's criterion of the vector autoregression of the levels.
    rank : int or None, default=None
        Long-run relations; None takes as many as Johansen's trace test finds.
    significance : {0.10, 0.05, 0.01}, default=0.05
        Of that test.
    deterministic : {"co", "ci", "n"}, default="co"
        Constant outside the long-run relations (prices may drift), inside (they do not), or none.
    minimum_rows : int, default=100
        Rows below which ``fit`` refuses.

    Attributes
    ----------
    rank_ : int
        Long-run relations in the model: 0 for none, n_hedges + 1 where every level is stationary by itself.
    lags_ : int
        Lagged changes in the model.
    johansen_ : JohansenTest
        Statistics and critical values, exposure first; absent where the series move as one.
    adjustment_ : ndarray (n_hedges + 1, n_relations)
        α, exposure first: share of a relation's gap that a series closes per row.
    cointegrating_vectors_ : ndarray (n_hedges + 1, n_relations)
        β, exposure first; with one relation its first element is 1.
    long_run_ratio_ : ndarray (n_hedges,) or None
        Hedges per unit of exposure in the long-run relation; None unless there is just one.

    Notes
    -----
    Standard errors are Newey and West's of the regression of the exposure's unexpected changes on the hedges', the
    model taken as given. Exposure and hedges that move as one have no model: the fit has then not converged, and holds
    the ratio of their changes.

    References
    ----------
    Johansen, S. (1991), Econometrica 59, 1551-1580. Kroner, K. F. and Sultan, J. (1993), Journal of Financial and
    Quantitative Analysis 28, 535-551.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> future = np.cumsum(rng.standard_normal(501))
    >>> spot = 0.9 * future + rng.standard_normal(501)
    >>> fitted = VECM().fit(np.diff(future)[:, None], np.diff(spot))
    >>> fitted.rank_, round(float(fitted.long_run_ratio_[0]), 1)
    (1, 0.9)
    """

    _visits_per_row = 500.0

    def __init__(
        self,
        lags: int | None = None,
        max_lags: int = 8,
        criterion: Criterion = "bic",
        rank: int | None = None,
        significance: float = 0.05,
        deterministic: Deterministic = "co",
        minimum_rows: int = 100,
    ) -> None:
        self.lags = lags
        self.max_lags = max_lags
        self.criterion = criterion
        self.rank = rank
        self.significance = significance
        self.deterministic = deterministic
        self.minimum_rows = minimum_rows

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        if not is_free(np.column_stack([y, X])):
            return self._estimate_of_one_movement(X, y)
        scaled, size = _scaled_levels(X, y)
        self.lags_ = self.lags if self.lags is not None else chosen_lags(scaled, self.max_lags, self.criterion)
        self.johansen_ = johansen_of_scaled(scaled, size, self.lags_, self.deterministic)
        self.rank_ = self.rank if self.rank is not None else self.johansen_.rank(self.significance)
        residuals = self._fit_model(scaled, size)
        ratio, _, left = least_squares(residuals[:, 1:], residuals[:, 0], intercept=False)
        errors = slope_errors(residuals[:, 1:], left, errors="hac", intercept=False)
        return Estimate(ratio, errors, float(y.mean() - X.mean(axis=0) @ ratio), first_row=self.lags_)

    def _fit_model(self, scaled: FloatArray, size: FloatArray) -> FloatArray:
        """Fit the model to scaled levels and return unexpected changes (n, n_series) in their own units."""
        from statsmodels.tsa.vector_ar import vecm

        without_relation = self.rank_ == 0 and self.deterministic == "ci"  # then its constant is nowhere
        deterministic = "n" if without_relation else self.deterministic
        model = vecm.VECM(scaled, k_ar_diff=self.lags_, coint_rank=self.rank_, deterministic=deterministic)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fitted: Any = model.fit()
        except np.linalg.LinAlgError as error:
            raise DataError(UNIDENTIFIED) from error
        own = size[: self.rank_]  # relation c is normed on series c
        self.adjustment_ = np.asarray(fitted.alpha) * size[:, None] / own
        self.cointegrating_vectors_ = np.asarray(fitted.beta) / size[:, None] * own
        self.long_run_ratio_ = -self.cointegrating_vectors_[1:, 0] if self.rank_ == 1 else None
        residuals: FloatArray = np.asarray(fitted.resid) * size
        if not np.all(np.isfinite(residuals)):
            raise DataError(UNIDENTIFIED)
        return residuals

    def _estimate_of_one_movement(self, X: FloatArray, y: FloatArray) -> Estimate:
        self.__dict__.pop("johansen_", None)
        ratio, constant, left = least_squares(X, y)
        self.rank_, self.lags_, self.long_run_ratio_ = 0, 0, None
        self.adjustment_ = self.cointegrating_vectors_ = np.zeros((X.shape[1] + 1, 0))
        reason = "exposure and hedges move as one, so that no model of their gap can be estimated"
        errors = slope_errors(X, left, errors="hac")
        return Estimate(ratio, errors, constant, convergence=Convergence(False, reason))

    def _most_lags(self) -> int:
        return self.max_lags if self.lags is None else self.lags

    def _fewest_rows(self, n_hedges: int) -> int:
        return max(self.minimum_rows, (n_hedges + 1) * (self._most_lags() + 1) + self._most_lags() + 6)

    def _check_options(self, n_hedges: int) -> None:
        check_johansen_options(self._most_lags(), self.deterministic)
        check_significance(self.significance)
        if self.criterion not in ("aic", "bic"):
            raise InputError(f"criterion must be 'aic' or 'bic', not {self.criterion!r}")
        if self.rank is not None and not 0 <= self.rank <= n_hedges + 1:
            raise InputError(f"rank must be None or from 0 to the number of series, {n_hedges + 1}, not {self.rank}")
        if self.minimum_rows < 1:
            raise InputError(f"minimum_rows must be at least 1, not {self.minimum_rows}")
        if n_hedges + 1 > MOST_SERIES:
            raise DataError(
                f"Johansen's test of {n_hedges + 1} series is beyond the {MOST_SERIES} with critical values; "
                "hedge with fewer instruments, or use error_correction"
            )


def chosen_lags(levels: FloatArray, most: int, criterion: Criterion) -> int:
    """Return the number of lagged changes, 0 to ``most``, with the least criterion, all on the same rows.

    The criterion is that of a vector autoregression with constant of the levels (n, d) with one lag more. One
    factorisation holds the regressions of all orders.
    """
    n, d = levels.shape
    orders = most + 1
    rows = n - orders
    past = [levels[orders - lag : n - lag] for lag in range(1, orders + 1)]
    upper = np.asarray(np.linalg.qr(np.column_stack([np.ones(rows), *past, levels[orders:]]), mode="r"))
    penalty = 2.0 if criterion == "aic" else float(np.log(rows))
    values = []
    for order in range(1, orders + 1):
        left = upper[1 + order * d :, -d:]
        _, log_determinant = np.linalg.slogdet(left.T @ left / rows)
        values.append(log_determinant + penalty / rows * (order * d * d + d))
    return int(np.argmin(values))


def _scaled_levels(X: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return levels (n + 1, n_series), exposure first, over the size of their changes, and that size (n_series,)."""
    changes = np.column_stack([y, X])
    size = changes.std(axis=0)
    return levels_of((X / size[1:]), y / size[0])[:, [-1, *range(X.shape[1])]], size
