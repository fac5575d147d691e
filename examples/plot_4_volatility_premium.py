"""
What options charge for volatility, and what came
=================================================

An option's price holds a volatility for the days ahead. The days behind had a volatility too, and the days ahead will
have had one once they are over. Here are all three for the S&P 500 and the VIX, from the data that come with ``arch``.
"""

import warnings

import pandas as pd

from hedgerow.market.volatility import (
    estimator_table,
    ex_ante_premium,
    ex_post_premium,
    implied_standing,
    realised_estimate,
    realised_volatility,
    volatility_cone,
)
from hedgerow.report import cone_figure, level_history_figure

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the loaders use pandas in ways it is about to change
    from arch.data import sp500, vix

    bars = sp500.load()[["Open", "High", "Low", "Close"]].rename(columns=str.lower).loc["2014":]
    implied = vix.load()["vix"].astype(float).rename("implied").dropna().loc[:"2018"] / 100

# %%
# Every estimator looks at the same days. Those that read the high and the low are sharper; those that do not look at
# the gap from one close to the next open read low.

estimates = {name: realised_estimate(bars, estimator=name) for name in estimator_table().index}
rows = {
    name: {"volatility": found.volatility, "low": found.low, "high": found.high} for name, found in estimates.items()
}
pd.DataFrame.from_dict(rows, orient="index").join(estimator_table()[["efficiency", "drift_bias", "gap_share"]]).round(4)

# %%
# The last 21 days beside what options charged. Each point uses the days up to its date and no later one.

realised = realised_volatility(bars, estimator="yang_zhang", window=21).rename("realised, last 21 days")
level_history_figure(realised.to_frame().join(implied, how="inner").dropna(), unit="annual volatility", percent=True)

# %%
# How high is that? The cone holds it against all windows of the same length. The long ones are few.

cone = volatility_cone(bars, estimator="yang_zhang", horizons=(10, 21, 42, 63, 126, 252))
levels = ["minimum", "q10", "q25", "median", "q75", "q90", "maximum", "latest"]
cone_figure(cone[levels], implied=pd.Series([implied.iloc[-1]], [21]))

# %%
# Rank and percentile answer two questions: where in the range of the last year, and above how many of its days.

standing = implied_standing(implied)
print(f"implied {standing.level:.1%}: rank {standing.rank:.2f}, percentile {standing.percentile:.2f}")

# %%
# The premium has two forms. Ex ante was known at its date. Ex post is what a seller of variance would have earned: it
# is the one to study, and nobody knew it until ``known_on``, 21 days later.

before = ex_ante_premium(implied, bars, estimator="yang_zhang")
after = ex_post_premium(implied, bars, estimator="yang_zhang")
lines = {"ex ante: known": before.table["points"], "ex post: not known at the date": after.table["points"]}
level_history_figure(pd.DataFrame(lines), unit="volatility points", marks={"none": 0.0})

# %%
# Positive on most days. These are five years without a crisis such as that of 2008, so they say little about how bad a
# bad month can be.

print(f"implied above what followed on {after.share_positive:.0%} of days; mean {after.mean_points:.1f} points")
print(after.table["points"].quantile([0.0, 0.05, 0.5, 0.95, 1.0]).round(1).to_string())
