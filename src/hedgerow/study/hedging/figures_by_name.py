"""Every figure of a hedged book's result under one name each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.study.hedging.measures import measured
from hedgerow.units import per_calendar_day, per_point

if TYPE_CHECKING:
    from hedgerow.study.hedging.outcome import HedgeOutcome


def figures_of(outcome: HedgeOutcome) -> dict[str, float]:
    """Return figures by name: those of the summary, of the attribution, of the book at the start, and of the account.

    Parameters
    ----------
    outcome : HedgeOutcome

    Returns
    -------
    dict of str to float
        Money, units or counts; costs positive, gains positive. Infinite and missing figures are left out.
    """
    found = {str(name): float(value) for name, value in outcome.result.summary()["value"].items()}
    attribution = outcome.result.attribution()["mean"]
    found |= {f"attribution {name}": float(value) for name, value in attribution.items()}
    found |= measured(outcome)
    found |= _start(outcome)
    found |= _path(outcome.path)
    if outcome.account is not None:
        found |= {
            "opening shortfall": outcome.account.opening_shortfall,
            "margin calls": float(outcome.account.calls),
            "worst margin call": outcome.account.worst_call,
            "return on capital": found["profit of the first path"] / outcome.account.table["equity"].iloc[0],
        }
    return {name: value for name, value in found.items() if np.isfinite(value)}


def _start(outcome: HedgeOutcome) -> dict[str, float]:
    """Return value and Greeks of the book at the start, in the units people quote."""
    totals = outcome.book.greeks(outcome.market, ("delta", "gamma", "theta", "vega")).totals()
    return {
        "value at the start": float(totals["value"]),
        "premium at the start": -float(totals["value"]),
        "delta at the start": float(totals["delta"]),
        "gamma at the start": float(totals["gamma"]),
        "theta per calendar day at the start": per_calendar_day(float(totals["theta"])),
        "vega per point at the start": per_point(float(totals["vega"])),
    }


def _path(path: pd.DataFrame) -> dict[str, float]:
    found = {"profit of the first path": float(path["pnl"].iloc[-1])}
    if "holding" in path:
        moves = path["spot"].diff().to_numpy()[1:]
        found |= {
            "first holding": float(path["holding"].iloc[0]),
            "gain of the hedge": float((path["holding"].to_numpy()[:-1] * moves).sum()),
            "trades of the first path": float((path["trade"] != 0.0).sum()),
            "costs of the first path": float(path["cost"].sum()),
        }
    if "value" in path:
        found["gain of the book"] = float(path["value"].iloc[-1] - path["value"].iloc[0])
    return found
