"""Realised-volatility feedback: the formula by hand, the library's own estimator, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from data import shared_data
from hedgerow.errors import DataError, InputError
from hedgerow.market.volatility import realised_volatility
from hedgerow.overlays import RealisedVolatility, Signals
from overlay_rule_cases import signals_of


def zigzag(move: float, n: int) -> list[float]:
    return list(100.0 * np.exp(move * np.resize([0.0, 1.0], n)))


def test_realised_volatility_of_25_per_cent_over_a_target_of_15_is_one_and_two_thirds() -> None:
    signals = signals_of(price=zigzag(0.25 / np.sqrt(252.0), 22))
    multiplier = RealisedVolatility(0.15, 20).multiplier(signals)
    np.testing.assert_allclose(multiplier[20:], 0.25 / 0.15, rtol=1e-12)
    assert np.isnan(multiplier[:20]).all()


def test_realised_volatility_takes_the_mean_for_zero() -> None:
    steady = signals_of(price=list(100.0 * 1.01 ** np.arange(6)))
    expected = np.sqrt(252.0) * np.log(1.01) / 0.15
    np.testing.assert_allclose(RealisedVolatility(0.15, 5).multiplier(steady)[5:], expected, rtol=1e-12)


def test_realised_volatility_on_the_index_equals_the_estimator_over_the_target() -> None:
    price = pd.read_csv(shared_data("spy_daily.csv"), index_col=0, parse_dates=True)["adj_close"]
    own = RealisedVolatility(0.15, 20).multiplier(Signals.of({"price": price}))
    estimator = realised_volatility(price, estimator="close_to_close", window=20).to_numpy()
    np.testing.assert_allclose(own, estimator / 0.15, rtol=1e-14)


def test_realised_volatility_one_price_too_few_is_all_warm_up() -> None:
    rule = RealisedVolatility(0.15, 20)
    assert np.isnan(rule.multiplier(signals_of(price=zigzag(0.01, 20)))).all()
    assert np.isfinite(rule.multiplier(signals_of(price=zigzag(0.01, 21)))[-1])


@settings(max_examples=40, deadline=None)
@given(moves=st.lists(st.floats(-0.2, 0.2), min_size=5, max_size=30), size=st.floats(0.1, 3.0))
def test_realised_volatility_is_proportional_to_the_moves_and_never_negative(moves, size) -> None:
    one, other = (signals_of(price=list(100.0 * np.exp(np.cumsum(np.multiply(moves, k))))) for k in (1.0, size))
    rule = RealisedVolatility(0.15, 4)
    np.testing.assert_allclose(rule.multiplier(other), size * rule.multiplier(one), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("target", [0.0, -0.15, float("inf"), 15, "0.15", True])
def test_realised_volatility_target_that_is_none_refused(target) -> None:
    with pytest.raises(InputError, match=r"target of RealisedVolatility must be a number, above 0 and at most 3"):
        RealisedVolatility(target)


@pytest.mark.parametrize("window", [1, 0, 20.0, True, "20"])
def test_realised_volatility_window_that_is_none_refused(window) -> None:
    with pytest.raises(InputError, match=r"window of RealisedVolatility must be a whole number of signal dates, 2"):
        RealisedVolatility(0.15, window)


def test_realised_volatility_negative_price_refused_with_its_date() -> None:
    signals = signals_of(oil=[10.0, -37.0, 12.0])
    with pytest.raises(DataError, match="'oil' is -37 on 2024-01-02; a return needs prices above 0"):
        RealisedVolatility(0.15, 2, "oil").multiplier(signals)
