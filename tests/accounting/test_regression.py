"""Regression of the item on the hedge held: laws, statsmodels and a slow oracle, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.accounting import AccountingThresholds, autocorrelation, regress_item, rolling_regression
from hedgerow.errors import DataError, InputError


def sample(rows: int = 60, noise: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(4)
    hedge = generator.normal(size=rows)
    return -hedge + noise * generator.normal(size=rows), hedge


def test_figures_are_those_of_the_normal_equations() -> None:
    item, hedge = sample()
    found, n = regress_item(item, hedge), len(item)
    slope = np.cov(item, hedge)[0, 1] / np.var(hedge, ddof=1)
    residuals = item - item.mean() - slope * (hedge - hedge.mean())
    error = np.sqrt(residuals @ residuals / (n - 2) / ((hedge - hedge.mean()) ** 2).sum())
    assert found.slope == pytest.approx(slope)
    assert found.intercept == pytest.approx(item.mean() - slope * hedge.mean())
    assert found.slope_error == pytest.approx(error)
    assert found.t_statistic == pytest.approx(slope / error)
    assert found.f_statistic == pytest.approx(found.t_statistic**2)
    assert found.p_value == pytest.approx(found.f_p_value)
    assert found.r_squared == pytest.approx(np.corrcoef(item, hedge)[0, 1] ** 2)
    assert found.durbin_watson == pytest.approx((np.diff(residuals) ** 2).sum() / (residuals @ residuals))
    assert found.residuals == pytest.approx(residuals)


def test_robust_error_is_that_of_newey_and_west() -> None:
    item, hedge = sample()
    found, n = regress_item(item, hedge), len(item)
    design = np.column_stack([np.ones(n), hedge])
    scores = design * found.residuals[:, None]
    middle = scores.T @ scores
    for lag in range(1, found.hac_lags + 1):
        cross = scores[lag:].T @ scores[:-lag]
        middle += (1.0 - lag / (found.hac_lags + 1.0)) * (cross + cross.T)
    bread = np.linalg.inv(design.T @ design)
    assert found.hac_lags == 3
    assert found.hac_error == pytest.approx(np.sqrt((bread @ middle @ bread)[1, 1]))


def test_scale_of_money_and_sign_of_the_position_change_only_the_slope() -> None:
    item, hedge = sample()
    one, other = regress_item(item, hedge), regress_item(1000.0 * item, -500.0 * hedge)
    assert other.slope == pytest.approx(-2.0 * one.slope)
    for name in ("r_squared", "p_value", "hac_p_value", "durbin_watson", "ljung_box", "cook_largest", "cook_row"):
        assert getattr(other, name) == pytest.approx(getattr(one, name))


def test_wild_row_is_named_by_its_cook_distance() -> None:
    item, hedge = sample()
    item[17] += 30.0
    found = regress_item(item, hedge)
    assert found.cook_row == 17
    assert found.cook_many >= 1


def test_perfect_hedge_passes_without_a_warning() -> None:
    hedge = np.arange(40.0) % 7
    found = regress_item(-hedge, hedge)
    assert found.slope == pytest.approx(-1.0)
    assert found.passes(AccountingThresholds())
    assert found.rows()[2] == ("slope, item on hedge held", found.slope)


@pytest.mark.parametrize(
    ("item", "hedge", "said"),
    [
        ([1.0] * 4, [1.0] * 4, "5 changes or more"),
        ([1.0] * 6, [1.0] * 5, "6 changes and hedge 5"),
        ([1.0, 2, 3, 4, np.nan], [1.0, 2, 1, 2, 1], "missing"),
        ([1.0] * 6, [1.0, 2, 3, 4, 5, 6], "item changes by the same amount"),
        ([1.0, 2, 3, 4, 5, 6], [0.0] * 6, "hedge changes by the same amount"),
    ],
)
def test_data_without_a_slope_are_refused(item: list[float], hedge: list[float], said: str) -> None:
    with pytest.raises(DataError, match=said):
        regress_item(item, hedge)


@pytest.mark.parametrize(
    "change",
    [
        {"slope_low": 0.9, "slope_high": 0.99},
        {"r_squared": 0.99},
        {"significance": 1e-60},
        {"fewest": 61},
    ],
)
def test_regression_passes_only_where_every_line_is_kept(change: dict[str, float]) -> None:
    found = regress_item(*sample())
    assert found.passes(AccountingThresholds())
    assert not found.passes(AccountingThresholds(**change))  # type: ignore[arg-type]


def test_significance_of_the_fit_is_asked_beside_that_of_the_slope() -> None:
    from dataclasses import replace

    found = regress_item(*sample())
    assert not replace(found, f_p_value=0.5).passes(AccountingThresholds())


def test_rolling_figures_are_those_of_each_window_alone() -> None:
    item, hedge = (pd.Series(side) for side in sample(50))
    rolled = rolling_regression(item, hedge, 20)
    assert rolled.iloc[:19].isna().all().all()
    for row in (19, 33, 49):
        alone = regress_item(item.iloc[row - 19 : row + 1], hedge.iloc[row - 19 : row + 1])
        assert rolled["slope"].iloc[row] == pytest.approx(alone.slope)
        assert rolled["r_squared"].iloc[row] == pytest.approx(alone.r_squared)
    still = rolling_regression(item, pd.Series(np.zeros(50)), 20)
    assert still.isna().all().all()
    with pytest.raises(InputError, match="3 rows"):
        rolling_regression(item, hedge, 2)


def test_autocorrelation_finds_a_pattern_and_none_where_nothing_moves() -> None:
    found = autocorrelation(np.tile([1.0, -1.0], 20), lags=3)
    assert found.tolist() == pytest.approx([-0.975, 0.95, -0.925])
    assert autocorrelation(np.zeros(6)).tolist() == [0.0] * 5
