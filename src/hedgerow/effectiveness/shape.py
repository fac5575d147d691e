"""The shape of a distribution of changes: to which side its tail leans, and how heavy both tails are."""

from __future__ import annotations

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.changes import checked_changes

_CONSTANT = 1e-12


def skewness(changes: ArrayLike) -> float:
    """Return the third standardised moment ``mean(z^3)``, divisors n; negative where the long tail is of losses.

    Parameters
    ----------
    changes : array_like of shape (n,)
        Finite; the figure has no unit.

    Returns
    -------
    float
        NaN below three rows and for a constant series, which have no shape.

    Raises
    ------
    DataError
        Missing values.

    Examples
    --------
    >>> round(skewness([-4.0, 1.0, 1.0, 2.0]), 3)
    -1.047
    """
    z = _standardised(changes, 3)
    return float("nan") if z is None else float(np.mean(z**3))


def excess_kurtosis(changes: ArrayLike) -> float:
    """Return the fourth standardised moment less the normal's three, ``mean(z^4) - 3``, divisors n.

    Parameters
    ----------
    changes : array_like of shape (n,)
        Finite; the figure has no unit.

    Returns
    -------
    float
        0 for normal changes, positive for heavier tails, at least -2; NaN below four rows and for a constant series.

    Raises
    ------
    DataError
        Missing values.

    Examples
    --------
    >>> excess_kurtosis([-1.0, 1.0, -1.0, 1.0])
    -2.0
    """
    z = _standardised(changes, 4)
    return float("nan") if z is None else float(np.mean(z**4) - 3.0)


def _standardised(changes: ArrayLike, fewest: int) -> FloatArray | None:
    """Return the changes less their mean over their standard deviation, or None where that means nothing."""
    values = checked_changes(changes, "changes")
    if len(values) < fewest or np.ptp(values) <= _CONSTANT * np.abs(values).max():
        return None
    deviations = values - values.mean()
    return np.asarray(deviations / np.sqrt(np.mean(deviations**2)))
