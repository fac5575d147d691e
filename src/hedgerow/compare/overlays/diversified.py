"""Several rules, indices, maturities and instruments together under one budget, as one row of a comparison.

>>> from hedgerow.overlays import TermStructure
>>> from hedgerow.programmes import VarianceSwaps
>>> near, far = VarianceSwaps(10_000), VarianceSwaps(10_000, months=6)
>>> plan = DiversifiedPlan.split(TermStructure(), near, far, Shape(budget=0.01))
>>> [part.rule for part in plan.parts], plan.budget, plan.static
([TermStructure(short='short', long='long', power=1.0), Complement(rule=TermStructure(short='short', long='long', \
power=1.0))], 0.01, (0.5, 0.5))
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from hedgerow.compare.overlays.plan import OverlayPlan
from hedgerow.errors import InputError
from hedgerow.overlays import OverlayRule, Shape, Static
from hedgerow.programmes import HedgeProgramme
from hedgerow.programmes.split_hedge import split_hedge


@dataclass(frozen=True)
class DiversifiedPlan:
    """One row of a comparison that holds several plans at once; goes wherever an :class:`OverlayPlan` does.

    A budget that binds cuts the orders of all parts by one share. Its static hedge holds every part at a constant
    multiplier; its rival of the same mean size holds every part at its own mean under the same budget. Figures of size
    (mean multiplier, turnover) are means over parts.

    Parameters
    ----------
    parts : tuple of OverlayPlan
        One or more; shapes without a budget of their own.
    budget : float, optional
        Share of the portfolio's value at the start of a calendar year that premium and costs of all parts together may
        take in it.
    static : tuple of float
        Multiplier at which the static hedge holds each part, 0 or more; 1 for each where left out.

    Raises
    ------
    InputError
        No part, one that is no plan, one with a budget of its own, or another number of multipliers than of parts.
    """

    parts: tuple[OverlayPlan, ...]
    budget: float | None = None
    static: tuple[float, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse parts that do not make one plan, and give every part its static multiplier."""
        if not isinstance(self.parts, tuple) or not self.parts:
            raise InputError("a diversified plan needs a tuple of one OverlayPlan or more; none was given")
        for part in self.parts:
            if not isinstance(part, OverlayPlan):
                raise InputError(f"the parts of a diversified plan must each be an OverlayPlan, not {part!r}")
            if part.shape.budget is not None:
                raise InputError(
                    f"the part {part.rule!r} has the budget {part.shape.budget:g} of its own; parts share one: give it "
                    "to the DiversifiedPlan"
                )
        if self.budget is not None and not (np.isfinite(self.budget) and self.budget >= 0.0):
            raise InputError(f"the budget must be a share of the portfolio, 0 or more, or None, not {self.budget!r}")
        levels = self.static or (1.0,) * len(self.parts)
        if len(levels) != len(self.parts) or not all(np.isfinite(level) and level >= 0.0 for level in levels):
            raise InputError(
                f"static must have a multiplier of 0 or more for each of the {len(self.parts)} parts, not {levels!r}"
            )
        object.__setattr__(self, "static", tuple(float(level) for level in levels))

    @classmethod
    def split(
        cls, rule: OverlayRule, short: HedgeProgramme, long: HedgeProgramme, shape: Shape | None = None
    ) -> DiversifiedPlan:
        """Return one hedge split between a short-dated and a long-dated one; the static hedge holds half of each.

        Parameters
        ----------
        rule : OverlayRule
            Gives the share of the short-dated hedge, or a size times that share.
        short, long : HedgeProgramme
            Of the same base size.
        shape : Shape, optional
            Of both sides; its budget is that of both together.

        Raises
        ------
        InputError
            For a rule that splits nothing; see :func:`.split_hedge.split_hedge`.
        """
        shape = shape or Shape()
        sides = split_hedge(rule, short, long)
        free = replace(shape, budget=None)
        return cls(tuple(OverlayPlan(own, hedge, free) for own, hedge in sides), shape.budget, (0.5, 0.5))


Plan: TypeAlias = OverlayPlan | DiversifiedPlan
"""One row of a comparison."""


def parts_of(plan: Plan) -> tuple[OverlayPlan, ...]:
    """Return the parts of a plan, none of which has a budget: a plain plan is its own one part."""
    if isinstance(plan, DiversifiedPlan):
        return plan.parts
    return (replace(plan, shape=replace(plan.shape, budget=None)),)


def budget_of(plan: Plan) -> float | None:
    """Return the budget of all parts together."""
    return plan.budget if isinstance(plan, DiversifiedPlan) else plan.shape.budget


def static_levels(plan: Plan) -> tuple[float, ...]:
    """Return the multiplier of each part in the plan's static hedge."""
    return plan.static if isinstance(plan, DiversifiedPlan) else (1.0,)


def static_plan(plan: Plan) -> Plan:
    """Return the hedge that never breathes: every part at its static multiplier, without a budget."""
    return held_at(plan, tuple(Static(level) for level in static_levels(plan)), None)


def held_at(plan: Plan, rules: tuple[OverlayRule, ...], budget: float | None) -> Plan:
    """Return the hedges of a plan under other rules, one per part, without their shapes."""
    parts = tuple(OverlayPlan(rule, part.hedge) for rule, part in zip(rules, parts_of(plan), strict=True))
    if isinstance(plan, DiversifiedPlan):
        return DiversifiedPlan(parts, budget, plan.static)
    return replace(parts[0], shape=Shape(budget=budget))
