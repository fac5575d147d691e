"""The break in a ratio: found where it is, not where it is not, equal to statsmodels' regressions, blind to units."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from hedgerow._types import FloatArray
from hedgerow.compare import break_check
from hedgerow.compare.judging.break_statistics import slope_breaks
from hedgerow.errors import DataError


def changes(
    n: int = 400, place: int = 250, after: float = 1.2, seed: int = 0, k: int = 1
) -> tuple[FloatArray, FloatArray]:
    """Return hedge and exposure changes whose first ratio moves from 0.6 to ``after`` at ``place``."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((n, k))
    ratio = np.where(np.arange(n) < place, 0.6, after)
    return x, ratio * x[:, 0] + x[:, 1:] @ np.full(k - 1, 0.3) + 0.3 * rng.standard_normal(n)


@pytest.mark.parametrize("k", [1, 2])
def test_break_is_found_dated_and_advised_on(k: int) -> None:
    x, y = changes(k=k)
    times = pd.date_range("2020-01-01", periods=400)
    found = break_check(x, y, times=times)
    assert abs(found.row - 250) <= 5
    assert found.time == times[found.row]
    assert (found.significance, found.amber) == (0.01, True)
    assert found.cusum_p_value < 0.01
    assert found.before[0] == pytest.approx(0.6, abs=0.08)
    assert found.after[0] == pytest.approx(1.2, abs=0.08)
    assert found.rows_since == 400 - found.row
    assert found.sentence.startswith("In sample, looking at all rows, the ratio broke: from 0.")
    assert f"estimate on the {found.rows_since} rows since" in found.sentence


def test_small_break_is_told_but_not_amber() -> None:
    found = break_check(*changes(n=4000, place=2000, after=0.66))
    assert found.significance <= 0.05
    assert not found.amber
    assert "the change is small" in found.sentence


def test_no_break_is_found_about_as_rarely_as_stated_with_clustered_variance() -> None:
    rng, found = np.random.default_rng(8), []
    for _ in range(150):
        calm = np.exp(0.5 * np.sin(np.arange(300) / 20.0))
        x = rng.standard_normal((300, 1)) * calm[:, None]
        found.append(break_check(x, 0.8 * x[:, 0] + calm * rng.standard_normal(300)))
    # a share of 0.05 on 150 samples has a standard error of 0.018
    assert np.mean([check.significance <= 0.05 for check in found]) < 0.11
    assert np.mean([check.cusum_p_value <= 0.05 for check in found]) < 0.11
    assert any("no break in the ratio is shown" in check.sentence for check in found)


def test_statistic_is_the_wald_test_of_two_regressions() -> None:
    x, y = changes(n=120, k=2)
    found = slope_breaks(x, y)
    residuals = np.asarray(sm.OLS(y, sm.add_constant(x)).fit().resid)
    for place in (0, 30, len(found.rows) - 1):
        row = found.rows[place]
        sides = []
        for part in (slice(None, row), slice(row, None)):
            slopes = np.asarray(sm.OLS(y[part], sm.add_constant(x[part])).fit().params)[1:]
            centred = x[part] - x[part].mean(axis=0)
            score = (x[part] - x.mean(axis=0)) * residuals[part, None]
            inverse = np.linalg.inv(centred.T @ centred)
            sides.append((slopes, inverse @ (score.T @ score) @ inverse))
        gap = sides[1][0] - sides[0][0]
        wald = gap @ np.linalg.inv(sides[0][1] + sides[1][1]) @ gap
        assert found.statistics[place] == pytest.approx(wald, rel=1e-9)
        np.testing.assert_allclose(found.before[place], sides[0][0], rtol=1e-9)
        np.testing.assert_allclose(found.after[place], sides[1][0], rtol=1e-9)


@pytest.mark.parametrize(("unit_x", "unit_y"), [(10.0, 10.0), (1e-6, 1e3)])
def test_units_and_the_order_of_hedges_change_no_statistic(unit_x: float, unit_y: float) -> None:
    x, y = changes(k=2)
    one, other = break_check(x, y), break_check(unit_x * x[:, ::-1], unit_y * y)
    assert other.row == one.row
    assert other.statistic == pytest.approx(one.statistic, rel=1e-10)
    np.testing.assert_allclose(other.after[::-1] * unit_x / unit_y, one.after, rtol=1e-9)


def test_few_rows_exact_fits_and_hedges_that_stand_still_are_told() -> None:
    x, y = changes(n=59, place=30)
    assert "59 rows are too few" in break_check(x, y).sentence
    x, _ = changes()
    assert "one ratio fits every row" in break_check(x, 0.5 * x[:, 0]).sentence
    still = np.where(np.arange(400) < 60, x[:, 0], 0.0)[:, None]
    assert "stands still" in break_check(still, still[:, 0] + 0.1 * x[:, 0]).sentence
    rng = np.random.default_rng(0)
    many = rng.standard_normal((400, 11))
    assert "no critical values" in break_check(many, many[:, 0] + rng.standard_normal(400)).sentence


def test_dates_of_another_length_are_refused() -> None:
    with pytest.raises(DataError, match="same rows"):
        break_check(*changes(), times=pd.date_range("2020-01-01", periods=10))
