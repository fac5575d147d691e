"""Shape of changes: scipy's moments, laws of sign and scale, and series without a shape."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hedgerow.effectiveness import excess_kurtosis, skewness
from hedgerow.errors import DataError

CHANGES = np.random.default_rng(0).standard_gamma(2.0, 300)


def test_shape_is_that_of_scipy() -> None:
    assert skewness(CHANGES) == pytest.approx(stats.skew(CHANGES), rel=1e-12)
    assert excess_kurtosis(CHANGES) == pytest.approx(stats.kurtosis(CHANGES), rel=1e-12)


def test_shape_does_not_mind_unit_and_level_and_turns_with_the_side() -> None:
    for moved in (10.0 * CHANGES, 1e-8 * CHANGES, CHANGES + 5.0):
        assert skewness(moved) == pytest.approx(skewness(CHANGES), rel=1e-9)
        assert excess_kurtosis(moved) == pytest.approx(excess_kurtosis(CHANGES), rel=1e-9)
    assert skewness(-CHANGES) == -skewness(CHANGES)


@pytest.mark.parametrize("changes", [[], [1.0, 2.0], [3.0] * 10, [0.1 + 0.2, 0.3, 0.3, 0.3, 0.3]])
def test_shape_of_few_or_constant_changes_is_nan(changes: list[float]) -> None:
    assert np.isnan(skewness(changes))
    assert np.isnan(excess_kurtosis(changes))


def test_shape_missing_values_are_refused() -> None:
    with pytest.raises(DataError, match="finite"):
        skewness([1.0, np.nan, 2.0])
