"""Stop levels and knock-in protection: what they say is what the position then loses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hedgerow.compare import (
    KnockIn,
    StatedMove,
    StressScenario,
    knock_in_plan,
    sigma_move,
    stop_levels,
    stress_hedge,
)
from hedgerow.errors import InputError
from hedgerow.pricing import barrier, black_scholes
from stress_cases import BEST, RHO, SIGMA_X, SIGMA_Y, position


@pytest.mark.parametrize("quantity", [1_000.0, -1_000.0])
def test_stop_levels_are_where_the_loss_is_reached(quantity: float) -> None:
    held = position(quantity=quantity)
    stops = stop_levels(stress_hedge(held, [sigma_move(7.0)]), 5_000.0)
    beta = RHO * SIGMA_X / SIGMA_Y
    cases = {
        "alone": {"spot": stops.exposure_alone - 100.0},
        "hedged": {"spot": stops.exposure_hedged - 100.0, "f1": beta * (stops.exposure_hedged - 100.0)},
        "hedge": {"f1": stops.hedges[0] - 80.0},
    }
    scenarios = [StressScenario(name, move=StatedMove(moves)) for name, moves in cases.items()]
    losses = [result.hedged.loss for result in stress_hedge(held, scenarios).results]
    assert losses == pytest.approx([5_000.0] * 3, rel=1e-9)


def test_stop_of_a_hedge_that_is_not_held_is_none() -> None:
    stops = stop_levels(stress_hedge(position(0.0), [sigma_move(7.0)]), 5_000.0)
    assert stops.hedges == (None,)
    assert stops.exposure_hedged == pytest.approx(stops.exposure_alone)
    assert stop_levels(stress_hedge(position(1 / (RHO * SIGMA_X / SIGMA_Y))), 1.0).exposure_hedged is None


def test_knock_in_on_a_long_exposure_is_a_put_priced_by_the_barrier_formula() -> None:
    test = stress_hedge(position(), [sigma_move(-7.0, "none"), sigma_move(7.0), sigma_move(-0.5)])
    plan = knock_in_plan(test, KnockIn("spot", 90.0, 0.3, 0.5, rate=0.02))
    assert (plan.kind, plan.barrier_kind, plan.strike, plan.units) == ("put", "down-and-in", 100.0, 1_000.0)
    each = barrier.price("put", 100.0, 100.0, 0.5, 0.3, 0.02, 0.02, barrier=90.0, barrier_kind="down-and-in")
    assert plan.cost == pytest.approx(1_000 * each, rel=1e-12)
    assert plan.plain_cost == pytest.approx(1_000 * black_scholes.price("put", 100.0, 100.0, 0.5, 0.3, 0.02, 0.02))
    assert plan.cost < plan.plain_cost
    assert plan.table["touched"].tolist() == [True, False, False]
    assert plan.table["payoff"].tolist() == pytest.approx([14_000.0, 0.0, 0.0])
    # once it lives, a put struck at today's price makes good the whole fall: what is left is its cost
    assert plan.table["loss_with_option"].iloc[0] == pytest.approx(plan.cost)


def test_knock_in_on_a_sold_hedge_is_a_call_on_its_units() -> None:
    test = stress_hedge(position(), [StressScenario("squeeze", move=StatedMove({"f1": 20.0}))])
    plan = knock_in_plan(test, KnockIn("f1", 90.0, 0.3, 0.5))
    assert (plan.kind, plan.barrier_kind, plan.strike) == ("call", "up-and-in", 80.0)
    assert plan.units == pytest.approx(1_000 * BEST)
    assert plan.table["payoff"].iloc[0] == pytest.approx(1_000 * BEST * 20.0)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (KnockIn("spot", 110.0, 0.3, 0.5), "must lie below the latest price 100"),
        (KnockIn("f1", 70.0, 0.3, 0.5), "must lie above"),
        (KnockIn("f2", 70.0, 0.3, 0.5), "'f2' is not held; did you mean 'f1'"),
    ],
)
def test_knock_in_that_protects_nothing_is_refused(terms: KnockIn, words: str) -> None:
    with pytest.raises(InputError, match=words):
        knock_in_plan(stress_hedge(position(), [sigma_move(7.0)]), terms)


def test_contingency_refuses_missing_prices_no_hedge_and_no_loss() -> None:
    test = stress_hedge(replace(position(), prices=None), [sigma_move(7.0)])
    with pytest.raises(InputError, match="latest prices"):
        stop_levels(test, 1.0)
    with pytest.raises(InputError, match="loss above 0"):
        stop_levels(test, np.nan)
    with pytest.raises(InputError, match="nothing is held"):
        knock_in_plan(stress_hedge(position(0.0), [sigma_move(7.0)]), KnockIn("f1", 90.0, 0.3, 0.5))
