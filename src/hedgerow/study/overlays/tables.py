"""The tables of an overlay study: as a person reads them, and raw for the files beside the report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.overlays import rule_in_words, shape_in_words
from hedgerow.report import MISSING, interval_text, number_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.engine.overlay import OverlayResult
    from hedgerow.study.overlays.run import OverlayStudyOutcome

COSTS: dict[str, tuple[str, str]] = {
    "cost_per_year": ("cost a year", ".2%"),
    "bleed_per_year": ("outside crises", ".2%"),
    "saved_against_static": ("saved against static", ".0%"),
    "carry_per_year": ("carry outside crises", ".2%"),
    "transaction_costs_per_year": ("of it trading", ".2%"),
    "mean_multiplier": ("mean multiplier", ".2f"),
    "days_hedged": ("days hedged", ".0%"),
    "turnover_per_year": ("turnover a year", ".1f"),
}
"""Figures of cost and size: their heads, and their formats."""
SPENT = ("cost_per_year", "bleed_per_year", "saved_against_static", "transaction_costs_per_year")
"""Figures of the table of costs."""
SIZES = ("mean_multiplier", "days_hedged", "turnover_per_year", "transaction_costs_per_year", "carry_per_year")
"""Figures of the table of sizes, turnover and carry."""
PROTECTION: dict[str, tuple[str, str]] = {
    "offset": ("crash offset", ".1%"),
    "cvar": ("CVaR of a day", ".2%"),
    "max_drawdown": ("deepest fall", ".1%"),
    "volatility": ("volatility", ".1%"),
    "annual_compound_return": ("return a year", ".2%"),
    "sharpe": ("Sharpe ratio", ".2f"),
}
"""Figures of what is left of risk and return."""
HEDGED_PART = {"offset_of_hedged_part": ("offset of the hedged part's loss", ".1%")}
"""Shown beside the crash offset where only part of the portfolio is exposed."""
CAPTURES: dict[str, tuple[str, str]] = {
    "up_capture": ("up capture", ".1%"),
    "down_capture": ("down capture", ".1%"),
    "beta": ("beta", ".3f"),
}
"""Figures of an account against the portfolio alone."""
SMALLEST = 0.05
"""Contracts below which nothing is said to be held or traded."""
BESIDE = ("cost_per_year", "offset", "cvar", "sharpe")
"""Figures that are also shown at lag 0."""


def shown(table: pd.DataFrame, figures: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Return figures as text, with their interval where there is one; the sample stays a column of its own.

    Parameters
    ----------
    table : DataFrame
        As :meth:`OverlayComparison.table` returns it.
    figures : mapping of str to (str, str)
        Columns to head and format.
    """
    columns = {}
    for name, (head, form) in figures.items():
        values = _clean(table[name])
        if {f"{name}_low", f"{name}_high"} <= set(table.columns):
            ends = zip(values, _clean(table[f"{name}_low"]), _clean(table[f"{name}_high"]), strict=True)
            columns[head] = [unsigned_zeros(interval_text(*each, form)) for each in ends]
        else:
            columns[head] = [figure_text(value, form) for value in values]
    found = pd.DataFrame(columns, index=table.index)
    if "saved_against_static" in figures and "no hedge" in found.index:
        found.loc["no hedge", figures["saved_against_static"][0]] = MISSING
    return found


def _clean(values: pd.Series) -> list[float]:
    return [float(value) for value in values]


def figure_text(value: float, form: str) -> str:
    """Return a number as text, a zero never with a sign.

    Examples
    --------
    >>> figure_text(-0.0001, ".2f"), figure_text(float("nan"), ".0%")
    ('0.00', '–')
    """
    return unsigned_zeros(number_text(float(value), form))


def unsigned_zeros(text: str) -> str:
    """Return a text whose zeros have lost their minus sign: a cost of -0.00% is none."""
    return re.sub(r"(?<![\d\w])-(0(?:\.0+)?)(?!\d|\.\d)", r"\1", text)


def today(comparison: OverlayComparison, head: str = "rule") -> pd.DataFrame:
    """Return what to do after the last close: multiplier decided and held, contracts to trade, and why.

    A row per contract that is held or to be traded; a hedge that has neither has one row, so that none is missing.
    """
    rows = []
    for name in comparison.plans:
        result = comparison.results[name]
        found, open_now = result.today(), _open_contracts(result)
        reasons = dict(zip((part.name for part in result.parts), found.reasons, strict=True))
        for part, slots in found.table.groupby("part", sort=False):
            amounts = slots[["contracts held", "contracts to trade"]].abs().max(axis=1)
            live = slots[amounts >= SMALLEST]
            why = reasons[str(part)].removeprefix(f"{part}: ")
            for slot, row in (live if len(live) else slots.iloc[:1]).iterrows():
                contract = open_now.get((str(part), str(slot)), str(slot)) if len(live) else MISSING
                rows.append({head: name, "hedge": str(part), "contract": contract} | _to_do(row) | {"why": why})
    return pd.DataFrame(rows).set_index(head)


def _open_contracts(result: OverlayResult) -> dict[tuple[str, str], str]:
    """Return the contract that stands in each slot of each hedge after the last close."""
    records = result.contracts[result.contracts["left"].isna()]
    return {
        (str(part), str(slot)): str(contract)
        for part, slot, contract in zip(records["programme"], records["slot"], records["contract"], strict=True)
    }


def _to_do(slot: pd.Series) -> dict[str, str]:
    trade, stands = float(slot["contracts to trade"]), float(slot["contracts held"])
    is_traded = abs(trade) >= SMALLEST
    return {
        "decided": figure_text(float(slot["multiplier"]), ".2f"),
        "held": figure_text(float(slot["held"]), ".2f"),
        "contracts held": figure_text(stands, ",.1f"),
        "to trade": f"{'buy' if trade > 0 else 'sell'} {abs(trade):,.1f}" if is_traded else "nothing",
    }


def captures(comparison: OverlayComparison) -> pd.DataFrame:
    """Return how much of the portfolio's rises and falls each account had, day by day, and its beta."""
    return shown(comparison.table(), CAPTURES)


def protection_figures(comparison: OverlayComparison) -> dict[str, tuple[str, str]]:
    """Return the figures of protection to show: with the offset of the hedged part where only part is exposed."""
    names = list(PROTECTION)
    if is_partly_exposed(comparison):
        names.insert(names.index("offset") + 1, "offset_of_hedged_part")
    return {name: (PROTECTION | HEDGED_PART)[name] for name in names}


def is_partly_exposed(comparison: OverlayComparison) -> bool:
    """Return whether the hedge is there for a part of the portfolio alone."""
    return 0.0 < comparison.setting.portfolio.exposure_weight < 1.0


def rules(comparison: OverlayComparison) -> pd.DataFrame:
    """Return the parameters of every rule, several at once a row each: multiplier, shape, what it reads, warm-up."""
    from hedgerow.compare.overlays.diversified import parts_of
    from hedgerow.compare.overlays.plan import OverlayPlan

    rows = [
        {
            "rule": name,
            "multiplier": rule_in_words(part.rule),
            "shaping": shape_in_words(plan.shape if isinstance(plan, OverlayPlan) else part.shape),
            "reads": ", ".join(part.rule.needs) or "no signal",
            "rows of warm-up": str(part.rule.warm_up),
            "base hedge": part.hedge.name,
        }
        for name, plan in comparison.plans.items()
        for part in parts_of(plan)
    ]
    return pd.DataFrame(rows).set_index("rule")


def both_lags(outcome: OverlayStudyOutcome) -> pd.DataFrame | None:
    """Return cost, offset, CVaR and Sharpe ratio of every rule at the study's lag and at lag 0."""
    if outcome.at_once is None:
        return None
    tables = {f"lag {outcome.study.lag}": outcome.comparison.table(), "lag 0": outcome.at_once.table()}
    named = COSTS | PROTECTION
    columns = {}
    for name in BESIDE:
        head, form = named[name]
        for lag, table in tables.items():
            values = _clean(table.loc[list(outcome.comparison.plans), name])
            columns[f"{head}, {lag}"] = [figure_text(value, form) for value in values]
    return pd.DataFrame(columns, index=pd.Index(list(outcome.comparison.plans), name="rule"))


def offsets(table: pd.DataFrame, column: str = "offset") -> pd.DataFrame:
    """Return a row per crisis: its status, what the portfolio lost, and each hedge's gain over that loss.

    Parameters
    ----------
    table : DataFrame
        As :meth:`OverlayComparison.crises` returns it; a crisis outside the data has the status "no data".
    column : str
        "offset_of_hedged_part" for the gain over the loss of the exposed part.
    """
    rows = {}
    for crisis, part in table.groupby("crisis", sort=False):
        head = {"status": part["status"].iloc[0], "portfolio": figure_text(part["portfolio_return"].iloc[0], ".1%")}
        plans = zip(part["plan"], part[column], strict=True)
        rows[crisis] = head | {plan: figure_text(offset, ".1%") for plan, offset in plans}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("crisis")


def years(comparison: OverlayComparison) -> pd.DataFrame:
    """Return a row per calendar year: calm or not, the portfolio's return, each hedge's gain as a share of it."""
    table = comparison.years()
    table = table[table["plan"] != "no hedge"]
    rows = {}
    for year, part in table.groupby("year", sort=True):
        calm, status = bool(part["calm"].iloc[0]), part["status"].iloc[0]
        kind = "calm" if calm else "not calm"
        head = {
            "kind": kind if status == "whole" else f"{kind}, {status}",
            "portfolio": number_text(float(part["portfolio_return"].iloc[0]), ".1%"),
        }
        gains = zip(part["plan"], _clean(part["hedge_share"]), strict=True)
        rows[str(year)] = head | {plan: figure_text(gain, ".2%") for plan, gain in gains}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("year")


def rivals(comparison: OverlayComparison) -> pd.DataFrame:
    """Return a row per rule, rival and figure with the difference, its interval and a plain word."""
    table = comparison.rivals()
    named = {name: head for name, (head, _form) in (COSTS | PROTECTION).items()}
    forms = {name: form for name, (_head, form) in (COSTS | PROTECTION).items()}
    rows = []
    for row in table.to_dict(orient="records"):
        is_all = row["figure"] == "all"
        form = ".2f" if is_all else forms[row["figure"]]
        size = "mean multiplier" if row["rival"].startswith("static") else "share sold"
        apart = interval_text(row["difference"], row["low"], row["high"], form)
        rows.append(
            {
                "rule": row["plan"],
                "rival": row["rival"],
                "figure": f"all (sizes: {size})" if is_all else named[row["figure"]],
                "of the rule": figure_text(row["of_plan"], form),
                "of the rival": figure_text(row["of_rival"], form),
                "difference": MISSING if is_all else unsigned_zeros(apart),
                "the rule": row["word"],
            }
        )
    return pd.DataFrame(rows).set_index("rule")


def rival_words(comparison: OverlayComparison) -> pd.DataFrame:
    """Return a row per rule and a column per rival: beats, does not beat, or cannot tell."""
    table = comparison.rivals()
    words = table[table["figure"] == "all"].pivot(index="plan", columns="rival", values="word")
    return words.loc[list(comparison.plans)].rename_axis("rule").rename_axis(None, axis=1)


def equal_cost(comparison: OverlayComparison) -> pd.DataFrame:
    """Return figures with every hedge scaled to the same bleed a year, and how each was scaled."""
    table = comparison.equal_cost().drop(columns=["bleed_per_year_low", "bleed_per_year_high"])
    names = ("bleed_per_year", "cost_per_year", "offset", "cvar", "sharpe")
    figures = {"scale": ("times the base", ".2f")} | {name: (COSTS | PROTECTION)[name] for name in names}
    return shown(table, figures).assign(scaling=table["scaling"].to_numpy())


def halves(comparison: OverlayComparison) -> pd.DataFrame:
    """Return cost and protection in each half of the days, with the sample that it is."""
    table = comparison.halves()
    figures = {
        name: (COSTS | PROTECTION)[name] for name in ("cost_per_year", "mean_multiplier", "offset", "cvar", "sharpe")
    }
    found = shown(table, figures).assign(sample=table["sample"].to_numpy())
    found.insert(0, "rule", [str(plan) for _half, plan in table.index])
    return found.set_axis(pd.Index([str(half) for half, _plan in table.index], name="half"), axis=0)


def flags(comparison: OverlayComparison) -> pd.DataFrame:
    """Return what should make one doubt each rule: a row per flag that is raised or judged, with its source."""
    table = comparison.red_flags()
    judged = table[[value is not None and not pd.isna(value) for value in table["raised"]]]
    found = pd.DataFrame(
        {
            "rule": judged["plan"].to_numpy(),
            "raised": np.where(judged["raised"].astype(bool), "yes", "no"),
            "what was found": [unsigned_zeros(said) for said in judged["sentence"]],
            "rule of thumb or test": judged["source"].to_numpy(),
        },
        index=pd.Index(judged["flag"].str.replace("_", " ").to_numpy(), name="flag"),
    )
    return found.sort_values(["raised", "rule"], ascending=[False, True], kind="stable")


def late(comparison: OverlayComparison, lags: tuple[int, ...]) -> pd.DataFrame:
    """Return what is left of each rule when its decisions come later still, all on the same days."""
    table = comparison.lag_decay(lags)
    found = pd.DataFrame(
        {
            "dates later": [str(lag) for _plan, lag in table.index],
            "Sharpe ratio": [number_text(value, ".2f") for value in table["sharpe"]],
            "cost a year": [number_text(value, ".2%") for value in _clean(table["cost_per_year"])],
            "crash offset": [figure_text(value, ".1%") for value in table["offset"]],
            "Sharpe ratio of timing": [number_text(value, ".2f") for value in table["timing_sharpe"]],
            "label": table["label"].to_numpy(),
        },
        index=pd.Index([str(plan) for plan, _lag in table.index], name="rule"),
    )
    return found if (found["label"] != "").any() else found.drop(columns="label")
