"""The size that a portfolio can carry: the arithmetic, the scale by time, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from hedgerow.errors import InputError
from hedgerow.limits import position_size


@pytest.mark.parametrize(
    ("days", "share"), [(22, 1.0), (21, 0.75), (15, 0.75), (14, 0.5), (8, 0.5), (7, 0.0), (0, 0.0)]
)
def test_size_is_the_risk_over_the_worst_loss_scaled_by_days(days: float, share: float) -> None:
    size = position_size(2_000.0, 500_000.0, risk_share=0.01, days_to_expiry=days)
    assert (size.unscaled, size.at_risk) == (2.5, 5_000.0)
    assert size.multiple == 2.5 * share


def test_no_loss_sets_no_limit_until_the_last_week() -> None:
    assert position_size(0.0, 100.0).multiple == float("inf")
    assert position_size(0.0, 100.0, days_to_expiry=3.0).multiple == 0.0


@pytest.mark.parametrize(
    "wrong",
    [{"worst_loss": -1.0}, {"portfolio": 0.0}, {"risk_share": 2.0}, {"days_to_expiry": float("nan")}],
)
def test_figures_that_are_none_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        position_size(**({"worst_loss": 1.0, "portfolio": 1.0} | wrong))
