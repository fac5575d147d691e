"""
Does a hedge that breathes earn its keep?
=========================================

A portfolio follows the S&P 500. One-month variance swaps protect it, and a rule makes the hedge larger when the VIX is
high. Is that better than always holding the same, or than holding a little less of the portfolio?
"""

import hedgerow as hg

prices = hg.load_sample("sp500-vix").prices
market = hg.OverlayMarket.of(prices["S&P 500"], prices["VIX"], rate=0.01, dividend_yield=0.02)
swaps = hg.VarianceSwaps(vega_notional=2_000)

# %%
# One rule, followed once two closes agree, and only when the VIX has moved by more than three points since the last
# trade. Every stage is kept; what is held comes a day after it is decided.

shape = hg.Shape(persist=2, floor=0.2, cap=2.0, threshold=(hg.SignalMove(3.0),))
run = hg.run_overlay(hg.VixLinear(10, 15), swaps, market, shape=shape)
print(run.summary().loc[["mean multiplier", "rebalances", "hedge P&L", "transaction costs"]].round(2))
run.figure("multiplier")

# %%
# Three rules beside no hedge and the static one. "Bleed" is the cost outside crises, "offset" the share of the
# portfolio's losses in crises that the hedge made good. The sentences are made of the figures.

plans = {
    "linear": hg.OverlayPlan(hg.VixLinear(10, 15), swaps, shape),
    "steps": hg.OverlayPlan(hg.Steps((15, 25), (0.0, 0.5, 1.0)), swaps, shape),
    "drawdown": hg.OverlayPlan(hg.DrawdownTriggered(0.05, 10), swaps, shape),
}
judging = hg.OverlayJudging(bootstrap=hg.BootstrapOptions(draws=200, seed=1))
compared = hg.compare_overlays(plans, market, judging=judging)
print("\n".join(compared.verdict()))
compared.table()[["cost_per_year", "bleed_per_year", "mean_multiplier", "offset", "sharpe", "cvar"]].round(4)

# %%
# Scaled so that all bleed alike, the curves differ by what the rules know, and not by how much they hold.

compared.figure("equal_cost")

# %%
# The same against the two rivals, with intervals under common draws.

rivals = compared.rivals().query("figure == 'sharpe'")
rivals[["plan", "rival", "difference", "low", "high", "word"]].round(4)
