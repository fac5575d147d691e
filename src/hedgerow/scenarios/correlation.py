"""Correlated normals: the lower triangle whose product with itself is the correlation matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError

_ROUNDING = 1e-10


def correlation_factor(correlation: Any, n_underlyings: int) -> FloatArray:
    """Return L, lower triangular with L L' = correlation; also where assets move as one.

    Parameters
    ----------
    correlation : array-like (n_underlyings, n_underlyings), or None
        Of the normals that move the logarithms of the spots; None for none at all.
    n_underlyings : int

    Returns
    -------
    ndarray, shape (n_underlyings, n_underlyings)

    Raises
    ------
    InputError
        For another shape, a matrix that is not symmetric or has no ones on its diagonal, or one that no random
        numbers can have; it is not replaced by the nearest that they can.

    Examples
    --------
    >>> correlation_factor([[1.0, 0.6], [0.6, 1.0]], 2).round(6).tolist()
    [[1.0, 0.0], [0.6, 0.8]]
    """
    if correlation is None:
        return np.eye(n_underlyings)
    matrix = np.asarray(correlation, dtype=float)
    _refuse_no_correlation(matrix, n_underlyings)
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < -_ROUNDING:
        raise InputError(
            f"correlation is not positive definite: its smallest eigenvalue is {values[0]:.6g}, so that no prices can "
            f"move like this; estimate all pairs on the same rows, or shrink it towards the identity"
        )
    try:
        return np.asarray(np.linalg.cholesky(matrix))
    except np.linalg.LinAlgError:  # an eigenvalue of 0: some assets move as one
        _, upper = np.linalg.qr((vectors * np.sqrt(np.maximum(values, 0.0))).T)
        return np.asarray((upper * np.where(np.diag(upper) < 0.0, -1.0, 1.0)[:, None]).T)


def _refuse_no_correlation(matrix: FloatArray, n: int) -> None:
    if matrix.shape != (n, n):
        raise InputError(f"correlation must have shape ({n}, {n}), one row for each underlying, not {matrix.shape}")
    if not np.isfinite(matrix).all() or (np.abs(matrix) > 1.0 + _ROUNDING).any():
        raise InputError("correlation must hold numbers from -1 to 1; check the matrix for gaps and covariances")
    if not np.allclose(matrix, matrix.T, rtol=0.0, atol=_ROUNDING):
        row, column = np.unravel_index(np.argmax(np.abs(matrix - matrix.T)), matrix.shape)
        raise InputError(
            f"correlation is not symmetric: {matrix[row, column]:.6g} in row {row}, column {column}, but "
            f"{matrix[column, row]:.6g} across; give both halves alike"
        )
    if not np.allclose(np.diag(matrix), 1.0, rtol=0.0, atol=_ROUNDING):
        raise InputError(f"correlation must have ones on its diagonal, not {np.diag(matrix).tolist()}")
