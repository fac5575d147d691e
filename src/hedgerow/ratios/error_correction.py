"""Error correction: the short-run ratio, given that prices are drawn back to a long-run relation."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.kernels.comoments import WEAKEST_PIVOT, growing_comoments, slopes_of_comoments
from hedgerow.ratios.base import Estimate, RatioEstimator
from hedgerow.ratios.checks import GARCH_ROWS_ADVISED, check_row_count
from hedgerow.ratios.convergence import CLOSED_FORM, Convergence
from hedgerow.ratios.least_squares import least_squares, slope_errors
from hedgerow.ratios.refits import RefitLog

if TYPE_CHECKING:
    from hedgerow.ratios.garch_regression import GARCHErrors

SMALLEST_GAP = 1e-10
"""Range of the gap, as a share of the exposure level's, below which it is nothing but rounding."""


@dataclass(frozen=True)
class Cointegration:
    """Engle and Granger's test that exposure and hedges have no long-run relation.

    Attributes
    ----------
    statistic
        t-statistic of the unit-root test on the residuals of the levels; the more negative, the stronger the relation.
    p_value
        MacKinnon's, small where a long-run relation is credible.
    critical_values
        By significance: 0.01, 0.05 and 0.10.
    """

    statistic: float
    p_value: float
    critical_values: dict[float, float]


class ErrorCorrection(RatioEstimator):
    """Engle and Granger's two steps: a long-run relation of levels, then changes drawn back to it.

    Levels are the running sums of the changes given to ``fit``, the price before the first change included; the unknown
    starting prices are taken up by the intercept. With z the residual of the levels' regression,

        Δy_t = a + h Δx_t + γ z_{t-1} + (``lags`` past changes of y and x) + error,

    and h is the ratio. Changes must be simple differences (or logs), so that their sums are levels.

    Parameters
    ----------
    lags : int, default=0
        Past changes of exposure and hedges that step two allows for.
    garch : {"garch", "gjr"} or None, default=None
        None takes step two by least squares; else its errors have a GARCH(1,1) variance (Bollerslev), or one that
        answers falls more than rises (Glosten, Jagannathan and Runkle), and it is taken by (quasi-)maximum likelihood,
        so that calm rows count for more. The ratio is constant either way.
    minimum_rows : int, default=500
        Rows below which ``fit`` refuses GARCH errors; without them it has no part.

    Attributes
    ----------
    adjustment_ : float
        γ: share of the gap to the long-run relation that the exposure closes per period (negative); 0 where levels are
        the same up to scale, so that no gap ever opens.
    long_run_ratio_ : ndarray (n_hedges,)
        Slopes of the levels' regression.
    cointegration_ : Cointegration
        Test of the long-run relation, computed when first asked for.
    garch_errors_ : GARCHErrors or None
        The variance of step two's errors: parameters with robust errors, log-likelihood. None without GARCH errors, or
        where nothing is left over to have a variance.

    References
    ----------
    Engle, R. F. and Granger, C. W. J. (1987), Econometrica 55, 251-276.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> future = np.cumsum(rng.standard_normal(601))
    >>> spot = 0.9 * future + rng.standard_normal(601)
    >>> fitted = ErrorCorrection(garch="garch").fit(np.diff(future)[:, None], np.diff(spot))
    >>> fitted.convergence_.converged, sorted(fitted.garch_errors_.parameters)
    (True, ['alpha', 'beta', 'omega'])
    """

    garch_errors_: GARCHErrors | None

    def __init__(self, lags: int = 0, garch: Literal["garch", "gjr"] | None = None, minimum_rows: int = 500) -> None:
        self.lags = lags
        self.garch = garch
        self.minimum_rows = minimum_rows

    @property
    def advised_rows(self) -> int:  # type: ignore[override]
        """Rows below which a study warns that the method is uncertain: GARCH errors want as many as a GARCH ratio."""
        return 0 if self.garch is None else GARCH_ROWS_ADVISED

    @property
    def cointegration_(self) -> Cointegration:
        """Engle and Granger's test on the levels that ``fit`` saw."""
        if not hasattr(self, "_levels"):
            raise AttributeError("cointegration_ is there after fit")
        return cointegration_test(self._levels[:, -1], self._levels[:, :-1])

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        k = X.shape[1]
        self._levels = levels_of(X, y)
        long_run, _, gap = least_squares(self._levels[:, :-1], self._levels[:, -1])
        has_gap = np.ptp(gap) > SMALLEST_GAP * np.ptp(self._levels[:, -1])
        blocks = [X, gap[:-1, None]] if has_gap else [X]
        regressors = np.column_stack([*blocks, *self._past_changes(X, y)])[self.lags :]
        slopes, errors, constant, convergence = self._short_run(regressors, y[self.lags :])
        self.long_run_ratio_ = long_run
        self.adjustment_ = float(slopes[k]) if has_gap else 0.0
        return Estimate(slopes[:k], errors[:k], constant, first_row=self.lags, convergence=convergence)

    def _short_run(
        self, regressors: FloatArray, regressand: FloatArray
    ) -> tuple[FloatArray, FloatArray, float, Convergence]:
        """Return slopes, their standard errors, constant and how the search ended of step two."""
        self.garch_errors_ = None
        if self.garch is None:
            slopes, constant, residuals = least_squares(regressors, regressand)
            return slopes, slope_errors(regressors, residuals, errors="hac"), constant, CLOSED_FORM
        from hedgerow.ratios.garch_regression import garch_regression

        found = garch_regression(regressors, regressand, self.garch)
        self.garch_errors_ = found.errors
        return found.slopes, found.standard_errors, found.intercept, found.convergence

    def _past_changes(self, X: FloatArray, y: FloatArray) -> list[FloatArray]:
        """Return ``lags`` blocks (n, k + 1) of past changes; the first rows of each, not known, are zero and unused."""
        changes = np.column_stack([X, y])
        blocks = []
        for lag in range(1, self.lags + 1):
            block = np.zeros_like(changes)
            block[lag:] = changes[:-lag]
            blocks.append(block)
        return blocks

    def _fewest_rows(self, n_hedges: int) -> int:
        fewest = (n_hedges + 1) * (self.lags + 1) + self.lags + 3
        return fewest if self.garch is None else max(fewest + 4, self.minimum_rows)

    def _check_options(self, n_hedges: int) -> None:
        if self.lags < 0:
            raise InputError(f"lags must be at least 0, not {self.lags}")
        if self.garch not in (None, "garch", "gjr"):
            raise InputError(f"garch must be None, 'garch' or 'gjr', not {self.garch!r}")
        if self.minimum_rows < 1:
            raise InputError(f"minimum_rows must be at least 1, not {self.minimum_rows}")

    def _check_rows(self, X: FloatArray, y: FloatArray) -> None:
        check_row_count(len(y), self._fewest_rows(X.shape[1]), X.shape[1])
        super()._check_rows(X, y)

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        if self.garch is not None:
            return super()._ratios_at(X, y, rows, log)
        k = X.shape[1]
        levels = levels_of(X, y)
        _, of_levels = growing_comoments(levels, rows + 1)
        long_run, level_pivots = slopes_of_comoments(of_levels)
        columns = np.column_stack([X, levels[:-1], *self._past_changes(X, y), y])[self.lags :]
        _, moments = growing_comoments(columns, rows - self.lags)
        ratios, pivots = slopes_of_comoments(_with_gap(moments, long_run))
        gap_share = _gap_share(of_levels, long_run)
        doubtful = ~((pivots > WEAKEST_PIVOT) & (level_pivots > WEAKEST_PIVOT) & (gap_share > WEAKEST_PIVOT))
        return self._settled(X, y, rows, ratios[:, :k], doubtful, None)


def levels_of(X: FloatArray, y: FloatArray) -> FloatArray:
    """Return running sums (n + 1, k + 1) of the changes, from 0 before the first; the exposure last."""
    changes = np.column_stack([X, y])
    return np.vstack([np.zeros(changes.shape[1]), np.cumsum(changes, axis=0)])


def _with_gap(moments: FloatArray, long_run: FloatArray) -> FloatArray:
    """Return co-moments in which the levels (k hedges, then exposure) are replaced by exposure minus long-run hedges.

    The variables of ``moments`` (r, p, p) are k changes, k + 1 levels, and the rest.
    """
    r, p = moments.shape[:2]
    k = long_run.shape[1]
    change_of_variables = np.zeros((r, p - k, p))
    change_of_variables[:, :k, :k] = np.eye(k)
    change_of_variables[:, k, k : 2 * k] = -long_run
    change_of_variables[:, k, 2 * k] = 1.0
    change_of_variables[:, k + 1 :, 2 * k + 1 :] = np.eye(p - 2 * k - 1)
    replaced: FloatArray = change_of_variables @ moments @ change_of_variables.transpose(0, 2, 1)
    return replaced


def _gap_share(of_levels: FloatArray, long_run: FloatArray) -> FloatArray:
    """Return the share (r,) of the exposure level's moment that the long-run relation leaves unexplained."""
    explained = np.sum(long_run * of_levels[:, :-1, -1], axis=1)
    total = of_levels[:, -1, -1]
    return np.divide(total - explained, total, out=np.zeros(len(total)), where=total > 0.0)


def cointegration_test(exposure: FloatArray, hedges: FloatArray) -> Cointegration:
    """Return Engle and Granger's test of cointegration, its lags chosen by AIC.

    Parameters
    ----------
    exposure : ndarray (n_obs,)
        Levels of the exposure.
    hedges : ndarray (n_obs, n_hedges)
        Levels of the hedges.

    Returns
    -------
    Cointegration
    """
    from statsmodels.tools.sm_exceptions import CollinearityWarning
    from statsmodels.tsa.stattools import coint

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CollinearityWarning)  # the statistic is then minus infinity, which says it
        statistic, p_value, critical = coint(exposure, hedges, trend="c", autolag="aic", return_results=False)
    significances = (0.01, 0.05, 0.10)
    return Cointegration(float(statistic), float(p_value), dict(zip(significances, map(float, critical), strict=True)))
