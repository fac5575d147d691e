"""Whether one method's losses are smaller than another's beyond chance: Diebold and Mariano's test."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan, sqrt

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.effectiveness.long_run import Kernel, settled_variance
from hedgerow.effectiveness.resampling import MINIMUM_ROWS
from hedgerow.errors import DataError, InputError

SAME = 1e-12
"""Losses closer than this share of the largest are the same: their difference is rounding."""


@dataclass(frozen=True)
class LossTest:
    """A test that two methods lose the same.

    Attributes
    ----------
    mean_difference : float
        Mean of the reference's loss less the method's, in the unit of the loss: positive where the method is better.
    statistic : float
        Positive where the method is better; NaN where there is no test.
    p_value : float
        Two-sided: the losses differ.
    p_value_better, p_value_worse : float
        One-sided: the method loses less, or more, than the reference.
    n_obs : int
        Rows tested.
    lags : int
        Autocovariances in the variance of the mean.
    kernel : str
        Their weights.
    note : str
        Why there is no test, or what was done about a variance that is not positive; empty where nothing was.
    """

    mean_difference: float
    statistic: float
    p_value: float
    p_value_better: float
    p_value_worse: float
    n_obs: int
    lags: int
    kernel: str
    note: str = ""


def diebold_mariano(
    reference_losses: ArrayLike, losses: ArrayLike, *, horizon: int = 1, kernel: Kernel = "rectangular"
) -> LossTest:
    """Return Diebold and Mariano's test that two methods lose the same, with the small-sample correction.

    With ``d_t = reference_loss_t - loss_t``, the statistic is ``mean(d) / sqrt(V / n)``, V the long-run variance of d
    from ``horizon - 1`` autocovariances (divisors n), times ``sqrt((n + 1 - 2h + h(h - 1)/n) / n)``; it is referred to
    Student's t with n - 1 degrees of freedom.

    Parameters
    ----------
    reference_losses, losses : array_like of shape (n,)
        Losses over the same rows, in order of time; for a hedge usually the squared hedged change.
    horizon : int, default=1
        Rows ahead that the ratio is made for: 1 where it is traded on the row it was decided, 1 + lag otherwise.
    kernel : {"rectangular", "bartlett"}
        Weights of the autocovariances. Rectangular is the paper's; where it gives no positive variance, Bartlett's of
        the same lags takes its place and the note says so.

    Returns
    -------
    LossTest
        Losses that are the same on every row give statistic 0 and p-values of 1 and a note. NaN with a note below 20
        rows, and where the difference is the same on every row but not zero: nothing varies to test against.

    Raises
    ------
    DataError
        Missing values, or different numbers of rows.
    InputError
        A horizon below 1 or beyond half the rows.

    Notes
    -----
    Premise: the loss difference is stationary with short memory. It judges ratios as they were used and forgets how
    they were estimated; where the smaller method is the larger one with parameters left out, see
    :func:`hedgerow.effectiveness.clark_west` and :func:`hedgerow.effectiveness.giacomini_white`. Many methods tested
    one by one need :func:`hedgerow.effectiveness.superior_ability`.

    References
    ----------
    Diebold, F. X. and Mariano, R. S. (1995), Journal of Business & Economic Statistics 13, 253-263.
    Harvey, D., Leybourne, S. and Newbold, P. (1997), International Journal of Forecasting 13, 281-291.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(0).standard_normal((2, 400))
    >>> test = diebold_mariano((1.5 * noise[0]) ** 2, noise[1] ** 2)
    >>> test.p_value_better < 0.001 < test.mean_difference
    True
    """
    from scipy.stats import t as student

    difference, scale = checked_difference(reference_losses, losses)
    n, lags = len(difference), checked_lags(len(difference), horizon)
    reason = untestable(difference, scale)
    if reason is not None:
        return _untested(difference, lags, kernel, reason)
    variance, note = settled_variance(difference, lags, kernel)
    corrected = (n + 1.0 - 2.0 * horizon + horizon * (horizon - 1.0) / n) / n
    mean = float(difference.mean())
    statistic = mean / sqrt(variance / n) * sqrt(corrected)
    better, worse = float(student.sf(statistic, n - 1)), float(student.cdf(statistic, n - 1))
    return LossTest(mean, statistic, min(1.0, 2.0 * min(better, worse)), better, worse, n, lags, kernel, note)


def checked_difference(reference_losses: ArrayLike, losses: ArrayLike) -> tuple[FloatArray, float]:
    """Return the reference's losses less the method's (n,), and the size of the largest loss."""
    before, after = checked_changes(reference_losses, "reference_losses"), checked_changes(losses, "losses")
    if len(before) != len(after):
        raise DataError(
            f"reference_losses and losses must cover the same rows, got {len(before)} and {len(after)}; "
            "align them by date."
        )
    return before - after, float(max(np.abs(before).max(initial=0.0), np.abs(after).max(initial=0.0)))


def checked_lags(n: int, horizon: int) -> int:
    """Return the autocovariances that a horizon asks for; an :class:`InputError` where the rows cannot give them."""
    if horizon < 1 or (n >= MINIMUM_ROWS and 2 * horizon > n):
        raise InputError(f"horizon must be from 1 to half the {n} rows, got {horizon}.")
    return int(horizon - 1)


def untestable(difference: FloatArray, scale: float) -> str | None:
    """Return why a difference cannot be tested, ``"same"`` where there is none, or None where it can."""
    if len(difference) < MINIMUM_ROWS:
        return f"{len(difference)} rows are too few to test on; {MINIMUM_ROWS} is the fewest"
    if np.abs(difference).max() <= SAME * scale:
        return "same"
    if np.ptp(difference) <= SAME * scale:
        return "the difference is the same on every row, so that nothing varies to test it against"
    return None


def _untested(difference: FloatArray, lags: int, kernel: str, reason: str) -> LossTest:
    n = len(difference)
    if reason == "same":
        return LossTest(0.0, 0.0, 1.0, 1.0, 1.0, n, lags, kernel, "both lose the same on every row")
    mean = float(difference.mean()) if n else nan
    return LossTest(mean if isfinite(mean) else nan, nan, nan, nan, nan, n, lags, kernel, reason)
