"""The ratio when margin has a price: variance against the cost of the cash that the hedge ties up.

>>> import numpy as np
>>> float(capital_aware_ratio(np.array([[4.0]]), np.array([4.0]), np.array([0.5]), risk_aversion=1.0)[0])
0.875
"""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError

_SWEEPS = 10_000
_CLOSE_ENOUGH = 1e-13


def capital_aware_ratio(
    hedge_covariance: FloatArray, shared_covariance: FloatArray, cost: FloatArray, risk_aversion: float
) -> FloatArray:
    """Return the ratio that weighs variance against the cost of tied-up cash.

    Minimises ``(risk_aversion / 2) Var(y - h . x) + sum |h_i| cost_i``. With one hedge the ratio of least variance
    moves towards zero by ``cost / (risk_aversion Var(x))`` and stops there: a hedge that does not earn its margin gets
    0.

    Parameters
    ----------
    hedge_covariance : ndarray, shape (n_hedges, n_hedges)
        Of one row's change of the hedges, per unit, in money.
    shared_covariance : ndarray, shape (n_hedges,)
        Of each hedge with the exposure.
    cost : ndarray, shape (n_hedges,)
        Money over one row for the cash that one unit of hedge ties up per unit of exposure, 0 or more.
    risk_aversion : float
        Absolute, per unit of money and of the whole exposure: with Q units of it and an investor's own aversion g it is
        ``g Q``; above 0.

    Returns
    -------
    ndarray, shape (n_hedges,)

    Raises
    ------
    InputError
        A negative cost, a risk aversion of 0 or less, or a hedge without variance.

    References
    ----------
    R. Tibshirani, *Regression shrinkage and selection via the lasso*, JRSS B 58 (1996) 267, for the objective; the
    minimum is found one hedge at a time until none moves.
    """
    if not (np.isfinite(cost).all() and (cost >= 0.0).all()):
        raise InputError(f"the cost of tied-up cash must be 0 or more, not {cost.tolist()}")
    if not (np.isfinite(risk_aversion) and risk_aversion > 0.0):
        raise InputError(f"risk aversion must be above 0, not {risk_aversion}")
    spread = np.diag(hedge_covariance)
    if not (spread > 0.0).all():
        raise InputError("a hedge without variance has no ratio; leave it out")
    threshold = cost / risk_aversion
    ratio = np.zeros(len(spread))
    for _ in range(_SWEEPS):
        moved = 0.0
        for one in range(len(ratio)):
            pull = shared_covariance[one] - hedge_covariance[one] @ ratio + spread[one] * ratio[one]
            new = np.sign(pull) * max(abs(pull) - threshold[one], 0.0) / spread[one]
            moved = max(moved, abs(new - ratio[one]) * np.sqrt(spread[one]))
            ratio[one] = new
        if moved <= _CLOSE_ENOUGH * np.sqrt(spread.max()):
            break
    return ratio
