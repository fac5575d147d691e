"""Whether a Sharpe ratio is more than luck, given how short and how crooked the record is.

>>> round(probabilistic_sharpe_ratio(0.1, 250), 3), round(minimum_track_record_length(0.1))
(0.942, 273)
"""

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from hedgerow.effectiveness.changes import checked_share
from hedgerow.errors import InputError


def probabilistic_sharpe_ratio(
    sharpe: float, n_rows: int, *, benchmark: float = 0.0, skewness: float = 0.0, excess_kurtosis: float = 0.0
) -> float:
    """Return the probability that the true Sharpe ratio is above the benchmark.

    ``N((s - s0) sqrt(n - 1) / sqrt(1 - g3 s + (g4 - 1) / 4 s^2))`` with skewness g3 and kurtosis ``g4 = 3 + excess``.

    Parameters
    ----------
    sharpe, benchmark : float
        Per row, *not* per year.
    n_rows : int
        At least 2.
    skewness, excess_kurtosis : float
        Of the rows; 0 and 0 are normal.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    InputError
        Fewer than two rows, a figure that is not finite, or a kurtosis below ``1 + skewness^2``, which no rows have.

    References
    ----------
    Bailey, D. H. and Lopez de Prado, M. (2012), The Sharpe ratio efficient frontier, Journal of Risk 15(2), 3-44.

    Examples
    --------
    >>> probabilistic_sharpe_ratio(0.0, 100)
    0.5
    """
    from scipy.special import ndtr

    _check_finite(sharpe=sharpe, benchmark=benchmark)
    if n_rows < 2:
        raise InputError(f"n_rows must be at least 2, got {n_rows}.")
    apart = sharpe - benchmark
    spread = sqrt(_variance(sharpe, skewness, excess_kurtosis))
    if spread == 0.0:
        return 0.5 * (1.0 + float(np.sign(apart)))
    return float(ndtr(apart * sqrt(n_rows - 1.0) / spread))


def minimum_track_record_length(
    sharpe: float,
    *,
    benchmark: float = 0.0,
    confidence: float = 0.95,
    skewness: float = 0.0,
    excess_kurtosis: float = 0.0,
) -> float:
    """Return the rows from which on the probabilistic Sharpe ratio reaches the confidence.

    ``1 + (1 - g3 s + (g4 - 1) / 4 s^2) (z / (s - s0))^2``; not rounded.

    Parameters
    ----------
    sharpe, benchmark : float
        Per row.
    confidence : float
        Above 0.5 and below 1.
    skewness, excess_kurtosis : float
        Of the rows.

    Returns
    -------
    float
        Infinite where the ratio is not above the benchmark.

    Raises
    ------
    InputError
        A confidence outside (0.5, 1), or what :func:`probabilistic_sharpe_ratio` refuses.

    References
    ----------
    Bailey, D. H. and Lopez de Prado, M. (2012), Journal of Risk 15(2), 3-44.

    Examples
    --------
    >>> round(minimum_track_record_length(0.1), 1)
    272.9
    """
    from scipy.special import ndtri

    _check_finite(sharpe=sharpe, benchmark=benchmark)
    if not checked_share(confidence, "confidence") > 0.5:
        raise InputError(f"confidence must be above 0.5, got {confidence}; a record of any length reaches less.")
    if not sharpe > benchmark:
        return inf
    needed = float(ndtri(confidence)) / (sharpe - benchmark)
    return 1.0 + _variance(sharpe, skewness, excess_kurtosis) * needed**2


def _variance(sharpe: float, skewness: float, excess_kurtosis: float) -> float:
    """Return n - 1 times the variance of an estimated Sharpe ratio per row."""
    _check_finite(skewness=skewness, excess_kurtosis=excess_kurtosis)
    kurtosis = 3.0 + excess_kurtosis
    if kurtosis < (1.0 + skewness**2) * (1.0 - 1e-9):
        raise InputError(
            f"excess_kurtosis must be at least skewness^2 - 2 = {skewness**2 - 2.0:g}, as that of any rows is, got "
            f"{excess_kurtosis:g}; is it the kurtosis less 3?"
        )
    return max(1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe**2, 0.0)


def _check_finite(**figures: float) -> None:
    for name, value in figures.items():
        if not -inf < value < inf:
            raise InputError(f"{name} must be a finite number, got {value}.")
