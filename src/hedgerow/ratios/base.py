"""What every hedge-ratio method has in common: the scikit-learn contract, checks, and ratios through time."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.utils.validation import check_array, check_is_fitted, column_or_1d, validate_data

from hedgerow._types import ArrayLike, BoolArray, FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.ratios.checks import all_moving, check_finite, check_identified, check_row_count, first_unusable_row
from hedgerow.ratios.convergence import CLOSED_FORM, Convergence
from hedgerow.ratios.refits import Progress, RefitLog, RefitPath, checked_schedule

MOST_WORK = 2e9
"""Rough operations beyond which a walk-forward is refused: it would take longer than a person waits."""

Between = Literal["hold", "update"]
"""What a ratio does between two refits: it is held, or it follows the method's own recursion."""


@dataclass(frozen=True)
class Estimate:
    """What one fit found.

    Attributes
    ----------
    ratio
        (n_hedges,), units of hedge per unit of exposure.
    standard_error
        (n_hedges,) in the unit of the ratio, or None where the method has none.
    intercept
        Change of the exposure per period when no hedge moves.
    first_row
        First row used; all later rows are used too.
    weights
        (n_rows_used,) weights of the rows used, None where they weigh the same.
    centred
        Whether goodness of fit takes the mean off.
    convergence
        How the search for the parameters ended.
    """

    ratio: FloatArray
    standard_error: FloatArray | None = None
    intercept: float = 0.0
    first_row: int = 0
    weights: FloatArray | None = None
    centred: bool = True
    convergence: Convergence = CLOSED_FORM


class RatioEstimator(RegressorMixin, BaseEstimator):
    """A method that finds how much of each hedge to hold per unit of exposure.

    With y the change of one unit of exposure and X the changes of one unit of each hedge, the hedged change is
    ``y - X @ hedge_ratio_``. A new method writes ``_estimate`` and, where refitting it row by row can be made fast,
    ``_ratios_at``, or, where fitted parameters and the rows before give a ratio that moves, ``_filtered``; everything
    else follows.

    Attributes
    ----------
    hedge_ratio_ : ndarray (n_hedges,)
        Ratio to hold for the next period.
    standard_error_ : ndarray (n_hedges,) or None
        In the unit of the ratio; None where the method has none.
    intercept_ : float
        Change of the exposure per period when no hedge moves.
    r_squared_ : float
        1 - SSR/SST of ``y - X @ hedge_ratio_`` on the rows used, means removed (EWMA: weighted, and about zero unless
        it takes means off); negative where the ratio adds variance.
    n_obs_ : int
        Rows the method used.
    convergence_ : Convergence
        How the search for the parameters ended; a refit that did not converge leaves the ratio before in force.
    """

    _follows_rows = False
    """Whether the ratio moves with every row and there are no fitted parameters: rolling, expanding, weighted."""

    advised_rows = 0
    """Rows below which a study warns that the method is uncertain, though it runs."""

    _visits_per_row = 0.0
    """How often a search for parameters visits each row, where a refit is one; it tells how long refits take."""

    _filters = False
    """Whether fitted parameters and the rows before give a ratio that moves: GARCH, Kalman, regimes."""

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Find the hedge ratio from all rows given.

        Parameters
        ----------
        X : array-like (n_obs, n_hedges)
            Changes of one unit of each hedge.
        y : array-like (n_obs,)
            Changes of one unit of the exposure, over the same periods.

        Raises
        ------
        DataError
            A value is missing or infinite, an instrument does not move, hedges are collinear, or rows are too few.
        InputError
            An option of the method breaks its rule.
        """
        X, y = self._validated(X, y)
        self._check_options(X.shape[1])
        self._check_rows(X, y)
        estimate = self._estimate(X, y)
        used = slice(estimate.first_row, None)
        self.hedge_ratio_ = estimate.ratio
        self.standard_error_ = estimate.standard_error
        self.intercept_ = float(estimate.intercept)
        self.n_obs_ = len(y) - estimate.first_row
        self.convergence_ = estimate.convergence
        self.r_squared_ = share_explained(y[used], y[used] - X[used] @ estimate.ratio, estimate)
        return self

    def predict(self, X: ArrayLike) -> FloatArray:
        """Return ``X @ hedge_ratio_`` (n_obs,): what the hedge gains per unit of exposure when sold."""
        check_is_fitted(self)
        with _as_data_error():
            X = validate_data(self, X, reset=False, dtype=np.float64)
        gains: FloatArray = X @ self.hedge_ratio_
        return gains

    def score(self, X: ArrayLike, y: ArrayLike) -> float:  # type: ignore[override,unused-ignore]
        """Return the variance reduction ``1 - Var(y - X @ hedge_ratio_) / Var(y)``; higher is better, 1 is perfect."""
        hedge_gains = self.predict(X)
        y = column_or_1d(y, dtype=np.float64)
        variance = float(np.var(y))
        return float(1.0 - np.var(y - hedge_gains) / variance) if variance > 0.0 else float("nan")

    def ratio_path(self, X: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the ratio for each row, made from the rows before it with the parameters of ``fit`` held.

        A method without memory holds its fitted ratio throughout, so that only rows after those that ``fit`` saw are
        out of sample; so it is with the fitted parameters of a method that filters (GARCH, Kalman, regimes). Rolling,
        expanding and weighted methods have no fitted parameters: each of their rows is.

        Returns
        -------
        ndarray (n_obs, n_hedges)
            NaN where the rows before do not identify a ratio, and after a missing or infinite value.
        """
        check_is_fitted(self)
        X, y = self._rows(X, y, reset=False)
        if self._filters:
            return self._filtered_path(X, y)
        if not self._follows_rows:
            return np.tile(self.hedge_ratio_, (len(X), 1))
        return self._path(X, y, np.arange(len(X)), RefitLog())

    def refit_path(
        self,
        X: ArrayLike,
        y: ArrayLike,
        first: int,
        every: int = 1,
        between: Between = "hold",
        progress: Progress | None = None,
    ) -> FloatArray:
        """Return the ratio for each row when the method is refitted every so many rows.

        At rows ``first, first + every, ...`` a fresh clone is fitted to the rows before; ``self`` stays as it is.

        Parameters
        ----------
        X, y
            As in ``fit``, oldest row first.
        first
            Row of the first ratio.
        every
            Rows from one refit to the next.
        between
            ``"hold"`` keeps the ratio until the next refit; ``"update"`` moves it as ``ratio_path`` does.
        progress
            Called with the number of refits done and in all.

        Returns
        -------
        ndarray (n_obs, n_hedges)
            NaN before ``first``, where the past does not identify a ratio, and after a missing or infinite value.
        """
        n_obs = len(np.asarray(y))
        if not 0 <= first < n_obs:
            raise InputError(f"first must be a row from 0 to {n_obs - 1}, not {first}")
        if every < 1:
            raise InputError(f"every must be at least one row, not {every}")
        return self.refit(X, y, np.arange(first, n_obs, every), between, progress).ratios

    def refit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        rows: IntArray,
        between: Between = "hold",
        progress: Progress | None = None,
    ) -> RefitPath:
        """Return the ratio for each row when the method is refitted at given rows, and the refits that gave none.

        At each of ``rows`` a fresh clone is fitted to the rows before; ``self`` stays as it is. No ratio looks at its
        own row or a later one.

        Parameters
        ----------
        X, y
            As in ``fit``, oldest row first.
        rows
            (r,) rows of the refits, ascending.
        between
            ``"hold"`` keeps the ratio until the next refit; ``"update"`` moves it as ``ratio_path`` does.
        progress
            Called with the number of refits done and in all.
        """
        X, y = self._rows(X, y, reset=None)
        self._check_options(X.shape[1])
        rows = checked_schedule(rows, len(X), between)
        self._check_work(len(X), int(rows[0]), max(1, (len(X) - int(rows[0])) // len(rows)), X.shape[1])
        log = RefitLog(progress)
        if between == "update" and self._filters:
            return RefitPath(self._filtered_between(X, y, rows, log), len(rows), log.sorted_failures)
        if between == "update" and self._follows_rows:
            rows = np.arange(rows[0], len(X))
        path = np.full(X.shape, np.nan)
        path[rows[0] :] = np.repeat(self._path(X, y, rows, log), np.diff(rows, append=len(X)), axis=0)
        return RefitPath(path, len(rows), log.sorted_failures)

    def work(self, n_obs: int, first: int, every: int = 1, n_hedges: int = 1) -> float:
        """Return a rough count of the arithmetic that ``refit_path`` would do on ``n_obs`` rows."""
        searched = len(range(first, n_obs, every)) * 0.5 * (first + n_obs) * self._visits_per_row
        return searched * 0.5 * (n_hedges + 1) + float(n_obs) * (n_hedges + 1) ** 2

    @abstractmethod
    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        """Return the estimate from checked rows."""

    def _check_options(self, n_hedges: int) -> None:
        """Raise InputError where an option breaks its rule."""

    def _check_work(self, n_obs: int, first: int, every: int, n_hedges: int) -> None:
        """Raise InputError where ``refit_path`` would take longer than a person waits."""

    def _fewest_rows(self, n_hedges: int) -> int:
        """Return the number of rows below which the method refuses."""
        return n_hedges + 3

    def _check_rows(self, X: FloatArray, y: FloatArray) -> None:
        check_row_count(len(y), self._fewest_rows(X.shape[1]), X.shape[1])
        check_identified(X, y, self._hedge_names(X.shape[1]))

    def _filtered(self, X: FloatArray, y: FloatArray) -> FloatArray:
        """Return ratios (n_obs + 1, n_hedges) from the fitted parameters, row t made from rows before t.

        The last one is for the row after those given. To the last bit, no row depends on how many rows follow it.
        """
        raise NotImplementedError(f"{type(self).__name__} does not filter")

    def _ratios_at(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        """Return the ratio of a fit to the rows before each of ``rows`` (r,): (r, n_hedges), NaN where refused.

        This is the definition, a loop of clones. A method that overrides it returns the same ratios and, row for row,
        looks at nothing later.
        """
        ratios = np.full((len(rows), X.shape[1]), np.nan)
        for i, row in enumerate(rows):
            fitted = self._fitted_clone(X[:row], y[:row])
            if isinstance(fitted, str):
                log.failed(int(row), fitted)
            else:
                ratios[i] = fitted.hedge_ratio_
            log.done(i + 1, len(rows))
        return ratios

    def _filtered_between(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        """Return ratios (n_obs, n_hedges): at each of ``rows`` new parameters, between them the method's recursion."""
        path = np.full(X.shape, np.nan)
        fewest, last = self._fewest_rows(X.shape[1]), self._first_unusable_row(X, y)
        for i, (row, until) in enumerate(zip(rows, np.append(rows[1:], len(X)), strict=True)):
            log.failed_for_want_of_rows(row, fewest, last)
            if fewest <= row <= last:
                fitted = self._fitted_clone(X[:row], y[:row])
                if isinstance(fitted, str):
                    log.failed(int(row), fitted)
                else:
                    path[row:until] = fitted.ratio_path(X[:until], y[:until])[row:]
            log.done(i + 1, len(rows))
        return path

    def _filtered_path(self, X: FloatArray, y: FloatArray) -> FloatArray:
        """Return ratios (n_obs, n_hedges) from the fitted parameters, NaN after the first unusable row."""
        path = np.full(X.shape, np.nan)
        last = self._first_unusable_row(X, y)
        path[: last + 1] = self._filtered(X[:last], y[:last])[: len(X)]
        return path

    def _fitted_clone(self, X: FloatArray, y: FloatArray) -> Self | str:
        """Return a fresh fit, or the reason why there is none that may feed a decision."""
        try:
            fitted: Self = clone(self).fit(X, y)
        except DataError as error:
            return str(error)
        return fitted if fitted.convergence_.converged else fitted.convergence_.reason

    def _settled(
        self, X: FloatArray, y: FloatArray, rows: IntArray, ratios: FloatArray, doubtful: BoolArray, window: int | None
    ) -> FloatArray:
        """Return ``ratios`` (r, n_hedges) with those refitted that came out ``doubtful`` (r,), as the definition would.

        NaN where the exposure or a hedge does not move within the ``window`` rows before (None: all rows before).
        """
        moving = all_moving(X, y, rows, window)
        settled = np.where(moving[:, None], ratios, np.nan)
        for i in np.flatnonzero(moving & doubtful):
            fitted = self._fitted_clone(X[: rows[i]], y[: rows[i]])
            settled[i] = np.nan if isinstance(fitted, str) else fitted.hedge_ratio_
        return settled

    def _path(self, X: FloatArray, y: FloatArray, rows: IntArray, log: RefitLog) -> FloatArray:
        """Return the ratios at ``rows``, having hidden everything that the last usable row may not see."""
        ratios = np.full((len(rows), X.shape[1]), np.nan)
        fewest, last = self._fewest_rows(X.shape[1]), self._first_unusable_row(X, y)
        usable = (rows >= fewest) & (rows <= last)
        for row in rows[~usable]:
            log.failed_for_want_of_rows(row, fewest, last)
        if np.any(usable):
            ends = rows[usable]
            ratios[usable] = self._ratios_at(X[: ends[-1]], y[: ends[-1]], ends, log)
        told = {failure.row for failure in log.failures}
        for row in rows[usable & ~np.isfinite(ratios).all(axis=1)]:
            if row not in told:
                log.failed(int(row), "the rows before it do not identify a ratio")
        log.done(len(rows), len(rows))
        return ratios

    def _first_unusable_row(self, X: FloatArray, y: FloatArray) -> int:
        """Return the first row whose values end every path, or the number of rows."""
        return first_unusable_row(X, y)

    def _check_finite(self, X: FloatArray, y: FloatArray) -> None:
        """Raise DataError where a value that the method cannot do without is missing or infinite."""
        check_finite(X, y, self._hedge_names(X.shape[1]))

    def _validated(self, X: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
        with _as_data_error():
            X, y = validate_data(self, X, y, y_numeric=True, dtype=np.float64, ensure_all_finite=False)
        y = np.asarray(y, dtype=np.float64)
        self._check_finite(X, y)
        return X, y

    def _rows(self, X: ArrayLike, y: ArrayLike, reset: bool | None) -> tuple[FloatArray, FloatArray]:
        """Return X and y as arrays; missing values are let through, since they only end the path."""
        with _as_data_error():
            if reset is None:
                X = check_array(X, dtype=np.float64, ensure_all_finite=False, estimator=self)
            else:
                X = validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite=False)
            y = column_or_1d(y, dtype=np.float64, warn=True)
        if len(X) != len(y):
            raise DataError(f"X has {len(X)} rows and y has {len(y)}; give both the same rows, one per period")
        return X, y

    def _hedge_names(self, n_hedges: int) -> list[str]:
        names = getattr(self, "feature_names_in_", None)
        if names is not None and len(names) == n_hedges:
            return [repr(str(name)) for name in names]
        return [f"column {position}" for position in range(n_hedges)]


def share_explained(y: FloatArray, hedged: FloatArray, estimate: Estimate) -> float:
    """Return 1 - SSR/SST of the hedged changes, with the estimate's weights and about its means."""
    weights = np.ones(len(y)) if estimate.weights is None else estimate.weights

    def squares(changes: FloatArray) -> float:
        about = np.average(changes, weights=weights) if estimate.centred else 0.0
        return float(np.sum(weights * (changes - about) ** 2))

    unhedged = squares(y)
    return 1.0 - squares(hedged) / unhedged if unhedged > 0.0 else float("nan")


class _as_data_error:  # noqa: N801 - reads as the phrase it is
    """Turn scikit-learn's refusals into one sentence of ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, ValueError) and not isinstance(error, InputError):
            raise DataError(" ".join(str(error).split())) from error
