"""The race: only the past, the same rows for all, costs charged, and a verdict that can say no."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hedgerow.compare import Comparison, WalkForward, compare_methods
from hedgerow.costs import HalfSpread
from hedgerow.effectiveness import BootstrapOptions
from hedgerow.engine import Execution, LinearMarket
from hedgerow.errors import DataError, InputError
from hedgerow.market import Event, EventCalendar
from hedgerow.ratios import EWMA, OLS, ExpandingOLS, Fixed, Naive, RatioEstimator, RollingOLS
from hedgerow.ratios.convergence import Convergence
from hedgerow.ratios.refits import Failure

QUICK = BootstrapOptions(draws=200)


def linear_market(n: int = 400, seed: int = 0, ratio: float = 0.8, noise: float = 0.3) -> LinearMarket:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 1))
    y = ratio * x[:, 0] + noise * rng.normal(size=n)
    prices = 100.0 + np.vstack([np.zeros(1), np.cumsum(x, axis=0)])
    return LinearMarket(pd.date_range("2018-01-01", periods=n + 1), y, x, prices, "spot", ("future",))


def race(market: LinearMarket, methods: dict[str, RatioEstimator], **options: object) -> Comparison:
    return compare_methods(market, methods, bootstrap=QUICK, **options)  # type: ignore[arg-type]


ALL: dict[str, RatioEstimator] = {
    "naive": Naive(),
    "fixed": Fixed(0.7),
    "ols": OLS(),
    "rolling": RollingOLS(window=60),
    "expanding": ExpandingOLS(),
    "ewma": EWMA(),
}


def test_race_ols_ratio_equals_slow_refit_on_the_past() -> None:
    market = linear_market()
    result = race(market, {"ols": OLS()})
    for row in (0, 1, 57, 199):
        t = result.first_row + row
        x, y = market.hedge_changes[:t, 0], market.exposure_changes[:t]
        assert result.held_ratios[0, row, 0] == pytest.approx(np.cov(x, y)[0, 1] / np.var(x, ddof=1), abs=1e-10)


def test_race_figures_equal_their_definitions() -> None:
    market = linear_market()
    result = race(market, ALL)
    y, x = market.exposure_changes[200:], market.hedge_changes[200:, 0]
    assert result.first_row == 200
    for number, name in enumerate(ALL):
        h = result.held_ratios[number, :, 0]
        row = result.table.loc[name]
        assert row["variance_reduction"] == pytest.approx(1 - np.var(y - h * x, ddof=1) / np.var(y, ddof=1))
        assert row["turnover"] == pytest.approx(abs(h[0]) + np.abs(np.diff(h)).sum())
        assert row["low"] <= row["variance_reduction"] <= row["high"]
        assert row["n_obs"] == 200


def test_race_costs_come_off_the_hedged_change_when_trading() -> None:
    market = linear_market()
    free = race(market, ALL)
    paid = race(market, ALL, execution=Execution(costs=HalfSpread(10.0)))
    for number, name in enumerate(ALL):
        h = paid.held_ratios[number, :, 0]
        prices = market.hedge_prices[200:-1, 0]
        charges = 1e-3 * np.abs(np.diff(h, prepend=0.0)) * prices
        assert paid.table.loc[name, "cost"] == pytest.approx(charges.sum())
        lost = (free.hedged[name] - paid.hedged[name]).to_numpy()
        assert lost.sum() == pytest.approx(charges.sum())
        assert lost[0] == pytest.approx(charges[0] + charges[1])
        assert lost[10] == pytest.approx(charges[11])


def test_race_all_methods_judged_on_the_same_rows() -> None:
    result = race(linear_market(n=200), {"ols": OLS(), "rolling": RollingOLS(window=150)})
    assert result.first_row == 150
    assert set(result.table["n_obs"]) == {50}


@pytest.mark.parametrize("lag", [1, 2])
def test_race_lag_holds_the_older_ratio_on_the_same_rows(lag: int) -> None:
    market = linear_market()
    now, late = race(market, ALL), race(market, ALL, execution=Execution(lag=lag))
    assert late.first_row == now.first_row
    np.testing.assert_allclose(late.held_ratios[:, lag:], now.held_ratios[:, :-lag], atol=1e-12)


@pytest.mark.parametrize("cut", [201, 260, 399])
def test_race_future_changed_past_rows_unchanged(cut: int) -> None:
    market = linear_market()
    x, y = market.hedge_changes.copy(), market.exposure_changes.copy()
    x[cut:] = np.random.default_rng(5).normal(size=x[cut:].shape) * 50
    y[cut:] = -y[cut:] * 7
    other = LinearMarket(market.times, y, x, market.hedge_prices, "spot", ("future",))
    split = WalkForward(train=str(market.times[200].date()))
    before, after = race(market, ALL, walk_forward=split), race(other, ALL, walk_forward=split)
    rows = cut - before.first_row
    np.testing.assert_array_equal(before.held_ratios[:, : rows + 1], after.held_ratios[:, : rows + 1])
    np.testing.assert_array_equal(before.hedged.iloc[:rows], after.hedged.iloc[:rows])


def test_race_refit_every_twenty_rows_holds_between() -> None:
    market = linear_market()
    result = race(market, {"ols": OLS(), "rolling": RollingOLS(window=60)}, walk_forward=WalkForward(refit=20))
    changed = np.flatnonzero(np.abs(np.diff(result.held_ratios[1, :, 0])) > 0) + 1
    assert list(changed) == list(range(20, 200, 20))


def test_race_update_between_refits_moves_rolling_and_not_ols() -> None:
    market = linear_market()
    split = WalkForward(refit=20, between="update")
    result = race(market, {"ols": OLS(), "rolling": RollingOLS(window=60)}, walk_forward=split)
    moves = np.abs(np.diff(result.held_ratios[:, :, 0], axis=1)) > 0
    assert moves[0].sum() == 9
    assert moves[1].sum() == 199


def test_verdict_constant_truth_nothing_beats_ols() -> None:
    result = race(linear_market(), {"ols": OLS(), "rolling": RollingOLS(window=20), "ewma": EWMA()})
    assert result.verdict.startswith("Nothing beats a constant OLS ratio here")


def test_verdict_moving_truth_names_the_winner() -> None:
    rng = np.random.default_rng(4)
    n = 1_500
    x = rng.normal(size=(n, 1))
    ratio = np.where((np.arange(n) // 150) % 2 == 0, 0.2, 1.4)
    y = ratio * x[:, 0] + 0.2 * rng.normal(size=n)
    market = LinearMarket(pd.date_range("2015-01-01", periods=n + 1), y, x, np.full((n + 1, 1), 100.0), "s", ("f",))
    result = race(market, {"ols": OLS(), "rolling": RollingOLS(window=30)})
    assert result.verdict.startswith("rolling beats a constant OLS ratio here")


def test_verdict_useless_hedge_says_no() -> None:
    result = race(linear_market(ratio=0.0), {"ols": OLS(), "naive": Naive()})
    assert result.verdict.startswith("No hedge is shown to help here")


def test_race_same_seed_same_bits() -> None:
    one, two = race(linear_market(), ALL), race(linear_market(), ALL)
    pd.testing.assert_frame_equal(one.table, two.table, check_exact=True)


@pytest.mark.parametrize("train", [0.0, 1.0, 1.5, -0.2, "2030-01-01", "2000-01-01", "soon"])
def test_walk_forward_training_part_outside_the_data_refused(train: float | str) -> None:
    with pytest.raises(InputError, match="training"):
        race(linear_market(), {"ols": OLS()}, walk_forward=WalkForward(train=train))


def test_race_too_few_rows_left_refused() -> None:
    with pytest.raises(DataError, match="left to judge"):
        race(linear_market(n=100), {"rolling": RollingOLS(window=100)})


def test_race_without_methods_refused() -> None:
    with pytest.raises(InputError, match="at least one method"):
        race(linear_market(), {})


@pytest.mark.parametrize("lag", [0, 1])
def test_race_hedge_that_stands_still_keeps_the_last_ratio_and_the_judged_rows(lag: int) -> None:
    market = linear_market()
    x = market.hedge_changes.copy()
    x[340:370] = 0.0
    still = LinearMarket(market.times, market.exposure_changes, x, market.hedge_prices, "spot", ("future",))
    methods = {"rolling": RollingOLS(window=20), "ols": OLS()}
    result = race(still, methods, execution=Execution(lag=lag))
    assert result.first_row == 200
    assert result.rows_held_over == {"rolling": 11, "ols": 0}
    held = result.held_ratios[0, :, 0]
    assert (held[160 + lag : 171 + lag] == held[159 + lag]).all()
    assert held[171 + lag] != held[170 + lag]
    assert result.split("rolling").adds_up(result.ledger.gross_notional)


def test_race_method_without_a_ratio_to_the_end_is_refused() -> None:
    market = linear_market()
    x = market.hedge_changes.copy()
    x[150:] = 0.0
    still = LinearMarket(market.times, market.exposure_changes, x, market.hedge_prices, "spot", ("future",))
    with pytest.raises(DataError, match="left to judge"):
        race(still, {"rolling": RollingOLS(window=20)})


@pytest.mark.parametrize("refit", [0, -3])
def test_walk_forward_refit_below_one_refused(refit: int) -> None:
    with pytest.raises(InputError, match="refitting every"):
        WalkForward(refit=refit)


class StopsHalfway(OLS):
    """A method whose search ends without an answer on some rows."""

    def _ratios_at(self, X: Any, y: Any, rows: Any, log: Any) -> Any:
        return RatioEstimator._ratios_at(self, X, y, rows, log)

    def _estimate(self, X: Any, y: Any) -> Any:
        found = super()._estimate(X, y)
        if 240 <= len(y) < 280:
            return replace(found, convergence=Convergence(False, "the search went round in circles"))
        return found


def test_race_failed_refits_are_values_and_the_ratio_before_is_kept() -> None:
    result = race(linear_market(), {"stops": StopsHalfway(), "ols": OLS()}, walk_forward=WalkForward(refit=20))
    assert result.failures == {
        "stops": (
            Failure(240, "the search went round in circles"),
            Failure(260, "the search went round in circles"),
        ),
        "ols": (),
    }
    assert result.refits == {"stops": 10, "ols": 10}
    assert result.rows_held_over == {"stops": 40, "ols": 0}
    held = result.held_ratios[0, :, 0]
    assert (held[40:80] == held[39]).all()
    assert held[80] != held[79]


def calendar(market: LinearMarket, row: int, factor: float) -> EventCalendar:
    day = market.times[row]
    return EventCalendar((Event(day, "report", factor, days_before=2, days_after=1),))


def test_race_with_events_shows_each_method_with_and_without() -> None:
    market = linear_market()
    methods = {"ols": OLS(), "ewma": EWMA()}
    split = WalkForward(events=calendar(market, 300, 1.5))
    plain = race(market, methods, execution=Execution(costs=HalfSpread(10.0)))
    result = race(market, methods, walk_forward=split, execution=Execution(costs=HalfSpread(10.0)))
    assert result.methods == ("ols", "ewma", "ols with events", "ewma with events")
    np.testing.assert_array_equal(result.held_ratios[:2], plain.held_ratios)
    factors = split.events.factors(market.times[200:-1])  # type: ignore[union-attr]
    assert (factors == 1.5).sum() >= 3
    np.testing.assert_array_equal(result.held_ratios[2:], plain.held_ratios * factors[:, None])
    assert result.table.loc["ols with events", "cost"] > result.table.loc["ols", "cost"]
    assert result.split("ols with events").adds_up(result.ledger.gross_notional)
    assert result.failures["ols with events"] == result.failures["ols"]
    assert result.refits["ewma with events"] == result.refits["ewma"] == 200


def test_race_with_events_and_a_method_of_that_label_refused() -> None:
    market = linear_market()
    methods: dict[str, RatioEstimator] = {"ols": OLS(), "ols with events": EWMA()}
    with pytest.raises(InputError, match="already"):
        race(market, methods, walk_forward=WalkForward(events=calendar(market, 300, 1.5)))


class Lazy(RatioEstimator):
    """Follows another method, trading only where its ratio has moved by more than a width; none where that has none."""

    def __init__(self, estimator: RatioEstimator, width: float = 0.05) -> None:
        self.estimator = estimator
        self.width = width

    def _estimate(self, X: Any, y: Any) -> Any:
        return self.estimator._estimate(X, y)

    def from_inner(self, path: Any, X: Any, y: Any) -> Any:
        bent = path.copy()
        for row in range(1, len(path)):
            near = np.abs(path[row] - bent[row - 1]) <= self.width
            bent[row] = np.where(near, bent[row - 1], path[row])
        return bent


class CountedOLS(OLS):
    fits = 0

    def refit(self, *arguments: Any, **options: Any) -> Any:
        type(self).fits += 1
        return super().refit(*arguments, **options)


def test_race_method_that_follows_another_is_bent_once_over_the_whole_path() -> None:
    market = linear_market()
    methods: dict[str, RatioEstimator] = {
        "lazy": Lazy(CountedOLS(), 0.02),
        "lazier": Lazy(CountedOLS(), 0.1),
        "ols": CountedOLS(),
    }
    CountedOLS.fits = 0
    result = race(market, methods, walk_forward=WalkForward(refit=7))
    assert CountedOLS.fits == 1
    ols = result.refit_paths["ols"]
    for name, width in (("lazy", 0.02), ("lazier", 0.1)):
        np.testing.assert_array_equal(result.refit_paths[name], Lazy(OLS(), width).from_inner(ols, None, None))
    turnover = result.table["turnover"]
    assert turnover["lazier"] <= turnover["lazy"] < turnover["ols"]
    assert result.refits == {"lazy": 29, "lazier": 29, "ols": 29}


def test_race_followed_methods_with_other_options_are_fitted_apart() -> None:
    market = linear_market()
    CountedOLS.fits = 0
    race(market, {"lazy": Lazy(CountedOLS(intercept=False)), "ols": CountedOLS()}, walk_forward=WalkForward(refit=50))
    assert CountedOLS.fits == 2


def test_race_failed_fit_of_a_followed_method_is_a_value_too() -> None:
    result = race(linear_market(), {"lazy": Lazy(StopsHalfway(), 0.0)}, walk_forward=WalkForward(refit=20))
    assert [failure.row for failure in result.failures["lazy"]] == [240, 260]
    assert result.rows_held_over == {"lazy": 40}
