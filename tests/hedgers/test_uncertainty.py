"""How well a ratio is known: coverage, formulas, the bootstrap, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.hedgers import ContractSize, Rounding, UncertaintyOptions, ratio_uncertainty
from hedgerow.ratios import EWMA, OLS, CostAware, Kalman, MinimumCVaR, MinimumLPM, Naive, RollingOLS

BOOTSTRAP = UncertaintyOptions(method="bootstrap", draws=100)


def market(n_obs: int = 300, n_hedges: int = 1, seed: int = 0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_obs, n_hedges)) * 0.02
    return X, X @ np.linspace(0.8, 0.4, n_hedges) + 0.01 * rng.normal(size=n_obs)


def test_interval_of_least_squares_covers_the_true_ratio_as_often_as_it_says() -> None:
    covered = 0
    rng = np.random.default_rng(1)
    for _ in range(800):
        X = rng.normal(size=(1_000, 1))
        y = 0.8 * X[:, 0] + 0.5 * rng.normal(size=1_000)
        known = ratio_uncertainty(OLS(errors="classical").fit(X, y), X, y)
        covered += bool(known.low[0] <= 0.8 <= known.high[0])
    assert 0.93 <= covered / 800 <= 0.97


def test_bootstrap_interval_agrees_with_standard_errors() -> None:
    X, y = market(500, 2)
    by_formula = ratio_uncertainty(OLS().fit(X, y), X, y)
    redrawn = ratio_uncertainty(OLS().fit(X, y), X, y, options=UncertaintyOptions(method="bootstrap", draws=300))
    assert (by_formula.method, redrawn.method, redrawn.refits) == ("standard_error", "bootstrap", 300)
    np.testing.assert_allclose(redrawn.standard_error, by_formula.standard_error, rtol=0.2)
    np.testing.assert_allclose(redrawn.high - redrawn.low, by_formula.high - by_formula.low, rtol=0.25)


def test_method_without_standard_error_is_redrawn_and_repeats_by_its_seed() -> None:
    X, y = market(400)
    fitted = MinimumCVaR().fit(X, y)
    options = UncertaintyOptions(draws=60, block_length=5.0)
    first, second = (ratio_uncertainty(fitted, X, y, options=options) for _ in range(2))
    assert first.method == "bootstrap"
    np.testing.assert_array_equal(first.low, second.low)
    assert first.low[0] < fitted.hedge_ratio_[0] < first.high[0]
    other = ratio_uncertainty(fitted, X, y, options=UncertaintyOptions(draws=60, block_length=5.0, seed=1))
    assert other.low[0] != first.low[0]


def test_cost_of_error_is_the_rise_of_variance_when_the_ratio_is_moved() -> None:
    X, y = market(300, 2)
    quantity = -2_000.0
    for estimator in (OLS(), MinimumLPM()):
        fitted = estimator.fit(X, y)
        known = ratio_uncertainty(fitted, X, y, quantity=quantity)

        def variance(shift: Any, ratio: Any = fitted.hedge_ratio_) -> float:
            return float((quantity * (y - X @ (ratio + shift))).var(ddof=1))

        unhedged, own = float((quantity * y).var(ddof=1)), variance(np.zeros(2))
        for shifts, cost in (
            ([known.standard_error * np.array([1.0, 0.0])], known.error_cost.variance[0]),
            ([known.standard_error], known.error_cost.variance_together),
        ):
            worse = max(variance(sign * shift) for shift in shifts for sign in (-1.0, 1.0))
            assert cost == pytest.approx(worse - own, rel=1e-8)
        together = own + known.error_cost.variance_together
        assert known.error_cost.deviation_together == pytest.approx(np.sqrt(together) - np.sqrt(own), rel=1e-6)
        lost = 100.0 * (together - own) / unhedged
        assert known.error_cost.reduction_together == pytest.approx(lost, rel=1e-8)


def test_cost_of_error_of_least_squares_is_se_squared_times_variance() -> None:
    X, y = market()
    known = ratio_uncertainty(OLS().fit(X, y), X, y)
    np.testing.assert_allclose(known.error_cost.variance, known.standard_error**2 * X.var(axis=0, ddof=1), rtol=1e-6)


@pytest.mark.parametrize(("rounding", "expected"), [("nearest", (-40, -38, -36)), ("down", (-40, -38, -35))])
def test_contracts_at_the_ends_of_the_interval_by_the_named_rule(rounding: str, expected: tuple[int, ...]) -> None:
    X, y = market()
    fitted = OLS().fit(X, y)
    fitted.hedge_ratio_, fitted.standard_error_ = np.array([0.8]), np.array([0.025])
    options = UncertaintyOptions(rounding=Rounding(rounding))
    known = ratio_uncertainty(fitted, X, y, quantity=2e6, contracts=ContractSize(42_000), options=options)
    exact = [-h * 2e6 / 42_000 for h in (known.high[0], 0.8, known.low[0])]
    found = (known.contracts_low[0], known.contracts[0], known.contracts_high[0])
    assert found == tuple(options.rounding.apply(number) for number in exact)
    assert found[0] <= found[1] <= found[2]
    assert known.rounding is Rounding(rounding)
    short = ratio_uncertainty(fitted, X, y, quantity=-2e6, contracts=ContractSize(42_000), options=options)
    assert (short.contracts_low[0], short.contracts_high[0]) == (-found[2], -found[0])
    assert found == expected


def test_wider_confidence_gives_wider_interval() -> None:
    X, y = market()
    fitted = OLS().fit(X, y)
    widths = [
        np.ptp([k.low[0], k.high[0]])
        for k in (ratio_uncertainty(fitted, X, y, options=UncertaintyOptions(c)) for c in (0.5, 0.9, 0.99))
    ]
    assert widths[0] < widths[1] < widths[2]


def test_what_cannot_be_answered_is_refused() -> None:
    X, y = market(100)
    with pytest.raises(InputError, match="must be fitted"):
        ratio_uncertainty(OLS(), X, y)
    with pytest.raises(InputError, match="has no standard error here; ask for the bootstrap"):
        ratio_uncertainty(MinimumCVaR().fit(X, y), X, y, options=UncertaintyOptions(method="standard_error"))
    for method in (EWMA(), RollingOLS(window=20), CostAware(EWMA(), cost=0.1)):
        with pytest.raises(InputError, match="follows time, which redrawn rows do not"):
            ratio_uncertainty(method.fit(X, y), X, y, options=BOOTSTRAP)
    with pytest.raises(InputError, match="contract sizes need a quantity"):
        ratio_uncertainty(OLS().fit(X, y), X, y, contracts=ContractSize(10.0))
    with pytest.raises(InputError, match="1 hedges and 2 contract sizes"):
        ratio_uncertainty(OLS().fit(X, y), X, y, quantity=1.0, contracts=[ContractSize(10.0)] * 2)
    with pytest.raises(DataError, match="for this ratio and these rows"):
        ratio_uncertainty(OLS().fit(X, y), X[:50], y)
    with pytest.raises(DataError, match="at least 20 rows"):
        ratio_uncertainty(OLS().fit(X[:10], y[:10]), X[:10], y[:10], options=BOOTSTRAP)


def test_bootstrap_whose_refits_fail_is_refused() -> None:
    X, y = market(100)
    fitted = MinimumCVaR().fit(np.abs(X), y)
    with pytest.raises(DataError, match="only 0 of 100 refits of MinimumCVaR"):
        ratio_uncertainty(fitted, np.abs(X), y, options=BOOTSTRAP)


def test_given_ratio_has_no_spread() -> None:
    X, y = market(100)
    known = ratio_uncertainty(Naive().fit(X, y), X, y, options=BOOTSTRAP)
    assert known.low[0] == known.high[0] == 1.0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"confidence": 95.0}, "confidence must lie between 0 and 1"),
        ({"method": "guess"}, "method must be"),
        ({"draws": 5}, "draws must be at least 20"),
        ({"block_length": 0.5}, "block_length must be at least one row"),
    ],
)
def test_options_that_break_their_rule_refused(options: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        UncertaintyOptions(**options)


def test_ratio_uncertainty_row_with_a_gap_is_left_out_of_the_cost() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 1))
    y = 0.8 * x[:, 0] + 0.3 * rng.normal(size=200)
    y[50] = np.nan
    fitted = Kalman().fit(x, y)
    known = ratio_uncertainty(fitted, x, y)
    kept = ratio_uncertainty(fitted, np.delete(x, 50, axis=0), np.delete(y, 50))
    assert known.error_cost.deviation[0] == kept.error_cost.deviation[0] > 0.0
