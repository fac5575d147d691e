"""How the outcome of a rate study reads in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.report import plain_table, visible

if TYPE_CHECKING:
    from rich.console import Console

    from hedgerow.study.rates.run import RateOutcome


def print_rates(outcome: RateOutcome, out: Console) -> None:
    """Print bonds, futures with the trade to do, what is left at each node, warnings and the verdict."""
    bonds = {"face": ",.0f", "clean_price": ".3f", "yield": ".3%", "spread": ".3%", "dv01": ",.0f"}
    futures = {
        "price": ".3f",
        "conversion_factor": ".4f",
        "implied_repo": ".2%",
        "dv01": ",.2f",
        "exact_contracts": ",.2f",
        "contracts": ",.6g",
    }
    out.print(plain_table(outcome.bond_table, title=f"bonds held, {outcome.study.at}", formats=bonds))
    out.print(plain_table(outcome.future_table, title="futures (contracts: negative = sell)", formats=futures))
    nodes = dict.fromkeys(outcome.hedge.key_rates.columns, ",.0f")
    out.print(plain_table(outcome.hedge.key_rates, title="money lost per basis point, by node", formats=nodes))
    out.print(visible(f"curve: {outcome.curve_source}"), markup=False, soft_wrap=True)
    for sentence in outcome.warnings:
        out.print(visible(f"! {sentence}"), markup=False, soft_wrap=True)
    out.print(visible(outcome.verdict), markup=False, soft_wrap=True, style="bold")
