"""Johansen's test: how many long-run relations tie prices together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError, InputError

Deterministic = Literal["n", "co", "ci"]
DETERMINISTIC: tuple[Deterministic, ...] = ("n", "co", "ci")
"""No constant, a constant outside the long-run relations, or one inside."""

SIGNIFICANCES = (0.10, 0.05, 0.01)
LEAST_LEFT = 1e-12
"""Share of a combination of levels that its past leaves unexplained, below which it is nothing but rounding."""

MOST_SERIES = 12
"""Series beyond which no critical values are tabulated."""


@dataclass(frozen=True, eq=False)
class JohansenTest:
    """Johansen's trace and largest-eigenvalue tests that there are at most r long-run relations, r = 0, 1, ...

    Attributes
    ----------
    trace_statistics : ndarray (n_series,)
        Element r tests "at most r relations" against "more".
    trace_critical_values : dict of float to ndarray (n_series,)
        By significance: 0.10, 0.05 and 0.01.
    maximum_statistics : ndarray (n_series,)
        Element r tests "r relations" against "r + 1".
    maximum_critical_values : dict of float to ndarray (n_series,)
    eigenvalues : ndarray (n_series,)
        Squared canonical correlations, largest first.
    vectors : ndarray (n_series, n_series)
        Long-run relations as columns, the likeliest first, in the order of the eigenvalues and without a norm.
    lags : int
        Lagged changes allowed for.
    """

    trace_statistics: FloatArray
    trace_critical_values: dict[float, FloatArray]
    maximum_statistics: FloatArray
    maximum_critical_values: dict[float, FloatArray]
    eigenvalues: FloatArray
    vectors: FloatArray
    lags: int

    def rank(self, significance: float = 0.05) -> int:
        """Return the number of relations: the first r for which "at most r" is not rejected by the trace test."""
        check_significance(significance)
        rejected = self.trace_statistics > self.trace_critical_values[significance]
        return len(rejected) if rejected.all() else int(np.argmin(rejected))


def johansen_test(levels: ArrayLike, lags: int = 1, deterministic: Deterministic = "co") -> JohansenTest:
    """Return Johansen's test on prices or other levels.

    Parameters
    ----------
    levels : array-like (n_obs, n_series)
        Two to twelve series, oldest row first.
    lags : int, default=1
        Lagged changes in the regressions.
    deterministic : {"n", "co", "ci"}, default="co"
        ``"n"`` takes nothing off; the others a constant (critical values are those of an unrestricted one).

    Returns
    -------
    JohansenTest

    Raises
    ------
    DataError
        A value is missing or infinite, rows are too few, or the series are tied exactly.
    InputError
        An option breaks its rule.

    References
    ----------
    Johansen, S. (1991), Econometrica 59, 1551-1580. MacKinnon, J. G., Haug, A. A. and Michelis, L. (1999), Journal of
    Applied Econometrics 14, 563-577.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> future = 100.0 + np.cumsum(rng.standard_normal(500))
    >>> spot = future + rng.standard_normal(500)
    >>> johansen_test(np.column_stack([spot, future])).rank()
    1
    """
    table = np.asarray(levels, dtype=np.float64)
    check_johansen_options(lags, deterministic)
    if table.ndim != 2 or not 2 <= table.shape[1] <= MOST_SERIES:
        raise DataError(f"levels must be a table of 2 to {MOST_SERIES} columns, not of shape {table.shape}")
    if not np.all(np.isfinite(table)):
        raise DataError("levels hold missing or infinite values; drop those rows")
    fewest = table.shape[1] * (lags + 1) + lags + 4
    if len(table) < fewest:
        raise DataError(f"at least {fewest} rows of levels are needed, not {len(table)}; give a longer history")
    size = np.diff(table, axis=0).std(axis=0)
    if not is_free(np.diff(table, axis=0)):
        raise DataError(
            "the series move as one, so that a test of their relation has no meaning; leave one of them out"
        )
    return johansen_of_scaled((table - table[0]) / size, size, lags, deterministic)


def johansen_of_scaled(scaled: FloatArray, size: FloatArray, lags: int, deterministic: Deterministic) -> JohansenTest:
    """Return the test on levels already divided by the ``size`` (n_series,) of their changes.

    Raises
    ------
    DataError
        A series follows from the past without error, so that its regressions are singular.
    """
    from statsmodels.tsa.vector_ar.vecm import coint_johansen

    try:
        with np.errstate(all="ignore"):
            found = coint_johansen(scaled, -1 if deterministic == "n" else 0, lags)
        determined = bool(np.all(np.isfinite(found.evec)) and np.all(found.eig < 1.0 - LEAST_LEFT))
    except np.linalg.LinAlgError:
        determined = False
    if not determined:
        raise DataError(
            "the levels do not identify a long-run relation: one of them follows from its past or the others' without "
            "error, or hardly ever moves; give a longer history or leave that series out"
        )
    return JohansenTest(
        trace_statistics=np.array(found.trace_stat),
        trace_critical_values=_by_significance(found.trace_stat_crit_vals),
        maximum_statistics=np.array(found.max_eig_stat),
        maximum_critical_values=_by_significance(found.max_eig_stat_crit_vals),
        eigenvalues=np.array(found.eig),
        vectors=np.array(found.evec) / size[:, None],
        lags=lags,
    )


def is_free(changes: FloatArray) -> bool:
    """Return whether every series of changes (n, n_series) moves, and none is a combination of the others."""
    centred = changes - changes.mean(axis=0)
    size = np.sqrt(np.mean(centred**2, axis=0))
    if not np.all(size > 0.0):
        return False
    singular = np.linalg.svd(centred / size, compute_uv=False)
    return bool(singular[-1] > 1e-6 * singular[0])


def check_johansen_options(lags: int, deterministic: str) -> None:
    """Raise InputError unless there can be so many lags and such constants."""
    if lags < 0:
        raise InputError(f"lags must be at least 0, not {lags}")
    if deterministic not in DETERMINISTIC:
        raise InputError(f"deterministic must be one of {', '.join(DETERMINISTIC)}, not {deterministic!r}")


def check_significance(significance: float) -> None:
    """Raise InputError unless critical values are tabulated at ``significance``."""
    if significance not in SIGNIFICANCES:
        raise InputError(f"significance must be 0.1, 0.05 or 0.01, not {significance}")


def _by_significance(columns: FloatArray) -> dict[float, FloatArray]:
    return {own: np.array(columns[:, number]) for number, own in enumerate(SIGNIFICANCES)}
