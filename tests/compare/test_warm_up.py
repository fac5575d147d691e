"""How much past a method needs, and methods as rules from prices to decisions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from compare.races import Leaning, market_of, price_history
from hedgerow.compare import WalkForward, decisions_of, warm_up_drift
from hedgerow.errors import DataError, InputError
from hedgerow.ratios import EWMA, OLS, RollingOLS

MARKET = market_of(price_history(2_101, n_hedges=2))
X, Y = MARKET.hedge_changes, MARKET.exposure_changes


def test_method_with_a_window_does_not_mind_what_came_before_it() -> None:
    table = warm_up_drift(RollingOLS(window=250), X, Y)
    assert list(table.index) == [199, 399, 499, 999, 1999]
    assert np.isnan(table.loc[199, "drift"])
    assert "250 rows" in table.loc[199, "reason"]
    assert (table["drift"].iloc[1:] < 1e-9).all()
    assert (table["reason"].iloc[1:] == "").all()


def test_weighted_ratio_has_warmed_up_after_a_few_half_lives() -> None:
    drift = warm_up_drift(EWMA(halflife=40.0), X, Y)["drift"]
    assert drift.is_monotonic_decreasing
    assert drift[199] > 1e-4
    assert drift[999] < 1e-6


def test_drift_equals_its_definition() -> None:
    table = warm_up_drift(OLS(), X, Y, windows=(300, 5_000))
    whole, late = (OLS().fit(X[-n:], Y[-n:]).hedge_ratio_ for n in (2_100, 300))
    assert list(table.index) == [300]
    assert table.loc[300, "drift"] == pytest.approx(np.max(np.abs(late - whole) / np.abs(whole)))
    np.testing.assert_array_equal(table.loc[300, ["ratio_0", "ratio_1"]].to_numpy(dtype=float), late)


def test_fit_that_failed_has_no_drift_but_a_reason() -> None:
    table = warm_up_drift(Leaning(), X[:2_000], Y[:2_000], windows=(196, 200))
    assert np.isnan(table.loc[196, "drift"])
    assert table.loc[196, "reason"] == "the search stopped early"
    assert np.isfinite(table.loc[200, "drift"])


def test_warm_up_that_cannot_be_measured_refused() -> None:
    with pytest.raises(InputError, match="no longer than 100 rows"):
        warm_up_drift(OLS(), X[:100], Y[:100])
    with pytest.raises(InputError, match="1 row or more"):
        warm_up_drift(OLS(), X, Y, windows=(0, 100))
    with pytest.raises(DataError, match="no ratio from all 700 rows"):
        warm_up_drift(Leaning(), X[:700], Y[:700], windows=(200,))


@pytest.mark.parametrize("changes", ["diff", "percent"])
def test_rule_of_a_method_decides_what_a_fit_to_the_past_says(changes: str) -> None:
    prices = price_history(120).prices
    rule = decisions_of(OLS(), "spot", ["f1"], first=50, walk_forward=WalkForward(refit=10), changes=changes)  # type: ignore[arg-type]
    decisions = rule(prices)
    moves = (prices.diff() if changes == "diff" else prices.pct_change()).iloc[1:]
    assert decisions["f1"].iloc[:50].isna().all()
    for row in (50, 60, 110):
        past = moves.iloc[:row]
        slope = np.polyfit(past["f1"], past["spot"], 1)[0]
        assert decisions["f1"].iloc[row] == pytest.approx(slope)
        assert (decisions["f1"].iloc[row : row + 10] == decisions["f1"].iloc[row]).all()
    assert isinstance(decisions.index, pd.DatetimeIndex)
