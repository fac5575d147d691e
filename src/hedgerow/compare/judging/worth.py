"""What each method of a race is worth in money, and how dear trading may become before it is not."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hedgerow._types import FloatArray
from hedgerow.compare.judging.options import Judging, exposure_level
from hedgerow.effectiveness import break_even_cost, switching_fees

if TYPE_CHECKING:
    from hedgerow.compare.comparison import Comparison


def fee_table(comparison: Comparison, judging: Judging) -> pd.DataFrame:
    """Return yearly fees for switching from the reference; see :meth:`Comparison.economic_value`."""
    market, base = comparison.market, comparison.methods.index(comparison.reference)
    level, year = exposure_level(market, comparison.first_row), judging.rows_per_year(comparison.times)
    length = comparison.draws.block_length
    fees = switching_fees(
        comparison.hedged.to_numpy(),
        base,
        risk_aversion=judging.unit_risk_aversion(market.quantity, level),
        periods_per_year=year,
        options=replace(comparison.bootstrap, block_length=length) if isfinite(length) else comparison.bootstrap,
    )
    costs = comparison.table["cost"].to_numpy(dtype=float)
    from_costs = (costs[base] - costs) / len(comparison.times) * year
    columns = {
        "fee": fees.fee,
        "low": fees.low,
        "high": fees.high,
        "from_variance": fees.from_variance,
        "from_costs": from_costs,
        "from_mean": fees.from_mean - from_costs,
        "share_of_value": fees.fee / level,
        "share_low": fees.low / level,
        "share_high": fees.high / level,
    }
    return pd.DataFrame(columns, index=pd.Index(comparison.methods, name="method"))


def break_even_table(comparison: Comparison, judging: Judging, *, means: bool) -> pd.DataFrame:
    """Return break-even costs against the reference; see :meth:`Comparison.break_even_costs`."""
    market, base = comparison.market, comparison.methods.index(comparison.reference)
    aversion = judging.unit_risk_aversion(market.quantity, exposure_level(market, comparison.first_row))
    gross = comparison.gross.to_numpy()
    utility = -aversion / 2.0 * gross.var(axis=0, ddof=1) + (gross.mean(axis=0) if means else 0.0)
    total, turnover = utility * len(gross), comparison.table["turnover"].to_numpy(dtype=float)
    costs, prices = comparison.table["cost"].to_numpy(dtype=float), mean_prices(comparison)
    rows = []
    for number in range(len(comparison.methods)):
        found = break_even_cost(total[number], total[base], turnover[number], turnover[base], price=prices[number])
        rows.append(
            {
                "case": found.case,
                "cost": found.cost,
                "cost_bps": found.share_of_price * 1e4,
                "paid": costs[number] / turnover[number] if turnover[number] > 0.0 else 0.0,
                "advantage": total[number] - total[base],
                "extra_turnover": turnover[number] - turnover[base],
            }
        )
    return pd.DataFrame(rows, index=pd.Index(comparison.methods, name="method"))


def mean_prices(comparison: Comparison) -> FloatArray:
    """Return the mean price of what each method traded, weighted by how much of it, shape (n_methods,)."""
    held = comparison.held_ratios
    moves = np.abs(np.diff(held, axis=1, prepend=0.0))
    start = comparison.first_row
    prices = np.abs(comparison.market.hedge_prices[start : start + held.shape[1]])
    traded = moves.sum(axis=(1, 2))
    paid = np.einsum("mth,th->m", moves, prices)
    plain = float(prices.mean())
    return np.asarray(np.divide(paid, traded, out=np.full(len(held), plain), where=traded > 0.0))
