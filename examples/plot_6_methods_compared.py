"""
Is the cleverer ratio worth it?
===============================

A ratio that moves has to earn its trading, and it has to beat a plain one by more than luck, after all the others that
were tried are counted. Here seven methods hedge the Nasdaq with the S&P 500 over seven years of daily closes.
"""

import pandas as pd
from sklearn.model_selection import GridSearchCV

import hedgerow as hg

history = hg.load_sample("sp500-nasdaq").between("2012-01-01")
changes = history.changes("percent")
market = hg.LinearMarket.from_changes(changes, "Nasdaq", ("S&P 500",))
split = hg.WalkForward(train=0.5, refit="monthly", between="update")
first = split.first_judged_row(changes.times[1:])
print(f"{market.n_steps:,} changes; the first {first:,} only train")

# %%
# How fast should a weighted ratio forget? That is a choice too, and it has to be made on the training half: the
# walk-forward is a splitter for scikit-learn's search, and every split of it tests on rows after those it fits on.

X, y = market.hedge_changes[:first], market.exposure_changes[:first]
search = GridSearchCV(hg.EWMA(), {"halflife": [10.0, 30.0, 90.0, 250.0]}, cv=hg.WalkForward(refit=60)).fit(X, y)
half_life = search.best_params_["halflife"]
print(f"chosen: a half-life of {half_life:.0f} days")

# %%
# The race. Each method is fitted anew at the first close of a month and follows the data between. A half-spread
# of one basis point is charged on every trade. The last method is the same DCC, but it moves only where the variance
# that falls is worth more than the trade.

half_spread, aversion = 1.0, 4.0
dcc = hg.DCC()
methods = {
    "naive": hg.Naive(),
    "ols": hg.OLS(),
    "rolling": hg.RollingOLS(window=60),
    "ewma": hg.EWMA(halflife=half_life),
    "kalman": hg.Kalman(),
    "dcc": dcc,
    "cost_aware(dcc)": hg.CostAware(dcc, half_spread * 1e-4, aversion),
}
race = hg.compare_methods(market, methods, walk_forward=split, execution=hg.Execution(costs=hg.HalfSpread(half_spread)))
race.ranked[["variance_reduction", "low", "high", "cvar_reduction", "turnover", "cost"]].round(4)

# %%
# Diebold and Mariano ask of each method alone whether it differs from OLS; the confidence set and the test of superior
# predictive ability count how many were tried.

print(f"any better than OLS: p = {race.spa_p_value:.3f}")
race.tests[["mean_loss_difference", "dm_p_value", "clark_west_p_value", "in_confidence_set"]]

# %%
# Variance alone does not pay for a trade. At which cost would each lead be used up?

race.break_even_costs()[["case", "cost_bps", "extra_turnover"]].round(2)

# %%
print(race.verdict)

# %%
# All ratios on one axis: what the trading was for.

race.figure("ratio_paths")

# %%
# Does any of them know the future? Each is asked again for its past decisions after its future was cut off or replaced.
# The same bits have to come back.

prices = history.prices.iloc[:900]
asked = {
    name: hg.check_look_ahead(
        hg.decisions_of(method, "Nasdaq", ["S&P 500"], first=800, walk_forward=split, changes="percent"),
        prices,
        cuts=3,
        methods=("truncate", "poison"),
    )
    for name, method in methods.items()
}
pd.DataFrame({"found": {name: found.label for name, found in asked.items()}})
