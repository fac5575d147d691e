"""Smiles written in a study: what they give, how a simulation is marked by them, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.engine import SimulateOptions, simulate
from hedgerow.errors import HedgerowError
from hedgerow.hedgers import DeltaHedger
from hedgerow.instruments import Book, EuropeanOption, MarketState, Underlying
from hedgerow.pricing import sabr, svi
from hedgerow.scenarios import GBM, StickyStrike
from hedgerow.study import SimulateStudy, run_simulate_study
from hedgerow.study.hedging.smiles import smile_of
from hedging_cases import POSITION, SIMULATE

TABLE = {"table": {"strikes": [80, 100, 120], "volatilities": [0.30, 0.20, 0.16]}}
STRIKES = np.array([85.0, 100.0, 115.0])


def words(smile: Any, kind: str = "sticky_strike", **change: Any) -> dict[str, Any]:
    scenario = {"gbm": {"volatility": 0.2, "drift": 0.0, "implied": {kind: {"smile": smile}}}}
    return {**SIMULATE, "hedger": "delta", "policy": "every_day", "costs": [], "scenario": scenario, **change}


def test_slices_give_what_their_formulas_give() -> None:
    raw = {"level": 0.01, "slope": 0.1, "correlation": -0.4, "shift": 0.0, "curvature": 0.2}
    found = smile_of({"svi": {**raw, "forward": 100, "years": 0.5}}).volatility(STRIKES, 0.1)
    np.testing.assert_allclose(found, svi.volatility(np.log(STRIKES / 100.0), 0.5, svi.SVI(**raw)))
    shape = {"beta": 0.5, "correlation": -0.3, "vol_of_vol": 0.4}
    found = smile_of({"sabr": {"vol": 2.0, **shape, "forward": 100, "years": 0.5}}).volatility(STRIKES, 0.1)
    np.testing.assert_allclose(found, sabr.volatility(100.0, STRIKES, 0.5, 2.0, **shape))


def test_study_with_a_sticky_smile_is_the_call_in_python() -> None:
    outcome = run_simulate_study(SimulateStudy.model_validate(words(TABLE, steps=5)))
    market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.2, rate=0.03)})
    smile = smile_of(TABLE)
    result = simulate(
        Book([(EuropeanOption("XYZ", "call", 100.0, "2027-02-19", multiplier=100), -10)]),
        scenario=GBM(market, volatility=0.2, drift=0.0, implied=StickyStrike(smile)),
        hedger=DeltaHedger(),
        n_paths=200,
        n_steps=5,
        seed=1,
        options=SimulateOptions(),
    )
    np.testing.assert_array_equal(outcome.result.pnl, result.pnl)


@pytest.mark.parametrize("kind", ["sticky_strike", "sticky_delta"])
def test_premium_at_the_start_is_that_of_the_smile_and_of_the_paths(kind: str) -> None:
    away = [{**POSITION, "strike": 80}]
    outcome = run_simulate_study(SimulateStudy.model_validate(words(TABLE, kind, book=away, steps=5)))
    market = MarketState("2026-11-20", {"XYZ": Underlying(100.0, 0.30, rate=0.03)})
    expected = -outcome.book.value(market)
    assert outcome.figures["premium at the start"] == pytest.approx(expected)
    assert -outcome.path["value"].iloc[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("smile", "sentence"),
    [
        ({"tabel": {}}, "did you mean 'table'"),
        ({"table": {"strikes": [100, 90], "volatilities": [0.2, 0.2]}}, "must rise"),
        ({"table": {"strikes": [90, 100], "volatilities": [0.2]}}, "as many volatilities"),
        ({"table": {"strikes": [90, 100], "volatilities": [0.2, 0]}}, "above 0"),
        (
            {"sabr": {"vol": 2.0, "beta": 0.5, "correlation": -0.3, "vol_of_vol": 0.4, "forward": 0, "years": 1}},
            "forward",
        ),
        ({"svi": {"level": 0.01, "slope": 0.1}}, "needs correlation"),
    ],
)
def test_broken_smile_is_one_sentence(smile: Any, sentence: str) -> None:
    with pytest.raises((HedgerowError, ValueError), match=sentence):
        SimulateStudy.model_validate(words(smile))
