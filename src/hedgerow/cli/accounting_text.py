"""How a hedge accounting document reads in a terminal: criteria, offsets, ineffectiveness, conclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.report import plain_table, visible

if TYPE_CHECKING:
    from rich.console import Console

    from hedgerow.study.accounting.run import AccountingOutcome


def print_accounting(outcome: AccountingOutcome, out: Console) -> None:
    """Print each framework's criteria, the offsets and the ineffectiveness per period, warnings and the verdict."""
    from hedgerow.accounting import criteria_table
    from hedgerow.study.accounting import tables

    for result in outcome.results:
        shown = criteria_table(result.criteria)[["found", "outcome", "rule or practice"]]
        out.print(plain_table(shown, title=f"{result.framework.title} on {outcome.data.as_of}"))
    if len(outcome.offsets):
        offsets = tables.offset_table(outcome)[["offset", "inside", "cumulative offset", "cumulative inside"]]
        formats = {"offset": ".1%", "cumulative offset": ".1%"}
        out.print(plain_table(offsets, title="dollar offset", formats=formats))
    for result in outcome.results:
        if result.periods:
            table = tables.period_table(outcome, result)
            shown = table[[name for name in ("instrument", "item", "effective", "profit or loss") if name in table]]
            out.print(plain_table(shown, title=f"{result.framework.title}: reserve and ineffectiveness per period"))
    for sentence in outcome.warnings:
        out.print(visible(f"! {sentence}"), markup=False, soft_wrap=True)
    out.print(visible(outcome.verdict), markup=False, style="bold", soft_wrap=True)
