"""Lead and lag between two series whose closes may not be taken at the same moment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.errors import DataError

_LEAST_ROWS = 10


class LeadLag(NamedTuple):
    """Correlations of the changes y and x on the same row and one row apart.

    Parameters
    ----------
    same : float
        corr(y_t, x_t).
    x_leads : float
        corr(y_t, x_{t-1}): y catches up with x one row later.
    y_leads : float
        corr(y_{t-1}, x_t): x catches up with y one row later.
    n_obs : int
        Pairs of rows one apart.
    """

    same: float
    x_leads: float
    y_leads: float
    n_obs: int


def lead_lag_correlations(y: ArrayLike, x: ArrayLike) -> LeadLag:
    """Return the correlations of two series of changes on the same row and one row apart.

    Parameters
    ----------
    y, x : array, (n_obs,)
        Changes on joint rows in order of time; rows with a NaN in either are left out of each pairing.

    Returns
    -------
    LeadLag
        NaN where a series does not move.

    Raises
    ------
    DataError
        The lengths differ.
    """
    first, second = _both(y, x)
    return LeadLag(
        _correlation(first, second),
        _correlation(first[1:], second[:-1]),
        _correlation(first[:-1], second[1:]),
        max(len(first) - 1, 0),
    )


def scholes_williams_ratio(y: ArrayLike, x: ArrayLike) -> float:
    """Return the hedge ratio corrected for closes that are not taken at the same moment.

    ``ratio = (b_lag + b_same + b_lead) / (1 + 2 rho)`` with b_lag the slope of y_t on x_{t-1}, b_same on x_t, b_lead
    on x_{t+1}, and rho the first-order autocorrelation of x. The plain slope is too small when part of a common move
    reaches one series a day late; the sum of the three slopes collects the whole of it.

    Parameters
    ----------
    y : array, (n_obs,)
        Changes of one unit of exposure, on joint rows in order of time.
    x : array, (n_obs,)
        Changes of the hedge instrument.

    Returns
    -------
    float
        Units of hedge per unit of exposure; hedged = y - ratio * x.

    Raises
    ------
    DataError
        Lengths differ, fewer than ten rows, a NaN, x does not move, or 1 + 2 rho is not above zero.

    References
    ----------
    Scholes, M. and Williams, J. (1977). Estimating betas from nonsynchronous data. Journal of Financial Economics 5,
    309-327.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(0).normal(size=500)
    >>> bool(abs(scholes_williams_ratio(0.5 * x, x) - 0.5) < 0.05)
    True
    """
    first, second = _both(y, x)
    if len(first) < _LEAST_ROWS:
        raise DataError(f"a lead-lag ratio needs at least {_LEAST_ROWS} changes, got {len(first)}.")
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise DataError("a lead-lag ratio needs changes without missing values in consecutive rows; drop or fill them.")
    slopes = _slope(first[1:], second[:-1]) + _slope(first, second) + _slope(first[:-1], second[1:])
    rho = _correlation(second[1:], second[:-1])
    if not 1.0 + 2.0 * rho > 0.0:
        raise DataError(
            f"the lead-lag ratio does not exist: the hedge's changes have autocorrelation {rho:.2f}, and 1 + 2 rho "
            "must be above zero; sample more coarsely instead."
        )
    return slopes / (1.0 + 2.0 * rho)


def _both(y: ArrayLike, x: ArrayLike) -> tuple[FloatArray, FloatArray]:
    first = np.asarray(y, dtype=np.float64).ravel()
    second = np.asarray(x, dtype=np.float64).ravel()
    if len(first) != len(second):
        raise DataError(f"both series of changes must have the same length, got {len(first)} and {len(second)}.")
    return first, second


def _slope(y: FloatArray, x: FloatArray) -> float:
    centred = x - x.mean()
    spread = float(centred @ centred)
    if spread == 0.0:
        raise DataError("the hedge's changes do not move, so no ratio exists; choose another instrument or period.")
    return float(centred @ y) / spread


def _correlation(y: FloatArray, x: FloatArray) -> float:
    present = np.isfinite(y) & np.isfinite(x)
    if present.sum() < 2:
        return float("nan")
    y_centred, x_centred = y[present] - y[present].mean(), x[present] - x[present].mean()
    spread = np.sqrt(float(y_centred @ y_centred) * float(x_centred @ x_centred))
    return float(y_centred @ x_centred) / spread if spread > 0 else float("nan")
