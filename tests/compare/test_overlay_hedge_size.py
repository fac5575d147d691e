"""What was held at which level, the rule's own function, and the slope of the volatility curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from compare.overlay_markets import JUDGING, UNDRAWN, Insurance, market_of
from hedgerow.compare import OverlayComparison, OverlayPlan, compare_overlays
from hedgerow.compare.overlays.hedge_size import (
    functions_of_slope,
    functions_of_vix,
    hedge_sizes,
    own_function,
    slope_of,
)
from hedgerow.compare.overlays.pictures import rolling_betas
from hedgerow.engine.overlay.options import OverlayOptions
from hedgerow.errors import InputError
from hedgerow.overlays import DrawdownTriggered, Percentile, Steps, TermStructure, VixLinear
from hedgerow.overlays.complement import Complement
from hedgerow.programmes import OverlayMarket

MARKET = market_of(120)
PLANS = {
    "linear": OverlayPlan(VixLinear(10, 15), Insurance()),
    "steps": OverlayPlan(Steps((15, 25), (0.0, 0.5, 1.0)), Insurance()),
    "drawdown": OverlayPlan(DrawdownTriggered(0.05, 10), Insurance()),
}


@pytest.fixture(scope="module", name="found")
def _found() -> OverlayComparison:
    return compare_overlays(PLANS, MARKET, judging=JUDGING)


def with_curve(market: OverlayMarket) -> OverlayMarket:
    """Return the market with three futures whose first over third goes from 0.8 to 1.2."""
    short = np.linspace(16.0, 24.0, len(market))
    futures = pd.DataFrame({"a": short, "b": 20.0, "c": 20.0}, index=market.dates)
    expiries = pd.DataFrame(
        {name: market.dates + pd.Timedelta(days=days) for name, days in zip("abc", (20, 50, 80), strict=True)},
        index=market.dates,
    )
    return replace(market, futures=futures, expiries=expiries)


def test_hedge_sizes_are_means_of_what_was_held_at_the_same_close(found: OverlayComparison) -> None:
    steps = len(found.period.dates)
    vix = MARKET.vix[-steps - 1 : -1]
    held = found.results["linear"].held.to_numpy()[-steps - 1 : -1]
    lowest = np.argsort(vix, kind="stable")[: round(0.1 * steps)]
    row = hedge_sizes(found, MARKET.vix).iloc[0]
    assert (row["plan"], row["days"]) == ("linear", len(lowest))
    assert row["level"] == pytest.approx(vix[lowest].mean())
    assert row["held"] == pytest.approx(held[lowest].mean())
    assert row["held_high"] == pytest.approx(np.quantile(held[lowest], 0.95))


def test_hedge_sizes_count_every_day_once_and_pass_over_days_without_a_level(found: OverlayComparison) -> None:
    level = MARKET.vix.copy()
    level[50:60] = np.nan
    days = hedge_sizes(found, level).groupby("plan")["days"].sum()
    assert set(days) == {len(found.period.dates) - 10}
    assert hedge_sizes(found, np.full(len(level), np.nan)).empty


def test_what_was_held_at_a_lag_of_none_lies_on_the_rule_s_function() -> None:
    at_once = compare_overlays(PLANS, MARKET, options=OverlayOptions(lag=0), judging=UNDRAWN)
    functions, sizes = functions_of_vix(at_once), hedge_sizes(at_once, MARKET.vix)
    rows = sizes[sizes["plan"] == "linear"]
    np.testing.assert_allclose(rows["held"], np.interp(rows["level"], functions.index, functions["linear"]), atol=0.02)


def test_only_functions_of_the_vix_alone_are_drawn(found: OverlayComparison) -> None:
    functions = functions_of_vix(found)
    assert list(functions) == ["linear", "steps"]
    np.testing.assert_allclose(functions["linear"], np.maximum((functions.index - 10.0) / 15.0, 0.0))
    grid = np.linspace(10.0, 40.0, 31)
    assert own_function(Percentile(Steps((50, 90), (0.0, 0.5, 1.0)), 20), grid, ("vix",)) is None


def test_function_of_a_ratio_depends_on_nothing_but_the_ratio() -> None:
    grid = np.array([0.8, 1.0, 1.25])
    np.testing.assert_allclose(own_function(TermStructure(), grid, ("short", "long")), grid / (1.0 + grid))
    assert own_function(VixLinear(10, 15) * TermStructure(), grid, ("short", "long")) is None


def test_slope_is_that_of_the_index_of_93_days_before_that_of_futures() -> None:
    assert slope_of(MARKET) is None
    curve = with_curve(MARKET)
    futures = slope_of(curve)
    assert futures is not None
    assert futures.name == "first future / third future"
    np.testing.assert_allclose(futures.level, np.linspace(0.8, 1.2, len(MARKET)))
    index = slope_of(replace(curve, volatilities={93: MARKET.vix / 0.9}))
    assert index is not None
    np.testing.assert_allclose(index.level, 0.9)


def test_rule_of_the_slope_is_drawn_against_it_and_its_complement_too() -> None:
    market = with_curve(market_of(120))
    plans = {
        "near": OverlayPlan(TermStructure(), Insurance()),
        "far": OverlayPlan(Complement(TermStructure()), Insurance()),
        "linear": OverlayPlan(VixLinear(10, 15), Insurance()),
    }
    found = compare_overlays(plans, market, judging=UNDRAWN)
    slope = slope_of(market)
    assert slope is not None
    functions = functions_of_slope(found, slope)
    assert list(functions) == ["near", "far"]
    np.testing.assert_allclose(functions["near"] + functions["far"], 1.0)
    figure = found.figure("hedge_size_by_slope")
    assert figure.layout.xaxis.title.text == "first future / third future (above 1 the near end is dearer)"
    assert [trace.name for trace in figure.data][:2] == ["near", "the rule itself: near"]


def test_market_without_a_curve_has_no_picture_of_it_and_says_why(found: OverlayComparison) -> None:
    assert found.figure("hedge_size").layout.yaxis.title.text == "multiplier held"
    with pytest.raises(InputError, match="neither an index of 93 days nor three futures"):
        found.figure("hedge_size_by_slope")


def test_rolling_beta_of_the_past_is_the_same_under_another_future(found: OverlayComparison) -> None:
    price = np.concatenate((MARKET.price[:100], MARKET.price[100:] * np.linspace(1.0, 0.6, 20)))
    other = compare_overlays(PLANS, replace(MARKET, price=price), judging=JUDGING)
    ours, theirs = rolling_betas(found), rolling_betas(other)
    known = ours.index < MARKET.dates[100]
    assert ours[known].notna().to_numpy().any()
    pd.testing.assert_frame_equal(ours[known], theirs[known])
    assert not np.allclose(ours[~known], theirs[~known])


def test_rolling_beta_is_the_slope_over_the_window(found: OverlayComparison) -> None:
    betas, days = rolling_betas(found), JUDGING.beta_days
    alone, account = found.period.unhedged[-days:], found.records["linear"].returns[-days:]
    assert betas["linear"].iloc[-1] == pytest.approx(np.polyfit(alone, account, 1)[0])
    assert betas["linear"].iloc[: days - 1].isna().all()
    assert found.figure("rolling_beta").layout.yaxis.title.text == f"beta, last {days} days"
