"""Keys of several hedges under one budget chosen walking forward: the sets as the engine runs them, and no future."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from compare.overlay_markets import CRASH, FEW, Insurance, market_of
from hedgerow.compare import DiversifiedPlan, OverlayChoosing, OverlayPlan, choose_overlay
from hedgerow.compare.overlays.record import HedgeRecord, JudgedPeriod
from hedgerow.engine.overlay import run_overlay, run_overlays
from hedgerow.errors import InputError
from hedgerow.overlays import DrawdownTriggered, Shape, SignalMove, Static, Steps, TermStructure, VixLinear, Weekly
from hedgerow.programmes import OverlayMarket, Portfolio

MARKET = market_of(500)
FIRST, SECOND = Insurance(0.6, 0.0008, 5.0, "first"), Insurance(0.2, 0.0002, 3.0, "second")
GRID = {"low": [8.0, 12.0], "alpha": [5.0, 20.0]}
CHOOSING = OverlayChoosing(refit="quarterly", bootstrap=FEW, crises=(CRASH,))


def several(low: float, alpha: float, budget: float | None = 0.03) -> DiversifiedPlan:
    smooth = OverlayPlan(VixLinear(low, 15.0), FIRST, Shape(smooth=3, threshold=(Weekly(),)))
    return DiversifiedPlan((smooth, OverlayPlan(DrawdownTriggered(0.02, alpha), SECOND)), budget)


def chosen(market: OverlayMarket = MARKET, family: Any = several, grid: Any = GRID) -> Any:
    return choose_overlay(family, grid, market, choosing=CHOOSING)


@pytest.fixture(scope="module", name="found")
def _found() -> Any:
    return chosen()


def test_every_set_is_the_account_of_the_engine(found: Any) -> None:
    for number, plan in enumerate(found.plans):
        parts = [(part.rule, part.hedge, part.shape) for part in plan.parts]
        run = run_overlays(parts, MARKET, budget=plan.budget)
        record = HedgeRecord.of(run, JudgedPeriod.of(run, (CRASH,)), "")
        assert found.returns[number] == pytest.approx(record.returns, abs=1e-12)


def test_every_set_with_triggers_under_a_budget_is_the_account_of_the_engine() -> None:
    priced = FIRST.priced(MARKET, Portfolio())
    swing = 1.0 + 0.9 * np.sin(np.arange(len(MARKET)) / 5.0)[:, None]  # room that comes and goes
    hedge = replace(priced, worst_loss=4e5 * swing / np.maximum(np.abs(priced.units), 1e-9))

    def steady(low: float, alpha: float) -> OverlayPlan:
        steps = Steps((low, 20.0 + alpha), (0.0, 0.5, 1.0))
        return OverlayPlan(steps, hedge, Shape(threshold=(SignalMove(3.0),), budget=0.02))

    found = chosen(family=steady)
    for number, plan in enumerate(found.plans):
        run = run_overlay(plan.rule, plan.hedge, MARKET, shape=plan.shape)
        record = HedgeRecord.of(run, JudgedPeriod.of(run, (CRASH,)), "")
        assert found.returns[number] == pytest.approx(record.returns, abs=1e-12)
    no_triggers = run_overlay(plan.rule, plan.hedge, MARKET, shape=replace(plan.shape, threshold=()))
    assert not np.allclose(no_triggers.held, run.held)


def test_budget_of_all_parts_holds_for_what_was_walked_forward(found: Any) -> None:
    used = found.result.budget_use["share"]
    assert 0.99 < used.max() < 1.1  # binds; a day's loss of a reserve without a worst loss comes on top
    assert len(found.result.parts) == 2


def test_static_hedge_holds_every_part(found: Any) -> None:
    static = run_overlays([(Static(1.0), FIRST, Shape()), (Static(1.0), SECOND, Shape())], MARKET)
    record = HedgeRecord.of(static, JudgedPeriod.of(static, (CRASH,)), "").rows(slice(found.first_test_step, None), "")
    assert found.records["static"].hedge_pnl == pytest.approx(record.hedge_pnl, abs=1e-6)


def test_choice_does_not_know_what_comes_after_it(found: Any) -> None:
    row = int(found.refits[1])
    rng = np.random.default_rng(9)
    price, vix = MARKET.price.copy(), MARKET.vix.copy()
    price[row + 1 :] = price[row] * np.exp(np.cumsum(rng.normal(size=len(price) - row - 1) * 0.03))
    vix[row + 1 :] = rng.uniform(10.0, 60.0, len(vix) - row - 1)
    days = MARKET.dates
    other = chosen(OverlayMarket.of(pd.Series(price, days), pd.Series(vix, days), rate=0.0, dividend_yield=0.0))
    assert (other.winners[:2] == found.winners[:2]).all()
    assert (other.scores[:2] == found.scores[:2]).all()
    held, kept = (each.result.multipliers.to_numpy()[: row + 1] for each in (found, other))
    assert np.array_equal(held, kept, equal_nan=True)
    assert not np.array_equal(found.returns, other.returns)


def test_one_part_alone_is_the_plain_choice() -> None:
    def single(low: float) -> DiversifiedPlan:
        return DiversifiedPlan((OverlayPlan(VixLinear(low, 15.0), FIRST),), 0.03)

    def plain(low: float) -> OverlayPlan:
        return OverlayPlan(VixLinear(low, 15.0), FIRST, Shape(budget=0.03))

    one, other = (chosen(family=family, grid={"low": [8.0, 12.0]}) for family in (single, plain))
    assert np.array_equal(one.returns, other.returns)
    assert np.array_equal(one.winners, other.winners)
    assert one.result.hedge_pnl.tolist() == other.result.hedge_pnl.tolist()


def test_table_words_and_pictures_of_several(found: Any) -> None:
    assert "walked forward" in found.table().index
    assert len(found.verdict()) >= 3
    for name in ("sensitivity", "multiplier", "cost_and_gain", "drawdowns"):
        assert found.figure(name).data


@pytest.mark.parametrize(
    ("family", "said"),
    [
        (lambda low: several(low, 5.0) if low > 8 else several(low, 5.0).parts[0], "size the same hedges"),
        (lambda low: several(low, 5.0, low / 1000.0), "share one budget"),
        (lambda low: DiversifiedPlan.split(TermStructure("price", "vix"), FIRST, SECOND) if low > 8 else
         DiversifiedPlan((OverlayPlan(VixLinear(low, 1.0), FIRST), OverlayPlan(VixLinear(low, 1.0), SECOND))),
         "share one static hedge"),
        (lambda low: low, "must return an OverlayPlan or a DiversifiedPlan"),
    ],
)  # fmt: skip
def test_sets_that_cannot_change_hands_are_refused(family: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        chosen(family=family, grid={"low": [8.0, 12.0]})
