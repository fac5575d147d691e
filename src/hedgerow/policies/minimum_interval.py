"""Wait at least so long between two trades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hedgerow.kernels.elementary import where
from hedgerow.kernels.rules import Stage, rule
from hedgerow.policies.base import PolicyTerms, RulePolicy
from hedgerow.policies.checks import check_not_negative
from hedgerow.policies.price_move import first_decision


@rule("fires", "goes")
def long_enough_ago(target, waited, *, interval, first):  # type: ignore[no-untyped-def]
    """Fire where the last trade is an interval or more ago."""
    return where((waited >= interval) | (first > 0.0), 1.0, 0.0), target


@dataclass(frozen=True)
class MinimumInterval(RulePolicy):
    """Fires at the first decision and where the last trade is at least ``years`` ago; goes to the target.

    Joined by ``&`` it holds another policy back: ``Band(0.10) & MinimumInterval(1 / 365)``. An interval exactly as
    long as asked is long enough. Time is calendar time; before the first trade it counts from the start.

    Parameters
    ----------
    years : float
        Shortest time between two trades, in years; a calendar day is 1 / 365.

    Examples
    --------
    >>> MinimumInterval(0.5)
    MinimumInterval(years=0.5)
    """

    years: float

    def __post_init__(self) -> None:
        check_not_negative(self.years, "the least time between two trades")

    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the one stage that looks at the time since the last trade."""
        rows = {"fires": f"fires_{slot}", "goes": f"goes_{slot}"}
        values: dict[str, Any] = {"interval": self.years * (1.0 - 1e-9), "first": first_decision(terms)}
        return (Stage(long_enough_ago, values, rows),)
