"""When methods are fitted again: dates known at the time, no row of the future, folds for scikit-learn's searches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV, cross_val_score

from compare.races import market_of, price_history, race
from hedgerow.compare import CrisisRefit, WalkForward
from hedgerow.errors import InputError
from hedgerow.ratios import EWMA, OLS

TIMES = pd.bdate_range("2021-12-27", periods=261)
CALM = np.random.default_rng(0).normal(size=260)


def test_number_of_rows_refits_that_often() -> None:
    assert list(WalkForward(refit=60).rows(TIMES, CALM, 100)) == [100, 160, 220]


@pytest.mark.parametrize(("word", "rule"), [("weekly", "W-FRI"), ("monthly", "M"), ("quarterly", "Q")])
def test_calendar_refit_falls_on_the_first_close_of_each_period(word: Any, rule: str) -> None:
    rows = WalkForward(refit=word).rows(TIMES, CALM, 30)
    starts = TIMES[rows]
    periods = starts.to_period(rule)
    assert rows[0] == 30
    assert periods.is_unique
    assert set(periods) == set(TIMES[30:-1].to_period(rule))
    for row in rows[1:]:
        assert TIMES[row - 1].to_period(rule) != TIMES[row].to_period(rule)


def test_week_holds_the_saturday_and_sunday_before_its_friday() -> None:
    times = pd.date_range("2024-01-05", periods=10)
    assert list(WalkForward(refit="weekly").rows(times, np.zeros(9), 0)) == [0, 1, 8]


@pytest.mark.parametrize("refit", [7, "weekly", "monthly", "quarterly"])
@pytest.mark.parametrize("crisis", [None, CrisisRefit(3, 1.2, 5, 30)])
def test_schedule_never_depends_on_the_future(refit: Any, crisis: CrisisRefit | None) -> None:
    split = WalkForward(refit=refit, crisis=crisis)
    changes = CALM * np.where(np.arange(260) % 70 > 50, 4.0, 1.0)
    whole = split.rows(TIMES, changes, 60)
    for cut in np.random.default_rng(1).choice(np.arange(61, 259), size=50, replace=False):
        short = split.rows(TIMES[: cut + 1], changes[:cut], 60)
        assert list(short) == [row for row in whole if row < cut]
        for future in (np.nan, 1e9):
            other = changes.copy()
            other[cut:] = future
            rows = split.rows(TIMES, other, 60)
            assert [row for row in rows if row <= cut] == [row for row in whole if row <= cut]


def test_crisis_refits_more_often_while_it_lasts_and_not_before() -> None:
    changes = np.concatenate([CALM[:150], 6.0 * CALM[150:180], CALM[180:]])
    split = WalkForward(refit=50, crisis=CrisisRefit(every=4, ratio=1.8, short=10, long=100))
    rows = split.rows(TIMES, changes, 110)
    extra = sorted(set(rows) - {110, 160, 210})
    assert extra
    assert 150 < min(extra) <= 160
    assert max(extra) < 195
    assert np.diff(rows).min() >= 4 or 160 in rows
    on = split.crisis.is_on(changes)  # type: ignore[union-attr]
    assert on[extra].all()
    assert not on[:100].any()


def test_crisis_volatility_is_the_standard_deviation_of_the_rows_before() -> None:
    crisis = CrisisRefit(ratio=1.3, short=8, long=40)
    on = crisis.is_on(CALM)
    for row in range(40, 260):
        short, long = CALM[row - 8 : row].std(ddof=1), CALM[row - 40 : row].std(ddof=1)
        assert on[row] == (short > 1.3 * long)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"every": 0}, "refitting every 0"),
        ({"short": 1}, "short window"),
        ({"short": 250}, "short window"),
        ({"ratio": 1.0}, "above 1"),
        ({"ratio": np.nan}, "above 1"),
    ],
)
def test_crisis_options_out_of_range_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        CrisisRefit(**options)


def test_unknown_period_refused() -> None:
    with pytest.raises(InputError, match="weekly, monthly, quarterly"):
        WalkForward(refit="yearly")  # type: ignore[arg-type]


def test_race_refitted_monthly_holds_within_each_month() -> None:
    market = market_of(price_history(500))
    result = race(market, {"ols": OLS()}, walk_forward=WalkForward(refit="monthly"))
    moved = 1 + np.flatnonzero(np.abs(np.diff(result.held_ratios[0, :, 0])) > 0)
    starts = market.times[result.first_row + moved]
    assert (starts.day == 1).all()
    assert result.refits["ols"] == 1 + len(moved)
    assert result.refit == "monthly"


def frame(n: int = 300) -> tuple[pd.DataFrame, Any]:
    market = market_of(price_history(n + 1))
    return pd.DataFrame(market.hedge_changes, market.times[1:], columns=["f1"]), market.exposure_changes


@pytest.mark.parametrize("refit", [1, 7, 300, "weekly", "monthly", "quarterly"])
@pytest.mark.parametrize("crisis", [None, CrisisRefit(3, 1.1, 5, 30)])
def test_no_training_row_reaches_into_a_judged_one_on_any_schedule(refit: Any, crisis: Any) -> None:
    X, y = frame()
    split = WalkForward(train=0.4, refit=refit, crisis=crisis)
    judged = []
    ends, starts = X.index, X.index.shift(-1, "D")
    for train, test in split.split(X, y):
        assert list(train) == list(range(test[0]))
        assert ends[train].max() <= starts[test].min()
        assert len(test) >= 2
        judged += list(test)
    assert judged == list(range(120, 300))
    assert split.get_n_splits(X, y) == sum(1 for _ in split.split(X, y))


def test_grid_search_over_a_walk_forward_takes_the_option_that_scores_best_out_of_sample() -> None:
    X, y = frame()
    search = GridSearchCV(EWMA(), {"halflife": [2.0, 50.0]}, cv=WalkForward(refit="monthly")).fit(X, y)
    assert search.best_params_ == {"halflife": 50.0}
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.n_splits_ == WalkForward(refit="monthly").get_n_splits(X, y)


def test_scores_of_a_walk_forward_equal_their_definition() -> None:
    X, y = frame()
    split = WalkForward(refit=50)
    scores = cross_val_score(OLS(), X, y, cv=split)
    x = X["f1"].to_numpy()
    for score, (train, test) in zip(scores, split.split(X), strict=True):
        slope = np.cov(x[train], y[train])[0, 1] / np.var(x[train], ddof=1)
        assert score == pytest.approx(1.0 - np.var(y[test] - slope * x[test]) / np.var(y[test]))


def test_split_without_what_it_needs_refused() -> None:
    X, _ = frame()
    with pytest.raises(InputError, match="need dates"):
        next(WalkForward(refit="monthly").split(X.to_numpy()))
    with pytest.raises(InputError, match="need dates"):
        next(WalkForward(train="2018-03-01").split(X.to_numpy()))
    with pytest.raises(InputError, match="give y"):
        next(WalkForward(crisis=CrisisRefit()).split(X))
    with pytest.raises(InputError, match="no row"):
        next(WalkForward(train=0.001).split(X))
    with pytest.raises(InputError, match="give X"):
        WalkForward().get_n_splits()
