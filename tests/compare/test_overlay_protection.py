"""Cost against protection beside holding less, carry, captures, and offsets of a portfolio that is partly exposed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from compare.overlay_markets import CRASH, JUDGING, UNDRAWN, Insurance, market_of
from hedgerow.compare import OverlayComparison, OverlayPlan, compare_overlays, measure_claims
from hedgerow.compare.overlays.cost_of_protection import cost_of_protection, holding_less_line
from hedgerow.effectiveness.capture import beta, down_capture, up_capture
from hedgerow.overlays import Static, VixLinear
from hedgerow.programmes import Portfolio

MARKET = market_of()
PLANS = {
    "linear": OverlayPlan(VixLinear(10, 15), Insurance(fee=100.0)),
    "half": OverlayPlan(Static(0.5), Insurance(fee=100.0)),
}


@pytest.fixture(scope="module", name="found")
def _found() -> OverlayComparison:
    return compare_overlays(PLANS, MARKET, judging=JUDGING)


def test_cost_and_cut_are_those_of_the_table_with_intervals_under_common_draws(found: OverlayComparison) -> None:
    table, points = found.table(), cost_of_protection(found)
    assert list(points.index) == ["static", "linear", "half"]
    assert points.loc["linear", "cost"] == table.loc["linear", "cost_per_year"]
    assert points.loc["linear", "cut"] == pytest.approx(table.loc["no hedge", "cvar"] - table.loc["linear", "cvar"])
    drawn = found.draws.figures["cvar"]  # type: ignore[union-attr]
    apart = drawn[:, 0] - drawn[:, found.draws.names.index("linear")]  # type: ignore[union-attr]
    assert points.loc["linear", "cut_low"] == pytest.approx(np.quantile(apart, 0.025), abs=1e-4)
    bare = compare_overlays(PLANS, MARKET, judging=UNDRAWN)
    assert cost_of_protection(bare)[["cut_low", "cost_high"]].isna().all().all()


def test_holding_less_goes_from_nothing_past_the_largest_cut_and_costs_the_return_forgone(
    found: OverlayComparison,
) -> None:
    line = holding_less_line(found)
    assert line.iloc[0].abs().max() == 0.0
    last = line.iloc[-1]
    assert last["cut"] == pytest.approx(1.15 * cost_of_protection(found)["cut"].max(), rel=1e-6)
    forgone = last["sold"] * found.period.unhedged.sum() / found.period.years
    assert last["cost"] == pytest.approx(forgone)
    figure = found.figure("cost_of_protection")
    assert [trace.name for trace in figure.data] == ["holding less", "static", "linear", "half"]


def test_bleed_is_dealing_costs_less_carry(found: OverlayComparison) -> None:
    record, period = found.records["linear"], found.period
    quiet = ~period.struck
    dealing = float((record.costs / period.portfolio)[quiet].sum()) / period.quiet_years
    row = found.table().loc["linear"]
    assert dealing > 0.0
    assert row["bleed_per_year"] == pytest.approx(dealing - row["carry_per_year"])


def test_captures_and_beta_stand_in_the_table(found: OverlayComparison) -> None:
    table, alone = found.table(), found.period.unhedged
    own = found.records["half"].returns
    rose = alone > 0.0
    assert table.loc["half", "up_capture"] == pytest.approx(own[rose].mean() / alone[rose].mean())
    assert table.loc["half", "up_capture"] == up_capture(own, alone)
    assert table.loc["half", "down_capture"] == down_capture(own, alone)
    assert table.loc["half", "beta"] == beta(own, alone)
    assert table.loc["no hedge", ["up_capture", "down_capture", "beta"]].tolist() == pytest.approx([1.0, 1.0, 1.0])


def test_equity_starts_at_one_and_drawdown_at_none(found: OverlayComparison) -> None:
    figure = found.figure("equity")
    assert figure.data[0].y[0] == 1.0
    grown = float(np.prod(1.0 + found.period.unhedged))
    assert figure.data[0].y[-1] == pytest.approx(grown, rel=1e-5)
    assert found.figure("drawdowns").data[0].y[0] == 0.0


def test_offset_of_the_hedged_part_is_over_its_own_loss() -> None:
    partly = compare_overlays(PLANS, MARKET, portfolio=Portfolio(exposure_weight=0.4), judging=UNDRAWN)
    table, crises = partly.table(), partly.crises().set_index(["crisis", "plan"])
    assert table.loc["half", "offset_of_hedged_part"] == pytest.approx(table.loc["half", "offset"] / 0.4)
    row = crises.loc[("crash", "half")]
    assert row["offset_of_hedged_part"] == pytest.approx(row["hedge_gain"] / (0.4 * row["portfolio_loss"]))
    whole = compare_overlays(PLANS, MARKET, judging=UNDRAWN).table()
    pd.testing.assert_series_equal(whole["offset"], whole["offset_of_hedged_part"], check_names=False)


def test_hedged_part_of_an_own_portfolio_loses_what_the_index_loses() -> None:
    own = replace(MARKET, portfolio=np.linspace(1.0, 1.2, len(MARKET)))
    period = compare_overlays(PLANS, own, portfolio=Portfolio(exposure_weight=0.5), judging=UNDRAWN).period
    index = np.diff(MARKET.price) / MARKET.price[:-1]
    np.testing.assert_allclose(period.hedged_part, 0.5 * index[-len(period.dates) :])
    np.testing.assert_allclose(
        period.unhedged, np.diff(own.portfolio)[-len(period.dates) :] / own.portfolio[:-1][-len(period.dates) :]
    )  # type: ignore[index]


def test_claim_of_a_static_hedge_that_earned_has_no_figure_and_says_why() -> None:
    earning = {"linear": OverlayPlan(VixLinear(10, 15), Insurance(premium=-0.001))}
    claims = measure_claims(compare_overlays(earning, MARKET, judging=JUDGING)).set_index("claim")
    row = claims.loc["cheaper than static"]
    assert np.isnan([row["measured"], row["low"], row["high"]]).all()
    assert row["how"].startswith("no figure: static cost nothing, it earned ")
    assert row["holds"] is None


def test_claim_of_crashes_without_one_in_the_data_says_so() -> None:
    calm = replace(UNDRAWN, crises=(replace(CRASH, start="2031-01-02", end="2031-02-03"),))
    claims = measure_claims(compare_overlays(PLANS, MARKET, judging=calm)).set_index("claim")
    assert claims.loc["crash offset, static", "how"] == "no figure: no crisis lies in the data"
