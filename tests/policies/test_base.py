"""The contract of policies: bound or not, of one's own, and rows that are not known."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.policies import Band, EveryPeriods, Moment, Policy
from hedgerow.policies.base import rows_needed
from policy_cases import rows, terms


class Halfway(Policy):
    """A policy of one's own."""

    def holding(self, now: Moment) -> np.ndarray:
        return np.where(now.spot > 100.0, 0.5 * (now.held + now.target), now.held)


def test_own_policy_with_numpy_needs_no_clock() -> None:
    now = Moment(0, rows())
    assert Halfway().bound(terms()) is not None
    np.testing.assert_array_equal(
        Halfway().bound(terms()).holding(now),
        np.where(now.spot > 100.0, 0.5 * (now.held + now.target), now.held),
    )


def test_moment_row_of_the_future_refused() -> None:
    with pytest.raises(InputError, match="'next_spot' is not known at the moment of decision"):
        Moment(0, rows()).next_spot  # noqa: B018


def test_rule_policy_without_a_clock_refused() -> None:
    with pytest.raises(InputError, match="not bound to a clock"):
        Band(0.1).holding(Moment(0, rows()))


def test_bound_policy_asks_only_for_the_rows_it_reads() -> None:
    only = {name: rows()[name] for name in ("target", "held")}
    np.testing.assert_array_equal(EveryPeriods(1).bound(terms()).holding(Moment(0, only)), only["target"])


def test_rows_needed_scratch_rows_are_not_asked_for() -> None:
    assert set(rows_needed((Band(0.1) | EveryPeriods(2)).stages(terms()))) == {"target", "held"}


@pytest.mark.parametrize("join", ["__or__", "__and__"])
def test_rule_policy_joined_with_something_else_refused(join: str) -> None:
    assert getattr(Band(), join)(Halfway()) is NotImplemented
