"""How hedged books read in a terminal: results with their errors, attribution, claims, frontiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.cli.ratio_text import _line, _print_warnings
from hedgerow.report import plain_table

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from hedgerow.study import FrontierOutcome, HedgeOutcome

MONEY = ",.2f"


def print_hedged(outcome: HedgeOutcome, out: Console) -> None:
    """Print the result, the attribution, years, claims, warnings and the verdict of a simulation or replay."""
    from hedgerow.study.hedging.report import result_table, subtitle

    _line(out, f"{', '.join(outcome.book.columns.names)}: {subtitle(outcome)}")
    shown = result_table(outcome)
    out.print(plain_table(shown.frame, title="result", formats=shown.formats))
    attribution = outcome.result.attribution()
    attribution = attribution[["mean"]] if outcome.result.n_paths == 1 else attribution
    forms = dict.fromkeys(map(str, attribution.columns), MONEY)
    out.print(plain_table(attribution, title="where the profit comes from", formats=forms))
    if outcome.by_year is not None:
        years = dict.fromkeys(map(str, outcome.by_year.columns), ",.0f")
        out.print(plain_table(outcome.by_year, title="by year", formats=years))
    if len(outcome.claims):
        claims = outcome.claims.drop(columns="note")
        forms = dict.fromkeys(map(str, claims.columns), ",.6g")
        out.print(plain_table(claims, title="claimed against measured", formats=forms))
    _print_warnings(outcome.warnings, out)
    _line(out, outcome.verdict, style="bold")


def print_frontier(outcome: FrontierOutcome, out: Console) -> None:
    """Print every policy by cost and risk, warnings and the verdict."""
    table = outcome.shown
    pairs = zip(table["risk"], table["risk error"], strict=True)
    table["risk"] = [f"{value:,.2f} ± {error:,.2f}" for value, error in pairs]
    table = table.rename(columns={"trades per day": "a day"})
    table = table.rename(index=dict(zip(table.index, _starred(table), strict=True)))
    table = table[["cost", "risk", "mean", "cvar", "a day", "break even"]]
    forms = {"cost": MONEY, "mean": MONEY, "cvar": MONEY, "a day": ",.2f", "break even": ".1%"}
    out.print(plain_table(table, title="policies on the same paths, by risk (standard deviation)", formats=forms))
    _line(out, "* efficient: none is as cheap and as safe. A day: trades. Break even: realised volatility of mean 0.")
    _print_warnings(outcome.warnings, out)
    _line(out, outcome.verdict, style="bold")


def _starred(table: pd.DataFrame) -> list[str]:
    marks = ["*" if each else "" for each in table["efficient"]]
    return [f"{name}{mark}" for name, mark in zip(table.index, marks, strict=True)]
