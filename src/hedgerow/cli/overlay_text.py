"""How one overlay reads in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.report import plain_table, visible

if TYPE_CHECKING:
    from rich.console import Console

    from hedgerow.study.one_overlay.run import OverlayOutcome


def print_overlay(outcome: OverlayOutcome, out: Console) -> None:
    """Print figures, days by multiplier, notes and what to do today."""
    from hedgerow.overlays import rule_in_words
    from hedgerow.study.one_overlay.report import SHARES, figure_table
    from hedgerow.study.one_overlay.summary import ranges

    dates = outcome.dates
    rows = "1 row" if len(dates) == 1 else f"{len(dates):,} rows"
    out.print(visible(f"{rule_in_words(outcome.rule)}; {rows} {dates[0].date()} to {dates[-1].date()}"), markup=False)
    out.print(plain_table(figure_table(outcome)))
    days = ranges(outcome.multiplier.to_numpy())[["days", "share"]]
    out.print(plain_table(days, title="days by multiplier decided", formats=SHARES))
    for sentence in outcome.warnings:
        out.print(visible(f"! {sentence}"), markup=False, soft_wrap=True)
    out.print(visible(outcome.verdict), markup=False, style="bold", soft_wrap=True)
