"""The tables of a tail study: as a person reads them, and raw for the files beside the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.compare.overlays.cost_of_protection import cost_of_protection
from hedgerow.report import interval_text, number_text
from hedgerow.study.overlays.tables import CAPTURES, COSTS, figure_text, protection_figures, shown, unsigned_zeros
from hedgerow.study.overlays.written_tables import by_number, gains

if TYPE_CHECKING:
    from hedgerow.study.tail.run import TailOutcome

COST = {
    name: COSTS[name]
    for name in ("cost_per_year", "bleed_per_year", "transaction_costs_per_year", "carry_per_year", "days_hedged")
}
MARKS = {"marked_by_model": ("marked by model", ".0%"), "stale_quotes": ("stale quotes", ".1%")}
CONVEXITY = {
    "gain_10": ("gain at -10 %", ".1%"),
    "gain_20": ("at -20 %", ".1%"),
    "gain_30": ("at -30 %", ".1%"),
    "convexity_10": ("years of bleed at -10 %", ".1f"),
    "convexity_20": ("at -20 % (years)", ".1f"),
    "convexity_30": ("at -30 % (years)", ".1f"),
}
FOR_MONEY = {"offset": ("crash offset", ".1%"), "gain_20": ("gain at -20 %", ".2%"), "cvar_cut": ("CVaR cut", ".3%")}
"""Figures held against the money: for 1 % of the portfolio a year of budget, and of what was spent of it."""


def costs(outcome: TailOutcome) -> pd.DataFrame:
    """Return cost, bleed, dealing costs, carry, days hedged, and the shares of days without a quote of the day."""
    return shown(outcome.tail.table(), COST | MARKS)


def protection(outcome: TailOutcome) -> pd.DataFrame:
    """Return offset, CVaR and how much of it was cut per basis point of cost, drawdown, return, Sharpe ratio."""
    table = outcome.tail.table()
    figures = protection_figures(outcome.tail.comparison)
    found = shown(table, {name: each for name, each in figures.items() if name != "volatility"})
    cut = [figure_text(value, ".2%") for value in table["cvar_cut"]]
    per_point = [figure_text(value, ".2f") for value in table["cvar_cut_per_cost"]]
    after = list(found.columns).index("CVaR of a day") + 1
    found.insert(after, "CVaR cut", cut)
    found.insert(after + 1, "bp cut per bp of cost", per_point)
    return found


def captures(outcome: TailOutcome) -> pd.DataFrame:
    """Return how much of the portfolio's rises and falls each account had, day by day, and its beta."""
    return shown(outcome.tail.table(), CAPTURES)


def convexity(outcome: TailOutcome) -> pd.DataFrame:
    """Return what sudden falls pay, as a share of the portfolio and in years of bleed."""
    return shown(outcome.tail.table(), CONVEXITY).drop(index="no hedge")


def for_money(outcome: TailOutcome) -> pd.DataFrame:
    """Return what a calendar year spent, and protection for 1 % of it and, where there is one, for 1 % of budget."""
    table = outcome.tail.table().drop(index="no hedge")
    kinds = {"spent": "1 % spent"} | ({} if outcome.tail.budget is None else {"budget": "1 % of budget"})
    columns = {"spent a calendar year": [figure_text(value, ".2%") for value in table["spent_per_year"]]}
    for name, (head, form) in FOR_MONEY.items():
        for kind, words in kinds.items():
            columns[f"{head} for {words}"] = [figure_text(0.01 * value, form) for value in table[f"{name}_per_{kind}"]]
    return pd.DataFrame(columns, index=table.index)


HOW_MUCH = {
    "scale": ("times the base", ".2f"),
    "cost_per_year": ("cost a year", ".2%"),
    "offset": ("crash offset", ".1%"),
    "gain_20": ("gain at -20 %", ".1%"),
    "cvar_cut": ("CVaR cut", ".3%"),
    "max_drawdown": ("worst fall", ".1%"),
    "sharpe": ("Sharpe", ".2f"),
}


def how_much(by_bleed: pd.DataFrame) -> pd.DataFrame:
    """Return size, cost and protection of every hedge by what it bleeds a year, without those of no such size."""
    sized = by_bleed[by_bleed["scale"].notna()]
    bare = [f"{name}_{end}" for name in ("max_drawdown", "sharpe") for end in ("low", "high")]
    found = shown(sized.drop(columns=bare, errors="ignore"), HOW_MUCH)
    found.insert(0, "plan", [str(plan) for _bleed, plan in sized.index])
    return found.set_axis(pd.Index([f"{bleed:.2%}" for bleed in sized.index.get_level_values(0)], name="bleed"))


def unsized(by_bleed: pd.DataFrame) -> list[str]:
    """Return the hedges that no size makes bleed so much, whatever the bleed."""
    some = by_bleed["scale"].notna().groupby(level="plan", sort=False).any()
    return [str(plan) for plan in some.index[~some]]


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
        "convexity": by_number(tail.convexity()),
        "cost_of_protection": cost_of_protection(comparison).assign(sample=comparison.judging.sample),
    }
    if outcome.study.judging.equal_cost:
        found["equal_cost"] = comparison.equal_cost()
    if outcome.by_bleed is not None:
        found["by_bleed"] = outcome.by_bleed
    if len(outcome.claims):
        found["claims"] = outcome.claims
    return found
