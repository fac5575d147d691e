from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hedgerow.attribution import attribution_test
from hedgerow.errors import DataError

DAYS = np.random.default_rng(1).standard_normal(250)


def test_prediction_equal_to_the_profit_is_green_with_nothing_unexplained() -> None:
    found = attribution_test(DAYS, DAYS)
    assert found.spearman == pytest.approx(1.0)
    assert (found.smirnov, found.unexplained_ratio, found.zone) == (0.0, 0.0, "green")


def test_statistics_are_rank_correlation_and_distance_of_distributions() -> None:
    forecast = 0.8 * DAYS + 0.5 * np.random.default_rng(2).standard_normal(250)
    found = attribution_test(DAYS, forecast)
    ranks = np.corrcoef(stats.rankdata(DAYS), stats.rankdata(forecast))[0, 1]
    everywhere = np.concatenate([DAYS, forecast])
    below = [np.searchsorted(np.sort(each), everywhere, side="right") / 250 for each in (DAYS, forecast)]
    assert found.spearman == pytest.approx(ranks)
    assert found.smirnov == pytest.approx(np.abs(below[0] - below[1]).max())


def test_zone_is_the_worse_of_the_two() -> None:
    wide = attribution_test(DAYS, 3.0 * DAYS)
    assert (wide.spearman_zone, wide.smirnov_zone, wide.zone) == ("green", "red", "red")
    assert attribution_test(DAYS, DAYS[::-1]).spearman_zone == "red"
    noise = 0.82 * np.random.default_rng(3).standard_normal(250)
    amber = attribution_test(DAYS, (DAYS + noise) / np.std(DAYS + noise))
    assert 0.70 <= amber.spearman < 0.80
    assert amber.spearman_zone == "amber"


@pytest.mark.parametrize(
    ("actual", "predicted", "words"),
    [
        (DAYS, DAYS[:100], "250 days and predicted 100"),
        (DAYS[:9], DAYS[:9], "10 days or more"),
        (np.zeros(20), DAYS[:20], "on every day"),
        (np.append(DAYS, np.nan), np.append(DAYS, 1.0), "day 250 is nan"),
    ],
)
def test_history_that_says_nothing_is_refused(actual: np.ndarray, predicted: np.ndarray, words: str) -> None:
    with pytest.raises(DataError, match=words):
        attribution_test(actual, predicted)
