"""
How often should this book be hedged?
=====================================

You sold ten three-month calls and hedge them with the shares. Every trade crosses a spread of twenty basis points, half
of it each way. Trading more leaves less risk and costs more; where is enough?
"""

import hedgerow as hg

market = hg.MarketState("2026-11-20", {"XYZ": hg.Underlying(100.0, 0.2)})
book = hg.Book([(hg.EuropeanOption("XYZ", "call", 100.0, "2027-02-19", multiplier=100), -10)])
run = {"scenario": hg.GBM(market), "costs": hg.HalfSpread(10), "n_paths": 2000, "n_steps": 63, "seed": 1}

# %%
# One policy first: trade when the hedge is off by ten shares per contract, and only to the edge of that band. Each
# figure has its standard error; each row of the attribution is money, and the rows add up.

result = hg.simulate(book, policy=hg.Band(0.10), **run)
print(result.summary().loc[["mean", "standard deviation", "cvar", "costs", "trades"]].round(1))
result.attribution().round(1)

# %%
# One path of it. The hedge lags the delta by up to a band, and trades (marked) only where it must.

result.figure("delta_through_time", path=1)

# %%
# Families of policies on the same paths. Whalley and Wilmott's band is wider where gamma is high; its number is a risk
# aversion per unit of money.

families = {
    "interval": [hg.EveryPeriods(n) for n in (1, 2, 5, 10)],
    "band": [hg.Band(width) for width in (0.02, 0.05, 0.1, 0.2)],
    "Whalley-Wilmott": [hg.WhalleyWilmott(aversion) for aversion in (0.0002, 0.001, 0.005)],
}
compared = hg.frontier(book, policies=families, objective=hg.Objective(risk_aversion=0.001), **run)
print(compared.answer)
compared.figure("frontier")

# %%
# What of this is an edge? None of it: no policy changes the mean before costs where the spot is a martingale.

print(compared.edge.sentence)

# %%
# The best number of each family by search, beside what the laws of small costs say.

choice = hg.best_policy(book, objective=hg.Objective(risk_aversion=0.001), **run)
print(choice.answer)
choice.table.drop(columns="policy").T
