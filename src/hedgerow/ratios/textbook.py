"""The minimum-variance ratio from volatilities and correlations that you already have."""

from __future__ import annotations

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.ratios.nearest import nearest_covariance, require_finite


def minimum_variance_ratio(correlation: float, exposure_volatility: float, hedge_volatility: float) -> float:
    """Return ``h* = correlation * exposure_volatility / hedge_volatility``.

    Parameters
    ----------
    correlation : float
        Between the changes of exposure and hedge over the hedging period, from -1 to 1.
    exposure_volatility, hedge_volatility : float
        Standard deviations of those changes, in the same unit; the exposure's 0 or more, the hedge's above 0.

    Returns
    -------
    float
        Units of hedge to sell per unit of exposure. Volatilities of price changes give a ratio of units; volatilities
        of returns give a ratio of values (a beta), which :func:`units_from_return_ratio` turns into units.

    Raises
    ------
    InputError
        A correlation outside [-1, 1] or a volatility that is none.

    References
    ----------
    Ederington, L. H. (1979), Journal of Finance 34, 157-170.

    Examples
    --------
    >>> round(minimum_variance_ratio(0.928, 0.0263, 0.0313), 4)
    0.7798
    """
    if not -1.0 <= correlation <= 1.0:
        raise InputError(f"correlation must lie from -1 to 1, not {correlation}")
    if not exposure_volatility >= 0.0:
        raise InputError(f"exposure_volatility must be at least 0, not {exposure_volatility}")
    if not hedge_volatility > 0.0:
        raise InputError(f"hedge_volatility must be above 0, not {hedge_volatility}")
    return correlation * exposure_volatility / hedge_volatility


def minimum_variance_ratios(
    hedge_covariance: ArrayLike, cross_covariance: ArrayLike, exposure_variance: float | None = None
) -> FloatArray:
    """Return ``h* = inverse(Cov(x, x)) Cov(x, y)`` for several hedges.

    Parameters
    ----------
    hedge_covariance : array-like (n_hedges, n_hedges)
        Covariance of the hedges' changes; symmetric.
    cross_covariance : array-like (n_hedges,)
        Covariance of each hedge's change with the exposure's, in the same units.
    exposure_variance : float, optional
        Given, all of them together are held to be a covariance: figures pieced together from several sources often are
        not, and are then moved to the nearest one (:func:`nearest_covariance`) where that is within 1 %.

    Returns
    -------
    ndarray (n_hedges,)
        Units of each hedge to sell per unit of exposure.

    Raises
    ------
    DataError
        Hedges are collinear, shapes do not fit, a figure is missing, or the figures are further than 1 % from any
        covariance.

    Examples
    --------
    >>> minimum_variance_ratios([[4.0, 0.0], [0.0, 1.0]], [2.0, 0.5])
    array([0.5, 0.5])
    """
    inner = np.asarray(hedge_covariance, dtype=np.float64)
    outer = np.asarray(cross_covariance, dtype=np.float64)
    if outer.ndim != 1 or inner.shape != (len(outer), len(outer)):
        raise DataError(f"covariances must be (k, k) and (k,), not {inner.shape} and {outer.shape}")
    if exposure_variance is None:
        require_finite(outer, "the covariance with the exposure")
        inner = nearest_covariance(inner).matrix
    else:
        joint = nearest_covariance(np.block([[inner, outer[:, None]], [outer, exposure_variance]])).matrix
        inner, outer = joint[:-1, :-1], joint[:-1, -1]
    size = np.sqrt(np.diag(inner))
    if not np.all(size > 0.0) or np.linalg.cond(inner / np.outer(size, size)) > 1e14:
        raise DataError(
            "the hedges' covariance is singular: a hedge does not move or hedges are collinear; leave one out"
        )
    return np.asarray(np.linalg.solve(inner, outer), dtype=np.float64)
