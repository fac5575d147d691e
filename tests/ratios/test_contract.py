"""One contract, held by every method of the family."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from hedgerow.ratios import (
    ADCC,
    BEKK,
    CCC,
    DCC,
    EWMA,
    METHODS,
    OLS,
    VECM,
    ErrorCorrection,
    ExpandingOLS,
    Fixed,
    Huber,
    Kalman,
    MarkovSwitching,
    MinimumCVaR,
    MinimumLPM,
    MinimumVaR,
    Naive,
    QuadraticUtility,
    RatioEstimator,
    RollingOLS,
    TheilSen,
    TotalLeastSquares,
)
from hedgerow.ratios.objective import ObjectiveEstimator
from laws import assert_causal
from ratio_cases import (
    ALL,
    AS_PYTHON,
    CASES,
    ESTIMATED,
    ESTIMATED_CASES,
    changes,
    cuts_of,
    digits_of,
    has_errors,
    rows_of,
    searches,
)

# scikit-learn has no word for a least number of rows, and a rolling ratio looks at the newest ones only.
_TEN_ROWS = "its ten rows do not fill the window of 20, and a shorter window is refused rather than used in silence"
FEWER_ROWS = sklearn.__version__.startswith("1.6.")
"""Whether scikit-learn checks the names of features on ten rows, as its oldest supported version does, or on more."""

EXPECTED_FAILURES = {
    VECM: dict.fromkeys(
        ["check_regressors_no_decision_function", *(["check_n_features_in_after_fitting"] if FEWER_ROWS else [])],
        "its ten rows are too few for four hedges",
    ),
    RollingOLS: {
        "check_fit2d_1feature": _TEN_ROWS,
        "check_estimators_nan_inf": _TEN_ROWS,
        "check_regressors_no_decision_function": _TEN_ROWS,
        "check_n_features_in_after_fitting": "its fifteen rows do not fill the window of 20",
        "check_positive_only_tag_during_fit": "iris is sorted: its exposure does not move over the last 20 rows",
    },
    Kalman: dict.fromkeys(
        ["check_estimators_pickle", "check_estimators_pickle(readonly_memmap=True)"],
        "fit lets missing changes through, but what a hedge gains where its change is missing cannot be predicted",
    ),
}


@pytest.mark.compiled  # the checks read what is asked and answered, which is the same where kernels run as Python
@parametrize_with_checks(
    [
        OLS(),
        RollingOLS(window=20),
        ExpandingOLS(),
        EWMA(),
        TotalLeastSquares(),
        Huber(),
        ErrorCorrection(),
        MinimumCVaR(),
        MinimumLPM(),
        MinimumVaR(),
        QuadraticUtility(),
        CCC(minimum_rows=5),
        DCC(minimum_rows=5),
        ADCC(distribution="t", minimum_rows=5),
        Kalman(minimum_rows=5),
        MarkovSwitching(minimum_rows=5),
        BEKK(form="scalar", minimum_rows=5),
        VECM(lags=0, minimum_rows=5),
        Naive(),
        Fixed(),
    ],
    expected_failed_checks=lambda estimator: EXPECTED_FAILURES.get(type(estimator), {}),
)
def test_estimator_scikit_learn_checks_pass(estimator: Any, check: Any) -> None:
    check(estimator)


ROWS = 45 if AS_PYTHON else 90
"""Where kernels run as plain Python, fewer rows say the same in an eighth of the time."""


@pytest.mark.compiled
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks([TheilSen()])
def test_theil_sen_scikit_learn_checks_pass(estimator: Any, check: Any) -> None:
    check(estimator)


def test_methods_names_every_public_method_once() -> None:
    assert all(issubclass(method, RatioEstimator) for method in METHODS.values())
    assert {type(estimator) for estimator in ALL} == set(METHODS.values())


@pytest.mark.parametrize(("estimator", "n_hedges"), CASES)
def test_ratios_altered_future_leaves_past_bit_equal(estimator: Any, n_hedges: int) -> None:
    X, y = changes(ROWS, n_hedges)
    cuts = min(cuts_of(estimator), 50 if n_hedges == 1 else 12)
    assert_causal(estimator, X, y, cuts=cuts, every=10 if searches(estimator) else 1)


@pytest.mark.parametrize("n_obs", [700])
@pytest.mark.compiled
@pytest.mark.parametrize("estimator", ESTIMATED, ids=repr)
def test_ratios_longer_history_altered_future_leaves_past_bit_equal(estimator: Any, n_obs: int) -> None:
    X, y = changes(n_obs, 1, seed=2)
    assert_causal(estimator, X, y, first=480, cuts=min(4, cuts_of(estimator)), every=50 if searches(estimator) else 1)


@pytest.mark.parametrize(("estimator", "n_hedges"), CASES)
@pytest.mark.parametrize(("every", "between"), [(1, "hold"), (7, "hold"), (7, "update")])
def test_refit_path_equals_slow_loop_of_clones(estimator: Any, n_hedges: int, every: int, between: Any) -> None:
    X, y = changes(rows_of(estimator, 110), n_hedges)
    first = 20
    if searches(estimator):
        every *= 5  # a search at every refit is dear
    slow = np.full(X.shape, np.nan)
    for row in range(first, len(y), every):
        fitted = clone(estimator).fit(X[:row], y[:row])
        if not fitted.convergence_.converged:
            continue
        for later in range(row, min(row + every, len(y))):
            moved = between == "update" and later > row
            slow[later] = fitted.ratio_path(X[: later + 1], y[: later + 1])[later] if moved else fitted.hedge_ratio_
    path = estimator.refit_path(X, y, first, every, between)
    np.testing.assert_allclose(path, slow, rtol=1e-9, atol=1e-9)
    assert not hasattr(estimator, "hedge_ratio_"), "refit_path leaves the estimator itself alone"


@pytest.mark.parametrize(("estimator", "n_hedges"), ESTIMATED_CASES)
def test_ratio_scaling_both_sides_scales_by_their_quotient(estimator: Any, n_hedges: int) -> None:
    X, y = changes(rows_of(estimator, 150), n_hedges)
    a, b = 42.0, 0.25
    scaled = clone(estimator)
    if isinstance(estimator, TotalLeastSquares):
        scaled.set_params(error_variance_ratio=estimator.error_variance_ratio * (a / b) ** 2)
    if isinstance(estimator, QuadraticUtility):
        scaled.set_params(risk_aversion=estimator.risk_aversion / a)
    plain = clone(estimator).fit(X, y)
    scaled.fit(b * X, a * y)
    digits = digits_of(estimator)
    np.testing.assert_allclose(scaled.hedge_ratio_, a / b * plain.hedge_ratio_, rtol=digits)
    if has_errors(estimator):
        np.testing.assert_allclose(scaled.standard_error_, a / b * plain.standard_error_, rtol=10.0 * digits)
    assert scaled.r_squared_ == pytest.approx(plain.r_squared_, abs=max(1e-10, 0.1 * digits))


@pytest.mark.parametrize("estimator", ESTIMATED, ids=repr)
def test_ratio_reordered_hedges_reorders_ratios(estimator: Any) -> None:
    if isinstance(estimator, TheilSen):
        pytest.skip("the random subsets of several hedges are the definition there")
    if isinstance(estimator, MinimumVaR):
        pytest.skip("with several hedges a local minimum is found, and which one depends on their order")
    X, y = changes(rows_of(estimator, 150), 3)
    order = [2, 0, 1]
    plain, reordered = clone(estimator).fit(X, y), clone(estimator).fit(X[:, order], y)
    digits = digits_of(estimator)
    np.testing.assert_allclose(reordered.hedge_ratio_, plain.hedge_ratio_[order], rtol=digits, atol=1e-3 * digits)


@pytest.mark.parametrize("estimator", ESTIMATED, ids=repr)
def test_ratio_constant_added_to_both_legs_unchanged(estimator: Any) -> None:
    if getattr(estimator, "intercept", True) is False or (isinstance(estimator, EWMA) and not estimator.demean):
        pytest.skip("moments about zero see the mean")
    if isinstance(estimator, ErrorCorrection | VECM):
        pytest.skip("a constant in the changes is a trend in the levels")
    if isinstance(estimator, ObjectiveEstimator):
        pytest.skip("objectives beyond variance see the mean")
    if isinstance(estimator, Kalman):
        pytest.skip("a constant in a hedge times a ratio that moves is an intercept that moves along")
    X, y = changes(rows_of(estimator, 150))
    plain, shifted = clone(estimator).fit(X, y), clone(estimator).fit(X + 3.0, y + 5.0)
    np.testing.assert_allclose(shifted.hedge_ratio_, plain.hedge_ratio_, rtol=digits_of(estimator))


@pytest.mark.parametrize("estimator", ALL, ids=repr)
def test_fit_again_forgets_and_clone_starts_empty(estimator: Any) -> None:
    (X, y), (other_x, other_y) = changes(), changes(seed=9)
    fitted = clone(estimator).fit(other_x, other_y)
    assert not hasattr(clone(fitted), "hedge_ratio_")
    np.testing.assert_array_equal(fitted.fit(X, y).hedge_ratio_, clone(estimator).fit(X, y).hedge_ratio_)
    assert clone(fitted).get_params() == estimator.get_params()


@pytest.mark.parametrize("estimator", ALL, ids=repr)
def test_fitted_attributes_have_their_shapes(estimator: Any) -> None:
    X, y = changes(rows_of(estimator, 150), 1)
    fitted = clone(estimator).fit(pd.DataFrame(X, columns=["ES"]), pd.Series(y))
    assert fitted.hedge_ratio_.shape == (1,)
    assert isinstance(fitted.r_squared_, float)
    assert fitted.r_squared_ <= 1.0
    assert isinstance(fitted.intercept_, float)
    assert isinstance(fitted.n_obs_, int)
    if isinstance(estimator, Naive | Fixed) or not has_errors(estimator):
        assert fitted.standard_error_ is None
    else:
        assert fitted.standard_error_.shape == (1,)
        assert fitted.standard_error_[0] > 0.0
    assert list(fitted.feature_names_in_) == ["ES"]
    predicted = fitted.predict(pd.DataFrame(X, columns=["ES"]))
    np.testing.assert_array_equal(predicted, X @ fitted.hedge_ratio_)
    assert fitted.score(pd.DataFrame(X, columns=["ES"]), y) == pytest.approx(1.0 - np.var(y - predicted) / np.var(y))


@pytest.mark.parametrize("estimator", ALL, ids=repr)
def test_estimator_saved_and_loaded_gives_same_numbers(estimator: Any) -> None:
    X, y = changes()
    fitted = clone(estimator).fit(X, y)
    file = BytesIO()
    joblib.dump(fitted, file)
    file.seek(0)
    loaded = joblib.load(file)
    np.testing.assert_array_equal(loaded.predict(X), fitted.predict(X))
    every = 25 if searches(estimator) else 1
    np.testing.assert_array_equal(loaded.refit_path(X, y, 60, every), fitted.refit_path(X, y, 60, every))


def test_grid_search_over_time_with_gap_chooses_a_window() -> None:
    X, y = changes(400)
    search = GridSearchCV(RollingOLS(), {"window": [20, 40, 60]}, cv=TimeSeriesSplit(4, gap=2)).fit(X, y)
    assert search.best_params_["window"] in (20, 40, 60)
    for train, test in TimeSeriesSplit(4, gap=2).split(X):
        assert train.max() + 2 < test.min()


@pytest.mark.compiled
@pytest.mark.parametrize("estimator", ESTIMATED, ids=repr)
def test_estimator_in_pipeline_and_grid_search_fits(estimator: Any) -> None:
    X, y = changes(rows_of(estimator, 200))
    pipeline = make_pipeline(StandardScaler(with_mean=False), clone(estimator)).set_output(transform="pandas")
    assert np.isfinite(pipeline.fit(X, y).score(X, y))
    search = GridSearchCV(pipeline, {}, cv=TimeSeriesSplit(3, gap=1)).fit(X, y)
    assert np.isfinite(search.best_score_)


# The detector must find each way of looking ahead that people fall into.


class FutureMean(OLS):
    def _path(self, X: Any, y: Any, rows: Any, progress: Any = None) -> Any:
        return super()._path(X, y, rows, progress) + np.nanmean(y)


class CentredRolling(OLS):
    def _path(self, X: Any, y: Any, rows: Any, progress: Any = None) -> Any:
        x, centred = pd.Series(X[:, 0]), {"window": 15, "center": True, "min_periods": 5}
        slopes = x.rolling(**centred).cov(pd.Series(y)) / x.rolling(**centred).var()
        return slopes.to_numpy()[np.minimum(rows, len(y) - 1)][:, None]


class FullSampleZScore(OLS):
    def _path(self, X: Any, y: Any, rows: Any, progress: Any = None) -> Any:
        usable = np.isfinite(X).all(axis=1)
        return super()._path((X - X[usable].mean(axis=0)) / X[usable].std(axis=0), y, rows, progress)


class FullSampleCentring(OLS):
    """Harmless but for the last bits of a float, and caught all the same."""

    def _path(self, X: Any, y: Any, rows: Any, progress: Any = None) -> Any:
        return super()._path(X - np.nanmean(X, axis=0), y, rows, progress)


class FullSampleFit(OLS):
    def _path(self, X: Any, y: Any, rows: Any, progress: Any = None) -> Any:
        usable = np.isfinite(X).all(axis=1)
        return np.tile(clone(self).fit(X[usable], y[usable]).hedge_ratio_, (len(rows), 1))


class SameRow(OLS):
    """Uses the change it is about to hedge."""

    def _path(self, X: Any, y: Any, rows: Any, progress: Any = None) -> Any:
        return super()._path(np.vstack([X, X[-1:]]), np.append(y, y[-1]), rows + 1, progress)


class BackFilled(RollingOLS):
    def _path(self, X: Any, y: Any, rows: Any, progress: Any = None) -> Any:
        return pd.DataFrame(super()._path(X, y, rows, progress)).bfill().to_numpy()


@pytest.mark.parametrize(
    "planted",
    [
        FutureMean(),
        CentredRolling(),
        FullSampleZScore(),
        FullSampleCentring(),
        FullSampleFit(),
        SameRow(),
        BackFilled(window=40),
    ],
    ids=lambda planted: type(planted).__name__,
)
def test_planted_look_ahead_is_caught(planted: Any) -> None:
    X, y = changes(90)
    with pytest.raises(AssertionError, match="changes the ratio of row"):
        assert_causal(planted, X, y)
