"""Several plans as one row of a comparison: laws against plain plans, one budget, rivals, words, refusals."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from compare.overlay_markets import JUDGING, UNDRAWN, Insurance, NotRepriced, market_of
from hedgerow.compare import DiversifiedPlan, OverlayPlan, compare_overlays, compare_tail_hedges
from hedgerow.compare.overlays.diversified import static_plan
from hedgerow.compare.overlays.rivals import SAME_MEAN
from hedgerow.engine.overlay import run_overlays
from hedgerow.errors import InputError
from hedgerow.overlays import Complement, Shape, SignalMove, Signals, Static, Steps, TermStructure, VixLinear
from hedgerow.programmes.index_puts import IndexPuts

MARKET = market_of()
HEDGE, DEAR = Insurance(fee=1.0), Insurance(0.5, 0.0006, fee=1.0, label="dear insurance")
BREATHING = OverlayPlan(VixLinear(10, 15, cap=2.0), HEDGE, Shape(threshold=(SignalMove(3.0),)))
STEPPING = OverlayPlan(Steps((15, 25), (0.0, 0.5, 1.0)), DEAR)
BOTH = DiversifiedPlan((BREATHING, STEPPING))


@pytest.fixture(scope="module", name="found")
def _found():  # type: ignore[no-untyped-def]
    plans = {"breathing": BREATHING, "stepping": STEPPING, "both": BOTH}
    return compare_overlays(plans, MARKET, judging=JUDGING)


@pytest.mark.parametrize("budget", [None, 0.002])
def test_diversified_plan_of_one_part_equals_the_plain_plan_bit_by_bit(budget: float | None) -> None:
    shape = Shape(cap=1.5, budget=budget)
    plain = OverlayPlan(BREATHING.rule, HEDGE, shape)
    alone = DiversifiedPlan((OverlayPlan(BREATHING.rule, HEDGE, Shape(cap=1.5)),), budget)
    one, other = (compare_overlays({"plan": plan}, MARKET, judging=JUDGING) for plan in (plain, alone))
    assert list(other.results) == ["no hedge", "static", "plan"]
    for name in ("table", "crises", "years", "halves", "equal_cost", "rivals", "red_flags", "lag_decay"):
        pd.testing.assert_frame_equal(getattr(one, name)(), getattr(other, name)(), check_exact=True)
    assert one.verdict() == other.verdict()
    assert one.to_dict() == other.to_dict()


def test_two_half_size_copies_of_one_plan_equal_the_plan() -> None:
    half = OverlayPlan(BREATHING.rule, Insurance(0.15, 0.00015, fee=0.5), BREATHING.shape)
    plans = {"whole": BREATHING, "copies": DiversifiedPlan((half, half))}
    found = compare_overlays(plans, MARKET, judging=UNDRAWN)
    assert found.static == {"whole": "static: insurance", "copies": "static: copies"}
    for tables in (found.table(), found.equal_cost(), found.halves().loc["second"]):
        of_plans, of_static = (
            tables.loc[names].select_dtypes("number").to_numpy()
            for names in (["whole", "copies"], ["static: insurance", "static: copies"])
        )
        np.testing.assert_allclose(of_plans[1], of_plans[0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(of_static[1], of_static[0], rtol=1e-9, atol=1e-12)
    assert found.mean_multipliers("copies") == (found.records["whole"].mean_multiplier,) * 2


def test_gains_of_parts_without_a_budget_add_up_and_sizes_are_means(found) -> None:  # type: ignore[no-untyped-def]
    one, other, both = (found.records[name] for name in ("breathing", "stepping", "both"))
    np.testing.assert_allclose(both.hedge_pnl, one.hedge_pnl + other.hedge_pnl, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(both.costs, one.costs + other.costs, atol=1e-9)
    assert both.mean_multiplier == pytest.approx((one.mean_multiplier + other.mean_multiplier) / 2.0)
    assert both.traded == pytest.approx((one.traded + other.traded) / 2.0)
    assert found.static == {
        "breathing": "static: insurance",
        "stepping": "static: dear insurance",
        "both": "static: both",
    }
    statics = [found.records[found.static[name]].hedge_pnl for name in found.plans]
    np.testing.assert_allclose(statics[2], statics[0] + statics[1], rtol=1e-9, atol=1e-6)


def test_rival_of_the_same_mean_holds_every_part_at_its_own(found) -> None:  # type: ignore[no-untyped-def]
    means = found.mean_multipliers("both")
    assert means == (found.records["breathing"].mean_multiplier, found.records["stepping"].mean_multiplier)
    by_hand = run_overlays(
        [(Static(mean), part.hedge, Shape()) for mean, part in zip(means, BOTH.parts, strict=True)], MARKET
    )
    rival = found.rival_records.records["both", SAME_MEAN]
    np.testing.assert_array_equal(rival.hedge_pnl, found.record_of(by_hand).hedge_pnl)


def test_equal_cost_scales_all_parts_by_one_number(found) -> None:  # type: ignore[no-untyped-def]
    row, own = found.equal_cost().loc["both"], found.table().loc["both"]
    reference = found.table().loc["static: insurance", "bleed_per_year"]
    assert row["bleed_per_year"] == pytest.approx(reference, rel=1e-12)
    assert row["scale"] == pytest.approx(reference / own["bleed_per_year"])
    again = found.setting.run(BOTH, row["scale"])
    held = found.results["both"].account.holdings
    np.testing.assert_allclose(again.account.holdings, row["scale"] * held, rtol=1e-12)


def test_budget_binds_all_parts_jointly_and_by_one_share() -> None:
    parts = (OverlayPlan(VixLinear(10, 15), IndexPuts(delta=0.2)), OverlayPlan(Static(1.0), IndexPuts(delta=0.1)))
    plans = {"free": DiversifiedPlan(parts), "bound": DiversifiedPlan(parts, 0.004)}
    found = compare_overlays(plans, MARKET, judging=UNDRAWN)
    assert list(found.results) == ["no hedge", "static", "free", "bound"]
    bound, use = found.results["bound"], found.results["bound"].budget_use["share"]
    assert 0.9 < use.max() <= 1.0 + 1e-9
    orders = np.array([part.path.multiplier for part in bound.parts])
    decided = bound.account.decided
    np.testing.assert_allclose(decided[0] * orders[1], decided[1] * orders[0], rtol=1e-9, atol=1e-12)
    assert (decided[1] < 0.5).any()
    scaled = found.equal_cost().loc["bound"]
    assert str(scaled["scaling"]).startswith("run again")
    rival = found.rival_records.records["bound", SAME_MEAN]
    assert rival.share.min() > -0.02


def test_verdict_names_the_means_of_the_parts(found) -> None:  # type: ignore[no-untyped-def]
    said = [sentence for sentence in found.verdict() if sentence.startswith("both")]
    one, other = found.mean_multipliers("both")
    assert len(said) == 2
    assert "a year against" in said[0]
    assert "of its parts held static, and offset" in said[0]
    assert said[0].endswith(f"its parts held static at the same mean multipliers ({one:.2f}, {other:.2f}).")
    assert "less of the portfolio, which leaves the same CVaR." in said[1]
    json.dumps(found.to_dict())


def test_pictures_show_what_each_part_held(found) -> None:  # type: ignore[no-untyped-def]
    drawn = found.figure("multiplier", "both")
    assert [trace.name for trace in drawn.data] == ["insurance", "dear insurance", "VIX"]
    for name in ("cost_and_gain", "crises", "equal_cost", "drawdowns", "rolling_beta"):
        assert found.figure(name).data


def test_decisions_do_not_see_later_rows() -> None:
    price, vix = pd.Series(MARKET.price, MARKET.dates), pd.Series(MARKET.vix, MARKET.dates)
    signals = Signals.of({"vix": vix, "price": price})
    vix = vix.copy()
    vix.iloc[300:] *= 1.7
    altered = Signals.of({"vix": vix, "price": price})
    one, other = (
        compare_overlays({"both": BOTH}, MARKET, signals=given, judging=UNDRAWN).results["both"].account.held
        for given in (signals, altered)
    )
    np.testing.assert_array_equal(one[:, :301], other[:, :301])
    assert (one[:, 301:] != other[:, 301:]).any()


def test_split_is_one_whole_hedge_and_its_static_holds_half_of_each() -> None:
    near, far = Insurance(0.3, label="near"), Insurance(0.2, label="far")
    curve = {"short": pd.Series(MARKET.vix, MARKET.dates), "long": pd.Series(20.0, MARKET.dates)}
    signals = Signals.of(curve | {"vix": curve["short"]})
    plan = DiversifiedPlan.split(TermStructure(power=4), near, far)
    sized = DiversifiedPlan.split(VixLinear(10, 15) * TermStructure(power=4), near, far)
    found = compare_overlays({"split": plan, "sized": sized}, MARKET, signals=signals, judging=UNDRAWN)
    assert set(found.static.values()) == {"static"}
    np.testing.assert_allclose(found.results["split"].account.held.sum(axis=0)[1:], 1.0, rtol=1e-12)
    size = VixLinear(10, 15).multiplier(signals)
    np.testing.assert_allclose(found.results["sized"].account.held.sum(axis=0)[1:], size[:-1], rtol=1e-12)
    np.testing.assert_array_equal(found.results["static"].account.held[:, 1:], 0.5)
    assert plan.parts[1].rule == Complement(TermStructure(power=4))
    assert found.table().loc["split", "turnover_per_year"] > 1.0


def test_tuple_of_tail_hedges_is_held_together() -> None:
    pair = (HEDGE, DEAR)
    hedges = {"insurance": HEDGE, "dear": DEAR, "equal": pair, "given": ((HEDGE, 0.7), (DEAR, 0.3)), "alone": (HEDGE,)}
    found = compare_tail_hedges(hedges, MARKET, judging=UNDRAWN)
    table, gains = found.table(), found.payoffs().set_index(["hedge", "shock"])["gain"]
    for column in ("cost_per_year", "bleed_per_year", "offset", "gain_20"):
        one, other = table.loc["insurance", column], table.loc["dear", column]
        assert table.loc["equal", column] == pytest.approx((one + other) / 2.0, rel=1e-9), column
        assert table.loc["given", column] == pytest.approx(0.7 * one + 0.3 * other, rel=1e-9), column
        assert table.loc["alone", column] == one
    assert gains["given", "-30 %"] == pytest.approx(0.7 * gains["insurance", "-30 %"] + 0.3 * gains["dear", "-30 %"])
    assert found.figure("payoff_fan").data
    assert any(said.startswith("given cost") for said in found.verdict())
    json.dumps(found.to_dict())


def test_tail_hedges_together_share_a_budget_and_one_without_repricing_says_so() -> None:
    puts = (IndexPuts(delta=0.2), IndexPuts(delta=0.1))
    found = compare_tail_hedges({"puts": puts}, MARKET, budget_per_year=0.003, judging=UNDRAWN)
    assert 0.9 < found.comparison.results["puts"].budget_use["share"].max() <= 1.0 + 1e-9
    half = compare_tail_hedges({"half known": (HEDGE, NotRepriced(0.2))}, MARKET, judging=UNDRAWN)
    assert half.payoffs()["gain"].isna().all()
    assert half.payoffs()["status"].str.contains("no repricing").all()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: DiversifiedPlan(()), "needs a tuple of one OverlayPlan or more"),
        (lambda: DiversifiedPlan((HEDGE,)), "must each be an OverlayPlan"),  # type: ignore[arg-type]
        (lambda: DiversifiedPlan((OverlayPlan(Static(1.0), HEDGE, Shape(budget=0.01)),)), "budget 0.01 of its own"),
        (lambda: DiversifiedPlan((BREATHING,), -0.1), "0 or more, or None, not -0.1"),
        (lambda: DiversifiedPlan((BREATHING,), None, (1.0, 2.0)), "for each of the 1 parts"),
        (lambda: DiversifiedPlan.split(VixLinear(10, 15), HEDGE, DEAR), "gives a size"),
        (
            lambda: DiversifiedPlan.split(TermStructure() * TermStructure(power=2), HEDGE, DEAR),
            "only a rule that gives a share",
        ),
        (lambda: compare_tail_hedges({"none": ()}, MARKET), "all with a share or none; 0 of 0 have one"),
        (lambda: compare_tail_hedges({"some": ((HEDGE, 0.5), DEAR)}, MARKET), "1 of 2 have one"),
        (lambda: compare_tail_hedges({"less": ((HEDGE, -0.5),)}, MARKET), "above 0, not -0.5"),
    ],
)
def test_plans_that_are_none_are_refused(make, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=said):
        make()


def test_static_plan_of_a_plain_plan_is_multiplier_one_without_shape_or_budget() -> None:
    plan = OverlayPlan(VixLinear(10, 15), HEDGE, Shape(cap=1.0, budget=0.01))
    assert static_plan(plan) == OverlayPlan(Static(1.0), HEDGE)
