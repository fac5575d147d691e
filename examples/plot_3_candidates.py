"""
Which instrument to hedge with
==============================

Before the method comes the instrument. Two candidates for the Nasdaq, the S&P 500 and crude oil, are ranked by the
variance that each removes on days it had not seen, net of its own costs. One of them is not a hedge, and should look
like none.
"""

import hedgerow as hg
from hedgerow.report import rolling_effectiveness_figure

prices = hg.load_sample("indices").joint()
print(f"{prices.dropped} days without an oil price left out")
changes = prices.history.changes("percent")

# %%
# Each candidate is a market of its own, with the half-spread that trading it costs. The spreads are stated here, not
# measured.

spreads = {"S&P 500": 1.0, "WTI": 3.0}
candidates = [
    hg.Candidate(name, hg.LinearMarket.from_changes(changes, "Nasdaq", (name,)), half_spread_bps=spread)
    for name, spread in spreads.items()
]
ranking = hg.rank_candidates(candidates)
print(ranking.verdict)

# %%
# The square of the correlation is about what a hedge can remove. Nothing that a method does makes up for an instrument
# that moves with something else.

ranking.table[["correlation", "hedge_ratio", "variance_reduction", "low", "high", "cost"]].round(4)

# %%
# Over time neither is equally good. Crude oil removed some variance at its best, and added some in the years in which
# oil went its own way.

hedged = {name: comparison.hedged["ols"] for name, comparison in ranking.comparisons.items()}
unhedged = ranking.comparisons["WTI"].unhedged
rolling_effectiveness_figure(unhedged, unhedged.to_frame().assign(**hedged)[list(hedged)], window=250)
