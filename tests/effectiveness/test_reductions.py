"""Laws and oracles of the risk measures and their reductions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays

from hedgerow.effectiveness import (
    METRICS,
    cvar,
    max_drawdown,
    reduction,
    semivariance,
    utility_gain,
    value_at_risk,
    variance,
    variance_reduction,
)
from hedgerow.errors import DataError, InputError

_CHANGES = arrays(np.float64, st.integers(2, 60), elements=st.floats(-100, 100, width=32))


@pytest.fixture
def changes() -> np.ndarray:
    return np.random.default_rng(3).standard_t(4, 400)


@pytest.mark.parametrize("metric", METRICS)
def test_reduction_perfect_hedge_is_one(metric: str, changes: np.ndarray) -> None:
    assert reduction(metric, changes, np.zeros_like(changes)) == 1.0


@pytest.mark.parametrize("metric", METRICS)
def test_reduction_no_hedge_is_zero(metric: str, changes: np.ndarray) -> None:
    assert reduction(metric, changes, changes) == 0.0


@pytest.mark.parametrize("metric", METRICS)
def test_reduction_unit_of_money_does_not_matter(metric: str, changes: np.ndarray) -> None:
    hedged = 0.3 * changes + 0.1 * np.sin(np.arange(len(changes)))
    assert reduction(metric, 1000 * changes, 1000 * hedged) == pytest.approx(reduction(metric, changes, hedged))


@pytest.mark.parametrize("metric", METRICS)
def test_reduction_future_altered_leaves_past_unchanged(metric: str, changes: np.ndarray) -> None:
    hedged = 0.5 * changes
    altered = changes.copy()
    altered[300:] += 1e6
    assert reduction(metric, altered[:300], hedged[:300]) == reduction(metric, changes[:300], hedged[:300])


def test_variance_reduction_in_sample_ols_equals_r_squared(changes: np.ndarray) -> None:
    y = 2 * changes + np.random.default_rng(0).standard_normal(len(changes))
    slope = np.cov(y, changes)[0, 1] / changes.var(ddof=1)
    r_squared = np.corrcoef(y, changes)[0, 1] ** 2
    assert variance_reduction(y, y - slope * changes) == pytest.approx(r_squared, abs=1e-12)


def test_variance_reduction_worse_hedge_is_negative(changes: np.ndarray) -> None:
    assert variance_reduction(changes, 2 * changes) == pytest.approx(-3.0)


@pytest.mark.parametrize("metric", METRICS)
def test_reduction_unhedged_without_risk_is_nan(metric: str) -> None:
    assert np.isnan(reduction(metric, np.full(50, 0.1), np.linspace(-1, 1, 50)))


@given(_CHANGES)
def test_measures_any_changes_keep_their_order(values: np.ndarray) -> None:
    assert cvar(values) >= value_at_risk(values) - 1e-9
    assert max_drawdown(values) >= 0
    assert 0 <= semivariance(values) <= np.mean(values**2) + 1e-12


@given(_CHANGES, st.sampled_from([0.5, 0.75, 0.9, 0.95, 0.99]))
def test_value_at_risk_and_cvar_equal_numpy_definition(values: np.ndarray, level: float) -> None:
    place = round((1 - level) * 100) / 100
    assert value_at_risk(values, level) == pytest.approx(-np.quantile(values, place), rel=1e-9, abs=1e-9)
    ordered = np.sort(values)
    lowest = ordered[int(np.floor(round((len(values) - 1) * place, 9)))]
    assert cvar(values, level) == pytest.approx(-values[values <= lowest].mean(), abs=1e-12)


def test_cvar_quantile_on_a_row_keeps_that_row() -> None:
    # 1 - 0.9 is a little less than 0.1: a naive place would lose the eleventh row of 101
    values = np.arange(101.0) - 60
    assert cvar(values, 0.9) == 55.0


def test_max_drawdown_equals_slow_definition() -> None:
    changes = np.random.default_rng(5).standard_normal(80)
    wealth = [0.0]
    for change in changes:
        wealth.append(wealth[-1] + change)
    worst = max(wealth[i] - wealth[j] for i in range(81) for j in range(i, 81))
    assert max_drawdown(changes) == pytest.approx(worst, abs=1e-12)


def test_max_drawdown_falling_from_the_start_counts_the_start_as_peak() -> None:
    assert max_drawdown([-1.0, -2.0, 1.0]) == 3.0


def test_variance_constant_series_is_exactly_zero() -> None:
    assert variance(np.full(7, 0.1)) == 0.0


def test_utility_gain_no_aversion_compares_means() -> None:
    assert utility_gain([1.0, 3.0], [2.0, 5.0], 0.0) == 1.5


def test_utility_gain_costs_taken_off_lower_it_one_for_one(changes: np.ndarray) -> None:
    gain = utility_gain(changes, 0.2 * changes, 2.0)
    assert utility_gain(changes, 0.2 * changes - 0.01, 2.0) == pytest.approx(gain - 0.01)


def test_reduction_missing_value_names_the_row() -> None:
    with pytest.raises(DataError, match="hedged must be finite numbers, row 2 holds nan"):
        variance_reduction([1.0, 2.0, 3.0], [1.0, 2.0, np.nan])


def test_reduction_rows_differ_is_refused() -> None:
    with pytest.raises(DataError, match="same rows, got 3 and 2"):
        variance_reduction([1.0, 2.0, 3.0], [1.0, 2.0])


def test_reduction_unknown_metric_names_the_close_one() -> None:
    with pytest.raises(InputError, match="did you mean 'semivariance'"):
        reduction("semi_variance", [1.0, 2.0], [1.0, 2.0])


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, float("nan")])
def test_reduction_level_outside_is_refused(level: float) -> None:
    with pytest.raises(InputError, match="level must lie between 0 and 1"):
        reduction("cvar", [1.0, 2.0], [1.0, 2.0], level)


def test_utility_gain_negative_aversion_is_refused() -> None:
    with pytest.raises(InputError, match="risk_aversion"):
        utility_gain([1.0, 2.0], [1.0, 2.0], -1.0)
