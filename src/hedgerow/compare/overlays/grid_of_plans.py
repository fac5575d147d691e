"""Every set of parameters of a family of overlays, as plans.

>>> sets = parameter_sets({"low": [10, 12], "shape.smooth": [1, 5]})
>>> len(sets), sets[1]
(4, {'low': 10, 'shape.smooth': 5})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from itertools import product
from typing import Any

from hedgerow.compare.overlays.diversified import DiversifiedPlan, Plan, budget_of, parts_of, static_levels
from hedgerow.compare.overlays.plan import OverlayPlan
from hedgerow.compare.overlays.runs import Hedge, is_same_hedge
from hedgerow.errors import InputError, did_you_mean
from hedgerow.overlays import OverlayRule, Shape
from hedgerow.overlays.by_name import rule_by_name

Family = str | type[OverlayRule] | Callable[..., Plan]
"""Name of a rule, its class, or a function from parameters to a plan."""

SHAPE = "shape."
"""Before the name of a stage in a grid, for rules have a cap of their own."""
MOST_SETS = 100_000


def parameter_sets(grid: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return every combination of the grid's values, the last key moving fastest.

    Raises
    ------
    InputError
        An empty grid, a key without values, or more than 100,000 sets.
    """
    if not grid:
        raise InputError("a choice of parameters needs a grid; give a mapping such as {'low': [10, 12]}")
    count = 1
    for key, values in grid.items():
        if isinstance(values, str) or not hasattr(values, "__len__") or not len(values):
            raise InputError(f"the grid of {key!r} must be a sequence of one value or more, not {values!r}")
        count *= len(values)
    if count > MOST_SETS:
        raise InputError(f"the grid has {count:,} sets of parameters, more than {MOST_SETS:,}; take fewer values")
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def plans_of(
    family: Family,
    sets: Sequence[Mapping[str, Any]],
    hedge: Hedge | None,
    shape: Shape,
    signals: tuple[str, ...] = (),
) -> tuple[Plan, ...]:
    """Return the plan of every set; they share hedges and one budget. ``signals`` names those at hand.

    Raises
    ------
    InputError
        A rule without a hedge, a stage that there is not, or sets that differ in their hedges, budget or static sizes.
    """
    plans = tuple(_plan(family, keys, hedge, shape, signals) for keys in sets)
    first = plans[0]
    for plan in plans[1:]:
        _require_same_hedges(first, plan)
        if budget_of(plan) != budget_of(first):
            raise InputError(
                f"the sets of a grid must share one budget, not {budget_of(first)!r} and {budget_of(plan)!r}: a "
                "year's budget cannot change hands within the year"
            )
        if static_levels(plan) != static_levels(first):
            raise InputError(
                f"the sets of a grid must share one static hedge, not {static_levels(first)!r} and "
                f"{static_levels(plan)!r}; give every DiversifiedPlan the same static"
            )
    return plans


def _require_same_hedges(first: Plan, plan: Plan) -> None:
    """Refuse plans that size other hedges, or as many in another order: what is held could not change hands."""
    hedges, others = ([part.hedge for part in parts_of(each)] for each in (first, plan))
    if len(hedges) == len(others) and all(map(is_same_hedge, hedges, others)):
        return
    here, there = (", ".join(hedge.name for hedge in each) for each in (hedges, others))
    raise InputError(
        f"the sets of a grid must size the same hedges, and two size {here!r} and {there!r}; choose the hedge by a "
        "comparison of plans"
    )


def _plan(family: Family, keys: Mapping[str, Any], hedge: Hedge | None, shape: Shape, signals: tuple[str, ...]) -> Plan:
    if not (isinstance(family, str) or (isinstance(family, type) and issubclass(family, OverlayRule))):
        plan = family(**keys)
        if not isinstance(plan, OverlayPlan | DiversifiedPlan):
            raise InputError(
                f"a family must return an OverlayPlan or a DiversifiedPlan for every set, not {type(plan).__name__}"
            )
        return plan
    if hedge is None:
        raise InputError("a family given by a rule needs the hedge that the rule sizes; give hedge=")
    of_rule = {key: value for key, value in keys.items() if not key.startswith(SHAPE)}
    stages = {key.removeprefix(SHAPE): value for key, value in keys.items() if key.startswith(SHAPE)}
    known = [field.name for field in fields(Shape)]
    for stage in stages:
        if stage not in known:
            raise InputError(f"there is no stage {stage!r}{did_you_mean(stage, known)} ({', '.join(known)})")
    rule = rule_by_name(family, signals=signals, **of_rule) if isinstance(family, str) else family(**of_rule)
    return OverlayPlan(rule, hedge, replace(shape, **stages))
