"""The no-trade region: what it follows, what it never does, and that every move pays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from hedgerow.errors import DataError, InputError
from hedgerow.ratios import EWMA, OLS, CostAware, Naive, RollingOLS
from laws import assert_causal

FIRST = 30


def turnover(path: Any) -> float:
    return float(np.abs(np.diff(path[FIRST:], axis=0)).sum())


def noisy(n_obs: int = 200, n_hedges: int = 1, seed: int = 0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_obs, n_hedges)) @ (np.eye(n_hedges) + 0.4)
    return X, X @ np.linspace(0.9, 0.4, n_hedges) + rng.normal(size=n_obs)


def past_covariances(X: Any) -> Any:
    return [np.atleast_2d(np.cov(X[:t], rowvar=False)) for t in range(FIRST, len(X))]


@parametrize_with_checks([CostAware(OLS(), cost=0.1)])
def test_cost_aware_scikit_learn_checks_pass(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.parametrize("trade_to", ["edge", "target"])
@pytest.mark.parametrize("n_hedges", [1, 2])
def test_path_altered_future_leaves_past_bit_equal(trade_to: Any, n_hedges: int) -> None:
    X, y = noisy(80, n_hedges)
    method = CostAware(RollingOLS(15), cost=0.05, trade_to=trade_to, capital_cost=0.01, halflife=20.0)
    assert_causal(method, X, y, first=20, cuts=8)


@pytest.mark.parametrize("between", ["hold", "update"])
@pytest.mark.parametrize("n_hedges", [1, 3])
def test_path_without_cost_is_the_method_itself(n_hedges: int, between: Any) -> None:
    X, y = noisy(120, n_hedges)
    inner = EWMA().refit_path(X, y, FIRST, 5, between)
    np.testing.assert_array_equal(CostAware(EWMA()).refit_path(X, y, FIRST, 5, between), inner)
    tiny = CostAware(EWMA(), cost=1e-14).refit_path(X, y, FIRST, 5, between)
    np.testing.assert_allclose(tiny, inner, atol=1e-9)


@pytest.mark.parametrize("trade_to", ["edge", "target"])
@pytest.mark.parametrize("n_hedges", [1, 3])
def test_path_at_endless_cost_keeps_the_first_ratio(n_hedges: int, trade_to: Any) -> None:
    X, y = noisy(120, n_hedges)
    path = CostAware(EWMA(), cost=1e12, trade_to=trade_to).refit_path(X, y, FIRST)
    np.testing.assert_array_equal(path[FIRST:], np.tile(EWMA().refit_path(X, y, FIRST)[FIRST], (len(y) - FIRST, 1)))


@pytest.mark.parametrize("trade_to", ["edge", "target"])
@pytest.mark.parametrize("seed", range(3))
def test_turnover_falls_with_cost_and_never_exceeds_the_method(seed: int, trade_to: Any) -> None:
    X, y = noisy(seed=seed)
    method = CostAware(RollingOLS(25), trade_to=trade_to)
    costs = [0.0, 0.02, 0.05, 0.1, 0.2, 0.4]
    turnovers = [turnover(clone(method).set_params(cost=c).refit_path(X, y, FIRST)) for c in costs]
    assert turnovers[0] == turnover(RollingOLS(25).refit_path(X, y, FIRST))
    assert (np.diff(turnovers) <= 0.0).all()
    assert turnovers[-1] < 0.2 * turnovers[0]


def test_path_of_one_hedge_stays_at_the_edge_of_its_band() -> None:
    X, y = noisy()
    cost, aversion, horizon, safety = 0.3, 2.0, 1.5, 1.2
    inner = RollingOLS(25).refit_path(X, y, FIRST)[:, 0]
    path = CostAware(RollingOLS(25), cost, aversion, horizon, safety).refit_path(X, y, FIRST)[:, 0]
    held = inner[FIRST]
    for t, covariance in zip(range(FIRST, len(y)), past_covariances(X), strict=True):
        width = safety * cost / (horizon * aversion * covariance[0, 0])
        held = min(max(held, inner[t] - width), inner[t] + width)
        assert path[t] == pytest.approx(held, abs=1e-12)


@pytest.mark.parametrize("trade_to", ["edge", "target"])
@pytest.mark.parametrize("n_hedges", [1, 2, 3])
def test_every_move_lowers_risk_by_more_than_it_costs(n_hedges: int, trade_to: Any) -> None:
    X, y = noisy(150, n_hedges, seed=4)
    cost, aversion, horizon = 0.1, 1.5, 2.0
    inner = RollingOLS(25).refit_path(X, y, FIRST)
    path = CostAware(RollingOLS(25), cost, aversion, horizon, trade_to=trade_to).refit_path(X, y, FIRST)
    moves = 0
    for t, covariance in zip(range(FIRST + 1, len(y)), past_covariances(X)[1:], strict=True):
        before, after = path[t - 1] - inner[t], path[t] - inner[t]
        fall = 0.5 * aversion * horizon * (before @ covariance @ before - after @ covariance @ after)
        paid = cost * np.abs(path[t] - path[t - 1]).sum()
        assert fall >= paid - 1e-12
        moves += paid > 0.0
    assert moves > 3


def test_move_of_several_hedges_equals_slow_minimum() -> None:
    X, y = noisy(100, 3, seed=2)
    cost, capital = np.array([0.05, 0.1, 0.02]), np.array([0.01, 0.0, 0.03])
    method = CostAware(OLS(), cost, risk_aversion=1.3, horizon=2.0, capital_cost=capital).fit(X, y)
    held, target = np.array([0.5, -0.2, 0.1]), method.estimator_.hedge_ratio_
    covariance = np.cov(X, rowvar=False)
    np.testing.assert_allclose(method.covariance_, covariance, rtol=1e-12)

    def total(parts: Any) -> float:  # trades up and down, holdings long and short, each at least 0
        up, down, short = parts[:3], parts[3:6], parts[6:]
        point = held + up - down
        risk = 0.5 * 1.3 * 2.0 * (point - target) @ covariance @ (point - target)
        return float(risk + cost @ (up + down) + 2.0 * capital @ (point + 2.0 * short))

    limits = {"type": "ineq", "fun": lambda parts: held + parts[:3] - parts[3:6] + parts[6:]}
    options = {"ftol": 1e-15, "maxiter": 1000}
    start = np.full(9, 0.3)
    slow = minimize(total, start, bounds=[(0.0, None)] * 9, constraints=limits, method="SLSQP", options=options)
    np.testing.assert_allclose(method.rebalanced(held), held + slow.x[:3] - slow.x[3:6], atol=2e-6)


def test_capital_cost_lowers_the_ratio_from_the_start() -> None:
    X, y = noisy()
    plain, dear = CostAware(OLS()).fit(X, y), CostAware(OLS(), capital_cost=0.1).fit(X, y)
    assert plain.hedge_ratio_[0] == OLS().fit(X, y).hedge_ratio_[0]
    assert dear.hedge_ratio_[0] == pytest.approx(plain.hedge_ratio_[0] - 0.1 / np.var(X, ddof=1), rel=1e-10)
    assert CostAware(OLS(), capital_cost=100.0).fit(X, y).hedge_ratio_[0] == 0.0


def test_region_applied_to_assembled_path_is_the_whole_run() -> None:
    X, y = noisy(120, 2)
    method = CostAware(OLS(), cost=0.05)
    parts = [
        method.inner.refit(X[:end], y[:end], np.array(rows)).ratios for rows, end in (([30, 50], 70), ([70, 90], 120))
    ]
    assembled = np.vstack([parts[0], parts[1][70:]])
    whole = method.refit(X, y, np.array([30, 50, 70, 90]))
    np.testing.assert_array_equal(method.from_inner(assembled, X, y), whole.ratios)
    assert whole.refits == 4


def test_rows_without_a_ratio_change_nothing_that_is_held() -> None:
    X, y = noisy(60)
    inner = RollingOLS(20).refit_path(X, y, FIRST)
    inner[40:43] = np.nan
    path = CostAware(RollingOLS(20), cost=1e9).from_inner(inner, X, y)
    assert np.isnan(path[40:43]).all()
    assert path[43] == path[39] == inner[FIRST]


def test_ratio_path_after_fit_and_given_ratio_hold() -> None:
    X, y = noisy(80)
    fitted = CostAware(Naive(), cost=0.1).fit(X, y)
    np.testing.assert_array_equal(fitted.ratio_path(X, y), np.ones((80, 1)))
    np.testing.assert_array_equal(fitted.rebalanced([1.0]), [1.0])
    named = CostAware(OLS(), cost=0.1).fit(pd.DataFrame(X, columns=["ES"]), y)
    assert list(named.feature_names_in_) == ["ES"]
    assert named.inner is named.estimator


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"cost": -0.1}, "cost must be one number of at least 0"),
        ({"cost": [0.1, 0.2]}, "one per hedge"),
        ({"capital_cost": np.nan}, "capital_cost must be"),
        ({"risk_aversion": 0.0}, "risk_aversion must be a positive number"),
        ({"horizon": -1.0}, "horizon must be a positive number"),
        ({"halflife": 0.0}, "halflife must be a positive number"),
        ({"trade_to": "middle"}, "trade_to must be 'edge' or 'target'"),
        ({"estimator": OLS(errors="none")}, "errors must be"),
    ],
)
def test_options_that_break_their_rule_refused(options: Any, sentence: str) -> None:
    X, y = noisy(60)
    with pytest.raises(InputError, match=sentence):
        CostAware(OLS()).set_params(**options).refit_path(X, y, FIRST)


def test_ratios_of_another_shape_or_held_refused() -> None:
    X, y = noisy(60)
    with pytest.raises(DataError, match="the method's ratios have shape"):
        CostAware(OLS(), cost=0.1).from_inner(np.ones((59, 1)), X, y)
    with pytest.raises(InputError, match="held must be one finite ratio per hedge"):
        CostAware(OLS(), cost=0.1).fit(X, y).rebalanced([1.0, 2.0])
