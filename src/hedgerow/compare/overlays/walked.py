"""A rule whose parameters change hands: what was chosen at each refit, applied until the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.overlays.diversified import DiversifiedPlan, Plan, budget_of, parts_of
from hedgerow.compare.overlays.plan import OverlayPlan
from hedgerow.overlays import OverlayRule, Shape, Signals, shaped


def needs_of(plans: Iterable[Plan]) -> tuple[str, ...]:
    """Return the names of the signals that rules and triggers of all plans read, each once."""
    names: dict[str, None] = {}
    for part in (part for plan in plans for part in parts_of(plan)):
        names |= dict.fromkeys(part.rule.needs)
        for trigger in part.shape.threshold:
            names |= dict.fromkeys(trigger.needs)
    return tuple(names)


@dataclass(frozen=True)
class Nothing(OverlayRule):
    """Holds nothing and asks for signals: shows on which dates they are known.

    Parameters
    ----------
    names : tuple of str
    """

    names: tuple[str, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """The signals asked for."""
        return self.names

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return 0 on every date."""
        return np.zeros(len(signals))


@dataclass(frozen=True, eq=False)
class WalkedForward(OverlayRule):
    """From each date on, the shaped multiplier of the plan chosen at its close; nothing before the first.

    Every plan's multiplier is shaped along the whole past, so that a plan that takes over stands where it would have
    stood; the budget is left to the run.

    Parameters
    ----------
    starts : tuple of Timestamp
        Ascending.
    plans : tuple of OverlayPlan
        One for each start.
    """

    starts: tuple[pd.Timestamp, ...]
    plans: tuple[OverlayPlan, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """Signals of all plans, those of their triggers too."""
        return needs_of(self.plans)

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the multiplier at the close of each date, shape (n_dates,); NaN before the first start."""
        place = np.searchsorted(np.array(self.starts, dtype="datetime64[ns]"), signals.dates, side="right") - 1
        found = np.full(len(signals), np.nan)
        paths: dict[int, FloatArray] = {}
        for number in np.unique(place[place >= 0]):
            plan = self.plans[number]
            if id(plan) not in paths:
                paths[id(plan)] = shaped(plan.rule, signals, replace(plan.shape, budget=None)).multiplier
            rows = place == number
            found[rows] = paths[id(plan)][rows]
        return found


def walked_plan(starts: tuple[pd.Timestamp, ...], plans: tuple[Plan, ...]) -> Plan:
    """Return the plan that follows each of these from its start on: part by part, under their common budget."""
    first = plans[0]
    parts = tuple(
        OverlayPlan(WalkedForward(starts, tuple(parts_of(plan)[number] for plan in plans)), part.hedge)
        for number, part in enumerate(parts_of(first))
    )
    if isinstance(first, DiversifiedPlan):
        return DiversifiedPlan(parts, budget_of(first), first.static)
    return replace(parts[0], shape=Shape(budget=budget_of(first)))
