"""Drawdowns: an independent walk through the rows, dates by hand, and what lies before is never touched."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.effectiveness import drawdown_series, max_drawdown, worst_drawdown
from hedgerow.effectiveness.drawdowns import Drawdown, Kind
from hedgerow.errors import DataError, InputError

RETURNS = np.random.default_rng(3).normal(0.0, 0.02, 300)


def walked(returns: np.ndarray) -> list[float]:
    """Return relative drawdowns one row at a time."""
    wealth = peak = 1.0
    found = []
    for one in returns:
        wealth *= 1.0 + one
        peak = max(peak, wealth)
        found.append((peak - wealth) / peak)
    return found


def test_drawdown_series_is_that_of_a_walk_and_the_worst_is_its_largest() -> None:
    found = drawdown_series(RETURNS)
    np.testing.assert_allclose(found, walked(RETURNS), atol=1e-12)
    assert worst_drawdown(RETURNS).depth == pytest.approx(max(walked(RETURNS)), abs=1e-12)
    assert drawdown_series(RETURNS, kind="money").max() == pytest.approx(max_drawdown(RETURNS), abs=1e-15)


def test_dates_of_the_deepest_fall_are_its_peak_trough_and_recovery() -> None:
    days = pd.bdate_range("2020-01-01", periods=7)
    changes = pd.Series([1.0, 1.0, -3.0, 1.0, 2.0, -1.0, 0.5], days)
    assert worst_drawdown(changes, kind="money") == Drawdown(3.0, days[1], days[2], days[4], 3)
    returns = pd.Series([0.25, -0.2, -0.5, 1.5, 0.0, -0.1, 0.0], days)
    assert worst_drawdown(returns) == Drawdown(pytest.approx(0.6), days[0], days[2], days[3], 3)


def test_a_peak_at_the_start_and_a_recovery_not_yet_seen_are_none() -> None:
    assert worst_drawdown([-0.1, 0.05]) == Drawdown(pytest.approx(0.1), None, 0, None, 2)
    assert worst_drawdown([0.1, 0.0, 0.2]) == Drawdown(0.0, None, None, None, 0)
    assert np.isnan(worst_drawdown([]).depth)


def test_equal_depths_give_the_first_and_a_flat_top_gives_its_last_row() -> None:
    assert worst_drawdown([1.0, 0.0, -1.0, 1.0, -1.0], kind="money") == Drawdown(1.0, 1, 2, 3, 2)


@pytest.mark.parametrize("unit", [1.0, 1e-9, 1e9])
def test_a_recovery_to_the_same_peak_is_seen_whatever_the_last_digit(unit: float) -> None:
    changes = np.array([0.1, 0.2, -0.7, 0.3, 0.4]) * unit  # 0.1 + 0.2 - 0.7 + 0.3 + 0.4 is 0.3 but for rounding
    assert worst_drawdown(changes, kind="money").recovery == 4


@pytest.mark.parametrize("kind", ["returns", "money"])
def test_drawdowns_do_not_see_what_comes_after(kind: Kind) -> None:
    changed = np.concatenate([RETURNS[:200], -RETURNS[200:] * 3.0])
    before, after = drawdown_series(RETURNS, kind=kind), drawdown_series(changed, kind=kind)
    assert before[:200].tolist() == after[:200].tolist()


def test_relative_drawdown_does_not_mind_a_scale_of_wealth_and_money_grows_with_it() -> None:
    assert worst_drawdown(2.0 * RETURNS, kind="money").depth == 2.0 * worst_drawdown(RETURNS, kind="money").depth
    assert worst_drawdown([0.5, -1.0]).depth == 1.0


def test_another_kind_and_money_read_as_returns_are_refused() -> None:
    with pytest.raises(InputError, match="kind must be one of returns, money"):
        drawdown_series([0.1], kind="percent")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="below -1"):
        drawdown_series([1.0, -3.0])
