"""Trade when implied volatility has moved far enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hedgerow.kernels.elementary import where
from hedgerow.kernels.rules import Stage, rule
from hedgerow.policies.base import PolicyTerms, RulePolicy
from hedgerow.policies.checks import check_not_negative
from hedgerow.policies.price_move import first_decision


@rule("fires", "goes")
def volatility_moved(target, implied, last_implied, *, move, first):  # type: ignore[no-untyped-def]
    """Fire where implied volatility is further from that of the last trade than a number of it."""
    return where((abs(implied - last_implied) > move) | (first > 0.0), 1.0, 0.0), target


@dataclass(frozen=True)
class VolatilityMove(RulePolicy):
    """Trade to the target at the first decision and whenever implied volatility moved by more than ``points`` since.

    A tie (within 1e-9 of the threshold) does not trade. As long as nothing was traded, moves count from the start.

    Parameters
    ----------
    points : float
        Volatility points, hundredths of 1.00: 2 is from 20 % to 22 %.

    Examples
    --------
    >>> VolatilityMove(2.0)
    VolatilityMove(points=2.0)
    """

    points: float = 1.0

    def __post_init__(self) -> None:
        check_not_negative(self.points, "the points of volatility that trigger a trade")

    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the one stage that compares implied volatility with that of the last trade."""
        rows = {"fires": f"fires_{slot}", "goes": f"goes_{slot}"}
        values: dict[str, Any] = {"move": self.points / 100.0 * (1.0 + 1e-9) + 1e-15, "first": first_decision(terms)}
        return (Stage(volatility_moved, values, rows),)
