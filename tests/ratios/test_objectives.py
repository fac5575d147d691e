"""Ratios of least CVaR, VaR and lower partial moment and of greatest utility: laws, slow searches, other solvers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import kurtosis, skew
from sklearn.base import clone

from hedgerow.effectiveness import cvar, semivariance, value_at_risk
from hedgerow.errors import InputError
from hedgerow.ratios import OLS, MinimumCVaR, MinimumLPM, MinimumVaR, QuadraticUtility, tail_program
from laws import assert_causal
from ratio_cases import changes

METHODS = [MinimumCVaR(level=0.9), MinimumLPM(), MinimumLPM(order=1), MinimumVaR(level=0.9), QuadraticUtility(50.0)]
COUNT = {0.9: 6, 0.95: 3}  # rows in the tail of 60


def crossings(x: Any, y: Any) -> Any:
    """Return all ratios at which two rows change places, between which every order statistic is straight."""
    i, j = np.triu_indices(len(x), 1)
    return ((y[i] - y[j]) / (x[i] - x[j]))[x[i] != x[j]]


def mean_of_worst(hedged: Any, count: int) -> float:
    return -float(np.sort(hedged)[:count].mean())


@pytest.mark.parametrize("method", [*METHODS, QuadraticUtility(50.0, 0.01), QuadraticUtility(50.0, "sample")])
@pytest.mark.parametrize("n_hedges", [1, 2])
def test_short_exposure_is_the_long_one_turned_over(method: Any, n_hedges: int) -> None:
    X, y = changes(90, n_hedges)
    X = X + 0.2 * np.abs(X)  # skewed, so that the sides differ
    turned = clone(method)
    if getattr(method, "expected_carry", None) == 0.01:
        turned.set_params(expected_carry=-0.01)
    short, long = clone(method).set_params(side="short"), turned.fit(-X, -y)
    assert short.fit(X, y).hedge_ratio_ == pytest.approx(long.hedge_ratio_, rel=1e-9)
    assert short.objective_ == pytest.approx(long.objective_, rel=1e-9)
    assert short.intercept_ == pytest.approx(-long.intercept_, rel=1e-9)
    assert short.skewness_ == pytest.approx(long.skewness_, rel=1e-6)
    np.testing.assert_allclose(short.refit_path(X, y, 80, every=5)[80:], turned.refit_path(-X, -y, 80, every=5)[80:])
    is_variance = isinstance(method, QuadraticUtility) and method.expected_carry is None
    assert is_variance == bool(np.allclose(short.hedge_ratio_, clone(method).fit(X, y).hedge_ratio_, rtol=1e-9))


@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize("seed", range(4))
def test_cvar_of_one_hedge_equals_search_of_all_crossings(level: float, seed: int) -> None:
    X, y = changes(60, seed=seed)
    fitted = MinimumCVaR(level).fit(X, y)
    best = min(mean_of_worst(y - X[:, 0] * h, COUNT[level]) for h in crossings(X[:, 0], y))
    assert fitted.objective_ == pytest.approx(best, abs=1e-12)
    assert fitted.gap_ == 0.0


@pytest.mark.parametrize("seed", range(6))
def test_var_of_one_hedge_equals_search_of_all_crossings(seed: int) -> None:
    X, y = changes(50, seed=seed)
    fitted = MinimumVaR(0.9).fit(X, y)
    best = min(value_at_risk(y - X[:, 0] * h, 0.9) for h in crossings(X[:, 0], y))
    assert fitted.objective_ == pytest.approx(best, abs=1e-10 * y.std())
    assert fitted.objective_ == pytest.approx(value_at_risk(y - X @ fitted.hedge_ratio_, 0.9), abs=1e-15)
    assert 0.0 <= fitted.gap_ <= 1e-8 * y.std()


@pytest.mark.parametrize("bounds", [None, (0.0, 0.6), [(0.0, 0.5), (None, None)]])
@pytest.mark.parametrize("n_hedges", [1, 2])
def test_cvar_equals_conic_solver(bounds: Any, n_hedges: int) -> None:
    cvxpy = pytest.importorskip("cvxpy")
    if n_hedges == 1 and isinstance(bounds, list):
        bounds = [(0.3, None)]
    X, y = changes(120, n_hedges)
    fitted = MinimumCVaR(bounds=bounds).fit(X, y)
    ratio = cvxpy.Variable(n_hedges)
    count = 6
    limits = []
    for j, (low, high) in enumerate([bounds] * n_hedges if isinstance(bounds, tuple) else bounds or []):
        limits += [] if low is None else [ratio[j] >= low]
        limits += [] if high is None else [ratio[j] <= high]
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_largest((X @ ratio - y) / y.std(), count) / count), limits)
    conic = problem.solve(solver=cvxpy.CLARABEL, tol_gap_abs=1e-12, tol_gap_rel=1e-12, tol_feas=1e-12)
    assert fitted.objective_ == pytest.approx(conic * y.std(), abs=1e-8 * y.std())
    np.testing.assert_allclose(fitted.hedge_ratio_, ratio.value, atol=1e-6)


def test_cvar_of_one_hedge_same_by_search_and_by_program() -> None:
    X, y = changes(200)
    twice = np.column_stack([X, np.random.default_rng(1).normal(size=200)])
    alone = MinimumCVaR(bounds=(-5.0, 5.0)).fit(X, y)
    beside = MinimumCVaR(bounds=[(-5.0, 5.0), (0.0, 0.0)]).fit(twice, y)
    assert beside.objective_ == pytest.approx(alone.objective_, abs=1e-12)


def test_objectives_are_the_measures_of_effectiveness() -> None:
    X, y = changes(150, 2)
    moved = X @ (np.array([0.6, 0.3]))
    for method, measure in ((MinimumCVaR(), cvar), (MinimumVaR(), value_at_risk), (MinimumLPM(), semivariance)):
        assert method._figure(X, y, np.array([0.6, 0.3])) == pytest.approx(measure(y - moved), rel=1e-12)
        assert method.fit(X, y).unhedged_objective_ == pytest.approx(measure(y), rel=1e-12)


@pytest.mark.parametrize("target", [0.0, 0.004])
def test_semivariance_ratio_equals_slow_bisection(target: float) -> None:
    X, y = changes(90)

    def pull(ratio: float) -> float:
        pairs = zip(X[:, 0].tolist(), y.tolist(), strict=True)
        return sum(x * (target - (one - ratio * x)) for x, one in pairs if one - ratio * x < target)

    low, high = -5.0, 5.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if pull(middle) < 0.0 else (low, middle)
    assert MinimumLPM(target=target).fit(X, y).hedge_ratio_[0] == pytest.approx(low, abs=1e-12)


def test_variance_ratio_without_carry_equals_slow_sums() -> None:
    X, y = changes(90)
    mean_x, mean_y = sum(X[:, 0].tolist()) / 90, sum(y.tolist()) / 90
    cross = sum((x - mean_x) * (one - mean_y) for x, one in zip(X[:, 0].tolist(), y.tolist(), strict=True))
    own = sum((x - mean_x) ** 2 for x in X[:, 0].tolist())
    assert QuadraticUtility().fit(X, y).hedge_ratio_[0] == pytest.approx(cross / own, abs=1e-12)
    np.testing.assert_allclose(QuadraticUtility().fit(X, y).standard_error_, OLS().fit(X, y).standard_error_, rtol=1e-9)


@pytest.mark.parametrize("order", [1.5, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("n_hedges", [1, 3])
def test_partial_moment_no_neighbour_is_better(order: float, n_hedges: int) -> None:
    X, y = changes(150, n_hedges)
    fitted = MinimumLPM(order).fit(X, y)
    rng = np.random.default_rng(0)
    for size in (1e-1, 1e-3, 1e-5):
        for direction in rng.normal(size=(20, n_hedges)):
            other = fitted._figure(X, y, fitted.hedge_ratio_ + size * direction)
            assert other >= fitted.objective_ * (1.0 - 1e-13)
    assert fitted.objective_ < fitted.unhedged_objective_


def test_partial_moment_of_order_one_is_limit_of_orders_above() -> None:
    X, y = changes(150, 2)
    least = MinimumLPM(1).fit(X, y).objective_
    gaps = [MinimumLPM(1)._figure(X, y, MinimumLPM(p).fit(X, y).hedge_ratio_) - least for p in (1.5, 1.1, 1.02)]
    assert 0.0 <= gaps[2] <= gaps[1] <= gaps[0]


@pytest.mark.parametrize("n_hedges", [1, 2])
@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_bounds_hold_and_nothing_allowed_is_better(method: Any, n_hedges: int) -> None:
    X, y = changes(120, n_hedges)
    fitted = clone(method).set_params(bounds=(0.1, 0.5)).fit(X, y)
    assert ((fitted.hedge_ratio_ >= 0.1) & (fitted.hedge_ratio_ <= 0.5)).all()
    sign = -1.0 if isinstance(method, QuadraticUtility) else 1.0
    grid = np.stack(np.meshgrid(*[np.linspace(0.1, 0.5, 21)] * n_hedges), axis=-1).reshape(-1, n_hedges)
    best = min(sign * fitted._figure(X, y, ratio) for ratio in grid)
    slack = 1e-3 * y.std() if isinstance(method, MinimumVaR) and n_hedges > 1 else 1e-12
    assert sign * fitted.objective_ <= best + slack


def test_utility_bets_on_carry_by_its_formula() -> None:
    X, y = changes(200, 2)
    carry = np.array([0.0004, -0.0002])
    bet = QuadraticUtility(30.0, carry).fit(X, y).hedge_ratio_ - QuadraticUtility(30.0).fit(X, y).hedge_ratio_
    np.testing.assert_allclose(bet, -np.linalg.solve(np.cov(X.T), carry) / 30.0, rtol=1e-10)
    rich = QuadraticUtility(1e9, "sample").fit(X, y)
    np.testing.assert_allclose(rich.hedge_ratio_, QuadraticUtility().fit(X, y).hedge_ratio_, rtol=1e-6)
    np.testing.assert_array_equal(rich.expected_carry_, X.mean(axis=0))


@pytest.mark.parametrize("method", [MinimumLPM(), MinimumLPM(3.0), QuadraticUtility(20.0, "sample")], ids=repr)
def test_standard_errors_are_the_spread_over_samples(method: Any) -> None:
    rng = np.random.default_rng(3)
    ratios, errors = [], []
    for _ in range(300):
        X = rng.normal(size=(400, 1))
        fitted = clone(method).fit(X, 0.8 * X[:, 0] + 0.5 * rng.normal(size=400))
        ratios.append(fitted.hedge_ratio_[0])
        errors.append(fitted.standard_error_[0])
    assert np.mean(errors) == pytest.approx(np.std(ratios), rel=0.15)


def test_ratios_of_normal_changes_approach_the_minimum_variance_ratio() -> None:
    rng = np.random.default_rng(5)
    X = rng.normal(size=(20_000, 1))
    y = 0.8 * X[:, 0] + 0.3 * rng.normal(size=20_000)
    for method in METHODS:
        assert clone(method).fit(X, y).hedge_ratio_[0] == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_window_uses_its_last_rows_only(method: Any) -> None:
    X, y = changes(120, 1)
    windowed = clone(method).set_params(window=60).fit(X, y)
    np.testing.assert_array_equal(windowed.hedge_ratio_, clone(method).fit(X[60:], y[60:]).hedge_ratio_)
    assert windowed.n_obs_ == 60
    path = windowed.refit_path(X, y, 60, 20)
    np.testing.assert_allclose(path[80], clone(method).fit(X[20:80], y[20:80]).hedge_ratio_, rtol=1e-12)


def test_shape_of_hedged_change_is_reported() -> None:
    X, y = changes(150)
    fitted = MinimumCVaR().fit(X, y)
    hedged = y - X @ fitted.hedge_ratio_
    assert fitted.skewness_ == pytest.approx(skew(hedged), rel=1e-12)
    assert fitted.kurtosis_ == pytest.approx(kurtosis(hedged), rel=1e-12)


SEVERAL = [MinimumCVaR(level=0.8), MinimumLPM(), MinimumLPM(order=1), MinimumVaR(level=0.8)]


@pytest.mark.compiled
@pytest.mark.parametrize("method", SEVERAL, ids=repr)
def test_several_hedges_altered_future_leaves_past_bit_equal(method: Any) -> None:
    X, y = changes(44, 2)
    assert_causal(method, X, y, first=30, cuts=2)


@pytest.mark.parametrize("method", SEVERAL, ids=repr)
def test_several_hedges_refits_equal_fits(method: Any) -> None:
    X, y = changes(80, 2)
    path = method.refit_path(X, y, 40, 20)
    np.testing.assert_allclose(path[60], clone(method).fit(X[:60], y[:60]).hedge_ratio_, rtol=1e-12)


# A solver that found no optimum gives a reason, and its numbers feed no decision.


def test_gain_in_every_row_is_unbounded_and_feeds_nothing() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=60)
    for n_hedges in (1, 2):
        X = np.abs(rng.normal(size=(60, n_hedges)))
        for method in (MinimumCVaR(), MinimumVaR(), MinimumLPM(order=1), MinimumLPM()):
            fitted = clone(method).fit(X, y)
            assert not fitted.convergence_.converged
            assert np.isfinite(fitted.hedge_ratio_).all()
            refits = method.refit(X, y, np.array([40]))
            assert np.isnan(refits.ratios).all()
            assert refits.failures[0].reason == clone(method).fit(X[:40], y[:40]).convergence_.reason
        assert MinimumCVaR(bounds=(-2.0, 2.0)).fit(X, y).convergence_.converged


def test_iteration_limit_is_a_reason_with_both_solvers_named(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = changes(200, 3)
    monkeypatch.setattr(tail_program, "MOST_ITERATIONS", 1)
    convergence = MinimumCVaR().fit(X, y).convergence_
    assert not convergence.converged
    assert convergence.reason == (
        "the linear program was not solved (highs-ds iteration limit reached, highs-ipm iteration limit reached)"
    )


def test_almost_optimal_answer_falls_back_and_says_how_often(monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = changes(200, 2)
    whole = tail_program.TailProgram._highs
    first = MinimumCVaR().fit(X, y)

    def sloppy(self: Any, method: str) -> Any:
        status, steps, ratio, bound = whole(self, method)
        return status, steps, ratio + 0.01 * (method == "highs-ds"), bound

    monkeypatch.setattr(tail_program.TailProgram, "_highs", sloppy)
    second = MinimumCVaR().fit(X, y)
    assert (first.convergence_.starts, second.convergence_.starts) == (1, 2)
    np.testing.assert_allclose(second.hedge_ratio_, first.hedge_ratio_, rtol=1e-6)


def test_target_below_every_row_leaves_ratio_unidentified() -> None:
    X, y = changes(100)
    for order in (1.0, 2.0):
        reason = MinimumLPM(order, target=-10.0).fit(X, y).convergence_.reason
        assert "many ratios are equally good" in reason


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        (MinimumCVaR(level=95), "level must lie between 0 and 1, such as 0.95, not 95"),
        (MinimumVaR(level=1.0), "level must lie"),
        (MinimumCVaR(bounds=(1.0, 0.0)), "each lower bound must not be above"),
        (MinimumCVaR(bounds=[(0.0, 1.0), (0.0, 1.0)]), "one pair per hedge"),
        (MinimumCVaR(bounds="tight"), "bounds must be one pair"),
        (MinimumLPM(order=0.5), "order must be at least 1"),
        (MinimumLPM(target=np.inf), "target must be a finite change"),
        (MinimumLPM(window=2), "window must hold at least"),
        (QuadraticUtility(0.0), "risk_aversion must be a positive number"),
        (QuadraticUtility(1.0, "mean"), "expected_carry must be None, 'sample' or numbers"),
        (QuadraticUtility(1.0, [1.0, 2.0]), "one finite number or one per hedge"),
    ],
)
def test_options_that_break_their_rule_refused(method: Any, sentence: str) -> None:
    X, y = changes(60)
    with pytest.raises(InputError, match=sentence):
        method.fit(X, y)


def test_walk_forward_that_takes_minutes_is_refused() -> None:
    X, y = np.zeros((20_000, 5)), np.zeros(20_000)
    with pytest.raises(InputError, match="would take minutes"):
        MinimumCVaR().refit_path(X, y, 1_000)


@pytest.mark.parametrize("wild", [(500, 1e6, 0.0), (799, 1e6, -1e6)])
def test_lpm_wild_row_gives_a_finite_ratio(wild: Any) -> None:
    # at these ratios Newton's last step is below rounding, which once led out of the interval that holds the best one
    rng = np.random.default_rng(1)
    x, noise = rng.standard_t(5, 800), 0.4 * rng.standard_normal(800)
    y = 0.9 * x + noise
    x[wild[0]] += wild[1]
    y[wild[0]] += wild[2]
    fitted = MinimumLPM().fit(x[:, None], y)
    assert np.isfinite(fitted.hedge_ratio_).all()
    for other in (0.99, 1.01):
        worse = np.mean(np.maximum(x * fitted.hedge_ratio_[0] * other - y, 0.0) ** 2)
        assert fitted.objective_ <= worse
