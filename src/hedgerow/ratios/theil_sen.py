"""Theil and Sen's slope: the median over all pairs of rows, which up to 29 % of outlying rows cannot carry away."""

from __future__ import annotations

import warnings
from statistics import NormalDist

import numpy as np

from hedgerow._types import FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.kernels.pairwise import middle_slopes, slope_of_rank
from hedgerow.ratios.base import MOST_WORK, Estimate, RatioEstimator
from hedgerow.ratios.refits import RefitLog

MOST_ROWS = 20_000
SUBSETS = 10_000
WORK_PER_SUBSET = 3e4
CONFIDENCE = 0.95


class TheilSen(RatioEstimator):
    """Median slope over all pairs of rows, exact for one hedge.

    With several hedges the spatial median of least-squares fits to random subsets of rows is taken (scikit-learn's
    ``TheilSenRegressor``), which is slow to refit and has no standard error.

    Parameters
    ----------
    seed : int, default=0
        Chooses the subsets; no part in the result for one hedge.

    Notes
    -----
    The standard error is half of Sen's 95 % interval of ranks divided by 1.96.

    References
    ----------
    Sen, P. K. (1968), Journal of the American Statistical Association 63, 1379-1389.
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def work(self, n_obs: int, first: int, every: int = 1, n_hedges: int = 1) -> float:
        """Return a rough count of slopes taken: every pair of rows once; with several hedges, subsets at each refit."""
        if n_hedges == 1:
            return 0.5 * n_obs * n_obs
        return len(range(first, n_obs, every)) * SUBSETS * WORK_PER_SUBSET

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        if X.shape[1] > 1:
            return self._spatial_median(X, y)
        x = X[:, 0]
        slope = float(middle_slopes(x, y, np.array([len(y)]))[0])
        intercept = float(np.median(y) - slope * np.median(x))
        return Estimate(np.array([slope]), np.array([rank_interval_error(x, y)]), intercept)

    def _spatial_median(self, X: FloatArray, y: FloatArray) -> Estimate:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import TheilSenRegressor

        model = TheilSenRegressor(random_state=self.seed, max_subpopulation=SUBSETS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(X, y)
        return Estimate(np.asarray(model.coef_, dtype=np.float64), None, float(model.intercept_))

    def _check_rows(self, X: FloatArray, y: FloatArray) -> None:
        if len(y) > MOST_ROWS:
            raise DataError(
                f"Theil and Sen's slope compares all pairs of rows and takes at most {MOST_ROWS} rows, not {len(y)}; "
                "give fewer rows or a coarser period"
            )
        super()._check_rows(X, y)

    def _check_work(self, n_obs: int, first: int, every: int, n_hedges: int) -> None:
        if n_obs > MOST_ROWS or self.work(n_obs, first, every, n_hedges) > MOST_WORK:
            raise InputError(
                f"refitting Theil and Sen's slope every {every} rows on {n_obs} rows of {n_hedges} hedges would take "
                "minutes; refit less often (every, --refit), give fewer rows, or leave the method out"
            )

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        if X.shape[1] > 1:
            return super()._ratios_at(X, y, rows, log)
        ratios = middle_slopes(X[:, 0], y, rows)[:, None]
        return self._settled(X, y, rows, ratios, np.zeros(len(rows), dtype=np.bool_), None)


def rank_interval_error(x: FloatArray, y: FloatArray, confidence: float = CONFIDENCE) -> float:
    """Return the standard error that Sen's interval of slope ranks implies: half its width over the normal quantile."""
    low, high = rank_interval(x, y, confidence)
    return (high - low) / 2.0 / NormalDist().inv_cdf(0.5 + confidence / 2.0)


def rank_interval(x: FloatArray, y: FloatArray, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return Sen's confidence interval for the slope: two ranks among the pairwise slopes, corrected for ties."""
    n_obs = len(x)
    spread = _concordance(np.array([n_obs])) - _concordance(_repeats(x)) - _concordance(_repeats(y))
    slopes = (n_obs * (n_obs - 1) - int(np.sum(_repeats(x) * (_repeats(x) - 1)))) // 2
    reach = NormalDist().inv_cdf(0.5 + confidence / 2.0) * np.sqrt(max(spread, 0.0) / 18.0)
    high = min(round((slopes + reach) / 2.0), slopes - 1)
    low = max(round((slopes - reach) / 2.0) - 1, 0)
    return slope_of_rank(x, y, low), slope_of_rank(x, y, high)


def _repeats(values: FloatArray) -> IntArray:
    counts = np.unique(values, return_counts=True)[1]
    return np.asarray(counts[counts > 1], dtype=np.int64)


def _concordance(counts: IntArray) -> float:
    return float(np.sum(counts * (counts - 1.0) * (2.0 * counts + 5.0)))
