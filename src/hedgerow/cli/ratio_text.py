"""How the outcome of a study on linear hedges reads in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.report import comparison_table, interval_text, number_text, plain_table, visible
from hedgerow.study.words import hold_text, trade_text

if TYPE_CHECKING:
    from rich.console import Console

    from hedgerow.study import CandidateOutcome, RatioOutcome

MOST_WARNINGS = 8


def print_outcome(outcome: RatioOutcome, out: Console) -> None:
    """Print the comparison, what to hold next, warnings and the verdict."""
    from hedgerow.study.ratio_uncertainty import uncertainty_sentence

    print_race(outcome, out)
    known = uncertainty_sentence(outcome, outcome.uncertainty)
    if known is not None:
        _line(out, known)
    print_sentences(outcome.warnings, outcome.advice, outcome.verdict, out)


def print_race(outcome: RatioOutcome, out: Console) -> None:
    """Print what was hedged with what, the methods ranked, and what a late trade costs."""
    data = outcome.data
    span = f"{data.history.times[0].date()} to {data.history.times[-1].date()}"
    hedges = ", ".join(data.hedges)
    _line(out, f"{data.exposure} hedged with {hedges}: {len(data.changes.values):,} changes, {span}")
    out.print(comparison_table(_frame(outcome), title=_title(outcome)))
    if outcome.lags is not None:
        late = outcome.lags.set_axis([f"lag {lag}" for lag in outcome.lags.columns], axis=1)
        formats = dict.fromkeys(late.columns, ".3f")
        out.print(plain_table(late, title="variance reduction when traded late, out of sample", formats=formats))


def print_sentences(warnings: tuple[str, ...], advice: tuple[str, ...], verdict: str, out: Console) -> None:
    """Print warnings, advice and the verdict."""
    _print_warnings(warnings, out)
    for sentence in advice:
        _line(out, sentence)
    _line(out, verdict, style="bold")


def _title(outcome: RatioOutcome) -> str:
    if outcome.comparison is None:
        return "ratio to hold next (in sample)"
    comparison, words = outcome.comparison, outcome.study.walk_forward
    return (
        f"ratio to hold next (all rows); reductions out of sample from {comparison.times[0].date()}, "
        f"net of costs, refit {words.refit}, lag {words.lag}"
    )


def _frame(outcome: RatioOutcome) -> pd.DataFrame:
    """Return one row per method, the best first."""
    rows: dict[str, dict[str, object]] = {}
    for method in outcome.methods:
        fitted = method.estimator
        rows[method.name] = {
            "hedge_ratio": fitted.hedge_ratio_,
            "standard_error": fitted.standard_error_,
            "r_squared": fitted.r_squared_,
        }
        if method.sizings is not None:
            rows[method.name] |= {"contracts": hold_text(method), "trade": trade_text(outcome, method)}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")
    if outcome.comparison is None:
        return table
    return outcome.comparison.ranked.join(table)


def _print_warnings(warnings: tuple[str, ...], out: Console) -> None:
    for sentence in warnings[:MOST_WARNINGS]:
        _line(out, f"! {sentence}")
    if len(warnings) > MOST_WARNINGS:
        _line(out, f"! and {len(warnings) - MOST_WARNINGS} more: see --json or the report")


def _line(out: Console, text: str, style: str = "") -> None:
    out.print(visible(text), markup=False, style=style)


def print_candidates(outcome: CandidateOutcome, out: Console) -> None:
    """Print the ranking of candidates, warnings and the verdict."""
    title = "candidates, each alone; reductions out of sample, net of costs"
    out.print(plain_table(_ranking(outcome.ranking.table), title=title))
    _print_warnings(outcome.warnings, out)
    _line(out, outcome.verdict, style="bold")


def _ranking(table: pd.DataFrame) -> pd.DataFrame:
    """Return the ranking as text that fits a narrow terminal; columns nobody filled are left out."""
    reductions = table[["variance_reduction", "low", "high"]].to_numpy(dtype=float)
    shown = pd.DataFrame(index=table.index)
    shown["corr."] = [number_text(value, ".3f") for value in table["correlation"]]
    shown["ratio"] = [number_text(value, ".4f") for value in table["hedge_ratio"]]
    shown["variance red."] = [interval_text(value, low, high, ".3f") for value, low, high in reductions]
    shown["cost"] = [number_text(value) for value in table["cost"]]
    if table["contracts"].notna().any():
        shown["contracts"] = [number_text(value, ",.2f") for value in table["contracts"]]
    if table["volume_share"].notna().any():
        shown["of a day's volume"] = [number_text(value, ".1%") for value in table["volume_share"]]
    return shown
