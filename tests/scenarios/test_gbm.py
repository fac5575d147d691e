"""Geometric Brownian motion: the moments of its logarithm, at steps of any length."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hedgerow.instruments import MarketState, Underlying
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios import GBM
from scenario_cases import GRID, GROWTH, MARKET, SPOT

UNEVEN = TimeGrid(pd.DatetimeIndex(["2026-11-20 16:00", "2026-11-21 16:00", "2026-12-31 16:00", "2027-11-20 16:00"]))


@pytest.mark.parametrize("grid", [GRID, UNEVEN], ids=["even", "uneven"])
def test_logarithm_is_normal_with_the_drift_and_volatility_of_the_law(grid: TimeGrid) -> None:
    n, years = 20_000, grid.years[-1]
    logs = np.log(GBM(MARKET, 0.3).draw(grid, n, seed=8).spots[:, -1, 0] / SPOT)
    deviation = 0.3 * np.sqrt(years)
    standard = (logs - (GROWTH - 0.045) * years) / deviation
    assert stats.kstest(standard, "norm").pvalue > 1e-3
    assert abs(standard.mean()) < 4.0 / np.sqrt(n)
    assert abs(standard.var() - 1.0) < 4.0 * np.sqrt(2.0 / n)


def test_steps_are_independent() -> None:
    moves = np.diff(np.log(GBM(MARKET).draw(GRID, 5000, seed=8).spots[:, :, 0]), axis=1)
    np.testing.assert_allclose(np.corrcoef(moves.T), np.eye(GRID.n_steps), atol=4.5 / np.sqrt(5000))


def test_no_volatility_leaves_the_forward() -> None:
    spots = GBM(MARKET, 0.0).draw(GRID, 2, seed=8).spots[0, :, 0]
    np.testing.assert_allclose(spots, SPOT * np.exp(GROWTH * GRID.years), rtol=1e-14)


def test_volatility_is_the_market_s_its_own_or_its_surface_at_the_money() -> None:
    assert GBM(MARKET).volatility_of("SPX") == 0.2
    assert GBM(MARKET, {"SPX": 0.4}).volatility_of("SPX") == 0.4
    curved = Underlying(100.0, lambda strike, years, forward: 0.25 + 0.01 * (strike / 100.0 - 1.0) ** 2)
    assert GBM(MarketState("2026-11-20", {"A": curved})).volatility_of("A") == pytest.approx(0.25)


def test_volatility_of_paths_may_differ_from_the_mark_of_options() -> None:
    paths = GBM(MARKET, 0.4).draw(GRID, 3, seed=1)
    assert (paths.vols == 0.2).all()
    unmarked = MarketState("2026-11-20", {"A": Underlying(100.0)})
    assert (GBM(unmarked, 0.4).draw(GRID, 3, seed=1).vols == 0.4).all()
