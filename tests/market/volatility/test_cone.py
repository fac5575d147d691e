"""The cone: plain quantiles of rolling volatility, and an overlap adjustment that makes their spread unbiased."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hedgerow.errors import DataError, InputError
from hedgerow.market.volatility import overlap_factor, realised_volatility, volatility_cone
from market.volatility.sessions import daily_bars


@pytest.fixture(scope="module")
def bars() -> pd.DataFrame:
    return daily_bars(np.random.default_rng(1), 700, steps=16)


@pytest.mark.parametrize("estimator", ["close_to_close", "yang_zhang"])
def test_cone_equals_plain_quantiles_of_rolling_volatility(bars, estimator) -> None:
    cone = volatility_cone(bars, horizons=(10, 63), estimator=estimator)
    for horizon in (10, 63):
        rolling = realised_volatility(bars, window=horizon, estimator=estimator).dropna()
        row = cone.loc[horizon]
        marks = ["minimum", "q10", "q25", "median", "q75", "q90", "maximum"]
        expected = np.quantile(rolling, [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1])
        assert row[marks].to_numpy() == pytest.approx(expected, rel=1e-14)
        assert row["latest"] == rolling.iloc[-1]
        assert row["latest_percentile"] == (rolling < rolling.iloc[-1]).mean()
        assert row["windows"] == len(rolling)
        assert row["independent_windows"] == 699 // horizon


def test_cone_of_one_volatility_narrows_with_the_horizon(bars) -> None:
    cone = volatility_cone(bars, horizons=(10, 42, 126))
    width = (cone["q90"] - cone["q10"]).to_numpy()
    assert (np.diff(width) < 0).all()


def test_overlap_factor_makes_the_spread_of_overlapping_means_unbiased() -> None:
    rng, horizon, bars = np.random.default_rng(2), 20, 100
    draws = rng.standard_normal((4000, bars))
    sums = draws.cumsum(axis=1)
    means = np.diff(sums[:, horizon - 1 :], axis=1, prepend=0.0)
    means = np.concatenate([sums[:, horizon - 1 : horizon], sums[:, horizon:] - sums[:, :-horizon]], axis=1) / horizon
    spread = means.var(axis=1, ddof=0).mean()
    true = 1.0 / horizon
    assert spread < 0.85 * true
    assert spread * overlap_factor(horizon, means.shape[1]) == pytest.approx(true, rel=0.03)


def test_adjusted_cone_is_wider_about_the_same_mean_and_keeps_the_latest(bars) -> None:
    plain = volatility_cone(bars, horizons=(63,)).loc[63]
    wide = volatility_cone(bars, horizons=(63,), overlap="hodges_tompkins").loc[63]
    assert wide["minimum"] < plain["minimum"]
    assert wide["maximum"] > plain["maximum"]
    assert wide["latest"] == plain["latest"]
    factor = np.sqrt(overlap_factor(63, int(plain["windows"])))
    spreads = [row["maximum"] ** 2 - row["minimum"] ** 2 for row in (wide, plain)]
    assert spreads[0] / spreads[1] == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"horizons": ()}, "at least one window length"),
        ({"horizons": (10, 1)}, "horizon must be a whole number of rows, at least 2"),
        ({"horizons": (699,)}, "needs at least two windows and there is 1"),
        ({"horizons": (2000,)}, "needs 2001 rows and the table has 700"),
        ({"quantiles": (0.1, 25)}, "quantiles must lie between 0 and 1; received 25.0"),
        ({"overlap": "yes"}, "overlap must be none or hodges_tompkins"),
        ({"horizons": (400,), "overlap": "hodges_tompkins"}, "at least as many windows as a window has bars"),
    ],
)
def test_cone_that_means_nothing_is_refused(bars, arguments, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        volatility_cone(bars, **arguments)


def test_cone_of_broken_bars_is_refused(bars) -> None:
    with pytest.raises(DataError, match="close is missing"):
        volatility_cone(bars.assign(close=np.nan))


@pytest.mark.parametrize("estimator", ["close_to_close", "yang_zhang"])
def test_cone_of_the_rows_known_at_a_date_does_not_change_when_later_rows_do(bars, estimator) -> None:
    other = bars.copy()
    other.iloc[400:] *= 7.0
    found = [volatility_cone(table.iloc[:400], horizons=(10, 63), estimator=estimator) for table in (bars, other)]
    pd.testing.assert_frame_equal(*found)
    for horizon in (10, 63):
        known = [realised_volatility(table, window=horizon, estimator=estimator).iloc[399] for table in (bars, other)]
        assert found[0].loc[horizon, "latest"] == pytest.approx(known[0], rel=1e-12)
        assert known[0] == pytest.approx(known[1], rel=1e-12)
