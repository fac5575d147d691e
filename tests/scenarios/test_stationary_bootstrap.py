"""The stationary bootstrap: every past row alike, blocks of the length asked for, rows side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow._types import FloatArray
from hedgerow.errors import InputError
from hedgerow.instruments import MarketState, Underlying
from hedgerow.market.history import History
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios import StationaryBootstrap
from scenario_cases import MARKET

DAYS = TimeGrid.even("2026-11-20 16:00", "2027-01-19 16:00", 60)
SAMPLE = np.arange(40) / 1000.0
N = 1500


def rows_taken(scenario: StationaryBootstrap) -> FloatArray:
    """Return which rows paths took, told by returns that count up."""
    moves = np.diff(np.log(scenario.draw(DAYS, N, seed=3).spots[:, :, 0]), axis=1)
    return np.rint(1000.0 * moves)


def test_every_row_is_taken_alike() -> None:
    rows = rows_taken(StationaryBootstrap(MARKET, SAMPLE, mean_block=5.0, recentre=False))
    assert rows.min() == 0.0
    assert rows.max() == 39.0
    shares = np.bincount(rows.astype(int).ravel(), minlength=40) / rows.size
    np.testing.assert_allclose(shares, 1.0 / 40.0, rtol=0.12)


@pytest.mark.parametrize("mean_block", [1.0, 5.0, 20.0])
def test_blocks_have_the_mean_length_asked_for(mean_block: float) -> None:
    rows = rows_taken(StationaryBootstrap(MARKET, SAMPLE, mean_block=mean_block, recentre=False))
    follows = (rows[:, 1:] == (rows[:, :-1] + 1.0) % 40.0).mean()
    # a new block begins at the next row by chance, one time in 40
    wanted = 1.0 - 1.0 / mean_block + 1.0 / mean_block / 40.0
    assert follows == pytest.approx(wanted, abs=4.0 * 0.5 / np.sqrt(rows[:, 1:].size))


def test_recentred_returns_grow_as_the_drift_says() -> None:
    moves = np.diff(np.log(StationaryBootstrap(MARKET, SAMPLE, mean_block=3.0).draw(DAYS, N, seed=3).spots[:, :, 0]))
    factors = np.unique(moves[:, 0].round(12))
    assert len(factors) == 40
    np.testing.assert_allclose(np.exp(factors).mean(), np.exp(0.015 * DAYS.steps[0]), rtol=1e-9)


def test_underlyings_take_the_same_rows() -> None:
    two = MarketState("2026-11-20", {"A": Underlying(100.0, 0.2), "B": Underlying(50.0, 0.3)})
    scenario = StationaryBootstrap(two, {"A": SAMPLE, "B": -2.0 * SAMPLE}, mean_block=4.0, recentre=False)
    moves = np.diff(np.log(scenario.draw(DAYS, 100, seed=3).spots), axis=1)
    np.testing.assert_allclose(moves[..., 1], -2.0 * moves[..., 0], atol=1e-12)


def test_history_gives_its_returns() -> None:
    prices = pd.DataFrame({"SPX": np.exp(np.cumsum(SAMPLE))}, index=pd.bdate_range("2020-01-01", periods=40))
    scenario = StationaryBootstrap.of(MARKET, History(prices), mean_block=2.0)
    np.testing.assert_allclose(scenario.returns["SPX"], SAMPLE[1:], atol=1e-12)
    assert scenario.mean_block == 2.0


def test_bad_input_is_refused() -> None:
    two = MarketState("2026-11-20", {"A": Underlying(100.0, 0.2), "B": Underlying(50.0, 0.3)})
    with pytest.raises(InputError, match="mean_block must be 1 or more"):
        StationaryBootstrap(MARKET, SAMPLE, mean_block=0.5)
    with pytest.raises(InputError, match="returns must be given by underlying"):
        StationaryBootstrap(two, SAMPLE)
    with pytest.raises(InputError, match="returns has no column for underlying 'B'"):
        StationaryBootstrap(two, {"A": SAMPLE})
    with pytest.raises(InputError, match="no underlying 'SPY'"):
        StationaryBootstrap(MARKET, {"SPY": SAMPLE})
    with pytest.raises(InputError, match=r"returns must have one length, not \[39, 40\]"):
        StationaryBootstrap(two, {"A": SAMPLE, "B": SAMPLE[1:]})
    with pytest.raises(InputError, match="needs 2 numbers or more in one column"):
        StationaryBootstrap(MARKET, [0.01])
    prices = pd.DataFrame({"SPX": [1.0, 2.0]}, index=pd.bdate_range("2020-01-01", periods=2))
    with pytest.raises(InputError, match="column names one series"):
        StationaryBootstrap.of(two, History(prices), "SPX")
