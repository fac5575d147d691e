"""Trade when what it takes off the risk is worth more than it costs, by a margin of safety."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hedgerow.errors import InputError
from hedgerow.kernels.elementary import where
from hedgerow.kernels.rules import Stage, rule
from hedgerow.policies.base import PolicyTerms, RulePolicy
from hedgerow.policies.checks import check_not_negative, check_positive


@rule("fires", "goes")
def variance_pays(target, held, spot, implied, *, weight, cost, ticket):  # type: ignore[no-untyped-def]
    """Fire where the fall in risk-weighted variance until the next decision is more than the cost with its margin."""
    off = abs(target - held) * spot
    return where(weight * off * off * implied * implied > (cost * off + ticket) * 1.000000001, 1.0, 0.0), target


@rule("fires", "goes")
def deviation_pays(target, held, spot, implied, *, weight, cost, ticket):  # type: ignore[no-untyped-def]
    """Fire where the standard deviation that the hedge leaves until the next decision is more than the cost."""
    off = abs(target - held) * spot
    return where(weight * off * implied > (cost * off + ticket) * 1.000000001, 1.0, 0.0), target


@dataclass(frozen=True)
class CostBenefit(RulePolicy):
    """Trade to the target where benefit > ``safety`` x cost; a tie does not trade.

    With e = target - held, S the price, s implied volatility and dt the time until the next decision:

    * ``benefit="variance"``: ``risk_aversion / 2 x (e S s)^2 dt``, the fall in (gamma/2) Var that the trade buys;
    * ``benefit="delta_error"``: ``|e| S s sqrt(dt)``, a standard deviation in money. Against a proportional cost
      alone it does not depend on e: it trades always or never, and only ``ticket`` makes it wait for a large error.

    The cost is ``cost x |e| S + ticket``.

    Parameters
    ----------
    safety : float
        Factor on the cost.
    benefit : {"variance", "delta_error"}
    risk_aversion : float or None
        Absolute, per unit of money; needed for ``"variance"``.
    cost : float or None
        One-way proportional cost; None is that of the cost model.
    ticket : float
        Fixed money per trade.

    Examples
    --------
    >>> CostBenefit(risk_aversion=0.01).safety
    2.0
    """

    safety: float = 2.0
    benefit: Literal["variance", "delta_error"] = "variance"
    risk_aversion: float | None = None
    cost: float | None = None
    ticket: float = 0.0

    def __post_init__(self) -> None:
        check_not_negative(self.safety, "the factor of safety on costs")
        check_not_negative(self.cost, "the proportional cost")
        check_not_negative(self.ticket, "the cost per trade")
        check_positive(self.risk_aversion, "the risk aversion")
        if self.benefit not in ("variance", "delta_error"):
            raise InputError(f"a benefit is 'variance' or 'delta_error', not {self.benefit!r}")
        if self.benefit == "variance" and self.risk_aversion is None:
            raise InputError(
                "a fall in variance is worth money only through a risk aversion; give risk_aversion=..., "
                "or benefit='delta_error'"
            )

    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the one stage that weighs benefit against cost."""
        rows = {"fires": f"fires_{slot}", "goes": f"goes_{slot}"}
        cost = terms.cost_rate if self.cost is None else self.cost
        values = {"cost": self.safety * cost, "ticket": self.safety * self.ticket}
        if self.benefit == "variance":
            weight = 0.5 * (self.risk_aversion or 0.0) * terms.grid.steps
            return (Stage(variance_pays, values | {"weight": weight}, rows),)
        return (Stage(deviation_pays, values | {"weight": np.sqrt(terms.grid.steps)}, rows),)
