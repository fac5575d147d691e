"""Stress paths: exactly what is prescribed, on every path."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.instruments import MarketState, Underlying
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios import NAMED_SHOCKS, FixedVolatility, MeanRevertingVolatility, StressPath
from scenario_cases import GRID, MARKET, SPOT

LONG = TimeGrid.even("2026-11-20 16:00", "2026-12-20 16:00", 30)


@pytest.mark.parametrize("name", NAMED_SHOCKS)
def test_named_shock_is_what_it_says(name: str) -> None:
    moves, vol_moves = NAMED_SHOCKS[name]
    paths = StressPath.named(MARKET, name, at=3).draw(LONG, 2, seed=0)
    np.testing.assert_allclose(paths.spots[0, -1, 0], SPOT * np.prod(1.0 + np.array(moves)))
    np.testing.assert_allclose(paths.vols[0, -1, 0], 0.2 + sum(vol_moves))
    assert (paths.spots[0, :4, 0] == SPOT).all()
    np.testing.assert_array_equal(paths.spots[0], paths.spots[1])


def test_betas_and_drift_change_what_each_underlying_does() -> None:
    two = MarketState("2026-11-20", {"A": Underlying(100.0, 0.2), "B": Underlying(50.0, 0.3)})
    paths = StressPath(two, [-0.1, 0.0], betas={"B": 1.5}, drift={"A": 0.0, "B": 0.2}).draw(GRID, 1, seed=0)
    assert paths.spots[0, 1].tolist() == pytest.approx([90.0, 50.0 * 0.85 * np.exp(0.2 * GRID.steps[0])])
    assert paths.vols[0, -1].tolist() == [0.2, 0.3]


def test_volatility_stops_at_nothing() -> None:
    assert StressPath(MARKET, [0.0], [-0.5]).draw(GRID, 1, seed=0).vols[0, -1, 0] == 0.0


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: StressPath.named(MARKET, "gab"), "shock 'gab' is not known; did you mean 'gap'"),
        (lambda: StressPath(MARKET, [-1.0]), "spot_moves must be above -1"),
        (lambda: StressPath(MARKET, []), "spot_moves must be above -1"),
        (lambda: StressPath(MARKET, [-0.1], [0.1, 0.1]), "vol_moves must be 1 changes, or none"),
        (lambda: StressPath(MARKET, [-0.1], [np.nan]), "vol_moves must be finite"),
        (lambda: StressPath(MARKET, [-0.1], at=-1), "at must be 0 or more"),
        (lambda: StressPath(MARKET, [-0.6], betas={"SPX": 2.0}), "betas of 'SPX' must be such that its price stays"),
        (lambda: StressPath(MARKET, [-0.6], betas={"SPY": 2.0}), "no underlying 'SPY'"),
        (lambda: StressPath(MARKET, [-0.1], antithetic=True), "a stress path is prescribed"),
        (lambda: StressPath(MARKET, [-0.1], implied=MeanRevertingVolatility(0.2, 1.0, 1.0)), "is prescribed"),
        (lambda: StressPath(MARKET, [-0.1], at=8).draw(GRID, 1, seed=0), "the shocks need 9 steps, but the grid has 8"),
    ],
)
def test_bad_input_is_refused(build: Any, sentence: str) -> None:
    assert StressPath(MARKET, [-0.1], implied=FixedVolatility()).spot_moves == (-0.1,)
    with pytest.raises(InputError, match=sentence):
        build()
