"""One overlay with a budget: its account is the engine's, the budget holds, breaches say so, hedges by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.engine.overlay import OverlayOptions, run_overlay
from hedgerow.errors import InputError
from hedgerow.overlays import Shape, VixLinear
from hedgerow.programmes import OverlayMarket, Portfolio
from hedgerow.programmes.variance_swaps import VarianceSwaps
from hedgerow.study.one_overlay.run import OverlayOutcome, overlay_outcome
from hedgerow.study.one_overlay.summary import ranges
from hedgerow.study.one_overlay.words import OverlayWords


@pytest.fixture(scope="module")
def market() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    n = 400
    returns = rng.normal(0.0003, 0.009, n)
    vix = np.clip(18 * np.exp(np.cumsum(rng.normal(0, 0.05, n)) - 3 * np.cumsum(returns) / 5), 9, 80)
    return pd.DataFrame(
        {"vix": vix.round(2), "close": (100 * np.exp(np.cumsum(returns))).round(4)},
        pd.bdate_range("2014-06-02", periods=n, name="date"),
    )


@pytest.fixture(scope="module")
def folder(market: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("overlay")
    market.to_csv(place / "m.csv")
    return place


def outcome_of(folder: Path, shape: dict[str, Any], **words: Any) -> OverlayOutcome:
    given = {"data": {"files": ["m.csv"]}, "vix": "vix", "price": "close", "rule": "vix_linear", **words}
    return overlay_outcome(OverlayWords(shape=shape, **given), folder)


def test_account_is_that_of_the_engine_on_a_month_of_variance(folder: Path, market: pd.DataFrame) -> None:
    found = outcome_of(folder, {"cap": 2, "budget": "0.05%"}, hedge={"portfolio": 2_000_000.0, "rate": 0.01})
    wanted = run_overlay(
        VixLinear(10, 15),
        VarianceSwaps(vega_notional=200.0, follow_wealth=True),
        OverlayMarket.of(market["close"], market["vix"], rate=0.01),
        shape=Shape(cap=2.0, budget=0.0005),
        portfolio=Portfolio(2_000_000.0),
        options=OverlayOptions(lag=1),
    )
    assert found.account is not None
    pd.testing.assert_frame_equal(found.stages, wanted.stages, check_freq=False, check_index_type=False)
    pd.testing.assert_series_equal(found.account.hedge_pnl, wanted.hedge_pnl, check_freq=False, check_index_type=False)
    pd.testing.assert_series_equal(found.held, wanted.held, check_freq=False, check_index_type=False)
    figures = found.summary()
    assert figures["hedge"] == "variance swaps 1 month"
    assert figures["hedge_pnl"] == pytest.approx(wanted.hedge_pnl.sum())
    assert figures["days_budget_bound"] > 0


def test_budget_cuts_the_threshold_stage_and_nothing_before_it(folder: Path) -> None:
    free, bound = outcome_of(folder, {"cap": 2}), outcome_of(folder, {"cap": 2, "budget": 0.0002})
    for stage in ("rule", "smooth", "persist", "floor", "cap", "threshold"):
        np.testing.assert_array_equal(bound.stages[stage], free.stages[stage])
    assert (bound.stages["budget"] <= bound.stages["threshold"] + 1e-12).all()
    assert (bound.stages["budget"] < bound.stages["threshold"] - 1e-6).any()
    assert bound.to_dict()["multiplier"] == bound.to_dict()["stages"]["budget"]


def test_budget_that_wins_over_the_floor_says_so(folder: Path) -> None:
    found = outcome_of(folder, {"floor": 0.5, "budget": 0.0001})
    assert found.summary()["breaches"] > 0
    assert any("below its floor of 0.5" in sentence for sentence in found.warnings)


def test_what_was_assumed_and_modelled_is_said(folder: Path) -> None:
    said = " ".join(outcome_of(folder, {"budget": 0.01}).warnings)
    assert "interest rate not given: 0 %" in said
    assert "no swap was quoted" in said
    assert outcome_of(folder, {}).warnings == ()


def test_hedges_go_by_name_with_keys_as_text(folder: Path) -> None:
    hedge = {"instrument": "variance-swaps", "parameters": {"months": "3"}, "vega_notional": 500.0}
    found = outcome_of(folder, {"cap": 2}, hedge=hedge)
    assert found.summary()["hedge"] == "variance swaps 3 months"
    for words, sentence in (
        ({"instrument": "variance_swap"}, "did you mean 'variance_swaps'"),
        ({"parameters": {"month": "3"}}, "'month'"),
        ({"parameters": {"months": "4"}}, "months of variance swaps"),
        ({"instrument": "index_puts", "vega_notional": 500.0}, "not sized by a vega notional"),
    ):
        with pytest.raises(InputError, match=sentence):
            outcome_of(folder, {"budget": 0.01}, hedge=words)


def test_report_of_an_account_stamps_what_was_modelled(folder: Path, tmp_path: Path) -> None:
    html = outcome_of(folder, {"budget": 0.01}).write_html(tmp_path / "r.html").read_text("utf-8")
    for word in ("Cost and gain", "no swap was quoted", "variance swaps 1 month"):
        assert word in html


def test_days_at_an_edge_belong_to_the_range_that_ends_there() -> None:
    days = ranges(np.array([np.nan, 0.0, 0.5, 0.5 + 1e-12, 0.50001, 1.0, 2.0, 3.0]))
    assert days["days"].tolist() == [1, 2, 2, 0, 1, 1]
    assert days["share"].sum() == pytest.approx(1.0)


def test_a_number_of_puts_is_told_as_one(folder: Path) -> None:
    keys = {"portfolio_delta": "100000", "put_delta": "-0.25", "multiplier": "100"}
    found = outcome_of(folder, {}, rule="put_count", parameters=keys)
    assert f"hold {found.multiplier.iloc[-1]:,.1f} puts" in found.verdict
    assert "base hedge" not in found.verdict
