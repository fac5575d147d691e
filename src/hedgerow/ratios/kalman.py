"""Kalman filter: a hedge ratio that walks at random, or strays from a level and comes back, found row by row.

>>> import numpy as np
>>> rng = np.random.default_rng(0)
>>> ratio = 0.9 + np.cumsum(0.02 * rng.standard_normal(400))
>>> x = rng.standard_normal(400)
>>> y = ratio * x + 0.3 * rng.standard_normal(400)
>>> fitted = Kalman(intercept="constant").fit(x[:, None], y)
>>> bool(abs(fitted.hedge_ratio_[0] - ratio[-1]) < 3.0 * fitted.standard_error_[0])
True
"""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np

from hedgerow._types import ArrayLike, BoolArray, FloatArray
from hedgerow.errors import DataError, InputError
from hedgerow.ratios.base import Estimate, RatioEstimator, share_explained
from hedgerow.ratios.checks import check_finite, check_identified, check_row_count
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.kalman_kernels import filter_rows, smooth_rows
from hedgerow.ratios.kalman_likelihood import StateDesign, StateVariances, find_variances, model_of

RATIOS = ("random_walk", "mean_reverting")
STARTS = ("diffuse", "steady_state")
MOST_HEDGES = 10

SMALLEST_REMAINDER = 1e-12
"""Root mean square of what the hedges leave, as a share of the exposure's, below which it is rounding."""


class Kalman(RatioEstimator):
    """State-space regression: the ratio and the intercept are states that move, and each row tells about them.

        y_t = a_t + x_t h_t + e_t,   h_t+1 = h_t + noise      (``ratio="random_walk"``)
                                     h_t = level + d_t,  d_t+1 = phi d_t + noise      (``"mean_reverting"``)

    Variances of all noises, and phi of each hedge, are those under which the rows of ``fit`` are most likely; then the
    filter takes row after row. A ratio's variance of zero is an answer like another: the filter is then recursive
    least squares. Missing values of the exposure or of a hedge are let through: such a row teaches nothing.

    Parameters
    ----------
    ratio : {"random_walk", "mean_reverting"}, default="random_walk"
        How ratios move. The level that a ratio reverts to is a constant state, learnt by the filter as rows come in.
    intercept : bool or "constant", default=True
        True for an intercept that walks at random, ``"constant"`` for one that does not move, False for none.
    start : {"diffuse", "steady_state"}, default="diffuse"
        What the filter knows before the first row. ``"diffuse"``: nothing, so that the first rows have no ratio.
        ``"steady_state"``: the least-squares coefficients on the rows of ``fit``, with the weight of one row, and the
        uncertainty in which the filter, each state taken alone, settles after a long history. Variances are those of
        the diffuse likelihood for either.
    minimum_rows : int, default=60
        Observed rows below which ``fit`` refuses.

    Attributes
    ----------
    hedge_ratio_ : ndarray (n_hedges,)
        Ratio predicted for the next row.
    standard_error_ : ndarray (n_hedges,)
        Root of the variance of the next row's ratio given the rows seen, the variances taken as known: what is
        uncertain about the variances themselves is left out.
    noise_variance_ : float
        Variance of e, in squared units of the exposure's changes.
    ratio_variance_ : ndarray (n_hedges,)
        Variance per row of each ratio's noise, in squared units of the ratio.
    intercept_variance_ : float
        Variance per row of the intercept's noise, in squared units of the exposure's changes.
    persistence_ : ndarray (n_hedges,)
        phi; 1 for a random walk, NaN where a ratio that could revert does not move at all.
    level_ : ndarray (n_hedges,)
        What a mean-reverting ratio returns to, as known after the last row; the ratio itself for a random walk.
    log_likelihood_ : float
        Of the changes as given, from the diffuse start, constants included.

    Notes
    -----
    A constant added to a hedge's changes is not neutral when the ratio moves: it makes the intercept move along.
    The log-likelihood counts the rows that resolve the diffuse states as Durbin and Koopman do; Harvey's convention,
    which leaves those rows out, differs by a number that no parameter moves.

    References
    ----------
    Durbin, J. and Koopman, S. J. (2012), Time Series Analysis by State Space Methods, 2nd edition.
    """

    _filters = True
    _visits_per_row = 1000.0

    def __init__(
        self,
        ratio: Literal["random_walk", "mean_reverting"] = "random_walk",
        intercept: bool | Literal["constant"] = True,
        start: Literal["diffuse", "steady_state"] = "diffuse",
        minimum_rows: int = 60,
    ) -> None:
        self.ratio = ratio
        self.intercept = intercept
        self.start = start
        self.minimum_rows = minimum_rows

    def __sklearn_tags__(self) -> Any:
        """Return scikit-learn's tags: missing values are let through."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Find the variances and the next row's ratio from all rows given, NaN where a change is missing.

        Parameters
        ----------
        X : array-like (n_obs, n_hedges)
            Changes of one unit of each hedge.
        y : array-like (n_obs,)
            Changes of one unit of the exposure, over the same periods.

        Raises
        ------
        DataError
            A value is infinite, an instrument does not move, hedges are collinear, or observed rows are too few.
        InputError
            An option of the method breaks its rule.
        """
        super().fit(X, y)
        X, y = self._rows(X, y, reset=False)
        seen = observed(X, y)
        if not seen.all():
            self.n_obs_ = int(np.sum(seen))
            hedged = y[seen] - X[seen] @ self.hedge_ratio_
            self.r_squared_ = share_explained(y[seen], hedged, Estimate(self.hedge_ratio_))
        return self

    def smoothed_path(self, X: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return each row's ratio (n_obs, n_hedges) given *all* rows, with the parameters of ``fit``: for display only.

        It looks ahead: a decision at a row could not have known it. No walk-forward uses it.
        """
        X, y = self._rows(X, y, reset=False)
        if len(y) <= self._first_unusable_row(X, y) and observed(X, y).any():
            design, scaled = self._scaled(X, y)
            rows, m = design.shape
            steps, predicted, kept = np.zeros((rows, m + 2)), np.zeros((rows + 1, m)), np.zeros((rows, 2, m, m))
            known_from = self._run(design, scaled, steps, predicted, kept)[0]
            if known_from <= rows:
                smoothed = np.zeros((rows, m))
                smooth_rows(design, self._model, steps, predicted, kept, smoothed)
                return self._ratios(smoothed)
        raise DataError(
            "a smoothed path needs rows that identify the ratios and hold no infinite change; give more rows"
        )

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        k = X.shape[1]
        seen = observed(X, y)
        self._scale = np.append([root_mean_square(column) for column in X[seen].T], 1.0)
        self._unit = root_mean_square(y[seen])
        design, scaled = self._scaled(X, y)
        states = StateDesign(design, scaled, *self._roles(k), intercept=self.intercept is not False)
        lasting = design[seen][:, ~states.reverting]
        level: FloatArray = np.linalg.lstsq(lasting, scaled[seen], rcond=None)[0].astype(np.float64)
        remainder = scaled[seen] - lasting @ level
        if root_mean_square(remainder) <= SMALLEST_REMAINDER:
            found = _without_remainder(states)
        else:
            found = find_variances(states)
        self._model = self._started(found, states, level)
        m = design.shape[1]
        predicted = np.zeros((len(y) + 1, m))
        known_from, covariance = self._run(design, scaled, np.zeros((len(y), m + 2)), predicted, np.zeros((0, 2, m, m)))
        convergence = found.convergence
        loads = self._loads(k)
        errors = (
            np.sqrt(np.einsum("hs,st,ht->h", loads, covariance, loads) * found.noise) * self._unit / self._scale[:k]
        )
        if known_from > len(y):  # rows that only just identify the ratios together do not do so one by one
            predicted[-1] = 0.0
            predicted[-1, ~states.reverting] = level
            errors = np.full(k, np.nan)
            convergence = Convergence(False, "the rows hardly identify the ratios", starts=convergence.starts)
        self._tell(found, states, predicted[-1], k)
        counted = int(np.sum(seen)) - states.diffuse
        self.log_likelihood_ = found.log_likelihood - counted * np.log(self._unit) - float(np.sum(np.log(self._scale)))
        constant = predicted[-1, -1] * self._unit if self.intercept is not False else 0.0
        return Estimate(self._ratios(predicted[-1:])[0], errors, constant, convergence=convergence)

    def _tell(self, found: StateVariances, states: StateDesign, last: FloatArray, k: int) -> None:
        """Set the fitted attributes, in the units of the changes."""
        unit, scale = self._unit, self._scale[:k]
        moved = slice(k, 2 * k) if self.ratio == "mean_reverting" else slice(0, k)
        self.noise_variance_ = found.noise * unit**2
        self.ratio_variance_ = found.relative[moved] * found.noise * (unit / scale) ** 2
        moves = found.relative[moved] > 0.0
        self.persistence_ = np.where(moves | ~states.reverting[moved], found.persistence[moved], np.nan)
        self.intercept_variance_ = 0.0 if self.intercept is False else float(found.relative[-1]) * self.noise_variance_
        self.level_ = last[:k] * unit / scale

    def _roles(self, k: int) -> tuple[BoolArray, BoolArray]:
        """Return which states move and which of them revert: levels or ratios (k,), deviations (k,), intercept."""
        reverting = self.ratio == "mean_reverting"
        moving = (
            [not reverting] * k + [True] * (k * reverting) + [self.intercept is True] * (self.intercept is not False)
        )
        returns = [False] * k + [True] * (k * reverting) + [False] * (self.intercept is not False)
        return np.array(moving), np.array(returns)

    def _scaled(self, X: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the states' regressors and the exposure, scaled as ``fit`` did; NaN exposure in a missing row."""
        seen = observed(X, y)
        hedges = np.where(seen[:, None], X, 0.0) / self._scale[:-1]
        blocks = [hedges, hedges] if self.ratio == "mean_reverting" else [hedges]
        if self.intercept is not False:
            blocks.append(np.ones((len(y), 1)))
        return np.ascontiguousarray(np.column_stack(blocks)), np.where(seen, y, np.nan) / self._unit

    def _started(self, found: StateVariances, states: StateDesign, level: FloatArray) -> FloatArray:
        """Return the kernels' ``model`` (4, m) with the start that was asked for."""
        model = model_of(found.relative, found.persistence, states.reverting)
        if self.start == "steady_state":
            phi, added = found.persistence, found.relative
            half = 0.5 * (added + phi**2 - 1.0)
            settled = half + np.sqrt(half**2 + added)
            model[2, ~states.reverting] = level
            model[3] = np.where(states.reverting, settled, settled + 1.0)
        return model

    def _run(
        self, design: FloatArray, y: FloatArray, steps: FloatArray, predicted: FloatArray, kept: FloatArray
    ) -> tuple[int, FloatArray]:
        """Filter all rows; return the first row before which all states are known, and the last covariance (m, m)."""
        m = design.shape[1]
        carried = np.zeros((2 * m + 1, m))
        known_from = filter_rows(design, y, self._model, carried, steps, predicted, kept, False)[2]
        return known_from, carried[1 : m + 1]

    def _filtered(self, X: FloatArray, y: FloatArray) -> FloatArray:
        design, scaled = self._scaled(X, y)
        rows, m = design.shape
        predicted = np.zeros((rows + 1, m))
        known_from = self._run(design, scaled, np.zeros((rows, m + 2)), predicted, np.zeros((0, 2, m, m)))[0]
        ratios = self._ratios(predicted)
        ratios[:known_from] = np.nan
        return ratios

    def _loads(self, k: int) -> FloatArray:
        """Return what each state adds to each ratio (k, m)."""
        blocks = [np.eye(k)] * (2 if self.ratio == "mean_reverting" else 1)
        return np.hstack([*blocks, np.zeros((k, int(self.intercept is not False)))])

    def _ratios(self, states: FloatArray) -> FloatArray:
        """Return ratios (rows, k) of scaled states (rows, m), element by element."""
        k = len(self._scale) - 1
        ratios = states[:, :k] + states[:, k : 2 * k] if self.ratio == "mean_reverting" else states[:, :k]
        return ratios * (self._unit / self._scale[:k])

    def _first_unusable_row(self, X: FloatArray, y: FloatArray) -> int:
        bad = np.flatnonzero(np.isinf(y) | np.isinf(X).any(axis=1))
        return int(bad[0]) if len(bad) else len(y)

    def _validated(self, X: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
        if y is None:
            return super()._validated(X, y)
        X, y = self._rows(X, y, reset=True)  # scikit-learn's check of the pair lets no missing exposure through
        self._check_finite(X, y)
        return X, y

    def _check_finite(self, X: FloatArray, y: FloatArray) -> None:
        check_finite(np.where(np.isnan(X), 0.0, X), np.where(np.isnan(y), 0.0, y), self._hedge_names(X.shape[1]))

    def _check_rows(self, X: FloatArray, y: FloatArray) -> None:
        seen = observed(X, y)
        check_row_count(int(np.sum(seen)), self._fewest_rows(X.shape[1]), X.shape[1])
        check_identified(X[seen], y[seen], self._hedge_names(X.shape[1]))

    def _fewest_rows(self, n_hedges: int) -> int:
        return max(self.minimum_rows, n_hedges + 3)

    def _check_options(self, n_hedges: int) -> None:
        if self.ratio not in RATIOS:
            raise InputError(f"ratio must be 'random_walk' or 'mean_reverting', not {self.ratio!r}")
        if self.intercept not in (True, False, "constant"):
            raise InputError(f"intercept must be True, False or 'constant', not {self.intercept!r}")
        if self.start not in STARTS:
            raise InputError(f"start must be 'diffuse' or 'steady_state', not {self.start!r}")
        if self.minimum_rows < 1:
            raise InputError(f"minimum_rows must be at least 1, not {self.minimum_rows}")
        if n_hedges > MOST_HEDGES:
            raise InputError(f"the Kalman filter takes at most {MOST_HEDGES} hedges, not {n_hedges}; leave some out")


def observed(X: FloatArray, y: FloatArray) -> BoolArray:
    """Return which rows (n,) have neither a missing exposure nor a missing hedge."""
    seen: BoolArray = np.isfinite(y) & np.isfinite(X).all(axis=1)
    return seen


def root_mean_square(values: FloatArray) -> float:
    """Return the root of the mean square, without leaving the range of floats on the way."""
    largest = float(np.max(np.abs(values)))
    return largest * float(np.sqrt(np.mean((values / largest) ** 2))) if largest > 0.0 else 0.0


def _without_remainder(states: StateDesign) -> StateVariances:
    """Return the answer where the hedges explain the exposure exactly: nothing moves, and nothing is left."""
    still = np.zeros(len(states.moving))
    return StateVariances(still, np.ones(len(still)), 0.0, np.inf, Convergence(starts=1))
