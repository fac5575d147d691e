"""Every policy by its name, and what all of them have in common."""

from __future__ import annotations

import numpy as np
import pytest

import hedgerow.policies as policies
from hedgerow.errors import InputError
from hedgerow.market.time_grid import TimeGrid
from hedgerow.policies import POLICIES, Moment, RulePolicy, parameter_names, policy_by_name
from hedgerow.rows import NAMES
from policy_cases import DAILY, HOURLY, rows, terms

EXAMPLES = {
    "every_periods": {"periods": 3},
    "every_day": {},
    "times_of_day": {"times": ["10:00", "15:30"]},
    "every_hours": {"hours": 5},
    "weekdays": {"days": ["Mon", "Thu"], "at": "12:00"},
    "band": {"width": 0.2},
    "tolerance_band": {"width": 0.2, "to": "edge"},
    "gamma_band": {"move": 0.03},
    "price_move": {"move": 0.01},
    "volatility_move": {"points": 5.0},
    "cost_benefit": {"risk_aversion": 2.0, "ticket": 0.1},
    "whalley_wilmott": {"risk_aversion": 1.0},
    "zakamouline": {"risk_aversion": 1.0, "to": "middle"},
    "days_to_expiry": {},
    "minimum_interval": {"years": 0.01},
}


def example(name: str) -> RulePolicy:
    return policy_by_name(name, **EXAMPLES[name])


def test_names_every_policy_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(POLICIES)


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_holds_what_is_held_or_goes_where_it_says(name: str) -> None:
    at = terms(HOURLY)
    stages = example(name).stages(at)
    for step in (0, 1, 50, 239):
        now = Moment(step, rows())
        holding = example(name).bound(at).holding(now)
        assert holding.shape == now.held.shape
        assert np.isfinite(holding).all()
        block = dict(rows())
        for stage in stages:
            numbers = dict(zip(stage.rule.parameters, stage.numbers(step), strict=True))
            found = stage.rule(*(block[each] for each in stage.reads), **numbers)
            block.update(zip(stage.writes, found if len(stage.writes) > 1 else (found,), strict=True))
        fires = np.broadcast_to(block["fires_0"], holding.shape)
        assert np.isin(fires, (0.0, 1.0)).all()
        np.testing.assert_array_equal(holding[fires == 0.0], now.held[fires == 0.0])
        np.testing.assert_array_equal(
            holding[fires == 1.0], np.broadcast_to(block["goes_0"], holding.shape)[fires == 1.0]
        )


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_reads_and_writes_known_rows_and_its_own_slot(name: str) -> None:
    for slot in (0, 3):
        stages = example(name).stages(terms(), slot)
        assert {row for stage in stages for row in (*stage.reads, *stage.writes)} <= set(NAMES)
        assert {row for stage in stages for row in stage.writes} == {f"fires_{slot}", f"goes_{slot}"}


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_one_path_decides_alone(name: str) -> None:
    bound = example(name).bound(terms(HOURLY))
    together = bound.holding(Moment(5, rows()))
    alone = bound.holding(Moment(5, {each: values[7:8] for each, values in rows().items()}))
    np.testing.assert_array_equal(alone, together[7:8])


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_altered_future_changes_no_decision(name: str) -> None:
    """The clock goes another way after the 102nd moment; expiry is the same, as every contract says beforehand."""
    times = HOURLY.times
    altered = TimeGrid(times[:102].append(times[102:-1:3]).append(times[-1:]))
    at, other = terms(HOURLY), terms(altered)
    bound, otherwise = example(name).bound(at), example(name).bound(other)
    for step in range(101):
        now = Moment(step, rows(4, seed=step))
        np.testing.assert_array_equal(bound.holding(now), otherwise.holding(now), err_msg=f"{name} at {step}")


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_prints_as_the_code_that_makes_it(name: str) -> None:
    policy = example(name)
    assert eval(repr(policy), vars(policies)) == policy  # noqa: S307 - the text is our own


def test_policy_by_name_unknown_name_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'price_move'"):
        policy_by_name("price_moves")


def test_policy_by_name_unknown_parameter_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="no parameter 'widht'; did you mean 'width'"):
        policy_by_name("band", widht=0.1)


def test_policy_by_name_missing_parameter_refused() -> None:
    with pytest.raises(InputError, match="needs risk_aversion"):
        policy_by_name("whalley_wilmott")


def test_parameter_names_lists_among_them() -> None:
    assert parameter_names("weekdays") == ("days", "at")
    assert parameter_names("band") == ("width", "to")


def test_times_of_day_one_time_need_not_be_a_list() -> None:
    assert repr(policy_by_name("times_of_day", times="10:00")) == "TimesOfDay('10:00')"


def test_daily_grid_is_what_the_cases_say() -> None:
    assert DAILY.times[0].day_name() == "Monday"
