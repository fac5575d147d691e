"""How much of a risk a hedge removed: ``1 - risk(hedged) / risk(unhedged)``.

1 is a perfect hedge, 0 is none, below 0 the hedge added risk. Out of sample when the hedged changes come from ratios
that never saw them, net of costs when costs were taken off them: these functions judge what they are given.
"""

from __future__ import annotations

from collections.abc import Callable

from hedgerow._types import ArrayLike
from hedgerow.effectiveness import measures
from hedgerow.effectiveness.changes import checked_pair, checked_share
from hedgerow.errors import InputError, did_you_mean

METRICS = ("variance", "semivariance", "value_at_risk", "cvar", "max_drawdown")


def reduction(metric: str, unhedged: ArrayLike, hedged: ArrayLike, level: float = 0.95) -> float:
    """Return ``1 - risk(hedged) / risk(unhedged)`` for a risk measure named in :data:`METRICS`.

    Parameters
    ----------
    metric : str
        ``variance``, ``semivariance``, ``value_at_risk``, ``cvar`` or ``max_drawdown``.
    unhedged, hedged : array_like of shape (n,)
        Changes over the same rows, in the same unit; finite.
    level : float
        Level of VaR and CVaR, between 0 and 1; the others ignore it.

    Returns
    -------
    float
        The reduction as a decimal; NaN where the unhedged figure is not positive, since a share of nothing means
        nothing.

    Raises
    ------
    InputError
        An unknown metric, or a level outside (0, 1).
    DataError
        Missing values, or different numbers of rows.

    Examples
    --------
    >>> reduction("variance", [2.0, -2.0, 2.0, -2.0], [1.0, -1.0, 1.0, -1.0])
    0.75
    """
    before, after = checked_pair(unhedged, hedged)
    figure = _measure(metric, checked_share(level, "level"))
    base = figure(before)
    return float(1.0 - figure(after) / base) if base > 0.0 else float("nan")


def variance_reduction(unhedged: ArrayLike, hedged: ArrayLike) -> float:
    """Return the share of the sample variance removed; the hedging effectiveness of Ederington (1979).

    ``1 - Var(hedged) / Var(unhedged)``, divisors n - 1, means removed.

    Parameters
    ----------
    unhedged, hedged : array_like of shape (n,)
        Changes over the same rows, in the same unit; finite.

    Returns
    -------
    float
        A decimal, at most 1, negative where the hedge added variance; NaN where the unhedged changes do not vary.

    Raises
    ------
    DataError
        Missing values, or different numbers of rows.

    References
    ----------
    Ederington, L. H. (1979), Journal of Finance 34, 157-170.

    Examples
    --------
    >>> variance_reduction([1.0, -1.0, 3.0], [0.0, 0.0, 0.0])
    1.0
    """
    return reduction("variance", unhedged, hedged)


def semivariance_reduction(unhedged: ArrayLike, hedged: ArrayLike) -> float:
    """Return the share of the semivariance ``mean(min(change, 0)^2)`` removed.

    Parameters
    ----------
    unhedged, hedged : array_like of shape (n,)
        Changes over the same rows, in the same unit; finite.

    Returns
    -------
    float
        A decimal, at most 1; NaN where the unhedged series never falls.

    Raises
    ------
    DataError
        Missing values, or different numbers of rows.

    Examples
    --------
    >>> semivariance_reduction([2.0, -2.0], [1.0, -1.0])
    0.75
    """
    return reduction("semivariance", unhedged, hedged)


def value_at_risk_reduction(unhedged: ArrayLike, hedged: ArrayLike, level: float = 0.95) -> float:
    """Return the share of the value at risk removed; VaR = -(quantile ``1 - level`` of changes), losses positive.

    Parameters
    ----------
    unhedged, hedged : array_like of shape (n,)
        Changes over the same rows, in the same unit; finite.
    level : float
        Between 0 and 1; 0.95 looks at the worst 5 % of changes.

    Returns
    -------
    float
        A decimal; NaN where the unhedged value at risk is no loss.

    Raises
    ------
    InputError
        A level outside (0, 1).
    DataError
        Missing values, or different numbers of rows.

    Examples
    --------
    >>> value_at_risk_reduction([4.0, -4.0, 4.0, -4.0], [1.0, -1.0, 1.0, -1.0])
    0.75
    """
    return reduction("value_at_risk", unhedged, hedged, level)


def cvar_reduction(unhedged: ArrayLike, hedged: ArrayLike, level: float = 0.95) -> float:
    """Return the share of the mean tail loss removed; CVaR = -(mean of changes at or below the VaR quantile).

    Parameters
    ----------
    unhedged, hedged : array_like of shape (n,)
        Changes over the same rows, in the same unit; finite.
    level : float
        Between 0 and 1; 0.95 looks at the worst 5 % of changes.

    Returns
    -------
    float
        A decimal; NaN where the unhedged tail is no loss on average.

    Raises
    ------
    InputError
        A level outside (0, 1).
    DataError
        Missing values, or different numbers of rows.

    Examples
    --------
    >>> cvar_reduction([4.0, -4.0, 4.0, -4.0], [1.0, -1.0, 1.0, -1.0])
    0.75
    """
    return reduction("cvar", unhedged, hedged, level)


def max_drawdown_reduction(unhedged: ArrayLike, hedged: ArrayLike) -> float:
    """Return the share of the maximum drawdown removed: the largest fall of the running sum from its peak so far.

    The running sum is in the changes' own unit (money, not a share of wealth) and its first peak is the start, 0.

    Parameters
    ----------
    unhedged, hedged : array_like of shape (n,)
        Changes in order of time over the same rows, in the same unit; finite.

    Returns
    -------
    float
        A decimal, at most 1; NaN where the unhedged running sum never falls.

    Raises
    ------
    DataError
        Missing values, or different numbers of rows.

    Examples
    --------
    >>> max_drawdown_reduction([1.0, -4.0, 1.0], [0.0, -1.0, 0.0])
    0.75
    """
    return reduction("max_drawdown", unhedged, hedged)


def utility_gain(unhedged: ArrayLike, hedged: ArrayLike, risk_aversion: float) -> float:
    """Return the gain in mean-variance utility ``mean - risk_aversion / 2 * variance``, per period.

    Parameters
    ----------
    unhedged, hedged : array_like of shape (n,)
        Changes over the same rows, in the same unit.
    risk_aversion : float
        Absolute risk aversion per unit of the changes, not negative. 0 compares means alone.

    Returns
    -------
    float
        Utility(hedged) - utility(unhedged) in the unit of the changes; NaN below two rows.

    Raises
    ------
    InputError
        A risk aversion below 0 or not finite.
    DataError
        Missing values, or different numbers of rows.

    Examples
    --------
    >>> utility_gain([2.0, -2.0, 2.0, -2.0], [0.0, 0.0, 0.0, 0.0], risk_aversion=3.0)
    8.0
    """
    before, after = checked_pair(unhedged, hedged)
    checked_risk_aversion(risk_aversion)
    saved = measures.variance(before) - measures.variance(after)
    return float((after.mean() - before.mean()) + risk_aversion / 2.0 * saved) if len(before) else float("nan")


def checked_risk_aversion(risk_aversion: float) -> float:
    """Return a risk aversion that is finite and not negative; an :class:`InputError` otherwise."""
    if not 0.0 <= risk_aversion < float("inf"):
        raise InputError(f"risk_aversion must be a finite number, 0 or more, got {risk_aversion}.")
    return float(risk_aversion)


def checked_metric(metric: str) -> str:
    """Return ``metric`` if :data:`METRICS` has it; an :class:`InputError` that names the close ones otherwise."""
    if metric not in METRICS:
        raise InputError(
            f"metric must be one of {', '.join(METRICS)}, got {metric!r}{did_you_mean(str(metric), METRICS)}."
        )
    return metric


def _measure(metric: str, level: float) -> Callable[[ArrayLike], float]:
    known: dict[str, Callable[[ArrayLike], float]] = {
        "variance": measures.variance,
        "semivariance": measures.semivariance,
        "value_at_risk": lambda changes: measures.value_at_risk(changes, level),
        "cvar": lambda changes: measures.cvar(changes, level),
        "max_drawdown": measures.max_drawdown,
    }
    return known[checked_metric(metric)]
