"""Several rules as one stage: what one hands on stays in registers, and a row that nobody reads is not written.

A call of a stage costs little, but a rule of one subtraction spends its time on loading and storing rows. Neighbours
that run on the same steps are merged into one loop over the paths; each rule keeps its own text and its definition.
A merged stage compiles for its combination of rules, so that merging belongs where few combinations come up: the parts
of one policy, or of the trade and its costs. Long formulas stay apart, since their constants fill the registers.

>>> import numpy as np
>>> from hedgerow.kernels.rules import Stage, rule, run_stages
>>> @rule("units")
... def bought(target, held):
...     return target - held
>>> @rule("cash")
... def paid(cash, units, *, price):
...     return cash - units * price
>>> one, = merged([Stage(bought), Stage(paid, {"price": 10.0})])
>>> one.reads, one.writes
(('target', 'held', 'cash'), ('units', 'cash'))
>>> rows = {"target": np.array([3.0]), "held": np.array([1.0]), "cash": np.array([0.0])}
>>> run_stages([one], rows, step=0)
>>> rows["cash"].tolist()
[-20.0]
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from hedgerow._types import FloatArray
from hedgerow.kernels.rules import PROBED, MergedRule, Rule, Stage, numbered


def merged(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """Return the stages with neighbours merged that are rules and run on the same steps.

    Parameters
    ----------
    stages : iterable of Stage

    Returns
    -------
    tuple of Stage
        What they compute is the same.
    """
    return tuple(stage for group in _groups(stages) for stage in _merged_group(group))


def without_unread(stages: Sequence[Stage], wanted: Collection[str]) -> tuple[Stage, ...]:
    """Return the stages of a program whose merged ones write no row that neither a stage reads nor anybody wants.

    Parameters
    ----------
    stages : sequence of Stage
        All of them: a row may be read at the next step.
    wanted : collection of str
        Rows read from outside.

    Returns
    -------
    tuple of Stage
        As many as before.
    """
    read = {name for stage in stages for name in stage.reads}.union(wanted)
    return tuple(_reduced(stage, read) for stage in stages)


def _reduced(stage: Stage, read: Collection[str]) -> Stage:
    if not isinstance(stage.rule, MergedRule):
        return stage
    left = tuple(name for name in stage.rule.written if name in read)
    return replace(stage, rule=replace(stage.rule, outputs=left)) if left else stage


def _groups(stages: Iterable[Stage]) -> Iterator[list[Stage]]:
    """Yield neighbours that may become one."""
    for (merges, _), group in groupby(stages, key=lambda stage: (_may_merge(stage), id(stage.on))):
        found = list(group)
        yield from [found] if merges else [[stage] for stage in found]


def _may_merge(stage: Stage) -> bool:
    return isinstance(stage.rule, Rule) and stage.rule.probed == PROBED


def _merged_group(group: list[Stage]) -> Iterator[Stage]:
    if len(group) == 1:
        yield group[0]
        return
    parts = tuple(link for stage in group for link in stage.links)
    values: Mapping[str, float | FloatArray] = {
        numbered(k, name): value for k, stage in enumerate(group) for name, value in stage.values.items()
    }
    whole = MergedRule(parts, ())
    yield Stage(replace(whole, outputs=whole.written), values, on=group[0].on)
