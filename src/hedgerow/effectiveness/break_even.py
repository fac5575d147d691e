"""At which cost of trading a livelier method stops being better."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, nan
from typing import Literal

from hedgerow.errors import InputError

EQUAL = 1e-12

Case = Literal["below", "above", "always", "never", "same"]


@dataclass(frozen=True)
class BreakEvenCost:
    """One-way cost per unit of hedge traded at which a method and the reference are equally good.

    Attributes
    ----------
    case : {"below", "above", "always", "never", "same"}
        At which costs the method is better: below ``cost`` (it saves risk and trades more), above it (it adds risk and
        trades less), always, never; or it is the same in both.
    cost : float
        Money per unit of hedge traded, one way: infinite for ``always``, 0 for ``never``, NaN for ``same``.
    share_of_price : float
        The cost over the price of one unit of hedge, a decimal; NaN where no price is known.
    """

    case: Case
    cost: float
    share_of_price: float


def break_even_cost(
    utility: float, reference_utility: float, turnover: float, reference_turnover: float, *, price: float = nan
) -> BreakEvenCost:
    """Return the one-way cost at which a method's advantage over the reference is used up by its extra trading.

    ``cost = (utility - reference_utility) / (turnover - reference_turnover)``.

    Parameters
    ----------
    utility, reference_utility : float
        Of the method and the reference before costs, over the whole sample, in money per unit of exposure.
    turnover, reference_turnover : float
        Units of hedge traded over the same rows per unit of exposure, 0 or more.
    price : float, optional
        Price of one unit of hedge, for the cost as a share of it.

    Returns
    -------
    BreakEvenCost
        Where the method trades no more and is no worse the case is ``always``; where it trades no less and is no
        better, ``never``. Differences below 1e-12 of the figures are rounding.

    Raises
    ------
    InputError
        A figure that is not finite, or a negative turnover.

    Notes
    -----
    Premise: what is traded does not depend on the cost, and costs do not change the variance. Both fail for methods
    that look at the cost themselves.

    Examples
    --------
    >>> break_even_cost(-1.0, -1.5, 12.0, 2.0, price=100.0)
    BreakEvenCost(case='below', cost=0.05, share_of_price=0.0005)
    >>> break_even_cost(-1.5, -1.0, 12.0, 2.0).case
    'never'
    """
    if not all(isfinite(value) for value in (utility, reference_utility, turnover, reference_turnover)):
        raise InputError("utilities and turnovers must be finite numbers; leave out methods without changes.")
    if min(turnover, reference_turnover) < 0.0:
        raise InputError(f"turnovers must not be negative, got {turnover} and {reference_turnover}.")
    better, livelier = _sign(utility, reference_utility), _sign(turnover, reference_turnover)
    if better == livelier == 0:
        return BreakEvenCost("same", nan, nan)
    if better >= 0 and livelier <= 0:
        return BreakEvenCost("always", inf, inf)
    if better <= 0 and livelier >= 0:
        return BreakEvenCost("never", 0.0, 0.0)
    cost = (utility - reference_utility) / (turnover - reference_turnover)
    return BreakEvenCost("below" if better > 0 else "above", cost, cost / price if price > 0.0 else nan)


def _sign(value: float, other: float) -> int:
    """Return 1 where value is above the other, -1 where below, 0 where they differ by rounding."""
    if abs(value - other) <= EQUAL * max(abs(value), abs(other)):
        return 0
    return 1 if value > other else -1
