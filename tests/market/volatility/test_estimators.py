"""Claims of the estimators' table, held against simulated sessions and against exact arithmetic of one bar."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.market.volatility import ESTIMATORS, estimator_table, realised_estimate, realised_volatility
from market.volatility.sessions import daily_bars

WINDOW = 21
SEES_NO_GAP = [name for name, facts in ESTIMATORS.items() if facts.gap_share == 0.0]
DAY = 0.01


def window_variances(bars: pd.DataFrame, estimator: str) -> np.ndarray:
    """Return the daily variance over separate windows of 21 bars, in units of the true variance."""
    rolling = realised_volatility(bars, estimator=estimator, window=WINDOW, periods_per_year=1.0)
    return np.square(rolling.to_numpy()[WINDOW::WINDOW]) / DAY**2


@pytest.fixture(scope="module")
def watched() -> pd.DataFrame:
    return daily_bars(np.random.default_rng(7), 63_000, steps=32)


@pytest.mark.parametrize("estimator", list(ESTIMATORS))
def test_estimator_on_a_diffusion_is_unbiased_and_as_efficient_as_stated(watched, estimator) -> None:
    found = window_variances(watched, estimator)
    assert found.mean() == pytest.approx(1.0, abs=0.012)
    efficiency = window_variances(watched, "close_to_close").var() / found.var()
    assert efficiency == pytest.approx(ESTIMATORS[estimator].efficiency, rel=0.08)


@pytest.mark.parametrize("estimator", list(ESTIMATORS))
def test_estimator_with_drift_has_the_bias_stated(estimator) -> None:
    bars = daily_bars(np.random.default_rng(8), 30_000, steps=32, drift=0.5)
    bias = window_variances(bars, estimator).mean() - 1.0
    assert bias == pytest.approx(ESTIMATORS[estimator].drift_bias, abs=0.02)


@pytest.mark.parametrize("estimator", list(ESTIMATORS))
def test_estimator_of_a_hundred_trades_a_session_has_the_bias_stated(estimator) -> None:
    bars = daily_bars(np.random.default_rng(9), 20_000, steps=100, between_trades=False)
    bias = window_variances(bars, estimator).mean() - 1.0
    assert bias == pytest.approx(ESTIMATORS[estimator].discrete_bias, abs=0.02)


@pytest.mark.parametrize("estimator", list(ESTIMATORS))
def test_estimator_with_overnight_variance_counts_the_share_of_gaps_stated(estimator) -> None:
    bars = daily_bars(np.random.default_rng(10), 30_000, steps=32, gap=0.25)
    found = window_variances(bars, estimator).mean()
    assert found == pytest.approx(0.75 + 0.25 * ESTIMATORS[estimator].gap_share, abs=0.02)


@pytest.mark.parametrize("estimator", list(ESTIMATORS))
def test_lone_jump_in_a_session_counts_by_the_share_stated(estimator) -> None:
    bars = pd.DataFrame(100.0, pd.bdate_range("2024-01-01", periods=22), ["open", "high", "low", "close"])
    bars.loc[bars.index[10], ["high", "close"]] *= np.exp(0.05)
    bars.iloc[11:] *= np.exp(0.05)
    rolling = realised_volatility(bars, estimator=estimator, window=21, periods_per_year=21.0)
    assert rolling.iloc[-1] ** 2 / 0.05**2 == pytest.approx(ESTIMATORS[estimator].jump_share, abs=5e-4)


@pytest.mark.parametrize("estimator", list(ESTIMATORS))
def test_lone_gap_at_the_open_counts_by_the_share_stated(estimator) -> None:
    bars = pd.DataFrame(100.0, pd.bdate_range("2024-01-01", periods=22), ["open", "high", "low", "close"])
    bars.iloc[10:] *= np.exp(-0.05)
    rolling = realised_volatility(bars, estimator=estimator, window=21, periods_per_year=21.0)
    assert rolling.iloc[-1] ** 2 / 0.05**2 == pytest.approx(ESTIMATORS[estimator].gap_share, abs=1e-12)


def test_table_of_estimators_has_a_row_for_each_and_every_fact() -> None:
    table = estimator_table()
    assert list(table.index) == list(ESTIMATORS)
    assert not table.isna().any(axis=None)
    assert table.loc["parkinson", "fields"] == ("high", "low")


def test_table_of_estimators_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ESTIMATORS["parkinson"] = ESTIMATORS["yang_zhang"]  # type: ignore[index]


@pytest.mark.parametrize("estimator", SEES_NO_GAP)
def test_estimator_blind_to_gaps_needs_no_previous_close(estimator) -> None:
    assert not ESTIMATORS[estimator].needs_previous_close
    bars = daily_bars(np.random.default_rng(11), 10)
    assert realised_estimate(bars, estimator=estimator).n_bars == 10
