"""Ten overlay rules with 200 sets of parameters each over 9,000 synthetic days, and one rule over as many.

One run asks every rule with every set, smooths, caps and triggers its multipliers, keeps the account of each set on a
priced variance swap (lag 1), and chooses among the sets walking forward, once a year from the half on. The peer is the
same in pandas and NumPy, set by set: rule, rolling mean and clip are array operations, the trigger is a loop over
dates, the account is array arithmetic, the choice a loop over years; it is timed on some sets of one rule and scaled to
all. ``max_error`` is the largest difference of the daily P&L of those sets, as a share of the portfolio. The rows
against ``limit`` hold a time in seconds: 30 s for the grid, 20 ms for one rule.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.compare import OverlayChoosing, OverlayPlan, choose_overlay
from hedgerow.engine.overlay import AccountLimits, overlay_accounts, run_overlay
from hedgerow.overlays import (
    CorrelationAdjusted,
    CrashIntensity,
    DrawdownTriggered,
    OverlayRule,
    Percentile,
    PutCount,
    RealisedVolatility,
    Shape,
    Sigmoid,
    SignalMove,
    Signals,
    Steps,
    TermStructure,
    VixLinear,
    shaped,
)
from hedgerow.programmes import OverlayMarket, Portfolio, PricedProgramme
from hedgerow.programmes.variance_swaps import VarianceSwaps
from interleave import interleave, print_row

DAYS, SAMPLE = 9_000, 4
GRID_LIMIT_S, ONE_LIMIT_S = 30.0, 0.020
SHAPE = Shape(smooth=5, cap=2.0, threshold=(SignalMove(3.0),))
PORTFOLIO = Portfolio(10_000_000.0)
TWENTY, TEN = range(20), range(10)

FAMILIES: dict[str, Any] = {
    "vix_linear": lambda i, j: VixLinear(6.0 + 0.5 * i, 8.0 + j),
    "realised_volatility": lambda i, j: RealisedVolatility(0.10 + 0.01 * i, 10 + 5 * j),
    "steps": lambda i, j: Steps((12.0 + 0.5 * i, 24.0 + j), (0.0, 0.5, 1.0)),
    "term_structure": lambda i, j: TermStructure(power=1.0 + 0.5 * i + 0.01 * j),
    "correlation": lambda i, j: CorrelationAdjusted(0.2 + 0.02 * i + 0.001 * j),
    "drawdown": lambda i, j: DrawdownTriggered(0.01 * (1 + i), 2.0 * j),
    "sigmoid": lambda i, j: Sigmoid(14.0 + 0.5 * i, 0.1 + 0.05 * j),
    "crash_intensity": lambda i, j: CrashIntensity(0.02 + 0.005 * i, 0.10 + 0.02 * j),
    "put_count": lambda i, j: PutCount(500.0 + 50.0 * i, -0.2 - 0.02 * j, 1000.0),
    "percentile": lambda i, j: Percentile(Steps((30.0 + i, 80.0 + j), (0.0, 0.5, 1.0)), 252),
}


def setting() -> tuple[OverlayMarket, Signals, PricedProgramme]:
    """Return a market whose volatility index reverts to its mean and moves against the price."""
    rng = np.random.default_rng(11)
    days = pd.bdate_range("1990-01-02", periods=DAYS)
    noise = rng.standard_normal((2, DAYS))
    level = np.empty(DAYS)
    level[0] = np.log(18.0)
    for t in range(1, DAYS):
        level[t] = level[t - 1] + 0.02 * (np.log(18.0) - level[t - 1]) + 0.06 * noise[0, t]
    vix = np.exp(level)
    moves = 0.0003 + vix / 1600.0 * (-0.7 * noise[0] + 0.71 * noise[1])
    price = pd.Series(100.0 * np.exp(np.cumsum(moves)), days)
    market = OverlayMarket.of(price, pd.Series(vix, days), rate=0.02, dividend_yield=0.0)
    values = {
        "vix": vix, "price": price.to_numpy(), "short": vix * np.exp(0.02 * noise[1]), "long": 0.5 * vix + 9.0,
        "correlation": np.clip(0.2 + 0.01 * vix, 0.05, 0.95),
    }  # fmt: skip
    signals = Signals(market.dates, MappingProxyType(values))
    priced = VarianceSwaps(vega_notional=300, months=1).priced(market, PORTFOLIO)
    return market, signals, priced


def one_run(market: OverlayMarket, signals: Signals, priced: PricedProgramme) -> list[Any]:
    choosing = OverlayChoosing(bootstrap=None)
    found = []
    for rule in FAMILIES.values():

        def family(i: int, j: int, rule: Any = rule) -> OverlayPlan:
            return OverlayPlan(rule(i, j), priced, SHAPE)

        grid = {"i": TWENTY, "j": TEN}
        found.append(choose_overlay(family, grid, market, signals=signals, portfolio=PORTFOLIO, choosing=choosing))
    return found


def set_by_set(
    rules: list[OverlayRule], market: OverlayMarket, signals: Signals, priced: PricedProgramme, choose: bool = True
) -> np.ndarray:
    """Return daily P&L (n_sets, n_dates) in pandas and NumPy; raw multipliers are the rules' own array operations."""
    wealth = PORTFOLIO.value * market.wealth
    growth = np.concatenate(([0.0], market.rate[:-1] * market.years[1:]))
    vix = signals["vix"]
    pnl = np.empty((len(rules), len(market)))
    for number, rule in enumerate(rules):
        wanted = pd.Series(rule.multiplier(signals)).rolling(SHAPE.smooth).mean().clip(upper=SHAPE.cap).to_numpy()
        decided, held, last = np.full(len(vix), np.nan), np.nan, np.nan
        for t in range(len(vix)):
            if np.isnan(wanted[t]):
                continue
            if np.isnan(held) or abs(vix[t] - last) > 3.0 + 1e-9:
                held, last = wanted[t], vix[t]
            decided[t] = held
        filled = pd.Series(decided).shift(1).fillna(0.0).to_numpy()
        units = filled[:, None] * priced.units
        before = np.vstack((np.zeros((1, units.shape[1])), units[:-1]))
        costs = (np.abs(units - before) * priced.unit_cost).sum(axis=1)
        gains = (before * priced.price_changes).sum(axis=1)
        value = (units * priced.prices).sum(axis=1)
        total = 0.0
        for t in range(len(vix)):  # interest on the cash that the account stands at
            interest = growth[t] * (total - (value[t - 1] if t else 0.0))
            pnl[number, t] = gains[t] - costs[t] + interest
            total += pnl[number, t]
    if not choose:
        return pnl
    settled = pnl - growth * np.concatenate((np.zeros((len(rules), 1)), np.cumsum(pnl, axis=1)[:, :-1]), axis=1)
    returns = pd.DataFrame((settled[:, 1:] / wealth[:-1] + wealth[1:] / wealth[:-1] - 1.0).T)
    years = market.dates[1:].year.to_numpy()
    known = np.unique(years)
    for year in known[len(known) // 2 :]:
        past = returns[years < year]
        for column in past:
            worst = past[column].quantile(0.05)
            past[column][past[column] <= worst].mean()
    return pnl


def main() -> None:
    market, signals, priced = setting()
    rules = [FAMILIES["vix_linear"](i, 3) for i in range(SAMPLE)]
    few = {
        "ours": lambda: one_run(market, signals, priced),
        "pandas and NumPy": lambda: set_by_set(rules, market, signals, priced),
    }
    seconds, results = interleave(few, rounds=1)
    limits = AccountLimits(None, market.rate[:-1] * market.years[1:])
    decided = np.array([shaped(rule, signals, SHAPE).multiplier for rule in rules])
    ours = overlay_accounts(decided, priced, PORTFOLIO.value * market.wealth, limits).hedge_pnl
    error = float(np.abs(ours - results["pandas and NumPy"]).max() / PORTFOLIO.value)
    sets = sum(len(choice.plans) for choice in results["ours"])
    words = f"{len(FAMILIES)} overlay rules x {sets // len(FAMILIES)} sets x {DAYS} days, walk-forward"
    scale = sets / SAMPLE
    print_row(words, "limit", seconds["ours"], None, None, GRID_LIMIT_S, limit=True)
    peer = seconds["pandas and NumPy"] * scale
    print_row(words, "pandas and NumPy", seconds["ours"], peer, error, None, scaled=True)

    one = {
        "ours": lambda: run_overlay(VixLinear(10.0, 15.0), priced, market, signals=signals, shape=SHAPE),
        "pandas and NumPy": lambda: set_by_set([VixLinear(10.0, 15.0)], market, signals, priced, choose=False),
    }
    seconds, results = interleave(one, rounds=3)
    gap = float(np.abs(results["ours"].hedge_pnl.to_numpy() - results["pandas and NumPy"]).max() / PORTFOLIO.value)
    words = f"one overlay rule, {DAYS} days, stages, account and ledger"
    print_row(words, "limit", seconds["ours"], None, None, ONE_LIMIT_S, limit=True)
    print_row(words, "pandas and NumPy", seconds["ours"], seconds["pandas and NumPy"], gap, None)


if __name__ == "__main__":
    main()
