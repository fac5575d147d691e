"""The runs behind a comparison: every plan, its static hedge and its rivals, each base hedge priced once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from hedgerow._types import FloatArray
from hedgerow.compare.overlays.diversified import (
    Plan,
    budget_of,
    held_at,
    parts_of,
    static_levels,
    static_plan,
)
from hedgerow.compare.overlays.plan import NO_HEDGE, STATIC, OverlayPlan
from hedgerow.engine.overlay.options import OverlayOptions
from hedgerow.engine.overlay.result import OverlayResult
from hedgerow.engine.overlay.running import run_overlays
from hedgerow.errors import InputError
from hedgerow.overlays import OverlayRule, Signals, Static
from hedgerow.programmes import HedgeProgramme, OverlayMarket, Portfolio, PricedProgramme

Hedge: TypeAlias = HedgeProgramme | PricedProgramme
"""A base hedge, priced or still to be priced."""


@dataclass(frozen=True)
class StaticAfter(OverlayRule):
    """The same multiplier on every date after a warm-up, so that a rival starts when the rule does.

    Parameters
    ----------
    level : float
        0 or more.
    rows : int
        Signal dates of the warm-up.
    """

    level: float
    rows: int = 0

    @property
    def needs(self) -> tuple[str, ...]:
        """No signal."""
        return ()

    @property
    def warm_up(self) -> int:
        """Rows before the level."""
        return self.rows

    def multiplier(self, signals: Signals) -> FloatArray:
        """Return the level by date, NaN in the warm-up."""
        return np.where(np.arange(len(signals)) < self.rows, np.nan, self.level)


@dataclass(frozen=True, eq=False)
class Setting:
    """What all runs share.

    Attributes
    ----------
    market : OverlayMarket
    signals : Signals or None
    portfolio : Portfolio
    options : OverlayOptions
    priced : tuple of (hedge, PricedProgramme)
        Each base hedge once.
    """

    market: OverlayMarket
    signals: Signals | None
    portfolio: Portfolio
    options: OverlayOptions
    priced: tuple[tuple[Hedge, PricedProgramme], ...]

    @classmethod
    def of(
        cls,
        plans: Mapping[str, Plan],
        market: OverlayMarket,
        signals: Signals | None,
        portfolio: Portfolio,
        options: OverlayOptions,
    ) -> Setting:
        """Return the setting with every base hedge priced."""
        priced = tuple(
            (hedge, hedge if isinstance(hedge, PricedProgramme) else hedge.priced(market, portfolio))
            for hedge in distinct_hedges(plans)
        )
        return cls(market, signals, portfolio, options, priced)

    def priced_hedge(self, hedge: Hedge) -> PricedProgramme:
        """Return what multiplier 1 of a base hedge holds."""
        return next(kept for known, kept in self.priced if is_same_hedge(known, hedge))

    def run(self, plan: Plan, factor: float = 1.0) -> OverlayResult:
        """Return the account of a plan on so many times its base hedges, each part alike."""
        parts = [(part.rule, self._times(part.hedge, factor), part.shape) for part in parts_of(plan)]
        return run_overlays(
            parts,
            self.market,
            signals=self.signals,
            portfolio=self.portfolio,
            options=self.options,
            budget=budget_of(plan),
        )

    def _times(self, hedge: Hedge, factor: float) -> PricedProgramme:
        priced = self.priced_hedge(hedge)
        return priced if factor == 1.0 else replace(priced, units=factor * priced.units)

    def same_mean(self, plan: Plan, result: OverlayResult, levels: tuple[float, ...]) -> OverlayResult:
        """Return the static hedge of a level per part, each from when its rule starts, under the same budget."""
        rules = [StaticAfter(level, part.path.warm_up) for level, part in zip(levels, result.parts, strict=True)]
        return self.run(held_at(plan, tuple(rules), budget_of(plan)))


def all_results(plans: Mapping[str, Plan], setting: Setting) -> tuple[dict[str, OverlayResult], dict[str, str]]:
    """Return the result of every plan, of no hedge and of each static hedge, and the static hedge of every plan."""
    _require_names(plans)
    static = static_names(plans)
    results = {NO_HEDGE: setting.run(OverlayPlan(Static(0.0), distinct_hedges(plans)[0]))}
    for name, plan in plans.items():
        if static[name] not in results:
            results[static[name]] = setting.run(static_plan(plan))
    results |= {name: setting.run(plan) for name, plan in plans.items()}
    return results, static


def static_names(plans: Mapping[str, Plan]) -> dict[str, str]:
    """Return the name of every plan's static hedge: "static", with the hedge's name where there are several.

    That of several hedges together has the name of the first plan that holds them.
    """
    groups: list[list[str]] = []
    for name, plan in plans.items():
        known = next((group for group in groups if _same_static(plans[group[0]], plan)), None)
        if known is None:
            groups.append([name])
        else:
            known.append(name)
    if len(groups) == 1:
        return dict.fromkeys(plans, STATIC)
    names = [_static_name(group[0], plans[group[0]]) for group in groups]
    written = [
        f"{STATIC}: {name}" if names.count(name) == 1 else f"{STATIC}: {name} ({place})"
        for place, name in enumerate(names, 1)
    ]
    found = {name: word for word, group in zip(written, groups, strict=True) for name in group}
    return {name: found[name] for name in plans}


def _static_name(name: str, plan: Plan) -> str:
    parts = parts_of(plan)
    return parts[0].hedge.name if len(parts) == 1 else name


def _same_static(one: Plan, other: Plan) -> bool:
    """Return whether two plans have the same static hedge: the same hedges at the same multipliers."""
    hedges, others = ([part.hedge for part in parts_of(plan)] for plan in (one, other))
    same = len(hedges) == len(others) and static_levels(one) == static_levels(other)
    return same and all(map(is_same_hedge, hedges, others))


def distinct_hedges(plans: Mapping[str, Plan]) -> list[Hedge]:
    """Return every base hedge once, in the order of the plans."""
    hedges: list[Hedge] = []
    for part in (part for plan in plans.values() for part in parts_of(plan)):
        if not any(is_same_hedge(known, part.hedge) for known in hedges):
            hedges.append(part.hedge)
    return hedges


def is_same_hedge(one: Hedge, other: Hedge) -> bool:
    """Return whether two base hedges are one: the same object, or programmes with the same parameters."""
    if isinstance(one, PricedProgramme) or isinstance(other, PricedProgramme):
        return one is other
    return one == other


def _require_names(plans: Mapping[str, Plan]) -> None:
    if not plans:
        raise InputError("a comparison needs at least one plan; give a mapping of names to plans")
    taken = {NO_HEDGE, *static_names(plans).values()}
    for name in plans:
        if name in taken:
            raise InputError(f"{name!r} is the name of a plan that is added by itself; call yours something else")
