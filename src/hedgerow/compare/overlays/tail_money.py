"""What tail hedges rest on and what they use up: marks without a quote of the day, and money spent of a budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.compare.overlays.diversified import Plan, parts_of
from hedgerow.programmes import HedgeProgramme
from hedgerow.programmes.marks import Marks, held_after

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.compare.overlays.runs import Hedge

MARKED = ("marked_by_model", "stale_quotes")


def marked(comparison: OverlayComparison, name: str) -> dict[str, float]:
    """Return the share of days on which a hedge was marked otherwise than by a quote of the day.

    Of the judged dates after whose close the account held anything: ``marked_by_model`` is the share on which at least
    one of its contracts had no quote and was priced by a model, ``stale_quotes`` the share on which at least one was
    marked from a quote of an earlier date. Both may hold on one day, as for an option on a future that was not quoted.
    Where no option was quoted at all ``marked_by_model`` is 1; swaps struck at a volatility index count as modelled,
    for the index is quoted and the swap is not. NaN where nothing was ever held.
    """
    result, plan = comparison.results[name], comparison.plans[name]
    n_dates = len(result.dates)
    held, by_model, stale = (np.zeros(n_dates, dtype=bool) for _ in range(3))
    for part, own in zip(parts_of(plan), result.account.held, strict=True):
        marks = _marks(comparison, part.hedge)
        owned = (np.asarray(own) != 0.0) & held_after(comparison.setting.priced_hedge(part.hedge))
        held |= owned
        by_model |= owned & marks.by_model
        stale |= owned & marks.stale
    last = slice(n_dates - len(comparison.period.dates), None)
    days = int(held[last].sum())
    shares = (float(each[last].sum()) / days if days else float("nan") for each in (by_model, stale))
    return dict(zip(MARKED, shares, strict=True))


def _marks(comparison: OverlayComparison, hedge: Hedge) -> Marks:
    priced = comparison.setting.priced_hedge(hedge)
    programme = hedge if isinstance(hedge, HedgeProgramme) else priced.source
    if isinstance(programme, HedgeProgramme):
        return programme.marks(comparison.setting.market, priced)
    return Marks.of(priced)


def spent_per_year(comparison: OverlayComparison, name: str) -> float:
    """Return the money that a hedge spent in a calendar year of what a budget counts, as a share of the portfolio.

    Of each calendar year: premium and costs of options bought, and the loss at the year's end of swaps, futures and
    options sold (0 where they gained); over the portfolio at the year's first date. The mean over the calendar years
    of the run: one of which it has but a part counts as one, for it has a budget of its own, so that without a breach
    the figure never exceeds the budget. Premium that a sale or an expiry brought back is not taken off: it was spent
    first. NaN for a run of one date.
    """
    result = comparison.results[name]
    use = result.budget_use
    first = pd.Series(result.unhedged_wealth.to_numpy(), result.dates.year).groupby(level=0).first()
    share = (use["premium and costs"] + use["loss"]).to_numpy() / first.to_numpy()
    return float(share.mean()) if len(result.dates) > 1 else float("nan")


def hedge_figures(comparison: OverlayComparison, plans: dict[str, Plan]) -> pd.DataFrame:
    """Return ``spent_per_year``, ``marked_by_model`` and ``stale_quotes`` of every hedge, by its name."""
    rows = {name: {"spent_per_year": spent_per_year(comparison, name)} | marked(comparison, name) for name in plans}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("plan")
