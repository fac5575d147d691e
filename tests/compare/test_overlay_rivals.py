"""The rivals of an overlay, and hedges at equal cost: laws."""

from __future__ import annotations

import numpy as np
import pytest

from compare.overlay_markets import FEW, JUDGING, UNDRAWN, Insurance, market_of
from hedgerow.compare import OverlayPlan, compare_overlays
from hedgerow.compare.overlays.measures import draw_figures
from hedgerow.compare.overlays.rivals import (
    BEATS,
    HOLDING_LESS,
    LOSES,
    SAME,
    SAME_MEAN,
    UNKNOWN,
    holding_less,
    share_to_sell,
    together,
    word_of,
)
from hedgerow.effectiveness import cvar
from hedgerow.engine.overlay import OverlayOptions
from hedgerow.errors import DataError
from hedgerow.overlays import Shape, Static, VixLinear
from hedgerow.programmes import VarianceSwaps

MARKET = market_of()
HEDGE = Insurance(fee=1.0)


def test_static_rule_is_exactly_its_own_rival_of_the_same_mean() -> None:
    found = compare_overlays({"half": OverlayPlan(Static(0.5), HEDGE)}, MARKET, judging=JUDGING)
    rows = found.rivals().set_index(["rival", "figure"]).loc[SAME_MEAN]
    figures = rows.drop(index="all")
    assert (figures[["difference", "low", "high"]] == 0.0).all(axis=None)
    assert set(figures["word"]) == {SAME}
    assert (rows.loc["all", "of_rival"], rows.loc["all", "word"]) == (0.5, LOSES)


def test_rival_of_the_same_mean_starts_with_the_rule_and_holds_its_mean() -> None:
    plan = OverlayPlan(VixLinear(10, 15), HEDGE, Shape(smooth=40))
    found = compare_overlays({"slow": plan}, MARKET, judging=UNDRAWN)
    rival = found.rival_records.records["slow", SAME_MEAN]
    own = found.records["slow"]
    assert rival.start == own.start
    assert rival.mean_multiplier == pytest.approx(own.mean_multiplier, rel=1e-12)
    assert np.ptp(rival.held[rival.start :]) == 0.0


def test_rival_of_the_same_mean_holds_that_mean_under_a_budget_that_cuts_it() -> None:
    """Ordering the mean alone would hold less: the budget cuts the static hedge on other dates than the rule."""
    plan = OverlayPlan(VixLinear(10, 15), VarianceSwaps(100_000), Shape(budget=0.1))
    found = compare_overlays({"bound": plan}, MARKET, judging=UNDRAWN)
    own, rival = found.records["bound"], found.rival_records.records["bound", SAME_MEAN]
    as_ordered = found.record_of(found.setting.same_mean(plan, found.results["bound"], (own.mean_multiplier,)))
    assert as_ordered.mean_multiplier < 0.99 * own.mean_multiplier
    assert rival.mean_multiplier == pytest.approx(own.mean_multiplier, rel=1e-5)
    row = found.rivals().set_index(["rival", "figure"]).loc[(SAME_MEAN, "all")]
    assert row["of_rival"] == rival.mean_multiplier


@pytest.mark.parametrize("sold", [0.0, 0.25, 1.0])
def test_holding_less_scales_volatility_cvar_and_return_by_what_is_left(sold: float) -> None:
    found = compare_overlays({"half": OverlayPlan(Static(0.5), HEDGE)}, MARKET, judging=UNDRAWN)
    bare = found.records["no hedge"]
    less = holding_less(bare, sold)
    assert less.returns == pytest.approx((1.0 - sold) * bare.period.unhedged, abs=1e-15)
    assert cvar(less.returns) == pytest.approx((1.0 - sold) * cvar(bare.returns), abs=1e-15)


def test_holding_less_leaves_the_cvar_of_the_hedged_account_and_costs_the_return_forgone() -> None:
    found = compare_overlays({"half": OverlayPlan(Static(0.5), HEDGE)}, market_of(rate=0.02), judging=UNDRAWN)
    rows = found.rivals().set_index(["rival", "figure"]).loc[HOLDING_LESS]
    assert rows.loc["cvar", "difference"] == pytest.approx(0.0, abs=1e-12)
    sold, period = rows.loc["all", "of_rival"], found.period
    assert 0.0 < sold < 0.5
    forgone = sold * (period.unhedged - period.cash).sum() / period.years
    assert rows.loc["cost_per_year", "of_rival"] == pytest.approx(forgone)


def test_nothing_is_sold_where_the_hedge_does_not_lower_cvar() -> None:
    returns = np.random.default_rng(0).normal(size=100) * 0.01
    assert share_to_sell(returns, np.zeros(100), 1.1 * cvar(returns)) == 0.0
    assert share_to_sell(returns, np.zeros(100), -1.0) == 1.0


def test_hedge_held_in_the_crash_alone_beats_the_static_one_of_its_mean() -> None:
    timed = OverlayPlan(VixLinear(20, 10, cap=1.0), Insurance(beta=0.5, premium=0.0008))
    found = compare_overlays({"timed": timed}, MARKET, judging=JUDGING)
    rows = found.rivals().set_index(["rival", "figure"]).loc[SAME_MEAN]
    assert rows.loc["offset", "word"] == BEATS
    assert rows.loc["all", "word"] == BEATS
    assert "it beats the static hedge with the same mean multiplier" in found.verdict()[0]


def test_words_follow_the_interval_and_the_direction_of_the_figure() -> None:
    assert word_of("sharpe", 0.1, 0.01, 0.2) == BEATS
    assert word_of("cvar", 0.1, 0.01, 0.2) == LOSES
    assert word_of("cost_per_year", -0.1, -0.2, -0.01) == BEATS
    assert word_of("offset", 0.1, -0.01, 0.2) == UNKNOWN
    assert word_of("offset", float("nan"), float("nan"), float("nan")) == UNKNOWN
    assert word_of("offset", 0.0, 0.0, 0.0) == SAME
    assert together([BEATS, UNKNOWN, SAME]) == BEATS
    assert together([BEATS, LOSES]) == LOSES
    assert together([SAME, UNKNOWN]) == UNKNOWN
    assert together([SAME, SAME]) == LOSES


def test_draws_are_common_so_that_a_hedge_of_twice_the_size_costs_twice_as_much_in_each() -> None:
    found = compare_overlays({"half": OverlayPlan(Static(0.5), HEDGE)}, MARKET, judging=UNDRAWN)
    record = found.records["half"]
    draws = draw_figures({"one": record, "two": record.scaled(2.0)}, FEW)
    for figure in ("cost_per_year", "bleed_per_year", "offset"):
        one, two = draws.figures[figure].T
        assert two == pytest.approx(2.0 * one, rel=1e-9, nan_ok=True)
    assert draws.difference("sharpe", "one", "one") == (0.0, 0.0)


def test_equal_cost_gives_every_hedge_the_bleed_of_the_static_one_and_leaves_offset_per_cost() -> None:
    plans = {"breathing": OverlayPlan(VixLinear(10, 15), HEDGE), "half": OverlayPlan(Static(0.5), HEDGE)}
    found = compare_overlays(plans, MARKET, judging=JUDGING)
    table, equal = found.table(), found.equal_cost()
    assert equal["bleed_per_year"].to_numpy() == pytest.approx(table.loc["static", "bleed_per_year"], rel=1e-12)
    assert equal.loc["half", "scale"] == pytest.approx(2.0, rel=1e-12)
    assert equal.loc["static", "scale"] == 1.0
    before, after = ((each["offset"] / each["bleed_per_year"]).loc[equal.index] for each in (table, equal))
    assert after.to_numpy() == pytest.approx(before.to_numpy(), rel=1e-9)
    assert set(equal["scaling"]) == {"scaled"}


def test_equal_cost_under_a_budget_is_run_again_and_says_where_it_falls_short() -> None:
    roomy = OverlayPlan(Static(0.5), HEDGE, Shape(budget=5.0))
    tight = OverlayPlan(Static(0.5), HEDGE, Shape(budget=1e-5))
    equal = compare_overlays({"roomy": roomy, "tight": tight}, MARKET, judging=UNDRAWN).equal_cost()
    assert equal.loc["roomy", "scaling"] == "run again"
    assert equal.loc["roomy", "scale"] == pytest.approx(2.0, rel=1e-5)
    assert equal.loc["tight", "scaling"].startswith("run again: it bleeds")


def test_equal_cost_of_whole_contracts_is_run_again() -> None:
    plan = OverlayPlan(Static(0.5), HEDGE)
    options = OverlayOptions(whole_contracts="nearest")
    equal = compare_overlays({"half": plan}, MARKET, options=options, judging=UNDRAWN).equal_cost()
    assert equal.loc["half", "scale"] == pytest.approx(1.0)  # half a contract is rounded up to the whole one


def test_hedge_that_earns_in_quiet_times_has_no_equal_cost() -> None:
    gift = Insurance(beta=0.0, premium=-0.0001, label="gift")
    plans = {"half": OverlayPlan(Static(0.5), HEDGE), "gift": OverlayPlan(Static(1.0), gift)}
    equal = compare_overlays(plans, MARKET, judging=UNDRAWN).equal_cost()
    assert equal.loc["gift", "scaling"] == "it earned money outside crises, which no scale makes a cost"
    assert np.isnan(equal.loc["gift", "scale"])


def test_word_of_all_figures_rests_on_intervals_that_hold_together() -> None:
    """Four looks at 95 % are four chances to be wrong: one figure just beyond its own interval is not enough."""
    found = compare_overlays({"half": OverlayPlan(VixLinear(10, 15), HEDGE)}, MARKET, judging=JUDGING)
    draws = found.rival_records.draws
    assert draws is not None
    names = ("half", f"half | {SAME_MEAN}")
    one, four = (draws.difference("cvar", *names, looks=looks) for looks in (1, 4))
    apart = draws.figures["cvar"] @ [(name == names[0]) - float(name == names[1]) for name in draws.names]
    tail = 0.5 * (1.0 - draws.confidence) / 4.0
    assert four == pytest.approx(tuple(np.quantile(apart, [tail, 1.0 - tail])), rel=1e-9, abs=1e-15)
    assert four[0] < one[0] < one[1] < four[1]


def test_account_that_loses_all_there_is_is_refused_by_its_name() -> None:
    with pytest.raises(DataError, match="'huge' cannot be judged: portfolio and hedge lose all there is on"):
        compare_overlays({"huge": OverlayPlan(Static(1000.0), HEDGE)}, MARKET, judging=UNDRAWN)
