"""Hedges made to cost the same in quiet times, so that what is left to compare is protection.

The size of a base hedge is its author's choice, and a small one always looks cheap. Every base is scaled by one number
so that its bleed a year (what it costs outside crises) equals that of the first plan's static hedge, or one that is
asked for; hedges held together are scaled alike. An account without a budget and with fractions of contracts is linear
in it; any other is run again until it bleeds as much, or as near as its budget lets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow.compare.overlays.diversified import budget_of
from hedgerow.compare.overlays.measures import draw_figures, figures_of
from hedgerow.compare.overlays.plan import NO_HEDGE
from hedgerow.compare.overlays.record import HedgeRecord
from hedgerow.errors import DataError

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison

LINEAR, AGAIN = "scaled", "run again"
CLOSE = 1e-6
"""Relative difference from the wanted bleed at which running again ends."""
TRIES = 12
LARGEST_SCALE = 1e3


def equal_cost_table(comparison: OverlayComparison, bleed: float | None = None) -> pd.DataFrame:
    """Return the figures of every account at one bleed a year: that of the first static hedge unless one is given.

    Parameters
    ----------
    comparison : OverlayComparison
    bleed : float, optional
        Share of the portfolio a year, above 0.

    Returns
    -------
    pandas.DataFrame
        As :meth:`OverlayComparison.table`, after ``scale`` (times the base hedge) and ``scaling`` ("scaled", "run
        again", or why there is none: then all figures are NaN). The account without a hedge is left out.
    """
    from hedgerow.compare.overlays.comparison import figure_table

    reference = next(iter(comparison.static.values()))
    own = figures_of(comparison.records[reference], comparison.judging.level)["bleed_per_year"]
    wanted = own if bleed is None else bleed
    scaled = {name: _scaled(comparison, name, wanted) for name in comparison.records if name != NO_HEDGE}
    kept = {name: record for name, (record, _scale, _words) in scaled.items() if record is not None}
    bootstrap = comparison.judging.bootstrap
    draws = draw_figures(kept, bootstrap) if kept and bootstrap is not None else None
    static = {name: reference if reference in kept else name for name in kept}
    table = figure_table(kept, static, draws, comparison.judging.level) if kept else comparison.table().iloc[:0]
    table = table.reindex(pd.Index(scaled, name="plan"))
    table["sample"] = comparison.judging.sample
    table.insert(0, "scale", [scale for _record, scale, _words in scaled.values()])
    table.insert(1, "scaling", [words for _record, _scale, words in scaled.values()])
    return table


def _scaled(comparison: OverlayComparison, name: str, wanted: float) -> tuple[HedgeRecord | None, float, str]:
    record = comparison.records[name]
    bleed = figures_of(record, comparison.judging.level)["bleed_per_year"]
    if not wanted > 0.0:
        return None, float("nan"), "the static hedge earned money outside crises, which no scale can equal"
    if not bleed > 0.0:
        return None, float("nan"), "it earned money outside crises, which no scale makes a cost"
    if wanted / bleed > LARGEST_SCALE:
        return None, float("nan"), f"it would have to be more than {LARGEST_SCALE:g} times as large"
    try:
        if _is_linear(comparison, name):
            return record.scaled(wanted / bleed), wanted / bleed, LINEAR
        return _run_again(comparison, name, wanted, wanted / bleed)
    except DataError:
        return None, float("nan"), "so large a hedge uses up the account"


def _is_linear(comparison: OverlayComparison, name: str) -> bool:
    return comparison.setting.options.whole_contracts is None and budget_of(comparison.plan_of(name)) is None


def _run_again(
    comparison: OverlayComparison, name: str, wanted: float, scale: float
) -> tuple[HedgeRecord | None, float, str]:
    """Return the account of the scale whose bleed is nearest to the one wanted, of those tried."""
    plan = comparison.plan_of(name)
    best: tuple[float, HedgeRecord, float] | None = None
    for _ in range(TRIES):
        record = comparison.record_of(comparison.setting.run(plan, scale))
        bleed = figures_of(record, comparison.judging.level)["bleed_per_year"]
        if best is None or abs(bleed - wanted) < best[0]:
            best = (abs(bleed - wanted), record, scale)
        if abs(bleed - wanted) <= CLOSE * wanted or not bleed > 0.0 or scale > LARGEST_SCALE:
            break
        scale *= wanted / bleed
    if best is None:
        return None, float("nan"), "no scale was tried"
    off, record, scale = best
    reached = figures_of(record, comparison.judging.level)["bleed_per_year"]
    words = AGAIN if off <= 1e-3 * wanted else f"{AGAIN}: it bleeds {reached:.4%} a year, not {wanted:.4%}"
    return record, scale, words
