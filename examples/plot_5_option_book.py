"""
A book of options, its Greeks and its worst case
================================================

You sold ten straddles on an index and bought put spreads against them. What is the book worth, how does it move, and
where does it hurt?
"""

import numpy as np
import pandas as pd

import hedgerow as hg
from hedgerow.pricing import black_scholes
from hedgerow.report import greek_curves_figure, heat_map_figure

sold = hg.straddle("SPX", 4000.0, "2027-01-15", quantity=-10)
bought = hg.put_spread("SPX", bought=3800.0, sold=3600.0, expiry="2027-01-15", quantity=20)
book = hg.Book([*sold, *bought])
market = hg.MarketState("2026-11-20", {"SPX": hg.Underlying(4010.0, 0.2, rate=0.04, dividend_yield=0.015)})

# %%
# In money
# --------
# Every column says its unit: dollar delta is what the book gains when the index rises by all of itself, so one per cent
# of it is the gain of a one-per-cent move; gamma is how much that changes over one per cent.

book.greeks(market).in_money("total").T.round(2)

# %%
# Moves
# -----
# Spot and volatility move at once, and each position keeps its own volatility plus the move.

moves = book.scenarios(market, spot_moves=np.linspace(-0.2, 0.2, 21), vol_moves=np.linspace(-0.05, 0.15, 11))
print(moves.worst)

# %%
matrix = moves.table()
matrix.index = [f"{move:+.0%}" for move in matrix.index]
matrix.columns = [f"{100 * move:+.0f}" for move in matrix.columns]
heat_map_figure(matrix, x_title="move of volatility (points)", y_title="move of spot", unit="USD")

# %%
# One of the options sold
# -----------------------
# Its gamma gathers around the strike as time runs out: from 56 days to one it rises by the root of 56.

spots = np.linspace(3600.0, 4400.0, 161)
days = {"56 days": 56, "14 days": 14, "1 day": 1}
curves = {
    name: pd.DataFrame(
        {
            label: getattr(black_scholes.greeks("call", spots, 4000.0, left / 365, 0.2, 0.04, names=name), name)
            for label, left in days.items()
        },
        index=pd.Index(spots, name="spot"),
    )
    for name in ("delta", "gamma", "vega", "theta")
}
greek_curves_figure(curves)
