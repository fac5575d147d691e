"""Markets, books, policies, costs and scenarios that tests of both engines share, and the two forms side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.costs import (
    HalfSpread,
    HalfSpreadMoney,
    PerShare,
    PerTicket,
    Slippage,
    SpreadInStress,
    SquareRootImpact,
    no_costs,
)
from hedgerow.engine import SimulateOptions, SimulationResult, simulate
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import Book, EuropeanOption, MarketState, Spot, Underlying
from hedgerow.policies import (
    Band,
    CostBenefit,
    DaysToExpiry,
    EveryDay,
    EveryHours,
    EveryPeriods,
    GammaScaledBand,
    MinimumInterval,
    OnWeekdays,
    PriceMove,
    TimesOfDay,
    ToleranceBand,
    VolatilityMove,
    WhalleyWilmott,
    Zakamouline,
)
from hedgerow.scenarios import (
    GBM,
    FilteredHistorical,
    GarchPaths,
    Heston,
    Kou,
    MeanRevertingVolatility,
    Merton,
    ModelVolatility,
    RegimeSwitching,
    StationaryBootstrap,
    StressPath,
)

START = pd.Timestamp("2026-11-20 16:00")
PLAIN = MarketState(START, {"XYZ": Underlying(100.0, 0.2)})
PAYING = MarketState(START, {"XYZ": Underlying(100.0, 0.2, rate=0.05, dividend_yield=0.02, borrow=0.01)})
RETURNS = np.random.default_rng(8).standard_t(4, 400) * 0.008


def after(days: float) -> pd.Timestamp:
    """Return a moment so many days after the start."""
    return START + pd.Timedelta(days=days)


def option(kind: str, strike: float, days: float = 36.0) -> EuropeanOption:
    """Return an option on 100 units."""
    return EuropeanOption("XYZ", kind, strike, after(days), multiplier=100.0)


BOOKS = {
    "one call": Book([(option("call", 100.0), -1)]),
    "one put": Book([(option("put", 95.0), 2)]),
    "straddle": Book([(option("call", 100.0), -1), (option("put", 100.0), -1)]),
    "three expiries": Book([(option("call", 98.0, 12), 1), (option("put", 100.0, 24), -2), (option("call", 104.0), 3)]),
    "units and options": Book([(Spot("XYZ"), 70.0), (option("put", 97.0), 1), (option("call", 104.0), -1)]),
    "six options": Book(
        [(option("call" if k % 2 else "put", 94.0 + 2.0 * k), (-1.0) ** k * (k + 1)) for k in range(6)]
    ),
    "outlives the run": Book([(option("call", 100.0, 24), -1), (option("put", 96.0, 80), 1)]),
}
"""Books that run compiled, on a grid of steps of three days or parts of them."""

POLICY_CASES = {
    "every_periods": EveryPeriods(2),
    "every_day": EveryDay(),
    "times_of_day": TimesOfDay("16:00"),
    "every_hours": EveryHours(70.0),
    "weekdays": OnWeekdays("Mon", "Thu"),
    "band": Band(0.05),
    "tolerance_band": ToleranceBand(0.05),
    "gamma_band": GammaScaledBand(0.02),
    "price_move": PriceMove(0.015),
    "volatility_move": VolatilityMove(0.5) | PriceMove(0.03),
    "cost_benefit": CostBenefit(1.0, risk_aversion=1e-2),
    "whalley_wilmott": WhalleyWilmott(1e-2),
    "zakamouline": Zakamouline(1e-2, centre="target"),
    "days_to_expiry": DaysToExpiry(),
    "minimum_interval": Band(0.02) & MinimumInterval(5.0 / 365.0),
}
"""One of every kind of policy, by its name in study files."""

COST_CASES = {
    "none": no_costs(),
    "half_spread": HalfSpread(2.0),
    "half_spread_money": HalfSpreadMoney(0.02),
    "spread_in_stress": SpreadInStress(2.0, normal=0.18),
    "slippage": Slippage(1.0) + HalfSpread(1.0),
    "per_share": PerShare(0.005, minimum=0.3),
    "per_ticket": PerTicket(0.5) + HalfSpread(1.0),
    "square_root_impact": SquareRootImpact(5e4),
}
"""One of every kind of cost of trading single units, by its name in study files."""


def scenario_cases(market: MarketState) -> dict[str, Any]:
    """Return one of every kind of scenario that runs compiled."""
    return {
        "gbm": GBM(market),
        "gbm antithetic": GBM(market, volatility=0.25, drift=0.1, antithetic=True),
        "moving marks": GBM(market, implied=MeanRevertingVolatility(level=0.22, speed=4.0, vol_of_vol=0.8)),
        "heston": Heston(market, kappa=2.0, theta=0.05, xi=0.5, rho=-0.7, v0=0.04, implied=ModelVolatility()),
        "merton": Merton(market, jump_intensity=3.0, jump_mean=-0.05, jump_vol=0.08),
        "kou": Kou(market, jump_intensity=4.0, up_probability=0.4, up_mean=0.03, down_mean=0.05),
        "garch": GarchPaths(market, alpha=0.08, beta=0.9),
        "filtered": FilteredHistorical(market, RETURNS),
        "bootstrap": StationaryBootstrap(market, RETURNS),
        "regimes": RegimeSwitching(market, (0.12, 0.35), ((0.9, 0.1), (0.2, 0.8))),
        "stress": StressPath.named(market, "crash week", at=3),
    }


def both_forms(result: SimulationResult) -> tuple[SimulationResult, SimulationResult]:
    """Return a result and the same run in the array form."""
    gathered = result.source.statistics(result.n_paths, keeps_paths=True, progress=None)
    return result, SimulationResult(replace(result.facts, how="arrays"), gathered, result.source)


def run(book: Book, scenario: Any, **given: Any) -> SimulationResult:
    """Return a small simulation; keywords of :func:`simulate`, or of its options."""
    known = ("hedger", "policy", "costs", "n_paths", "n_steps", "seed")
    named = {name: given.pop(name) for name in known if name in given}
    defaults = {"hedger": DeltaHedger(), "n_paths": 200, "n_steps": 12, "seed": 4}
    return simulate(book, scenario=scenario, options=SimulateOptions(**given), **(defaults | named))
