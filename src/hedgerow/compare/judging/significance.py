"""Tests of a race's methods against the reference, and against the best of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow.effectiveness import clark_west, diebold_mariano, giacomini_white, squared_losses

if TYPE_CHECKING:
    from hedgerow.compare.comparison import Comparison


def tests_of(comparison: Comparison) -> pd.DataFrame:
    """Return every method's tests against the reference; see :attr:`Comparison.tests`."""
    losses, gross = squared_losses(comparison.hedged.to_numpy()), comparison.gross.to_numpy()
    base = comparison.methods.index(comparison.reference)
    horizon = max(1, min(comparison.ledger.lag + 1, len(losses) // 2))
    found = comparison.confidence_set
    rows = []
    for number in range(len(comparison.methods)):
        plain = diebold_mariano(losses[:, base], losses[:, number], horizon=horizon)
        nested = clark_west(gross[:, base], gross[:, number], horizon=horizon)
        conditional = giacomini_white(losses[:, base], losses[:, number], horizon=horizon)
        rows.append(
            {
                "mean_loss_difference": plain.mean_difference,
                "dm_statistic": plain.statistic,
                "dm_p_value": plain.p_value,
                "clark_west_p_value": nested.p_value_better,
                "giacomini_white_p_value": conditional.p_value,
                "in_confidence_set": bool(found.included[number]),
                "mcs_p_value": float(found.p_values[number]),
            }
        )
    return pd.DataFrame(rows, index=pd.Index(comparison.methods, name="method"))


def gross_changes(comparison: Comparison) -> pd.DataFrame:
    """Return hedged changes with all costs given back; what the first trade cost stood on the first judged row."""
    lag = comparison.ledger.lag
    costs = comparison.ledger.total_costs[:, lag + 1 :].copy()
    costs[:, 0] += comparison.ledger.total_costs[:, lag]
    return comparison.hedged + np.asarray(costs.T) / abs(comparison.market.quantity)
