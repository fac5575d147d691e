"""What a better hedge is worth: the fee an investor would pay a year to switch to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import ArrayLike, FloatArray
from hedgerow.effectiveness.changes import checked_changes
from hedgerow.effectiveness.intervals import BootstrapOptions, percentile_interval
from hedgerow.effectiveness.reductions import checked_risk_aversion
from hedgerow.effectiveness.resampled import resampled_figures
from hedgerow.effectiveness.resampling import MINIMUM_ROWS, choose_block_length, stationary_rows
from hedgerow.errors import DataError, InputError


@dataclass(frozen=True, eq=False)
class SwitchingFees:
    """Yearly fees for switching from the reference, by method; money per unit of exposure.

    Attributes
    ----------
    fee : ndarray, shape (m,)
        Positive where the method is worth more than the reference; 0 for the reference itself.
    low, high : ndarray, shape (m,)
        Ends of the bootstrap interval; NaN below 20 rows.
    from_mean, from_variance : ndarray, shape (m,)
        What the difference of the means and of the variances adds; they sum to the fee.
    risk_aversion : float
        Absolute, per unit of the changes.
    periods_per_year : float
        Rows a year.
    block_length : float
        Mean block length in rows; NaN below 20 rows.
    """

    fee: FloatArray
    low: FloatArray
    high: FloatArray
    from_mean: FloatArray
    from_variance: FloatArray
    risk_aversion: float
    periods_per_year: float
    block_length: float


def switching_fees(
    hedged: ArrayLike,
    reference: int,
    *,
    risk_aversion: float,
    periods_per_year: float,
    options: BootstrapOptions | None = None,
) -> SwitchingFees:
    """Return the yearly fee that leaves a mean-variance investor as well off with each method as with the reference.

    With ``U = mean - risk_aversion / 2 * variance`` of the hedged change per row, the fee is ``(U_method -
    U_reference) * periods_per_year``: paid out of the change it lowers the mean and leaves the variance.

    Parameters
    ----------
    hedged : array_like of shape (n, m)
        Hedged changes of m methods over the same rows, net of costs, in money per unit of exposure.
    reference : int
        Column that the investor would leave.
    risk_aversion : float
        Absolute risk aversion per unit of the changes, 0 or more: of a position of Q units, Q times the investor's own
        per unit of money.
    periods_per_year : float
        Rows a year, above 0.
    options : BootstrapOptions, optional
        Confidence, draws, seed and block length.

    Returns
    -------
    SwitchingFees
        Money per unit of exposure and year.

    Raises
    ------
    DataError
        Missing values, or fewer than two rows.
    InputError
        A reference that is no column, a negative risk aversion, or no rows in a year.

    Notes
    -----
    The mean of the sample enters, and is mostly luck: read ``from_variance`` beside it.

    References
    ----------
    Fleming, J., Kirby, C. and Ostdiek, B. (2001), Journal of Finance 56, 329-352.

    Examples
    --------
    >>> fees = switching_fees([[2, 1], [-2, -1], [2, 1], [-2, -1]], 0, risk_aversion=0.5, periods_per_year=3)
    >>> fees.fee.tolist()
    [0.0, 3.0]
    """
    changes, chosen = checked_changes(hedged, "hedged", 2), options or BootstrapOptions()
    _check(changes, reference, periods_per_year)
    checked_risk_aversion(risk_aversion)
    means, variances = changes.mean(axis=0), changes.var(axis=0, ddof=1)
    from_mean = (means - means[reference]) * periods_per_year
    from_variance = risk_aversion / 2.0 * (variances[reference] - variances) * periods_per_year
    low, high, length = _interval(changes.T, reference, risk_aversion, chosen)
    return SwitchingFees(
        from_mean + from_variance,
        low * periods_per_year,
        high * periods_per_year,
        from_mean,
        from_variance,
        float(risk_aversion),
        float(periods_per_year),
        length,
    )


def _check(changes: FloatArray, reference: int, periods_per_year: float) -> None:
    if len(changes) < 2:
        raise DataError(f"a fee needs the variance of at least two rows, got {len(changes)}.")
    if not 0 <= reference < changes.shape[1]:
        raise InputError(f"reference must be a column from 0 to {changes.shape[1] - 1}, got {reference}.")
    if not 0.0 < periods_per_year < float("inf"):
        raise InputError(f"periods_per_year must be a positive number of rows, got {periods_per_year}.")


def _interval(
    series: FloatArray, reference: int, risk_aversion: float, options: BootstrapOptions
) -> tuple[FloatArray, FloatArray, float]:
    """Return the ends of the fee per row and the block length; ``series`` is (m, n)."""
    if series.shape[1] < MINIMUM_ROWS:
        nothing = np.full(len(series), np.nan)
        return nothing, nothing.copy(), float("nan")
    length = choose_block_length(series) if options.block_length is None else float(options.block_length)
    rows = stationary_rows(series.shape[1], length, options.draws, options.seed)
    figures = resampled_figures(series, rows, options.draws, ("mean", "variance"), options.level)
    utility = figures["mean"] - risk_aversion / 2.0 * figures["variance"]
    low, high = percentile_interval(utility - utility[:, [reference]], options.confidence)
    return low, high, length
