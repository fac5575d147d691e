"""What a comparison of tail hedges says, and its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.compare.overlays.pictures import FIGURES, comparison_picture, require_figure
from hedgerow.compare.overlays.plan import NO_HEDGE
from hedgerow.compare.overlays.revalued import payoff_fan
from hedgerow.compare.overlays.verdict import money, number, percent
from hedgerow.errors import InputError, did_you_mean

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
    said += "" if pd.isna(offset) else f", offset {percent(offset, 1)} of the losses in crises"
    said += "" if pd.isna(gain) else f", and would gain {percent(gain, 1)} of the portfolio in a sudden fall of 20 %"
    return f"{said}."


def _figure(column: str, value: float) -> str:
    return percent(value, 1) if column == "offset" else f"{value:.2f}"


def tail_picture(tail: TailComparison, name: str, hedge: str | None = None) -> Figure:
    """Return one figure of a comparison of tail hedges; InputError where there is none of that name."""
    known = ("payoff_fan", "convexity_map", "by_bleed", "multiplier", *FIGURES)
    require_figure(name, known, "a comparison of tail hedges")
    if name in ("payoff_fan", "by_bleed"):
        return _fan(tail) if name == "payoff_fan" else bleed_picture(tail, tail.by_bleed())
    return _map(tail, hedge) if name == "convexity_map" else comparison_picture(tail.comparison, name, hedge)


def _fan(tail: TailComparison) -> Figure:
    from hedgerow.report.tail_figures import payoff_fan_figure

    bleed = {str(name): float(value) for name, value in tail.table()["bleed_per_year"].items()}
    title = "What a sudden fall pays, for a bleed of 1 % of the portfolio a year"
    return payoff_fan_figure(payoff_fan(tail.convexity(), bleed), stamp=tail.stamp, title=title)


def bleed_picture(tail: TailComparison, by_bleed: pd.DataFrame) -> Figure:
    """Return the picture of what each bleed buys, of a table of :meth:`.TailComparison.by_bleed`."""
    from hedgerow.report.tail_figures import protection_by_bleed_figure

    cuts = by_bleed["cvar_cut"].unstack("plan").reindex(columns=list(tail.hedges)).dropna(axis=1, how="all")
    if cuts.empty:
        raise InputError("no hedge bleeds outside crises, so that there is no size by its bleed")
    return protection_by_bleed_figure(cuts.sort_index(), stamp=tail.stamp)


def _map(tail: TailComparison, hedge: str | None) -> Figure:
    from hedgerow.report.tail_figures import convexity_map_figure

    chosen = tail.hedges[0] if hedge is None else hedge
    if chosen not in tail.hedges:
        raise InputError(f"there is no hedge {chosen!r}{did_you_mean(chosen, tail.hedges)}")
    maps = tail.convexity()
    gains = maps[maps["hedge"] == chosen].pivot(index="vix_points", columns="spot_change", values="gain")
    if gains.isna().to_numpy().all():
        raise InputError(f"{chosen!r} has no convexity map: it has no repricing under a shock of spot and volatility")
    return convexity_map_figure(gains, stamp=tail.stamp, title=f"{chosen}: gain when index and VIX move at once")
