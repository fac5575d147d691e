"""Two hidden states of volatility, calm and crash, fitted by maximum likelihood.

>>> rng = np.random.default_rng(0)
>>> high = np.repeat([0, 1, 0, 1, 0], 120)
>>> model = RegimeModel.fit(np.where(high, 3.5, 2.6) + 0.1 * rng.standard_normal(600))
>>> round(model.low_mean, 1), round(model.high_mean, 1), round(model.chain.expected_high_days, 0)
(2.6, 3.5, 103.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.overlays.checks import log_returns, refuse_rows
from hedgerow.overlays.regime_kernels import high_chances
from hedgerow.overlays.regime_search import TwoRegimes, find_two_regimes
from hedgerow.overlays.signals import Signals
from hedgerow.overlays.two_states import TwoStateChain

FEWEST_ROWS = 100


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
        return cls._told(find_two_regimes((rows - centre) / unit), centre, unit, len(rows), high)

    @classmethod
    def _told(cls, found: TwoRegimes, centre: float, unit: float, rows: int, high: str) -> RegimeModel:
        means = centre + unit * found.point[:2]
        deviations = unit * np.exp(0.5 * found.point[2:4])
        move = 1.0 / (1.0 + np.exp(-found.point[4:]))
        # the last two parameters are log odds: d p / d odds = p (1 - p)
        errors = move * (1.0 - move) * np.sqrt(np.diag(found.covariance)[4:])
        low, top = (int(state) for state in np.argsort(means if high == "mean" else deviations, kind="stable"))
        return cls(
            TwoStateChain(float(move[low]), float(move[top])),
            float(means[low]),
            float(means[top]),
            float(deviations[low]),
            float(deviations[top]),
            (float(errors[low]), float(errors[top])),
            rows,
            found.log_likelihood - rows * float(np.log(unit)),
            not found.reason,
            found.reason,
        )

    def filtered(self, values: ArrayLike) -> FloatArray:
        """Return the chance of the high state at each row given the rows up to it, shape (n_rows,).

        The parameters are those of :meth:`fit`, whichever rows these are; the first row starts in the long run's share.
        """
        rows = np.array(values, dtype=float)
        up, down = self.chain.p_low_high, self.chain.p_high_low
        means, deviations = (self.low_mean, self.high_mean), (self.low_deviation, self.high_deviation)
        chances = np.zeros(len(rows))
        high_chances(rows, np.array([*means, *(2.0 * np.log(deviations)), up, down]), chances)
        return chances

    def intensity(self, values: ArrayLike, days: int = 1) -> FloatArray:
        """Return the forecast chance of the high state over its long-run mean, at each row from the rows up to it."""
        return self.chain.intensity(self.filtered(values), days)


def regime_values(signals: Signals, name: str, reads: str) -> tuple[FloatArray, int]:
    """Return what a model reads of a signal, from its first known value on, and the row on which that stands.

    Parameters
    ----------
    signals : Signals
    name : str
        A level above 0.
    reads : {"log_level", "returns"}
        Its logarithm, or the log return from the row before.

    Raises
    ------
    DataError
        A level at or below zero.
    """
    if reads == "returns":
        values = log_returns(signals, name)
    else:
        level = signals[name]
        refuse_rows(level <= 0.0, signals, name, level, "a logarithm needs values above 0: correct it")
        values = np.log(level)
    unknown = int(np.count_nonzero(np.isnan(values)))
    return values[unknown:], unknown + (reads == "returns")
