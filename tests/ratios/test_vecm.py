"""VECM and Johansen's test against statsmodels, and what they say where there is nothing to find."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from statsmodels.tsa.vector_ar import vecm
from statsmodels.tsa.vector_ar.vecm import coint_johansen, select_order

from hedgerow.errors import DataError, InputError
from hedgerow.ratios import VECM, ErrorCorrection, johansen_test
from hedgerow.ratios.vecm import chosen_lags
from laws import assert_causal


def tied(n_obs: int = 400, n_hedges: int = 1, seed: int = 3) -> tuple[Any, Any]:
    """Return changes of hedges and of an exposure that is drawn back to 0.8 of each hedge."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n_obs, n_hedges))
    X[1:] += 0.3 * X[:-1]
    y, gap = np.empty(n_obs), 0.0
    for t in range(n_obs):
        y[t] = 0.8 * X[t].sum() - 0.2 * gap + 0.3 * rng.standard_normal()
        gap += y[t] - 0.8 * X[t].sum()
    return X, y


def prices(X: Any, y: Any) -> Any:
    """Return levels (n + 1, k + 1), the exposure first, from 0 as running sums are."""
    changes = np.column_stack([y, X])
    return np.vstack([np.zeros(changes.shape[1]), np.cumsum(changes, axis=0)])


@pytest.mark.parametrize("n_hedges", [1, 3])
@pytest.mark.parametrize("rank", [0, 1, 2])
@pytest.mark.parametrize(("lags", "deterministic"), [(0, "co"), (2, "co"), (1, "ci"), (1, "n")])
def test_vecm_equals_statsmodels(n_hedges: int, rank: int, lags: int, deterministic: Any) -> None:
    X, y = tied(n_hedges=n_hedges)
    outside = (
        "n" if rank == 0 and deterministic == "ci" else deterministic
    )  # statsmodels stumbles over a constant in no relation
    theirs = vecm.VECM(prices(X, y), k_ar_diff=lags, coint_rank=rank, deterministic=outside).fit()
    covariance = theirs.resid.T @ theirs.resid
    ratio = np.linalg.solve(covariance[1:, 1:], covariance[1:, 0])
    ours = VECM(lags=lags, rank=rank, deterministic=deterministic).fit(X, y)
    np.testing.assert_allclose(ours.hedge_ratio_, ratio, rtol=1e-8)
    np.testing.assert_allclose(ours.adjustment_, theirs.alpha, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(ours.cointegrating_vectors_, theirs.beta, rtol=1e-8, atol=1e-9)
    assert (ours.rank_, ours.lags_) == (rank, lags)
    if rank == 1:
        np.testing.assert_allclose(ours.long_run_ratio_, -theirs.beta[1:, 0], rtol=1e-8)


@pytest.mark.parametrize("n_hedges", [1, 2])
@pytest.mark.parametrize("criterion", ["aic", "bic"])
def test_vecm_chosen_lags_equal_statsmodels(n_hedges: int, criterion: Any) -> None:
    for seed in range(4):
        X, y = tied(n_hedges=n_hedges, seed=seed)
        orders = select_order(prices(X, y), 6, deterministic="co")
        assert chosen_lags(prices(X, y), 6, criterion) == getattr(orders, criterion)


@pytest.mark.parametrize(("deterministic", "order"), [("n", -1), ("co", 0)])
def test_johansen_test_equals_statsmodels(deterministic: Any, order: int) -> None:
    levels = prices(*tied(n_hedges=2))
    ours, theirs = johansen_test(50.0 + levels, 2, deterministic), coint_johansen(levels, order, 2)
    if order == 0:  # without a constant the level of the first row counts, which ours takes off
        np.testing.assert_allclose(ours.eigenvalues, theirs.eig, rtol=1e-8)
        np.testing.assert_allclose(ours.trace_statistics, theirs.trace_stat, rtol=1e-8)
        np.testing.assert_allclose(ours.maximum_statistics, theirs.max_eig_stat, rtol=1e-8)
    for number, significance in enumerate((0.10, 0.05, 0.01)):
        np.testing.assert_array_equal(ours.trace_critical_values[significance], theirs.cvt[:, number])
        np.testing.assert_array_equal(ours.maximum_critical_values[significance], theirs.cvm[:, number])
    gap = levels @ ours.vectors[:, 0]
    assert np.ptp(gap) / np.abs(ours.vectors[0, 0]) < 0.2 * np.ptp(levels[:, 0])


def test_vecm_finds_the_relation_and_its_pull() -> None:
    fitted = VECM().fit(*tied(2_000))
    assert fitted.rank_ == 1
    assert fitted.long_run_ratio_ == pytest.approx([0.8], abs=0.01)
    assert fitted.adjustment_[0, 0] == pytest.approx(-0.2, abs=0.05)
    assert abs(fitted.hedge_ratio_[0] - 0.8) < 3.0 * fitted.standard_error_[0]
    assert fitted.johansen_.trace_statistics[0] > fitted.johansen_.trace_critical_values[0.05][0]


def test_vecm_unrelated_walks_have_no_relation_and_stationary_levels_have_all() -> None:
    rng = np.random.default_rng(1)
    walks = VECM(significance=0.01).fit(rng.standard_normal((600, 1)), rng.standard_normal(600))
    assert walks.rank_ == 0
    assert walks.long_run_ratio_ is None
    still = np.diff(rng.standard_normal((601, 2)), axis=0)
    levels = VECM(lags=1).fit(still[:, :1], still[:, 1])
    assert levels.rank_ == 2
    assert np.isfinite(levels.hedge_ratio_).all()


def test_vecm_without_lags_and_relation_is_least_squares() -> None:
    X, y = tied()
    assert np.isfinite(VECM(lags=0, rank=0, deterministic="ci").fit(X, y).hedge_ratio_).all()
    fitted = VECM(lags=0, rank=0).fit(X, y)
    assert fitted.hedge_ratio_[0] == pytest.approx(np.cov(X[:, 0], y)[0, 1] / np.var(X, ddof=1), rel=1e-10)


def test_vecm_agrees_with_one_equation_where_only_the_exposure_adjusts() -> None:
    X, y = tied(5_000, seed=8)
    assert VECM(lags=1).fit(X, y).hedge_ratio_ == pytest.approx(
        ErrorCorrection(lags=1).fit(X, y).hedge_ratio_, abs=0.005
    )


@pytest.mark.parametrize(("b", "a"), [(1e-8, 1e8), (1e8, 1e-8)])
def test_vecm_rescaled_changes_rescale_everything(b: float, a: float) -> None:
    X, y = tied()
    plain, scaled = VECM().fit(X, y), VECM().fit(b * X, a * y)
    assert (scaled.rank_, scaled.lags_) == (plain.rank_, plain.lags_)
    np.testing.assert_allclose(scaled.hedge_ratio_, a / b * plain.hedge_ratio_, rtol=1e-9)
    np.testing.assert_allclose(scaled.standard_error_, a / b * plain.standard_error_, rtol=1e-9)
    np.testing.assert_allclose(scaled.long_run_ratio_, a / b * plain.long_run_ratio_, rtol=1e-8)
    np.testing.assert_allclose(scaled.adjustment_[0], plain.adjustment_[0], rtol=1e-8)


def test_vecm_series_that_move_as_one_keep_their_ratio_and_say_so() -> None:
    X, _ = tied()
    for y in (2.0 * X[:, 0], -3.0 * X[:, 0] + 0.01):
        fitted = VECM().fit(X, y)
        assert not fitted.convergence_.converged
        assert "move as one" in fitted.convergence_.reason
        assert fitted.hedge_ratio_[0] == pytest.approx(y[0] / X[0, 0] if y[0] == 2.0 * X[0, 0] else -3.0)
    path = VECM().refit(X, 2.0 * X[:, 0], np.array([200]), "update")
    assert path.failures[0].row == 200


def test_vecm_wild_row_keeps_numbers_finite() -> None:
    X, y = tied()
    y = y.copy()
    y[200] = 1e8
    fitted = VECM().fit(X, y)
    assert np.isfinite([*fitted.hedge_ratio_, *fitted.standard_error_]).all()


def test_vecm_few_rows_end_in_numbers_or_a_sentence() -> None:
    X, y = tied(30)
    assert np.isfinite(VECM(lags=1, minimum_rows=10).fit(X[:14], y[:14]).hedge_ratio_).all()
    with pytest.raises(DataError, match="at least 100 rows"):
        VECM().fit(X, y)
    with pytest.raises(DataError, match="at least 32 rows"):
        VECM(minimum_rows=10).fit(X[:20], y[:20])


def test_vecm_altered_future_leaves_past_bit_equal() -> None:
    X, y = tied(120)
    assert_causal(VECM(max_lags=2, minimum_rows=40), X, y, first=112, cuts=3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lags": -1}, "lags must be"),
        ({"criterion": "hqic"}, "criterion must be"),
        ({"rank": 3}, "rank must be"),
        ({"significance": 0.2}, "significance must be"),
        ({"deterministic": "lo"}, "deterministic must be"),
        ({"minimum_rows": 0}, "minimum_rows must be"),
    ],
)
def test_vecm_options_that_break_a_rule_are_refused(options: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        VECM(**options).fit(*tied(150))


def test_johansen_test_refusals_are_sentences() -> None:
    levels = prices(*tied(50))
    with pytest.raises(DataError, match="2 to 12 columns"):
        johansen_test(levels[:, :1])
    with pytest.raises(DataError, match="missing or infinite"):
        johansen_test(np.where(levels == levels[3], np.nan, levels))
    with pytest.raises(DataError, match="rows of levels"):
        johansen_test(levels[:6])
    with pytest.raises(DataError, match="move as one"):
        johansen_test(np.column_stack([levels[:, 0], 2.0 * levels[:, 0]]))
    with pytest.raises(DataError, match="beyond the 12"):
        VECM().fit(np.random.default_rng(0).standard_normal((200, 12)), np.random.default_rng(1).standard_normal(200))


@pytest.mark.parametrize("still", [True, False])
def test_vecm_series_that_its_past_tells_is_refused_and_a_failure_of_a_refit(still: bool) -> None:
    y = np.random.default_rng(0).standard_normal(150)
    x = np.zeros(150) if still else np.where(np.arange(150) % 2, 1.0, -1.0)
    x[0] = 1.0
    with pytest.raises(DataError, match="do not identify a long-run relation"):
        VECM().fit(x[:, None], y)
    path = VECM().refit(x[:, None], y, np.array([120, 140]))
    assert [failure.row for failure in path.failures] == [120, 140]
    assert "do not identify" in path.failures[0].reason
