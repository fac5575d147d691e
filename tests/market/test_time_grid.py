"""Years of a grid of times: worked out once, and nobody can change them for the others."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.market.time_grid import TimeGrid

GRID = TimeGrid.even("2026-11-20 16:00", "2027-11-20 16:00", 4)


def test_years_and_steps_are_those_of_the_calendar() -> None:
    np.testing.assert_allclose(GRID.years, [0.0, 0.25, 0.5, 0.75, 1.0], rtol=1e-15)
    np.testing.assert_allclose(GRID.steps, 0.25, rtol=1e-15)


@pytest.mark.parametrize("name", ["years", "steps"])
def test_numbers_of_a_grid_cannot_be_written_over(name: str) -> None:
    found = getattr(GRID, name)
    assert getattr(GRID, name) is found
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 9.0
