"""The timetable to expiry."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import DaysToExpiry
from policy_cases import fired, one, terms


def test_days_to_expiry_table_trades_more_often_as_days_pass_and_ends_flat() -> None:
    grid = TimeGrid.even("2026-01-05 00:00", "2026-02-14 00:00", 40 * 48)
    at = terms(grid)
    trades = np.array(fired(DaysToExpiry(), at))
    days = np.floor(at.years_left[trades] * 365.0 + 1e-6)
    per_day = {int(day): int((days == day).sum()) for day in (35, 20, 10, 5, 1)}
    assert per_day == {35: 1, 20: 1, 10: 2, 5: 24, 1: 0}
    assert one(DaysToExpiry(), step=grid.n_steps - 1, at=at, target=0.6, held=0.4) == 0.0


@pytest.mark.parametrize(("days", "row"), [(30.001, 0), (30.0, 0), (14.001, 0), (14.0, 1), (7.0, 2), (3.0, 3)])
def test_days_to_expiry_row_holds_from_its_days_on(days: float, row: int) -> None:
    at = terms(TimeGrid.even("2026-01-05", "2026-01-06", 1), years_left=np.array([days / 365.0]))
    assert DaysToExpiry().row_of(at).tolist() == [row]


def test_days_to_expiry_without_the_flat_row_hedges_to_the_end() -> None:
    policy = DaysToExpiry(((30, "daily"), (7, "always")))
    assert fired(policy, terms()) == list(range(21))


@pytest.mark.parametrize(
    ("table", "why"),
    [(((7, "daily"), (14, "hourly")), "fall from row to row"), ((), "fall from row"), (((7, "weekly"),), "'weekly'")],
)
def test_days_to_expiry_bad_table_refused(table: tuple[tuple[float, str], ...], why: str) -> None:
    with pytest.raises(InputError, match=why):
        DaysToExpiry(table)
