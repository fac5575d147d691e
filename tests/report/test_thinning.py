"""Thinning keeps what the eye would miss."""

from __future__ import annotations

import numpy as np
import pytest

from hedgerow.report.thinning import thinned_rows


@pytest.mark.parametrize("columns", [1, 3, 11])
def test_thinned_rows_extremes_ends_and_limit_hold(columns: int) -> None:
    values = np.random.default_rng(0).standard_normal((20_000, columns))
    rows = thinned_rows(values)
    assert len(rows) <= 2000
    assert (np.diff(rows) > 0).all()
    assert rows[0] == 0
    assert rows[-1] == 19_999
    assert np.array_equal(values[rows].max(axis=0), values.max(axis=0))
    assert np.array_equal(values[rows].min(axis=0), values.min(axis=0))


def test_thinned_rows_short_series_is_whole() -> None:
    assert len(thinned_rows(np.zeros((2000, 4)))) == 2000


def test_thinned_rows_gap_stays_a_gap() -> None:
    values = np.ones((10_000, 1))
    values[4000:4003] = np.nan
    assert np.isnan(values[thinned_rows(values)]).any()


def test_thinned_rows_all_missing_does_not_fail() -> None:
    assert len(thinned_rows(np.full((10_000, 2), np.nan))) > 0
