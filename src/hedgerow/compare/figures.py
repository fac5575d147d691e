"""The figures that a race of methods offers by name; plotly is imported when one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from hedgerow.compare.comparison import Comparison

LONGEST_WINDOW = 250
"""Rows of a rolling effectiveness; fewer, a quarter of those judged, where there are not 1,000."""


def comparison_figure(comparison: Comparison, name: str) -> Figure:
    """Return one figure of a race.

    Parameters
    ----------
    comparison : Comparison
    name : str
        One of ``FIGURES``.

    Raises
    ------
    InputError
        Where there is no such figure.
    """
    if name not in FIGURES:
        raise InputError(
            f"there is no figure {name!r}{did_you_mean(name, FIGURES)} (a comparison offers {', '.join(FIGURES)})"
        )
    return FIGURES[name](comparison)


def _hedge_ratio(comparison: Comparison) -> Figure:
    from hedgerow.report import hedge_ratio_figure

    hedges = comparison.market.hedges
    names = [m if len(hedges) == 1 else f"{m}: {hedge}" for m, hedge in product(comparison.methods, hedges)]
    return hedge_ratio_figure(comparison.ratio_paths().set_axis(names, axis=1))


def _cumulative(comparison: Comparison) -> Figure:
    from hedgerow.report import cumulative_figure

    return cumulative_figure(pd.concat([comparison.unhedged, comparison.hedged], axis=1))


def _rolling_effectiveness(comparison: Comparison) -> Figure:
    from hedgerow.report import rolling_effectiveness_figure

    window = max(2, min(LONGEST_WINDOW, len(comparison.times) // 4))
    return rolling_effectiveness_figure(comparison.unhedged, comparison.hedged, window=window)


def _cost_reduction(comparison: Comparison) -> Figure:
    from hedgerow.report import cost_reduction_figure

    return cost_reduction_figure(comparison.table[["cost", "variance_reduction", "low", "high"]])


def _ranking(comparison: Comparison) -> Figure:
    from hedgerow.report import ranking_figure

    return ranking_figure(_with_set(comparison), level=comparison.judging.set_level)


def _cost_benefit(comparison: Comparison) -> Figure:
    from hedgerow.report import cost_benefit_figure

    return cost_benefit_figure(_with_set(comparison))


def _with_set(comparison: Comparison) -> pd.DataFrame:
    columns = ["variance_reduction", "low", "high", "turnover", "cost"]
    return comparison.table[columns].assign(in_confidence_set=comparison.confidence_set.included)


FIGURES: dict[str, Callable[[Comparison], Figure]] = {
    "hedge_ratio": _hedge_ratio,
    "cumulative": _cumulative,
    "rolling_effectiveness": _rolling_effectiveness,
    "cost_reduction": _cost_reduction,
    "ratio_paths": _hedge_ratio,
    "ranking": _ranking,
    "cost_benefit": _cost_benefit,
}
"""Figure by name."""
