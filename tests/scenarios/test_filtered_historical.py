"""Filtered historical simulation: the fit, its innovations, and paths that draw them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.instruments import MarketState, Underlying
from hedgerow.market.history import History
from hedgerow.market.time_grid import TimeGrid
from hedgerow.scenarios import FilteredHistorical
from hedgerow.scenarios.filtered_historical import FilteredReturns, filter_returns
from scenario_cases import MARKET, past_returns, scenario

DAYS = TimeGrid.even("2026-11-20 16:00", "2026-12-20 16:00", 30)
FHS = scenario("filtered historical")
assert isinstance(FHS, FilteredHistorical)


def test_innovations_are_standardised_and_less_bursty_than_returns() -> None:
    fit = FHS.fits["SPX"]
    assert fit.innovations.mean() == pytest.approx(0.0, abs=1e-12)
    assert fit.innovations.std() == pytest.approx(1.0)
    assert 0.5 < fit.alpha + fit.beta + 0.5 * fit.gamma < 1.0
    left, raw = fit.innovations**2, (past_returns() - past_returns().mean()) ** 2
    assert np.corrcoef(left[1:], left[:-1])[0, 1] < np.corrcoef(raw[1:], raw[:-1])[0, 1]


def test_variance_forecast_is_the_recursion_from_the_last_return() -> None:
    values = past_returns()
    fit = filter_returns(values, asymmetric=False)
    assert fit.gamma == 0.0
    centred = values - values.mean()
    variance = np.var(values)
    for each in centred:
        variance = fit.omega + fit.alpha * each**2 + fit.beta * variance
    assert fit.next_variance == pytest.approx(variance, rel=0.02)


def test_first_moves_are_innovations_at_the_forecast_variance() -> None:
    fit = FHS.fits["SPX"]
    moves = np.diff(np.log(FHS.draw(DAYS, 3000, seed=1).spots[:, :2, 0]), axis=1)[:, 0]
    sizes = moves / np.sqrt(fit.next_variance)
    distances = np.subtract.outer(np.unique(sizes.round(9)), fit.innovations)
    shift = np.median(np.sort(sizes)) - np.median(fit.innovations)
    nearest = np.abs(distances - shift).min(axis=1)
    assert nearest.max() < 0.2
    assert sizes.std() == pytest.approx(1.0, rel=0.06)
    assert ((sizes - sizes.mean()) ** 3).mean() < -0.3  # the sample's own skew


def test_history_s_column_is_what_is_fitted() -> None:
    prices = 100.0 * np.exp(np.cumsum(past_returns()))
    days = pd.bdate_range("2020-01-01", periods=len(prices))
    history = History(pd.DataFrame({"close": prices, "SPX": prices**0.5}, index=days))
    named = FilteredHistorical.of(MARKET, history, "close")
    np.testing.assert_allclose(named.returns["SPX"], past_returns()[1:], atol=1e-12)
    own = FilteredHistorical.of(MARKET, history)
    np.testing.assert_allclose(own.returns["SPX"], 0.5 * past_returns()[1:], atol=1e-12)


def test_underlyings_draw_the_same_row() -> None:
    two = MarketState("2026-11-20", {"A": Underlying(100.0, 0.2), "B": Underlying(50.0, 0.3)})
    values = past_returns()
    paths = FilteredHistorical(two, {"A": values, "B": 2.0 * values}).draw(DAYS, 200, seed=1)
    moves = np.diff(np.log(paths.spots), axis=1).reshape(-1, 2)
    assert np.corrcoef(moves.T)[0, 1] > 0.99


def test_fit_of_one_s_own_takes_innovations_of_any_law() -> None:
    coin = FilteredReturns(0.0, 0.0, 0.0, 1.0, 1e-4, np.tile([-1.0, 1.0], 50))
    moves = np.diff(np.log(FilteredHistorical(MARKET, coin).draw(DAYS, 400, seed=1).spots[:, :, 0]), axis=1)
    sizes = moves - 0.015 * DAYS.steps + np.log(np.cosh(0.01))
    np.testing.assert_allclose(np.abs(sizes), 0.01, rtol=1e-6)
    assert abs((sizes > 0.0).mean() - 0.5) < 4.0 * 0.5 / np.sqrt(sizes.size)
    two = MarketState("2026-11-20", {"A": Underlying(100.0, 0.2), "B": Underlying(50.0, 0.3)})
    assert FilteredHistorical(two, {"A": coin, "B": coin}).fits["B"] is coin
    with pytest.raises(InputError, match="returns must be given by underlying"):
        FilteredHistorical(two, coin)
    with pytest.raises(DataError, match="innovations have mean 0 and variance 4, not 0 and 1"):
        FilteredReturns(0.0, 0.0, 0.0, 1.0, 1e-4, np.tile([-2.0, 2.0], 50))


def test_bad_samples_are_refused() -> None:
    with pytest.raises(DataError, match="returns needs 100 numbers or more"):
        filter_returns(np.zeros(50))
    with pytest.raises(DataError, match="returns never move"):
        filter_returns(np.zeros(200))
    with pytest.raises(DataError, match="returns of 'SPX' has no number in row 1 of 3"):
        FilteredHistorical(MARKET, [0.1, np.nan, 0.2])
    with pytest.raises(InputError, match="correlation cannot be given to FilteredHistorical"):
        FilteredHistorical(MARKET, past_returns(), correlation=[[1.0]])
    with pytest.raises(InputError, match="antithetic must be False where paths are drawn from a sample"):
        FilteredHistorical(MARKET, past_returns(), antithetic=True)
    falling = History(pd.DataFrame({"SPX": [1.0, -1.0, 2.0]}, index=pd.bdate_range("2020-01-01", periods=3)))
    with pytest.raises(DataError, match="has a price that is not above 0"):
        FilteredHistorical.of(MARKET, falling)
