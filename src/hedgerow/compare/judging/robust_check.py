"""A robust companion to the least-squares ratio: where the two differ, few rows decide the ratio."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd

from hedgerow._types import ArrayLike, FloatArray, IntArray
from hedgerow.ratios import OLS, Huber
from hedgerow.units import to_percent

LARGEST_DIFFERENCE = 0.20
FAR_OUT = 10.0
"""Robust scales beyond which a residual is told as outlying; five in normal rows are one in a million."""
MOST_ROWS_TOLD = 3
RESTLESS = " Huber's regression did not come to rest."


@dataclass(frozen=True, eq=False)
class RobustCheck:
    """Least squares against Huber's regression on the same rows; a diagnostic in sample, on which nothing is decided.

    Attributes
    ----------
    hedges : tuple of str
        Names of the hedges.
    least_squares, robust : ndarray, shape (n_hedges,)
        Ratios by both methods.
    difference : ndarray, shape (n_hedges,)
        ``|robust - least_squares| / |least_squares|``; infinite where least squares finds zero and Huber does not.
    threshold : float
        Difference beyond which the check is amber.
    amber : bool
        Whether any hedge's ratios differ by more than that.
    outlying_rows : ndarray of int
        Rows further than ten robust scales from Huber's line, the furthest first.
    converged : bool
        Whether Huber's regression came to rest.
    sentence : str
        What was found.
    """

    hedges: tuple[str, ...]
    least_squares: FloatArray
    robust: FloatArray
    difference: FloatArray
    threshold: float
    amber: bool
    outlying_rows: IntArray
    converged: bool
    sentence: str


def robust_check(
    hedge_changes: ArrayLike,
    exposure_changes: ArrayLike,
    *,
    hedges: tuple[str, ...] | None = None,
    times: pd.DatetimeIndex | None = None,
    threshold: float = LARGEST_DIFFERENCE,
) -> RobustCheck:
    """Return how far the least-squares ratio is from one that outlying rows cannot pull.

    Parameters
    ----------
    hedge_changes : array_like, shape (n_obs, n_hedges)
        Changes of one unit of each hedge, all rows.
    exposure_changes : array_like, shape (n_obs,)
        Changes of one unit of exposure.
    hedges : tuple of str, optional
        Names of the hedges; "hedge 1", "hedge 2", ... unless given.
    times : pandas.DatetimeIndex, optional
        Dates of the rows, to name outlying ones by.
    threshold : float, default=0.20
        Difference, as a share of the least-squares ratio, beyond which the check is amber.

    Returns
    -------
    RobustCheck

    Raises
    ------
    DataError
        Rows that no ratio can be estimated from.

    Examples
    --------
    >>> import numpy as np
    >>> x, noise = np.random.default_rng(0).standard_normal((2, 200))
    >>> y = 0.8 * x + 0.1 * noise
    >>> y[50], x[50] = 40.0, 10.0  # a finger too many
    >>> robust_check(x[:, None], y).amber
    True
    """
    X, y = np.asarray(hedge_changes, dtype=np.float64), np.asarray(exposure_changes, dtype=np.float64)
    plain, robust = OLS().fit(X, y), Huber().fit(X, y)
    names = hedges or tuple(f"hedge {number + 1}" for number in range(X.shape[1]))
    apart, size = np.abs(robust.hedge_ratio_ - plain.hedge_ratio_), np.abs(plain.hedge_ratio_)
    difference = np.divide(apart, size, out=np.where(apart > 0.0, inf, 0.0), where=size > 0.0)
    residuals = np.abs(y - robust.intercept_ - X @ robust.hedge_ratio_)
    order = np.argsort(-residuals, kind="stable")
    outlying = order[residuals[order] > FAR_OUT * robust.scale_] if robust.scale_ > 0.0 else order[:0]
    amber = bool((difference > threshold).any())
    words = _sentence(names, plain.hedge_ratio_, robust.hedge_ratio_, difference, threshold)
    return RobustCheck(
        names,
        plain.hedge_ratio_,
        robust.hedge_ratio_,
        difference,
        float(threshold),
        amber,
        outlying,
        robust.converged_,
        f"{words}{_outlying(outlying, times)}{'' if robust.converged_ else RESTLESS}",
    )


def _sentence(
    hedges: tuple[str, ...], plain: FloatArray, robust: FloatArray, difference: FloatArray, threshold: float
) -> str:
    worst = int(np.argmax(difference))
    ratios = f"{plain[worst]:.4g} by least squares, {robust[worst]:.4g} by Huber's robust regression"
    name = f" of {hedges[worst]}" if len(hedges) > 1 else ""
    if difference[worst] > threshold:
        return (
            f"The ratio{name} hangs on few rows: {ratios}, more than {to_percent(threshold):.0f} % apart; "
            "look at the outlying rows before trusting either."
        )
    return f"The ratio{name} does not hang on outlying rows: {ratios}."


def _outlying(rows: IntArray, times: pd.DatetimeIndex | None) -> str:
    if not len(rows):
        return ""
    told = [str(times[row].date()) if times is not None else f"row {row}" for row in rows[:MOST_ROWS_TOLD]]
    rest = f" and {len(rows) - len(told)} more" if len(rows) > len(told) else ""
    verb = "lies" if len(rows) == 1 else "lie"
    return f" {', '.join(told)}{rest} {verb} more than {FAR_OUT:.0f} robust scales off."
