"""Tests for methods that contain one another: Clark and West's, and Giacomini and White's.

A ratio that moves usually holds the constant ratio as a special case. If the constant ratio is the truth, the larger
method loses a little more, through the noise of the parameters it estimates, and the plain comparison of losses
is biased towards the constant one. Which test answers depends on the question and on the refits:

* :func:`clark_west` asks whether the larger method would win *if its parameters were known*. It suits parameters
  refitted on all past rows (``ExpandingOLS``, GARCH or Kalman refitted from the first row), where the estimation noise
  dies out and the plain statistic has no normal limit; on windows of fixed length it stays a fair approximation.
* :func:`giacomini_white` asks whether the larger method, *with its estimation noise*, was or will be better. It suits
  methods of limited memory (rolling and exponentially weighted ratios, one fit that is kept), where that noise never
  dies out; on expanding windows its premise fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.changes import checked_pair
from hedgerow.effectiveness.diebold_mariano import LossTest, checked_difference, checked_lags, untestable
from hedgerow.effectiveness.long_run import Kernel, long_run_covariance, settled_variance
from hedgerow.errors import DataError

WORST_CONDITION = 1e12


@dataclass(frozen=True)
class ConditionalTest:
    """Giacomini and White's test.

    Attributes
    ----------
    statistic : float
        Wald statistic, 0 or more; NaN where there is no test.
    p_value : float
        That neither method is better, on average or given the instruments, by the chi-squared distribution.
    degrees : int
        Instruments: 1, or 2 with the last known loss difference.
    mean_difference : float
        Reference's loss less the method's: positive where the method is better.
    share_ahead : float
        Share of the rows on which the method was expected to lose less, given what was known; in sample, looks at all
        rows.
    n_obs : int
        Rows tested.
    note : str
        Why there is no test, or what was left out.
    """

    statistic: float
    p_value: float
    degrees: int
    mean_difference: float
    share_ahead: float
    n_obs: int
    note: str = ""


def clark_west(
    reference_changes: ArrayLike, changes: ArrayLike, *, horizon: int = 1, kernel: Kernel = "rectangular"
) -> LossTest:
    """Return Clark and West's test that a larger method adds nothing to the reference it contains.

    With the hedged changes ``e1 = y - h1 x`` of the reference and ``e2 = y - h2 x`` of the larger method,
    ``f = e1^2 - e2^2 + (e1 - e2)^2``: the difference of squared losses, given back what the larger method loses through
    its own noise. The statistic is ``mean(f)`` over its standard error, the t of a regression of f on a constant;
    p-values are normal.

    Parameters
    ----------
    reference_changes, changes : array_like of shape (n,)
        Hedged changes over the same rows before costs (a cost is no forecast error), in the same unit, in order of
        time.
    horizon : int, default=1
        Rows ahead that the ratio is made for.
    kernel : {"rectangular", "bartlett"}
        Weights of the ``horizon - 1`` autocovariances.

    Returns
    -------
    LossTest
        ``p_value_better`` is the test's own, one-sided; ``mean_difference`` is the mean of f, in the square of the
        unit. Same changes give statistic 0 and p-values of 1; NaN with a note below 20 rows.

    Raises
    ------
    DataError
        Missing values, or different numbers of rows.
    InputError
        A horizon below 1 or beyond half the rows.

    References
    ----------
    Clark, T. E. and West, K. D. (2007), Journal of Econometrics 138, 291-311.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> x, noise, ratio = rng.standard_normal(600), rng.standard_normal(600), 1.0 + 0.5 * np.sin(np.arange(600) / 40)
    >>> y = ratio * x + noise
    >>> clark_west(y - x, y - ratio * x).p_value_better < 0.01
    True
    """
    from scipy.stats import norm

    first, second = checked_pair(reference_changes, changes)
    n, lags = len(first), checked_lags(len(first), horizon)
    adjusted = 2.0 * first * (first - second)  # e1^2 - e2^2 + (e1 - e2)^2
    scale = float(max(np.square(first).max(initial=0.0), np.square(second).max(initial=0.0)))
    reason = untestable(adjusted, scale)
    if reason == "same":
        return LossTest(0.0, 0.0, 1.0, 1.0, 1.0, n, lags, kernel, "both lose the same on every row")
    mean = float(adjusted.mean()) if n else nan
    if reason is not None:
        return LossTest(mean, nan, nan, nan, nan, n, lags, kernel, reason)
    variance, note = settled_variance(adjusted, lags, kernel)
    statistic = mean / sqrt(variance / (n - 1.0))
    better, worse = float(norm.sf(statistic)), float(norm.cdf(statistic))
    return LossTest(mean, statistic, min(1.0, 2.0 * min(better, worse)), better, worse, n, lags, kernel, note)


def giacomini_white(
    reference_losses: ArrayLike, losses: ArrayLike, *, horizon: int = 1, conditional: bool = True
) -> ConditionalTest:
    """Return Giacomini and White's test that two methods are equally good, on average or given what is known.

    With ``d_t`` the reference's loss less the method's and instruments ``z_t = (1, d_(t-h))`` known when row t was
    decided, the moments ``mean(z d)`` are zero if nobody can tell which method will lose less. The statistic
    ``n mean(z d)' W^-1 mean(z d)`` is chi-squared with as many degrees as instruments; W is the mean of ``(z d)(z d)'``
    at horizon 1, with ``h - 1`` Bartlett-weighted autocovariances beyond.

    Parameters
    ----------
    reference_losses, losses : array_like of shape (n,)
        Losses over the same rows, in order of time, such as squared hedged changes net of costs.
    horizon : int, default=1
        Rows ahead that the ratio is made for.
    conditional : bool, default=True
        Whether the last known difference is an instrument; without it the test is of the average alone.

    Returns
    -------
    ConditionalTest
        Same losses give statistic 0 and a p-value of 1; NaN with a note below 20 rows.

    Raises
    ------
    DataError
        Missing values, or different numbers of rows.
    InputError
        A horizon below 1 or beyond half the rows.

    References
    ----------
    Giacomini, R. and White, H. (2006), Econometrica 74, 1545-1578.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(0).standard_normal((2, 400))
    >>> giacomini_white((1.5 * noise[0]) ** 2, noise[1] ** 2).p_value < 0.01
    True
    """
    difference, scale = checked_difference(reference_losses, losses)
    checked_lags(len(difference), horizon)
    mean = float(difference.mean()) if len(difference) else nan
    reason = untestable(difference, scale)
    if reason == "same":
        return ConditionalTest(0.0, 1.0, 1, 0.0, 0.0, len(difference), "both lose the same on every row")
    if reason is not None:
        return ConditionalTest(nan, nan, 1, mean, nan, len(difference), reason)
    size = float(difference.std())
    if not conditional:
        return _wald(difference[:, None] / size, np.ones((len(difference), 1)), horizon, size, "")
    known = np.column_stack([np.ones(len(difference) - horizon), difference[:-horizon] / size])
    later = difference[horizon:, None] / size
    if np.linalg.cond(np.einsum("ti,tj->ij", known * later, known * later)) > WORST_CONDITION:
        return _wald(later, known[:, :1], horizon, size, "the last known difference tells nothing and was left out")
    return _wald(later, known, horizon, size, "")


def _wald(later: FloatArray, known: FloatArray, horizon: int, size: float, note: str) -> ConditionalTest:
    """Return the test of ``mean(known * later) = 0``; ``later`` (n, 1) is the difference over ``size``."""
    from scipy.stats import chi2

    moments = known * later
    n, degrees = moments.shape
    mean = moments.mean(axis=0)
    spread = long_run_covariance(moments, horizon - 1, "bartlett")
    if horizon == 1:
        spread = spread + np.outer(mean, mean)  # about zero, as the null has it
    statistic = float(n * mean @ np.linalg.solve(spread, mean))
    slopes = np.linalg.lstsq(known, later[:, 0], rcond=None)[0]
    ahead = float(np.mean(np.einsum("ti,i->t", known, slopes) > 0.0))
    p_value = float(chi2.sf(statistic, degrees))
    return ConditionalTest(statistic, p_value, degrees, float(later.mean()) * size, ahead, n, note)


def squared_losses(hedged: ArrayLike) -> FloatArray:
    """Return the squared hedged change, the loss under which the variance-minimising ratio is best.

    About zero, so that a row's loss does not depend on other rows; ``hedged`` is (n,) or (n, m).
    """
    changes = np.asarray(hedged, dtype=np.float64)
    if not np.isfinite(changes).all():
        raise DataError("hedged changes must be finite numbers; drop rows with missing values first.")
    return np.asarray(changes * changes)
