"""What of a rule, its shape and its hedge was never put to use in a run, so that the run says nothing of it.

>>> import pandas as pd
>>> from hedgerow.overlays import Shape, Signals, Steps, shaped
>>> vix = pd.Series([14.0, 18.0, 16.0], pd.date_range("2024-01-01", periods=3))
>>> signals, rule, shape = Signals.of({"vix": vix}), Steps((15, 25), (0, 0.5, 1)), Shape(cap=0.8)
>>> unused_of_rule(rule, signals)
('level 1 of the rule by the VIX: 0 up to 15, 0.5 above 15, 1 above 25',)
>>> unused_of_shape(shape, shaped(rule, signals, shape), signals)
('cap 0.8',)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.overlays import OverlayRule, Shape, ShapedPath, Signals, Static, Steps
from hedgerow.overlays.base import Pair
from hedgerow.overlays.in_words import rule_in_words, trigger_in_words
from hedgerow.overlays.triggers import TIE, is_due
from hedgerow.programmes import PricedProgramme

if TYPE_CHECKING:
    from hedgerow.engine.overlay.result import OverlayResult

STAGE_BEFORE = {"smooth": "rule", "persist": "smooth", "floor": "persist", "cap": "floor"}


def never_fired(result: OverlayResult) -> tuple[str, ...]:
    """Return what never changed anything, by part: parts of the rule, stages, triggers, budget, monetisation.

    Returns
    -------
    tuple of str
        As ``"index puts: cap 2"``, without the part's name where there is one part; empty where all was tried.
    """
    found: list[str] = []
    for number, part in enumerate(result.parts):
        programme = result.run.slots.programmes[number]
        unused = [
            *unused_of_rule(part.rule, result.run.signals, part.path.stages["rule"]),
            *unused_of_shape(part.shape, part.path, result.run.signals),
            *_unused_monetisation(programme),
        ]
        found += [each if len(result.parts) == 1 else f"{part.name}: {each}" for each in unused]
    if result.run.budget is not None and not _budget_bound(result):
        found.append(f"budget {result.run.budget:g}")
    return tuple(found)


def unused_of_rule(rule: OverlayRule, signals: Signals, said: FloatArray | None = None) -> tuple[str, ...]:
    """Return the parts of a rule that never moved, and levels of a table that were never held; constants apart.

    ``said`` is the rule's multiplier (n_dates,) where it is known already.
    """
    if isinstance(rule, Pair):
        return (*unused_of_rule(rule.left, signals), *unused_of_rule(rule.right, signals))
    if isinstance(rule, Static):
        return ()
    known = rule.multiplier(signals) if said is None else said
    return tuple(_still(rule, known[~np.isnan(known)]))


def unused_of_shape(shape: Shape, path: ShapedPath, signals: Signals) -> tuple[str, ...]:
    """Return the stages before the budget that changed no multiplier, and the triggers that were never due."""
    found = [
        f"{stage} {getattr(shape, stage):g}"
        for stage, before in STAGE_BEFORE.items()
        if getattr(shape, stage) not in (None, 1 if stage in ("smooth", "persist") else None)
        and not _differ(path.stages[stage], path.stages[before])
    ]
    rows, last = _rows_and_last(path)
    for trigger in shape.threshold:
        level = trigger.watched(signals)
        if not is_due(trigger, level[rows], level[last]).any():
            found.append(f"a rebalance at {trigger_in_words(trigger)}")
    return tuple(found)


def _still(rule: OverlayRule, said: FloatArray) -> Iterator[str]:
    if not len(said) or np.ptp(said) <= TIE:
        yield f"the rule {rule_in_words(rule)}"
    elif isinstance(rule, Steps):
        for level in dict.fromkeys(rule.levels):
            if np.abs(said - level).min() > TIE:
                yield f"level {level:g} of the rule {rule_in_words(rule)}"


def _differ(one: np.ndarray, other: np.ndarray) -> bool:
    both = ~(np.isnan(one) | np.isnan(other))
    return bool((np.abs(one[both] - other[both]) > TIE).any())


def _rows_and_last(path: ShapedPath) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows after the first rebalance, and the row of the last rebalance before each."""
    rows = np.arange(len(path.rebalanced))
    last = np.maximum.accumulate(np.where(path.rebalanced, rows, -1))[:-1]
    later = rows[1:][last >= 0]
    return later, last[last >= 0]


def _budget_bound(result: OverlayResult) -> bool:
    rows = result.run.signal_rows
    for number, part in enumerate(result.parts):
        decided = result.account.decided[number]
        if _differ(decided, np.where(rows < 0, np.nan, part.path.multiplier[rows])):
            return True
        if result.run.options.whole_contracts is None:
            ordered = decided[: len(decided) - result.lag]
            if _differ(result.account.held[number, result.lag :], ordered):
                return True
    return False


def _unused_monetisation(programme: PricedProgramme) -> Iterator[str]:
    rules = getattr(programme.source, "monetise", None) or ()
    reasons = {contract.reason for contract in programme.contracts}
    for rule in rules if isinstance(rules, tuple) else (rules,):
        if rule.reason not in reasons:
            yield rule.reason
