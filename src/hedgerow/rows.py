"""The closed list of what a block of simulated paths holds: one number per path and name, each with its unit and sign.

Dynamics, hedgers, policies, costs and accounts are written as rules that read and write these rows; a rule that names
another row is refused. Units are those of one account: money in its currency, prices per unit of the underlying,
volatilities per year as decimals, times in years.
"""

from __future__ import annotations

MEANINGS = {
    "path": "number of the path, from 0; with the seed it decides every random number",
    "normal": "standard normal that moves the spot over the coming step",
    "normal_spare": "its twin of the same draw, kept for the step after",
    "normal_vol": "standard normal that moves variance or implied volatility",
    "normal_vol_spare": "its twin",
    "normal_implied": "standard normal of implied volatility beside the spot's own",
    "normal_implied_spare": "its twin",
    "normal_jump": "standard normal of jump sizes",
    "normal_jump_spare": "its twin",
    "uniform": "uniform on (0, 1] that decides jumps, regimes or rows of a sample",
    "uniform_spare": "its twin",
    "uniform_size": "uniform on (0, 1] that decides sizes",
    "uniform_size_spare": "its twin",
    "spot": "price of the underlying",
    "log_spot": "its natural logarithm",
    "spot_before": "price at the start of the step",
    "variance": "variance of the spot per year, where it moves (Heston, GARCH)",
    "shock": "standardised move of the last step (GARCH)",
    "jumps": "jumps over the coming step",
    "regime": "0, 1, ... : the state of a switching market",
    "place": "row of a sample that the last step took (bootstrap)",
    "implied": "implied volatility at which the book is marked",
    "implied_before": "implied volatility at the start of the step",
    "value": "what the book is worth, money; negative where options are owed",
    "delta": "derivative of the book's value by the spot, in units of the underlying",
    "gamma": "its second derivative; negative for a book that is short options",
    "log_gamma": "log of the size of gamma",
    "hedge_gamma": "gamma at the hedging volatility, where that is not the book's own",
    "theta": "derivative of the book's value by calendar time, money per year",
    "vega": "derivative of the book's value by volatility, money per 1.00",
    "target": "units of the underlying that the hedger would hold, positive = long",
    "held": "units held before trading",
    "holding": "units held after trading",
    "pending": "units decided at the last moment and not traded yet (lag 1)",
    "waited": "years since the last trade",
    "last_spot": "spot at the last trade",
    "last_implied": "implied volatility at the last trade",
    **{f"fires_{k}": "1 where this part of a policy wants to trade, else 0" for k in range(6)},
    **{f"goes_{k}": "the holding that this part of a policy would trade to" for k in range(6)},
    "units": "units traded now, positive = bought",
    "cost_half_spread": "paid now, money, positive",
    "cost_slippage": "paid now, money, positive",
    "cost_commission": "paid now, money, positive",
    "cost_ticket": "paid now, money, positive",
    "cost_impact": "paid now, money, positive",
    "fee": "all costs paid now, money, positive",
    **{
        f"total_{label}": f"{label.replace('_', ' ')} paid so far, money, positive"
        for label in ("half_spread", "slippage", "commission", "ticket", "impact")
    },
    "cash": "cash account, money",
    "paid_out": "payoffs of options that have expired so far, money; negative where owed",
    "hedge_gain": "gain of the hedge so far, money",
    "financing": "interest on cash so far, money",
    "carry": "dividends received less borrow paid on the hedge so far, money",
    "costs": "costs so far, money, positive",
    "trades": "trades so far",
    "turnover": "units traded so far, bought and sold alike",
    "peak": "highest wealth so far, money",
    "drawdown": "deepest fall of wealth below its peak so far, money",
    "delta_gain": "attribution so far: delta not hedged, book and hedge together",
    "gamma_gain": "attribution so far: half gamma x squared move",
    "theta_gain": "attribution so far: theta x time",
    "vega_gain": "attribution so far: vega x move of implied volatility",
    "control": "a control variate so far: known mean 0 under the scenario",
    "square_sum": "sum of squared relative moves so far: realised variance x time",
    "gamma_weight": "sum of cash gamma x time so far, money",
    "user_0": "free for parts of your own",
    "user_1": "free for parts of your own",
    "user_2": "free for parts of your own",
    "user_3": "free for parts of your own",
}
"""Row by name, with what it holds."""

NAMES = tuple(MEANINGS)
"""Names in the order in which a block holds them."""
