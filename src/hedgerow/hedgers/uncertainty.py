"""How well a ratio is known: an interval for it and for the contracts, and what being wrong costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.resampling import MINIMUM_ROWS, choose_block_length, stationary_rows
from hedgerow.errors import DataError, InputError
from hedgerow.hedgers.contracts import ContractSize, Rounding, contracts_from_price_ratio

if TYPE_CHECKING:  # loaded with scikit-learn, for which a hedge of options need not wait
    from hedgerow.ratios import RatioEstimator

FEWEST_REFITS = 0.8
"""Share of the bootstrap's refits that must give a ratio for their spread to mean anything."""


@dataclass(frozen=True)
class UncertaintyOptions:
    """How the uncertainty of a ratio is found.

    Parameters
    ----------
    confidence : float
        Probability of the interval.
    method : {"auto", "standard_error", "bootstrap"}
        The estimator's own standard error with normal quantiles; or refits to rows redrawn in blocks, quantiles of
        their ratios. ``"auto"`` takes the first where there is one.
    draws : int
        Refits of the bootstrap.
    block_length : float or None
        Mean rows of a block; None chooses it by Politis and White's rule.
    seed : int
        Of the bootstrap; the same seed gives the same interval.
    rounding : Rounding
        How contracts become whole.
    """

    confidence: float = 0.95
    method: Literal["auto", "standard_error", "bootstrap"] = "auto"
    draws: int = 300
    block_length: float | None = None
    seed: int = 0
    rounding: Rounding = Rounding.NEAREST

    def __post_init__(self) -> None:
        if not 0.0 < self.confidence < 1.0:
            raise InputError(f"confidence must lie between 0 and 1, not {self.confidence}")
        if self.method not in ("auto", "standard_error", "bootstrap"):
            raise InputError(f"method must be 'auto', 'standard_error' or 'bootstrap', not {self.method!r}")
        if self.draws < 20:
            raise InputError(f"draws must be at least 20 for an interval, not {self.draws}")
        if self.block_length is not None and not self.block_length >= 1.0:
            raise InputError(f"block_length must be at least one row, not {self.block_length}")


@dataclass(frozen=True, eq=False)
class ErrorCost:
    """What it costs to be wrong by one standard error.

    Attributes
    ----------
    variance : ndarray (n_hedges,)
        Rise of the hedged change's variance where this hedge's ratio is off, the others right, in the worse direction:
        ``se^2 Var(x) + 2 se |Cov(x, hedged)|``, times quantity squared.
    deviation : ndarray (n_hedges,)
        The same for its standard deviation: money per period for the whole quantity.
    reduction : ndarray (n_hedges,)
        The same in percentage points of variance reduction; NaN where the exposure does not move.
    variance_together, deviation_together, reduction_together : float
        The same where all ratios are off by one standard error in the same direction.
    """

    variance: FloatArray
    deviation: FloatArray
    reduction: FloatArray
    variance_together: float
    deviation_together: float
    reduction_together: float


@dataclass(frozen=True, eq=False)
class RatioUncertainty:
    """An interval for the ratio and for the contracts, and what an error of one standard error costs.

    Attributes
    ----------
    ratio, standard_error, low, high : ndarray (n_hedges,)
        Units of hedge per unit of exposure, their standard error and the ends of the interval.
    confidence : float
        Probability of the interval.
    method : str
        ``"standard_error"`` or ``"bootstrap"``.
    refits : int
        Refits of the bootstrap that gave a ratio; 0 for the other.
    contracts, contracts_low, contracts_high : ndarray (n_hedges,) or None
        Whole contracts at the ratio and at the ends of its interval, lowest number first (negative = sell); None
        without contract sizes.
    rounding : Rounding
        How they became whole.
    error_cost : ErrorCost
        What it costs to be wrong by one standard error.
    """

    ratio: FloatArray
    standard_error: FloatArray
    low: FloatArray
    high: FloatArray
    confidence: float
    method: str
    refits: int
    contracts: FloatArray | None
    contracts_low: FloatArray | None
    contracts_high: FloatArray | None
    rounding: Rounding
    error_cost: ErrorCost


def ratio_uncertainty(
    fitted: RatioEstimator,
    X: ArrayLike,
    y: ArrayLike,
    *,
    quantity: float | None = None,
    contracts: ContractSize | Sequence[ContractSize] | None = None,
    options: UncertaintyOptions | None = None,
) -> RatioUncertainty:
    """Return how well a fitted ratio is known and what it costs to be wrong by one standard error.

    Parameters
    ----------
    fitted : RatioEstimator
        After ``fit`` on the same rows.
    X : array-like (n_obs, n_hedges)
        Changes of one unit of each hedge.
    y : array-like (n_obs,)
        Changes of one unit of exposure.
    quantity : float, optional
        Units of exposure, positive = long; figures are for one unit unless given.
    contracts : ContractSize or sequence of them, optional
        One per hedge, for the interval in contracts; needs ``quantity``.
    options : UncertaintyOptions, optional
        Confidence, method and rounding.

    Returns
    -------
    RatioUncertainty

    Raises
    ------
    InputError
        The estimator is not fitted, sizes do not fit, or the bootstrap is asked of a method that follows time.
    DataError
        The method has no standard error and its refits mostly fail.

    Examples
    --------
    >>> from hedgerow.ratios import OLS
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(500, 1))
    >>> y = 0.8 * x[:, 0] + 0.3 * rng.normal(size=500)
    >>> known = ratio_uncertainty(OLS().fit(x, y), x, y, quantity=1e6, contracts=ContractSize(42_000))
    >>> known.contracts_low, known.contracts, known.contracts_high
    (array([-20.]), array([-19.]), array([-18.]))
    """
    options = options or UncertaintyOptions()
    if not hasattr(fitted, "hedge_ratio_"):
        raise InputError(f"{type(fitted).__name__} must be fitted before its uncertainty is asked for")
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64).ravel()
    ratio = np.asarray(fitted.hedge_ratio_, dtype=np.float64)
    if X.ndim != 2 or X.shape != (len(y), len(ratio)):
        raise DataError(f"X must be ({len(y)}, {len(ratio)}) for this ratio and these rows of y, not {X.shape}")
    seen = ~(np.isnan(y) | np.isnan(X).any(axis=1))  # a row with a gap, where the method lets it through, tells nothing
    X, y = X[seen], y[seen]
    errors, low, high, refits = _interval(fitted, X, y, options)
    sized = _sized(ratio, low, high, quantity, contracts, options.rounding)
    return RatioUncertainty(
        ratio,
        errors,
        low,
        high,
        options.confidence,
        "bootstrap" if refits else "standard_error",
        refits,
        *sized,
        options.rounding,
        _cost_of_errors(X, y, ratio, errors, 1.0 if quantity is None else abs(quantity)),
    )


def _interval(
    fitted: RatioEstimator, X: FloatArray, y: FloatArray, options: UncertaintyOptions
) -> tuple[FloatArray, FloatArray, FloatArray, int]:
    """Return standard errors, the ends of the interval, and the refits behind them."""
    errors, ratio = fitted.standard_error_, np.asarray(fitted.hedge_ratio_, dtype=np.float64)
    has_errors = errors is not None and bool(np.all(np.isfinite(errors)))
    if options.method == "standard_error" and not has_errors:
        raise InputError(f"{type(fitted).__name__} has no standard error here; ask for the bootstrap")
    if has_errors and options.method != "bootstrap":
        known = np.asarray(errors, dtype=np.float64)
        reach = NormalDist().inv_cdf(0.5 + options.confidence / 2.0) * known
        return known, ratio - reach, ratio + reach, 0
    ratios = _redrawn(fitted, X, y, options)
    tail = (1.0 - options.confidence) / 2.0
    low, high = np.quantile(ratios, [tail, 1.0 - tail], axis=0)
    return ratios.std(axis=0, ddof=1), low, high, len(ratios)


def _redrawn(fitted: RatioEstimator, X: FloatArray, y: FloatArray, options: UncertaintyOptions) -> FloatArray:
    """Return the ratios (m, n_hedges) of refits to rows redrawn in blocks."""
    from sklearn.base import clone

    name = type(fitted).__name__
    if fitted._filters or fitted._follows_rows:
        raise InputError(f"{name} follows time, which redrawn rows do not; only its standard error can be used")
    if len(y) < MINIMUM_ROWS:
        raise DataError(f"the bootstrap needs at least {MINIMUM_ROWS} rows, not {len(y)}")
    length = options.block_length or choose_block_length(np.stack([y, y - X @ fitted.hedge_ratio_]))
    ratios = []
    for rows in stationary_rows(len(y), length, options.draws, options.seed):
        try:
            again = clone(fitted).fit(X[rows], y[rows])
        except DataError:
            continue
        if again.convergence_.converged:
            ratios.append(again.hedge_ratio_)
    if len(ratios) < FEWEST_REFITS * options.draws:
        raise DataError(
            f"only {len(ratios)} of {options.draws} refits of {name} to redrawn rows gave a ratio, too few for an "
            "interval; give more rows or bounds"
        )
    return np.array(ratios, dtype=np.float64)


def _sized(
    ratio: FloatArray,
    low: FloatArray,
    high: FloatArray,
    quantity: float | None,
    contracts: ContractSize | Sequence[ContractSize] | None,
    rounding: Rounding,
) -> tuple[FloatArray | None, FloatArray | None, FloatArray | None]:
    """Return whole contracts at the ratio, and the lowest and highest number of the interval."""
    if contracts is None:
        return None, None, None
    if quantity is None:
        raise InputError("contract sizes need a quantity of exposure")
    sizes = [contracts] if isinstance(contracts, ContractSize) else list(contracts)
    if len(sizes) != len(ratio):
        raise InputError(f"there are {len(ratio)} hedges and {len(sizes)} contract sizes; give one per hedge")
    at, one, other = (
        np.array(
            [
                contracts_from_price_ratio(float(h), quantity, size, rounding=rounding).whole
                for h, size in zip(ratios, sizes, strict=True)
            ]
        )
        for ratios in (ratio, low, high)
    )
    return at, np.minimum(one, other), np.maximum(one, other)


def _cost_of_errors(X: FloatArray, y: FloatArray, ratio: FloatArray, errors: FloatArray, quantity: float) -> ErrorCost:
    """Return the rise of variance and deviation and the reduction lost, for each hedge alone and for all together."""
    hedged = y - X @ ratio
    centred = X - X.mean(axis=0)
    own, unhedged = float(hedged.var(ddof=1)), float(y.var(ddof=1))
    covariance = centred.T @ centred / (len(y) - 1)
    slope = centred.T @ (hedged - hedged.mean()) / (len(y) - 1)
    rises = errors**2 * np.diag(covariance) + 2.0 * errors * np.abs(slope)
    together = float(errors @ covariance @ errors + 2.0 * abs(errors @ slope))

    def deviation(rise: FloatArray) -> FloatArray:
        return np.asarray(quantity * (np.sqrt(own + rise) - np.sqrt(own)), dtype=np.float64)

    def lost(rise: FloatArray) -> FloatArray:
        return np.asarray(100.0 * rise / unhedged if unhedged > 0.0 else np.full_like(rise, np.nan), dtype=np.float64)

    all_at_once = np.array(together)
    return ErrorCost(
        quantity**2 * rises,
        deviation(rises),
        lost(rises),
        quantity**2 * together,
        float(deviation(all_at_once)),
        float(lost(all_at_once)),
    )
