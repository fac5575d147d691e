"""Stochastic dominance: its definition on a grid, and samples of a known order."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.effectiveness import dominance
from hedgerow.errors import DataError, InputError

ONE, OTHER = np.random.default_rng(0).normal(size=(2, 300))


def test_distribution_functions_and_integral_are_those_of_the_definition() -> None:
    found = dominance(ONE, OTHER, points=50)
    for place, level in enumerate(found.levels):
        assert found.chosen[place] == np.mean(level >= ONE)
        assert found.all[place] == np.mean(level >= OTHER)
        fell_short = np.maximum(level - OTHER, 0.0).mean() - np.maximum(level - ONE, 0.0).mean()
        assert found.second_order[place] == pytest.approx(fell_short, abs=1e-12)


def test_a_shift_up_dominates_at_first_order_and_a_shift_down_not_at_all() -> None:
    up, down = dominance(ONE + 0.1, ONE), dominance(ONE - 0.1, ONE)
    assert (up.first_order_holds, up.second_order_holds) == (True, True)
    assert (down.first_order_holds, down.second_order_holds) == (False, False)


def test_less_spread_about_the_same_mean_dominates_at_second_order_only() -> None:
    centred = ONE - ONE.mean()
    found = dominance(0.5 * centred, centred)
    assert (found.first_order_holds, found.second_order_holds) == (False, True)


@pytest.mark.parametrize("unit", [1.0, 1e-9, 1e9])
def test_the_same_sample_dominates_itself_in_any_unit(unit: float) -> None:
    found = dominance(unit * ONE, unit * ONE[::-1])
    assert found.first_order_holds
    assert found.second_order_holds


def test_empty_samples_and_a_grid_of_one_point_are_refused() -> None:
    with pytest.raises(DataError, match="must have a value"):
        dominance([], [1.0])
    with pytest.raises(InputError, match="points"):
        dominance([1.0], [1.0], points=1)
