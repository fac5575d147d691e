"""What a choice of parameters says, and its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from hedgerow.compare.overlays.pictures import multiplier_of, require_figure
from hedgerow.compare.overlays.plan import NO_HEDGE, STATIC, TRAIN
from hedgerow.compare.overlays.verdict import money, number, percent

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare.overlays.choice import OverlayChoice

CHOSEN, HINDSIGHT = "walked forward", "best in hindsight"
FIGURES = ("sensitivity", "multiplier", "cost_and_gain", "drawdowns")


def choice_sentences(choice: OverlayChoice) -> tuple[str, ...]:
    """Return what came of the choice out of sample, what hindsight would have shown, and how far to believe it."""
    table = choice.table()
    cost, static, best = (number(table, name, "cost_per_year") for name in (CHOSEN, STATIC, HINDSIGHT))
    tail, bare, reached = (number(table, name, "cvar") for name in (CHOSEN, NO_HEDGE, HINDSIGHT))
    first, last = choice.records[CHOSEN].period.all_dates[[0, -1]]
    said = [
        f"Chosen on the past only, walk-forward from {first:%Y-%m-%d} to {last:%Y-%m-%d} at lag "
        f"{choice.setting.options.lag}: the hedge {money(cost)}, the static hedge {money(static)}; CVaR went from "
        f"{percent(bare)} to {percent(tail)} a day.",
        f"The set that is best in hindsight, which nobody could have known, {money(best)} and left {percent(reached)}.",
        f"{choice.chosen['set'].nunique()} of {len(choice.plans)} sets were chosen in {len(choice.refits)} choices.",
    ]
    if choice.deflated_sharpe is not None:
        said.append(
            "The best Sharpe ratio in sample of what a set adds to the portfolio has a deflated probability of "
            f"{choice.deflated_sharpe.deflated:.3f}."
        )
    if choice.overfitting is not None:
        said.append(
            f"The set that is best on half of the steps is in the worse half on the rest with probability "
            f"{percent(choice.overfitting.probability, 0)}."
        )
    return tuple(said)


def choice_picture(choice: OverlayChoice, name: str, **keys: Any) -> Figure:
    """Return one figure of a choice; InputError where there is none of that name."""
    from hedgerow.report import heat_map_figure
    from hedgerow.report.overlay_figures import cost_and_gain_figure, drawdown_figure

    require_figure(name, FIGURES, "a choice of parameters")
    result = choice.result
    stamp = f"synthetic: {'; '.join(result.synthetic)}" if result.synthetic else ""
    if name == "sensitivity":
        table = choice.sensitivity(**keys)
        sample = "train (before the first choice)" if table.attrs["sample"] == TRAIN else "test (after it)"
        return heat_map_figure(
            table.set_axis(table.index.astype(str)).set_axis(table.columns.astype(str), axis=1),
            x_title=str(table.columns.name),
            y_title=str(table.index.name),
            title=f"{choice.choosing.objective}, {sample}",
            diverging=False,
        )
    if name == "multiplier":
        return multiplier_of(result, "Walked forward")
    dates = choice.records[CHOSEN].period.dates
    if name == "cost_and_gain":
        pnl = {key: one.hedge_pnl for key, one in choice.records.items() if key != NO_HEDGE}
        return cost_and_gain_figure(pd.DataFrame(pnl, dates), unit=choice.setting.portfolio.currency, stamp=stamp)
    returns = {"unhedged" if key == NO_HEDGE else key: one.returns for key, one in choice.records.items()}
    return drawdown_figure((1.0 + pd.DataFrame(returns, dates)).cumprod(), stamp=stamp)
