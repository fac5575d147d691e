"""From the words of a walk-forward choice to a plan for every set of its grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import TYPE_CHECKING, Any

from hedgerow.errors import InputError, did_you_mean
from hedgerow.study.hedging.parts import bare_field, name_and_values
from hedgerow.study.overlays.registries import joined, plan_from, rule_of, stages_of, trigger_text

if TYPE_CHECKING:
    from hedgerow.compare.overlays.diversified import Plan
    from hedgerow.programmes import OverlayMarket
    from hedgerow.study.overlays.words import ChoiceWords, OverlayStudy, RuleWords

LARGEST_GRID = 5000
"""Sets of keys that a grid may have."""
SHAPE = "shape."
"""Before the name of a stage in a grid."""


def family_of(study: OverlayStudy, indices: Mapping[str, OverlayMarket] | None = None) -> Callable[..., Plan]:
    """Return what makes a plan of each set of keys: one rule with its shape, or several hedges under one budget.

    Raises
    ------
    InputError
        Where a study has no walk-forward choice, or it names several hedges that there are not.
    """
    words, signals = study.walk_forward, tuple(study.signals)
    if words is None:
        raise InputError("the study has no walk_forward, so that there is nothing to choose")
    if words.together is None:
        alone = words.as_rule()
        return lambda **keys: _plan(alone, keys, study.hedge, signals, indices)
    several = next((each for each in study.together if each.name == words.together), None)
    if several is None:
        names = [each.name for each in study.together]
        raise InputError(
            f"walk_forward names {words.together!r}, and together has no such row"
            f"{did_you_mean(words.together, names)} (rows: {', '.join(names) or 'none'})"
        )
    parts, budget = several.parts, several.budget
    if len({part.name for part in parts}) < len(parts):
        raise InputError(
            f"two parts of {words.together!r} have one name; give each its own, for the grid's keys name parts"
        )

    def made(**keys: Any) -> Plan:
        own: dict[str, dict[str, Any]] = {part.name: {} for part in parts}
        for key, value in keys.items():
            part, rest = _of_part(key, own)
            own[part][rest] = value
        return joined([_plan(part, own[part.name], study.hedge, signals, indices) for part in parts], budget)

    return made


def require_grid(words: ChoiceWords, make: Callable[..., Any]) -> None:
    """Refuse a grid that is too large, a key that there is not, and a value that makes no plan.

    Raises
    ------
    InputError
    """
    count = prod(len(values) for values in words.grid.values())
    if count > LARGEST_GRID:
        raise InputError(f"the grid has {count:,} sets of keys, {LARGEST_GRID:,} at most; try fewer values")
    first = {key: values[0] for key, values in words.grid.items()}
    make(**first)
    for key, values in words.grid.items():
        for value in values[1:]:
            make(**{**first, key: value})


def _of_part(key: str, parts: Mapping[str, Any]) -> tuple[str, str]:
    """Return the part that a key of the grid names, and the key of its rule or shape."""
    found = max((name for name in parts if key.startswith(f"{name}.")), key=len, default=None)
    if found is None:
        raise InputError(
            f"the key {key!r} of the grid names none of the parts; write it as PART.key, such as "
            f"{next(iter(parts))}.low, with one of {', '.join(parts)}"
        )
    return found, key[len(found) + 1 :]


def _plan(
    words: RuleWords,
    keys: Mapping[str, Any],
    hedge: Any,
    signals: tuple[str, ...],
    indices: Mapping[str, OverlayMarket] | None,
) -> Plan:
    from hedgerow.overlays import shape_from_text

    stages = {key.removeprefix(SHAPE): value for key, value in keys.items() if key.startswith(SHAPE)}
    if "threshold" in stages:
        stages["threshold"] = trigger_text(stages["threshold"])
    of_rule = {key: value for key, value in keys.items() if not key.startswith(SHAPE)}
    rule = rule_of(_with_keys(words.rule, of_rule), signals)
    return plan_from(words, rule, shape_from_text({**stages_of(words.shape), **stages}), hedge, indices)


def _with_keys(words: Any, keys: Mapping[str, Any]) -> Any:
    """Return the words of a rule with further keys; in a product a key has the name of its rule before it."""
    if not isinstance(words, list | tuple):
        return _one_with_keys(words, keys)
    names = [name_and_values(each, "rule")[0] for each in words]
    for key in keys:
        if key.partition(".")[0] not in names:
            raise InputError(
                f"the key {key!r} of the grid is of a product of rules; write it as RULE.key, with one of "
                f"{', '.join(names)}"
            )
    return [
        _one_with_keys(each, {key.partition(".")[2]: keys[key] for key in keys if key.partition(".")[0] == name})
        for each, name in zip(words, names, strict=True)
    ]


def _one_with_keys(words: Any, keys: Mapping[str, Any]) -> Any:
    if not keys:
        return words
    name, values = name_and_values(words, "rule")
    if not isinstance(values, Mapping):
        from hedgerow.overlays.by_name import rule_arguments

        values = {bare_field(rule_arguments(name), values, f"the rule {name}"): values}
    return {name: {**values, **keys}}
