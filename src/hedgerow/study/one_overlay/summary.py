"""Figures of one overlay: what to do today, how much it held, how often it traded."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.overlays.triggers import TIE
from hedgerow.units import CALENDAR_DAYS_PER_YEAR

if TYPE_CHECKING:
    from hedgerow.study.one_overlay.run import OverlayOutcome

EDGES = (0.0, 0.5, 1.0, 1.5, 2.0)
"""Multipliers between which days are counted; a day at an edge belongs to the range that ends there."""


def turnover(held: FloatArray) -> float:
    """Return the sum of changes of what is held (n_dates,), the first trade from nothing included."""
    return float(np.abs(np.diff(held, prepend=0.0)).sum())


def ranges(multiplier: FloatArray) -> pd.DataFrame:
    """Return days and share of defined days by range of the multiplier; columns above, up_to, days, share."""
    known = multiplier[~np.isnan(multiplier)]
    bounds = [-np.inf, *(edge + TIE for edge in EDGES), np.inf]
    days = np.histogram(known, bounds)[0]
    rows = {"above": [np.nan, *EDGES], "up_to": [*EDGES, np.nan], "days": days}
    share = days / len(known) if len(known) else np.full(len(days), np.nan)
    return pd.DataFrame(rows | {"share": share}, index=pd.Index(_labels(), name="multiplier"))


def _labels() -> list[str]:
    between = [f"above {low:g} to {high:g}" for low, high in pairwise(EDGES)]
    return [f"{EDGES[0]:g}", *between, f"above {EDGES[-1]:g}"]


def figures(outcome: OverlayOutcome) -> dict[str, Any]:
    """Return the figures of an overlay as plain values; what is undefined is None.

    Shares of ranges are of the dates on which a multiplier is defined, shares of days hedged of all dates. Turnover is
    in multiples of the base hedge, of what is held (a date's decision, ``lag`` dates later; 0 before the first fill),
    a year being 365 calendar days.
    """
    decided, held, dates = outcome.multiplier.to_numpy(), outcome.held.to_numpy(), outcome.dates
    known = decided[~np.isnan(decided)]
    years = (dates[-1] - dates[0]).days / CALENDAR_DAYS_PER_YEAR
    traded = turnover(held)
    found = {
        "first_date": str(dates[0].date()),
        "last_date": str(dates[-1].date()),
        "rows": len(dates),
        "rows_dropped": outcome.signals.dropped,
        "warm_up": int(np.isnan(decided).sum()),
        "lag": outcome.words.lag,
        "rule": repr(outcome.rule),
        "shape": repr(outcome.shape),
        "last_multiplier": plain(decided[-1]),
        "last_held": plain(held[-1]),
        "mean_multiplier": plain(known.mean()) if len(known) else None,
        "lowest_multiplier": plain(known.min()) if len(known) else None,
        "highest_multiplier": plain(known.max()) if len(known) else None,
        "mean_held": plain(held.mean()),
        "turnover": plain(traded),
        "turnover_per_year": plain(traded / years) if years > 0.0 else None,
        "rebalances": int(outcome.path.rebalanced.sum()),
        "trades": int((np.abs(np.diff(held, prepend=0.0)) > TIE).sum()),
        "days_hedged": int((np.abs(held) > TIE).sum()),
        "share_hedged": plain((np.abs(held) > TIE).mean()),
        "ranges": [
            {"multiplier": str(label), "days": int(row["days"]), "share": plain(row["share"])}
            for label, row in ranges(decided).iterrows()
        ],
    }
    return found | outcome.account_figures() | {"notes": list(outcome.warnings)}


def plain(value: float) -> float | None:
    """Return a number as JSON has it."""
    number = float(value)
    return number if np.isfinite(number) else None
