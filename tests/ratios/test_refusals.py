"""What every method refuses, and how it says so."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.utils import get_tags

from hedgerow.errors import DataError, InputError
from hedgerow.ratios import (
    BEKK,
    CCC,
    DCC,
    EWMA,
    MOST_WORK,
    OLS,
    VECM,
    ErrorCorrection,
    ExpandingOLS,
    Fixed,
    Huber,
    Kalman,
    MarkovSwitching,
    Naive,
    RollingOLS,
    TheilSen,
    TotalLeastSquares,
)
from ratio_cases import ESTIMATED, changes


def lets_gaps_through(estimator: Any) -> bool:
    """Return whether a missing change is a row without news to the method rather than the end of its path."""
    return bool(get_tags(estimator).input_tags.allow_nan)


def test_paths_missing_value_ends_the_path_and_leaves_the_past() -> None:
    X, y = changes(100)
    holed = X.copy()
    holed[70] = np.nan
    for estimator in ESTIMATED:
        whole, path = (estimator.refit_path(hedges, y, 30, every=20) for hedges in (X, holed))
        np.testing.assert_array_equal(path[:71], whole[:71])
        assert np.isfinite(path[50:71]).all()
        assert np.isfinite(path[90:]).all() == lets_gaps_through(estimator)


# Refusals: each one sentence that names what is wrong and where.


@pytest.mark.parametrize("estimator", ESTIMATED, ids=repr)
def test_fit_bad_data_refused_with_sentence(estimator: Any) -> None:
    X, y = changes(120)
    still = np.full_like(X, 0.25)
    with pytest.raises(DataError, match="hedge 'ES' does not move: all"):
        clone(estimator).fit(pd.DataFrame(still, columns=["ES"]), y)
    with pytest.raises(DataError, match="the exposure does not move"):
        clone(estimator).fit(X, np.zeros(120))
    if not lets_gaps_through(estimator):
        with pytest.raises(DataError, match="hedge column 0 is NaN at row 7"):
            clone(estimator).fit(np.where(np.arange(120)[:, None] == 7, np.nan, X), y)
    with pytest.raises(DataError, match=r"hedge column 0 is inf at row 3"):
        clone(estimator).fit(np.where(np.arange(120)[:, None] == 3, np.inf, X), y)
    with pytest.raises(DataError, match="rows are needed"):
        clone(estimator).fit(X[:3], y[:3])


@pytest.mark.parametrize("estimator", ESTIMATED, ids=repr)
def test_fit_collinear_hedges_refused_by_name(estimator: Any) -> None:
    X, y = changes(120, 2)
    frame = pd.DataFrame({"HO": X[:, 0], "CL": X[:, 1], "HO again": 42.0 * X[:, 0] + 1.0})
    with pytest.raises(DataError, match="hedges 'HO' and 'HO again' are collinear"):
        clone(estimator).fit(frame, y)
    nearly = np.column_stack([X[:, 0], X[:, 0] * (1.0 + 1e-11 * X[:, 1] / X[:, 1].std())])
    with pytest.raises(DataError, match="collinear"):
        clone(estimator).fit(nearly, y)


@pytest.mark.parametrize("estimator", [e for e in ESTIMATED if not isinstance(e, TheilSen)], ids=repr)
def test_refit_path_hedge_still_at_first_has_no_ratio_until_it_moves(estimator: Any) -> None:
    X, y = changes(100, 2)
    X[:50, 1] = 0.125
    path = estimator.refit_path(X, y, 30)
    assert np.isnan(path[30:51]).all()
    assert np.isfinite(path[70:]).all()


@pytest.mark.parametrize("estimator", [OLS(), ExpandingOLS(), EWMA(), RollingOLS(window=15)], ids=repr)
def test_refit_path_nearly_collinear_hedges_equals_slow_loop(estimator: Any) -> None:
    X, y = changes(60, 2)
    X[:, 1] = X[:, 0] + 1e-6 * X[:, 1]
    path = estimator.refit_path(X, y, 40, every=5)
    for row in (40, 45, 55):
        np.testing.assert_allclose(path[row], clone(estimator).fit(X[:row], y[:row]).hedge_ratio_, rtol=1e-6)


@pytest.mark.parametrize(
    ("estimator", "sentence"),
    [
        (OLS(errors="white"), "errors must be"),
        (OLS(hac_lags=-1), "hac_lags must be"),
        (OLS(window=2), "window must hold at least"),
        (RollingOLS(window=3), "window must hold at least"),
        (ExpandingOLS(errors="none"), "errors must be"),
        (EWMA(decay=1.5), "decay must be"),
        (EWMA(decay=0.0), "decay must be"),
        (EWMA(halflife=-3.0), "halflife must be"),
        (TotalLeastSquares(error_variance_ratio=0.0), "error_variance_ratio must be"),
        (Huber(threshold=0.0), "threshold must be"),
        (ErrorCorrection(lags=-1), "lags must be"),
        (Fixed([1.0, 2.0]), "one per hedge"),
        (Fixed(np.inf), "ratio must be finite"),
    ],
    ids=repr,
)
def test_option_out_of_range_refused_with_sentence(estimator: Any, sentence: str) -> None:
    X, y = changes()
    with pytest.raises(InputError, match=sentence):
        estimator.fit(X, y)
    with pytest.raises(InputError, match=sentence):
        estimator.refit_path(X, y, 50)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"first": 500}, "first must be a row"),
        ({"first": -1}, "first must be a row"),
        ({"first": 50, "every": 0}, "every must be"),
        ({"first": 50, "between": "guess"}, "between must be"),
    ],
)
def test_refit_path_bad_schedule_refused_with_sentence(options: Any, sentence: str) -> None:
    X, y = changes()
    with pytest.raises(InputError, match=sentence):
        OLS().refit_path(X, y, **options)


def test_refit_path_unequal_lengths_refused() -> None:
    X, y = changes()
    with pytest.raises(DataError, match="same rows"):
        OLS().refit_path(X, y[:-1], 50)


@pytest.mark.parametrize("estimator", [OLS(), Naive()], ids=repr)
def test_refit_path_reports_progress_to_its_end(estimator: Any) -> None:
    X, y = changes()
    calls: list[tuple[int, int]] = []
    estimator.refit_path(X, y, 60, every=4, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (15, 15)


@pytest.mark.parametrize("estimator", [Huber(), TheilSen()], ids=repr)
def test_refit_path_hopeless_work_refused_before_it_starts(estimator: Any) -> None:
    X, y = changes(130_000)
    with pytest.raises(InputError, match="refit less often"):
        estimator.refit_path(X, y, 65_000)
    assert estimator.work(130_000, 65_000) > 2e9


def test_theil_sen_several_hedges_refitted_daily_refused_with_advice() -> None:
    X, y = changes(400, 2)
    with pytest.raises(InputError, match="2 hedges would take"):
        TheilSen().refit_path(X, y, 200)


def test_import_of_ratios_loads_no_numba_and_no_statsmodels(tmp_path: Any) -> None:
    import subprocess
    import sys

    code = "import sys, hedgerow.ratios; print(sorted({'numba', 'statsmodels', 'arch', 'plotly'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_theil_sen_several_hedges_no_warning_escapes() -> None:
    X, y = changes(60, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted = TheilSen().fit(X, y)
    assert fitted.hedge_ratio_.shape == (2,)
    assert fitted.standard_error_ is None


@pytest.mark.parametrize("between", ["hold", "update"])
def test_refit_without_enough_rows_or_after_a_gap_is_a_failure_told(between: Any) -> None:
    X, y = changes(60)
    y[40] = np.nan
    for estimator, fewest in ((OLS(), 4), (CCC(minimum_rows=20), 20)):
        path = estimator.refit(X, y, np.array([2, 30, 50]), between)
        assert [failure.row for failure in path.failures] == [2, 50]
        assert path.failures[0].reason == f"at least {fewest} rows are needed before a fit, not 2"
        assert path.failures[1].reason == "a change is missing or infinite at row 40, before it"
        assert np.isnan(path.ratios[:30]).all()
        assert np.isfinite(path.ratios[30:41]).all()


def test_work_of_searches_grows_with_refits_and_tells_a_daily_race_of_years_from_a_monthly_one() -> None:
    for method in (DCC(), BEKK(), Kalman(), MarkovSwitching(), VECM()):
        monthly, daily = method.work(10_000, 5_000, 21), method.work(10_000, 5_000)
        assert daily > 15.0 * monthly
        assert daily > MOST_WORK, method
    assert DCC().work(2_500, 1_250, 21) < MOST_WORK
    assert OLS().work(10_000, 5_000) < MOST_WORK
