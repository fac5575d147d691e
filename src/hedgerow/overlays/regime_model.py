"""Two hidden states of volatility, calm and crash, fitted by maximum likelihood.

>>> rng = np.random.default_rng(0)
>>> high = np.repeat([0, 1, 0, 1, 0], 120)
>>> model = RegimeModel.fit(np.where(high, 3.5, 2.6) + 0.1 * rng.standard_normal(600))
>>> round(model.low_mean, 1), round(model.high_mean, 1), round(model.chain.expected_high_days, 0)
(2.6, 3.5, 103.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.overlays.two_states import TwoStateChain

if TYPE_CHECKING:  # the ratios load scikit-learn, which a rule that is not fitted never needs
    from hedgerow.ratios.markov_search import RegimeFit

FEWEST_ROWS = 100
STARTS = 3


@dataclass(frozen=True)
class RegimeModel:
    """``x_t = mean_s + deviation_s * e_t`` with normal e and a hidden state s that follows a two-state Markov chain.

    Made by :meth:`fit`. x is the logarithm of a volatility index, or a return.

    Attributes
    ----------
    chain : TwoStateChain
        Chances to change state, with the stationary share and the expected durations.
    low_mean, high_mean : float
        Mean of x in each state.
    low_deviation, high_deviation : float
        Its standard deviation in each state.
    errors : tuple of float
        Standard errors of the chain's two chances, from the observed information; NaN where it is flat.
    rows : int
        Rows of the fit.
    log_likelihood : float
        Constants included.
    converged : bool
        Whether the numbers may feed a decision.
    reason : str
        Why not, a clause; empty where they may.

    References
    ----------
    Hamilton, J. D. (1989), A new approach to the economic analysis of nonstationary time series and the business
    cycle, Econometrica 57, 357-384.
    """

    chain: TwoStateChain
    low_mean: float
    high_mean: float
    low_deviation: float
    high_deviation: float
    errors: tuple[float, float] = (float("nan"), float("nan"))
    rows: int = 0
    log_likelihood: float = float("nan")
    converged: bool = True
    reason: str = ""

    @classmethod
    def fit(cls, values: ArrayLike, high: Literal["mean", "deviation"] = "mean") -> RegimeModel:
        """Return the model under which all values are most likely.

        Parameters
        ----------
        values : array_like (n_rows,)
            Logarithms of an index, or returns; at least 100, without gaps.
        high : {"mean", "deviation"}
            Which state counts as high: the one of the larger mean (an index) or deviation (returns).

        Raises
        ------
        InputError
            Another word for ``high``.
        DataError
            Gaps, fewer rows, or values that never move.
        """
        from hedgerow.ratios.markov_likelihood import RegimeLikelihood
        from hedgerow.ratios.markov_search import find_regimes

        rows = np.array(values, dtype=float)
        if high not in ("mean", "deviation"):
            raise InputError(f"high must be 'mean' or 'deviation', not {high!r}")
        if rows.ndim != 1 or len(rows) < FEWEST_ROWS or not np.isfinite(rows).all():
            raise DataError(
                f"two regimes need {FEWEST_ROWS} finite values or more in a row, not shape {rows.shape} with "
                f"{int(np.sum(~np.isfinite(rows)))} gaps; give a longer series"
            )
        centre, unit = float(rows.mean()), float(rows.std())
        if not unit > 1e-12 * max(abs(centre), 1e-12):
            raise DataError(f"the {len(rows)} values are all {centre:g}; two regimes need values that move")
        found = find_regimes(RegimeLikelihood(np.ones((len(rows), 1)), (rows - centre) / unit, 2, True), STARTS)
        return cls._told(found, centre, unit, len(rows), high)

    @classmethod
    def _told(cls, found: RegimeFit, centre: float, unit: float, rows: int, high: str) -> RegimeModel:
        means = centre + unit * found.regimes.coefficients[:, 0]
        deviations = unit * np.sqrt(found.regimes.variances)
        order = np.argsort(means if high == "mean" else deviations, kind="stable")
        move = found.regimes.transition[[0, 1], [1, 0]]
        with np.errstate(invalid="ignore"):
            # the last two parameters are the log odds of leaving each state: d p / d odds = p (1 - p)
            errors = move * (1.0 - move) * np.sqrt(np.diag(found.covariance)[-2:])
        low, top = (int(state) for state in order)
        return cls(
            TwoStateChain(float(move[low]), float(move[top])),
            float(means[low]),
            float(means[top]),
            float(deviations[low]),
            float(deviations[top]),
            (float(errors[low]), float(errors[top])),
            rows,
            found.log_likelihood - rows * float(np.log(unit)),
            found.convergence.converged,
            found.convergence.reason,
        )

    def filtered(self, values: ArrayLike) -> FloatArray:
        """Return the chance of the high state at each row given the rows up to it, shape (n_rows,).

        The parameters are those of :meth:`fit`, whichever rows these are; the first row starts in the long run's share.
        """
        from hedgerow.ratios.markov_kernels import filter_regimes

        rows = np.array(values, dtype=float)
        means = np.array([[self.low_mean], [self.high_mean]])
        variances = np.square([self.low_deviation, self.high_deviation])
        up, down, share = self.chain.p_low_high, self.chain.p_high_low, self.chain.high_share
        transition = np.array([[1.0 - up, up], [down, 1.0 - down]])
        predicted, filtered = np.zeros((len(rows) + 1, 2)), np.zeros((len(rows), 2))
        start = np.array([1.0 - share, share])
        filter_regimes(np.ones((len(rows), 1)), rows, means, variances, transition, start, predicted, filtered)
        return filtered[:, 1].copy()

    def intensity(self, values: ArrayLike, days: int = 1) -> FloatArray:
        """Return the forecast chance of the high state over its long-run mean, at each row from the rows up to it."""
        return self.chain.intensity(self.filtered(values), days)
