"""The smile of options on a volatility future that keeps above a share of today's price: shifted lognormal.

The future ends at ``F (c + (1 - c) exp(sqrt(v) Z - v / 2))`` with Z normal and c its floor, so that no prices can be
arbitraged against one another, at any strike.

>>> smile_deviation([0.8, 1.0, 1.5, 2.5], 0.3, floor=0.5).round(4).tolist()
[0.2369, 0.2713, 0.3178, 0.3595]
>>> round(float(shifted_variance(0.06, floor=0.5)), 4)
0.2474
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError

PLACES = np.linspace(-8.0, 8.0, 33)
"""Points of a trapezoid rule over the normal variable; its error falls faster than any power of their distance."""

WEIGHTS = np.exp(-0.5 * PLACES**2) / np.exp(-0.5 * PLACES**2).sum()

MOST_OF_BOUND = 0.6
"""Variance asked for may be so much of ``-2 log(floor)``, which no future above its floor exceeds."""

NEWTON_STEPS = 15

NEAREST = 1e-12
"""Strikes below the floor take the volatility of one this far above it: either way only the payoff counts."""

LEAST_PRICE = 1e-200
"""Below it the first estimate of a volatility stays."""


def shifted_variance(total: Any, floor: float) -> FloatArray:
    """Return the variance v of the shifted lognormal whose log contract has a given total variance.

    ``total = -2 E log(c + (1 - c) exp(sqrt(v) Z - v / 2))``: what an index of the future's volatility measures, squared
    and times the years. Without a floor v is the total. By Newton's method, from below on a concave function.

    Parameters
    ----------
    total : scalar or array
        0 or more.
    floor : float
        Share of the future, at least 0 and below 1.

    Raises
    ------
    InputError
        Where a total is beyond three fifths of what any future above its floor can have.
    """
    wanted = np.asarray(total, dtype=float)
    if floor == 0.0:
        return wanted
    bound = -2.0 * np.log(floor)
    if not (wanted <= MOST_OF_BOUND * bound).all():
        raise InputError(
            f"a volatility of {np.sqrt(np.nanmax(wanted)):.3g} to expiry is more than a future can have that keeps "
            f"above {floor:.0%} of its price; lower the floor of the volatility of volatility"
        )
    found = wanted / (1.0 - floor) ** 2
    for _ in range(NEWTON_STEPS):
        root = np.sqrt(found)[..., None]
        growth = (1.0 - floor) * np.exp(root * PLACES - 0.5 * found[..., None])
        level = -2.0 * (WEIGHTS * np.log(floor + growth)).sum(axis=-1)
        rise = (WEIGHTS * growth / (floor + growth) * (1.0 - PLACES / np.maximum(root, 1e-8))).sum(axis=-1)
        found = np.where(wanted > 0.0, found + (wanted - level) / np.maximum(rise, 1e-8), 0.0)
    return np.asarray(found)


def smile_deviation(ratio: Any, variance: Any, floor: float) -> FloatArray:
    """Return Black-76 volatility times the root of time, by strike, of a shifted lognormal.

    The first estimate is the limit of short expiries; Newton's method on the logarithm of the price out of the money
    takes it to rounding.

    Parameters
    ----------
    ratio : scalar or array
        Strike over future, above 0.
    variance : scalar or array
        v as in :func:`shifted_variance`, above 0; broadcasts with the ratio.
    floor : float
        Share of the future, at least 0 and below 1.
    """
    strike, total = np.broadcast_arrays(np.asarray(ratio, dtype=float), np.asarray(variance, dtype=float))
    root = np.sqrt(total)
    if floor == 0.0:
        return np.asarray(root)
    inner = np.maximum((strike - floor) / (1.0 - floor), NEAREST)
    strike = np.where(inner > NEAREST, strike, floor + (1.0 - floor) * NEAREST)
    distance = np.log(strike)
    at_the_money = np.abs(distance) < NEAREST
    away = np.where(at_the_money, 1.0, distance)
    within = np.where(at_the_money, 1.0, np.log1p(np.expm1(away) / (1.0 - floor)))
    found = np.where(at_the_money, 1.0 - floor, away / np.where(inner > NEAREST, within, np.log(NEAREST))) * root
    target = (1.0 - floor) * _outside(inner, root)[0]
    for _ in range(5):
        price, slope = _outside(strike, found)
        usable = (target > LEAST_PRICE) & (price > LEAST_PRICE) & (slope > LEAST_PRICE)
        safe = [np.where(usable, each, 1.0) for each in (target, price, slope)]
        found = found + np.log(safe[0] / safe[1]) * safe[1] / safe[2]
    return np.asarray(found)


def _outside(strike: FloatArray, deviation: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the price of the option out of the money and its slope in the deviation, the future being 1."""
    from scipy.special import ndtr

    upper = -np.log(strike) / deviation + 0.5 * deviation
    lower = upper - deviation
    sign = np.where(strike >= 1.0, 1.0, -1.0)
    price = sign * (ndtr(sign * upper) - strike * ndtr(sign * lower))
    return np.asarray(price), np.exp(-0.5 * upper**2) / np.sqrt(2.0 * np.pi)
