"""The best whole numbers of contracts of several instruments: rounding each alone is not the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgerow._types import ArrayLike, FloatArray, IntArray
from hedgerow.errors import DataError, InputError
from hedgerow.hedgers.contracts import ContractSize
from hedgerow.hedgers.integer_search import WholeMinimum, least_by_cuts, nearest_whole_point

Objective = Literal["variance", "cvar", "absolute_deviation"]
OBJECTIVES = ("variance", "cvar", "absolute_deviation")
MOST_LOTS_AWAY = 200


@dataclass(frozen=True)
class WholeContractOptions:
    """What is least, and how many contracts may be held.

    Parameters
    ----------
    objective : {"variance", "cvar", "absolute_deviation"}
        Of the hedged change of the whole position, in money (squared for the variance); absolute deviations are means
        about the mean.
    level : float
        Probability of the CVaR.
    low, high : sequence of int or None
        Fewest and most contracts of each hedge, negative = sold; None searches 200 lots either side of the optimum of
        fractional contracts, and says so where that was too few.
    """

    objective: Objective = "variance"
    level: float = 0.95
    low: Sequence[int] | None = None
    high: Sequence[int] | None = None

    def __post_init__(self) -> None:
        if self.objective not in OBJECTIVES:
            raise InputError(f"objective must be one of {', '.join(OBJECTIVES)}, not {self.objective!r}")
        if not 0.0 < self.level < 1.0:
            raise InputError(f"level must lie between 0 and 1, not {self.level}")


@dataclass(frozen=True, eq=False)
class WholeContracts:
    """Whole numbers of contracts and what they leave over.

    Attributes
    ----------
    contracts : ndarray of int (n_hedges,) or None
        Contracts to hold, negative = sell; None unless they are proven to be the best.
    best_found : ndarray of int (n_hedges,) or None
        The best numbers looked at, proven or not: to look at, not to trade.
    exact : ndarray (n_hedges,)
        The best fractional numbers of contracts within the same bounds.
    objective_name : str
        What was made least.
    objective : float
        Its value at ``best_found``, in money per period (squared for the variance); like ``gap`` and ``unproven``, NaN
        where no whole numbers were found.
    exact_objective, unhedged_objective : float
        Its value at ``exact`` and without a hedge.
    gap : float
        ``objective - exact_objective``: what whole contracts cost.
    unproven : float
        How much better other whole numbers could be at most; 0 but for rounding where they are proven.
    residual_exposure : ndarray (n_hedges,)
        Hedge that whole numbers leave out of each instrument, in the exposure's units: positive leaves a long exposure
        longer than wanted. NaN where no whole numbers were found.
    status : str
        ``"optimal"``, or what kept the search from it.
    """

    contracts: IntArray | None
    best_found: IntArray | None
    exact: FloatArray
    objective_name: str
    objective: float
    exact_objective: float
    unhedged_objective: float
    gap: float
    unproven: float
    residual_exposure: FloatArray
    status: str


def best_whole_contracts(
    X: ArrayLike,
    y: ArrayLike,
    quantity: float,
    contracts: Sequence[ContractSize],
    options: WholeContractOptions | None = None,
) -> WholeContracts:
    """Return the whole numbers of contracts whose hedged change is least risky, all instruments together.

    The variance is searched by enumeration around its fractional optimum; CVaR and absolute deviation by mixed-integer
    programming (HiGHS) over tangent planes. Both prove their answer to 1e-9 of the exposure's standard deviation.

    Parameters
    ----------
    X : array-like (n_obs, n_hedges)
        Changes of one unit of each hedge, in the exposure's price unit.
    y : array-like (n_obs,)
        Changes of one unit of exposure.
    quantity : float
        Units of exposure, positive = long.
    contracts : sequence of ContractSize
        One per hedge.
    options : WholeContractOptions, optional
        The objective and bounds; least variance without bounds unless given.

    Returns
    -------
    WholeContracts

    Raises
    ------
    DataError
        Where changes cannot be used: missing values, hedges that are collinear or do not move.
    InputError
        Where sizes, bounds or quantity do not fit.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(250, 2))
    >>> y = X @ [0.7, 0.4] + 0.1 * rng.normal(size=250)
    >>> best_whole_contracts(X, y, 1_000.0, [ContractSize(300.0), ContractSize(250.0)]).contracts
    array([-2, -2])
    """
    options = options or WholeContractOptions()
    X, y = _checked(X, y, quantity, contracts)
    units = np.array([contract.size / contract.price_unit_factor for contract in contracts])
    unit = abs(quantity) * float(y.std())
    problem = _Problem(X * units / unit, quantity * y / unit, options)
    exact = problem.fractional()
    low, high = _limits(options, exact)
    found = problem.whole(exact, low, high)
    reason = found.reason or _too_near(found, options, low, high)
    power = 2 if options.objective == "variance" else 1
    value = float("nan") if found.point is None else problem.value(found.point) * unit**power
    exact_value = problem.value(exact) * unit**power
    nowhere = np.full(len(units), np.nan)
    return WholeContracts(
        contracts=None if reason else found.point,
        best_found=found.point,
        exact=exact,
        objective_name=options.objective,
        objective=value,
        exact_objective=exact_value,
        unhedged_objective=problem.value(np.zeros(len(units))) * unit**power,
        gap=value - exact_value,
        unproven=(found.value - found.bound) * unit**power,
        residual_exposure=nowhere if found.point is None else (found.point - exact) * units,
        status=reason or "optimal",
    )


@dataclass(frozen=True)
class _Problem:
    """Gains per contract (n, k) and of the exposure (n,), in standard deviations of the latter."""

    gains: FloatArray
    exposure: FloatArray
    options: WholeContractOptions

    def value(self, contracts: ArrayLike) -> float:
        """Return the objective of the position with these contracts."""
        return self._tangent(np.asarray(contracts, dtype=np.float64))[0]

    def fractional(self) -> FloatArray:
        """Return the best fractional contracts within the bounds."""
        from hedgerow.ratios import MinimumCVaR, QuadraticUtility

        bounds = _bounds(self.options, self.gains.shape[1])
        if self.options.objective == "absolute_deviation":
            return self._least_deviation(bounds)
        method = MinimumCVaR(self.options.level, bounds) if self.options.objective == "cvar" else None
        fitted = (method or QuadraticUtility(bounds=bounds)).fit(-self.gains, self.exposure)
        if not fitted.convergence_.converged:
            raise DataError(f"there is no best number of contracts: {fitted.convergence_.reason}")
        return np.asarray(fitted.hedge_ratio_, dtype=np.float64)

    def whole(self, exact: FloatArray, low: IntArray, high: IntArray) -> WholeMinimum:
        """Return the best whole contracts."""
        if np.any(low > high):
            return WholeMinimum(None, float("nan"), float("nan"), "no whole numbers lie within the bounds")
        if self.options.objective != "variance":
            return least_by_cuts(self._tangent, exact, low, high)
        joint = np.asarray(np.cov(self.gains.T, self.exposure), dtype=np.float64)
        covariance, with_exposure = joint[:-1, :-1], joint[:-1, -1]
        centre = np.asarray(-np.linalg.solve(covariance, with_exposure), dtype=np.float64)
        return nearest_whole_point(covariance, centre, low, high)

    def _tangent(self, contracts: ArrayLike) -> tuple[float, FloatArray]:
        """Return the objective and a subgradient (k,) at numbers of contracts."""
        hedged = self.exposure + self.gains @ contracts
        if self.options.objective == "variance":
            centred = hedged - hedged.mean()
            return float(hedged.var(ddof=1)), 2.0 * self.gains.T @ centred / (len(hedged) - 1)
        if self.options.objective == "cvar":
            from hedgerow.ratios.minimum_cvar import tail_rows

            count = tail_rows(len(hedged), self.options.level)
            worst = np.argpartition(hedged, count - 1)[:count]
            return -float(hedged[worst].mean()), -self.gains[worst].mean(axis=0)
        centred = hedged - hedged.mean()
        signs = np.sign(centred)
        return float(np.abs(centred).mean()), (signs - signs.mean()) @ self.gains / len(hedged)

    def _least_deviation(self, bounds: Sequence[tuple[float | None, float | None]] | None) -> FloatArray:
        """Return fractional contracts of least absolute deviation: half of it is the mean shortfall below the mean."""
        from hedgerow.ratios import MinimumLPM

        gains, exposure = self.gains - self.gains.mean(axis=0), self.exposure - self.exposure.mean()
        fitted = MinimumLPM(order=1, bounds=bounds).fit(-gains, exposure)
        if not fitted.convergence_.converged:
            raise DataError(f"there is no best number of contracts: {fitted.convergence_.reason}")
        return np.asarray(fitted.hedge_ratio_, dtype=np.float64)


def _bounds(options: WholeContractOptions, k: int) -> list[tuple[float | None, float | None]] | None:
    if options.low is None and options.high is None:
        return None
    low = [None] * k if options.low is None else [float(number) for number in options.low]
    high = [None] * k if options.high is None else [float(number) for number in options.high]
    if len(low) != k or len(high) != k:
        raise InputError(f"low and high must have one number of contracts per hedge ({k})")
    return list(zip(low, high, strict=True))


def _limits(options: WholeContractOptions, exact: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the fewest and most contracts searched."""
    low = np.floor(exact) - MOST_LOTS_AWAY if options.low is None else np.ceil(np.asarray(options.low, dtype=float))
    high = np.ceil(exact) + MOST_LOTS_AWAY if options.high is None else np.floor(np.asarray(options.high, dtype=float))
    return low.astype(np.int64), high.astype(np.int64)


def _too_near(found: WholeMinimum, options: WholeContractOptions, low: IntArray, high: IntArray) -> str:
    """Return a reason where the best point lies on an edge that the search set itself."""
    if found.point is None:
        return found.reason
    at_low = options.low is None and bool(np.any(found.point == low))
    at_high = options.high is None and bool(np.any(found.point == high))
    return (
        f"the best point lies {MOST_LOTS_AWAY} lots from the fractional one; give bounds" if at_low or at_high else ""
    )


def _checked(
    X: ArrayLike, y: ArrayLike, quantity: float, contracts: Sequence[ContractSize]
) -> tuple[FloatArray, FloatArray]:
    from hedgerow.ratios.checks import check_finite, check_identified, check_row_count

    X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64).ravel()
    if X.ndim != 2 or len(X) != len(y):
        raise DataError(f"X must be (n_obs, n_hedges) with as many rows as y, not {X.shape} and {y.shape}")
    if len(contracts) != X.shape[1]:
        raise InputError(f"there are {X.shape[1]} hedges and {len(contracts)} contract sizes; give one per hedge")
    if not (np.isfinite(quantity) and quantity != 0.0):
        raise InputError(f"quantity must be a number of units other than 0, not {quantity}")
    names = [f"column {number}" for number in range(X.shape[1])]
    check_finite(X, y, names)
    check_row_count(len(y), X.shape[1] + 3, X.shape[1])
    check_identified(X, y, names)
    return X, y
