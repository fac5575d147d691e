"""How an overlay study reads in a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.report import plain_table, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console

    from hedgerow.study.overlays.run import OverlayStudyOutcome

COLUMNS: Mapping[str, str] = {
    "cost_per_year": "cost/yr",
    "saved_against_static": "saved",
    "mean_multiplier": "mean x",
    "days_hedged": "days",
    "offset": "offset",
    "cvar": "CVaR",
    "max_drawdown": "fall",
    "sharpe": "Sharpe",
}
"""Figures that a terminal has room for, and their heads."""
FURTHER: Mapping[str, str] = {
    "turnover_per_year": "turnover/yr",
    "transaction_costs_per_year": "dealing/yr",
    "carry_per_year": "carry/yr",
    "up_capture": "up capture",
    "down_capture": "down capture",
    "beta": "beta",
}
"""Figures of a second table, and their heads."""
STATED = "stated"
"""Short for parameters stated beforehand."""
MOST_COLUMNS = 5
"""Hedges beside each other in one table of crises."""


def print_overlays(outcome: OverlayStudyOutcome, out: Console) -> None:
    """Print figures, crises, rivals, claims, what to beware of, what to do today, and the verdict."""
    from hedgerow.study.overlays import tables

    comparison = outcome.comparison
    say_table(out, figures_shown(comparison.table(), COLUMNS), f"{_title(outcome)}; {comparison.judged}")
    say_table(out, figures_shown(comparison.table(), FURTHER), "turnover, carry outside crises, and capture")
    offsets = tables.offsets(comparison.crises())
    covered = offsets[offsets["status"] != "no data"]
    if len(covered):
        for part in in_parts(covered.drop(columns="status")):
            say_table(out, part, "hedge gain over portfolio loss, by crisis (portfolio: its fall)")
    if outcome.study.judging.rivals and comparison.judging.bootstrap is not None:
        say_table(out, tables.rival_words(comparison), "against rivals: cost, offset, Sharpe ratio and CVaR together")
    _say_further(outcome, out)
    for title, table in claim_tables(outcome).items():
        say_table(out, table, title)
    for sentence in outcome.warnings:
        say(out, f"! {sentence}")
    say_today(tables.today(comparison), out)
    out.print(visible(outcome.verdict), markup=False, style="bold", soft_wrap=True)


def say_today(table: pd.DataFrame, out: Console) -> None:
    """Print what to do today: a sentence for each hedge of each rule, and why."""
    for name, row in table.iterrows():
        trade = "nothing to trade" if row["to trade"] == "nothing" else f"{row['to trade']} of {row['contract']}"
        say(out, f"{name}, today: hold {row['decided']} x {row['hedge']}, {trade}; {row['why']}")


def _title(outcome: OverlayStudyOutcome) -> str:
    return visible(outcome.study.title or "overlays")


def in_parts(table: pd.DataFrame) -> list[pd.DataFrame]:
    """Return a table of many hedges as several that fit beside the first column."""
    first, rest = table.columns[:1], list(table.columns[1:])
    cuts = range(0, len(rest), MOST_COLUMNS)
    return [table[[*first, *rest[at : at + MOST_COLUMNS]]] for at in cuts]


def _say_further(outcome: OverlayStudyOutcome, out: Console) -> None:
    if outcome.choice is not None:
        table = outcome.choice.table()
        short = figures_shown(table, ("cost_per_year", "mean_multiplier", "offset", "cvar", "sharpe"))
        samples = [STATED if str(name).startswith("parameters") else name for name in table["sample"]]
        say_table(out, short.assign(sample=samples), "keys chosen walk-forward")
        for sentence in outcome.choice.verdict():
            say(out, sentence)
    from hedgerow.study.overlays.further_tables import use_of_budget

    for name, use in use_of_budget(outcome).items():
        share = use.set_axis(use.index.astype(str), axis=0)["share"].rename("largest use of the budget").to_frame()
        say_table(out, share.rename_axis("year").map("{:.1%}".format), f"{name}: several hedges, under one budget")


def figures_shown(table: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Return figures without their intervals, under heads that are short."""
    from hedgerow.study.overlays.tables import CAPTURES, COSTS, PROTECTION, shown

    heads, forms = {**COLUMNS, **FURTHER}, COSTS | PROTECTION | CAPTURES
    bare = table[[name for name in table.columns if not str(name).endswith(("_low", "_high"))]]
    return shown(bare, {name: (heads[name], forms[name][1]) for name in names})


def claim_tables(outcome: OverlayStudyOutcome) -> dict[str, pd.DataFrame]:
    """Return claims by the title of their table; notes are left to the report."""
    from hedgerow.study.overlays.claim_tables import claims, usual_claims

    found = {}
    if len(outcome.claims):
        found["claimed against measured"] = claims(outcome).drop(columns="note")
    if outcome.usual_claims is not None:
        found["usual claims, measured"] = usual_claims(outcome.usual_claims)[["claimed", "measured", "holds"]]
    return found


def say_table(out: Console, table: pd.DataFrame, title: str) -> None:
    """Print a small table under its title."""
    out.print(visible(title), markup=False)  # a table's own title would be wrapped at the table's width
    out.print(plain_table(table))


def say(out: Console, sentence: str) -> None:
    """Print a sentence as it is."""
    out.print(visible(sentence), markup=False, soft_wrap=True)
