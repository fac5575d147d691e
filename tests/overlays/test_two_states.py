"""The two-state chain: shares, durations, forecasts against matrix powers; chances counted; refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.overlays import TwoStateChain, counted_transitions

chances = st.floats(0.001, 1.0)


def test_chain_of_5_and_15_per_cent_is_high_a_quarter_of_the_time() -> None:
    chain = TwoStateChain(0.05, 0.15)
    assert chain.high_share == pytest.approx(0.25, rel=1e-14)
    assert chain.expected_low_days == 20.0
    assert chain.expected_high_days == pytest.approx(20.0 / 3.0, rel=1e-14)
    assert chain.persistence == pytest.approx(0.8, rel=1e-14)
    np.testing.assert_allclose(chain.intensity([0.0, 1.0, 0.25]), [0.2, 3.4, 1.0], rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(up=chances, down=chances, today=st.floats(0.0, 1.0), days=st.integers(1, 30))
def test_chain_forecast_equals_the_power_of_its_matrix(up, down, today, days) -> None:
    matrix = np.array([[1.0 - up, up], [down, 1.0 - down]])
    expected = (np.array([1.0 - today, today]) @ np.linalg.matrix_power(matrix, days))[1]
    chain = TwoStateChain(up, down)
    np.testing.assert_allclose(chain.forecast(today, days), expected, atol=1e-12)
    np.testing.assert_allclose(chain.forecast(chain.high_share, days), chain.high_share, atol=1e-12)


def test_chain_that_never_stays_high_forecasts_exactly_zero_from_there() -> None:
    assert TwoStateChain(0.5, 1.0).forecast(1.0) == 0.0
    assert np.isnan(TwoStateChain(0.5, 1.0).forecast(np.nan))


def test_counted_transitions_equal_the_count_by_hand_and_a_tie_is_low() -> None:
    counted = counted_transitions([20, 25, 26, 30, 25, 24, 40])
    assert (counted.low_rows, counted.high_rows, counted.low_to_high, counted.high_to_low) == (4, 2, 2, 1)
    assert counted.chain == TwoStateChain(0.5, 0.5)
    np.testing.assert_allclose(counted.errors, [0.25, np.sqrt(0.125)], rtol=1e-14)


def test_counted_transitions_of_the_real_index_are_not_those_of_the_text() -> None:
    vix = pd.read_csv(shared_data("vix_index_daily.csv"), index_col=0, parse_dates=True)["close"]
    counted = counted_transitions(vix, 25.0)
    assert counted.chain.p_low_high == pytest.approx(0.0216, abs=1e-4)  # text: 0.05
    assert counted.chain.p_high_low == pytest.approx(0.0972, abs=1e-4)  # text: 0.15
    assert counted.chain.high_share == pytest.approx(0.18, abs=0.005)  # requirements 8: 18 % of days


@pytest.mark.parametrize("levels", [[10.0] * 9, [10.0, 30.0, 30.0], [30.0, 10.0, 10.0]])
def test_counted_transitions_without_both_changes_refused(levels) -> None:
    with pytest.raises(DataError, match="both are needed: choose another level"):
        counted_transitions(levels)


def test_counted_transitions_with_gaps_refused() -> None:
    with pytest.raises(DataError, match="the levels have 1 gaps"):
        counted_transitions([10.0, float("nan"), 30.0])


def test_chain_that_never_leaves_a_state_and_forecast_of_no_day_refused() -> None:
    with pytest.raises(InputError, match="p_high_low of a two-state chain must be a number, above 0 and at most 1"):
        TwoStateChain(0.05, 0.0)
    with pytest.raises(InputError, match="days of forecast must be a whole number of signal dates, 1 or more"):
        TwoStateChain(0.05, 0.15).forecast(0.5, 0)
