"""
A minimum-variance hedge of the Nasdaq
======================================

You own ten million dollars of a fund that follows the Nasdaq, and the S&P 500 future is what you can trade. How much of
it takes out the most variance, how sure is that number, and how well would it have worked on days it had not seen?

The prices come with one of Hedgerow's dependencies: nothing is downloaded.
"""

import hedgerow as hg
from hedgerow.report import cumulative_figure, scatter_figure

prices = hg.load_sample("sp500-nasdaq")
changes = prices.changes("percent")
changes.values.tail(3)

# %%
# The ratio
# ---------
# The minimum-variance ratio is the slope of the exposure's change on the hedge's change. Its standard error allows for
# volatility that comes in clusters and for days that hang together.

exposure, hedge = changes.values["Nasdaq"], changes.values["S&P 500"]
ols = hg.OLS().fit(hedge.to_frame(), exposure)
print(f"ratio {ols.hedge_ratio_[0]:.3f}, standard error {ols.standard_error_[0]:.3f}, R² {ols.r_squared_:.3f}")

# %%
scatter_figure(exposure, hedge, ratio=ols.hedge_ratio_[0], intercept=ols.intercept_, units=("Nasdaq", "S&P 500"))

# %%
# Contracts
# ---------
# A ratio of *returns* is a ratio of values. It becomes contracts through the value of one contract, here 50 dollars per
# index point.

one_contract = 50 * prices.prices["S&P 500"].iloc[-1]
sizing = hg.contracts_from_return_ratio(ols.hedge_ratio_[0], 10_000_000, one_contract)
print(f"sell {-sizing.whole:.0f} contracts ({-sizing.exact:.2f})")
print(f"{sizing.residual_exposure:,.0f} dollars of hedge are left over")

# %%
# Did it work?
# ------------
# On the second half of the days, with the ratio estimated on the days before each of them, and half a spread of one
# basis point paid on every trade.

market = hg.LinearMarket.from_changes(changes, "Nasdaq", ("S&P 500",))
race = hg.compare_methods(market, {"ols": hg.OLS()}, execution=hg.Execution(costs=hg.HalfSpread(1)))
print(race.verdict)

# %%
cumulative_figure(race.hedged.assign(unhedged=race.unhedged), unit="fraction of value")

# %%
# Outside this page, ``figure.show(config={"showSendToCloud": False})`` opens a figure in the browser. The option takes
# away Plotly's button that would upload the chart and the data in it.
