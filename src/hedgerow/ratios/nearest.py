"""The nearest covariance to a matrix that is not one, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError

LARGEST_DISTANCE = 0.01
"""Share of its size by which a correlation matrix may be moved to become possible; further is an error."""

ROUNDING = 1e-12
PROJECTIONS = 1000


@dataclass(frozen=True, eq=False)
class NearestCovariance:
    """A covariance, and how far it is from the matrix given.

    Attributes
    ----------
    matrix : ndarray (k, k)
        Positive semidefinite, with the variances given.
    distance : float
        Frobenius norm of the change of the correlations, as a share of their own norm; 0 where nothing was changed.
    least_eigenvalue : float
        Of the correlations as given; negative where they were not those of any data.
    """

    matrix: FloatArray
    distance: float
    least_eigenvalue: float


def nearest_covariance(matrix: ArrayLike, largest_distance: float = LARGEST_DISTANCE) -> NearestCovariance:
    """Return the covariance nearest to a symmetric matrix, variances kept.

    Correlations from different spans or sources, or rounded by hand, need not be those of any data: some portfolio then
    has a negative variance. They are moved to the nearest that are, unless that is far away.

    Parameters
    ----------
    matrix : array-like (k, k)
        Covariances, or correlations.
    largest_distance : float, default=0.01
        Distance above which the matrix is refused.

    Returns
    -------
    NearestCovariance

    Raises
    ------
    DataError
        A figure is missing, the matrix is not symmetric, a variance is not positive, or the nearest covariance is
        further away than ``largest_distance``.

    References
    ----------
    Higham, N. J. (2002), IMA Journal of Numerical Analysis 22, 329-343.

    Examples
    --------
    >>> found = nearest_covariance([[1.0, 0.9, 0.3], [0.9, 1.0, 0.69], [0.3, 0.69, 1.0]])
    >>> round(found.distance, 4), bool(found.least_eigenvalue < 0)
    (0.0012, True)
    """
    given = np.asarray(matrix, dtype=np.float64)
    if given.ndim != 2 or given.shape[0] != given.shape[1]:
        raise DataError(f"a covariance must be a square matrix, not of shape {given.shape}")
    require_finite(given, "the covariance")
    variances = np.diag(given)
    if not np.all(variances > 0.0):
        still = int(np.argmin(variances > 0.0))
        raise DataError(
            f"the variance at position {still} must be above 0, not {variances[still]:g}; leave out what is still"
        )
    size = np.sqrt(variances)
    correlations = given / np.outer(size, size)
    if not np.allclose(correlations, correlations.T, rtol=0.0, atol=1e-8):
        i, j = divmod(int(np.argmax(np.abs(correlations - correlations.T))), len(given))
        raise DataError(
            f"the covariance is not symmetric: ({i}, {j}) is {given[i, j]:g} and ({j}, {i}) {given[j, i]:g}"
        )
    least = float(np.linalg.eigvalsh(correlations)[0])
    if least >= -ROUNDING * len(given):
        return NearestCovariance(given.copy(), 0.0, least)
    moved = _nearest_correlations(0.5 * (correlations + correlations.T))
    distance = float(np.linalg.norm(moved - correlations) / np.linalg.norm(correlations))
    if distance > largest_distance:
        raise DataError(
            f"the covariance is not one of any data (least eigenvalue of its correlations {least:.3g}) and the nearest "
            f"that is lies {distance:.1%} away, above {largest_distance:.1%}; take all figures from the same rows"
        )
    return NearestCovariance(moved * np.outer(size, size), distance, least)


def require_finite(values: FloatArray, what: str) -> None:
    """Raise DataError naming the first missing (NaN) or infinite (inf) figure of an array."""
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        place = ", ".join(str(number) for number in bad[0])
        raise DataError(f"{what} is {values[tuple(bad[0])]} at ({place}); every figure must be a finite number")


def _nearest_correlations(correlations: FloatArray) -> FloatArray:
    """Return the nearest correlations by projecting in turn on matrices without negative eigenvalues and with ones.

    Dykstra's correction makes the end the nearest of all rather than just one of them; the last step scales the
    diagonal to one, which keeps eigenvalues from turning negative whenever the projections stop.
    """
    point, correction = correlations, np.zeros_like(correlations)
    for _ in range(PROJECTIONS):
        start = point - correction
        values, vectors = np.linalg.eigh(start)
        allowed = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = allowed - start
        point = allowed.copy()
        np.fill_diagonal(point, 1.0)
        if np.linalg.norm(point - allowed) <= ROUNDING * np.linalg.norm(point):
            break
    size = np.sqrt(np.diag(allowed))
    moved = allowed / np.outer(size, size)
    np.fill_diagonal(moved, 1.0)
    return np.asarray(0.5 * (moved + moved.T), dtype=np.float64)
