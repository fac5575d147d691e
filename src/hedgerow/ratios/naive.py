"""Ratios that are not estimated: one for one, or a number given."""

from __future__ import annotations

import numpy as np

from hedgerow._types import ArrayLike, FloatArray, IntArray
from hedgerow.errors import InputError
from hedgerow.ratios.base import Estimate, RatioEstimator
from hedgerow.ratios.refits import RefitLog


class _Given(RatioEstimator):
    """A ratio known beforehand, at every row."""

    def __sklearn_tags__(self):  # type: ignore[no-untyped-def]
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True
        return tags

    def _given(self, n_hedges: int) -> FloatArray:
        raise NotImplementedError

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        return Estimate(self._given(X.shape[1]))

    def _fewest_rows(self, n_hedges: int) -> int:
        return 0

    def _check_rows(self, X: FloatArray, y: FloatArray) -> None:
        """Accept any rows: a given ratio needs nothing of them."""

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        return np.tile(self._given(X.shape[1]), (len(rows), 1))


class Naive(_Given):
    """One unit of hedge for one unit of exposure; several hedges share it equally.

    Examples
    --------
    >>> Naive().fit([[0.1, 0.2], [0.3, -0.1]], [0.1, 0.2]).hedge_ratio_
    array([0.5, 0.5])
    """

    def _given(self, n_hedges: int) -> FloatArray:
        return np.full(n_hedges, 1.0 / n_hedges)


class Fixed(_Given):
    """A ratio that you give.

    Parameters
    ----------
    ratio : float or array-like (n_hedges,), default=1.0
        Units of hedge per unit of exposure; a single number serves every hedge.

    Examples
    --------
    >>> Fixed(0.8).fit([[0.1], [0.3]], [0.1, 0.2]).hedge_ratio_
    array([0.8])
    """

    def __init__(self, ratio: ArrayLike = 1.0) -> None:
        self.ratio = ratio

    def _given(self, n_hedges: int) -> FloatArray:
        ratio = np.asarray(self.ratio, dtype=np.float64).ravel()
        return np.tile(ratio, n_hedges) if len(ratio) == 1 else ratio.copy()

    def _check_options(self, n_hedges: int) -> None:
        ratio = np.asarray(self.ratio, dtype=np.float64).ravel()
        if len(ratio) not in (1, n_hedges):
            raise InputError(f"ratio must be one number or one per hedge ({n_hedges}), not {len(ratio)} numbers")
        if not np.all(np.isfinite(ratio)):
            raise InputError(f"ratio must be finite, not {self.ratio!r}")
