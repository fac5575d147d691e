"""Reverse stress and the verdict: where a hedge stops helping, and the sentence that says so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.compare.stress.moments import Moments


@dataclass(frozen=True)
class ReverseStress:
    """What would have to happen for the hedge to stop removing variance.

    With the hedges taken together as they are held, ``b = h . x``: the hedge removes variance while
    ``2 Cov(y, b) > Var(b)``.

    Attributes
    ----------
    correlation_now : float
        Of the exposure with ``b``, as estimated; NaN where nothing is held.
    correlation_limit : float
        ``sigma_b / (2 sigma_y)``, with one hedge ``|h| sigma_x / (2 sigma_y)``: below it the hedge adds variance.
        Above 1 it adds variance whatever the correlation; NaN where nothing is held.
    volatility_limit : float
        Factor of the hedges' volatility, correlations and the exposure's volatility unchanged, beyond which the hedge
        adds variance: ``2 rho sigma_y / sigma_b``, 2 at the ratio of least variance; NaN where nothing is held, and 0
        or less where the hedge adds variance already.
    """

    correlation_now: float
    correlation_limit: float
    volatility_limit: float


def reverse_stress(moments: Moments, ratio: FloatArray) -> ReverseStress:
    """Return the limits of a hedge.

    Parameters
    ----------
    moments : Moments
        Of the exposure and its hedges.
    ratio : ndarray, shape (n_hedges,)
        Units of hedge per unit of exposure.

    Returns
    -------
    ReverseStress

    Examples
    --------
    >>> moments = Moments(np.array([2.0, 1.0]), np.array([[1.0, 0.9], [0.9, 1.0]]))
    >>> limits = reverse_stress(moments, np.array([1.8]))
    >>> round(limits.correlation_limit, 6), round(limits.volatility_limit, 6)
    (0.45, 2.0)
    """
    exposure = float(moments.volatilities[0])
    held = np.concatenate([[0.0], ratio])
    basket = moments.deviation(held)
    if basket == 0.0:
        return ReverseStress(float("nan"), float("nan"), float("nan"))
    shared = float(moments.covariance[0] @ held)
    now = float(np.clip(shared / (exposure * basket), -1.0, 1.0))
    return ReverseStress(now, basket / (2.0 * exposure), 2.0 * shared / basket**2)


def verdict_on_stress(worst: str, unhedged: float, hedged: float, count: int, reverse: ReverseStress) -> str:
    """Return one sentence: the worst scenario with its losses, and the correlation at which the hedge stops helping."""
    of = "the only scenario" if count == 1 else f"the worst of {count} scenarios for the hedged position"
    change = "where the exposure alone loses" if unhedged >= 0.0 else "where the exposure alone gains"
    said = f"{worst!r} is {of}: it loses {_money(hedged)} {change} {_money(abs(unhedged))}"
    if hedged < 0.0:
        said = f"{worst!r} is {of}: even there it gains {_money(-hedged)}"
    limit, now = reverse.correlation_limit, reverse.correlation_now
    if not np.isfinite(limit):
        return f"{said}; nothing is held as a hedge."
    if limit >= 1.0:
        return f"{said}; this ratio is so large that the hedge adds variance whatever the correlation."
    if now <= limit:
        return f"{said}; the hedge adds variance as it is: the correlation is {now:.2f} and had to pass {limit:.2f}."
    return f"{said}; the hedge stops removing variance where the correlation falls from {now:.2f} to {limit:.2f}."


def _money(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10_000.0 else f"{value:,.4g}"
