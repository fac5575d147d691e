"""How much of a tail hedge to hold: every hedge at the sizes that bleed stated shares of the portfolio a year.

A budget caps what is spent and does not say what it buys. Here each hedge stands without a cap and in fractions of
contracts, and is scaled until its cost outside crises is a stated one; what it then protects is what that much money
bought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.compare.overlays.diversified import DiversifiedPlan, Plan, budget_of
from hedgerow.compare.overlays.equal_cost import equal_cost_table
from hedgerow.compare.overlays.plan import NO_HEDGE
from hedgerow.errors import InputError

if TYPE_CHECKING:
    from hedgerow.compare.overlays.tail import TailComparison

BLEEDS = (0.0025, 0.005, 0.01)
"""Costs a year outside crises, as shares of the portfolio, at which hedges are shown unless others are asked for."""


def protection_by_bleed(tail: TailComparison, bleeds: Sequence[float]) -> pd.DataFrame:
    """Return what every hedge costs and protects at the sizes that bleed stated shares of the portfolio a year.

    Parameters
    ----------
    tail : TailComparison
        Its budget and whole contracts do not count here.
    bleeds : sequence of float
        Shares of the portfolio a year, above 0 and below 1.

    Returns
    -------
    pandas.DataFrame
        Index (``bleed``, ``plan``). As :meth:`.OverlayComparison.equal_cost` without the columns that hold a rule
        against a static hedge, and ``cvar_cut`` (CVaR of a day taken away) and ``gain_20`` (mean gain in a sudden fall
        of 20 %; NaN where it cannot be repriced), both shares of the portfolio. NaN where no size bleeds so much.

    Raises
    ------
    InputError
        No bleed, one out of its range, or one given twice.
    """
    levels = require_bleeds(bleeds)
    free = without_limits(tail)
    gains, bare = free.table()["gain_20"], free.table()["cvar"].to_dict()[NO_HEDGE]
    found = {}
    for level in levels:
        table = equal_cost_table(free.comparison, level)
        table = table.drop(columns=[name for name in table if "static" in str(name)])
        table.insert(len(table.columns) - 1, "cvar_cut", bare - table["cvar"])
        table.insert(len(table.columns) - 1, "gain_20", table["scale"] * gains.reindex(table.index))
        found[level] = table
    return pd.concat(found, names=["bleed"])


def require_bleeds(bleeds: Sequence[float]) -> tuple[float, ...]:
    """Return shares of the portfolio a year, each above 0 and below 1 and once; InputError where they are not."""
    levels = tuple(float(each) for each in bleeds)
    if not levels:
        raise InputError("at least one bleed a year is needed, such as 0.005 for half a per cent of the portfolio")
    wrong = next((each for each in levels if not (np.isfinite(each) and 0.0 < each < 1.0)), None)
    if wrong is not None:
        raise InputError(f"a bleed is a share of the portfolio a year, above 0 and below 1, not {wrong!r}")
    twice = next((each for each in levels if levels.count(each) > 1), None)
    if twice is not None:
        raise InputError(f"the bleed {twice:g} is given twice; once is enough")
    return levels


def without_limits(tail: TailComparison) -> TailComparison:
    """Return the same hedges without a budget and in fractions of contracts, which makes them linear in their size."""
    old = tail.comparison
    if all(budget_of(plan) is None for plan in old.plans.values()) and old.setting.options.whole_contracts is None:
        return tail
    plans = {name: _without_budget(plan) for name, plan in old.plans.items()}
    setting = replace(old.setting, options=replace(old.setting.options, whole_contracts=None))
    results = {NO_HEDGE: old.results[NO_HEDGE]} | {name: setting.run(plan) for name, plan in plans.items()}
    free = replace(old, plans=MappingProxyType(plans), results=MappingProxyType(results), setting=setting)
    return replace(tail, comparison=free, budget=None)


def _without_budget(plan: Plan) -> Plan:
    if isinstance(plan, DiversifiedPlan):
        return replace(plan, budget=None)
    return replace(plan, shape=replace(plan.shape, budget=None))
