"""Parameters chosen walking forward: on the past only, equal to the definition, and doubted."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from compare.overlay_markets import CRASH, FEW, Insurance, market_of
from hedgerow.compare import OverlayChoosing, OverlayPlan, choose_overlay
from hedgerow.compare.overlays.choose import refit_rows
from hedgerow.compare.overlays.grid_of_plans import parameter_sets
from hedgerow.compare.overlays.objectives import Steps, cvar_of_rows, cvar_per_cost, return_per_cvar, sharpe
from hedgerow.compare.overlays.record import HedgeRecord, JudgedPeriod
from hedgerow.effectiveness import backtest_overfitting, cvar, sharpe_ratio
from hedgerow.engine.overlay import OverlayOptions, run_overlay
from hedgerow.errors import DataError, InputError
from hedgerow.overlays import Shape, SignalMove, VixLinear, shaped
from hedgerow.programmes import OverlayMarket

MARKET = market_of(700)
HEDGE = Insurance(beta=0.6, premium=0.0008, fee=5.0)
GRID = {"low": [8.0, 12.0, 16.0], "width": [5.0, 15.0]}
SHAPE = Shape(cap=2.0, smooth=3, threshold=(SignalMove(1.0),))
CHOOSING = OverlayChoosing(refit="quarterly", bootstrap=FEW, crises=(CRASH,), shape=SHAPE)


def chosen(market: OverlayMarket = MARKET, choosing: OverlayChoosing = CHOOSING, **keys: Any):  # type: ignore[no-untyped-def]
    return choose_overlay("vix_linear", GRID, market, hedge=HEDGE, choosing=choosing, **keys)


@pytest.fixture(scope="module", name="found")
def _found():  # type: ignore[no-untyped-def]
    return chosen()


def with_other_future(market: OverlayMarket, row: int) -> OverlayMarket:
    """Return the market with every close after a row replaced."""
    rng = np.random.default_rng(9)
    price, vix = market.price.copy(), market.vix.copy()
    price[row + 1 :] = price[row] * np.exp(np.cumsum(rng.normal(size=len(price) - row - 1) * 0.03))
    vix[row + 1 :] = rng.uniform(10.0, 60.0, len(vix) - row - 1)
    return OverlayMarket.of(pd.Series(price, market.dates), pd.Series(vix, market.dates), rate=0.0, dividend_yield=0.0)


@pytest.mark.parametrize("place", [0, 2])
def test_choice_does_not_know_what_comes_after_it(found, place: int) -> None:  # type: ignore[no-untyped-def]
    row = int(found.refits[place])
    other = chosen(with_other_future(MARKET, row))
    assert (other.refits == found.refits).all()
    assert (other.winners[: place + 1] == found.winners[: place + 1]).all()
    assert (other.scores[: place + 1] == found.scores[: place + 1]).all()
    before = slice(row + 1)
    one, two = (each.result.multiplier.to_numpy()[before] for each in (found, other))
    assert np.array_equal(one, two, equal_nan=True)
    assert (found.result.held.to_numpy()[before] == other.result.held.to_numpy()[before]).all()
    assert not np.array_equal(found.scores, other.scores)


def test_choice_equals_its_definition_set_by_set(found) -> None:  # type: ignore[no-untyped-def]
    period = found.period
    for number in (0, 3, 5):
        plan = found.plans[number]
        run = run_overlay(plan.rule, HEDGE, MARKET, shape=plan.shape)
        record = HedgeRecord.of(run, JudgedPeriod.of(run, (CRASH,)), "")
        assert found.returns[number] == pytest.approx(record.returns, abs=1e-12)
        for place, row in enumerate(found.refits):
            cut = slice(found.begin, row)
            cut_cvar = cvar(period.unhedged[cut]) - cvar(record.returns[cut])
            cost = -record.share[cut].sum() / (period.days[cut].sum() / 365.0)
            assert found.scores[place, number] == pytest.approx(cut_cvar / max(cost, 1e-4), rel=1e-9)
    assert (found.winners == found.scores.argmax(axis=1)).all()


def test_walked_hedge_is_the_shaped_multiplier_of_each_choice_until_the_next(found) -> None:  # type: ignore[no-untyped-def]
    decided = found.result.multiplier.to_numpy()
    assert np.isnan(decided[: found.refits[0]]).all()
    ends = [*found.refits[1:], len(MARKET)]
    for start, end, number in zip(found.refits, ends, found.winners, strict=True):
        plan = found.plans[number]
        path = shaped(plan.rule, found.setting.signals, plan.shape).multiplier
        assert (decided[start:end] == path[start:end]).all()
    assert found.result.held.to_numpy()[found.refits[0]] == 0.0  # lag 1: filled a close later


def test_samples_are_named_and_everything_goes_into_json(found) -> None:  # type: ignore[no-untyped-def]
    table = found.table()
    assert table["sample"].to_dict() == {
        "no hedge": "parameters stated beforehand", "static": "parameters stated beforehand",
        "walked forward": "walk-forward", "first choice kept": "test", "best in hindsight": "train",
    }  # fmt: skip
    assert set(found.chosen["sample"]) == {"train"}
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["overfitting"]["sample"] == "all steps, in sample"
    assert "walk-forward from" in found.verdict()[0]
    for name in ("sensitivity", "multiplier", "cost_and_gain", "drawdowns"):
        assert found.figure(name).data


def test_sensitivity_is_the_objective_over_two_keys_with_its_sample(found) -> None:  # type: ignore[no-untyped-def]
    train, test = found.sensitivity(), found.sensitivity(sample="test")
    assert train.shape == (3, 2)
    assert (train.index.name, train.columns.name) == ("low", "width")
    assert train.loc[12.0, 15.0] == found.scores[0, 3]
    assert test.attrs["sample"] == "test"
    with pytest.raises(InputError, match="the grid has no key 'wide'; did you mean 'width'"):
        found.sensitivity("low", "wide")


def test_doubts_of_a_choice_count_its_keys_and_its_trials(found) -> None:  # type: ignore[no-untyped-def]
    flags = found.red_flags().set_index("flag")
    assert flags.loc["free_parameters", "value"] == 2.0
    assert flags.loc["overfitting", "value"] == found.overfitting.probability
    assert found.deflated_sharpe.n_trials == 6
    by_sharpe = chosen(choosing=OverlayChoosing("sharpe", "never", bootstrap=None, shape=SHAPE))
    assert len(by_sharpe.refits) == 1
    trials = by_sharpe.returns[:, by_sharpe.begin :].T
    assert by_sharpe.overfitting.probability == backtest_overfitting(trials, 16).probability


def test_overfitting_of_an_objective_equals_that_of_the_same_measure_by_name() -> None:
    trials = np.random.default_rng(1).normal(size=(400, 7))
    beside = np.zeros((400, 1))
    named = backtest_overfitting(trials, 8, "mean", periods_per_year=1.0)
    own = backtest_overfitting(trials, 8, lambda rows, more: rows.mean(axis=0) + more.sum(), beside=beside)
    assert own.probability == named.probability
    assert own.in_sample == pytest.approx(named.in_sample)
    with pytest.raises(DataError, match="beside must have one row"):
        backtest_overfitting(trials, 8, lambda rows, more: rows.mean(axis=0), beside=beside[1:])


def test_objectives_equal_the_figures_of_one_account() -> None:
    rng = np.random.default_rng(0)
    returns = np.round(rng.normal(size=(5, 130)), 1) / 50.0  # rounded, so that many tie with the quantile
    steps = Steps(returns[0], np.full(130, 1e-4), np.full(130, 1.4))
    assert cvar_of_rows(returns).tolist() == pytest.approx([cvar(row) for row in returns], rel=1e-12)
    assert sharpe(returns, steps) == pytest.approx([sharpe_ratio(row - 1e-4) for row in returns], rel=1e-12)
    assert return_per_cvar(returns, steps)[1] == pytest.approx((returns[1].mean() - 1e-4) * 252 / cvar(returns[1]))
    assert cvar_per_cost(returns, steps)[0] == 0.0
    assert sharpe(np.zeros((1, 130)), Steps(np.zeros(130), np.zeros(130), np.ones(130))).tolist() == [0.0]


def test_choices_are_made_on_the_first_date_of_each_period() -> None:
    days = pd.bdate_range("2019-11-01", "2021-02-01")
    rows = refit_rows(days, 3, "yearly")
    assert [f"{day:%Y-%m-%d}" for day in days[rows]] == ["2019-11-06", "2020-01-01", "2021-01-01"]
    assert len(refit_rows(days, 3, "monthly")) == 16
    assert refit_rows(days, 3, "never").tolist() == [3]


def test_stages_of_the_shape_are_keys_of_the_grid() -> None:
    found = choose_overlay(
        VixLinear, {"low": [10.0], "width": [15.0], "shape.smooth": [1, 9]}, MARKET, hedge=HEDGE, choosing=CHOOSING
    )
    assert [plan.shape.smooth for plan in found.plans] == [1, 9]
    assert found.plans[0].shape.cap == 2.0


def test_rule_with_a_list_is_asked_like_any_other() -> None:
    found = choose_overlay(
        "steps",
        {"thresholds": [[15, 25], [18, 30]], "levels": [[0.0, 0.5, 1.0]]},
        MARKET,
        hedge=HEDGE,
        choosing=CHOOSING,
    )
    assert len(found.sets) == 2
    assert found.sensitivity().shape == (2, 1)
    json.dumps(found.to_dict(), allow_nan=False)


def test_lag_of_the_options_is_that_of_the_run() -> None:
    found = chosen(choosing=OverlayChoosing(bootstrap=None, options=OverlayOptions(lag=0)))
    assert found.result.held.to_numpy()[found.refits[0]] > 0.0
    assert found.to_dict()["lag"] == 0


def test_what_cannot_be_chosen_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="needs a grid"):
        choose_overlay("vix_linear", {}, MARKET, hedge=HEDGE)
    with pytest.raises(InputError, match="must be a sequence of one value or more"):
        parameter_sets({"low": []})
    with pytest.raises(InputError, match="needs the hedge that the rule sizes"):
        choose_overlay("vix_linear", GRID, MARKET)
    with pytest.raises(InputError, match="there is no stage 'smoth'; did you mean 'smooth'"):
        choose_overlay("vix_linear", {"shape.smoth": [1]}, MARKET, hedge=HEDGE)
    with pytest.raises(InputError, match="must share one budget"):
        choose_overlay("vix_linear", {"shape.budget": [0.01, 0.02]}, MARKET, hedge=HEDGE)
    with pytest.raises(InputError, match="must size the same hedges"):
        choose_overlay(lambda beta: OverlayPlan(VixLinear(10, 15), Insurance(beta)), {"beta": [0.1, 0.2]}, MARKET)
    with pytest.raises(InputError, match="there is no objective 'sharp'; did you mean 'sharpe'"):
        OverlayChoosing("sharp")
    with pytest.raises(DataError, match="60 are needed before"):
        chosen(market_of(100))
