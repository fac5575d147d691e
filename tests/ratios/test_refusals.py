"""What every method refuses, and how it says so."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from hedgerow.errors import DataError, InputError
from hedgerow.ratios import (
    EWMA,
    OLS,
    ErrorCorrection,
    ExpandingOLS,
    Fixed,
    Huber,
    Naive,
    RollingOLS,
    TheilSen,
    TotalLeastSquares,
)
from ratio_cases import ESTIMATED, changes


def test_paths_missing_value_ends_the_path_and_leaves_the_past() -> None:
    X, y = changes(100)
    holed = X.copy()
    holed[70] = np.nan
    for estimator in ESTIMATED:
        path = estimator.refit_path(holed, y, 30)
        assert np.isfinite(path[30:71]).all()
        assert np.isnan(path[71:]).all()


# Refusals: each one sentence that names what is wrong and where.


@pytest.mark.parametrize("estimator", ESTIMATED, ids=repr)
def test_fit_bad_data_refused_with_sentence(estimator: Any) -> None:
    X, y = changes(120)
    still = np.full_like(X, 0.25)
    with pytest.raises(DataError, match="hedge 'ES' does not move: all"):
        clone(estimator).fit(pd.DataFrame(still, columns=["ES"]), y)
    with pytest.raises(DataError, match="the exposure does not move"):
        clone(estimator).fit(X, np.zeros(120))
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
