"""Policies of two parts: who fires, who says to what, and how they print."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.errors import InputError
from hedgerow.policies import Band, EveryDay, EveryPeriods, MinimumInterval, Moment, RulePolicy, ToleranceBand
from policy_cases import DAILY, fired, one, rows, terms

NEVER, ALWAYS = EveryPeriods(1_000), EveryPeriods(1)


@pytest.mark.parametrize(("left", "right"), [(a, b) for a in (NEVER, ALWAYS) for b in (NEVER, ALWAYS)])
def test_either_and_both_are_or_and_and(left: RulePolicy, right: RulePolicy) -> None:
    away = {"target": 0.6, "held": 0.2}
    a, b = left is ALWAYS, right is ALWAYS
    assert (one(left | right, **away) == 0.6) == (a or b)
    assert (one(left & right, **away) == 0.6) == (a and b)


def test_either_left_one_says_to_what_where_both_fire() -> None:
    away = {"target": 0.6, "held": 0.2}
    assert one(Band(0.1) | ALWAYS, **away) == pytest.approx(0.5)
    assert one(ALWAYS | Band(0.1), **away) == 0.6
    assert one(Band(0.5) | ALWAYS, **away) == 0.6


def test_both_left_one_says_to_what() -> None:
    away = {"target": 0.6, "held": 0.2, "waited": 1.0}
    assert one(Band(0.1) & MinimumInterval(0.5), **away) == pytest.approx(0.5)
    assert one(MinimumInterval(0.5) & Band(0.1), **away) == 0.6


def test_minimum_interval_holds_a_policy_back_until_it_has_passed() -> None:
    step = float(DAILY.steps[0])
    bound = (ALWAYS & MinimumInterval(3 * step)).bound(terms())
    held, waited, traded = 0.0, 0.0, []
    for now in range(10):
        target = 1.0 + now
        row = {"target": target, "held": held, "waited": waited}
        new = bound.holding(Moment(now, {name: np.full((1, 1), value) for name, value in row.items()})).item()
        if new != held:
            traded.append(now)
            waited = 0.0
        held, waited = new, waited + step
    assert traded == [0, 3, 6, 9]


def test_composition_nests_on_the_left_without_end_and_uses_two_slots() -> None:
    policy: RulePolicy = NEVER
    for _ in range(20):
        policy = policy | NEVER
    policy = policy | ALWAYS
    assert fired(policy, terms()) == list(range(21))
    written = {row for stage in policy.stages(terms()) for row in stage.writes}
    assert written == {"fires_0", "goes_0", "fires_1", "goes_1"}


def test_composition_deeper_than_the_rows_refused() -> None:
    policy: RulePolicy = ALWAYS
    for _ in range(5):
        policy = NEVER | policy
    assert fired(policy, terms()) == list(range(21))
    with pytest.raises(InputError, match="too deep in brackets"):
        (NEVER | policy).bound(terms())


def test_composition_unbound_agrees_with_bound_where_parts_need_no_clock() -> None:
    for policy in (ToleranceBand(0.3, "edge") | EveryPeriods(3), EveryPeriods(2) & ToleranceBand(0.3)):
        for step in range(6):
            now = Moment(step, rows(seed=step))
            np.testing.assert_array_equal(policy.holding(now), policy.bound(terms()).holding(now))


def test_composition_unbound_with_a_clock_inside_refused() -> None:
    with pytest.raises(InputError, match="not bound to a clock"):
        (ToleranceBand(0.3) | EveryDay()).holding(Moment(0, rows()))


def test_composition_prints_as_code_with_the_brackets_it_needs() -> None:
    a, b, c = EveryDay(), EveryPeriods(2), ToleranceBand(0.1)
    for policy in (a | b | c, a | (b | c), (a | b) & c, a & (b | c), a & b | c, a | b & c, a & (b & c)):
        assert eval(repr(policy), {kind.__name__: kind for kind in map(type, (a, b, c))}) == policy  # noqa: S307
    assert repr((a | b) & c) == "(EveryDay() | EveryPeriods(periods=2)) & ToleranceBand(width=0.1, to='target')"
