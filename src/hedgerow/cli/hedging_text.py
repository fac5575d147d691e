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
YEAR_PARTS = ("gamma", "theta", "vega", "delta and hedge", "costs")
"""Parts of a year that a terminal has room for."""


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
        years = narrow(outcome.by_year)
        out.print(plain_table(years, title="by year", formats=dict.fromkeys(map(str, years.columns), ",.0f")))
    if outcome.exits is not None and len(outcome.exits):
        last = outcome.exits.iloc[-1]
        where = "" if outcome.is_replay else " on the first path"
        _line(
            out,
            f"{len(outcome.exits):,} exits{where}, the last decided on {last['decided']:%Y-%m-%d}: {last['reason']}.",
        )
    if len(outcome.claims):
        claims = outcome.claims.drop(columns="note")
        forms = dict.fromkeys(map(str, claims.columns), ",.6g")
        out.print(plain_table(claims, title="claimed against measured", formats=forms))
    _print_warnings(outcome.warnings, out)
    _line(out, outcome.verdict, style="bold")


def narrow(years: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of each year that fit 80 columns; what is left out is added up as ``other``.

    Parameters
    ----------
    years : DataFrame, a row per year
        Parts and their ``total``, money.
    """
    shown = [name for name in YEAR_PARTS if name in years.columns]
    rest = years.drop(columns=[*shown, "total"], errors="ignore")
    table = years[shown].assign(other=rest.sum(axis=1)) if len(rest.columns) else years[shown]
    return table.assign(total=years["total"])


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
