"""Every figure of an overlay study under one name each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from hedgerow.compare.overlays.comparison import OverlayComparison
    from hedgerow.programmes import OverlayMarket
    from hedgerow.study.overlays.run import OverlayStudyOutcome

LEVELS = (12, 15, 18, 20, 25, 30)
"""Levels of the volatility index of which the share of days above is a figure."""


def figures_of(outcome: OverlayStudyOutcome) -> dict[str, float]:
    """Return figures by name; NaN where the data lack a crisis or a figure has no meaning.

    Parameters
    ----------
    outcome : OverlayStudyOutcome

    Returns
    -------
    dict of str to float
        Of the market (``mean VIX in 2017``, ``share of days with VIX above 20``, ``portfolio loss in crisis 2015``)
        and, after the rule's name and a colon, of each rule (``VIX linear: cost per year``, ``: gain in year 2017``,
        ``: offset in crisis 2015``). Money, decimals and points; costs and losses positive.
    """
    found = market_figures(outcome.source.market)
    found |= crisis_losses(outcome.comparison)
    found |= comparison_figures(outcome.comparison)
    return found


def market_figures(market: OverlayMarket) -> dict[str, float]:
    """Return figures of the market alone, over all its dates and by calendar year."""
    vix = pd.Series(market.vix, market.dates)
    found = {"mean VIX": float(vix.mean()), "highest VIX": float(vix.max()), "lowest VIX": float(vix.min())}
    found |= {f"share of days with VIX above {level}": float((vix > level).mean()) for level in LEVELS}
    found["persistence of VIX, one day"] = _persistence(vix, 1)
    found["persistence of VIX, 21 days"] = _persistence(vix, 21)
    for year, values in vix.groupby(market.dates.year):
        found |= {f"mean VIX in {year}": float(values.mean()), f"highest VIX in {year}": float(values.max())}
    return found


def _persistence(values: pd.Series, days: int) -> float:
    """Return the autocorrelation at a lag; NaN where there are too few values or they do not move."""
    if len(values) <= days + 2 or not values.std() > 0.0:
        return float("nan")
    return float(values.autocorr(days))


def crisis_losses(comparison: OverlayComparison) -> dict[str, float]:
    """Return loss and fall of the portfolio in every crisis, positive; NaN where the data lack it."""
    table = comparison.crises().drop_duplicates("crisis").set_index("crisis")
    found = {f"portfolio loss in crisis {name}": float(value) for name, value in table["portfolio_loss"].items()}
    return found | {
        f"portfolio fall in crisis {name}": -float(value) for name, value in table["portfolio_return"].items()
    }


def comparison_figures(comparison: OverlayComparison) -> dict[str, float]:
    """Return figures of every account: of the table, of crises, of calendar years, and of what was held."""
    found: dict[str, float] = {}
    table = comparison.table().select_dtypes("number")
    for plan, row in table.iterrows():
        found |= {f"{plan}: {str(name).replace('_', ' ')}": float(value) for name, value in row.items()}
    for _, row in comparison.crises().iterrows():
        for column, words in (("hedge_gain", "gain"), ("offset", "offset"), ("days_hedged", "days hedged")):
            found[f"{row['plan']}: {words} in crisis {row['crisis']}"] = float(row[column])
    for _, row in comparison.years().iterrows():
        found[f"{row['plan']}: gain in year {row['year']}"] = float(row["hedge_gain"])
    for plan, result in comparison.results.items():
        held, pnl = result.held.to_numpy(), comparison.records[plan].hedge_pnl
        found |= {
            f"{plan}: gain": float(pnl.sum()),
            f"{plan}: largest multiplier": float(np.nanmax(held)),
            f"{plan}: days hedged per year": 252.0 * float((held > 0.0).mean()),
        }
    return found
