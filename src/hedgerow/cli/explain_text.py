"""How an explanation reads in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgerow.report import plain_table, visible

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from hedgerow.study.explain.run import ExplainOutcome

MOST_ROWS = 20
KEPT = ("delta", "gamma", "theta", "vega", "carry", "spot", "volatility level", "skew and term")
"""Parts of a position that a terminal has room for; the rest is added up."""
SHORT = {"volatility level": "vol level", "skew and term": "skew"}
"""Heads that a terminal has room for."""


def print_explained(outcome: ExplainOutcome, out: Console) -> None:
    """Print prediction beside revaluation, positions, moves, history, warnings and the verdict."""
    from hedgerow.study.explain.report import MOVES, moves_table, residual_table, subtitle
    from hedgerow.study.explain.sentences import event_sentence, history_sentence
    from hedgerow.study.explain.tables import MONEY, beside

    _line(out, subtitle(outcome))
    _line(out, f"order of moves: {', '.join(outcome.explained.order)}")
    forms = dict.fromkeys(("predicted", "revalued"), MONEY)
    out.print(plain_table(beside(outcome.explained), title=f"the book, {outcome.currency}", formats=forms))
    forms = dict.fromkeys(("pnl", "explained", "residual"), MONEY) | {"share of profit": ".2%"}
    out.print(plain_table(residual_table(outcome), title="what is left", formats=forms))
    _print_positions(outcome, "predict", out)
    _print_positions(outcome, "explain", out)
    title = "moves and break-even moves"
    moves = moves_table(outcome).drop(columns=["gamma", "theta", "net"])
    out.print(plain_table(moves, title=title, formats=dict(MOVES.values())))
    for sentence in (history_sentence(outcome), event_sentence(outcome)):
        if sentence:
            _line(out, sentence)
    for sentence in outcome.warnings:
        _line(out, f"! {sentence}")
    _line(out, outcome.verdict, style="bold")


def _print_positions(outcome: ExplainOutcome, which: str, out: Console) -> None:
    from hedgerow.study.explain.tables import MONEY, by_position

    table = _narrowed(by_position(outcome, which)).rename(columns=SHORT)
    money = ",.0f" if float(table["total"].abs().max()) >= 1000.0 else MONEY
    title = "by position, predicted" if which == "predict" else "by position, revalued"
    out.print(plain_table(table.head(MOST_ROWS), title=title, formats=dict.fromkeys(map(str, table.columns), money)))
    if len(table) > MOST_ROWS:
        _line(out, f"... and {len(table) - MOST_ROWS:,} more: see --json or --report")


def _narrowed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the parts that are kept, the others added up, what is left and the total."""
    last = [name for name in ("unexplained", "total") if name in table.columns]
    parts = table.drop(columns=last)
    kept = [name for name in parts.columns if name in KEPT]
    return parts[kept].assign(others=parts.drop(columns=kept).sum(axis=1)).join(table[last])


def _line(out: Console, text: str, style: str = "") -> None:
    out.print(visible(text), markup=False, soft_wrap=True, style=style)
