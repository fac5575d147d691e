"""Leland's number, and the volatility that carries the cost of rehedging."""

from __future__ import annotations

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError, did_you_mean

SIDES = ("short", "long")


def leland_number(
    volatility: FloatArray | float, cost_rate: FloatArray | float, step_years: FloatArray | float
) -> FloatArray:
    """Return ``Le = sqrt(2 / pi) 2 cost_rate / (volatility sqrt(step_years))``.

    Parameters
    ----------
    volatility : float or ndarray
        Annual, above 0.
    cost_rate : float or ndarray
        One-way proportional cost, a fraction of traded value: half of Leland's round trip k.
    step_years : float or ndarray
        Years between rehedges, above 0.

    Returns
    -------
    ndarray, as they broadcast

    Raises
    ------
    InputError
        For a negative cost, or an interval that is not above 0.

    References
    ----------
    Leland, H. (1985), Option pricing and replication with transactions costs, Journal of Finance 40, 1283-1301.

    Examples
    --------
    >>> round(float(leland_number(0.2, 0.001, 1 / 52)), 4)
    0.0575
    """
    if not np.all(np.greater_equal(cost_rate, 0.0)):
        raise InputError(f"cost_rate must be 0 or more, not {cost_rate}")
    if not np.all(np.greater(step_years, 0.0)):
        raise InputError(f"step_years must be more than 0, not {step_years}")
    return np.asarray(np.sqrt(2.0 / np.pi) * 2.0 * np.asarray(cost_rate) / (volatility * np.sqrt(step_years)))


def leland_volatility(
    volatility: FloatArray | float,
    cost_rate: FloatArray | float,
    step_years: FloatArray | float,
    side: str = "short",
) -> FloatArray:
    """Return ``volatility sqrt(1 + Le)`` for who is short gamma, ``volatility sqrt(1 - Le)`` for who is long.

    With a rate of cost that does not shrink with the step the error of the hedge does not vanish as the step does.

    Parameters
    ----------
    volatility, cost_rate, step_years
        As in :func:`leland_number`.
    side : {"short", "long"}

    Returns
    -------
    ndarray, as they broadcast

    Raises
    ------
    InputError
        As :func:`leland_number`; for an unknown side; long with Le of 1 or more: no variance would be left.

    Examples
    --------
    >>> [round(float(leland_volatility(0.2, 0.001, 1 / 52, side)), 4) for side in ("short", "long")]
    [0.2057, 0.1942]
    """
    if side not in SIDES:
        raise InputError(f"side must be short or long, not {side!r}{did_you_mean(str(side), SIDES)}")
    number = leland_number(volatility, cost_rate, step_years)
    if side == "short":
        return np.asarray(volatility * np.sqrt(1.0 + number))
    if np.any(number >= 1.0):
        raise InputError(
            f"Leland's number is {float(np.max(number)):.3g} and must stay below 1 for who is long gamma (cost "
            f"{float(np.max(cost_rate)):g} one way, {float(np.min(step_years)):.3g} years between rehedges, volatility "
            f"{float(np.min(volatility)):g}): rehedging costs more than the gamma earns; rehedge less often"
        )
    return np.asarray(volatility * np.sqrt(1.0 - number))
