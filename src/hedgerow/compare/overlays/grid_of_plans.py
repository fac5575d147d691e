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

from hedgerow.compare.overlays.plan import OverlayPlan
from hedgerow.compare.overlays.runs import Hedge, is_same_hedge
from hedgerow.errors import InputError, did_you_mean
from hedgerow.overlays import OverlayRule, Shape
from hedgerow.overlays.by_name import rule_by_name

Family = str | type[OverlayRule] | Callable[..., OverlayPlan]
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
) -> tuple[OverlayPlan, ...]:
    """Return the plan of every set; they share one hedge and one budget. ``signals`` names those at hand.

    Raises
    ------
    InputError
        A rule without a hedge, a stage that there is not, or sets that differ in hedge or budget.
    """
    plans = tuple(_plan(family, keys, hedge, shape, signals) for keys in sets)
    first = plans[0]
    for plan in plans[1:]:
        if not is_same_hedge(first.hedge, plan.hedge):
            raise InputError(
                f"the sets of a grid must size one hedge, and two size {first.hedge.name!r} and {plan.hedge.name!r}; "
                "choose the hedge by a comparison of plans"
            )
        if plan.shape.budget != first.shape.budget:
            raise InputError(
                f"the sets of a grid must share one budget, not {first.shape.budget!r} and {plan.shape.budget!r}: a "
                "year's budget cannot change hands within the year"
            )
    return plans


def _plan(
    family: Family, keys: Mapping[str, Any], hedge: Hedge | None, shape: Shape, signals: tuple[str, ...]
) -> OverlayPlan:
    if not (isinstance(family, str) or (isinstance(family, type) and issubclass(family, OverlayRule))):
        plan = family(**keys)
        if not isinstance(plan, OverlayPlan):
            raise InputError(
                f"a family must return an OverlayPlan, not {type(plan).__name__}: a grid sizes one hedge; choose the "
                "keys of each part of several hedges apart"
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
