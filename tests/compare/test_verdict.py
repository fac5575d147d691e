"""The verdict at its edges: few rows, nothing clever to compare with, equals, and hedges that do not help."""

from __future__ import annotations

import numpy as np
import pytest

from compare.races import market_of, price_history, race
from hedgerow.compare import WalkForward
from hedgerow.costs import HalfSpread
from hedgerow.engine import Execution
from hedgerow.ratios import EWMA, OLS, ExpandingOLS, Fixed, Naive, RatioEstimator, RollingOLS


def verdict(methods: dict[str, RatioEstimator], n: int = 401, **market: float) -> str:
    return race(market_of(price_history(n, **market)), methods).verdict  # type: ignore[arg-type]


def test_verdict_few_rows_without_intervals_says_so() -> None:
    result = race(market_of(price_history(8)), {"naive": Naive()}, walk_forward=WalkForward(train=0.7))
    assert not np.isfinite(result.table["low"].iloc[0])
    assert result.verdict.startswith("Too few rows were judged (3) to say whether any hedge helps")


def test_verdict_only_naive_names_it_and_nothing_else() -> None:
    said = verdict({"naive": Naive()})
    assert said.startswith("naive removes")
    assert "beats" not in said


@pytest.mark.parametrize(
    ("methods", "start"),
    [
        ({"fixed": Fixed(0.8), "naive": Naive()}, "fixed removes"),
        ({"fixed": Fixed(0.1), "naive": Naive()}, "naive beats the fixed ratio here"),
        ({"ols": OLS(), "fixed": Fixed(0.2)}, "ols removes"),
        ({"naive": Naive(), "ewma": EWMA(0.5)}, "Nothing beats the naive ratio of one here"),
        ({"expanding": ExpandingOLS(), "ewma": EWMA(0.5)}, "Nothing beats an OLS ratio on all past rows here"),
        ({"a fixed 0.7": Fixed(0.7), "a fixed 0.2": Fixed(0.2)}, "a fixed 0.7 removes"),
        ({"rolling": RollingOLS(60), "ewma": EWMA(0.5)}, "rolling removes"),
    ],
)
def test_verdict_measures_against_the_simplest_that_was_run(methods: dict[str, RatioEstimator], start: str) -> None:
    ratio, noise = (0.8, 0.3) if "naive" not in methods or "fixed" in methods else (1.0, 0.3)
    assert verdict(methods, ratio=ratio, noise=noise).startswith(start)


def test_verdict_same_method_twice_is_no_winner() -> None:
    said = verdict({"ols": OLS(), "ols again": OLS()})
    assert said.startswith("Nothing beats a constant OLS ratio here")


def test_verdict_hedge_that_adds_risk_says_no() -> None:
    assert verdict({"wrong way": Fixed(-1.0)}).startswith("No hedge is shown to help here: the best, wrong way")


def test_verdict_costs_above_the_gain_say_no() -> None:
    market = market_of(price_history(noise=3.0))
    execution = Execution(costs=HalfSpread(500.0))
    assert race(market, {"ewma": EWMA(0.7)}, execution=execution).verdict.startswith("No hedge is shown to help here")
