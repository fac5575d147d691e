"""The tables of a tail study: as a person reads them, and raw for the files beside the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.report import interval_text, number_text
from hedgerow.study.overlays.tables import COSTS, PROTECTION, figure_text, shown, unsigned_zeros
from hedgerow.study.overlays.written_tables import by_number, gains

if TYPE_CHECKING:
    from hedgerow.study.tail.run import TailOutcome

COST = {name: COSTS[name] for name in ("cost_per_year", "bleed_per_year", "transaction_costs_per_year", "days_hedged")}
CONVEXITY = {
    "gain_10": ("gain at -10 %", ".1%"),
    "gain_20": ("at -20 %", ".1%"),
    "gain_30": ("at -30 %", ".1%"),
    "convexity_10": ("years of bleed at -10 %", ".1f"),
    "convexity_20": ("at -20 % (years)", ".1f"),
    "convexity_30": ("at -30 % (years)", ".1f"),
}
PER_BUDGET = {
    "offset_per_budget": ("crash offset", ".1f"),
    "gain_20_per_budget": ("gain at -20 %", ".1f"),
    "cvar_cut_per_budget": ("CVaR cut", ".2f"),
}


def costs(outcome: TailOutcome) -> pd.DataFrame:
    """Return cost, bleed, dealing costs and days hedged of every account."""
    return shown(outcome.tail.table(), COST)


def protection(outcome: TailOutcome) -> pd.DataFrame:
    """Return offset, CVaR and how much of it was cut per basis point of cost, drawdown, return, Sharpe ratio."""
    table = outcome.tail.table()
    found = shown(table, {name: each for name, each in PROTECTION.items() if name != "volatility"})
    cut = [figure_text(value, ".2%") for value in table["cvar_cut"]]
    per_point = [figure_text(value, ".3f") for value in table["cvar_cut_per_cost"]]
    found.insert(2, "CVaR cut", cut)
    found.insert(3, "cut per cost", per_point)
    return found


def convexity(outcome: TailOutcome) -> pd.DataFrame:
    """Return what sudden falls pay, as a share of the portfolio and in years of bleed."""
    return shown(outcome.tail.table(), CONVEXITY).drop(index="no hedge")


def per_budget(outcome: TailOutcome) -> pd.DataFrame | None:
    """Return protection per unit of budget, where the study has one."""
    if outcome.tail.budget is None:
        return None
    return shown(outcome.tail.table(), PER_BUDGET).drop(index="no hedge")


def stress(outcome: TailOutcome) -> pd.DataFrame:
    """Return a row per shock: its moves, and each hedge's mean gain with the 5 and 95 % of dates."""
    table = outcome.tail.stress()
    rows = {}
    for name, part in table.groupby("shock", sort=False):
        first = part.iloc[0]
        head = {
            "index": number_text(float(first["spot_change"]), ".1%"),
            "VIX points": number_text(float(first["vix_points"]), "+.1f"),
        }
        rows[name] = head | {
            row["hedge"]: _gain(float(row["gain"]), float(row["gain_low"]), float(row["gain_high"]))
            for row in part.to_dict(orient="records")
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("shock")


def _gain(mean: float, low: float, high: float) -> str:
    return unsigned_zeros(interval_text(mean, low, high, ".1%"))


def stated_budget(outcome: TailOutcome) -> str:
    """Return the budget in words."""
    budget = outcome.tail.budget
    return "none" if budget is None else f"{budget:.2%} of the portfolio a calendar year, the same for all"


def written_tables(outcome: TailOutcome) -> dict[str, pd.DataFrame]:
    """Return raw tables by name, for the files beside the report; each has its sample."""
    tail = outcome.tail
    comparison = tail.comparison
    found = {
        "figures": tail.table(),
        "crises": by_number(tail.crises()),
        "years": by_number(comparison.years()),
        "payoffs": by_number(tail.payoffs()),
        "stress": by_number(tail.stress()),
        "hedge_gain": gains(comparison),
    }
    if outcome.study.judging.equal_cost:
        found["equal_cost"] = comparison.equal_cost()
    if len(outcome.claims):
        found["claims"] = outcome.claims
    return found
