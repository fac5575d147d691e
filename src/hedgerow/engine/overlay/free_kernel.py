"""The account of a hedge that no budget and no rounding bounds, compiled in one pass over the slots of a date.

The same account as :func:`~hedgerow.engine.overlay.account_kernels.run_account`, which reads the same arrays.
"""

from __future__ import annotations

import numpy as np

from hedgerow.engine.overlay.account_terms import (
    CHANGE,
    COST,
    COSTS,
    FIRST,
    GROWTH,
    PART,
    PNL,
    PREMIUM,
    PRICE,
    SALE,
    SPENT,
    UNITS,
    VALUED,
)
from hedgerow.kernels.compile import compiled


@compiled()
def run_free_account(multipliers, hedge, lag, held, lines):  # type: ignore[no-untyped-def]
    """Write ``held`` (n_parts, n_dates) and ``lines`` (3, n_dates) for multipliers (n_parts, n_dates) of one set."""
    quotes, kinds, calendar = hedge.quotes, hedge.kinds, hedge.calendar
    n_slots = quotes.shape[1]
    before = np.zeros(n_slots)
    cash, paid, reserve = 0.0, 0.0, 0.0
    for t in range(quotes.shape[0]):
        if calendar[t, FIRST] > 0.0:
            paid, reserve = 0.0, 0.0
        for part in range(multipliers.shape[0]):
            order = multipliers[part, t - lag] if t >= lag else 0.0
            held[part, t] = order if order == order else 0.0
        interest = cash * calendar[t, GROWTH]
        gains, margin, costs, bought, premium = 0.0, 0.0, 0.0, 0.0, 0.0
        for slot in range(n_slots):
            owned = before[slot]
            after = held[kinds[slot, PART], t] * quotes[t, slot, UNITS]
            traded = after - owned
            gain = owned * quotes[t, slot, CHANGE]
            sold = min(max(-traded, 0.0), max(owned, 0.0))
            cost = (abs(traded) - sold) * quotes[t, slot, COST] + sold * quotes[t, slot, SALE]
            money = traded * quotes[t, slot, PRICE] * kinds[slot, VALUED]
            gains += gain
            margin += gain * (1 - kinds[slot, VALUED])
            costs += cost
            bought += money
            premium += (cost + money) * kinds[slot, PREMIUM]
            reserve += (gain - cost) * (1 - kinds[slot, PREMIUM])
            before[slot] = after
        cash += interest + margin - bought - costs
        paid += max(premium, 0.0)
        lines[PNL, t] = gains + interest - costs
        lines[COSTS, t] = costs
        lines[SPENT, t] = paid + max(-reserve, 0.0)
