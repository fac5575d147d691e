"""Sortino, Calmar, Omega and win rate: hand values and formulas written out again over pandas."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd
import pytest

from hedgerow.effectiveness import calmar_ratio, omega_ratio, sortino_ratio, win_rate
from hedgerow.errors import InputError

FOUR = [0.01, -0.02, 0.03, -0.01]
RETURNS = pd.Series(np.random.default_rng(2).standard_t(4, 800) * 0.01)


def test_sortino_counts_all_rows_in_the_downside() -> None:
    assert sortino_ratio(FOUR) == pytest.approx(0.0025 / sqrt(0.0005 / 4.0) * sqrt(252.0), abs=1e-10)
    assert sortino_ratio(FOUR) == pytest.approx(3.55, abs=0.005)
    assert sortino_ratio(FOUR) != pytest.approx(7.94, abs=0.5)  # what the shortfalls' standard deviation would give


def test_sortino_is_the_mean_excess_over_the_root_mean_square_shortfall() -> None:
    excess = RETURNS - 0.05 / 252
    downside = sqrt((excess.clip(upper=0.0) ** 2).sum() / len(RETURNS) * 252)
    assert sortino_ratio(RETURNS, target=0.05) == pytest.approx(excess.mean() * 252 / downside, abs=1e-10)


def test_calmar_is_growth_over_the_deepest_fall() -> None:
    wealth = (1.0 + RETURNS).cumprod()
    fall = float((1.0 - wealth / wealth.cummax().clip(lower=1.0)).max())
    growth = float(wealth.iloc[-1]) ** (252 / 800) - 1.0
    assert calmar_ratio(RETURNS) == pytest.approx(growth / fall, abs=1e-10)
    assert calmar_ratio([3.0, -1.0, 2.0], kind="money") == pytest.approx(4.0 / 3.0 * 252)


def test_sortino_does_not_mind_the_unit() -> None:
    for unit in (1e-200, 1e6):
        assert sortino_ratio(unit * RETURNS) == pytest.approx(sortino_ratio(RETURNS), rel=1e-12)


def test_omega_is_the_quotient_of_gains_and_losses_about_the_target() -> None:
    excess = RETURNS - 0.1 / 252
    expected = excess[excess > 0].sum() / -excess[excess < 0].sum()
    assert omega_ratio(RETURNS, target=0.1) == pytest.approx(expected, abs=1e-10)
    assert omega_ratio(RETURNS, target=RETURNS.mean() * 252) == pytest.approx(1.0, abs=1e-12)


def test_ratios_fall_as_the_target_rises() -> None:
    for ratio in (sortino_ratio, omega_ratio):
        assert ratio(RETURNS, 0.1) < ratio(RETURNS, 0.0) < ratio(RETURNS, -0.1)


def test_win_rate_leaves_rows_without_a_move_aside() -> None:
    assert win_rate([0.0, 0.0, 1.0, -1.0, 2.0, 3.0]) == 0.75
    assert win_rate(-RETURNS) == pytest.approx(1.0 - win_rate(RETURNS))


def test_records_that_never_fall_or_move_have_no_ratio() -> None:
    rising = [0.01, 0.02]
    assert np.isnan([sortino_ratio(rising), calmar_ratio(rising), omega_ratio(rising), win_rate([0.0])]).all()


def test_a_target_that_is_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="target must be a finite number per year"):
        sortino_ratio(FOUR, target=np.inf)
