"""Does the prediction follow the profit? Spearman and Kolmogorov-Smirnov over a history of days, with Basel's zones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError

SPEARMAN_LIMITS = (0.80, 0.70)
"""Green from the first on, red below the second."""
SMIRNOV_LIMITS = (0.09, 0.12)
"""Green up to the first, red above the second."""
FEWEST = 10


@dataclass(frozen=True)
class AttributionTest:
    """How well predicted profits follow actual ones; made by :func:`attribution_test`.

    Attributes
    ----------
    n_days : int
    spearman : float
        Rank correlation of the two, from -1 to 1.
    smirnov : float
        Largest distance of their two distribution functions, from 0 to 1.
    unexplained_ratio : float
        Standard deviation of the difference over that of the actual profit.
    spearman_zone, smirnov_zone : str
        ``green``, ``amber`` or ``red``.
    """

    n_days: int
    spearman: float
    smirnov: float
    unexplained_ratio: float
    spearman_zone: str
    smirnov_zone: str

    @property
    def zone(self) -> str:
        """The worse of the two zones."""
        return max(self.spearman_zone, self.smirnov_zone, key=("green", "amber", "red").index)


def attribution_test(actual: ArrayLike, predicted: ArrayLike) -> AttributionTest:
    """Return the profit-attribution statistics of a history.

    Parameters
    ----------
    actual : array_like, (n_days,)
        Profit of the positions by day, without new trades, fees and financing; 250 days are the rule's window.
    predicted : array_like, (n_days,)
        What the Greeks or the risk model explain of it.

    Returns
    -------
    AttributionTest

    Raises
    ------
    DataError
        For lengths that differ, fewer than 10 days, figures that are not finite, or profits that never change.

    References
    ----------
    Basel Committee on Banking Supervision, MAR32 (2023), profit and loss attribution test, MAR32.39 and MAR32.44.

    Examples
    --------
    >>> actual = np.sin(np.arange(250.0))
    >>> attribution_test(actual, actual + 0.01 * np.cos(np.arange(250.0))).zone
    'green'
    """
    from scipy.stats import ks_2samp, spearmanr

    profits, forecast = _days("actual", actual), _days("predicted", predicted)
    if len(profits) != len(forecast):
        raise DataError(f"actual has {len(profits)} days and predicted {len(forecast)}; give the same days")
    spearman = float(spearmanr(profits, forecast).statistic)
    smirnov = float(ks_2samp(profits, forecast, method="asymp").statistic)
    green, red = SPEARMAN_LIMITS
    near, far = SMIRNOV_LIMITS
    return AttributionTest(
        len(profits),
        spearman,
        smirnov,
        float(np.std(profits - forecast) / np.std(profits)),
        "green" if spearman >= green else "red" if spearman < red else "amber",
        "green" if smirnov <= near else "red" if smirnov > far else "amber",
    )


def _days(name: str, values: ArrayLike) -> FloatArray:
    days = np.asarray(values, dtype=np.float64)
    if days.ndim != 1 or len(days) < FEWEST:
        raise DataError(f"{name} must be one row of {FEWEST} days or more, not of shape {days.shape}")
    wrong = np.flatnonzero(~np.isfinite(days))
    if len(wrong):
        raise DataError(f"{name} must be finite; day {wrong[0]} is {days[wrong[0]]}; leave out days without a profit")
    if days.min() == days.max():
        raise DataError(f"{name} is {days[0]} on every day, so nothing can be said of how it follows the other")
    return days
