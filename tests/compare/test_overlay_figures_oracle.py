"""Figures of hedged accounts written out again over pandas, and on four returns by hand."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd
import pytest

from compare.overlay_markets import CRASH, UNDRAWN, Insurance, market_of
from hedgerow.compare import OverlayPlan, compare_overlays
from hedgerow.effectiveness import performance, sharpe_ratio, sortino_ratio
from hedgerow.engine.overlay import OverlayOptions, run_overlay
from hedgerow.overlays import Static, VixLinear
from hedgerow.programmes import OverlayMarket

MARKET = market_of(420, rate=0.02)
HEDGE = Insurance(beta=0.4, premium=0.0004, fee=3.0)
DAYS = 252.0


@pytest.fixture(scope="module", name="result")
def _result():  # type: ignore[no-untyped-def]
    return run_overlay(VixLinear(10, 15), HEDGE, MARKET)


def test_risk_figures_of_a_run_are_their_formulas_over_pandas(result) -> None:  # type: ignore[no-untyped-def]
    returns, value = result.returns, result.summary()["value"]
    wealth = (1.0 + returns).cumprod()
    rate = float(MARKET.rate.mean())
    expected = {
        "return": float(wealth.iloc[-1]) ** (DAYS / len(returns)) - 1.0,
        "volatility": float(returns.std()) * sqrt(DAYS),
        "Sharpe ratio": (float(returns.mean()) - rate / DAYS) / float(returns.std()) * sqrt(DAYS),
        "max drawdown": float((1.0 - wealth / wealth.cummax().clip(lower=1.0)).max()),
        "CVaR 95 %": -float(returns[returns <= returns.quantile(0.05, interpolation="lower")].mean()),
    }
    for name, figure in expected.items():
        assert value[f"{name} hedged"] == pytest.approx(figure, abs=1e-10), name


def test_figures_of_a_comparison_are_their_formulas_over_pandas(result) -> None:  # type: ignore[no-untyped-def]
    found = compare_overlays({"rule": OverlayPlan(VixLinear(10, 15), HEDGE)}, MARKET, judging=UNDRAWN)
    row = found.table().loc["rule"]
    returns = result.returns[found.period.dates]
    share = result.hedge_returns[found.period.dates]
    days = np.diff(found.period.all_dates.to_numpy()) / np.timedelta64(1, "D")
    struck = (returns.index > CRASH.start) & (returns.index <= CRASH.end)
    unhedged = result.unhedged_returns[found.period.dates]
    wealth = (1.0 + returns).cumprod()
    assert row["cost_per_year"] == pytest.approx(-share.sum() / (days.sum() / 365), abs=1e-10)
    assert row["bleed_per_year"] == pytest.approx(-share[~struck].sum() / (days[~struck].sum() / 365), abs=1e-10)
    assert row["offset"] == pytest.approx(share[struck].sum() / -unhedged[struck].sum(), abs=1e-10)
    assert row["volatility"] == pytest.approx(returns.std() * sqrt(DAYS), abs=1e-10)
    assert row["max_drawdown"] == pytest.approx((1.0 - wealth / wealth.cummax().clip(lower=1.0)).max(), abs=1e-10)
    excess = returns.mean() - found.period.rate / DAYS
    assert row["sharpe"] == pytest.approx(excess / returns.std() * sqrt(DAYS), abs=1e-10)


def test_four_returns_of_an_account_have_their_hand_values() -> None:
    """0.01, -0.02, 0.03, -0.01: the downside counts all four rows, so that Sortino is 3.55 and not 7.94."""
    days = pd.bdate_range("2024-01-01", periods=5)
    price = pd.Series(100.0 * np.cumprod([1.0, 1.01, 0.98, 1.03, 0.99]), days)
    market = OverlayMarket.of(price, pd.Series(20.0, days), rate=0.0, dividend_yield=0.0)
    returns = run_overlay(Static(0.0), HEDGE, market, options=OverlayOptions(lag=0)).returns
    assert returns.to_numpy() == pytest.approx([0.01, -0.02, 0.03, -0.01], abs=1e-15)
    deviation = sqrt((0.0075**2 + 0.0225**2 + 0.0275**2 + 0.0125**2) / 3.0)
    assert sortino_ratio(returns) == pytest.approx(0.0025 / sqrt(0.0005 / 4.0) * sqrt(DAYS), abs=1e-10)
    assert round(sortino_ratio(returns), 2) == 3.55
    assert sharpe_ratio(returns) == pytest.approx(0.0025 / deviation * sqrt(DAYS), abs=1e-10)
    found = performance(returns)
    assert found.max_drawdown == pytest.approx(0.02, abs=1e-12)
    assert found.sharpe == pytest.approx(sharpe_ratio(returns), abs=1e-12)
