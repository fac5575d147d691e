"""Policies made of two: either wants to trade, or both must."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.kernels.elementary import where
from hedgerow.kernels.rules import Rule, Stage, rule
from hedgerow.policies.base import Moment, PolicyTerms, RulePolicy

SLOTS = 6
"""Parts of a policy that can wait for one another; as many pairs of rows there are."""


@rule("fires_left", "goes_left")
def either_fires(fires_left, goes_left, fires_right, goes_right):  # type: ignore[no-untyped-def]
    """Fire where one of two does; the left one says where to go if it fires."""
    fires = where((fires_left > 0.0) | (fires_right > 0.0), 1.0, 0.0)
    return fires, where(fires_left > 0.0, goes_left, goes_right)


@rule("fires_left")
def both_fire(fires_left, fires_right):  # type: ignore[no-untyped-def]
    """Fire where both do; the left one says where to go."""
    return where((fires_left > 0.0) & (fires_right > 0.0), 1.0, 0.0)


@dataclass(frozen=True, repr=False)
class Either(RulePolicy):
    """Trades where either of two policies wants to; the left one says to what where both do.

    Written ``left | right``: ``Band(0.10) | EveryDay()``.
    """

    left: RulePolicy
    right: RulePolicy

    def __repr__(self) -> str:
        return f"{self.left!r} | {_in_brackets(self.right, Either)}"

    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the stages of the left one, those of the right one a slot higher, and what joins them."""
        return _joined(self, (self.left, self.right), terms, slot, either_fires)

    def decide(self, now: Moment) -> tuple[FloatArray, FloatArray]:
        """Return the same of two policies that need no clock."""
        (fires, goes), (other, instead) = self.left.decide(now), self.right.decide(now)
        return np.maximum(fires, other), np.where(fires > 0.0, goes, instead)


@dataclass(frozen=True, repr=False)
class Both(RulePolicy):
    """Trades where both of two policies want to; the left one says to what.

    Written ``left & right``: ``Band(0.10) & MinimumInterval(1 / 252)``.
    """

    left: RulePolicy
    right: RulePolicy

    def __repr__(self) -> str:
        return f"{_in_brackets(self.left, Either)} & {_in_brackets(self.right, (Either, Both))}"

    def stages(self, terms: PolicyTerms, slot: int = 0) -> tuple[Stage, ...]:
        """Return the stages of the left one, those of the right one a slot higher, and what joins them."""
        return _joined(self, (self.left, self.right), terms, slot, both_fire)

    def decide(self, now: Moment) -> tuple[FloatArray, FloatArray]:
        """Return the same of two policies that need no clock."""
        (fires, goes), (other, _) = self.left.decide(now), self.right.decide(now)
        return np.minimum(fires, other), goes


def _in_brackets(part: RulePolicy, where_a: type | tuple[type, ...]) -> str:
    return f"({part!r})" if isinstance(part, where_a) else repr(part)


def _joined(
    policy: RulePolicy, parts: tuple[RulePolicy, RulePolicy], terms: PolicyTerms, slot: int, join: Rule
) -> tuple[Stage, ...]:
    """Return the stages of two parts in neighbouring slots and the stage that joins them into the first."""
    if slot + 1 >= SLOTS:
        raise InputError(
            f"the policy {policy!r} stands too deep in brackets: at most {SLOTS} parts can wait for one another; "
            "write the nested part on the left, as in (a | b) & c"
        )
    slots = {"left": slot, "right": slot + 1}
    rows = {f"{row}_{side}": f"{row}_{number}" for side, number in slots.items() for row in ("fires", "goes")}
    left, right = parts
    return (*left.stages(terms, slot), *right.stages(terms, slot + 1), Stage(join, {}, rows))
