"""Volatilities and correlations under stress: moved, made possible again, and worn by the history.

The covariance of a stress is rebuilt from its volatilities and its correlations. Correlations that no data could have
are replaced by the nearest ones that some could, and the distance is reported; a distance above 1 % is an error.

>>> import numpy as np
>>> moments = Moments.of(np.array([[1.0, 0.9], [-1.0, -1.1], [0.5, 0.2], [-0.5, 0.0]]))
>>> moments.moved(correlation=0.40).correlations.round(2).tolist()
[[1.0, 0.4], [0.4, 1.0]]
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.ratios.nearest import LARGEST_DISTANCE, nearest_covariance


@dataclass(frozen=True, eq=False)
class Moments:
    """Volatilities and correlations of the exposure (first) and its hedges, per row.

    Attributes
    ----------
    volatilities : ndarray, shape (1 + n_hedges,)
        Standard deviations of one row's change, in the unit of the changes.
    correlations : ndarray, shape (1 + n_hedges, 1 + n_hedges)
    distance : float
        How far the correlations were moved to become possible, as a share of their Frobenius norm; 0 where they were.
    """

    volatilities: FloatArray
    correlations: FloatArray
    distance: float = 0.0

    @classmethod
    def of(cls, changes: FloatArray) -> Moments:
        """Return the sample moments (divisor n - 1) of changes (n_rows, 1 + n_hedges), the exposure first.

        Raises
        ------
        DataError
            With fewer than three rows, a value that is not finite, or a column that does not move.
        """
        if len(changes) < 3:
            raise DataError(
                f"a stress test needs at least 3 rows of changes, not {len(changes)}; give a longer history"
            )
        if not np.isfinite(changes).all():
            row, column = np.argwhere(~np.isfinite(changes))[0]
            raise DataError(f"column {column} of the changes is not finite at row {row}; drop rows without a change")
        volatilities = changes.std(axis=0, ddof=1)
        still = np.flatnonzero(np.ptp(changes, axis=0) == 0.0)
        if len(still):
            what = "the exposure" if still[0] == 0 else f"hedge {still[0] - 1}"
            raise DataError(f"{what} does not move, so it has no correlation; choose another series or span")
        correlations = np.clip(np.corrcoef(changes, rowvar=False), -1.0, 1.0)
        np.fill_diagonal(correlations, 1.0)
        return cls(volatilities, correlations)

    @property
    def covariance(self) -> FloatArray:
        """Covariance matrix, shape (1 + n_hedges, 1 + n_hedges)."""
        covariance: FloatArray = self.correlations * np.outer(self.volatilities, self.volatilities)
        return covariance

    def moved(
        self, *, correlation: float | None = None, factors: FloatArray | None = None, among_hedges: bool = True
    ) -> Moments:
        """Return the moments with correlations moved to a value and volatilities multiplied.

        Parameters
        ----------
        correlation : float, optional
            From -1 to 1, in the sense of the estimated correlation of each pair: 0.40 turns an estimate of -0.9 into
            -0.40, and a negative value turns the relation round. Left as estimated where not given.
        factors : ndarray, shape (1 + n_hedges,), optional
            Multiply the volatilities, 0 or more.
        among_hedges : bool
            Move the correlations between hedges too, not only those with the exposure.

        Returns
        -------
        Moments
            With the distance to the nearest possible correlations.

        Raises
        ------
        InputError
            A correlation outside -1 to 1, a negative factor, or correlations more than 1 % from any possible ones.
        """
        volatilities = self.volatilities
        if factors is not None:
            if not (np.isfinite(factors).all() and (factors >= 0.0).all()):
                raise InputError(f"volatility factors must be 0 or more, not {factors.tolist()}")
            volatilities = volatilities * factors
        if correlation is None:
            return replace(self, volatilities=volatilities)
        if not -1.0 <= correlation <= 1.0:
            raise InputError(f"a correlation lies between -1 and 1, not at {correlation}")
        matrix = np.where(self.correlations < 0.0, -correlation, correlation)
        if not among_hedges:
            matrix[1:, 1:] = self.correlations[1:, 1:]
        np.fill_diagonal(matrix, 1.0)
        possible, distance = nearest_correlations(matrix)
        return Moments(volatilities, possible, distance)

    def deviation(self, weights: FloatArray) -> float:
        """Return the standard deviation of ``weights . changes``; exactly 0 where only rounding would be left."""
        scaled = weights * self.volatilities
        variance = float(scaled @ self.correlations @ scaled)
        size = float(np.abs(scaled) @ np.abs(self.correlations) @ np.abs(scaled))
        return 0.0 if variance <= 1e-14 * size else float(np.sqrt(variance))

    def best_ratio(self) -> FloatArray:
        """Return the ratio of least variance under these moments, shape (n_hedges,).

        Where hedges are collinear (all correlations at 1) the shortest of the equally good ratios, each hedge measured
        in its volatility; 0 for a hedge without volatility.
        """
        among = self.correlations[1:, 1:]
        standard = np.linalg.pinv(among, rcond=1e-10, hermitian=True) @ self.correlations[1:, 0]
        moving = self.volatilities[1:] > 0.0
        ratio = np.zeros(len(standard))
        ratio[moving] = standard[moving] * self.volatilities[0] / self.volatilities[1:][moving]
        return ratio


def nearest_correlations(matrix: FloatArray) -> tuple[FloatArray, float]:
    """Return the nearest possible correlation matrix (positive semidefinite, unit diagonal) and its distance.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Symmetric, 1 on the diagonal.

    Returns
    -------
    tuple of ndarray and float
        The matrix, and ``|nearest - matrix| / |matrix|`` in the Frobenius norm; 0 where the matrix was possible.

    Raises
    ------
    InputError
        Where the distance is above 1 %: such correlations contradict one another.

    References
    ----------
    N. J. Higham, *Computing the nearest correlation matrix*, IMA Journal of Numerical Analysis 22 (2002) 329-343.

    Examples
    --------
    >>> nearest_correlations(np.array([[1.0, 0.5], [0.5, 1.0]]))[1]
    0.0
    """
    found = nearest_covariance(matrix, largest_distance=np.inf)
    percent = 100 * found.distance
    if found.distance > LARGEST_DISTANCE:
        raise InputError(
            f"these correlations contradict one another: the nearest possible ones are {percent:.1f} % away, "
            f"more than {100 * LARGEST_DISTANCE:.0f} %; move fewer of them, or by less"
        )
    return np.clip(found.matrix, -1.0, 1.0), found.distance


def rescaled_sample(changes: FloatArray, now: Moments, stressed: Moments) -> FloatArray | None:
    """Return the history, means removed, given the stressed covariance; None where it holds too little to do so.

    The exposure keeps its own history, multiplied; each hedge becomes the mixture of the instruments before it and of
    its own residual that has the stressed covariance (Cholesky factors, the exposure first). A hedge that never left
    the line of the others has no residual from which a lower correlation could be made: then None.

    Parameters
    ----------
    changes : ndarray, shape (n_rows, 1 + n_hedges)
    now, stressed : Moments
        Those of ``changes``, and those wanted.
    """
    standard = (changes - changes.mean(axis=0)) / now.volatilities
    lower_now, lower = _lower(now.correlations), _lower(stressed.correlations)
    factors = np.zeros_like(standard)
    for column in range(standard.shape[1]):
        rest = standard[:, column] - factors[:, :column] @ lower_now[column, :column]
        if lower_now[column, column] > 1e-6:
            factors[:, column] = rest / lower_now[column, column]
        elif np.abs(lower[column:, column]).max() > 1e-6:
            return None
    sample: FloatArray = (factors @ lower.T) * stressed.volatilities
    return sample


def _lower(matrix: FloatArray) -> FloatArray:
    """Return the Cholesky factor of a correlation matrix that may be singular; zero columns where it is."""
    lower = np.zeros_like(matrix)
    for column in range(len(matrix)):
        rest = matrix[column:, column] - lower[column:, :column] @ lower[column, :column]
        if rest[0] > 1e-12:
            lower[column:, column] = rest / np.sqrt(rest[0])
    return lower
