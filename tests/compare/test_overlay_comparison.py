"""Overlays compared: figures by hand, crises, halves, red flags, words, refusals."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from compare.overlay_markets import CRASH, JUDGING, LATER, UNDRAWN, Insurance, market_of
from hedgerow.compare import Crisis, OverlayJudging, OverlayPlan, compare_overlays
from hedgerow.effectiveness import PerformanceOptions, cvar, performance
from hedgerow.engine.overlay import OverlayOptions
from hedgerow.errors import DataError, InputError
from hedgerow.overlays import OverlayRule, Shape, Signals, Static, VixLinear
from hedgerow.programmes import OverlayMarket, Portfolio

MARKET = market_of()
HEDGE = Insurance(fee=1.0)
PLANS = {"breathing": OverlayPlan(VixLinear(10, 15, cap=2.0), HEDGE), "half": OverlayPlan(Static(0.5), HEDGE)}


@pytest.fixture(scope="module", name="found")
def _found():  # type: ignore[no-untyped-def]
    return compare_overlays(PLANS, MARKET, judging=JUDGING)


def test_figures_of_a_few_days_equal_those_worked_by_hand() -> None:
    days = pd.DatetimeIndex(["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"])
    market = OverlayMarket.of(
        pd.Series([100.0, 80.0, 100.0, 110.0], days), pd.Series([20.0, 30.0, 20.0, 20.0], days), rate=0.0
    )
    hedge = Insurance(beta=0.5, premium=0.01, fee=100.0)
    judging = OverlayJudging(bootstrap=None, crises=(Crisis("2020", "2020-01-01", "2021-01-01"),))
    options = OverlayOptions(lag=0)
    table = compare_overlays(
        {"twice": OverlayPlan(Static(2.0), hedge)},
        market,
        portfolio=Portfolio(1000.0),
        options=options,
        judging=judging,
    ).table()
    # of a portfolio of 1000, 800, 1000 the hedge earns 100 - 10, -100 - 8, -50 - 10, less 100 to open it on day one
    shares = np.array([-10.0 / 1000.0, -108.0 / 800.0, -60.0 / 1000.0])
    years = 1096.0 / 365.0
    static = table.loc["static"]
    assert static["cost_per_year"] == pytest.approx(-shares.sum() / years)
    assert static["cost_per_year_money"] == pytest.approx((10.0 + 108.0 + 60.0) / years)
    assert static["bleed_per_year"] == pytest.approx(-shares[1:].sum() / (730.0 / 365.0))
    assert static["transaction_costs_per_year"] == pytest.approx(0.1 / years)
    assert static["offset"] == pytest.approx(-0.01 / 0.2)
    assert (static["mean_multiplier"], static["days_hedged"]) == (1.0, 1.0)
    assert static["turnover_per_year"] == pytest.approx(1.0 / years)
    assert static["cvar"] == pytest.approx(0.2 + 0.01)
    twice = table.loc["twice"]
    assert twice["cost_per_year"] == pytest.approx(2.0 * static["cost_per_year"])
    assert twice["cost_against_static"] == pytest.approx(static["cost_per_year"])
    assert twice["saved_against_static"] == pytest.approx(-1.0)
    assert table.loc["no hedge", "cost_per_year"] == 0.0


def test_every_account_has_its_figures_their_intervals_and_its_sample(found) -> None:  # type: ignore[no-untyped-def]
    table = found.table()
    assert list(table.index) == ["no hedge", "static", "breathing", "half"]
    assert (table["sample"] == "parameters stated beforehand").all()
    for name in ("cost_per_year", "sharpe", "cvar", "volatility", "max_drawdown", "offset", "bleed_per_year"):
        inside = (table[f"{name}_low"] <= table[f"{name}_high"]).to_numpy()
        assert inside.all(), name
    hedged = table.drop(index="no hedge")
    assert (hedged["cost_per_year_low"] < hedged["cost_per_year"]).all()
    assert (hedged["cost_per_year"] < hedged["cost_per_year_high"]).all()
    returns = found.records["breathing"].returns
    whole = performance(returns, options=PerformanceOptions(rate=0.0))
    assert table.loc["breathing", "sharpe"] == pytest.approx(whole.sharpe, rel=1e-12)
    assert table.loc["breathing", "cvar"] == pytest.approx(cvar(returns), rel=1e-12)


def test_without_interest_and_with_a_level_portfolio_returns_are_those_of_the_account() -> None:
    days = pd.bdate_range("2020-01-01", periods=60)
    price = pd.Series(100.0 + 1e-9 * np.arange(60), days)
    market = OverlayMarket.of(price, pd.Series(20.0, days), rate=0.0)
    result = compare_overlays({"half": OverlayPlan(Static(0.5), Insurance())}, market, judging=UNDRAWN)
    record = result.records["half"]
    assert record.hedge_pnl.sum() == pytest.approx(result.results["half"].hedge_pnl.sum(), rel=1e-12)
    assert record.returns == pytest.approx(record.period.unhedged - 0.5 * 0.0003 * (record.held / 0.5), abs=1e-11)


def test_record_has_the_returns_of_the_run(found) -> None:  # type: ignore[no-untyped-def]
    for name, record in found.records.items():
        assert record.returns == pytest.approx(found.results[name].returns.to_numpy()[-len(record.held) :], abs=1e-15)


def test_interest_on_what_a_hedge_has_lost_is_no_cost_of_it() -> None:
    free, dear = (
        compare_overlays({"half": OverlayPlan(Static(0.5), Insurance())}, market_of(rate=rate), judging=UNDRAWN)
        for rate in (0.0, 0.05)
    )
    assert free.table().loc["static", "cost_per_year"] == pytest.approx(dear.table().loc["static", "cost_per_year"])
    assert dear.results["static"].hedge_pnl.sum() < free.results["static"].hedge_pnl.sum()


def test_crisis_has_loss_gain_and_offset_and_one_the_data_lack_has_no_data(found) -> None:  # type: ignore[no-untyped-def]
    table = found.crises().set_index(["crisis", "plan"])
    crash = table.loc[(CRASH.name, "static")]
    rows = CRASH.rows(MARKET.dates)
    loss = -found.results["static"].portfolio_pnl.to_numpy()[rows].sum()
    assert crash["status"] == "covered"
    assert crash["portfolio_loss"] == pytest.approx(loss)
    assert crash["offset"] == pytest.approx(crash["hedge_gain"] / loss)
    assert 0.2 < crash["offset"] < 0.3
    missing = table.loc[(LATER.name, "breathing")]
    assert missing["status"] == "no data"
    assert missing[["portfolio_loss", "hedge_gain", "offset"]].isna().all()
    assert list(found.offsets().index) == ["crash", "later"]


def test_years_sum_to_the_whole_and_calm_ones_are_marked(found) -> None:  # type: ignore[no-untyped-def]
    years = found.years()
    own = years[years["plan"] == "breathing"]
    assert own["hedge_gain"].sum() == pytest.approx(found.records["breathing"].hedge_pnl.sum())
    assert not own.loc[own["year"] == 2019, "calm"].any()


def test_halves_are_labelled_and_their_costs_add_up(found) -> None:  # type: ignore[no-untyped-def]
    halves = found.halves()
    assert set(halves.loc["first", "sample"]) == {"train"}
    assert set(halves.loc["second", "sample"]) == {"test"}
    period = found.period
    cut = JUDGING.train_rows(len(period.dates))
    weights = [period.rows(each).years for each in (slice(cut), slice(cut, None))]
    costs = [halves.loc[(half, "half"), "cost_per_year"] for half in ("first", "second")]
    assert np.dot(weights, costs) / sum(weights) == pytest.approx(found.table().loc["half", "cost_per_year"])


@pytest.mark.filterwarnings("error")
def test_everything_goes_into_json_and_every_figure_is_drawn(found) -> None:  # type: ignore[no-untyped-def]
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["table"][0]["plan"] == "no hedge"
    assert plain["lag"] == 1
    for name in (
        "multiplier",
        "cost_and_gain",
        "cumulative_bleed",
        "crises",
        "equal_cost",
        "drawdowns",
        "rolling_beta",
    ):
        assert found.figure(name).data
    with pytest.raises(InputError, match="there is no figure 'crisis'; did you mean 'crises'"):
        found.figure("crisis")


def test_red_flags_of_every_plan_are_judged_or_say_why_not(found) -> None:  # type: ignore[no-untyped-def]
    flags = found.red_flags().set_index(["plan", "flag"])
    assert len(flags) == 18
    assert flags.loc[("half", "sharpe"), "raised"] == False  # noqa: E712 - None is another answer
    assert flags.loc[("half", "one_row_late"), "raised"] is None
    assert "not given" in flags.loc[("half", "free_parameters"), "sentence"]
    counted = (
        replace(found, judging=replace(JUDGING, free_parameters={"half": 5})).red_flags().set_index(["plan", "flag"])
    )
    assert counted.loc[("half", "free_parameters"), "raised"] == True  # noqa: E712


class Peeking(OverlayRule):
    """Holds the hedge over steps on which the price falls: it reads the next two closes."""

    @property
    def needs(self) -> tuple[str, ...]:
        return ("price",)

    def multiplier(self, signals: Signals) -> np.ndarray:
        price = signals["price"]
        falls = np.append(np.diff(price) < 0.0, False)
        return np.append(falls[1:], False).astype(float)


def test_rule_that_leans_on_being_in_time_is_called_suspicious() -> None:
    plans = {"peeking": OverlayPlan(Peeking(), Insurance()), "half": OverlayPlan(Static(0.5), Insurance())}
    decay = compare_overlays(plans, MARKET, judging=UNDRAWN).lag_decay()
    assert decay.loc[("peeking", 1), "label"] == "suspicious"
    assert decay.loc[("peeking", 0), "timing_sharpe"] > 5.0
    assert (decay.loc["half", "label"] == "").all()
    assert decay.loc["half", "timing_sharpe"].isna().all()


def test_plans_of_several_hedges_have_a_static_hedge_each() -> None:
    other = Insurance(beta=0.1, label="little")
    plans = {"a": OverlayPlan(Static(0.5), HEDGE), "b": OverlayPlan(Static(0.5), other)}
    found = compare_overlays(plans, MARKET, judging=UNDRAWN)
    assert list(found.results) == ["no hedge", "static: insurance", "static: little", "a", "b"]
    table = found.table()
    saved = table.loc[["a", "b"], "saved_against_static"].to_numpy()
    assert saved == pytest.approx([0.5, 0.5])


def test_verdict_says_hedging_less_where_cost_and_offset_are_lower() -> None:
    found = compare_overlays({"half": OverlayPlan(Static(0.5), HEDGE)}, MARKET, judging=JUDGING)
    said = found.verdict()
    table, crises = found.table(), found.crises().set_index(["crisis", "plan"])
    cost, static = (100.0 * table.loc[name, "cost_per_year"] for name in ("half", "static"))
    offset, whole = (100.0 * crises.loc[("crash", name), "offset"] for name in ("half", "static"))
    assert said[0] == (
        f"half cost {cost:.2f} % a year against {static:.2f} % of the static hedge, and offset {offset:.1f} % of crash "
        f"against {whole:.1f} %: hedging less, not better: it does not beat the static hedge with the same mean "
        "multiplier (0.50)."
    )
    assert said[-1] == "Synthetic: made by hand."


def test_without_intervals_no_plan_is_said_to_beat_another() -> None:
    found = compare_overlays({"half": OverlayPlan(Static(0.5), HEDGE)}, MARKET, judging=UNDRAWN)
    assert set(found.rivals()["word"]) == {"not judged"}
    assert "without intervals nothing is said about the static hedge" in found.verdict()[0]


def test_accounts_are_judged_from_the_first_fill_of_the_plan_that_starts_last() -> None:
    late = OverlayPlan(Static(0.5), HEDGE, Shape(smooth=30))
    found = compare_overlays({"late": late, "half": OverlayPlan(Static(0.5), HEDGE)}, MARKET, judging=UNDRAWN)
    assert found.period.dates[0] == MARKET.dates[30]
    assert found.records["late"].held[1] == 0.5
    assert found.records["late"].mean_multiplier == 0.5


def test_what_cannot_be_judged_is_refused_in_a_sentence() -> None:
    plan = OverlayPlan(Static(0.5), HEDGE)
    with pytest.raises(InputError, match="at least one plan"):
        compare_overlays({}, MARKET)
    with pytest.raises(InputError, match="'static' is the name of a plan that is added by itself"):
        compare_overlays({"static": plan}, MARKET)
    with pytest.raises(DataError, match="'slow' orders nothing before the data end"):
        compare_overlays({"slow": OverlayPlan(Static(1.0), HEDGE, Shape(smooth=600))}, MARKET, judging=UNDRAWN)
    with pytest.raises(InputError, match="train_share must lie between 0 and 1"):
        OverlayJudging(train_share=1.0)
    with pytest.raises(InputError, match="sample must be one of"):
        OverlayJudging(sample="seen")


def test_cost_and_sharpe_ratio_of_a_run_are_those_of_its_own_summary() -> None:
    """A year of time has 365 days everywhere, so that a run and its comparison say the same."""
    plan, options = OverlayPlan(Static(1.0), Insurance()), OverlayOptions(lag=0)
    found = compare_overlays({"one": plan}, market_of(rate=0.03), options=options, judging=UNDRAWN)
    said, row = found.results["one"].summary()["value"], found.table().loc["one"]
    assert row["cost_per_year"] == pytest.approx(said["net cost a year of the portfolio"], rel=1e-12)
    assert row["sharpe"] == pytest.approx(said["Sharpe ratio hedged"], rel=1e-12)
