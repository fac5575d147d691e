"""The raw tables of an overlay study, for the files beside its report; each has its sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.compare.overlays.cost_of_protection import cost_of_protection
from hedgerow.compare.overlays.hedge_size import hedge_sizes, slope_of
from hedgerow.study.overlays.further_tables import use_of_budget

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.study.overlays.run import OverlayStudyOutcome


def written_tables(outcome: OverlayStudyOutcome) -> dict[str, pd.DataFrame]:
    """Return raw tables by name, for the files beside the report; each has its sample."""
    comparison, words = outcome.comparison, outcome.study.judging
    sample = comparison.judging.sample
    found = {
        "figures": comparison.table(),
        "crises": by_number(comparison.crises()),
        "years": by_number(comparison.years()),
        "multipliers": pd.DataFrame({name: comparison.results[name].held for name in comparison.plans}),
        "hedge_gain": gains(comparison),
        "hedge_size": by_number(hedge_sizes(comparison, comparison.setting.market.vix)).assign(sample=sample),
        "cost_of_protection": cost_of_protection(comparison).assign(sample=sample),
    }
    slope = slope_of(outcome.source.market)
    if slope is not None:
        found["hedge_size_by_slope"] = by_number(hedge_sizes(comparison, slope.level)).assign(sample=sample)
    if outcome.at_once is not None:
        found["figures_at_lag_0"] = outcome.at_once.table()
    if words.rivals:
        found["rivals"] = by_number(comparison.rivals())
    if words.equal_cost:
        found["equal_cost"] = comparison.equal_cost()
    if words.halves:
        found["halves"] = comparison.halves().reset_index().set_index("half")
    if words.red_flags:
        found["red_flags"] = by_number(comparison.red_flags())
    for name, use in use_of_budget(outcome).items():
        found[f"use_of_the_budget_{_file_name(name)}"] = use
    if len(outcome.claims):
        found["claims"] = outcome.claims.assign(sample=comparison.judging.sample)
    if outcome.usual_claims is not None:
        found["usual_claims"] = outcome.usual_claims.set_index("claim")
    if outcome.choice is not None:
        found |= {
            "walk_forward": outcome.choice.table(),
            "walk_forward_choices": outcome.choice.chosen,
            "walk_forward_sets": outcome.choice.sets,
        }
    for name in comparison.plans:
        breaches = comparison.results[name].breaches
        if len(breaches):
            found[f"breaches_{_file_name(name)}"] = by_number(breaches)
    return found


def gains(comparison: OverlayComparison) -> pd.DataFrame:
    """Return money that each hedge earned net of costs by date, on the dates that are judged."""
    records = {name: record.hedge_pnl for name, record in comparison.records.items() if name != "no hedge"}
    return pd.DataFrame(records, index=comparison.period.dates.rename("date"))


def by_number(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its rows numbered from 1."""
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="row"), axis=0)


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name.lower())
