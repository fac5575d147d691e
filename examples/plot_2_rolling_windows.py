"""
How the window changes a rolling ratio
======================================

A short window follows the market, and it follows the noise too. The trades it asks for are paid for. Which length is
worth having is a question for the days that come after, not for taste.
"""

import hedgerow as hg
from hedgerow.report import cost_reduction_figure, hedge_ratio_figure

changes = hg.load_sample("sp500-nasdaq").changes("percent")
market = hg.LinearMarket.from_changes(changes, "Nasdaq", ("S&P 500",))
windows = {f"{rows} rows": hg.RollingOLS(window=rows) for rows in (20, 60, 250, 1000)}
race = hg.compare_methods(market, windows, execution=hg.Execution(costs=hg.HalfSpread(1)))

# %%
# The ratio of each day was known the day before. In an ordinary month the 20-row ratio moves over a
# fifth of its size; the 1000-row one hardly moves.

paths = race.ratio_paths().droplevel("hedge", axis=1)
hedge_ratio_figure(paths, unit="value of S&P 500 per value of Nasdaq")

# %%
# Out of sample the four remove almost the same variance. What differs is the turnover: the sum of the ratio's absolute
# changes, which costs follow.

race.ranked[["variance_reduction", "low", "high", "turnover", "cost"]].round(4)

# %%
cost_reduction_figure(race.table, unit="fraction of value")

# %%
# The intervals of the four overlap almost entirely. Two of them can be told apart only under the *same* resampled
# days, which is what :func:`hedgerow.reduction_differences` does: here the 60-row ratio against the 1000-row one.

hedged = race.hedged[["1000 rows", "60 rows"]]
gap = hg.reduction_differences(race.unhedged, hedged, reference=0)
print(f"60 rows less 1000 rows: {gap.low[1]:+.4f} to {gap.high[1]:+.4f} of the variance")
