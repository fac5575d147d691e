"""Rank and percentile: definitions by hand, today counted or not, causality, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.market.volatility import implied_percentile, implied_rank, implied_standing
from laws import find_look_ahead


@pytest.fixture
def levels() -> pd.Series:
    rng = np.random.default_rng(1)
    return pd.Series(np.exp(0.1 * rng.normal(size=600).cumsum()), pd.bdate_range("2020-01-01", periods=600))


def test_rank_and_percentile_equal_the_definition_on_every_row(levels) -> None:
    rank, percentile = implied_rank(levels), implied_percentile(levels)
    for row in (251, 300, 599):
        last = levels.to_numpy()[row - 251 : row + 1]
        assert rank.iloc[row] == (last[-1] - last.min()) / (last.max() - last.min())
        assert percentile.iloc[row] == sum(level < last[-1] for level in last) / 252
    for series in (rank, percentile):
        assert series.isna().sum() == 251
        assert series.index.equals(levels.index)
        assert series.dropna().between(0.0, 1.0).all()


def test_without_today_the_day_is_held_against_the_window_before_it(levels) -> None:
    rank = implied_rank(levels, window=20, count_today=False)
    percentile = implied_percentile(levels, window=20, count_today=False)
    for row in (20, 33, 599):
        before, today = levels.to_numpy()[row - 20 : row], levels.iloc[row]
        assert rank.iloc[row] == (today - before.min()) / (before.max() - before.min())
        assert percentile.iloc[row] == (before < today).mean()
    assert rank.isna().sum() == percentile.isna().sum() == 20
    assert rank.max() > 1.0
    assert percentile.max() == 1.0


@pytest.mark.parametrize("count_today", [True, False])
@pytest.mark.parametrize("figure", [implied_rank, implied_percentile])
def test_rank_and_percentile_never_look_ahead(figure, count_today, levels) -> None:
    table = levels.iloc[:120].to_frame("iv")
    found = find_look_ahead(lambda known: figure(known["iv"], window=15, count_today=count_today), table, cuts=15)
    assert found == []


@pytest.mark.parametrize("count_today", [True, False])
def test_standing_is_the_last_row_of_both_series_with_its_range(levels, count_today) -> None:
    standing = implied_standing(levels, window=100, count_today=count_today)
    assert standing.rank == implied_rank(levels, window=100, count_today=count_today).iloc[-1]
    assert standing.percentile == implied_percentile(levels, window=100, count_today=count_today).iloc[-1]
    compared = levels.iloc[-100:] if count_today else levels.iloc[-101:-1]
    assert (standing.low, standing.high) == (compared.min(), compared.max())
    assert (standing.low_date, standing.high_date) == (compared.idxmin(), compared.idxmax())
    assert (standing.date, standing.level) == (levels.index[-1], levels.iloc[-1])


def test_rank_of_a_new_high_is_one_and_its_percentile_all_but_today(levels) -> None:
    high = pd.concat([levels, pd.Series([1e3], [levels.index[-1] + pd.Timedelta(days=1)])])
    standing = implied_standing(high)
    assert (standing.rank, standing.percentile) == (1.0, 251 / 252)
    assert standing.high_date == standing.date


def test_percentile_counts_ties_as_not_below() -> None:
    level = pd.Series([1.0, 2.0, 2.0, 2.0], pd.bdate_range("2024-01-01", periods=4))
    assert implied_percentile(level, window=4).iloc[-1] == 0.25


def test_rank_does_not_depend_on_the_unit(levels) -> None:
    np.testing.assert_allclose(implied_rank(levels * 100.0), implied_rank(levels), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(implied_percentile(levels * 2.0), implied_percentile(levels))


@pytest.mark.parametrize("figure", [implied_rank, implied_percentile, implied_standing])
def test_too_few_rows_are_refused(figure, levels) -> None:
    with pytest.raises(DataError, match="need 252 rows and the series has 251"):
        figure(levels.iloc[:251])
    with pytest.raises(DataError, match="need 253 rows and the series has 252"):
        figure(levels.iloc[:252], count_today=False)


@pytest.mark.parametrize("value", [np.nan, 0.0, -1.0])
def test_levels_that_cannot_be_are_refused_with_their_date(levels, value) -> None:
    levels.iloc[100] = value
    with pytest.raises(DataError, match="on 2020-05-20"):
        implied_rank(levels)


def test_rank_without_a_range_is_refused_and_percentile_is_not(levels) -> None:
    levels.iloc[100:400] = 0.2
    with pytest.raises(DataError, match=r"are all 0.2: a rank needs a range"):
        implied_rank(levels)
    assert implied_percentile(levels).iloc[399] == 0.0


def test_levels_that_are_no_series_are_refused(levels) -> None:
    with pytest.raises(InputError, match="must be a pandas Series by date; received ndarray"):
        implied_rank(levels.to_numpy())


def test_refused_level_is_called_by_the_name_of_its_series(levels) -> None:
    broken = levels.rename("vix").where(levels.index != levels.index[3], -1.0)
    with pytest.raises(DataError, match="vix is not above 0 on"):
        implied_rank(broken, window=20)
