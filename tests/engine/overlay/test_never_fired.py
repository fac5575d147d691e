"""What never fired on the dates of a run is listed, and what did fire is not."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from hedgerow.engine.overlay import OverlayOptions, OverlayResult, run_overlay, run_overlays
from hedgerow.overlays import (
    DrawdownCrossed,
    DrawdownTriggered,
    EveryDays,
    Monthly,
    OverlayRule,
    RelativeMove,
    Shape,
    SignalMove,
    Static,
    Steps,
    VixLinear,
)
from hedgerow.overlays.in_words import rule_in_words
from hedgerow.programmes import OverlayMarket, hedge_by_name
from overlay_cases import FIVE_DAYS, five_day_market, five_day_put, random_market

RULE = VixLinear(10, 10)
"""On the five days: 1, 2, 2, 0.5, 1."""


def run(rule: OverlayRule = RULE, shape: Shape | None = None, **options: object) -> OverlayResult:
    return run_overlay(
        rule, five_day_put(), five_day_market(), shape=shape, options=OverlayOptions(**options) if options else None
    )


@pytest.mark.parametrize(
    ("shape", "unused"),
    [
        (Shape(), ()),
        (Shape(floor=0.4), ("floor 0.4",)),
        (Shape(floor=0.6), ()),
        (Shape(cap=2.5), ("cap 2.5",)),
        (Shape(cap=1.5), ()),
        (Shape(smooth=2, persist=1), ()),
        (Shape(threshold=(SignalMove(3.0), Monthly())), ("a rebalance at the end of the month",)),
        (Shape(threshold=(SignalMove(3.0), RelativeMove(5.0))),
         ("a rebalance at a move of the VIX by more than 500%",)),
        (Shape(threshold=(EveryDays(30),)), ("a rebalance at 30 days from the last rebalance",)),
        (Shape(threshold=(DrawdownCrossed(0.02),)), ()),
        (Shape(threshold=(DrawdownCrossed(0.2),)), ("a rebalance at a drawdown that passes 20%",)),
        (Shape(budget=0.5), ("budget 0.5",)),
        (Shape(budget=0.000005), ()),
    ],
)  # fmt: skip
def test_stages_and_triggers_that_change_nothing_are_named(shape: Shape, unused: tuple[str, ...]) -> None:
    assert run(shape=shape).never_fired == unused


def test_persistence_that_never_holds_back_is_named() -> None:
    days = pd.bdate_range("2024-01-01", periods=6)
    still = OverlayMarket.of(pd.Series(100.0, days), pd.Series(20.0, days), rate=0.0, dividend_yield=0.0)
    result = run_overlay(RULE, hedge_by_name("index_puts"), still, shape=Shape(smooth=2, persist=3))
    assert result.never_fired == (f"the rule {rule_in_words(RULE)}", "smooth 2", "persist 3")


@pytest.mark.parametrize(
    ("rule", "unused"),
    [
        (Static(1.0), ()),
        (Steps((16, 25), (0, 0.5, 1)), ()),
        (Steps((16, 25, 40), (0, 0.5, 1, 3)), ("level 3 of the rule by the VIX",)),
        (DrawdownTriggered(0.5, 10), ("the rule 1 + 10 x the drawdown beyond 50%",)),
        (0.5 * RULE + DrawdownTriggered(0.5, 10), ("the rule 1 + 10 x the drawdown beyond 50%",)),
        (RULE * DrawdownTriggered(0.01, 10), ()),
    ],
    ids=repr,
)
def test_parts_of_a_rule_that_never_move_are_named(rule: OverlayRule, unused: tuple[str, ...]) -> None:
    found = run(rule).never_fired
    assert len(found) == len(unused)
    assert all(one.startswith(start) for one, start in zip(found, unused, strict=True))


def test_budget_that_binds_at_the_fill_alone_has_fired() -> None:
    free = run()
    spent = float(free.budget_use["premium and costs"].sum()) / free.run.portfolio.value
    assert run(shape=Shape(budget=2.0 * spent)).never_fired == (f"budget {2.0 * spent:g}",)
    assert run(shape=Shape(budget=0.7 * spent)).never_fired == ()


def test_profit_that_is_never_taken_is_named() -> None:
    market = random_market(250, 3)
    taken, never = (
        run_overlay(Static(1.0), hedge_by_name("index_puts", monetise={"take_profit": {"multiple": multiple}}), market)
        for multiple in (1.5, 1e6)
    )
    assert taken.never_fired == ()
    assert len(never.never_fired) == 1
    assert never.never_fired[0].startswith("take profit")


def test_note_and_json_list_what_never_fired_by_part() -> None:
    parts = [(RULE, five_day_put(), Shape(cap=9.0)), (RULE, five_day_put(), Shape())]
    result = run_overlays(parts, five_day_market())
    assert result.never_fired == ("put (1): cap 9",)
    assert "never fired on these dates: put (1): cap 9" in result.notes
    assert json.loads(json.dumps(result.to_dict()))["never_fired"] == ["put (1): cap 9"]
    assert not any("never fired" in note for note in run().notes)


def test_index_on_a_holiday_is_left_out_of_market_and_decision_and_said() -> None:
    """The volatility index is printed on the third day, on which portfolio and hedge do not trade."""
    closed = FIVE_DAYS[2]
    price = pd.Series([100.0, 99.0, 98.0, 99.0], FIVE_DAYS.delete(2))
    vix = pd.Series([20.0, 30.0, 80.0, 15.0, 20.0], FIVE_DAYS)
    market = OverlayMarket.of(price, vix, rate=0.0, dividend_yield=0.0)
    assert closed not in market.dates
    result = run_overlay(RULE, hedge_by_name("index_puts"), market)
    assert result.multiplier.tolist() == [1.0, 2.0, 0.5, 1.0]
    assert "1 dates left out on which the price, portfolio or a volatility index is missing" in result.stated
    assert np.isfinite(result.returns).all()
