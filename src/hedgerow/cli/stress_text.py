"""How the outcome of a stress study reads in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.cli.ratio_text import _line, _print_warnings
from hedgerow.report import number_text, plain_table
from hedgerow.study.stress.report import money_form

if TYPE_CHECKING:
    from rich.console import Console

    from hedgerow.study import StressOutcome


def print_stress(outcome: StressOutcome, out: Console) -> None:
    """Print losses by scenario, contingency, margin, warnings and the verdict."""
    test, data = outcome.test, outcome.data
    ratio = number_text(test.position.ratio, ".4f")
    hedges = ", ".join(data.hedges)
    _line(out, f"{data.exposure} hedged with {hedges} at {ratio} ({outcome.method}), as of {test.as_of.date()}")
    title = f"losses in money, {test.options.sigmas:g} standard deviations where no price moves; gains negative"
    out.print(plain_table(_losses(outcome), title=title))
    if outcome.stops is not None:
        _line(out, _stop_sentence(outcome))
    if outcome.knock_in is not None:
        plan = outcome.knock_in
        kind = f"{plan.barrier_kind} {plan.kind} on {plan.terms.instrument} at {plan.terms.barrier:g}"
        _line(out, f"{kind} costs {number_text(plan.cost)}, without a barrier {number_text(plan.plain_cost)}")
    if outcome.margin is not None:
        form = money_form(outcome)
        table = outcome.margin.table
        out.print(plain_table(table, title="margin and cash", formats=dict.fromkeys(map(str, table.columns), form)))
        if outcome.margin.capital_aware is not None:
            ratio = number_text(outcome.margin.capital_aware, ".4f")
            _line(out, f"Weighing variance against the cost of margin and buffer, the ratio is {ratio}")
    _print_warnings(outcome.warnings, out)
    _line(out, outcome.verdict, style="bold")


def _losses(outcome: StressOutcome) -> pd.DataFrame:
    form = money_form(outcome)
    rows = {}
    for result in outcome.test.results:
        rows[result.scenario.name] = {
            "without": number_text(result.unhedged.loss, form),
            "with": number_text(result.hedged.loss, form),
            "variance red.": number_text(result.variance_reduction, ".3f"),
            "right ratio": number_text(result.emergency_ratio, ".3f"),
        }
        if result.emergency_contracts is not None:
            rows[result.scenario.name]["contracts"] = number_text(result.emergency_contracts, ",.1f")
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario")


def _stop_sentence(outcome: StressOutcome) -> str:
    stops = outcome.stops
    assert stops is not None  # noqa: S101  (the caller has looked)
    hedges = ", ".join(
        f"{name} at {number_text(level)}" for name, level in zip(outcome.data.hedges, stops.hedges, strict=True)
    )
    return (
        f"A loss of {number_text(stops.loss)} is reached with {outcome.data.exposure} at "
        f"{number_text(stops.exposure_alone)} (hedge standing still), at {number_text(stops.exposure_hedged)} "
        f"(following), or by the hedge alone with {hedges}"
    )
