"""Any method with a no-trade region that pays for itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from hedgerow._types import ArrayLike, FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.kernels.comoments import growing_comoments
from hedgerow.kernels.compile import dense
from hedgerow.kernels.no_trade import hold_until_paid
from hedgerow.ratios.base import Between, Estimate, RatioEstimator
from hedgerow.ratios.least_squares import half_life_decay
from hedgerow.ratios.refits import Progress, RefitPath


class CostAware(RatioEstimator):
    """A method's ratio, approached only as far as the fall in risk pays for the move.

    At each row the held ratio becomes the z that minimises

        horizon * (risk_aversion / 2 (z - m)' S (z - m) + capital_cost abs(z)) + safety * cost abs(z - held)

    where m is the method's ratio for the row and S the covariance of the hedges' changes over the rows before it: what
    remains of the hedged change's variance above the least, valued over ``horizon`` rows, against the cost of trading.
    For one hedge the held ratio stays within ``safety * cost / (horizon * risk_aversion * S)`` of m and moves to that
    edge. Every move lowers risk over the horizon by more than it costs. The first ratio is the method's own.

    Parameters
    ----------
    estimator : RatioEstimator
        The method; never changed.
    cost : float or array-like (n_hedges,), default=0.0
        Money per unit of hedge traded, one way, in the exposure's currency; 0 follows the method exactly.
    risk_aversion : float, default=1.0
        Absolute, per unit of the exposure's money *for one unit of exposure*: the aversion of the whole position times
        its quantity.
    horizon : float, default=1.0
        Rows over which the fall in risk counts: about how long a ratio is kept.
    safety : float, default=1.0
        Multiplies the cost: 2 moves only where the fall in risk is worth twice the cost.
    trade_to : {"edge", "target"}, default="edge"
        Where a move ends: where another step would no longer pay, or at the method's ratio, all hedges at once.
    capital_cost : float or array-like (n_hedges,), default=0.0
        Money per unit of hedge held, long or short, and row: margin times the rate it is financed at.
    halflife : float, default=None
        Rows over which the weight of a row in S halves; None weighs all rows before alike.

    Attributes
    ----------
    estimator_ : RatioEstimator
        The method, fitted.
    covariance_ : ndarray (n_hedges, n_hedges)
        S after all rows given to ``fit``.

    Notes
    -----
    ``hedge_ratio_`` after ``fit`` is what the method says (less what capital costs); :meth:`rebalanced` says what to
    hold when something is held. The path depends on itself: ``refit`` lets the method run first and applies the region
    once to its whole path by :meth:`from_inner`, which whoever runs the refits of :attr:`inner` in parts calls too.

    References
    ----------
    Davis, M. H. A. and Norman, A. R. (1990), Mathematics of Operations Research 15, 676-713; Garleanu, N. and Pedersen,
    L. H. (2013), Journal of Finance 68, 2309-2340, for costs that are quadratic.

    Examples
    --------
    >>> from hedgerow.ratios import EWMA
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(200, 1))
    >>> y = 0.8 * x[:, 0] + rng.normal(size=200)
    >>> def turnover(method):
    ...     return np.abs(np.diff(method.refit_path(x, y, 50)[50:], axis=0)).sum()
    >>> bool(turnover(CostAware(EWMA(), cost=0.2)) < 0.5 * turnover(EWMA()))
    True
    """

    def __init__(
        self,
        estimator: Any,
        cost: ArrayLike = 0.0,
        risk_aversion: float = 1.0,
        horizon: float = 1.0,
        safety: float = 1.0,
        trade_to: Literal["edge", "target"] = "edge",
        capital_cost: ArrayLike = 0.0,
        halflife: float | None = None,
    ) -> None:
        self.estimator = estimator
        self.cost = cost
        self.risk_aversion = risk_aversion
        self.horizon = horizon
        self.safety = safety
        self.trade_to = trade_to
        self.capital_cost = capital_cost
        self.halflife = halflife

    @property
    def inner(self) -> RatioEstimator:
        """The method whose ratios are approached."""
        inner: RatioEstimator = self.estimator
        return inner

    @property
    def advised_rows(self) -> int:  # type: ignore[override]
        """Rows below which a study warns that the method is uncertain."""
        return self.inner.advised_rows

    @property
    def _filters(self) -> bool:  # type: ignore[override]
        return self.inner._filters

    @property
    def _follows_rows(self) -> bool:  # type: ignore[override]
        return self.inner._follows_rows

    def rebalanced(self, held: ArrayLike) -> FloatArray:
        """Return the ratio (n_hedges,) to hold for the next period where ``held`` (n_hedges,) is held now."""
        check_is_fitted(self)
        held = np.asarray(held, dtype=np.float64).ravel()
        if len(held) != len(self.hedge_ratio_) or not np.all(np.isfinite(held)):
            raise InputError(f"held must be one finite ratio per hedge ({len(self.hedge_ratio_)}), not {held!r}")
        return self._held_path(self.estimator_.hedge_ratio_[None], self.covariance_[None], held)[0]

    def from_inner(self, path: FloatArray, X: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the ratios held (n_obs, n_hedges) where the method's own are ``path`` (n_obs, n_hedges).

        Row t uses rows of ``path`` up to t and changes before t. Rows without a ratio stay without one.

        Parameters
        ----------
        path
            As :attr:`inner` returns it from ``refit`` or ``ratio_path``, whole: the region is applied from its start.
        X, y
            The changes that it was made from.
        """
        X, _ = self._rows(X, y, reset=None)
        path = np.asarray(path, dtype=np.float64)
        if path.shape != X.shape:
            raise DataError(f"the method's ratios have shape {path.shape} and the hedges' changes {X.shape}")
        self._check_options(X.shape[1])
        if not (np.any(self._per_hedge(self.cost)) or np.any(self._per_hedge(self.capital_cost))):
            return path.copy()
        return self._held_path(path, self._covariances(X, np.arange(len(X))), None)

    def ratio_path(self, X: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the ratio held at each row (n_obs, n_hedges), the fitted method's path through the no-trade region."""
        check_is_fitted(self)
        X, y = self._rows(X, y, reset=False)
        return self.from_inner(self.estimator_.ratio_path(X, y), X, y)

    def refit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        rows: IntArray,
        between: Between = "hold",
        progress: Progress | None = None,
    ) -> RefitPath:
        """Return the ratio held at each row when the method is refitted at given rows; see ``RatioEstimator.refit``."""
        X, y = self._rows(X, y, reset=None)
        self._check_options(X.shape[1])
        inner = self.inner.refit(X, y, rows, between, progress)
        return replace(inner, ratios=self.from_inner(inner.ratios, X, y))

    def work(self, n_obs: int, first: int, every: int = 1, n_hedges: int = 1) -> float:
        """Return a rough count of the method's own arithmetic."""
        return self.inner.work(n_obs, first, every, n_hedges)

    def _estimate(self, X: FloatArray, y: FloatArray) -> Estimate:
        self.estimator_ = clone(self.estimator).fit(X, y)
        self.covariance_ = self._covariances(X, np.array([len(X)]))[0]
        own = self.estimator_.hedge_ratio_
        ratio = own.copy()
        if np.any(self._per_hedge(self.capital_cost)):
            ratio = self._held_path(own[None], self.covariance_[None], None)[0]
        errors, convergence = self.estimator_.standard_error_, self.estimator_.convergence_
        intercept = float(np.mean(y) - X.mean(axis=0) @ ratio) if np.any(ratio != own) else self.estimator_.intercept_
        return Estimate(ratio, errors, intercept, len(y) - self.estimator_.n_obs_, convergence=convergence)

    def _held_path(self, path: FloatArray, covariances: FloatArray, held: FloatArray | None) -> FloatArray:
        k = path.shape[1]
        trading = self.safety * np.resize(self._per_hedge(self.cost), k)
        holding = self.horizon * np.resize(self._per_hedge(self.capital_cost), k)
        start = np.zeros(k) if held is None else held.copy()
        weight, whole = float(self.horizon * self.risk_aversion), self.trade_to == "target"
        out = np.empty(path.shape)
        hold_until_paid(
            dense(path), dense(covariances), weight, dense(trading), dense(holding), whole, start, held is not None, out
        )
        return out

    def _covariances(self, X: FloatArray, ends: IntArray) -> FloatArray:
        """Return the covariance (r, k, k) of the rows before each of ``ends``; rows with a gap do not count."""
        usable = np.isfinite(X).all(axis=1)
        counted = np.concatenate([[0], np.cumsum(usable)])[ends]
        decay = 1.0 if self.halflife is None else half_life_decay(self.halflife)
        _, moments = growing_comoments(X[usable], counted, decay=decay)
        total = counted - 1.0 if decay == 1.0 else (1.0 - decay**counted) / (1.0 - decay)
        return np.where(counted[:, None, None] > 1, moments / np.maximum(total, 1.0)[:, None, None], 0.0)

    def _per_hedge(self, number: ArrayLike) -> FloatArray:
        return np.asarray(number, dtype=np.float64).ravel()

    def _check_options(self, n_hedges: int) -> None:
        self.inner._check_options(n_hedges)
        for name in ("cost", "capital_cost"):
            given = getattr(self, name)
            numbers = self._per_hedge(given)
            if len(numbers) not in (1, n_hedges) or not np.all(np.isfinite(numbers) & (numbers >= 0.0)):
                raise InputError(
                    f"{name} must be one number of at least 0 or one per hedge ({n_hedges}), not {given!r}"
                )
        for name in ("risk_aversion", "horizon", "safety", "halflife"):
            number = getattr(self, name)
            if not (number is None and name == "halflife") and not (np.isfinite(number) and number > 0.0):
                raise InputError(f"{name} must be a positive number, not {number}")
        if self.trade_to not in ("edge", "target"):
            raise InputError(f"trade_to must be 'edge' or 'target', not {self.trade_to!r}")

    def _check_work(self, n_obs: int, first: int, every: int, n_hedges: int) -> None:
        self.inner._check_work(n_obs, first, every, n_hedges)

    def _fewest_rows(self, n_hedges: int) -> int:
        return self.inner._fewest_rows(n_hedges)

    def _first_unusable_row(self, X: FloatArray, y: FloatArray) -> int:
        return self.inner._first_unusable_row(X, y)

    def _check_finite(self, X: FloatArray, y: FloatArray) -> None:
        self.inner._check_finite(X, y)
