"""The ratio of least conditional value at risk: the mean loss of the worst rows."""

from __future__ import annotations

from math import floor

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.ratios.bounds import Bounds
from hedgerow.ratios.objective import ObjectiveEstimator, Scaled, Side, Solution, check_level
from hedgerow.ratios.tail_program import TailProgram


class MinimumCVaR(ObjectiveEstimator):
    """Ratio at which the mean loss of the worst rows of ``y - X @ ratio`` is least.

    The worst rows are the ``floor((n - 1)(1 - level)) + 1`` with the largest loss: the sample definition of
    :func:`hedgerow.effectiveness.cvar`, from which it differs only where rows tie with the last of them. Means stay in:
    a hedge that fell in the sample looks good, so that on short samples the ratio also bets on the past drift. One
    hedge is searched exactly; several go through a linear program (HiGHS, in the dual form). There is no standard error
    (``ratio_uncertainty`` draws one by the bootstrap).

    Parameters
    ----------
    level : float, default=0.95
        Probability; the tail is the worst ``1 - level`` of rows.
    bounds : tuple or sequence of tuples, default=None
        ``(low, high)`` for all hedges or a pair for each, None within a pair being no bound.
    window : int, default=None
        Use the last ``window`` rows only; None uses all.
    side : {"long", "short"}, default="long"
        Whether ``y - X @ ratio`` is the gain, or minus it: a rise of the exposure is a gain, or a loss.

    Attributes
    ----------
    objective_, unhedged_objective_ : float
        CVaR per unit of exposure in its own unit, positive = loss, at ``hedge_ratio_`` and unhedged.

    Notes
    -----
    ``convergence_`` says where no ratio is least (some combination of hedges gained even in its own worst rows) and
    where the solver did not report an optimum, proven by its bound to 1e-9 standard deviations; ``hedge_ratio_`` is
    then the minimum-variance one, which is not for use.

    References
    ----------
    Rockafellar, R. T. and Uryasev, S. (2000), Journal of Risk 2(3), 21-41.

    Examples
    --------
    >>> X, y = [[1.0], [-2.0], [0.5], [3.0], [-1.0]], [0.8, -1.7, 0.3, 2.5, -0.7]
    >>> fitted = MinimumCVaR(level=0.75).fit(X, y)
    >>> fitted.hedge_ratio_.round(4), round(fitted.objective_, 4)
    (array([0.8333]), 0.075)
    """

    advised_rows = 500

    def __init__(
        self, level: float = 0.95, bounds: Bounds = None, window: int | None = None, side: Side = "long"
    ) -> None:
        self.level = level
        self.bounds = bounds
        self.window = window
        self.side = side

    def _solve(self, X: FloatArray, y: FloatArray, low: FloatArray, high: FloatArray) -> Solution:
        count = tail_rows(len(y), self.level)
        return TailProgram(Scaled.of(X, y, low, high), count, count).solve()

    def _figure(self, X: FloatArray, y: FloatArray, ratio: FloatArray) -> float:
        hedged = y - X @ ratio
        count = tail_rows(len(hedged), self.level)
        return -float(np.partition(hedged, count - 1)[:count].mean())

    def _check_options(self, n_hedges: int) -> None:
        check_level(self.level)
        super()._check_options(n_hedges)


def tail_rows(n_obs: int, level: float) -> int:
    """Return how many of ``n_obs`` rows are the tail: those up to the ``1 - level`` quantile.

    Examples
    --------
    >>> tail_rows(101, 0.95), tail_rows(100, 0.95)
    (6, 5)
    """
    return quantile_place(n_obs, level)[0] + 1


def quantile_place(n_obs: int, level: float) -> tuple[int, float]:
    """Return the rank (from 0) of the quantile among ordered changes, and the weight of the next one.

    A place that is whole but for rounding is made whole, as in the risk measures of ``effectiveness``.
    """
    place = (n_obs - 1) * (1.0 - level)
    if abs(place - round(place)) < 1e-9:
        return round(place), 0.0
    return floor(place), place - floor(place)
