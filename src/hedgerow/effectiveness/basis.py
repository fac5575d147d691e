"""The gap between what is exposed and what hedges it: basis, basis risk, carry, maturities that do not match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.changes import checked_pair
from hedgerow.errors import DataError, InputError


def basis(spot: pd.Series, hedge: pd.Series, factor: float = 1.0) -> pd.Series:
    """Return ``spot - factor * hedge`` on the dates both have.

    Parameters
    ----------
    spot, hedge : pandas.Series
        Prices on a date index.
    factor : float
        Multiplies the hedge's price into the spot's unit (crude per gallon: 1/42).

    Returns
    -------
    pandas.Series
        Named ``basis``, in the spot's unit; positive where spot stands above the hedge.

    Examples
    --------
    >>> basis(pd.Series([1.94]), pd.Series([83.58]), factor=1 / 42).round(2).tolist()
    [-0.05]
    """
    both = pd.concat([spot, hedge], axis=1, join="inner").dropna()
    gap = both.iloc[:, 0] - factor * both.iloc[:, 1]
    return gap.rename("basis")


@dataclass(frozen=True)
class BasisSummary:
    """Figures of a basis over n_obs changes; all in the spot's unit but the correlation.

    ``basis_risk`` is the standard deviation of basis changes, the risk of a one-for-one hedge; ``hedged_risk`` that
    of ``spot change - ratio * hedge change`` (hedge in the spot's unit); ``unhedged_risk`` that of spot changes.
    Per period of the changes, divisor n - 1.
    """

    n_obs: int
    mean: float
    last: float
    basis_risk: float
    hedged_risk: float
    unhedged_risk: float
    correlation: float


def basis_summary(spot: ArrayLike, hedge: ArrayLike, *, ratio: float = 1.0, factor: float = 1.0) -> BasisSummary:
    """Return the figures of the basis ``spot - factor * hedge`` of two price series.

    Parameters
    ----------
    spot, hedge : array_like of shape (n,)
        Prices on the same dates in order of time, n at least 3; finite.
    ratio : float
        Units of hedge per unit of exposure, the hedge in the spot's unit, for ``hedged_risk``.
    factor : float
        Multiplies the hedge's price into the spot's unit (crude per gallon: 1/42).

    Returns
    -------
    BasisSummary
        ``mean`` and ``last`` of the basis; ``basis_risk``, ``hedged_risk`` and ``unhedged_risk`` as standard deviations
        per period, all in the spot's unit; ``correlation`` of changes, NaN where a price never changes; ``n_obs``
        changes.

    Raises
    ------
    DataError
        Fewer than three prices, missing values, or different numbers of rows.

    Examples
    --------
    >>> summary = basis_summary([10.0, 11.0, 12.5, 12.0], [9.0, 10.0, 11.5, 11.0])
    >>> summary.mean, summary.basis_risk
    (1.0, 0.0)
    """
    spots, hedges = checked_pair(spot, hedge)
    if len(spots) < 3:
        raise DataError(f"a basis summary needs at least 3 prices, got {len(spots)}.")
    scaled = factor * hedges
    gap, spot_change, hedge_change = spots - scaled, np.diff(spots), np.diff(scaled)
    moving = np.ptp(spot_change) > 0.0 and np.ptp(hedge_change) > 0.0
    correlation = float(np.corrcoef(spot_change, hedge_change)[0, 1]) if moving else float("nan")
    return BasisSummary(
        n_obs=len(spot_change),
        mean=float(gap.mean()),
        last=float(gap[-1]),
        basis_risk=float(np.diff(gap).std(ddof=1)),
        hedged_risk=float((spot_change - ratio * hedge_change).std(ddof=1)),
        unhedged_risk=float(spot_change.std(ddof=1)),
        correlation=correlation,
    )


def implied_carry(spot: ArrayLike, hedge: ArrayLike, years: ArrayLike, factor: float = 1.0) -> FloatArray:
    """Return the yearly carry c of ``factor * hedge = spot * exp(c * years)``, continuously compounded.

    Parameters
    ----------
    spot, hedge : array_like of shape (n,)
        Prices.
    years : array_like, a number or of shape (n,)
        Time to the hedge's maturity in years.

    Returns
    -------
    ndarray of shape (n,)
        A decimal per year, positive in contango; NaN where a price or the time is not positive.

    Examples
    --------
    >>> implied_carry([100.0], [102.0], 0.5).round(4).tolist()
    [0.0396]
    """
    spots, hedges, times = np.broadcast_arrays(
        np.asarray(spot, dtype=np.float64), factor * np.asarray(hedge, dtype=np.float64), np.asarray(years, float)
    )
    usable = (spots > 0.0) & (hedges > 0.0) & (times > 0.0)
    carry = np.full(spots.shape, np.nan)
    carry[usable] = np.log(hedges[usable] / spots[usable]) / times[usable]
    return carry


def maturity_mismatch(exposure_ends: date, last_trade: date, *, tolerance_days: int = 31) -> str:
    """Return a sentence where the hedge ends before the exposure or much after it; empty where they match.

    Parameters
    ----------
    exposure_ends : date
        When the exposure is settled.
    last_trade : date
        Last trading day of the hedge instrument.
    tolerance_days : int
        Calendar days the hedge may outlive the exposure without a remark.
    """
    if tolerance_days < 0:
        raise InputError(f"tolerance_days must be 0 or more, got {tolerance_days}.")
    days = (last_trade - exposure_ends).days
    if days < 0:
        return (
            f"The hedge stops trading on {last_trade}, {-days} days before the exposure ends on {exposure_ends}: "
            "it must be rolled, which costs and carries the basis of the next contract."
        )
    if days > tolerance_days:
        return (
            f"The hedge trades until {last_trade}, {days} days after the exposure ends on {exposure_ends}: "
            "it is closed early, at a basis that is not zero."
        )
    return ""
