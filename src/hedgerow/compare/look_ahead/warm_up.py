"""How much past a method needs: what its last ratio becomes when it is given only the last so many rows.

>>> import numpy as np
>>> from hedgerow.ratios import RollingOLS
>>> x = np.random.default_rng(0).normal(size=(1000, 1))
>>> y = 0.8 * x[:, 0] + 0.1 * np.random.default_rng(1).normal(size=1000)
>>> warm_up_drift(RollingOLS(window=60), x, y, windows=(199, 399))["drift"].tolist()
[0.0, 0.0]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.ratios import RatioEstimator

WINDOWS = (199, 399, 499, 999, 1999)
"""Rows of past to try; the choice is that of freqtrade's recursive analysis."""


def warm_up_drift(
    estimator: RatioEstimator, X: ArrayLike, y: ArrayLike, windows: Sequence[int] = WINDOWS
) -> pd.DataFrame:
    """Return how far the last ratio moves when a method sees only the last rows instead of all.

    Parameters
    ----------
    estimator : RatioEstimator
        Cloned, never changed.
    X, y : array-like (n_obs, n_hedges), (n_obs,)
        Changes of the hedges and of the exposure, oldest row first.
    windows : sequence of int
        Rows to try; those that are not there are left out.

    Returns
    -------
    pandas.DataFrame
        Index ``rows``; one column of ratios per hedge (``ratio_0``, ...), ``drift`` (largest absolute change of a
        ratio over its size with all rows, as a decimal; NaN where there is no fit) and ``reason`` (why there is none).

    Raises
    ------
    InputError
        Where a window is below 1, or none fits into the rows.
    DataError
        Where the method cannot be fitted to all rows.
    """
    from sklearn.base import clone

    table, target = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    tried = sorted({int(window) for window in windows if window <= len(target)})
    if not tried or tried[0] < 1:
        raise InputError(f"windows must be 1 row or more and at least one no longer than {len(target)} rows")
    whole = clone(estimator).fit(table, target)
    if not whole.convergence_.converged:
        raise DataError(f"the method has no ratio from all {len(target)} rows: {whole.convergence_.reason}")
    rows = {window: _last_ratio(clone(estimator), table[-window:], target[-window:]) for window in tried}
    result = pd.DataFrame.from_dict({window: ratio for window, (ratio, _) in rows.items()}, orient="index")
    result.columns = [f"ratio_{number}" for number in range(result.shape[1])]
    moved = np.abs(result.to_numpy() - whole.hedge_ratio_) / np.abs(whole.hedge_ratio_)
    result["drift"] = moved.max(axis=1)
    result["reason"] = [reason for _, reason in rows.values()]
    return result.rename_axis("rows")


def _last_ratio(estimator: RatioEstimator, X: FloatArray, y: FloatArray) -> tuple[FloatArray, str]:
    """Return the ratio for the row after those given, NaN with the reason where there is none."""
    try:
        fitted = estimator.fit(X, y)
    except DataError as error:
        return np.full(X.shape[1], np.nan), str(error)
    if not fitted.convergence_.converged:
        return np.full(X.shape[1], np.nan), fitted.convergence_.reason
    return fitted.hedge_ratio_, ""
