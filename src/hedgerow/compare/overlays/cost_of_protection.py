"""What each hedge costs a year against what it takes off the worst days, beside simply holding less.

The line of holding less is the account in which a share of the portfolio is sold at the start, and kept sold; a hedge
below it protects less than selling would for the same money.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.compare.overlays.measures import figures_of
from hedgerow.compare.overlays.plan import NO_HEDGE
from hedgerow.compare.overlays.rivals import holding_less, share_to_sell

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison

POINTS = 11
BEYOND = 1.15
"""How far the line goes on beyond the largest cut."""
LEAST_SOLD = 0.05
"""Share sold at the end of the line where no hedge cuts anything."""


def cost_of_protection(comparison: OverlayComparison) -> pd.DataFrame:
    """Return cost and cut of every account but that without a hedge.

    Returns
    -------
    pandas.DataFrame
        Index ``plan``: ``cost`` (share of the portfolio a year; minus what was earned), ``cut`` (CVaR of a day of the
        portfolio alone less that of the account), and ``cost_low``, ``cost_high``, ``cut_low``, ``cut_high`` under
        common draws; NaN where no intervals were asked for.
    """
    table, draws = comparison.table(), comparison.draws
    costs = {f"cost{end}": table[f"cost_per_year{end}"] for end in ("", "_low", "_high")}
    names = [name for name in comparison.records if name != NO_HEDGE]
    found = pd.DataFrame(costs).loc[names]
    found["cut"] = table["cvar"].to_dict()[NO_HEDGE] - table.loc[names, "cvar"]
    ends = [(np.nan, np.nan) if draws is None else draws.difference("cvar", NO_HEDGE, name) for name in names]
    found["cut_low"], found["cut_high"] = np.array(ends).T
    return found.rename_axis("plan")


def holding_less_line(comparison: OverlayComparison) -> pd.DataFrame:
    """Return cost and cut of selling rising shares of the portfolio, from none to past the largest cut of a hedge.

    Returns
    -------
    pandas.DataFrame
        Columns ``sold`` (share), ``cost`` (return forgone a year, a share) and ``cut``; 11 rows.
    """
    period, level = comparison.period, comparison.judging.level
    unhedged = comparison.records[NO_HEDGE]
    bare = float(figures_of(unhedged, level)["cvar"])
    largest = float(cost_of_protection(comparison)["cut"].max())
    most = share_to_sell(period.unhedged, period.cash, bare - BEYOND * largest, level) if largest > 0.0 else LEAST_SOLD
    rows = []
    for sold in np.linspace(0.0, most, POINTS):
        figures = figures_of(holding_less(unhedged, float(sold)), level)
        rows.append((float(sold), figures["cost_per_year"], bare - figures["cvar"]))
    return pd.DataFrame(rows, columns=["sold", "cost", "cut"])
