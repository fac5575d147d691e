"""What a comparison of tail hedges says, and its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.compare.overlays.pictures import FIGURES, comparison_picture, require_figure
from hedgerow.compare.overlays.plan import NO_HEDGE
from hedgerow.compare.overlays.verdict import money, number, percent

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare.overlays.tail import TailComparison


def tail_sentences(tail: TailComparison) -> tuple[str, ...]:
    """Return a sentence per hedge, one on which is best by which measure, and what was modelled."""
    table = tail.table()
    said = [_one(name, table) for name in tail.hedges]
    rows = table.drop(index=NO_HEDGE)
    for column, words in (
        ("convexity_20", "A sudden fall of 20 % pays most years of bleed"),
        ("cvar_cut_per_cost", "CVaR is cut most per cost"),
        ("offset", "The largest part of the losses in all crises together was offset"),
    ):
        best = rows[column].dropna().sort_values()
        if len(best) and best.iloc[-1] > 0.0:
            said.append(f"{words} with {best.index[-1]} ({_figure(column, float(best.iloc[-1]))}).")
    said.append(f"Judged: {tail.comparison.judged}.")
    return (*said, f"{tail.stamp[0].upper()}{tail.stamp[1:]}.") if tail.stamp else tuple(said)


def _one(name: str, table: pd.DataFrame) -> str:
    offset, gain = number(table, name, "offset"), number(table, name, "gain_20")
    bleed = number(table, name, "bleed_per_year")
    said = f"{name} {money(number(table, name, 'cost_per_year'))}"
    said += f", {'bled' if bleed >= 0.0 else 'earned'} {percent(abs(bleed))} a year outside crises"
    said += "" if pd.isna(offset) else f", offset {percent(offset, 0)} of the losses in crises"
    said += "" if pd.isna(gain) else f", and would gain {percent(gain, 1)} of the portfolio in a sudden fall of 20 %"
    return f"{said}."


def _figure(column: str, value: float) -> str:
    return percent(value, 0) if column == "offset" else f"{value:.2f}"


def tail_picture(tail: TailComparison, name: str) -> Figure:
    """Return one figure of a comparison of tail hedges; InputError where there is none of that name."""
    require_figure(name, ("payoff_fan", "multiplier", *FIGURES), "a comparison of tail hedges")
    if name != "payoff_fan":
        return comparison_picture(tail.comparison, name)
    from hedgerow.report.overlay_figures import payoff_fan_figure

    payoffs = tail.payoffs()
    wide = payoffs.pivot(index="spot_change", columns="hedge", values="gain").sort_index(ascending=False)
    per_bleed = payoffs.pivot(index="spot_change", columns="hedge", values="years_of_bleed").reindex(wide.index)
    scaled = wide.where(per_bleed.isna(), per_bleed / 100.0)[list(tail.hedges)]
    scaled = scaled.loc[:, per_bleed[list(tail.hedges)].notna().all()]
    title = "What a sudden fall pays, for a bleed of 1 % of the portfolio a year"
    return payoff_fan_figure(scaled, stamp=tail.stamp, title=title)
