"""How the outcome of a study on options reads in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.report import plain_table, visible

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from hedgerow.study.price.option_book import BookOutcome
    from hedgerow.study.price.option_list import OptionListOutcome
    from hedgerow.study.price.option_price import OptionOutcome

MOST_ROWS = 40
MONEY = {
    "value": ("value", ",.2f"),
    "dollar_delta": ("$ delta", ",.2f"),
    "dollar_gamma_per_percent": ("$ gamma/1 %", ",.2f"),
    "vega_per_point": ("vega/point", ",.2f"),
    "theta_per_calendar_day": ("theta/day", ",.2f"),
}
"""Figures in money that a terminal has room for: head and format."""


def print_price_outcome(outcome: OptionOutcome | OptionListOutcome | BookOutcome, out: Console) -> None:
    """Print the outcome of a price study of any form."""
    kind = type(outcome).__name__
    if kind == "OptionOutcome":
        print_option_outcome(outcome, out)  # type: ignore[arg-type]
    elif kind == "OptionListOutcome":
        _print_list(outcome, out)  # type: ignore[arg-type]
    else:
        _print_book(outcome, out)  # type: ignore[arg-type]


def _print_list(outcome: OptionListOutcome, out: Console) -> None:
    names = [name for name in ("kind", "spot", "strike", "years", "vol") if name in outcome.options]
    table = outcome.table[[*names, "price", "delta", "gamma", "vega", "theta"]]
    title = f"{len(table):,} options; raw: vega per 1.00, theta per year"
    out.print(plain_table(table.head(MOST_ROWS), title=title))
    if len(table) > MOST_ROWS:
        out.print(f"... and {len(table) - MOST_ROWS:,} more: see --json, --out or --report", markup=False)
    _print_end(outcome, out)


def _print_book(outcome: BookOutcome, out: Console) -> None:
    for by, title in (("underlying", "by underlying, in money"), ("expiry", "by expiry, in money")):
        table = outcome.greeks.in_money(by)
        out.print(plain_table(_in_money(table), title=title, formats=dict(MONEY.values())))
    for days in outcome.scenarios.days:
        when = f"after {days:g} calendar days" if days else "at once"
        matrix = outcome.scenarios.table(float(days))
        matrix = matrix.set_axis([f"vol {100 * move:+.3g}" for move in matrix.columns], axis=1)
        matrix.index = [f"{move:+.1%}" for move in matrix.index]
        title = f"profit when spot and volatility move {when}"
        out.print(plain_table(matrix.rename_axis("spot"), title=title, formats=dict.fromkeys(matrix.columns, ",.0f")))
    _print_stress(outcome, out)
    _print_end(outcome, out)


def _print_stress(outcome: BookOutcome, out: Console) -> None:
    """Print the worst cell at each correlation and the named scenarios, where there is a stress."""
    if outcome.stress is None:
        return
    forms = {"spot_move": "+.1%", "vol_move": "+.3f", "correlation": "g", "days": "g", "profit": ",.0f"}
    if len(outcome.stress.correlations) > 1:
        worst = outcome.stress.by_correlation()
        worst.index = [f"{each:g}" for each in worst.index]
        title = f"worst cell by correlation with {outcome.stress.driver}"
        out.print(plain_table(worst.rename_axis("correlation"), title=title, formats=forms))
    out.print(plain_table(outcome.stress.named, title="named scenarios", formats=forms))


def _in_money(table: pd.DataFrame) -> pd.DataFrame:
    shown = table[list(MONEY)].rename(columns={name: head for name, (head, _) in MONEY.items()})
    shown.index = [", ".join(map(_key, key if isinstance(key, tuple) else (key,))) for key in table.index]
    return shown.rename_axis("")


def _key(value: object) -> str:
    text = str(value)
    return text.removesuffix(" 00:00:00")


def _print_end(outcome: OptionListOutcome | BookOutcome, out: Console) -> None:
    for sentence in outcome.warnings:
        out.print(visible(f"! {sentence}"), markup=False)
    out.print(visible(outcome.verdict), markup=False, style="bold")


def print_option_outcome(outcome: OptionOutcome, out: Console) -> None:
    """Print price and Greeks, warnings and the verdict."""
    words = ", ".join(f"{name} {value}" for name, value in outcome.study.arguments().items())
    out.print(visible(f"{outcome.study.model}: {words}"), markup=False)
    shown = outcome.table.assign(value=[f"{value:,.10g}" for value in outcome.table["value"]])
    out.print(plain_table(shown, formats={"quoted": ",.6g"}))
    for sentence in outcome.warnings:
        out.print(visible(f"! {sentence}"), markup=False)
    out.print(visible(outcome.verdict), markup=False, style="bold")
