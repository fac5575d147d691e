"""Trade when the price has moved far enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.kernels.elementary import where
from hedgerow.kernels.rules import Stage, rule
from hedgerow.policies.base import PolicyTerms, RulePolicy
from hedgerow.policies.checks import check_not_negative


@rule("fires", "goes")
def price_moved(target, spot, last_spot, *, move, first):  # type: ignore[no-untyped-def]
    """Fire where the price is further from that of the last trade than a fraction of it."""
    return where((abs(spot - last_spot) > move * abs(last_spot)) | (first > 0.0), 1.0, 0.0), target


@dataclass(frozen=True)
class PriceMove(RulePolicy):
    """Trade to the target at the first decision and whenever the price has moved by more than ``move`` since a trade.

    A tie (within 1e-9 of the threshold) does not trade. As long as nothing was traded, moves count from the start.

    Parameters
    ----------
    move : float
        Fraction of the price at the last trade; 0.02 is 2 %.

    Examples
    --------
    >>> PriceMove()
    PriceMove(move=0.02)
    """

    move: float = 0.02

    def __post_init__(self) -> None:
        check_not_negative(self.move, "the price move that triggers a trade")

    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the one stage that compares the price with that of the last trade."""
        rows = {"fires": f"fires_{slot}", "goes": f"goes_{slot}"}
        values: dict[str, Any] = {"move": self.move * (1.0 + 1e-9), "first": first_decision(terms)}
        return (Stage(price_moved, values, rows),)


def first_decision(terms: PolicyTerms) -> FloatArray:
    """Return 1.0 at the first decision and 0.0 at the others, shape (n_steps,)."""
    first = np.zeros(terms.grid.n_steps)
    first[0] = 1.0
    return first
